"""A course is a mapping of path -> bytes; here it comes from a folder and goes back to it."""

import os
import re
import stat
import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.content.documents import Problem
from app.content.schema import SLUG
from app.errors import Refused
from app.i18n import LANGUAGES, ORIGINAL, _

LARGEST = 2_000_000
"""Bytes of one file, a recording excepted."""
LARGEST_RECORDING = 30_000_000
"""Bytes of one video or sound."""
ALL = 200_000_000
"""Bytes of all files."""
MANY = 5_000
"""Files and folders."""
TEXT = (".md", ".yaml")
IMAGES = ("svg", "png", "jpg", "webp")
VIDEOS = ("mp4", "webm")
SOUNDS = ("mp3", "m4a", "ogg")
CAPTIONS = ("vtt",)
RECORDED = (*VIDEOS, *SOUNDS, *CAPTIONS)
"""What a module may hold besides texts and images."""

TRANSLATIONS = tuple(lang for lang in LANGUAGES if lang != ORIGINAL)
"""Languages of translations, each the ending of a name: 20-etape.en.md."""

_TEXT = rf"(?:\.(?:{'|'.join(TRANSLATIONS)}))?\.md"
_ENDING = re.compile(r"\.([A-Za-z][A-Za-z_-]{1,9})\.md$")
_NAME = rf"(?=[^/]{{1,60}}(?:/|$)){SLUG}"
_FILES = rf"files/{_NAME}\.(?:{'|'.join(IMAGES)})"
_RECORDED = rf"files/{_NAME}\.(?:{'|'.join(RECORDED)})"
_LAYOUT = re.compile(
    rf"""
    (?P<module>pathways/(?P<home>{_NAME})/(?P<position>[0-9][0-9])-(?P<slug>{_NAME})/)(?:module{_TEXT}|[0-9][0-9]-{SLUG}{_TEXT}|{_FILES}|{_RECORDED})
    | (?P<pathway>pathways/{_NAME}/)(?:pathway{_TEXT}|{_FILES})
    | (?P<diagnostic>diagnostics/{_NAME}/)(?:diagnostic{_TEXT}|{_FILES})
    | (?P<kit>kits/{_NAME}/)(?:kit{_TEXT}|[0-9][0-9]-{SLUG}{_TEXT}|{_FILES})
    | (?P<case>cases/{_NAME}/)(?:case{_TEXT}|{_FILES})
    | (?P<taxonomy>taxonomy/)[a-z][a-z0-9_]{{1,39}}\.yaml
    """,
    re.VERBOSE,
)
KINDS = ("pathway", "module", "diagnostic", "kit", "case", "taxonomy")
_BESIDE = re.compile(r"(?:README|LICEN[CS]E)[^/]*|(?:.*/)?\.[^/]*")
"""Names that are no part of a course: the folder's own papers, and hidden files."""


@dataclass(frozen=True)
class Source:
    """The files of one document, as paths from the courses folder. `home`: of a module, its pathway's slug."""

    kind: str
    slug: str
    home: str
    position: int
    """Of a module in its pathway; 0 otherwise."""
    prefix: str
    files: Mapping[str, bytes]

    @property
    def front(self) -> str:
        """The path of the file that the document begins with."""
        return self.prefix if self.kind == "taxonomy" else f"{self.prefix}{self.kind}.md"


def language(path: str) -> str:
    """The language of a text, told by its name."""
    return next((lang for lang in TRANSLATIONS if path.endswith(f".{lang}.md")), ORIGINAL)


def original(path: str) -> str:
    """The file that a translation stands beside; of an original, itself."""
    lang = language(path)
    return path if lang == ORIGINAL else f"{path.removesuffix(f'.{lang}.md')}.md"


def allowed(path: str) -> bool:
    """Whether a path has its place in a courses folder."""
    return _LAYOUT.fullmatch(path) is not None


