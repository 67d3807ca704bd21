"""One frozen shape a page, read by the template that bears its name."""

from dataclasses import dataclass, field
from datetime import datetime

from app.content.markdown import FieldMark
from app.learn.pages.pieces import (
    Advice,
    AxisBar,
    CaseView,
    CircleLine,
    Commitment,
    Decided,
    DiagnosticView,
    EditionChange,
    Filters,
    Finished,
    FormatOption,
    FormatSide,
    Issued,
    KitAdvice,
    KitCard,
    Link,
    LiveView,
    MeasuredLine,
    ModuleChange,
    ModuleLine,
    NoteLine,
    ObjectiveDone,
    ObjectiveLine,
    OfferLine,
    PathwayCard,
    PlacementLine,
    Placing,
    PlanSection,
    QuizView,
    Recall,
    RecallAsked,
    ResourceView,
    ResultLine,
    Resume,
    SheetLine,
    StepLine,
    TimeChoice,
    ToolLine,
    VideoView,
    Work,
)
from app.reads.editions import Correction
from app.reads.sharing import Mark
from app.reads.voices import Voice
from app.steps.fields import Field


@dataclass(frozen=True)
class HomePage:
    decided: tuple[Decided, ...]  # the commitments that it is time to ask about
    resume: Resume | None
    first: PathwayCard | None  # the one of « Commencer (2 h, sans compte) »
    first_label: str  # « 2 h »
    signs: tuple[FormatOption, ...]  # the three formats of that pathway
    pathways: tuple[PathwayCard, ...]
    open_pathways: int  # those that can begin
    kits: int
    sheets: int
    filters: "Filters"


@dataclass(frozen=True)
class CataloguePage:
    pathways: tuple[PathwayCard, ...]
    filters: Filters
    relax: tuple[tuple[str, str], ...]  # empty result: (sentence « Retirer le filtre … », address)


@dataclass(frozen=True)
class PathwayPage:
    slug: str
    title: str
    summary: str
    audience: str
    html: str  # the presentation
    lang: str  # of the content
    chemin: str
    chemin_icon: str
    hue: str
    edition: int
    published_at: datetime
    objectives: tuple[ObjectiveLine, ...]
    foundations: tuple[Link, ...]
    sources: tuple[str, ...]
    provenance: str
    official_url: str
    formats: tuple[FormatOption, ...]
    announced: bool  # no format can be begun yet
    archived: bool  # nobody begins it any more; who has begun it finishes
    modules: tuple[ModuleLine, ...]
    first: StepLine | None
    kit: KitCard | None
    diagnostic_url: str  # of an announced pathway: what is open already
    resume: Resume | None  # when enrolled
    placement: "PlacementLine | None"
    missing: tuple[StepLine, ...]  # « pourquoi pas 100 % ? »
    total_steps: int
    corrections: tuple[Correction, ...]  # correctifs that have reached the learner
    offer: OfferLine | None


@dataclass(frozen=True)
class StepPage:
    slug: str  # of the pathway
    pathway: str
    pathway_lang: str
    pathway_url: str
    uid: str
    title: str
    kind: str
    kind_label: str
    icon: str
    lang: str
    minutes: int
    number: int | None  # « Étape 8 sur 22 »; None outside the format
    total: int
    format_label: str
    done: int  # steps
    done_minutes: int
    total_minutes: int
    left_minutes: int
    module: ModuleLine
    key: str
    segments: tuple[str | FieldMark, ...]
    fields_after: tuple[FieldMark, ...]
    fields: dict[str, Field]
    texts: dict[str, str]  # what is written in them, by field name; "notes" is « Mes notes »
    terms: dict[str, tuple[tuple[str, str], ...]]  # taxonomy lists that fields offer: (slug, label)
    recalls: tuple[Recall, ...]
    takeaway: str
    sources: tuple[str, ...]
    rule: str
    writes: bool  # has fields: « N'écrivez pas le nom d'autres personnes… »
    enrolled: bool
    ready: bool
    inside: bool
    completed_at: datetime | None
    changed: bool
    measured: int | None  # seconds; None: not measured
    idle_seconds: int
    saved_at: datetime | None  # of the latest text of this step
    missing: tuple[str, ...]  # sentences: why it is not done yet (after a refused completion)
    blocked: str  # "" or the button's words when its rule is not met: « Vérifier : encore 1 bonne réponse »
    previous: StepLine | None
    next: StepLine | None  # where the primary button leads; None: the bilan
    last: bool  # completing it finishes the format
    corrections: tuple[Correction, ...]  # where a correctif has changed this step
    offer: OfferLine | None
    longer: FormatSide | None  # outside the format: the shortest open one that holds the step
    formats: tuple[FormatOption, ...]  # for a visitor who has not begun
    quiz: QuizView | None
    diagnostic: DiagnosticView | None
    cases: tuple[CaseView, ...]
    resource: ResourceView | None
    video: VideoView | None
    live: LiveView | None
    circles: tuple[CircleLine, ...]  # the cohorts that may be shown what is written here
    mark: Mark | None  # a trainer said it done
    share_error: str
    voice: Voice | None = None  # what they said of it to its authors
    voice_error: str = ""


