"""What a learner lets the trainers of their cohorts see of one thing, as the learner finds it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, Text, and_, bindparam, case, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models import (
    Cohort,
    CohortTrainer,
    Comment,
    Membership,
    Person,
    Shared,
    Sharing,
    StepEvent,
    Verb,
)


@dataclass(frozen=True)
class Word:
    """One word of a thread."""

    who: str
    own: bool
    """Of the learner whose work it is."""
    text: str
    verdict: str
    """A `Verdict`, or "" for none."""
    at: datetime


@dataclass(frozen=True)
class Circle:
    """A cohort that one is in, and what its trainers are shown of one thing."""

    cohort_id: int
    name: str
    leaders: tuple[str, ...]
    shown: frozenset[Shared] = frozenset()
    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Mark:
    """A step that a trainer said done, for work done elsewhere."""

    who: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Line:
    """A row of `BRANCHES`."""

    what: str
    number: int
    text: str
    name: str
    word: str | None
    at: datetime | None


@dataclass
class Beside:
    """What stands beside one thing of a member’s."""

    lines: list[Line] = field(default_factory=list)

    @property
    def circles(self) -> tuple[Circle, ...]:
        """The cohorts that they are in, with the thread of each."""
        return circles(self.lines)

    @property
    def mark(self) -> Mark | None:
        """The first one counts: it is the one that made the step done."""
        marks = (mark for line in self.lines if line.what == "mark" and (mark := _mark(line)) is not None)
        return min(marks, key=lambda mark: mark.at, default=None)


def circles(lines: Iterable[Line]) -> tuple[Circle, ...]:
    names: dict[int, str] = {}
    leaders: dict[int, dict[str, None]] = {}
    shown: dict[int, set[Shared]] = {}
    words: dict[int, list[Word]] = {}
    for line in lines:
        if line.what == "circle":
            names[line.number] = line.text
            leaders.setdefault(line.number, {})[line.name] = None
            shown.setdefault(line.number, set()).update([Shared(line.word)] if line.word else [])
        elif line.what in ("word", "own") and line.at is not None:
            word = Word(line.name, line.what == "own", line.text, line.word or "", line.at)
            words.setdefault(line.number, []).append(word)
    return tuple(
        Circle(
            cohort_id=number,
            name=name,
            leaders=tuple(sorted(leaders[number])),
            shown=frozenset(shown[number]),
            words=tuple(sorted(words.get(number, ()), key=lambda word: word.at)),
        )
        for number, name in sorted(names.items())
    )


def _mark(line: Line) -> Mark | None:
    """A completion credited from another enrolment has no reason; one that a trainer marked keeps it in its copies."""
    reason = json.loads(line.text).get("reason")
    return Mark(line.name, line.at, reason) if reason is not None and line.at is not None else None


def called() -> Any:
    """How a person is named to others of their cohort."""
    return func.coalesce(Person.name, Person.email, "")


_SHOWN = and_(
    Sharing.person_id == bindparam("person"),
    Sharing.cohort_id == Cohort.id,
    Sharing.uid == bindparam("timed"),
    Sharing.ended_at.is_(None),
)
_CIRCLES = (
    select(literal("circle"), Cohort.id, Cohort.name, called(), cast(Sharing.what, String), Sharing.given_at)
    .select_from(Membership)
    .join(Cohort, Cohort.id == Membership.cohort_id)
    .join(CohortTrainer, and_(CohortTrainer.cohort_id == Cohort.id, CohortTrainer.until.is_(None)))
    .join(Person, Person.id == CohortTrainer.person_id)
    .outerjoin(Sharing, _SHOWN)
    .where(Membership.person_id == bindparam("person"), Membership.left_at.is_(None))
    .where(or_(Cohort.archived_at.is_(None), Sharing.id.is_not(None)))
)
_WORDS = (
    select(
        case((Comment.by_id == bindparam("person"), literal("own")), else_=literal("word")),
        Comment.cohort_id,
        Comment.text,
        called(),
        cast(Comment.verdict, String),
        Comment.at,
    )
    .join(Person, Person.id == Comment.by_id)
    .where(Comment.person_id == bindparam("person"), Comment.uid == bindparam("timed"))
)
_MARKS = (
    select(literal("mark"), StepEvent.id, cast(StepEvent.data, Text), called(), cast(null(), String), StepEvent.at)
    .join(Person, Person.id == StepEvent.by_id)
    .where(StepEvent.enrolment_id == bindparam("enrolment"), StepEvent.step_uid == bindparam("timed"))
    .where(StepEvent.verb.in_((Verb.COMPLETED_BY_TRAINER, Verb.CREDITED)))
)
BRANCHES = (_CIRCLES, _WORDS, _MARKS)
"""For a union with what the page of a step reads anyway: nobody pays one statement more for being in a cohort.

Of `person`, on the step `timed` of `enrolment`: what, number, text, name, word, at.
"""

_BESIDE = union_all(*BRANCHES)


def beside(db: Session, person_id: int, uid: str) -> Beside:
    """What stands beside one thing of theirs that is of no enrolment: a kit’s tool."""
    known = {"person": person_id, "timed": uid, "enrolment": 0}
    return Beside([Line(*row) for row in db.execute(_BESIDE, known)])


def with_circles(query: Select[Any], person_id: int, uid: InstrumentedAttribute[str], *whats: Shared) -> Select[Any]:
    """The same rows once for each cohort, trainer and thing shown: columns of a « circle », read by `circle_of`."""
    leader = Person.__table__.alias("leader")
    shown = and_(
        Sharing.person_id == person_id,
        Sharing.cohort_id == Cohort.id,
        Sharing.uid == uid,
        Sharing.what.in_(whats),
        Sharing.ended_at.is_(None),
    )
    return (
        query.add_columns(Cohort.id.label("cohort_id"), Cohort.name.label("cohort"), Sharing.what.label("shown"))
        .add_columns(func.coalesce(leader.c.name, leader.c.email, "").label("leader"))
        .outerjoin(Membership, and_(Membership.person_id == person_id, Membership.left_at.is_(None)))
        .outerjoin(Cohort, and_(Cohort.id == Membership.cohort_id, Cohort.archived_at.is_(None)))
        .outerjoin(CohortTrainer, and_(CohortTrainer.cohort_id == Cohort.id, CohortTrainer.until.is_(None)))
        .outerjoin(leader, leader.c.id == CohortTrainer.person_id)
        .outerjoin(Sharing, shown)
    )


def circles_of(rows: Iterable[Any]) -> tuple[Circle, ...]:
    """From the rows of a query that `with_circles` widened."""
    return circles(
        Line("circle", row.cohort_id, row.cohort, row.leader, row.shown, None)
        for row in rows
        if row.cohort_id is not None and row.leader
    )


def cohort_of(db: Session, person_id: int, number: int) -> Circle | None:
    """A cohort that they are in today, archived or not, and who leads it."""
    query = (
        select(Cohort.name, called().label("leader"))
        .select_from(Membership)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .outerjoin(CohortTrainer, and_(CohortTrainer.cohort_id == Cohort.id, CohortTrainer.until.is_(None)))
        .outerjoin(Person, Person.id == CohortTrainer.person_id)
        .where(Membership.person_id == person_id, Membership.cohort_id == number, Membership.left_at.is_(None))
    )
    rows = db.execute(query).all()
    return Circle(number, rows[0].name, tuple(sorted({row.leader for row in rows if row.leader}))) if rows else None
