"""Who will be reminded of an assignment, when, and who will not: what the worker would do, looked at beforehand."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from app import clock
from app.dialects import unaccented
from app.i18n import in_zone
from app.models import Assignment, Cohort, CohortTrainer, MailKind, Membership, Message, Person, Silent, trains
from app.models.reminders import cause, coming, next_digest
from app.reads import due
from app.reads.reach import why_not


@dataclass(frozen=True)
class Coming:
    """The mails of one kind that leave on one day."""

    when: str
    """A name of `DAYS`."""
    day: date
    names: tuple[str, ...]


@dataclass(frozen=True)
class _Person:
    number: int
    name: str
    silent: Silent | None


def reminders(db: Session, cohort: Cohort, given: int) -> tuple[tuple[Coming, ...], dict[Silent, tuple[str, ...]]]:
    """By day and kind, who receives what; and who receives nothing, by reason. Four statements."""
    today = in_zone(clock.now(), cohort.zone).date()
    found = {each.person_id: each for each in due.due(db, Assignment.id == given, titled=False)}
    people, said = _people(db, cohort.id, given)
    leaving: dict[tuple[date, str], list[str]] = defaultdict(list)
    silent: dict[Silent, list[str]] = defaultdict(list)
    for person in people:
        mine = found.get(person.number)
        reason = Silent.FINISHED if mine and mine.finished else person.silent
        if mine is None or reason is not None:
            silent[reason or Silent.SAID].append(person.name)
            continue
        since = in_zone(mine.since, mine.zone).date()
        still = [
            (day, when)
            for when, day in coming(mine.due, since, today)
            if cause(given, person.number, when, mine.due) not in said
        ]
        for each in still:
            leaving[each].append(person.name)
        if not still:
            silent[Silent.SAID].append(person.name)
    mails = tuple(Coming(when, day, tuple(names)) for (day, when), names in sorted(leaving.items()))
    return mails, {reason: tuple(silent[reason]) for reason in Silent if reason in silent}


def _people(db: Session, cohort_id: int, given: int) -> tuple[Sequence[_Person], set[str]]:
    """Who is there, by name, and whether a reminder may reach them; the causes that were said. One statement."""
    members = (
        select(
            Person.id.label("id"),
            Membership.name.label("name"),
            why_not(MailKind.REMINDER).label("why"),
            unaccented(Membership.name).label("rank"),
        )
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.cohort_id == cohort_id, Membership.left_at.is_(None))
    )
    causes = select(literal(0), Message.cause, literal(""), literal("")).where(
        Message.kind == MailKind.REMINDER, Message.cause.startswith(f"reminder:{given}:", autoescape=True)
    )
    rows = db.execute(union_all(members, causes).order_by("rank", "id")).all()
    people = [_Person(row.id, row.name, Silent(row.why) if row.why else None) for row in rows if row.id]
    return people, {row.name for row in rows if not row.id}


@dataclass(frozen=True)
class Trainer:
    """Who leads a cohort, and the day of the next week that is said to them."""

    name: str
    day: date
    silent: Silent | None


def digests(db: Session, cohort_id: int) -> tuple[Trainer, ...]:
    """The first who led it first. One statement."""
    query = (
        select(Person.name, Person.email, Person.zone, why_not(MailKind.DIGEST).label("why"))
        .join(CohortTrainer, CohortTrainer.person_id == Person.id)
        .where(CohortTrainer.cohort_id == cohort_id, CohortTrainer.until.is_(None), trains())
        .order_by(CohortTrainer.id)
    )
    return tuple(
        Trainer(
            name=row.name or row.email or "",
            day=next_digest(in_zone(clock.now(), row.zone)),
            silent=Silent(row.why) if row.why else None,
        )
        for row in db.execute(query)
    )
