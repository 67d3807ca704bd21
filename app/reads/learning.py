"""What a person wrote, tried and holds: always found through the person."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, and_, bindparam, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from app.db import fetch
from app.errors import Missing
from app.i18n import get_lang
from app.models import (
    COUNTS,
    Attempt,
    AttemptAnswer,
    AxisChoice,
    Document,
    DocumentKind,
    DocumentText,
    Enrolment,
    Mastery,
    Moment,
    Note,
    Person,
    Placement,
    PlanItem,
    Result,
    ResultAnswer,
    Revision,
    Shared,
    StepEvent,
    Summary,
    TimeInterval,
)
from app.models.measured import Interval
from app.models.plan import Planned
from app.reads import courses, frozen, plans
from app.reads.frozen import Published
from app.reads.language import document_words
from app.reads.sharing import Circle, circles_of, with_circles
from app.steps.quiz import Quiz, grade


@dataclass(frozen=True)
class Tried:
    """What became of one question: `tries` so far, the latest choice, right once is right for good."""

    tries: int
    choice: str
    right: bool


def tried(db: Session, enrolment_id: int, uid: str) -> dict[str, Tried]:
    """Answers to a quiz so far, by question uid."""
    query = (
        select(AttemptAnswer)
        .join(Attempt, Attempt.id == AttemptAnswer.attempt_id)
        .where(Attempt.enrolment_id == enrolment_id, Attempt.step_uid == uid)
        .order_by(Attempt.at, Attempt.id)
    )
    found: dict[str, Tried] = {}
    for answer in db.scalars(query):
        before = found.get(answer.question_uid, Tried(0, "", False))
        if not before.right:
            found[answer.question_uid] = Tried(before.tries + 1, answer.choice, answer.correct)
    return found


def standing(db: Session, enrolment_id: int, quiz: Quiz) -> dict[str, Tried]:
    """Answers so far whose verdict is still that of the quiz: where its answers changed, it is asked anew."""
    questions = {question.uid: question for question in quiz.questions}
    found = tried(db, enrolment_id, quiz.uid)
    return {q: t for q, t in found.items() if q in questions and grade(questions[q], t.choice).right == t.right}


@dataclass(frozen=True)
class Sitting:
    """A result with the title of its diagnostic."""

    id: int
    diagnostic_uid: str
    revision_id: int
    lang: str
    title: str
    level: str
    at: datetime
    slug: str
    """Of the diagnostic."""


def sittings(db: Session, person_id: int, diagnostic_uid: str | None = None) -> list[Sitting]:
    """That person's results, the latest first."""
    query = (
        select(
            Result.id,
            Result.diagnostic_uid,
            Result.revision_id,
            DocumentText.lang,
            DocumentText.title,
            Result.level,
            Result.at,
            Document.slug,
        )
        .select_from(Result)
        .join(DocumentText, document_words(Result.revision_id))
        .join(Revision, Revision.id == Result.revision_id)
        .join(Document, Document.id == Revision.document_id)
        .where(Result.person_id == person_id)
        .order_by(Result.at.desc(), Result.id.desc())
    )
    if diagnostic_uid is not None:
        query = query.where(Result.diagnostic_uid == diagnostic_uid)
    return [Sitting(**row._mapping) for row in db.execute(query)]


def diagnostic(
    db: Session, person_id: int | None, edition_id: int, slug: str
) -> tuple[Published, tuple[int, str, datetime] | None]:
    """A diagnostic frozen with an edition, and that person's latest sitting: (id, level, when). Raises Missing."""
    document = courses.documents(db, edition_id, DocumentKind.DIAGNOSTIC).get(slug)
    if document is None:
        raise Missing
    latest = (
        select(Result.id, Result.level, Result.at)
        .where(Result.person_id == (person_id or 0), Result.diagnostic_uid == document.content["uid"])
        .order_by(Result.at.desc(), Result.id.desc())
        .limit(1)
    )
    row = db.execute(latest).one_or_none()
    return document, (row.id, row.level, row.at) if row is not None else None


@dataclass(frozen=True)
class OwnResult:
    """One sitting, with the diagnostic as it was answered and where it belongs."""

    at: datetime
    latest: datetime
    """Of that person's sittings of the same self-diagnostic."""
    document: Published
    """The diagnostic, as it was answered."""
    answers: dict[str, int | None]
    """Points by question uid; None: « Je ne sais pas »."""
    chosen: str
    """Of close axes, the one that the learner begins with; "" until they say."""
    slug: str
    """Of the pathway; "" when it was taken at the door."""
    step_uid: str
    surprises: dict[str, str]
    """« Ce qui me surprend », as written so far, by step: that of the result, every one when taken at the door."""
    circles: tuple[Circle, ...]
    """Of a member: their cohorts, and what each is shown of this self-diagnostic."""


