"""What an author may write: one frozen model per kind of file, and the Problem that says what is wrong where."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from pydantic import Field as Bounds

from app.content.schema import (
    SLUG,
    Body,
    Doc,
    Document,
    FieldRef,
    Flaw,
    FormatName,
    Line,
    Loc,
    Many,
    MaybeDay,
    MaybeLine,
    MaybeSaid,
    MaybeSlug,
    MaybeText,
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
    loc: Loc = field(default=(), compare=False)
    """The key it is about, without the names of variants: where a form shows it. Nothing: the file as a whole."""

    @property
    def place(self) -> str:
        """The name of its input in a form, as `questions.0.ask`."""
        return ".".join(map(str, self.loc))

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


LENT = rf"{SLUG}/{SLUG}"


class LentDoc(Document):
    """A module of another pathway, in its place here: its steps are the same ones, written there."""

    use: Annotated[Line, matching(LENT, lambda: _("un module s’écrit comme parcours/module"))]
    """<pathway>/<module>, by their slugs."""
    body: Said[Body] = ""

    def flaws(self) -> Iterator[Flaw]:
        if self.body:
            yield ("body",), _("un module repris n’a pas de texte à lui : écrivez dans l’original")

    def refs(self) -> Iterator[Ref]:
        yield Ref(("use",), "lent", self.use)

    @property
    def lender(self) -> tuple[str, str]:
        """(pathway, module)."""
        pathway, _bar, module = self.use.partition("/")
        return pathway, module


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


class Fact(Doc):
    """Something that the text states, with what lets a reader check it and its author come back to it."""

    claim: Said[Line]
    source: MaybeSaid[Line]
    on: MaybeDay = ""
    """When the source says it, or was read."""
    review: MaybeDay = ""
    """« À revoir le »: from that day on it may have changed."""

    @property
    def line(self) -> str:
        """As its reader reads it."""
        return f"{self.claim} : {self.source}"


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
    facts: MaybeSaid[Annotated[tuple[Fact, ...], Many]] = ()
    body: Said[Body] = ""

    def flaws(self) -> Iterator[Flaw]:
        yield from doubles([field.name for field in self.fields], "fields", "name")
        yield from doubles(list(self.rappel), "rappel")

    def refs(self) -> Iterator[Ref]:
        yield Ref(("format",), "format", self.format)
        for rank, value in enumerate(self.rappel):
            yield Ref(("rappel", rank), "field", value)
        for rank, asked in enumerate(self.fields):
            if asked.terms:
                yield Ref(("fields", rank, "terms"), "list", asked.terms)

    def uids(self) -> Iterator[tuple[Loc, str]]:
        yield ("uid",), self.uid


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
