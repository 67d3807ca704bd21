"""One document with all its files read: its front, its parts in order, its digest, its bodies as HTML."""

import hashlib
import posixpath
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, reduce
from operator import getitem
from typing import Any, Protocol, cast

from app.content import figures, folder, markdown, recordings, text, translation
from app.content.diagnostics import DiagnosticDoc
from app.content.documents import CaseDoc, LentDoc, ModuleDoc, PathwayDoc, Problem, StepDoc, TaxonomyList
from app.content.folder import Source
from app.content.kits import KitDoc, SheetDoc, ToolDoc
from app.content.schema import Document
from app.i18n import ORIGINAL, _, get_lang

FRONTS: dict[str, type[Document]] = {
    "pathway": PathwayDoc,
    "module": ModuleDoc,
    "diagnostic": DiagnosticDoc,
    "kit": KitDoc,
    "case": CaseDoc,
}


class Kind(Protocol):
    """What a course needs to know of a kind of step."""

    @property
    def Content(self) -> type[StepDoc]: ...


Kinds = Mapping[str, Kind]


@dataclass(frozen=True)
class Part:
    """One file of a document: a step, a sheet, a tool or a list. `slug`: its name without number nor ending."""

    path: str
    slug: str
    position: int
    doc: Document
    tree: text.Tree = field(repr=False)
    translations: Mapping[str, Document] = field(default_factory=dict)
    """By language."""

    def said(self, lang: str) -> Document | None:
        """The document in a language, if it is written."""
        return self.doc if lang == ORIGINAL else self.translations.get(lang)


@dataclass(frozen=True)
class Parsed:
    """A document without a fault of its own: its front (a taxonomy has none), its parts in order, its digest."""

    source: Source
    front: Part | None
    parts: tuple[Part, ...]
    formats: Mapping[str, int] = field(default_factory=dict)
    """Name -> minutes: of a pathway, or of a module's pathway."""
    digests: Mapping[tuple[str, str, str], str] = field(default_factory=dict, repr=False)
    """(kind, slug, language) -> digest, of the other documents of the course."""
    pages: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Path -> address, of every text of the course that has a page."""

    @property
    def doc(self) -> Document | None:
        return self.front.doc if self.front else None

    @property
    def files(self) -> tuple[Part, ...]:
        """Its texts, the front first."""
        return (*((self.front,) if self.front else ()), *self.parts)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The original's first, then those in which something of it is translated."""
        found = {lang for part in self.files for lang in part.translations}
        return (ORIGINAL, *(lang for lang in folder.TRANSLATIONS if lang in found))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the document says and shows, whatever the spelling and the numbers in its names."""
        return self._digest(self.languages)

    def digest_in(self, lang: str) -> str:
        """The same of what is read in one language: a translation more does not change the original's."""
        return self._digest((ORIGINAL, lang))

    def _digest(self, languages: Collection[str]) -> str:
        said = [text.digest(self.front.doc)] if self.front else []
        said += [f"{part.slug} {text.digest(part.doc)}" for part in self.parts]
        for path, content in sorted(self.source.files.items()):
            if not path.endswith(folder.TEXT):
                said.append(f"{path.removeprefix(self.source.prefix)} {hashlib.sha256(content).hexdigest()}")
        for part in self.files:
            spoken = {lang: doc for lang, doc in sorted(part.translations.items()) if lang in languages}
            said += [f"{part.slug}.{lang} {text.digest(doc)}" for lang, doc in spoken.items()]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()

    def html(self, body: str, lang: str = ORIGINAL) -> str:
        """A body of this document as safe HTML, its figures in place, its links leading to pages."""
        return markdown.to_html(body, self._picture, self._page, lang)

    def _page(self, href: str) -> str:
        return self.pages.get(folder.original(self._beside(href.split("#")[0])), "")

    def _picture(self, href: str) -> markdown.Picture | None:
        content = self.source.files.get(self._beside(href))
        if content is None:
            return None
        if href.endswith(".svg"):
            return markdown.Picture(svg=content)
        width, height = figures.size(content, href) or (0, 0)
        return markdown.Picture(src=_address(href, content), width=width, height=height)

    def served(self, doc: Document) -> dict[str, Any]:
        """A document as a revision keeps it, each file that it names under the address where it is served."""
        data = translation.kept(doc)
        for ref in doc.refs():
            content = self.source.files.get(self._beside(ref.value))
            if ref.kind == "file" and content is not None:
                *way, last = ref.loc
                reduce(getitem, way, cast("Any", data))[last] = _address(ref.value, content)
        return data

    def _beside(self, href: str) -> str:
        return posixpath.normpath(f"{self.source.prefix}{href}")

    def addresses(self) -> Iterator[tuple[str, str]]:
        """(path, address) of its texts that have a page of their own."""
        source = self.source
        match source.kind:
            case "pathway":
                yield source.front, f"/parcours/{source.slug}"
            case "module":
                yield source.front, f"/parcours/{source.home}"
                steps = ((part.path, part.doc) for part in self.parts if isinstance(part.doc, StepDoc))
                yield from ((path, f"/parcours/{source.home}/etapes/{step.uid}") for path, step in steps)
            case "kit":
                yield source.front, f"/kits/{source.slug}"
                yield from ((part.path, page_of_kit(source.slug, part)) for part in self.parts)
            case "case":
                yield source.front, f"/exemples/{source.slug}"

    def uses(self, step: StepDoc, lang: str = ORIGINAL) -> tuple[str, ...]:
        """Digests of the diagnostics and cases that a step shows to who reads that language."""
        shown = ((ref.kind, ref.value, lang) for ref in step.refs() if ref.kind in ("diagnostic", "case"))
        return tuple(self.digests[key] for key in shown if key in self.digests)

    @property
    def used(self) -> tuple[tuple[str, str], ...]:
        """(kind, slug) of the diagnostics and cases that its steps show, each once."""
        refs = (ref for part in self.parts for ref in part.doc.refs() if ref.kind in ("diagnostic", "case"))
        return tuple(dict.fromkeys((ref.kind, ref.value) for ref in refs))