@dataclass(frozen=True)
class StepAsked:
    """What the form of a step asks: enough to read what was posted."""

    uid: str
    fields: dict[str, Field]
    terms: dict[str, tuple[tuple[str, str], ...]]
    recalls: tuple[RecallAsked, ...]
    texts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FormatPage:
    """A change of format, seen before it is made."""

    slug: str
    pathway: str
    pathway_url: str
    lang: str
    here: FormatSide
    there: FormatSide | None  # None: no other format is open
    others: tuple[FormatSide, ...]  # open ones
    soon: tuple[str, ...]  # labels of those announced
    adds: tuple[ModuleChange, ...]
    drops: tuple[ModuleChange, ...]  # steps not done that would not be asked any more
    kept: tuple[StepLine, ...]  # steps done that would leave the count
    back: str  # where one came from
    next: str  # where the change leads: a path of this site, "" for the first step that remains
    refused: str  # a sentence: why that format cannot be taken


@dataclass(frozen=True)
class EditionPage:
    """A newer edition, seen before it is accepted."""

    slug: str
    pathway: str
    pathway_url: str
    lang: str
    number: int
    at: datetime
    notes: tuple[Correction, ...]
    changes: tuple[EditionChange, ...]
    format_label: str
    done: int
    total: int
    done_after: int
    total_after: int
    left_after: int
    back: str
    refused: str  # a sentence: why it cannot be accepted
    asked_minutes: int | None = None  # the format taken with it, when a cohort asks one that only it opens
    asked_label: str = ""


@dataclass(frozen=True)
class FormerStepPage:
    """A step that is not in the edition read, though it is or was in another."""

    slug: str
    pathway: str
    pathway_lang: str
    pathway_url: str
    lang: str
    title: str
    enrolled: bool
    coming: bool  # it is in a newer edition
    completed_at: datetime | None
    segments: tuple[str | FieldMark, ...]  # its text, for who has done it
    fields: dict[str, Field]
    texts: dict[str, str]
    next: StepLine | None
    offer: OfferLine | None


@dataclass(frozen=True)
class ResultPage:
    id: int
    title: str
    at: datetime
    level: str
    text: str
    low: str
    levels: tuple[tuple[str, bool], ...]
    axes: tuple[AxisBar, ...]
    unknown: int
    incomplete: bool
    advice: Advice
    answers: tuple[tuple[str, str], ...]
    due: bool  # six months have gone by since the latest sitting
    again_url: str  # "" when the step has left the edition
    lang: str
    slug: str  # of the pathway
    uid: str  # of the step, "" when none asks it
    enrolled: bool
    asks: bool  # its step may be completed here
    surprise: str
    surprise_error: str
    next: StepLine | None
    diagnostic_uid: str
    circles: tuple[CircleLine, ...]


@dataclass(frozen=True)
class MeasuredTimePage:
    kinds: tuple[tuple[str, int], ...]  # (kind, minutes that count after the last gesture)


@dataclass(frozen=True)
class JourneyPage:
    decided: tuple[Decided, ...]  # the commitments of issued bilans
    commitment: Commitment | None  # what was written on the way
    resume: Resume | None
    others: tuple[Resume, ...]
    notes: tuple[NoteLine, ...]  # the latest ones
    notes_total: int
    finished: tuple[Finished, ...]
    issued: tuple[Issued, ...]  # bilans of other formats than those followed now
    offers: tuple[OfferLine, ...]
    results: tuple[ResultLine, ...]
    kits: tuple[KitCard, ...]
    measured: tuple[MeasuredLine, ...]


