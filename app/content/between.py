"""What only shows when documents stand side by side: identifiers, references, order, minutes, objectives."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from app.content import folder
from app.content.diagnostics import DiagnosticDoc
from app.content.documents import LentDoc, ModuleDoc, PathwayDoc, Problem, StepDoc, TaxonomyList
from app.content.folder import Source
from app.content.formats import TOLERANCE, inside, on_budget
from app.content.kits import SheetDoc, ToolDoc
from app.content.parsed import Found, Part
from app.content.schema import Ref
from app.i18n import _, ngettext

FEWEST, MOST = 3, 5
"""Objectives visible in each format."""
LEVELS = "maturity_levels"
"""The list whose every entry is a level of a self-diagnostic."""
HEAVIEST = 3
"""Modules named when a format is off its budget."""


def between(sources: Sequence[Source], found: Mapping[str, Found]) -> Iterator[Problem]:
    """Every problem that no file has alone."""
    index = _Index(sources, found)
    yield from _order(sources, found)
    yield from _uids(found)
    for source in sources:
        here = found[source.prefix]
        for part in _files(here):
            for ref in part.doc.refs():
                if said := index.refuses(ref, source):
                    yield part.tree.problem(ref.loc, said)
        if source.kind == "pathway" and here.front and isinstance(here.front.doc, PathwayDoc):
            yield from _pathway(here.front, here.front.doc, source, index)
        elif source.kind == "pathway":
            yield from _unsaid(here, source)
        if source.kind == "diagnostic" and here.front and isinstance(here.front.doc, DiagnosticDoc):
            yield from _diagnostic(here.front, here.front.doc, source, index)


def _files(found: Found) -> tuple[Part, ...]:
    return (*((found.front,) if found.front else ()), *found.parts)


def _order(sources: Sequence[Source], found: Mapping[str, Found]) -> Iterator[Problem]:
    """Numbers and names that would put two things in one place."""
    for source in sources:
        texts = [path for path in source.files if path.endswith(".md") and folder.original(path) == path]
        names = [path for path in texts if path != source.front]
        yield from _clashes(names, [name.removeprefix(source.prefix).removesuffix(".md") for name in names])
        if source.kind == "module" and f"pathways/{source.home}/" not in found:
            yield Problem(source.front, 1, _("ce module n’a pas de parcours : il manque pathway.md au-dessus"))
    modules = [source for source in sources if source.kind == "module"]
    for _home, group in groupby(modules, key=lambda source: source.home):
        together = list(group)
        yield from _clashes([s.front for s in together], [s.prefix.split("/")[2] for s in together])


def _clashes(paths: Sequence[str], names: Sequence[str]) -> Iterator[Problem]:
    """`names`: NN-slug, of the files or folders that stand together."""
    numbers: dict[str, str] = {}
    slugs: dict[str, str] = {}
    for path, name in zip(paths, names, strict=True):
        number, _dash, slug = name.partition("-")
        if (other := numbers.setdefault(number, name)) != name:
            yield Problem(path, 1, _("le numéro %(number)s est déjà pris par %(other)s", number=number, other=other))
        if (other := slugs.setdefault(slug, name)) != name:
            yield Problem(path, 1, _("le nom « %(name)s » est déjà pris par %(other)s", name=slug, other=other))


def _uids(found: Mapping[str, Found]) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for here in found.values():
        for part in _files(here):
            for loc, uid in part.doc.uids():
                place = f"{part.path}:{part.tree.line(loc)}"
                if (other := taken.setdefault(uid, place)) != place:
                    said = _("l’identifiant « %(uid)s » est déjà pris dans %(other)s", uid=uid, other=other)
                    yield part.tree.problem(loc, said)


class _Index:
    """What exists, by the name under which it is referred to; what is broken, so as not to be called missing."""

    def __init__(self, sources: Sequence[Source], found: Mapping[str, Found]) -> None:
        self.sources, self.found = sources, found
        self.documents = {(s.kind, s.slug): found[s.prefix].parsed is not None for s in sources if not s.home}
        self.terms = {
            part.slug: [term.slug for term in part.doc.terms]
            for source in sources
            if source.kind == "taxonomy"
            for part in found[source.prefix].parts
            if isinstance(part.doc, TaxonomyList)
        }
        self.steps: dict[str, dict[str, StepDoc]] = {}
        self.formats: dict[str, dict[str, int]] = {}
        self.kits: dict[str, str] = {}
        self.modules: dict[str, set[str]] = {}
        self.users: dict[str, set[str]] = {}
        self.broken = {tree.get("uid") for here in found.values() for tree in here.broken}
        self.broken_lists = {tree.path.split("/")[-1].split(".")[0] for here in found.values() for tree in here.broken}
        self.lent: dict[str, list[Source]] = {}
        """Pathway -> the modules that it takes from others."""
        for source in sources:
            self._add(source, found[source.prefix])
        for home, others in self.lent.items():
            for other in others:
                self.modules.setdefault(home, set()).add(other.slug)
                self.steps.setdefault(home, {}).update(self.steps_of(other))
                for step in self.steps_of(other).values():
                    for ref in step.refs():
                        if ref.kind == "diagnostic":
                            self.users.setdefault(ref.value, set()).add(home)

    def steps_of(self, module: Source) -> dict[str, StepDoc]:
        parts = self.found[module.prefix].parts
        return {part.doc.uid: part.doc for part in parts if isinstance(part.doc, StepDoc)}

    def lender(self, doc: LentDoc) -> Source | None:
        """The module that a pathway takes, if it is one and not taken itself."""
        known = (s for s in self.sources if s.kind == "module" and (s.home, s.slug) == doc.lender)
        found = next(known, None)
        front = self.found[found.prefix].front if found else None
        return None if front is not None and isinstance(front.doc, LentDoc) else found

    def _add(self, source: Source, here: Found) -> None:
        if source.kind == "pathway" and here.front and isinstance(here.front.doc, PathwayDoc):
            self.formats[source.slug] = {f.name: f.minutes for f in here.front.doc.formats}
            self.kits[source.slug] = here.front.doc.kit
        if here.front and isinstance(here.front.doc, LentDoc):
            if (other := self.lender(here.front.doc)) is not None and other.home != source.home:
                self.lent.setdefault(source.home, []).append(other)
        elif source.kind == "module":
            self.modules.setdefault(source.home, set()).add(source.slug)
            steps = self.steps.setdefault(source.home, {})
            for part in here.parts:
                if isinstance(part.doc, StepDoc):
                    steps[part.doc.uid] = part.doc
                    for ref in part.doc.refs():
                        if ref.kind == "diagnostic":
                            self.users.setdefault(ref.value, set()).add(source.home)

    def refuses(self, ref: Ref, source: Source) -> str:
        """Why a reference leads nowhere, or nothing."""
        match ref.kind:
            case "term":
                return self._term(ref)
            case "list":
                known = ref.value in self.terms or ref.value in self.broken_lists
                return "" if known else _("la liste « %(name)s » n’existe pas", name=ref.value)
            case "field":
                return self._field(ref.value, source)
            case "sheet":
                return self._sheet(ref, source)
            case "tool":
                return self._tool(ref, source)
            case "format":
                return self._format(ref, source)
            case "module":
                return self._module(ref, source)
            case "lent":
                return self._lent(ref.value, source)
            case "file":
                known = f"{source.prefix}{ref.value}" in source.files
                return "" if known else _("ce fichier n’existe pas : %(href)s", href=ref.value)
            case _:
                return self._document(ref)

    def _document(self, ref: Ref) -> str:
        labels = {
            "kit": _("le kit « %(name)s »", name=ref.value),
            "case": _("l’exemple « %(name)s »", name=ref.value),
            "diagnostic": _("l’autodiagnostic « %(name)s »", name=ref.value),
        }
        label = labels[ref.kind]
        whole = self.documents.get((ref.kind, ref.value))
        if whole is None:
            return _("%(label)s n’existe pas", label=label)
        return "" if whole else _("%(label)s contient des erreurs", label=label)

    def _term(self, ref: Ref) -> str:
        lists = [name for name in ref.within.split("|") if name in self.terms]
        if not lists:
            broken = any(name in self.broken_lists for name in ref.within.split("|"))
            return "" if broken else _("la liste « %(name)s » n’existe pas", name=ref.within.split("|")[0])
        if any(ref.value in self.terms[name] for name in lists):
            return ""
        return _("« %(value)s » n’est pas dans la liste « %(name)s »", value=ref.value, name=lists[0])

    def _field(self, value: str, source: Source) -> str:
        uid, name = value.split(".", 1)
        homes = [source.home] if source.home else list(self.steps)
        step = next((self.steps[home][uid] for home in homes if uid in self.steps.get(home, {})), None)
        if step is None:
            if uid in self.broken:
                return ""
            return _("rappel de « %(uid)s » : cette étape n’existe pas dans le parcours", uid=uid)
        if all(field.name != name for field in step.fields):
            return _("rappel de « %(value)s » : cette étape n’a pas ce champ", value=value)
        return ""

    def _sheet(self, ref: Ref, source: Source) -> str:
        kit = ref.within or source.slug
        here = self.found.get(f"kits/{kit}/")
        if here is None or ref.value in self.broken:
            return ""  # said of the kit itself
        if any(part.doc.uid == ref.value for part in here.parts if isinstance(part.doc, SheetDoc)):
            return ""
        return _("le kit « %(kit)s » n’a pas de fiche « %(uid)s »", kit=kit, uid=ref.value)

    def _tool(self, ref: Ref, source: Source) -> str:
        here = self.found[source.prefix]
        tools = {part.doc.uid for part in here.parts if isinstance(part.doc, ToolDoc)}
        if ref.value in tools or ref.value in self.broken:
            return ""
        return _("le kit « %(kit)s » n’a pas d’outil « %(uid)s »", kit=source.slug, uid=ref.value)

    def _format(self, ref: Ref, source: Source) -> str:
        alone = source.kind == "diagnostic"
        homes = self.users.get(source.slug, set()) if alone else {source.home or source.slug}
        known = [self.formats[home] for home in homes if home in self.formats]
        if not known or any(ref.value in names for names in known):
            return ""
        return _("le format « %(name)s » n’est pas un format du parcours", name=ref.value)

    def _module(self, ref: Ref, source: Source) -> str:
        homes = self.users.get(source.slug, set())
        known = set().union(*(self.modules.get(home, set()) for home in homes or self.modules))
        if not self.modules or ref.value in known:
            return ""
        return _("le module « %(name)s » n’existe pas dans le parcours", name=ref.value)

    def _lent(self, value: str, source: Source) -> str:
        """Why a module of another pathway has no place in this one, or nothing."""
        front = self.found[source.prefix].front
        other = self.lender(front.doc) if front and isinstance(front.doc, LentDoc) else None
        if other is None or other.home == source.home:
            return _("le module « %(name)s » n’existe pas dans un autre parcours", name=value)
        if self.lent[source.home].count(other) > 1:
            return _("le module « %(name)s » est repris deux fois", name=value)
        if self.found[other.prefix].broken or self.found[other.prefix].parsed is None:
            return _("le module « %(name)s » contient des erreurs", name=value)
        return self._misfit(other, source)

    def _misfit(self, other: Source, source: Source) -> str:
        """The same minutes for each format that its steps carry; the steps that it recalls."""
        mine, theirs = self.formats.get(source.home, {}), self.formats.get(other.home, {})
        for step in self.steps_of(other).values():
            if mine and theirs and mine.get(step.format) != theirs.get(step.format):
                return _(
                    "ce parcours n’a pas, avec les mêmes minutes, le format « %(name)s » de « %(title)s »",
                    name=step.format,
                    title=step.title,
                )
            for address in step.rappel:
                if address.split(".")[0] not in self.steps[source.home]:
                    uid = address.split(".")[0]
                    return _(
                        "« %(title)s » rappelle « %(uid)s », qui n’est pas dans ce parcours", title=step.title, uid=uid
                    )
        return ""

    def minutes(self, diagnostic: str, kit: str) -> dict[str, int]:
        """Of the formats that a self-diagnostic advises: those of the pathways that ask it, else of its kit's."""
        homes = self.users.get(diagnostic) or {home for home, own in self.kits.items() if own == kit}
        return {name: minutes for home in homes for name, minutes in self.formats.get(home, {}).items()}

    def pathway_whole(self, slug: str) -> bool:
        """Whether every file of a pathway could be read: else its sums mean nothing."""
        own = [s for s in self.sources if s.prefix.startswith(f"pathways/{slug}/")]
        return all(not self.found[s.prefix].broken for s in (*own, *self.lent.get(slug, ())))


