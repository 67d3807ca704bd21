"""What members did within the dates of what was asked of them, and who they are: for the files of a trainer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.models import Cohort, Enrolment, Extension, Invitation, Membership, StepProgress, due_day, end_of_day
from app.reads.follow_up import Asked


@dataclass(frozen=True)
class Hours:
    """Credited minutes of one member, from the first day to the last."""

    name: str
    structure: str
    external_id: str
    since: date
    until: date
    steps: int
    minutes: int


def hours(db: Session, cohort: Cohort, asked: Asked) -> list[Hours]:
    """A step counts once for a person, even begun again; two statements."""
    first = end_of_day(asked.starts_on - timedelta(days=1), cohort.zone)
    last = _last_days(db, cohort, asked)
    done = (
        select(Membership.id, StepProgress.step_uid)
        .add_columns(
            func.min(StepProgress.completed_at).label("at"), func.max(StepProgress.minutes_credited).label("n")
        )
        .join(Enrolment, and_(Enrolment.person_id == Membership.person_id, Enrolment.pathway_id == asked.pathway_id))
        .join(StepProgress, StepProgress.enrolment_id == Enrolment.id)
        .where(Membership.cohort_id == cohort.id, Membership.left_at.is_(None))
        .group_by(Membership.id, StepProgress.step_uid)
    )
    counted: dict[int, list[int]] = {number: [] for number in last}
    for row in db.execute(done):
        if first <= row.at < end_of_day(last[row.id][1], cohort.zone):
            counted[row.id].append(row.n)
    return [
        Hours(who.name, who.structure, who.external_id or "", asked.starts_on, until, len(found), sum(found))
        for (who, until), found in ((last[number], found) for number, found in counted.items())
    ]


def _last_days(db: Session, cohort: Cohort, asked: Asked) -> dict[int, tuple[Membership, date]]:
    """Each member, by name, with their effective due date."""
    own = and_(Extension.assignment_id == asked.id, Extension.person_id == Membership.person_id)
    query = select(Membership, Extension.due_on).outerjoin(Extension, own)
    query = query.where(Membership.cohort_id == cohort.id, Membership.left_at.is_(None)).order_by(Membership.id)
    return {member.id: (member, _last_day(asked, cohort, member, on)) for member, on in db.execute(query)}


def _last_day(asked: Asked, cohort: Cohort, member: Membership, extended: date | None) -> date:
    return due_day(
        due_on=asked.due_on,
        due_days=asked.due_days,
        starts_on=asked.starts_on,
        joined_at=member.joined_at,
        extended=extended,
        zone=cohort.zone,
    )


@dataclass(frozen=True)
class Person:
    """A member, or who is invited; the address is the one that the trainer invited."""

    name: str
    email: str
    structure: str
    statut: str
    external_id: str
    joined_at: datetime | None
    opened: bool


def people(db: Session, cohort: Cohort) -> list[Person]:
    """Two statements."""
    came = select(Membership, Invitation.email).outerjoin(Invitation, Invitation.membership_id == Membership.id)
    came = came.where(Membership.cohort_id == cohort.id, Membership.left_at.is_(None)).order_by(Membership.id)
    waiting = select(Invitation).where(
        Invitation.cohort_id == cohort.id, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None)
    )
    members = [_person(member, email, member.joined_at, opened=True) for member, email in db.execute(came)]
    invited = db.scalars(waiting.order_by(Invitation.id))
    return members + [_person(each, each.email, None, opened=each.opened_at is not None) for each in invited]


def _person(who: Membership | Invitation, email: str | None, joined: datetime | None, *, opened: bool) -> Person:
    return Person(who.name, email or "", who.structure, who.statut, who.external_id or "", joined, opened)