def page_of_kit(kit: str, part: Part) -> str:
    """The address of a page of a kit."""
    return f"/kits/{kit}/outils/{part.slug}" if isinstance(part.doc, ToolDoc) else f"/kits/{kit}/{part.slug}"


@dataclass
class Found:
    """What could be read of a document, and the trees of its files that hold no document."""

    parsed: Parsed | None
    front: Part | None
    parts: tuple[Part, ...]
    broken: tuple[text.Tree, ...]


def schema_for(path: str, tree: text.Tree, kinds: Kinds) -> type[Document] | None:
    """The schema of a text file, by its place, or by its kind for a step; None for an unknown kind."""
    head, name = path.split("/", 1)[0], path.rsplit("/", 1)[-1]
    if head == "taxonomy":
        return TaxonomyList
    if name == "module.md" and tree.get("use"):
        return LentDoc
    if (front := FRONTS.get(name.removesuffix(".md"))) is not None:
        return front
    if head == "kits":
        return ToolDoc if tree.get("kind") == "tool" else SheetDoc
    kind = kinds.get(tree.get("kind"))
    return kind.Content if kind else None


def parse_file(
    path: str, content: bytes, kinds: Kinds, files: Mapping[str, bytes] | None = None
) -> tuple[Document | None, text.Tree, list[Problem]]:
    """One text file of a courses folder by the schema of its place. `files`: where a translation finds its original."""
    original = (files or {}).get(folder.original(path)) if folder.language(path) != ORIGINAL else None
    doc, tree, problems = _parsed(get_lang(), path, content, original, _Known(kinds))
    return doc, tree, list(problems)


class _Known:
    """Kinds by identity: there is one registry of them."""

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds

    def __hash__(self) -> int:
        return id(self.kinds)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and other.kinds is self.kinds


@lru_cache(maxsize=2000)
def _parsed(
    lang: str, path: str, content: bytes, original: bytes | None, known: _Known
) -> tuple[Document | None, text.Tree, tuple[Problem, ...]]:
    """A text is read once: what it says depends on its bytes alone, what is wrong is said in that language."""
    files = {} if original is None else {folder.original(path): original}
    doc, tree, problems = _parse(path, content, known.kinds, files)
    return doc, tree, tuple(problems)