def own_result(db: Session, person_id: int, result_id: int, *, member: bool = False) -> OwnResult:
    """One result of that person, or of whom they took over, in one statement. Raises Missing."""
    note = and_(
        Note.person_id == person_id,
        or_(Result.step_uid.is_(None), Note.uid == Result.step_uid),
        Note.field == "surprise",
        Note.superseded_at.is_(None),
    )
    other = aliased(Result)
    same = (other.person_id == Result.person_id, other.diagnostic_uid == Result.diagnostic_uid)
    latest = select(func.max(other.at)).where(*same).correlate(Result).scalar_subquery()
    query = (
        select(Result.at, latest.label("latest"), Result.revision_id, Result.step_uid, Document.slug, AxisChoice.axis)
        .add_columns(ResultAnswer.question_uid, ResultAnswer.points, Note.uid, Note.text)
        .select_from(Result)
        .join(Person, Person.id == Result.person_id)
        .join(ResultAnswer, ResultAnswer.result_id == Result.id)
        .outerjoin(AxisChoice, AxisChoice.result_id == Result.id)
        .outerjoin(Enrolment, Enrolment.id == Result.enrolment_id)
        .outerjoin(Document, Document.id == Enrolment.pathway_id)
        .outerjoin(Note, note)
        .where(Result.id == result_id, or_(Person.id == person_id, Person.merged_into_id == person_id))
    )
    if member:
        query = with_circles(query, person_id, Result.diagnostic_uid, Shared.RESULT, Shared.AVERAGE)
    rows = db.execute(query).all()
    if not rows:
        raise Missing
    first = rows[0]
    return OwnResult(
        at=first.at,
        latest=first.latest,
        document=frozen.texts(db, [first.revision_id])[first.revision_id],
        answers={row.question_uid: row.points for row in rows},
        chosen=first.axis or "",
        slug=first.slug or "",
        step_uid=first.step_uid or "",
        surprises={row.uid: row.text for row in rows if row.text},
        circles=circles_of(rows) if member else (),
    )


def summaries(db: Session, enrolment_id: int) -> dict[int, Summary]:
    """The bilans that stand for an enrolment or for one that it took over, by the minutes of their format."""
    own = Enrolment.id == enrolment_id
    query = (
        select(Summary)
        .join(Enrolment, Enrolment.id == Summary.enrolment_id)
        .where(or_(own, Enrolment.merged_into_id == enrolment_id), Summary.replaced_at.is_(None))
        .order_by(Summary.format_minutes, own, Summary.id.desc())  # the last one of a format wins: its own
    )
    return {summary.format_minutes: summary for summary in db.scalars(query)}


def own_summaries(db: Session, person_id: int, slug: str) -> dict[int, Summary]:
    """The same for the pathway that a person follows, without asking anything of the pathway."""
    holder = aliased(Enrolment)
    query = (
        select(Summary)
        .join(Enrolment, Enrolment.id == Summary.enrolment_id)
        .join(holder, holder.id == func.coalesce(Enrolment.merged_into_id, Enrolment.id))
        .join(Document, Document.id == holder.pathway_id)
        .where(holder.person_id == person_id, holder.closed_at.is_(None))
        .where(Document.slug == slug, Summary.replaced_at.is_(None))
        .order_by(Summary.format_minutes, Enrolment.id == holder.id, Summary.id.desc())
    )
    return {summary.format_minutes: summary for summary in db.scalars(query)}


@dataclass(frozen=True)
class Placed:
    """Where a learner placed themself on an objective, and when."""

    level: Mastery
    at: datetime


Placements = dict[tuple[str, Moment], Placed]
"""By objective uid and moment."""


def placements(db: Session, enrolment_id: int) -> Placements:
    """Where the learner of that enrolment placed themself."""
    query = select(Placement).where(Placement.enrolment_id == enrolment_id)
    return {(row.objective_uid, row.moment): Placed(row.level, row.at) for row in db.scalars(query)}


