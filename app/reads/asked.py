"""What a cohort asks of a learner in a pathway: read beside the pathway, in its one statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Subquery, and_, bindparam, select

from app.models import Assignment, Cohort, Extension, Membership, Person, due_day


@dataclass(frozen=True)
class Asked:
    """One assignment, as who must do it is told."""

    by: str
    """Who assigned it; « » when they gave no name."""
    cohort: str
    format_minutes: int
    starts_on: date
    due_on: date
    """The effective one."""


def asked() -> Subquery:
    """What runs for the person named by the statement around, in the cohorts that they are in."""
    given = (
        Assignment.pathway_id,
        Assignment.id.label("assignment_id"),
        Assignment.format_minutes.label("asked_minutes"),
        Assignment.starts_on,
        Assignment.due_on,
        Assignment.due_days,
        Extension.due_on.label("extended"),
        Membership.joined_at,
        Cohort.name.label("cohort"),
        Cohort.zone,
        Person.name.label("by"),
    )
    longer = and_(Extension.assignment_id == Assignment.id, Extension.person_id == Membership.person_id)
    return (
        select(*given)
        .select_from(Membership)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .join(Assignment, Assignment.cohort_id == Membership.cohort_id)
        .join(Person, Person.id == Assignment.created_by)
        .outerjoin(Extension, longer)
        .where(Membership.person_id == bindparam("person"), Membership.left_at.is_(None))
        .where(Cohort.archived_at.is_(None), Assignment.withdrawn_at.is_(None))
        .subquery("asked")
    )


def each(rows: Iterable[Row[Any]]) -> tuple[Asked, ...]:
    """Each assignment once, the nearest due date first."""
    found = {row.assignment_id: row for row in rows if row.assignment_id is not None}
    return tuple(sorted(map(_asked, found.values()), key=lambda one: (one.due_on, -one.format_minutes)))


def _asked(row: Row[Any]) -> Asked:
    due = due_day(
        due_on=row.due_on,
        due_days=row.due_days,
        starts_on=row.starts_on,
        joined_at=row.joined_at,
        extended=row.extended,
        zone=row.zone,
    )
    return Asked(row.by or "", row.cohort, row.asked_minutes, row.starts_on, due)