def _parse(
    path: str, content: bytes, kinds: Kinds, files: Mapping[str, bytes]
) -> tuple[Document | None, text.Tree, list[Problem]]:
    try:
        tree = text.read(content.decode(), path)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return None, text.Tree(path, None, "", 1, ()), [Problem(path, line, _("ce texte n’est pas en UTF-8"))]
    if folder.language(path) != ORIGINAL:
        return _translation(tree, kinds, files)
    schema = schema_for(path, tree, kinds)
    if schema is not None:
        doc, problems = text.build(tree, schema)
        return doc, tree, problems
    said = list(tree.problems)
    if tree.root is not None:
        names = ", ".join(kinds)
        kind = tree.get("kind")
        missing = _("il manque « %(key)s »", key="kind")
        unknown = _("« %(value)s » n’est pas possible ; attendu : %(expected)s", value=kind[:60], expected=names)
        said.append(tree.problem(("kind",), unknown if kind else missing))
    return None, tree, said


def _translation(
    tree: text.Tree, kinds: Kinds, files: Mapping[str, bytes]
) -> tuple[Document | None, text.Tree, list[Problem]]:
    """A translation beside its original; what is wrong with the original is said there."""
    path = folder.original(tree.path)
    if path not in files:
        said = _("il manque l’original à côté : %(name)s", name=path.rsplit("/", 1)[-1])
        return None, tree, [*tree.problems, Problem(tree.path, 1, said)]
    original, _tree, _said = parse_file(path, files[path], kinds)
    if original is None:
        said = _("l’original a des erreurs : corrigez-les d’abord")
        return None, tree, [*tree.problems, Problem(tree.path, 1, said)]
    doc, problems = translation.translate(original, tree)
    return doc, tree, problems


def read(source: Source, kinds: Kinds, files: Mapping[str, bytes], said: list[Problem]) -> Found:
    """A document with its parts; what is wrong with each file goes to `said`."""
    before = len(said)
    front: Part | None = None
    parts: list[Part] = []
    broken: list[text.Tree] = []
    spoken: dict[str, dict[str, Document]] = {}
    for path, content in source.files.items():
        if not path.endswith(folder.TEXT):
            checker = recordings if folder.ending(path) in folder.RECORDED else figures
            said += checker.check(content, path)
            continue
        doc, tree, problems = parse_file(path, content, kinds, source.files)
        said += problems
        if doc is None:
            broken += [tree] if folder.language(path) == ORIGINAL else []
            continue
        said += _body(doc, tree, files)
        if doc.original is not doc:
            spoken.setdefault(folder.original(path), {})[folder.language(path)] = doc
            continue
        part = _part(path, doc, tree)
        if path == source.front:
            front = part
        else:
            parts.append(part)
    if source.kind == "kit":
        said += _kit_first(source, spoken)
    front = replace(front, translations=spoken.get(front.path, {})) if front else None
    parts = [replace(part, translations=spoken.get(part.path, {})) for part in parts]
    if source.kind != "taxonomy" and source.front not in source.files:
        said.append(Problem(source.front, 1, _("ce fichier manque dans son dossier")))
    parts.sort(key=lambda part: (part.position, part.path))
    whole = len(said) == before
    return Found(Parsed(source, front, tuple(parts)) if whole else None, front, tuple(parts), tuple(broken))


def _address(href: str, content: bytes) -> str:
    return f"/media/{hashlib.sha256(content).hexdigest()}.{folder.ending(href)}"


def _part(path: str, doc: Document, tree: text.Tree) -> Part:
    stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    number, _dash, slug = stem.partition("-")
    return Part(path, slug, int(number), doc, tree) if number.isdigit() and slug else Part(path, stem, 0, doc, tree)


def _body(doc: Document, tree: text.Tree, files: Mapping[str, bytes]) -> list[Problem]:
    if not doc.BODY:
        return []
    fields = [field.name for field in doc.fields] if isinstance(doc, StepDoc) else []
    found = markdown.problems(tree.body, tree.path, tree.body_line, files, fields)
    if doc.original is not doc:
        unlike = markdown.unlike(tree.body, str(getattr(doc.original, "body", "")))
        found += [Problem(tree.path, tree.body_line, said, ("body",)) for said in unlike]
    return found


def _kit_first(source: Source, spoken: Mapping[str, Mapping[str, Document]]) -> list[Problem]:
    """A kit is read whole: its sheets are translated after it."""
    known = spoken.get(source.front, {})
    lone = {f"{path.removesuffix('.md')}.{lang}.md" for path in spoken for lang in spoken[path] if lang not in known}
    return [Problem(path, 1, _("traduisez d’abord le kit : il manque sa traduction")) for path in sorted(lone)]
