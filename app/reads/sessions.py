"""The sessions of a cohort, and what they date of the pathways that it follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.errors import Missing
from app.models import Assignment, Cohort, CohortEvent, CohortTrainer, Membership, Person, trains
from app.reads import frozen
from app.steps.live import Live, Meeting


@dataclass(frozen=True)
class LiveStep:
    """A live step of a pathway that the cohort follows."""

    uid: str
    title: str


def live_steps(db: Session, cohort_id: int) -> Sequence[LiveStep]:
    """What a session may date: the live steps of what runs."""
    running = select(Assignment.edition_id).where(Assignment.cohort_id == cohort_id, Assignment.withdrawn_at.is_(None))
    numbers = list(db.scalars(running.order_by(Assignment.id)))
    editions = frozen.told(db, numbers)
    found = {
        row.uid: LiveStep(row.uid, editions[number].contents[row.uid].title)
        for number in numbers
        for row in editions[number].rows
        if row.ready and isinstance(editions[number].contents[row.uid].doc, Live)
    }
    return list(found.values())


def sessions(db: Session, cohort_id: int) -> Sequence[CohortEvent]:
    """Every session of a cohort in the order of time, the removed ones too."""
    query = select(CohortEvent).where(CohortEvent.cohort_id == cohort_id)
    return db.scalars(query.order_by(CohortEvent.starts_at, CohortEvent.id)).all()


def session(db: Session, cohort_id: int, number: int, *, lock: bool = False) -> CohortEvent:
    """One of a cohort. Raises Missing, as for another cohort's."""
    query = select(CohortEvent).where(CohortEvent.id == number, CohortEvent.cohort_id == cohort_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.scalar(query)
    if found is None:
        raise Missing
    return found


def seen_session(db: Session, person_id: int, cohort_id: int, number: int) -> tuple[CohortEvent, str]:
    """A session that is held, of a cohort that they lead or are in, and the cohort's name. Raises Missing."""
    leads = (
        select(CohortTrainer.id)
        .join(Person, Person.id == CohortTrainer.person_id)
        .where(CohortTrainer.cohort_id == Cohort.id, CohortTrainer.person_id == person_id)
        .where(CohortTrainer.until.is_(None), trains())
    )
    belongs = select(Membership.id).where(
        Membership.cohort_id == Cohort.id, Membership.person_id == person_id, Membership.left_at.is_(None)
    )
    query = (
        select(CohortEvent, Cohort.name)
        .join(Cohort, Cohort.id == CohortEvent.cohort_id)
        .where(CohortEvent.id == number, Cohort.id == cohort_id, CohortEvent.removed_at.is_(None))
        .where(or_(leads.exists(), belongs.exists()))
    )
    row = db.execute(query).one_or_none()
    if row is None:
        raise Missing
    return row[0], row[1]


def dated(db: Session, person_id: int, pathway_id: int, uid: str) -> tuple[Meeting, str] | None:
    """When their cohort holds a live step of the pathway that it follows, and the cohort's name. One statement.

    Of several, the first that is not over, else the last that was.
    """
    runs = select(Assignment.id).where(
        Assignment.cohort_id == Cohort.id, Assignment.pathway_id == pathway_id, Assignment.withdrawn_at.is_(None)
    )
    query = (
        select(CohortEvent, Cohort.name)
        .join(Cohort, Cohort.id == CohortEvent.cohort_id)
        .join(Membership, Membership.cohort_id == Cohort.id)
        .where(CohortEvent.step_uid == uid, CohortEvent.removed_at.is_(None), Cohort.archived_at.is_(None))
        .where(Membership.person_id == person_id, Membership.left_at.is_(None), runs.exists())
        .order_by(CohortEvent.starts_at, CohortEvent.id)
    )
    held = [(meeting(event), name) for event, name in db.execute(query)]
    return next((each for each in held if not each[0].over()), held[-1] if held else None)


def meeting(event: CohortEvent) -> Meeting:
    ends = event.starts_at + timedelta(minutes=event.minutes)
    return Meeting(event.starts_at, ends, event.place, event.link, event.replay)
