"""What an author may write: one frozen model per kind of file, and the Problem that says what is wrong where."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field as Bounds

from app.content.schema import (
    Body,
    Doc,
    Document,
    FieldRef,
    Flaw,
    FormatName,
    Line,
    Loc,
    Many,
    MaybeLine,
    MaybeSaid,
    MaybeSlug,
    MaybeText,
    MaybeUid,
    MaybeUrl,
    Minutes,
    OrNothing,
    Percent,
    Ref,
    Said,
    Same,
    Slug,
    Switch,
    Text,
    Texts,
    Title,
    Uid,
    Whole,
    doubles,
    matching,
)
from app.i18n import _


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong, and where."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class Format(Doc):
    name: FormatName
    minutes: Minutes
    """Nominal length, in minutes."""


class ObjectiveDoc(Doc):
    uid: Same[Uid]
    text: Said[Text]
    """Completes « À la fin, vous saurez … »."""
    format: FormatName
    """The smallest format that reaches it."""
    evidence: Annotated[tuple[Uid, ...], Bounds(min_length=1, max_length=50)]
    """Uids of the steps whose traces are its evidence."""


class Reference(Doc):
    """Something outside that the course rests on, or offers."""

    title: Said[Line]
    url: MaybeUrl = ""
    text: Said[MaybeText] = ""


class PathwayDoc(Document):
    title: Said[Title]
    summary: Said[Text]
    audience: Said[Text]
    type: Literal["decouverte", "court"] = "decouverte"
    rank: Annotated[Whole, Bounds(ge=1, le=999)] = 100
    """Its place on the shelf, the lowest first."""
    formats: Annotated[tuple[Format, ...], Bounds(min_length=1, max_length=6)]
    """Shortest first; each one holds those before it."""
    chemin: MaybeSlug = ""
    need: MaybeSlug = ""
    kit: MaybeSlug = ""
    actors: Annotated[tuple[Slug, ...], Many] = ()
    """Actor profiles it is for; none means everyone."""
    objectives: Said[Annotated[tuple[ObjectiveDoc, ...], Bounds(max_length=30)]] = ()
    foundations: Said[Annotated[tuple[Reference, ...], Many]] = ()
    sources: MaybeSaid[Annotated[Texts, Bounds(min_length=1, max_length=200)]]
    provenance: Said[Text]
    official_url: MaybeUrl = ""
    body: Said[Body] = ""

    def flaws(self) -> Iterator[Flaw]:
        yield from doubles([f.name for f in self.formats], "formats", "name")
        for rank in range(1, len(self.formats)):
            if self.formats[rank].minutes <= self.formats[rank - 1].minutes:
                yield ("formats", rank), _("les formats vont du plus court au plus long")
        if self.type == "court" and (len(self.formats) != 1 or not 10 <= self.formats[0].minutes <= 60):
            yield ("formats",), _("un parcours court a un seul format, de 10 à 60 minutes")

    def refs(self) -> Iterator[Ref]:
        for rank, objective in enumerate(self.objectives):
            yield Ref(("objectives", rank, "format"), "format", objective.format)
        for name, within in (("chemin", "paths"), ("need", "needs")):
            if value := getattr(self, name):
                yield Ref((name,), "term", value, within)
        if self.kit:
            yield Ref(("kit",), "kit", self.kit)
        for rank, actor in enumerate(self.actors):
            yield Ref(("actors", rank), "term", actor, "actor_profiles")

    def uids(self) -> Iterator[tuple[Loc, str]]:
        yield from ((("objectives", rank, "uid"), o.uid) for rank, o in enumerate(self.objectives))


class ModuleDoc(Document):
    title: Said[Title]
    summary: Said[MaybeText] = ""
    stage: MaybeSlug = ""
    body: Said[Body] = ""

    def refs(self) -> Iterator[Ref]:
        if self.stage:
            yield Ref(("stage",), "term", self.stage, "method_stages")


FieldName = Annotated[
    Line,
    matching(
        r"(?!(?:data|errors|meta|process|validate|notes)$)[a-z][a-z0-9-]{0,31}",
        lambda: _("ce nom de champ n’est pas possible : minuscules, chiffres, traits d’union, et pas un mot réservé"),
    ),
]
FieldType = Literal["text", "line", "choice", "choices", "date"]
Fills = Literal["actor", "size", "role", "domain", "level", "region", "chemin", "time"]
Slot = Literal["alone", "need", "keep", "try", "use", "who", "ask", "by", "board", "horizon"]


ListName = Annotated[Line, matching(r"[a-z][a-z0-9_]{1,39}", lambda: _("le nom d’une liste est attendu"))]
MaybeList = Annotated[ListName, OrNothing]


class Field(Doc):
    """« À vous »: what the learner writes in the notebook."""

    name: Same[FieldName]
    label: Said[Line]
    type: FieldType = "text"
    help: Said[MaybeLine] = ""
    required: Switch = True
    options: Said[Annotated[tuple[Line, ...], Bounds(max_length=40)]] = ()
    terms: MaybeList = ""
    """A taxonomy list, instead of options."""
    fills: Fills | None = None
    """What it tells of the learner's profile."""
    slot: Slot | None = None
    """Its place in the bilan."""
    max: Annotated[Whole, Bounds(ge=10, le=20_000)] | None = None
    """Characters; 2000 by default, 200 on one line."""

    @property
    def length(self) -> int:
        """The most characters it takes."""
        return self.max or (200 if self.type == "line" else 2000)

    def flaws(self) -> Iterator[Flaw]:
        chosen = self.type in ("choice", "choices")
        if chosen and bool(self.options) == bool(self.terms):
            yield (), _("un champ à choix demande « options » ou « terms », l’un des deux")
        if not chosen and (self.options or self.terms):
            yield ("options" if self.options else "terms",), _("seul un champ choice ou choices a des choix")
        if self.options and len(self.options) < 2:
            yield ("options",), _("au moins deux choix sont attendus")
        if self.max is not None and self.type not in ("text", "line"):
            yield ("max",), _("seul un champ text ou line a une longueur")
        yield from doubles(list(self.options), "options")


