"""What pages are made of: frozen shapes that a page holds and that templates read."""

from dataclasses import dataclass
from datetime import date, datetime

from app.learn.pages.relief import Relief
from app.reads.sharing import Word
from app.steps.fields import Field
from app.steps.quiz import PublicQuestion


@dataclass(frozen=True)
class FormatOption:
    """A format as one chooses it. `rank` counts from 1, the shortest."""

    name: str  # "2h"
    label: str  # « 2 h »
    minutes: int
    rank: int
    steps: int
    adds_minutes: int  # what it adds to the format before it
    adds_steps: int
    adds: tuple[tuple[str, str], ...]  # (title, its language) of some of the steps that it adds
    offered: bool  # else « bientôt »
    chosen: bool


@dataclass(frozen=True)
class FormatSide:
    """Where one stands in a format: one's own, or as it would be had one chosen it."""

    label: str  # « 4 h »
    minutes: int
    rank: int
    offered: bool
    done: int
    total: int
    done_minutes: int
    total_minutes: int
    left_minutes: int
    finished: bool
    url: str  # of the preview of a change to it


@dataclass(frozen=True)
class StepLine:
    """A step in a list."""

    uid: str
    lang: str  # of the title
    title: str
    kind: str
    kind_label: str
    icon: str
    minutes: int
    format_label: str
    rank: int  # of the smallest format that holds it, from 1
    number: int | None  # among the required steps of the format; None outside it
    optional: bool
    ready: bool
    done: bool
    changed: bool  # done, and « la consigne a changé »
    inside: bool  # of the learner's (or the shortest) format
    current: bool
    url: str


@dataclass(frozen=True)
class ModuleLine:
    number: int
    lang: str
    title: str
    summary: str
    steps: tuple[StepLine, ...]
    minutes: tuple[tuple[str, int], ...]  # (« 2 h », 25) by format
    done: bool
    current: bool


@dataclass(frozen=True)
class SheetLine:
    uid: str
    code: str
    lang: str
    title: str
    url: str
    ready: bool


@dataclass(frozen=True)
class ToolLine:
    uid: str
    lang: str
    title: str
    url: str
    sheet: str  # uid of the sheet that it goes with, "" for none


@dataclass(frozen=True)
class KitCard:
    slug: str
    lang: str
    title: str
    summary: str
    sheets: tuple[SheetLine, ...]
    url: str
    hue: str  # "", "balise", "lac", "phare": the colour of its chemin


@dataclass(frozen=True)
class KitAdvice:
    """A kit to act with, and why."""

    card: KitCard
    reason: str
    sheet: SheetLine | None  # to begin with
    begin: str  # why that one
    url: str  # whole
    address: str  # as one types it
    square: str  # the same, as an SVG element


@dataclass(frozen=True)
class PathwayCard:
    slug: str
    lang: str
    title: str
    summary: str
    chemin: str
    hue: str
    icon: str
    formats: str  # « 2 h, 4 h ou 12 h »
    relief: Relief
    soon: tuple[str, ...]  # labels of the formats announced
    steps: int
    sheets: int
    done: int | None  # steps done, when enrolled
    url: str


@dataclass(frozen=True)
class AskedLine:
    """« Attribué par Tarik, à finir pour le 18 décembre »."""

    by: str  # "": the cohort is named instead
    cohort: str
    format_label: str  # "": the one followed
    due_on: date
    done: bool


@dataclass(frozen=True)
class Resume:
    """Where to go on, in one enrolment."""

    lang: str  # of the pathway's title
    pathway: str
    pathway_url: str
    format_label: str
    rank: int
    done: int
    total: int
    left_minutes: int
    step: StepLine | None  # None: finished
    url: str  # of the step, or of the bilan
    finished: bool
    times: tuple["TimeChoice", ...]  # « J'ai 20 minutes », while steps are left
    others: tuple[FormatSide, ...]  # the other formats, open or « bientôt »
    longer: FormatSide | None  # the next longer one that is open
    asked: tuple[AskedLine, ...]  # by the cohorts that they are in


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Filters:
    chemin: tuple[Choice, ...]  # the first one is « Tous »
    temps: tuple[Choice, ...]  # "", "20", "2h", "jour"
    profil: tuple[Choice, ...]
    active: int


