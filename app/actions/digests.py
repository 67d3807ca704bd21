"""What happened in one’s cohorts, said on Monday to who leads them: steps done, arrivals, answers to read."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from app import clock
from app.actions import messages
from app.i18n import in_zone
from app.models import (
    Assignment,
    Cohort,
    CohortTrainer,
    Comment,
    Enrolment,
    MailKind,
    Membership,
    Message,
    Person,
    Shared,
    Sharing,
    StepEvent,
    Verb,
    reached,
    trains,
)
from app.models.reminders import FROM_HOUR, MONDAY

WEEK = timedelta(days=7)


def digest(db: Session) -> int:
    """One mail a week at most to each trainer whose cohorts moved; how many."""
    if clock.now().weekday() not in (6, MONDAY, 1):  # Monday is somewhere
        return 0
    trainers = (
        select(Person.id, Person.email, Person.lang, Person.zone, Cohort.id.label("cohort_id"), Cohort.name)
        .join(CohortTrainer, CohortTrainer.person_id == Person.id)
        .join(Cohort, Cohort.id == CohortTrainer.cohort_id)
        .where(CohortTrainer.until.is_(None), Cohort.archived_at.is_(None), reached(), trains())
        .order_by(Person.id, Cohort.id)
    )
    mine: dict[_Told, list[tuple[int, str]]] = defaultdict(list)
    for row in db.execute(trainers):
        here = in_zone(clock.now(), row.zone)
        if here.weekday() == MONDAY and here.hour >= FROM_HOUR:
            mine[_week(here), row.id, row.email, row.lang].append((row.cohort_id, row.name))
    weeks = {key[0] for key in mine}
    query = select(Message.cause, Message.person_id).where(Message.kind == MailKind.DIGEST, Message.cause.in_(weeks))
    said = {(row.cause, row.person_id) for row in db.execute(query)}
    late = {key: cohorts for key, cohorts in mine.items() if key[:2] not in said}
    moved = _moved(db, [number for cohorts in late.values() for number, _name in cohorts]) if late else {}
    return sum(_say(db, key, cohorts, moved) for key, cohorts in late.items())


_Told = tuple[str, int, str, str | None]
"""Cause, and to whom: number, address, language."""


def _week(here: datetime) -> str:
    """The week of who is there: their Monday is one day, even where it begins on our Sunday."""
    year, week, _day = here.isocalendar()
    return f"digest:{year}-{week:02}"


def _say(db: Session, key: _Told, cohorts: list[tuple[int, str]], moved: dict[int, dict[str, int]]) -> int:
    rows: list[dict[str, Any]] = [{"name": name, **moved[number]} for number, name in cohorts if number in moved]
    rows = [row for row in rows if row["steps"] or row["joined"] or row["answers"]]
    cause, person_id, email, lang = key
    return bool(rows) and messages.post(
        db, MailKind.DIGEST, cause=cause, address=email, lang=lang, data={"cohorts": rows}, person_id=person_id
    )


def _moved(db: Session, cohorts: list[int]) -> dict[int, dict[str, int]]:
    """By cohort: members, arrivals, who did something, and steps done of what is asked there."""
    since = clock.now() - WEEK
    present = Membership.cohort_id.in_(cohorts), Membership.left_at.is_(None)
    members = select(Membership.cohort_id, func.count(), func.count().filter(Membership.joined_at >= since)).where(
        *present
    )
    found = {
        number: {"members": count, "joined": joined, "active": 0, "steps": 0, "answers": 0}
        for number, count, joined in db.execute(members.group_by(Membership.cohort_id))
    }
    steps = (
        select(Membership.cohort_id, func.count(Enrolment.person_id.distinct()), func.count(StepEvent.id.distinct()))
        .join(Assignment, Assignment.cohort_id == Membership.cohort_id)
        .join(Enrolment, Enrolment.person_id == Membership.person_id)
        .join(StepEvent, StepEvent.enrolment_id == Enrolment.id)
        .where(*present, Assignment.withdrawn_at.is_(None), Enrolment.pathway_id == Assignment.pathway_id)
        .where(StepEvent.verb == Verb.COMPLETED, StepEvent.at >= since)
    )
    for number, active, done in db.execute(steps.group_by(Membership.cohort_id)):
        found[number] |= {"active": active, "steps": done}
    for number, answers in db.execute(_answers(cohorts, since)):
        found[number] |= {"answers": answers}
    return found


def _answers(cohorts: list[int], since: datetime) -> Select[int, int]:
    """By cohort: what learners answered about what they still show, where they have the last word."""
    later, own = aliased(Comment), Comment.by_id == Comment.person_id
    thread = [getattr(later, name) == getattr(Comment, name) for name in ("cohort_id", "person_id", "uid")]
    followed = select(later.id).where(*thread, later.id > Comment.id).exists()
    shown = and_(
        Sharing.cohort_id == Comment.cohort_id,
        Sharing.person_id == Comment.person_id,
        Sharing.uid == Comment.uid,
        Sharing.what == Shared.NOTES,
        Sharing.ended_at.is_(None),
    )
    query = select(Comment.cohort_id, func.count()).join(Sharing, shown)
    return query.where(Comment.cohort_id.in_(cohorts), Comment.at >= since, own, ~followed).group_by(Comment.cohort_id)
