"""What is asked of a cohort, what it does to each member, and what each of them is told of it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from app.dialects import unaccented
from app.errors import Missing
from app.models import (
    Assignment,
    Cohort,
    Document,
    Edition,
    EditionModule,
    Enrolment,
    Extension,
    MailKind,
    Membership,
    Person,
    Silent,
    Step,
    StepProgress,
    due_day,
)
from app.models.assigned import Effects, Stand, stand
from app.reads import editions, frozen
from app.reads.frozen import Published
from app.reads.reach import why_not


def finished(db: Session, enrolments: Sequence[int], format_minutes: int, pathway_id: int | None = None) -> set[int]:
    """Of some enrolments in one pathway, those with every required step of that format done, in the edition read."""
    if not enrolments:
        return set()
    if pathway_id is None:
        pathway_id = db.scalars(select(Enrolment.pathway_id).where(Enrolment.id == enrolments[0])).one()
    query = _finished(editions.all_read(db, pathway_id), format_minutes)
    return set(db.scalars(query.where(Enrolment.id.in_(enrolments))))


def _finished(read: dict[int, int], format_minutes: int) -> Select[int]:
    done = and_(StepProgress.enrolment_id == Enrolment.id, StepProgress.step_uid == Step.uid)
    return (
        select(Enrolment.id)
        .join(EditionModule, EditionModule.edition_id == case(read, value=Enrolment.edition_id))
        .join(Step, Step.revision_id == EditionModule.revision_id)
        .outerjoin(StepProgress, done)
        .where(Step.format_minutes <= format_minutes, Step.optional.is_(False))
        .group_by(Enrolment.id)
        .having(func.count(Step.id) == func.count(StepProgress.step_uid))
    )


def offering(db: Session, pathway_id: int, format_minutes: int) -> set[int]:
    """The editions of a pathway whose readers may take that format: what they read, correctifs followed, offers it."""
    read = editions.all_read(db, pathway_id)
    formats = frozen.formats(db, set(read.values()))
    open_in = {n for n, found in formats.items() if any(f.offered and f.minutes == format_minutes for f in found)}
    return {own for own, edition in read.items() if edition in open_in}


def effects(db: Session, cohort_id: int, pathway_id: int, format_minutes: int) -> Effects:
    """What an assignment would do to those who are in the cohort today. Four statements at most."""
    query = (
        select(Enrolment.id, Enrolment.edition_id, Enrolment.format_minutes, Membership.name)
        .add_columns(why_not(MailKind.ASSIGNMENT).label("why"))
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Enrolment, _open(pathway_id))
        .where(Membership.cohort_id == cohort_id, Membership.left_at.is_(None))
        .order_by(unaccented(Membership.name), Membership.id)
    )
    rows = db.execute(query).all()
    offered = offering(db, pathway_id, format_minutes)
    done = finished(db, [row.id for row in rows if row.id is not None], format_minutes)
    stands = [_stand(row, format_minutes, offered) for row in rows]
    formats = Counter((each, row.format_minutes or 0) for each, row in zip(stands, rows, strict=True))
    names: dict[Silent | None, list[str]] = defaultdict(list)
    for row in rows:
        names[Silent.FINISHED if row.id in done else Silent(row.why) if row.why else None].append(row.name)
    silent = {reason: tuple(names[reason]) for reason in Silent if reason in names}
    return Effects(len(rows), dict(formats), len(done), told=tuple(names[None]), silent=silent)


def _open(pathway_id: int) -> ColumnElement[bool]:
    own = (Enrolment.person_id == Membership.person_id, Enrolment.pathway_id == pathway_id)
    return and_(*own, Enrolment.closed_at.is_(None))


def _stand(row: Row[*tuple[Any, ...]], format_minutes: int, offered: set[int]) -> Stand:
    return stand(row.format_minutes, format_minutes, offered=row.edition_id in offered)


def of_cohort(db: Session, cohort_id: int, number: int) -> Assignment:
    """One assignment of a cohort, running or withdrawn. Raises Missing."""
    found = db.scalar(select(Assignment).where(Assignment.id == number, Assignment.cohort_id == cohort_id))
    if found is None:
        raise Missing
    return found


def people(db: Session, cohort_id: int, members: Iterable[int], *, lock: bool = False) -> list[int]:
    """Who is behind some memberships of a cohort that last, in the order of their numbers. `lock`: nobody is merged."""
    present = Membership.cohort_id == cohort_id, Membership.left_at.is_(None), Membership.id.in_(set(members))
    query = select(Person.id).join(Membership, Membership.person_id == Person.id).where(*present).order_by(Person.id)
    return list(db.scalars(query.with_for_update(read=True, of=Person) if lock else query))


@dataclass(frozen=True)
class Given:
    """An assignment as those who lead the cohort see it."""

    id: int
    slug: str
    front: Published
    edition: int
    newest: int
    """The number of the newest edition on offer."""
    format_minutes: int
    starts_on: date
    due_on: date | None
    due_days: int | None
    withdrawn_at: datetime | None


def given(db: Session, cohort_id: int, number: int | None = None) -> list[Given]:
    """What was asked of a cohort, the first asked first; one of them where it is named. One statement."""
    newest = aliased(Edition)
    latest = select(func.max(newest.number)).where(
        newest.pathway_id == Assignment.pathway_id, newest.withdrawn_at.is_(None)
    )
    query = (
        select(Assignment, Document.slug, Edition.number, Edition.front_revision_id)
        .add_columns(latest.correlate(Assignment).scalar_subquery().label("newest"))
        .join(Edition, Edition.id == Assignment.edition_id)
        .join(Document, Document.id == Assignment.pathway_id)
        .where(Assignment.cohort_id == cohort_id)
        .order_by(Assignment.id)
    )
    rows = db.execute(query if number is None else query.where(Assignment.id == number)).all()
    fronts = frozen.texts(db, [row.front_revision_id for row in rows])
    names = ("id", "format_minutes", "starts_on", "due_on", "due_days", "withdrawn_at")
    return [
        Given(
            slug=row.slug,
            front=fronts[row.front_revision_id],
            edition=row.number,
            newest=row.newest or row.number,
            **{name: getattr(row.Assignment, name) for name in names},
        )
        for row in rows
    ]


@dataclass(frozen=True)
class MemberDue:
    """Until when one member has."""

    id: int
    """Of the membership."""
    name: str
    due_on: date
    extended: bool


def members_due(
    db: Session,
    cohort: Cohort,
    number: int,
    *,
    among: Collection[int] = (),
    first: int = 0,
    most: int | None = None,
) -> tuple[int, list[MemberDue]]:
    """How many are in the cohort, and some of them by name with the effective due date of an assignment.

    `among`: only these memberships, where any are given.
    """
    query = (
        select(Membership.id, Membership.name, Membership.joined_at, Extension.due_on.label("extended"))
        .add_columns(Assignment.due_on, Assignment.due_days, Assignment.starts_on, func.count().over().label("total"))
        .join(Assignment, Assignment.cohort_id == Membership.cohort_id)
        .outerjoin(
            Extension,
            and_(Extension.assignment_id == Assignment.id, Extension.person_id == Membership.person_id),
        )
        .where(Membership.cohort_id == cohort.id, Membership.left_at.is_(None), Assignment.id == number)
        .order_by(unaccented(Membership.name), Membership.id)
    )
    if among:
        query = query.where(Membership.id.in_(among))
    rows = db.execute(query.offset(max(0, first)).limit(most)).all()
    found = [MemberDue(row.id, row.name, _due(row, cohort.zone), row.extended is not None) for row in rows]
    return rows[0].total if rows else 0, found


def _due(row: Row[*tuple[Any, ...]], zone: str) -> date:
    return due_day(
        due_on=row.due_on,
        due_days=row.due_days,
        starts_on=row.starts_on,
        joined_at=row.joined_at,
        extended=row.extended,
        zone=zone,
    )