@dataclass(frozen=True)
class StintPage:
    """« J'ai 20 minutes »."""

    lang: str  # of the pathway's title
    pathway: str  # "": nothing is begun
    format_label: str
    at_hand: int
    times: tuple[TimeChoice, ...]
    others: tuple[tuple[str, str, str], ...]  # (address, language, title) of the others that are not finished
    steps: tuple[StepLine, ...]
    minutes: int
    longer: bool  # the first step alone is longer than the time at hand
    whole: bool  # it ends where a module does
    finished: bool
    evening: bool
    summary_url: str


@dataclass(frozen=True)
class NotebookPage:
    parts: tuple[tuple[str, str, tuple[NoteLine, ...]], ...]  # (pathway or kit, its language, notes)
    total: int


@dataclass(frozen=True)
class PlacementPage:
    """« Mes repères »."""

    slug: str
    pathway: str
    pathway_url: str
    lang: str
    format_label: str
    moment: str  # "entree" or "sortie"
    entry: bool
    objectives: tuple[Placing, ...]
    skip_url: str
    refused: str


@dataclass(frozen=True)
class SummaryPage:
    """« Où j'en suis » until finished, the bilan afterwards."""

    slug: str
    pathway: str
    pathway_url: str
    lang: str
    format_label: str
    format_minutes: int
    rank: int
    edition: int
    finished: bool
    finished_at: datetime | None
    started_at: datetime
    name: str
    issued_at: datetime | None
    code: str  # in four groups; "" until issued
    done: int
    confirmed: int  # of the steps done, those that a trainer said done
    total: int
    credited_minutes: int
    total_minutes: int
    alone: str
    need: str
    keep: str
    try_: str
    use: str
    horizon: str
    commitment: Commitment | None  # as it was written on the way; the plan goes on from it
    plan: tuple[PlanSection, ...]  # once issued
    plan_url: str
    stated: str  # the language of the objectives and of the provenance: that of the day it was issued
    objectives: tuple[ObjectiveDone, ...]
    placement: PlacementLine | None
    modules: tuple[ModuleLine, ...]
    missing: tuple[StepLine, ...]
    kits: tuple[KitAdvice, ...]  # to act with, the first one first
    followed: bool  # the format followed now; False: a bilan issued before
    longer: FormatSide | None  # the next format
    shorter: tuple[FormatSide, ...]  # formats completed on the way: their bilan is offered
    issued: tuple[Issued, ...]  # bilans of the other formats, issued already
    provenance: str
    next: StepLine | None
    error: str  # about the name


@dataclass(frozen=True)
class KitsPage:
    kits: tuple[KitCard, ...]


@dataclass(frozen=True)
class KitPage:
    card: KitCard
    revision: int  # of what is published
    lang: str
    html: str
    chemin: str
    method: tuple[str, ...]
    examples: tuple[tuple[str, str, str, str], ...]  # (language, title, summary, address)
    data: tuple[Link, ...]
    tools: tuple[tuple[str, str, bool, str], ...]  # (title, text, ready, address)
    skills: tuple[str, ...]
    sources: tuple[str, ...]
    provenance: str
    official_url: str


@dataclass(frozen=True)
class CasePage:
    lang: str
    case: CaseView


@dataclass(frozen=True)
class SheetPage:
    pdf_url: str
    url: str  # whole, to come back to from the paper
    square: str  # the same, as an SVG element
    kit: str
    kit_lang: str
    kit_url: str
    lang: str
    code: str
    axis: str
    title: str
    minutes: int
    when: str
    own: tuple[Recall, ...]  # the person's own words
    work: tuple[Work, ...]
    example_title: str
    example: str
    fictional: bool
    mistake: str
    question: str
    html: str
    sources: tuple[str, ...]
    provenance: str
    with_words: bool
    blank: bool  # words are there, and left out
    toggle_url: str  # with or without the person's words
    tools: tuple[ToolLine, ...]  # that go with it
    previous: SheetLine | None
    next: SheetLine | None
