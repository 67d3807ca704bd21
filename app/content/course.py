"""Whole courses: every document read, and what is loaded together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from app.content import folder
from app.content.between import between
from app.content.documents import PathwayDoc, Problem
from app.content.folder import TRANSLATIONS, Source
from app.content.formats import offered as offered
from app.content.parsed import Kinds, read
from app.content.parsed import Parsed as Parsed
from app.i18n import LANGUAGES


@dataclass(frozen=True)
class Unit:
    """What is loaded together or not at all: a pathway with its modules, or a document that stands alone."""

    kind: str
    name: str
    """Its folder, as « pathways/demo »."""
    sources: tuple[Source, ...]
    documents: tuple[Parsed, ...]
    """The pathway first; some are missing when there are problems."""
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Course:
    """Everything in a courses folder."""

    sources: tuple[Source, ...]
    documents: Mapping[str, Parsed]
    """By prefix; only those that could be read."""
    problems: tuple[Problem, ...]

    def of(self, kind: str) -> tuple[Parsed, ...]:
        return tuple(parsed for parsed in self.documents.values() if parsed.source.kind == kind)

    def modules(self, pathway: str) -> tuple[Parsed, ...]:
        """A pathway's modules, in order."""
        return tuple(parsed for parsed in self.of("module") if parsed.source.home == pathway)

    def translated(self) -> dict[str, int]:
        """How many texts are translated, by language."""
        parts = [part for parsed in self.documents.values() for part in parsed.files]
        return {lang: sum(lang in part.translations for part in parts) for lang in TRANSLATIONS}

    def units(self) -> list[Unit]:
        """In an order where what is referred to comes first. An invalid document blocks its unit as a whole."""
        order = ("taxonomy", "case", "diagnostic", "kit", "pathway")
        alone = [source for source in self.sources if source.kind in order]
        return [self._unit(source) for source in sorted(alone, key=lambda s: (order.index(s.kind), s.slug))]

    def _unit(self, source: Source) -> Unit:
        sources = tuple(s for s in self.sources if s.prefix.startswith(source.prefix))
        documents = tuple(self.documents[s.prefix] for s in sources if s.prefix in self.documents)
        problems = tuple(p for p in self.problems if p.path.startswith(source.prefix))
        return Unit(source.kind, source.prefix.rstrip("/"), sources, documents, problems)


def load_folder(root: Path, kinds: Kinds) -> Course:
    """A courses folder from the disk. `kinds`: the step kinds, by name."""
    files, problems = folder.read(root)
    return load_course(files, kinds, problems)


def load_course(files: Mapping[str, bytes], kinds: Kinds, problems: Iterable[Problem] = ()) -> Course:
    """Courses from path -> bytes, with every problem found in them and between them. `problems`: found before."""
    said = list(problems)
    sources = tuple(folder.documents(files))
    known = {source.prefix: read(source, kinds, files, said) for source in sources}
    said += (Problem(path, 1, folder.misplaced(path)) for path in files if not folder.allowed(path))
    said += between(sources, known)
    parsed = {prefix: found.parsed for prefix, found in known.items() if found.parsed}
    return Course(sources, _complete(parsed), tuple(sorted(set(said))))


def _complete(parsed: dict[str, Parsed]) -> dict[str, Parsed]:
    """Each document with the formats of its pathway, the digests and the pages of the others."""
    formats: dict[str, dict[str, int]] = {}
    digests: dict[tuple[str, str, str], str] = {}
    for found in parsed.values():
        if isinstance(found.doc, PathwayDoc):
            formats[found.source.slug] = {f.name: f.minutes for f in found.doc.formats}
        if found.source.kind in ("diagnostic", "case"):
            for lang in LANGUAGES:
                digests[found.source.kind, found.source.slug, lang] = found.digest_in(lang)
    pages = dict(address for found in parsed.values() for address in found.addresses())
    return {
        prefix: replace(
            found, formats=formats.get(found.source.home or found.source.slug, {}), digests=digests, pages=pages
        )
        for prefix, found in parsed.items()
    }