class StepDoc(Document):
    """What every step says, whatever its kind."""

    NEEDED: ClassVar[tuple[str, ...]] = ()

    uid: Same[Uid]
    kind: Line
    title: Said[Title]
    format: FormatName
    """The smallest format that holds it."""
    minutes: Minutes
    optional: Switch = False
    ready: Switch = True
    """No: announced and counted in the budget, not yet written."""
    key: Said[MaybeText] = ""
    rappel: Annotated[tuple[FieldRef, ...], Bounds(max_length=20)] = ()
    """Earlier fields shown here."""
    fields: Said[Annotated[tuple[Field, ...], Bounds(max_length=30)]] = ()
    takeaway: Said[MaybeText] = ""
    sources: MaybeSaid[Annotated[Texts, Many]] = ()
    body: Said[Body] = ""

    def flaws(self) -> Iterator[Flaw]:
        yield from doubles([field.name for field in self.fields], "fields", "name")
        yield from doubles(list(self.rappel), "rappel")

    def refs(self) -> Iterator[Ref]:
        yield Ref(("format",), "format", self.format)
        for rank, value in enumerate(self.rappel):
            yield Ref(("rappel", rank), "field", value)
        for rank, field in enumerate(self.fields):
            if field.terms:
                yield Ref(("fields", rank, "terms"), "list", field.terms)

    def uids(self) -> Iterator[tuple[Loc, str]]:
        yield ("uid",), self.uid