def _pathway(front: Part, doc: PathwayDoc, source: Source, index: _Index) -> Iterator[Problem]:
    """Objectives and minutes of a pathway."""
    steps = index.steps.get(source.slug, {})
    minutes = {f.name: f.minutes for f in doc.formats}
    for rank in range(len(doc.objectives)):
        yield from _evidence(front, rank, doc, steps, index)
    for rank, format in enumerate(doc.formats):
        visible = sum(minutes.get(o.format, 0) <= format.minutes for o in doc.objectives if o.format in minutes)
        if not FEWEST <= visible <= MOST:
            said = ngettext(
                "format %(name)s : %(n)s objectif visible, %(least)s à %(most)s sont attendus",
                "format %(name)s : %(n)s objectifs visibles, %(least)s à %(most)s sont attendus",
                visible,
                name=format.name,
                least=FEWEST,
                most=MOST,
            )
            yield front.tree.problem(("objectives",), said)
        if index.pathway_whole(source.slug) and not on_budget(doc, format, steps.values()):
            yield front.tree.problem(("formats", rank), _off_budget(doc, rank, source, index))


def _unsaid(here: Found, source: Source) -> Iterator[Problem]:
    """Of a presentation that cannot be read yet, the objectives that nobody has begun: said with what else it lacks."""
    for tree in here.broken:
        plain = tree.root.plain() if tree.root is not None else None
        if tree.path == source.front and isinstance(plain, dict) and not plain.get("objectives"):
            said = _("%(least)s à %(most)s objectifs sont attendus dans chaque format", least=FEWEST, most=MOST)
            yield tree.problem(("objectives",), said)


