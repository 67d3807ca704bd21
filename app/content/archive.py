"""A document's folder as a ZIP, in and out: the same folder makes the same bytes; what could harm is never unpacked."""

import io
import re
import stat
import zipfile
from collections.abc import Iterator, Mapping
from zlib import error as BrokenStream

from app.content import folder
from app.content.documents import Problem
from app.i18n import _

LARGEST = 40_000_000
"""Bytes of an archive."""
UNPACKED = 60_000_000
"""Bytes of all its files."""
MANY = 1_000
"""Files."""
ALONE = ("pathway", "kit", "diagnostic", "case")
"""What an archive may hold one of."""
_MADE = (1980, 1, 1, 0, 0, 0)
_ENCRYPTED = 0x1
_FOLDER = re.compile(r"(?:[a-z0-9-]+/)+")


def pack(files: Mapping[str, bytes]) -> bytes:
    """Files by their paths from the courses folder."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            info = zipfile.ZipInfo(path, _MADE)
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, content, zipfile.ZIP_DEFLATED, 9)
    return held.getvalue()


def unpack(content: bytes) -> tuple[dict[str, bytes], list[Problem]]:
    """The files of an archive; none at all as soon as one thing is wrong. Nothing is written anywhere."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            problems = sorted(_refused(content, archive))
            files = {} if problems else dict(_files(archive, problems))
    except (zipfile.BadZipFile, NotImplementedError, BrokenStream, EOFError, OSError, ValueError, RuntimeError):
        files, problems = {}, [Problem("archive.zip", 1, _("ce fichier n’est pas une archive ZIP entière"))]
    problems += [] if problems else _alone(files)
    return ({} if problems else files), problems


def _refused(content: bytes, archive: zipfile.ZipFile) -> Iterator[Problem]:
    """Why an archive is not opened, by what it declares."""
    infos = archive.infolist()
    if len(content) > LARGEST:
        yield Problem("archive.zip", 1, _("archive trop lourde : %(n)s Mo au plus", n=LARGEST // 1_000_000))
    if len(infos) > MANY:
        yield Problem("archive.zip", 1, _("trop de fichiers : %(n)s au plus", n=MANY))
        return
    if sum(info.file_size for info in infos) > UNPACKED:
        yield Problem("archive.zip", 1, _("archive trop lourde : %(n)s Mo au plus en tout", n=UNPACKED // 1_000_000))
    taken: set[str] = set()
    for info in infos:
        name = folder.printable(info.filename)
        if info.filename in taken:
            yield Problem(name, 1, _("ce nom est deux fois dans l’archive"))
        taken.add(info.filename)
        if said := _why_not(info):
            yield Problem(name, 1, said)


def _why_not(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if info.flag_bits & _ENCRYPTED:
        return _("ce fichier est chiffré")
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return _("pas de lien vers un autre fichier : copiez le fichier lui-même")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return _("cette façon de comprimer n’est pas possible")
    if info.is_dir():
        return "" if _FOLDER.fullmatch(info.filename) and not info.file_size else folder.misplaced(info.filename)
    if info.orig_filename != info.filename or not folder.allowed(info.filename):
        return folder.misplaced(info.filename)
    if info.file_size > folder.most(info.filename):
        return _("fichier trop lourd : %(n)s Mo au plus", n=folder.most(info.filename) // 1_000_000)
    return ""


def _files(archive: zipfile.ZipFile, problems: list[Problem]) -> Iterator[tuple[str, bytes]]:
    """Each file, never more of it than what may be: what an archive declares is not what it holds."""
    total = 0
    for info in archive.infolist():
        if info.is_dir():
            continue
        with archive.open(info) as file:
            content = file.read(folder.most(info.filename) + 1)
        total += len(content)
        if len(content) > folder.most(info.filename) or total > UNPACKED:
            problems.append(Problem(info.filename, 1, _("ce fichier est plus lourd qu’il ne le dit")))
            return
        if info.filename.endswith(folder.TEXT):
            try:
                content.decode()
            except UnicodeDecodeError as error:
                line = content[: error.start].count(b"\n") + 1
                problems.append(Problem(info.filename, line, _("ce texte n’est pas en UTF-8")))
        yield info.filename, content


def _alone(files: Mapping[str, bytes]) -> list[Problem]:
    """An archive holds one folder, whole enough to have a front."""
    roots = {"/".join(path.split("/")[:2]) for path in files}
    sources = folder.documents(files)
    if len(roots) != 1 or sources[0].kind not in ALONE or sources[0].front not in files:
        said = _(
            "une archive contient le dossier d’un parcours, d’un kit, d’un autodiagnostic ou d’un exemple, un seul"
        )
        return [Problem("archive.zip", 1, said)]
    return []