def read(root: Path) -> tuple[dict[str, bytes], list[Problem]]:
    """Every file of a courses folder, and what does not belong there."""
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    total = 0
    if not root.is_dir():
        return {}, [Problem(printable(str(root)), 1, _("ce dossier n’existe pas"))]
    for number, (path, entry) in enumerate(_walk(root, "")):
        shown = printable(path)
        if number >= MANY:
            problems.append(Problem(shown, 1, _("trop de fichiers : %(n)s au plus", n=MANY)))
            break
        try:
            content, said = _file(path, entry)
        except OSError:
            content, said = None, _("ce fichier ne peut pas être lu")
        if content is not None:
            total += len(content)
            if total > ALL:
                problems.append(Problem(shown, 1, _("cours trop lourd : %(n)s Mo au plus en tout", n=ALL // 1_000_000)))
                break
            files[path] = content
        elif said:
            problems.append(Problem(shown, 1, said))
    return files, sorted(problems)


def _walk(root: Path, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every file and link below, folders but links walked into, in order."""
    with os.scandir(root) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            path = f"{prefix}{entry.name}"
            if _BESIDE.fullmatch(path):
                continue
            if entry.is_dir(follow_symlinks=False) and path.count("/") < 6:
                yield from _walk(Path(entry.path), f"{path}/")
            else:
                yield path, entry


def _file(path: str, entry: os.DirEntry[str]) -> tuple[bytes | None, str]:
    """The bytes of a file, or the reason why it is refused."""
    if entry.is_symlink():
        return None, _("pas de lien vers un autre fichier : copiez le fichier lui-même")
    if not allowed(path):
        return None, misplaced(path)
    handle = os.open(entry.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as file:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            return None, _("un fichier ordinaire est attendu")
        content = file.read(most(path) + 1)
    if len(content) > most(path):
        return None, _("fichier trop lourd : %(n)s Mo au plus", n=most(path) // 1_000_000)
    if path.endswith(TEXT):
        try:
            content.decode()
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            return None, _("ligne %(line)s : ce texte n’est pas en UTF-8", line=line)
    return content, ""


def most(path: str) -> int:
    """Bytes that a file of that name may have."""
    return LARGEST_RECORDING if ending(path) in (*VIDEOS, *SOUNDS) else LARGEST


def misplaced(path: str) -> str:
    """Why a path has no place in a courses folder."""
    if ending(path) in RECORDED:
        return _("une vidéo, un son ou des sous-titres se rangent dans le dossier files/ d’un module")
    if f".{ending(path)}" not in TEXT and ending(path) not in IMAGES:
        return _("type de fichier inconnu : .md, .yaml, .svg, .png, .jpg et .webp sont possibles")
    if (found := _ENDING.search(path)) and found[1] not in TRANSLATIONS:
        return _language_unknown(found[1])
    return _("nom ou emplacement impossible : minuscules, chiffres, traits d’union, deux chiffres d’ordre devant")


def _language_unknown(lang: str) -> str:
    if lang == ORIGINAL:
        return _("« .%(lang)s » est la langue de l’original, dont le nom ne porte pas de langue", lang=lang)
    known = ", ".join(TRANSLATIONS)
    return _("« %(lang)s » n’est pas une langue de traduction ; attendu : %(known)s", lang=lang, known=known)


def ending(path: str) -> str:
    """What follows the last dot of a file's name."""
    return path.rsplit("/", 1)[-1].rsplit(".", 1)[-1]


def printable(path: str) -> str:
    """A name as it can be shown, whatever it is made of."""
    return "".join(c if c.isprintable() else "\ufffd" for c in path.encode("utf-8", "replace").decode())


def write(root: Path, files: Mapping[str, bytes], gone: Collection[str] = ()) -> list[str]:
    """Put files in a courses folder, each at once and only if it differs; remove those in `gone`.

    Returns the paths that changed. Raises Refused for a path that has no place in a courses folder.
    """
    for path in (*files, *gone):
        if not allowed(path):
            raise Refused(_("« %(path)s » n’a pas sa place dans un dossier de cours", path=printable(path)))
    changed = []
    for path, content in sorted(files.items()):
        target = _inside(root, path)
        if not (target.is_file() and target.read_bytes() == content):
            _replace(target, content)
            changed.append(path)
    for path in sorted(set(gone) - set(files)):
        target = _inside(root, path)
        if target.exists():
            target.unlink()
            changed.append(path)
    return changed


def _inside(root: Path, path: str) -> Path:
    """The file of a path, whose folders are real ones: a link could lead elsewhere."""
    target = root / path
    for folder in (target, *target.parents):
        if folder == root:
            return target
        if folder.is_symlink():
            raise Refused(_("« %(path)s » passe par un lien : rien n’est écrit", path=path))
    raise ValueError(path)


def _replace(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink()
        raise


def documents(files: Mapping[str, bytes]) -> list[Source]:
    """Files grouped by the document they make, pathways before their modules, modules in order."""
    groups: dict[tuple[int, str], dict[str, bytes]] = {}
    found: dict[tuple[int, str], Source] = {}
    for path in sorted(files):
        place = _LAYOUT.fullmatch(path)
        if place is None:
            continue
        kind = next(kind for kind in KINDS if place[kind])
        prefix = place[kind]
        key = (KINDS.index(kind), prefix)
        members = groups.setdefault(key, {})
        members[path] = files[path]
        if key not in found:
            slug = place["slug"] if kind == "module" else prefix.rstrip("/").rsplit("/", 1)[-1]
            found[key] = Source(kind, slug, place["home"] or "", int(place["position"] or 0), prefix, members)
    return [found[key] for key in sorted(found)]