@dataclass(frozen=True)
class ObjectiveLine:
    text: str
    rank: int  # 1: in every format
    format_label: str


@dataclass(frozen=True)
class Link:
    title: str
    url: str
    text: str


@dataclass(frozen=True)
class OfferLine:
    """A newer edition, offered and never pushed."""

    lang: str
    pathway: str
    at: datetime
    url: str


@dataclass(frozen=True)
class Recall:
    """A field of an earlier step, shown again and editable in place: `form.recalls[uid][field]`."""

    uid: str
    field: Field
    lang: str  # of the field and of the step's title
    step_title: str
    step_number: int | None
    url: str
    text: str  # "" when nothing was written yet
    at: datetime | None


@dataclass(frozen=True)
class RecallAsked:
    """A field of an earlier step, as a form asks it."""

    uid: str
    field: Field
    text: str = ""


@dataclass(frozen=True)
class QuestionView:
    public: PublicQuestion
    number: int
    chosen: tuple[str, ...]  # ids chosen last, in order (or the text typed)
    tries: int
    verdict: str  # "", "right" or "wrong"
    feedback: tuple[str, ...]
    explain: str  # "" until two tries
    error: str


@dataclass(frozen=True)
class QuizView:
    questions: tuple[QuestionView, ...]
    right: int
    needed: int
    passed: bool


@dataclass(frozen=True)
class Asked:
    uid: str
    number: int
    axis: str
    ask: str
    options: tuple[Choice, ...]  # values "0".."3", then "x": « Je ne sais pas. »
    error: str


@dataclass(frozen=True)
class ResultLine:
    url: str
    lang: str
    title: str
    level: str
    at: datetime
    again: str  # where to answer again once the latest sitting is six months old; else ""


@dataclass(frozen=True)
class DiagnosticView:
    lang: str
    title: str
    url: str  # where it is answered without beginning the pathway
    minutes: int
    html: str
    questions: tuple[Asked, ...]
    result: ResultLine | None
    again: bool  # answering again although a result exists


@dataclass(frozen=True)
class CaseView:
    slug: str
    lang: str
    title: str
    summary: str
    html: str
    fictional: bool
    tags: tuple[str, ...]
    sources: tuple[str, ...]
    reason: str  # why this one comes first; "" for the others
    shown: bool
    url: str


@dataclass(frozen=True)
class ResourceView:
    links: tuple[Link, ...]
    kit: KitCard | None
    reason: str


@dataclass(frozen=True)
class VideoView:
    src: str  # "" when it is shown elsewhere only
    link: str
    heard: bool  # a sound, without pictures
    mime: str
    bytes: int
    poster: str
    captions: tuple[tuple[str, str, str], ...]  # (language, its name, address); the page's language first
    duration: str
    source: str
    licence: str


@dataclass(frozen=True)
class LiveView:
    state: str  # "announced" (no date yet), "before", "during", "after"
    starts: datetime | None
    ends: datetime | None
    city: str  # whose clocks the date is read on: « Paris »
    place: str
    link: str
    host: str
    about: str
    replay: str
    calendar_url: str
    cohort: str  # the name of the cohort whose date it is, « » when the step says it


@dataclass(frozen=True)
class ModuleChange:
    """What a change of format brings to a module, or takes from it."""

    number: int
    lang: str
    title: str
    minutes: int
    steps: tuple[StepLine, ...]


@dataclass(frozen=True)
class EditionChange:
    """What a newer edition changes of one step."""

    step: StepLine
    gone: bool
    said: tuple[str, ...]  # « nouvelle étape », « la consigne a changé »…


@dataclass(frozen=True)
class AxisBar:
    name: str
    points: int
    out_of: int
    word: str  # « à construire », « en chemin », « un appui »
    lowest: bool