class AxisDoc(Doc):
    code: Same[Annotated[Line, matching(r"[A-Z]", lambda: _("une lettre majuscule est attendue"))]]
    name: Said[Line]
    low: Said[Text]
    """Completes « Ce qui manque le plus : … »."""
    module: Slug
    """The module to begin with, its folder's name without the number."""
    sheet: Uid
    """The kit sheet to open first."""
    cross_kit: MaybeSlug = ""
    """Another kit to add when this axis is the lowest."""


class DiagnosticQuestion(Doc):
    uid: Same[Uid]
    axis: Line
    ask: Said[Text]
    options: Said[Annotated[tuple[Line, ...], Bounds(min_length=4, max_length=4)]]
    """Worth 0, 1, 2 and 3 points."""

    def flaws(self) -> Iterator[Flaw]:
        yield from doubles(list(self.options), "options")


SheetRule = Literal["first", "weakest", "second", "all"]
"""Of a kit: its first sheet, that of the lowest axis, that of the next lowest, every sheet."""


class DiagnosticLevel(Doc):
    slug: Same[Slug]
    min_percent: Percent
    min_axis_percent: Percent = 0
    format: FormatName
    """The format to recommend."""
    longer: Annotated[FormatName, OrNothing] = ""
    """The format to recommend instead, to who says that they have the time for it."""
    intent: MaybeSlug = ""
    need: MaybeSlug = ""
    sheets: Annotated[tuple[SheetRule, ...], Bounds(max_length=3)] = ("weakest",)
    """The kit's sheets to open, in this order."""
    also: Said[MaybeLine] = ""
    """What goes with the sheets: an example, the roadmap."""
    data: Said[MaybeLine] = ""
    tools: Said[MaybeLine] = ""
    skills: Said[MaybeLine] = ""
    text: Said[Text]
    discuss_with: Said[Line]
    discuss: Said[Text]

    def flaws(self) -> Iterator[Flaw]:
        yield from doubles(list(self.sheets), "sheets")


class DiagnosticDoc(Document):
    uid: Same[Uid]
    title: Said[Title]
    summary: Said[Text]
    minutes: Minutes
    """To answer."""
    axes: Said[Annotated[tuple[AxisDoc, ...], Bounds(min_length=1, max_length=10)]]
    questions: Said[Annotated[tuple[DiagnosticQuestion, ...], Bounds(min_length=1, max_length=60)]]
    levels: Said[Annotated[tuple[DiagnosticLevel, ...], Bounds(min_length=1, max_length=10)]]
    """Lowest first."""
    kit: Slug
    sources: MaybeSaid[Annotated[Texts, Bounds(min_length=1, max_length=200)]]
    provenance: Said[Text]
    body: Said[Body] = ""

    def flaws(self) -> Iterator[Flaw]:
        codes = [axis.code for axis in self.axes]
        yield from doubles(codes, "axes", "code")
        for rank, question in enumerate(self.questions):
            if question.axis not in codes:
                yield ("questions", rank, "axis"), _("l’axe « %(axis)s » n’existe pas ici", axis=question.axis)
        for rank, code in enumerate(codes):
            if all(question.axis != code for question in self.questions):
                yield ("axes", rank), _("aucune question ne porte sur l’axe « %(axis)s »", axis=code)
        yield from doubles([level.slug for level in self.levels], "levels", "slug")
        if self.levels[0].min_percent or self.levels[0].min_axis_percent:
            yield ("levels", 0, "min_percent"), _("le premier niveau commence à 0")
        for rank in range(1, len(self.levels)):
            if self.levels[rank].min_percent <= self.levels[rank - 1].min_percent:
                yield ("levels", rank, "min_percent"), _("les niveaux vont du plus bas au plus haut")

    def refs(self) -> Iterator[Ref]:
        yield Ref(("kit",), "kit", self.kit)
        for rank, axis in enumerate(self.axes):
            yield Ref(("axes", rank, "module"), "module", axis.module)
            yield Ref(("axes", rank, "sheet"), "sheet", axis.sheet, self.kit)
            if axis.cross_kit:
                yield Ref(("axes", rank, "cross_kit"), "kit", axis.cross_kit)
        for rank, level in enumerate(self.levels):
            yield Ref(("levels", rank, "slug"), "term", level.slug, "maturity_levels")
            yield Ref(("levels", rank, "format"), "format", level.format)
            if level.longer:
                yield Ref(("levels", rank, "longer"), "format", level.longer)
            for name, within in (("intent", "intents"), ("need", "needs")):
                if value := getattr(level, name):
                    yield Ref(("levels", rank, name), "term", value, within)

    def uids(self) -> Iterator[tuple[Loc, str]]:
        yield ("uid",), self.uid
        yield from ((("questions", rank, "uid"), q.uid) for rank, q in enumerate(self.questions))


