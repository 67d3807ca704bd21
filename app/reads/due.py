"""Who is asked what by when, in any cohort: members with an address, their effective due date, what they finished."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Label, String, and_, cast, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from app.i18n import DEFAULT
from app.models import (
    Assignment,
    Cohort,
    CohortTrainer,
    DocumentText,
    Edition,
    Enrolment,
    Extension,
    Membership,
    Person,
    reached,
    trains,
)
from app.models.teaching import due_day
from app.reads import assignments

MARGIN = timedelta(days=2)
"""The days of a zone are not those of the database: it gives a few more, and the one function decides."""


@dataclass(frozen=True)
class Due:
    """One assignment of one member."""

    assignment_id: int
    person_id: int
    email: str
    lang: str | None
    cohort: str
    zone: str
    pathway: str
    format_minutes: int
    due: date
    since: datetime
    """When it was asked of them."""
    finished: bool
    trainer: str
    """Who leads the cohort, the first of those whose address is proved; « » where nobody’s is."""
    reply_to: str | None
    """Their address: answers go there."""


def due(
    db: Session, *where: ColumnElement[bool], first: date | None = None, last: date | None = None, titled: bool = True
) -> Sequence[Due]:
    """What runs, of those who are still there; between two days where they are given. Four statements and more where
    several pathways are asked; one less without the titles, `titled` false.
    """
    query = (
        select(
            Assignment,
            Cohort.name,
            Cohort.zone,
            Membership.joined_at,
            Person.id.label("person_id"),
            Person.email,
            Person.lang,
            Extension.due_on.label("extended"),
            Enrolment.id.label("enrolment_id"),
        )
        .add_columns(_leading("name"), _leading("email"))
        .join(Cohort, Cohort.id == Assignment.cohort_id)
        .join(Membership, Membership.cohort_id == Cohort.id)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Extension, and_(Extension.assignment_id == Assignment.id, Extension.person_id == Person.id))
        .outerjoin(
            Enrolment,
            and_(
                Enrolment.person_id == Person.id,
                Enrolment.pathway_id == Assignment.pathway_id,
                Enrolment.closed_at.is_(None),
            ),
        )
        .where(Assignment.withdrawn_at.is_(None), Cohort.archived_at.is_(None), Membership.left_at.is_(None))
        .where(reached(), *where)
    )
    if first is not None and last is not None:
        query = query.where(_about(db, first - MARGIN, last + MARGIN))
    rows = db.execute(query).all()
    done, titles = _finished(db, rows), _titles(db, {row.Assignment.edition_id for row in rows}) if titled else {}
    found = [_due(row, done, titles) for row in rows]
    return [each for each in found if first is None or last is None or first <= each.due <= last]


def _leading(column: str) -> Label[str | None]:
    """Of the first of those who lead the cohort and whose address is proved."""
    lead = aliased(Person)
    proved = lead.email.is_not(None), lead.email_confirmed_at.is_not(None), lead.disabled_at.is_(None)
    query = (
        select(getattr(lead, column))
        .join(CohortTrainer, CohortTrainer.person_id == lead.id)
        .where(CohortTrainer.cohort_id == Cohort.id, CohortTrainer.until.is_(None), *proved, trains(lead))
        .order_by(CohortTrainer.id)
        .limit(1)
        .correlate(Cohort)
    )
    return query.scalar_subquery().label(f"leading_{column}")


def _about(db: Session, first: date, last: date) -> ColumnElement[bool]:
    """The effective due date is about there, as the database counts days."""
    fixed = func.coalesce(Extension.due_on, Assignment.due_on)
    begun = (_later(db, Membership.joined_at), _later(db, Assignment.starts_on))
    return or_(fixed.between(first, last), and_(fixed.is_(None), or_(*(each.between(first, last) for each in begun))))


def _later(db: Session, column: Any) -> ColumnElement[date]:
    """A day, `due_days` later."""
    if db.get_bind().dialect.name == "sqlite":
        return func.date(
            func.substr(column, 1, 10),
            literal("+").concat(cast(Assignment.due_days, String)).concat(" days"),
            type_=Date(),
        )
    return cast(column, Date) + Assignment.due_days


def _finished(db: Session, rows: Sequence[Any]) -> set[int]:
    """The enrolments that have what their assignment asks: those of (pathway, format) are asked together."""
    together: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in rows:
        if row.enrolment_id is not None:
            together[row.Assignment.pathway_id, row.Assignment.format_minutes].append(row.enrolment_id)
    found: set[int] = set()
    for (pathway, minutes), enrolments in together.items():
        found |= assignments.finished(db, enrolments, minutes, pathway)
    return found


def _titles(db: Session, editions: set[int]) -> dict[tuple[int, str], str]:
    query = select(Edition.id, DocumentText.lang, DocumentText.title).join(
        DocumentText, DocumentText.revision_id == Edition.front_revision_id
    )
    return {(number, lang): title for number, lang, title in db.execute(query.where(Edition.id.in_(editions)))}


def _due(row: Any, done: set[int], titles: dict[tuple[int, str], str]) -> Due:
    asked: Assignment = row.Assignment
    title = titles.get((asked.edition_id, row.lang or DEFAULT)) or titles.get((asked.edition_id, DEFAULT), "")
    return Due(
        assignment_id=asked.id,
        person_id=row.person_id,
        email=row.email,
        lang=row.lang,
        cohort=row.name,
        zone=row.zone,
        pathway=title,
        format_minutes=asked.format_minutes,
        due=due_day(
            due_on=asked.due_on,
            due_days=asked.due_days,
            starts_on=asked.starts_on,
            joined_at=row.joined_at,
            extended=row.extended,
            zone=row.zone,
        ),
        since=max(asked.created_at, row.joined_at),
        finished=row.enrolment_id in done,
        trainer=row.leading_name or row.leading_email or "",
        reply_to=row.leading_email,
    )