@dataclass(frozen=True)
class Advice:
    """Where to begin after a self-diagnostic, each line with its reason."""

    unknown: tuple[str, ...]  # questions whose answer comes first, when too much is unknown
    data: str  # where to look for them
    chemin: str
    pathway: str
    pathway_lang: str
    pathway_url: str
    format_label: str  # « 2 h »; "" when none can begin
    format_reasons: tuple[str, ...]
    begin: int | None  # minutes of the format to begin; None when enrolled, or when none is offered
    followed: str  # the format followed, when another one is advised
    change_url: str
    axis: str
    choices: tuple[Choice, ...]  # close axes: the other one to begin with
    modules: tuple[ModuleLine, ...]  # two while the learner has not chosen
    sheet: SheetLine | None  # for tomorrow
    sheet_reason: str
    kit: Link | None  # the kit that it is in
    others: tuple[SheetLine, ...]  # the other sheets of the level's rule
    also: str
    adoc: tuple[tuple[str, str], ...]  # data, tools, skills: label, what to look for
    cross: tuple[Link, ...]  # another kit that the lowest axis adds
    discuss_with: str
    discuss: str


@dataclass(frozen=True)
class Commitment:
    who: str
    ask: str
    by: date | None
    by_text: str
    board: str
    url: str  # of the step where it was written


@dataclass(frozen=True)
class NoteLine:
    lang: str  # of the names of the step and of the field
    step: str
    label: str
    text: str
    at: datetime
    url: str


@dataclass(frozen=True)
class Finished:
    lang: str
    pathway: str
    format_label: str
    rank: int
    at: datetime
    url: str
    longer: FormatSide | None


@dataclass(frozen=True)
class Issued:
    """A bilan that was issued: it stays, whatever happens to the format or the edition."""

    lang: str
    pathway: str
    format_label: str
    rank: int
    at: datetime
    url: str


@dataclass(frozen=True)
class MeasuredLine:
    lang: str
    pathway: str
    seconds: int | None


@dataclass(frozen=True)
class TimeChoice:
    """A time at hand."""

    minutes: int
    url: str
    chosen: bool


Evidence = tuple[tuple[str, str], ...]
"""Titles of steps, each with its language."""


@dataclass(frozen=True)
class PlacedSaid:
    """Where a learner placed themself: what stands, then what was said since an issued bilan."""

    words: str
    since: str
    at: datetime | None


@dataclass(frozen=True)
class ObjectiveDone:
    text: str
    evidence: Evidence
    entry: PlacedSaid | None
    exit: PlacedSaid | None


@dataclass(frozen=True)
class PlacementLine:
    """The line that offers to place oneself."""

    entry: bool
    url: str


@dataclass(frozen=True)
class Placing:
    uid: str
    text: str
    levels: tuple[Choice, ...]


@dataclass(frozen=True)
class Work:
    do: str
    detail: str


@dataclass(frozen=True)
class PlanLine:
    key: str
    horizon: str
    text: str
    with_whom: str
    board: str
    due_on: date | None
    outcome: str  # « fait », "" while it is not said
    outcome_at: datetime | None
    calendar_url: str  # "" without a day
    mark: str  # of what it says


@dataclass(frozen=True)
class PlanSection:
    horizon: str
    label: str
    near: bool  # a commitment: with whom, what for, what to tell the board
    lines: tuple[PlanLine, ...]


@dataclass(frozen=True)
class Decided:
    """A commitment, and whether it happened."""

    line: PlanLine
    lang: str  # of the pathway's title
    pathway: str
    edit_url: str
    answer_url: str
    asked: bool  # it is time to ask
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class CircleLine:
    """A cohort that one is in, and what its trainers are shown of the thing on the page."""

    cohort_id: int
    cohort: str
    leaders: str  # « Tarik et Tess »
    shown: bool
    averaged: bool  # of a self-diagnostic: it counts in the cohort's average
    words: int  # of the thread
    last: Word | None
    url: str  # where everything shown there is listed