def stated(db: Session, enrolment_id: int) -> tuple[dict[int, Summary], Placements]:
    """`summaries` and `placements`, in one statement."""
    here, holder = aliased(Enrolment), aliased(Enrolment)
    own = holder.id == here.id
    query = (
        select(Summary, Placement.objective_uid, Placement.moment, Placement.level, Placement.at)
        .select_from(here)
        .join(holder, or_(own, holder.merged_into_id == here.id))
        .outerjoin(Summary, and_(Summary.enrolment_id == holder.id, Summary.replaced_at.is_(None)))
        .outerjoin(Placement, Placement.enrolment_id == here.id)
        .where(here.id == enrolment_id)
        .order_by(Summary.format_minutes, own, Summary.id.desc())  # the last one of a format wins: its own
    )
    rows = db.execute(query).all()
    return (
        {row.Summary.format_minutes: row.Summary for row in rows if row.Summary is not None},
        {(row.objective_uid, row.moment): Placed(row.level, row.at) for row in rows if row.objective_uid is not None},
    )


@dataclass(frozen=True)
class Held:
    """A bilan issued for one of that person's open enrolments, or for one that it took over."""

    enrolment_id: int
    format_minutes: int
    at: datetime


def held(db: Session, person_id: int) -> tuple[list[Sitting], list[Held], list[Interval], list[Planned]]:
    """Results and bilans of that person, the latest first, their measured time and their plans, in one statement."""
    sat, issued, spent, planned = [], [], [], []
    for row in fetch(db, _held(get_lang()), {"person": person_id}):
        if row.plan_item_key is not None:
            planned.append(plans.planned(row[-len(plans.COLUMNS) :]))
        elif row.format_minutes < 0:
            spent.append(Interval(row.id, row.diagnostic_uid, row.at, row.revision_id))
        elif row.format_minutes:
            issued.append(Held(row.id, row.format_minutes, row.at))
        else:
            named = (row.id, row.diagnostic_uid, row.revision_id, row.lang, row.title)
            sat.append(Sitting(*named, row.level, row.at, row.slug))
    return sat[::-1], issued[::-1], spent, plans.in_order(planned)


@lru_cache(8)
def _held(_lang: str) -> CompoundSelect[*tuple[Any, ...]]:
    """Of `person`. Built once for a language, which `document_words` knows."""
    nothing = plans.absent(*plans.COLUMNS)
    results = (
        select(Result.id.label("id"), Result.diagnostic_uid, Result.revision_id, DocumentText.lang, DocumentText.title)
        .add_columns(Result.level, Result.at, literal(0).label("format_minutes"), Document.slug)
        .add_columns(*nothing)
        .select_from(Result)
        .join(DocumentText, document_words(Result.revision_id))
        .join(Revision, Revision.id == Result.revision_id)
        .join(Document, Document.id == Revision.document_id)
        .where(Result.person_id == bindparam("person"))
    )
    holder = aliased(Enrolment)
    bilans = (
        select(holder.id, literal(""), literal(0), literal(""), literal(""))
        .add_columns(literal(""), Summary.issued_at, Summary.format_minutes, literal(""), *nothing)
        .join(Enrolment, Enrolment.id == Summary.enrolment_id)
        .join(holder, holder.id == func.coalesce(Enrolment.merged_into_id, Enrolment.id))
        .where(holder.person_id == bindparam("person"), holder.closed_at.is_(None), Summary.replaced_at.is_(None))
    )
    time = (
        select(TimeInterval.enrolment_id, TimeInterval.step_uid, TimeInterval.seconds, literal(""), literal(""))
        .add_columns(literal(""), TimeInterval.from_at, literal(-1), literal(""), *nothing)
        .join(Enrolment, Enrolment.id == TimeInterval.enrolment_id)
        .where(Enrolment.person_id == bindparam("person"), Enrolment.closed_at.is_(None))
    )
    lines = (
        select(PlanItem.enrolment_id, literal(""), literal(0), literal(""), literal(""))
        .add_columns(literal(""), PlanItem.begun_at, literal(0), literal(""), *plans.COLUMNS)
        .join(Enrolment, Enrolment.id == PlanItem.enrolment_id)
        .where(Enrolment.person_id == bindparam("person"), Enrolment.closed_at.is_(None))
    )
    return results.union_all(bilans, time, lines).order_by("at", "id")


def only_marked(db: Session, enrolment_id: int) -> frozenset[str]:
    """Steps done on a trainer's word alone: counted and credited, they hold no trace of the learner's work (0022)."""
    query = select(StepEvent.step_uid, StepEvent.verb, StepEvent.data)
    done: dict[str, set[bool]] = {}
    for row in db.execute(query.where(StepEvent.enrolment_id == enrolment_id, StepEvent.verb.in_(COUNTS))):
        done.setdefault(row.step_uid, set()).add(row.data.get("reason") is not None)
    return frozenset(uid for uid, words in done.items() if False not in words)