class CaseDoc(Document):
    title: Said[Title]
    summary: Said[Text]
    actor: Slug
    size: MaybeSlug = ""
    domain: Slug
    level: Slug
    region: MaybeSlug = ""
    fictional: Switch = False
    sources: MaybeSaid[Annotated[Texts, Many]] = ()
    body: Said[Annotated[Body, Bounds(min_length=1)]]

    LISTS: ClassVar[dict[str, str]] = {
        "actor": "actor_profiles",
        "size": "company_sizes",
        "domain": "domains",
        "level": "territorial_levels",
        "region": "regions|regions_overseas",
    }

    def flaws(self) -> Iterator[Flaw]:
        if not self.fictional and not self.sources:
            yield ("sources",), _("un exemple a ses sources, ou bien « fictional: yes »")

    def refs(self) -> Iterator[Ref]:
        for name, within in self.LISTS.items():
            if value := getattr(self, name):
                yield Ref((name,), "term", value, within)


class Tool(Doc):
    title: Said[Line]
    text: Said[Text]
    uid: MaybeUid = ""
    """Of the tool that this kit holds; nothing while it is not written."""
    ready: Switch = True

    def flaws(self) -> Iterator[Flaw]:
        if self.uid and not self.ready:
            yield ("uid",), _("un outil qui n’est pas prêt n’a pas de page : retirez « ready: no »")


class KitDoc(Document):
    title: Said[Title]
    summary: Said[Text]
    chemin: Slug
    method: Said[Annotated[tuple[Line, ...], Bounds(max_length=20)]] = ()
    examples: Annotated[tuple[Slug, ...], Many] = ()
    data: Said[Annotated[tuple[Reference, ...], Many]] = ()
    tools: Said[Annotated[tuple[Tool, ...], Many]] = ()
    skills: Said[Annotated[Texts, Many]] = ()
    official_url: MaybeUrl = ""
    sources: MaybeSaid[Annotated[Texts, Bounds(min_length=1, max_length=200)]]
    provenance: Said[Text]
    body: Said[Body] = ""

    def refs(self) -> Iterator[Ref]:
        yield Ref(("chemin",), "term", self.chemin, "paths")
        for rank, case in enumerate(self.examples):
            yield Ref(("examples", rank), "case", case)
        for rank, tool in enumerate(self.tools):
            if tool.uid:
                yield Ref(("tools", rank, "uid"), "tool", tool.uid)


class WorkLine(Doc):
    do: Said[Line]
    detail: Said[MaybeText] = ""