def _diagnostic(front: Part, doc: DiagnosticDoc, source: Source, index: _Index) -> Iterator[Problem]:
    """Every level says what it advises, and « longer » is longer."""
    minutes = index.minutes(source.slug, doc.kit)
    for rank, level in enumerate(doc.levels):
        if level.longer in minutes and minutes[level.longer] <= minutes.get(level.format, 0):
            said = _("« longer » est plus long que « format » : %(format)s ne l’est pas", format=level.longer)
            yield front.tree.problem(("levels", rank, "longer"), said)
    for slug in index.terms.get(LEVELS, ()):
        if slug not in {level.slug for level in doc.levels}:
            yield front.tree.problem(("levels",), _("il manque le niveau « %(level)s »", level=slug))


def _evidence(
    front: Part, rank: int, doc: PathwayDoc, steps: Mapping[str, StepDoc], index: _Index
) -> Iterator[Problem]:
    objective = doc.objectives[rank]
    minutes = {f.name: f.minutes for f in doc.formats}
    for place, uid in enumerate(objective.evidence):
        if uid not in steps and uid not in index.broken:
            said = _("l’étape « %(uid)s » n’existe pas dans le parcours", uid=uid)
            yield front.tree.problem(("objectives", rank, "evidence", place), said)
    held = [steps[uid] for uid in objective.evidence if uid in steps]
    if held and objective.format in minutes:
        mine = minutes[objective.format]
        if all(minutes.get(step.format, 0) > mine for step in held):
            said = _("aucune de ces étapes n’est dans le format %(name)s de l’objectif", name=objective.format)
            yield front.tree.problem(("objectives", rank, "evidence"), said)


def _off_budget(doc: PathwayDoc, rank: int, source: Source, index: _Index) -> str:
    """The sum, what is expected, and the modules that weigh most."""
    format = doc.formats[rank]
    weights: Counter[str] = Counter()
    own = [module for module in index.sources if module.home == source.slug]
    for module in (*own, *index.lent.get(source.slug, ())):
        here = index.found[module.prefix]
        title = here.front.doc.title if here.front and isinstance(here.front.doc, ModuleDoc) else module.slug
        weights[title] += sum(step.minutes for step in inside(doc, format, index.steps_of(module).values()))
    heaviest = ", ".join(f"{title} ({n})" for title, n in weights.most_common(HEAVIEST))
    return _(
        "format %(name)s : %(sum)s minutes en tout, %(expected)s sont annoncées (écart permis : %(most)s %%) ;"
        " les modules qui pèsent le plus : %(modules)s",
        name=format.name,
        sum=sum(weights.values()),
        expected=format.minutes,
        most=TOLERANCE,
        modules=heaviest or "–",
    )
