"""What is asked of a cohort, line by line; and one of them: its dates, its edition, who has longer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app import clock
from app.errors import Missing
from app.i18n import minutes
from app.models import Cohort
from app.policy import Me
from app.reads import assignments, teaching
from app.reads.assignments import Given, MemberDue

ROWS = 50
UNDONE = timedelta(days=7)
"""How long a withdrawal may be taken back from the cohort's page."""
CHANGED = ("dates", "edition", "report")


@dataclass(frozen=True)
class AssignmentLine:
    id: int
    lang: str
    title: str
    format_label: str
    rank: int
    starts_on: date
    due_on: date | None
    due_days: int | None
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class AssignmentPage:
    number: int  # of the cohort
    name: str
    archived: bool
    line: AssignmentLine
    slug: str
    edition: int
    newer: int | None  # an edition to which the cohort may be moved
    members: tuple[MemberDue, ...]
    total: int
    sheet: int  # of pages of members, from 1
    sheets: int
    done: str  # what was just done
    among: bool  # only those who were chosen in the follow-up


def assignment_lines(db: Session, cohort: Cohort) -> tuple[AssignmentLine, ...]:
    """What runs, and what was withdrawn lately: that may be taken back. One statement."""
    since = clock.now() - UNDONE
    found = assignments.given(db, cohort.id)
    return tuple(_line(each) for each in found if each.withdrawn_at is None or each.withdrawn_at >= since)


def _line(found: Given) -> AssignmentLine:
    ranks = {format.minutes: rank for rank, format in enumerate(found.front.pathway.formats, 1)}
    return AssignmentLine(
        id=found.id,
        lang=found.front.lang,
        title=found.front.title,
        format_label=minutes(found.format_minutes),
        rank=ranks.get(found.format_minutes, 1),
        starts_on=found.starts_on,
        due_on=found.due_on,
        due_days=found.due_days,
        withdrawn_at=found.withdrawn_at,
    )


def assignment(
    db: Session, me: Me, number: int, given: int, *, among: Collection[int] = (), sheet: int = 1, done: str = ""
) -> AssignmentPage:
    """`among`: places in the cohort, everyone’s where none is given. Raises Missing, whoever else leads it."""
    cohort = teaching.led_cohort(db, me.id, number)
    found = next(iter(assignments.given(db, cohort.id, given)), None)
    if found is None:
        raise Missing
    total, members = assignments.members_due(db, cohort, given, among=among, first=(sheet - 1) * ROWS, most=ROWS)
    return AssignmentPage(
        number=cohort.id,
        name=cohort.name,
        archived=cohort.archived_at is not None,
        line=_line(found),
        slug=found.slug,
        edition=found.edition,
        newer=found.newest if found.newest > found.edition else None,
        members=tuple(members),
        total=total,
        sheet=sheet,
        sheets=max(1, -(-total // ROWS)),
        done=done,
        among=bool(among),
    )