class SheetDoc(Document):
    """One page of a kit, to work on."""

    NEEDED: ClassVar[tuple[str, ...]] = ("when", "work", "mistake", "question", "sources")

    uid: Same[Uid]
    code: Annotated[Line, matching(r"[A-Z0-9]{2,6}", lambda: _("un code comme FA1 est attendu"))]
    title: Said[Title]
    axis: Said[MaybeLine] = ""
    minutes: Minutes = 20
    ready: Switch = True
    when: Said[MaybeText] = ""
    rappel: Annotated[tuple[FieldRef, ...], Bounds(max_length=20)] = ()
    work: Said[Annotated[tuple[WorkLine, ...], Bounds(max_length=5)]] = ()
    example_title: Said[MaybeLine] = ""
    example: Said[MaybeText] = ""
    fictional: Switch = True
    mistake: Said[MaybeText] = ""
    question: Said[MaybeText] = ""
    sources: MaybeSaid[Annotated[Texts, Many]] = ()
    body: Said[Body] = ""

    def flaws(self) -> Iterator[Flaw]:
        if self.ready and 0 < len(self.work) < 3:
            yield ("work",), _("3 à 5 lignes de travail sont attendues")

    def refs(self) -> Iterator[Ref]:
        yield from (Ref(("rappel", rank), "field", value) for rank, value in enumerate(self.rappel))

    def uids(self) -> Iterator[tuple[Loc, str]]:
        yield ("uid",), self.uid


class Column(Doc):
    """One column of a table."""

    name: Same[FieldName]
    label: Said[Line]
    type: Literal["line", "text", "date", "choice"] = "line"
    help: Said[MaybeLine] = ""
    options: Said[Annotated[tuple[Line, ...], Bounds(max_length=40)]] = ()
    max: Annotated[Whole, Bounds(ge=10, le=2000)] = 120
    """Characters of a cell."""


class ToolField(Doc):
    """What is written in a tool: a field, or a table of them. Nothing is required."""

    name: Same[FieldName]
    label: Said[Line]
    type: Literal["text", "line", "choice", "date", "table"] = "line"
    help: Said[MaybeLine] = ""
    options: Said[Annotated[tuple[Line, ...], Bounds(max_length=40)]] = ()
    max: Annotated[Whole, Bounds(ge=10, le=2000)] | None = None
    start: Annotated[FieldRef, OrNothing] = ""
    """An earlier field whose words are put here while the tool is empty."""
    columns: Said[Annotated[tuple[Column, ...], Bounds(max_length=8)]] = ()
    rows: Said[Annotated[tuple[Line, ...], Bounds(max_length=20)]] = ()
    """Heads of the rows of a table."""
    lines: Annotated[Whole, Bounds(ge=0, le=20)] = 0
    """Rows without a head, instead of `rows`."""

    @property
    def height(self) -> int:
        return len(self.rows) or self.lines

    def row(self, rank: int) -> tuple[Field, ...]:
        """The cells of a row, each a field of its own: `field-row-column`."""
        return tuple(self._cell(column, rank) for column in self.columns)

    def _cell(self, column: Column, rank: int) -> Field:
        return _plain_field(column, f"{self.name}-{rank + 1}-{column.name}")

    def cells(self) -> tuple[Field, ...]:
        """Every field that it makes in the notebook."""
        if self.type == "table":
            return tuple(cell for rank in range(self.height) for cell in self.row(rank))
        return (_plain_field(self, self.name),)

    def flaws(self) -> Iterator[Flaw]:
        table = self.type == "table"
        if table and (not self.columns or bool(self.rows) == bool(self.lines)):
            yield (), _("un tableau demande « columns », et « rows » ou « lines », l’un des deux")
        if not table and (self.columns or self.rows or self.lines):
            yield (), _("seul un tableau a des colonnes et des lignes")
        if table and (self.start or self.max or self.options):
            yield (), _("un tableau n’a ni « start », ni « max », ni « options » : ses colonnes ont les leurs")
        yield from doubles([column.name for column in self.columns], "columns", "name")
        for rank, column in enumerate(self.columns):
            if len(f"{self.name}-{self.height}-{column.name}") > 32:
                yield ("columns", rank, "name"), _("ce nom est trop long avec celui du tableau : 32 caractères en tout")
            yield from _options(column, ("columns", rank, "options"))
        yield from _options(self, ("options",))


