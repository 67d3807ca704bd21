"""One document with all its files read: its front, its parts in order, its digest, its bodies as HTML."""

import hashlib
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from app.content import figures, folder, markdown, text
from app.content.documents import (
    CaseDoc,
    DiagnosticDoc,
    KitDoc,
    ModuleDoc,
    PathwayDoc,
    Problem,
    SheetDoc,
    StepDoc,
    TaxonomyList,
)
from app.content.folder import Source
from app.content.schema import Document
from app.i18n import _

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
    """One file of a document: a step, a sheet or a list. `slug`: its name without number nor ending."""

    path: str
    slug: str
    position: int
    doc: Document
    tree: text.Tree = field(repr=False)


@dataclass(frozen=True)
class Parsed:
    """A document without a fault of its own: its front (a taxonomy has none), its parts in order, its digest."""

    source: Source
    front: Part | None
    parts: tuple[Part, ...]
    formats: Mapping[str, int] = field(default_factory=dict)
    """Name -> minutes: of a pathway, or of a module's pathway."""
    digests: Mapping[tuple[str, str], str] = field(default_factory=dict, repr=False)
    """(kind, slug) -> digest, of the other documents of the course."""
    pages: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Path -> address, of every text of the course that has a page."""

    @property
    def doc(self) -> Document | None:
        return self.front.doc if self.front else None

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the document says and shows, whatever the spelling and the numbers in its names."""
        said = [text.digest(self.front.doc)] if self.front else []
        said += [f"{part.slug} {text.digest(part.doc)}" for part in self.parts]
        for path, content in sorted(self.source.files.items()):
            if not path.endswith(folder.TEXT):
                said.append(f"{path.removeprefix(self.source.prefix)} {hashlib.sha256(content).hexdigest()}")
        return hashlib.sha256("\n".join(said).encode()).hexdigest()

    def html(self, body: str) -> str:
        """A body of this document as safe HTML, its figures in place, its links leading to pages."""
        return markdown.to_html(body, self._picture, lambda href: self.pages.get(self._beside(href.split("#")[0]), ""))

    def _picture(self, href: str) -> markdown.Picture | None:
        content = self.source.files.get(self._beside(href))
        if content is None:
            return None
        if href.endswith(".svg"):
            return markdown.Picture(svg=content)
        width, height = figures.size(content, href) or (0, 0)
        name = f"{hashlib.sha256(content).hexdigest()}.{href.rsplit('.', 1)[-1]}"
        return markdown.Picture(src=f"/media/{name}", width=width, height=height)

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
                yield from ((part.path, f"/kits/{source.slug}/{part.slug}") for part in self.parts)
            case "case":
                yield source.front, f"/exemples/{source.slug}"

    def uses(self, step: StepDoc) -> tuple[str, ...]:
        """Digests of the diagnostics and cases that a step shows."""
        shown = ((ref.kind, ref.value) for ref in step.refs() if ref.kind in ("diagnostic", "case"))
        return tuple(self.digests[key] for key in shown if key in self.digests)

    @property
    def used(self) -> tuple[tuple[str, str], ...]:
        """(kind, slug) of the diagnostics and cases that its steps show, each once."""
        refs = (ref for part in self.parts for ref in part.doc.refs() if ref.kind in ("diagnostic", "case"))
        return tuple(dict.fromkeys((ref.kind, ref.value) for ref in refs))


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
    if (front := FRONTS.get(name.removesuffix(".md"))) is not None:
        return front
    if head == "kits":
        return SheetDoc
    kind = kinds.get(tree.get("kind"))
    return kind.Content if kind else None


def parse_file(path: str, content: bytes, kinds: Kinds) -> tuple[Document | None, text.Tree, list[Problem]]:
    """One text file of a courses folder by the schema of its place."""
    try:
        tree = text.read(content.decode(), path)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return None, text.Tree(path, None, "", 1, ()), [Problem(path, line, _("ce texte n’est pas en UTF-8"))]
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


def read(source: Source, kinds: Kinds, files: Mapping[str, bytes], said: list[Problem]) -> Found:
    """A document with its parts; what is wrong with each file goes to `said`."""
    before = len(said)
    front: Part | None = None
    parts: list[Part] = []
    broken: list[text.Tree] = []
    for path, content in source.files.items():
        if not path.endswith(folder.TEXT):
            said += figures.check(content, path)
            continue
        doc, tree, problems = parse_file(path, content, kinds)
        said += problems
        if doc is None:
            broken.append(tree)
            continue
        said += _body(doc, tree, files)
        part = _part(path, doc, tree)
        if path == source.front:
            front = part
        else:
            parts.append(part)
    if source.kind != "taxonomy" and source.front not in source.files:
        said.append(Problem(source.front, 1, _("ce fichier manque dans son dossier")))
    parts.sort(key=lambda part: (part.position, part.path))
    whole = len(said) == before
    return Found(Parsed(source, front, tuple(parts)) if whole else None, front, tuple(parts), tuple(broken))


def _part(path: str, doc: Document, tree: text.Tree) -> Part:
    stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    number, _dash, slug = stem.partition("-")
    return Part(path, slug, int(number), doc, tree) if number.isdigit() and slug else Part(path, stem, 0, doc, tree)


def _body(doc: Document, tree: text.Tree, files: Mapping[str, bytes]) -> list[Problem]:
    if not doc.BODY:
        return []
    fields = [field.name for field in doc.fields] if isinstance(doc, StepDoc) else []
    return markdown.problems(tree.body, tree.path, tree.body_line, files, fields)
