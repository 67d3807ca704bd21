"""Whole courses: every document read, and what is loaded together."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from app.content import folder
from app.content.between import between
from app.content.documents import LentDoc, PathwayDoc, Problem
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
    lent: tuple[Source, ...] = ()
    """The modules of other pathways that it takes as they are."""

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The folders of all that it is made of."""
        return (f"{self.name}/", *(source.prefix for source in self.lent))

    @property
    def used(self) -> tuple[tuple[str, str], ...]:
        """(kind, slug) of the diagnostics and cases that its steps show, in one order whatever the steps'."""
        return tuple(sorted({ref for parsed in self.documents if parsed.source.home for ref in parsed.used}))


@dataclass(frozen=True)
class Together:
    """A unit, and what is published with it, before it: the diagnostics and cases that its steps show."""

    unit: Unit
    used: tuple[Unit, ...] = ()

    @property
    def units(self) -> tuple[Unit, ...]:
        return (*self.used, self.unit)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for unit in (self.unit, *self.used) for problem in unit.problems)

    @property
    def seen(self) -> str:
        """What was looked at: SHA-256 of the files as they are spelled."""
        sources = (source for unit in self.units for source in (*unit.sources, *unit.lent))
        files = (pair for source in sources for pair in source.files.items())
        return fingerprint((path, hashlib.sha256(content).hexdigest()) for path, content in files)

    @property
    def digest(self) -> str:
        """Of a pathway without problems, the digest of the edition that it would make."""
        front, *modules = self.unit.documents
        used = (unit.documents[0].digest for unit in self.used)
        return edition_digest(front.digest, (module.digest for module in modules), used)


def fingerprint(files: Iterable[tuple[str, str]]) -> str:
    """SHA-256 of files by path and SHA-256, in any order."""
    return hashlib.sha256("\n".join(f"{path} {name}" for path, name in sorted(files)).encode()).hexdigest()


def edition_digest(front: str, modules: Iterable[str], used: Iterable[str]) -> str:
    """Of a pathway as a whole, by the digests of its front, of its modules in order, of what their steps show."""
    return hashlib.sha256("\n".join([front, *modules, *sorted(used)]).encode()).hexdigest()


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
        """A pathway's modules, in order, those that it takes from others among them."""
        own = (parsed for parsed in self.of("module") if parsed.source.home == pathway)
        return tuple(found for parsed in own if (found := self._lent(parsed)) is not None)

    def translated(self) -> dict[str, int]:
        """How many texts are translated, by language."""
        parts = [part for parsed in self.documents.values() for part in parsed.files]
        return {lang: sum(lang in part.translations for part in parts) for lang in TRANSLATIONS}

    def units(self) -> list[Unit]:
        """In an order where what is referred to comes first. An invalid document blocks its unit as a whole."""
        order = ("taxonomy", "case", "diagnostic", "kit", "pathway")
        alone = [source for source in self.sources if source.kind in order]
        units = [self._unit(source) for source in sorted(alone, key=lambda s: (order.index(s.kind), s.slug))]
        return sorted(units, key=lambda unit: (order.index(unit.kind), bool(unit.lent)))

    def unit(self, kind: str, slug: str) -> Unit | None:
        """One of them, if it is written."""
        found = next((s for s in self.sources if (s.kind, s.slug, s.home) == (kind, slug, "")), None)
        return self._unit(found) if found else None

    def together(self, kind: str, slug: str) -> Together | None:
        """What is published at once, if it is written; what is used and not written is said by its problems."""
        unit = self.unit(kind, slug)
        if unit is None:
            return None
        return Together(unit, tuple(found for used in unit.used if (found := self.unit(*used)) is not None))

    def _unit(self, source: Source) -> Unit:
        sources = tuple(s for s in self.sources if s.prefix.startswith(source.prefix))
        own = (self.documents[s.prefix] for s in sources if s.prefix in self.documents)
        documents = tuple(found for each in own if (found := self._lent(each)) is not None)
        lent = tuple(each.source for each in documents if not each.source.prefix.startswith(source.prefix))
        prefixes = (source.prefix, *(each.prefix for each in lent))
        problems = tuple(p for p in self.problems if p.path.startswith(prefixes))
        return Unit(source.kind, source.prefix.rstrip("/"), sources, documents, problems, lent)

    def _lent(self, parsed: Parsed) -> Parsed | None:
        """The module itself, where another pathway lends it; None for one that cannot be read there."""
        if not isinstance(parsed.doc, LentDoc):
            return parsed
        home, slug = parsed.doc.lender
        found = next((e for e in self.of("module") if (e.source.home, e.source.slug) == (home, slug)), None)
        return replace(found, formats=parsed.formats) if found else None


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