def _options(said: Column | ToolField, loc: Loc) -> Iterator[Flaw]:
    if (said.type == "choice") != bool(said.options) or len(said.options) == 1:
        yield loc[:-1], _("un choix demande au moins deux « options », et rien d’autre n’en a")
    for inner, sentence in doubles(list(said.options), "options"):
        yield (*loc[:-1], *inner), sentence


def _plain_field(said: Column | ToolField, name: str) -> Field:
    kind = said.type if said.type != "table" else "line"
    most = said.max if kind in ("line", "text") else None
    made = Field(name=name, label=said.label, type=kind, help=said.help, required=False, options=said.options, max=most)
    if said.original is not said:
        made._original = _plain_field(said.original, name)
    return made


class ToolDoc(Document):
    """One page of a kit, to fill in together: what is written goes to the notebook under its uid."""

    uid: Same[Uid]
    kind: Literal["tool"]
    title: Said[Title]
    purpose: Said[Text]
    when: Said[Text]
    minutes: Minutes
    who: Said[Line]
    sheet: MaybeUid = ""
    """The sheet of this kit that it goes with."""
    paper: Literal["portrait", "landscape"] = "portrait"
    rappel: Annotated[tuple[FieldRef, ...], Bounds(max_length=20)] = ()
    before: Said[MaybeText] = ""
    """To read before filling it in."""
    fields: Said[Annotated[tuple[ToolField, ...], Bounds(min_length=1, max_length=20)]]
    after: Said[MaybeText] = ""
    """What must be known of the page once filled in."""
    signed: Switch = False
    """Two places to sign stand at the foot of the paper."""
    work: Said[Annotated[tuple[WorkLine, ...], Bounds(min_length=1, max_length=8)]]
    mistake: Said[Text]
    sources: MaybeSaid[Annotated[Texts, Bounds(min_length=1, max_length=200)]]

    body: Said[Body] = ""

    def cells(self) -> tuple[Field, ...]:
        return tuple(cell for field in self.fields for cell in field.cells())

    def flaws(self) -> Iterator[Flaw]:
        yield from doubles([field.name for field in self.fields], "fields", "name")
        yield from doubles(list(self.rappel), "rappel")

    def refs(self) -> Iterator[Ref]:
        if self.sheet:
            yield Ref(("sheet",), "sheet", self.sheet)
        yield from (Ref(("rappel", rank), "field", value) for rank, value in enumerate(self.rappel))
        for rank, field in enumerate(self.fields):
            if field.start:
                yield Ref(("fields", rank, "start"), "field", field.start)

    def uids(self) -> Iterator[tuple[Loc, str]]:
        yield ("uid",), self.uid


class Term(Doc):
    slug: Slug
    fr: Line
    en: Line
    source: Line
    status: Literal["seed", "public", "standard", "composed", "placeholder", "ours"]
    note: MaybeText = ""
    screen: MaybeLine = ""
    """What is shown instead of `fr`, where the word of the source does not suit a reader."""
    kind: MaybeLine = ""
    letter: MaybeLine = ""
    rank: Whole | None = None
    number: Whole | None = None
    sdg: Whole | None = None
    insee: MaybeLine = ""
    kit: MaybeSlug = ""
    platform: MaybeLine = ""
    impact: MaybeSlug = ""
    months: Whole | None = None
    longest: Whole | None = None
    """Of the time that a person has: the minutes of the longest format to recommend."""
    variants: Whole | None = None
    adoc: Switch | None = None
    """Delivered by an A.D.O.C. self-diagnostic."""
    min_percent: Percent | None = None
    min_axis_percent: Percent | None = None


class TaxonomyList(Document):
    BODY: ClassVar[bool] = False

    title: Title
    status_note: MaybeText = ""
    terms: Annotated[tuple[Term, ...], Bounds(min_length=1, max_length=500)]

    def flaws(self) -> Iterator[Flaw]:
        yield from doubles([term.slug for term in self.terms], "terms", "slug")
