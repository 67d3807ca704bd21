"""A member of a cohort, found by who leads it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.orm import Session

from app.dialects import unaccented
from app.errors import Missing
from app.models import Assignment, Cohort, CohortTrainer, MailKind, Membership, Person, Silent, reached
from app.reads import teaching
from app.reads.reach import why_not


@dataclass(frozen=True)
class Member:
    """Present today; what a trainer may know of them without their sharing anything."""

    cohort: Cohort
    membership: Membership
    person_id: int
    email: str | None
    reached: bool
    """Mails go to that address: it is theirs."""
    silent: Silent | None
    """Why what their trainer writes does not reach them; None: it does."""
    lang: str | None
    guest: bool


def led_member(db: Session, trainer_id: int, cohort_id: int, membership_id: int, *, lock: bool = False) -> Member:
    """One member of a cohort that they lead. Raises Missing, as for one who has left or was never there.

    `lock`: the cohort is held first, then the membership, until the end of the transaction.
    """
    if lock:
        teaching.led_cohort(db, trainer_id, cohort_id, lock=True)
    found = _members(db, trainer_id, cohort_id, [membership_id], lock=lock)
    if not found:
        raise Missing
    return found[0]


def led_members(
    db: Session, trainer_id: int, cohort_id: int, numbers: list[int], *, lock: bool = False
) -> list[Member]:
    """Those of these members who are still there, by name. Raises Missing for a cohort that they do not lead."""
    if lock or not numbers:
        teaching.led_cohort(db, trainer_id, cohort_id, lock=lock)
    return _members(db, trainer_id, cohort_id, numbers, lock=lock)


def _members(db: Session, trainer_id: int, cohort_id: int, numbers: list[int], *, lock: bool) -> list[Member]:
    query = _present(trainer_id, cohort_id, numbers)
    if lock:
        query = query.with_for_update(of=Membership).execution_options(populate_existing=True)
    return [_member(row) for row in db.execute(query)]


def _present(trainer_id: int, cohort_id: int, numbers: list[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(Cohort, Membership, Person.id, Person.email, Person.lang, Person.claimed_at, reached().label("reached"))
        .add_columns(why_not(MailKind.TRAINER).label("why"))
        .join(CohortTrainer, CohortTrainer.cohort_id == Cohort.id)
        .join(Membership, Membership.cohort_id == Cohort.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Cohort.id == cohort_id, CohortTrainer.person_id == trainer_id, CohortTrainer.until.is_(None))
        .where(Membership.id.in_(numbers), Membership.left_at.is_(None))
        .order_by(unaccented(Membership.name), Membership.id)
    )


def _member(row: Row[*tuple[Any, ...]]) -> Member:
    return Member(
        cohort=row.Cohort,
        membership=row.Membership,
        person_id=row.id,
        email=row.email,
        reached=bool(row.reached),
        silent=Silent(row.why) if row.why else None,
        lang=row.lang,
        guest=row.claimed_at is None,
    )


def member_and_asked(db: Session, trainer_id: int, cohort_id: int, membership_id: int) -> tuple[Member, dict[int, int]]:
    """The same member beside what `assigned` says, in one statement. Raises Missing."""
    runs = and_(Assignment.cohort_id == Cohort.id, Assignment.withdrawn_at.is_(None))
    query = _present(trainer_id, cohort_id, [membership_id]).outerjoin(Assignment, runs)
    rows = db.execute(query.add_columns(Assignment.pathway_id, Assignment.format_minutes).order_by(Assignment.id)).all()
    if not rows:
        raise Missing
    return _member(rows[0]), {row.pathway_id: row.format_minutes for row in rows if row.pathway_id is not None}


def assigned(db: Session, cohort_id: int) -> dict[int, int]:
    """The pathways asked of a cohort today, each with the minutes of its format."""
    query = (
        select(Assignment.pathway_id, Assignment.format_minutes)
        .where(Assignment.cohort_id == cohort_id, Assignment.withdrawn_at.is_(None))
        .order_by(Assignment.id)
    )
    return {row.pathway_id: row.format_minutes for row in db.execute(query)}


def everyone(db: Session, trainer_id: int, cohort_id: int, most: int) -> list[Member]:
    """Who is in a cohort that they lead, by name, the first ones of a large one. Raises Missing."""
    teaching.led_cohort(db, trainer_id, cohort_id)
    present = (
        select(Membership.id)
        .filter_by(cohort_id=cohort_id, left_at=None)
        .order_by(unaccented(Membership.name), Membership.id)
        .limit(most)
    )
    return _members(db, trainer_id, cohort_id, list(db.scalars(present)), lock=False)
