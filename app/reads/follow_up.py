"""A cohort beside what was asked of it, in one statement whatever its size; states are those of `models.follow_up`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    RowMapping,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    true,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import KeyedColumnElement

from app import clock
from app.db import UtcDateTime
from app.dialects import days_between, local_day, unaccented
from app.i18n import in_zone
from app.models import (
    Assignment,
    Cohort,
    Edition,
    EditionFormat,
    EditionModule,
    Enrolment,
    Extension,
    Invitation,
    Membership,
    Step,
    StepProgress,
)
from app.models.follow_up import ENOUGH, WINDOW, Standing, State
from app.models.teaching import end_of_day
from app.reads import frozen

Columns = ReadOnlyColumnCollection[str, KeyedColumnElement[Any]]
ROWS = 50
SORTS = ("name", "activity", "progress", "forecast")


@dataclass(frozen=True)
class Asked:
    """What is asked of a cohort: a pathway in an edition and a format, from a day to a day."""

    id: int
    pathway_id: int
    edition_id: int
    front_revision_id: int
    """Of the pathway, in that edition."""
    format_minutes: int
    starts_on: date
    due_on: date | None
    due_days: int | None


@dataclass(frozen=True)
class Wanted:
    """Which rows, in which order. `columns`: the steps that are counted together, by uid."""

    columns: Sequence[Sequence[str]] = ()
    state: State | None = None
    sort: str = "name"
    reverse: bool = False
    page: int = 1
    rows: int = ROWS


@dataclass(frozen=True)
class Line:
    """One person; `cells`: for each column, steps done and due on their own edition."""

    membership_id: int | None
    invitation_id: int | None
    name: str
    structure: str
    state: State
    standing: Standing
    own_minutes: int | None
    """The format that they follow; null: not enrolled."""
    cells: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Totals:
    """Of the whole cohort, whatever is filtered. `feet`: for each column, how many people have done all of it."""

    states: dict[State, int]
    on_time: int
    feet: tuple[int, ...]

    @property
    def people(self) -> int:
        return sum(self.states.values())


@dataclass(frozen=True)
class FollowUp:
    today: date
    """In the zone of the cohort."""
    totals: Totals
    lines: tuple[Line, ...]


def assignments(db: Session, cohort_id: int) -> list[Asked]:
    """What runs, the first asked first."""
    query = (
        select(Assignment.id, Assignment.pathway_id, Assignment.edition_id, Edition.front_revision_id)
        .add_columns(Assignment.format_minutes, Assignment.starts_on, Assignment.due_on, Assignment.due_days)
        .join(Edition, Edition.id == Assignment.edition_id)
        .where(Assignment.cohort_id == cohort_id, Assignment.withdrawn_at.is_(None))
        .order_by(Assignment.id)
    )
    return [Asked(**row._mapping) for row in db.execute(query)]


def chosen(db: Session, running: Sequence[Asked], slug: str) -> Asked | None:
    """The one of that pathway, else the first."""
    titles = frozen.texts(db, [each.front_revision_id for each in running])
    named = [each for each in running if titles[each.front_revision_id].slug == slug]
    return next(iter([*named, *running]), None)


def follow_up(db: Session, cohort: Cohort, asked: Asked | None, wanted: Wanted) -> FollowUp:
    """`asked`: None while nothing is: everyone is there, with nothing to do. One statement."""
    today = in_zone(clock.now(), cohort.zone).date()
    columns = len(wanted.columns)
    people = _people(cohort, asked, today, wanted.columns)
    totals = _totals(people, columns)
    page = select(people, literal(1).label("there")).order_by(*_order(people.c, wanted))
    if wanted.state is not None:
        page = page.where(people.c.state == wanted.state.value)
    chosen = page.limit(wanted.rows).offset((wanted.page - 1) * wanted.rows).subquery("chosen")
    rows = db.execute(select(totals, chosen).outerjoin(chosen, true()).order_by(*_order(chosen.c, wanted))).all()
    first = rows[0]._mapping
    return FollowUp(
        today=today,
        totals=Totals(
            states={state: int(first[f"in_{state}"] or 0) for state in State},
            on_time=int(first["on_time"] or 0),
            feet=tuple(int(first[f"foot_{n}"] or 0) for n in range(columns)),
        ),
        lines=tuple(_line(row._mapping, today, cohort.zone, columns) for row in rows if row.there),
    )


def _people(cohort: Cohort, asked: Asked | None, today: date, columns: Sequence[Sequence[str]]) -> CTE:
    """One row a person: members beside what they did and have to do, then those who are only invited."""
    since = end_of_day(today - timedelta(days=WINDOW), cohort.zone)
    steps = _steps(asked, columns)
    done, due = _done(cohort, asked, steps, since, len(columns)), _due(steps, len(columns))
    counted = [
        done.c.steps_done,
        done.c.minutes_done,
        done.c.recent_steps,
        done.c.recent_minutes,
        *(done.c[f"done_{n}"] for n in range(len(columns))),
        func.coalesce(due.c.steps_due, 0).label("steps_due"),
        func.coalesce(due.c.minutes_due, 0).label("minutes_due"),
        *(func.coalesce(due.c[f"due_{n}"], 0).label(f"due_{n}") for n in range(len(columns))),
    ]
    extended = and_(Extension.assignment_id == (asked.id if asked else 0), Extension.person_id == Membership.person_id)
    came = (
        select(done.c.membership_id, null().label("invitation_id"), Membership.name, Membership.structure)
        .add_columns(
            done.c.own_minutes,
            _days_to_go(cohort, asked, today).label("to_go"),
            literal(0).label("opened"),
            done.c.last_at,
            *counted,
        )
        .join(Membership, Membership.id == done.c.membership_id)
        .outerjoin(Extension, extended)
        .outerjoin(due, and_(due.c.edition_id == done.c.edition_id, due.c.measured == done.c.measured))
    )
    both = came.union_all(_invited(cohort, len(counted))).subquery("both")
    finished = and_(both.c.steps_due > 0, both.c.steps_done == both.c.steps_due)
    says = and_(~finished, both.c.recent_steps >= ENOUGH, both.c.recent_minutes > 0)
    left = (both.c.minutes_due - both.c.minutes_done) * WINDOW + both.c.recent_minutes - 1
    days = case((says, left // func.nullif(both.c.recent_minutes, 0, type_=Integer)))
    return select(both, days.label("days"), _state(both, finished, since).label("state")).cte("people")


def _days_to_go(cohort: Cohort, asked: Asked | None, today: date) -> ColumnElement[Any]:
    """From today to the effective due date, as `due_day` says it."""
    if asked is None:
        return cast(null(), Integer)
    extended = days_between(Extension.due_on, literal(today))
    if asked.due_on is not None:
        return func.coalesce(extended, (asked.due_on - today).days)
    start = (asked.starts_on - today).days
    joined = days_between(local_day(Membership.joined_at, cohort.zone), literal(today))
    return func.coalesce(extended, case((joined > start, joined), else_=start) + (asked.due_days or 0))


def _steps(asked: Asked | None, columns: Sequence[Sequence[str]]) -> CTE:
    """The required steps of every edition of the pathway, each with the column that it is counted in."""
    places = [(Step.uid.in_(uids), n) for n, uids in enumerate(columns)]
    return (
        select(EditionModule.edition_id, Step.uid, Step.minutes, Step.format_minutes)
        .add_columns((case(*places, else_=-1) if places else literal(-1)).label("place"))
        .join(Edition, Edition.id == EditionModule.edition_id)
        .join(Step, Step.revision_id == EditionModule.revision_id)
        .where(Edition.pathway_id == (asked.pathway_id if asked else 0), ~Step.optional)
        .cte("steps")
    )


def _due(steps: CTE, columns: int) -> CTE:
    """What each format of each edition asks."""
    return (
        select(EditionFormat.edition_id, EditionFormat.minutes.label("measured"))
        .add_columns(func.count().label("steps_due"), _sum(steps.c.minutes).label("minutes_due"))
        .add_columns(*(_sum(case((steps.c.place == n, 1), else_=0)).label(f"due_{n}") for n in range(columns)))
        .join(
            steps, and_(steps.c.edition_id == EditionFormat.edition_id, steps.c.format_minutes <= EditionFormat.minutes)
        )
        .group_by(EditionFormat.edition_id, EditionFormat.minutes)
        .cte("due")
    )


def _done(cohort: Cohort, asked: Asked | None, steps: CTE, since: datetime, columns: int) -> CTE:
    """What each member has done on their own edition, in the format asked where that edition offers it.

    Only steps of that format count; any step done is a sign of life.
    """
    minutes, edition, pathway = (asked.format_minutes, asked.edition_id, asked.pathway_id) if asked else (0, 0, 0)
    read = func.coalesce(Enrolment.edition_id, edition)
    own = and_(
        Enrolment.person_id == Membership.person_id, Enrolment.pathway_id == pathway, Enrolment.closed_at.is_(None)
    )
    offered = and_(EditionFormat.edition_id == read, EditionFormat.minutes == minutes, EditionFormat.unready_steps == 0)
    measured = case((EditionFormat.minutes.is_(None), func.coalesce(Enrolment.format_minutes, minutes)), else_=minutes)
    counts = and_(steps.c.edition_id == read, steps.c.uid == StepProgress.step_uid, steps.c.format_minutes <= measured)
    recent = StepProgress.completed_at >= since
    return (
        select(Membership.id.label("membership_id"), func.max(StepProgress.completed_at).label("last_at"))
        .add_columns(func.max(Enrolment.format_minutes).label("own_minutes"), func.max(read).label("edition_id"))
        .add_columns(func.max(measured).label("measured"))
        .add_columns(func.count(steps.c.uid).label("steps_done"), _sum(steps.c.minutes).label("minutes_done"))
        .add_columns(_sum(case((recent, steps.c.minutes))).label("recent_minutes"))
        .add_columns(func.count(case((recent, steps.c.uid))).label("recent_steps"))
        .add_columns(*(_sum(case((steps.c.place == n, 1))).label(f"done_{n}") for n in range(columns)))
        .select_from(Membership)
        .outerjoin(Enrolment, own)
        .outerjoin(EditionFormat, offered)
        .outerjoin(StepProgress, StepProgress.enrolment_id == Enrolment.id)
        .outerjoin(steps, counts)
        .where(Membership.cohort_id == cohort.id, Membership.left_at.is_(None))
        .group_by(Membership.id)
        .cte("done")
    )


def _invited(cohort: Cohort, counted: int) -> Select[*tuple[Any, ...]]:
    """Who has not come yet, in the columns of who has."""
    opened = case((Invitation.opened_at.is_(None), 0), else_=1)
    name = func.coalesce(func.nullif(Invitation.name, ""), Invitation.email, "")
    none = cast(null(), Integer)
    return (
        select(none, Invitation.id, name, Invitation.structure, none, none, opened)
        .add_columns(cast(null(), UtcDateTime), *(literal(0) for _ in range(counted)))
        .where(Invitation.cohort_id == cohort.id)
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    )


def _state(both: Subquery, finished: ColumnElement[bool], since: datetime) -> ColumnElement[str]:
    """As `follow_up.state` says it."""
    return case(
        (and_(both.c.membership_id.is_(None), both.c.opened == 0), State.INVITED.value),
        (both.c.membership_id.is_(None), State.NOT_BEGUN.value),
        (finished, State.FINISHED.value),
        (both.c.to_go < 0, State.LATE.value),
        (both.c.last_at.is_(None), State.NOT_BEGUN.value),
        (both.c.last_at < since, State.SILENT.value),
        else_=State.UNDERWAY.value,
    )


def _totals(people: CTE, columns: int) -> Subquery:
    in_time = and_(people.c.days.is_not(None), func.coalesce(people.c.to_go >= people.c.days, true()))
    feet = [and_(people.c[f"due_{n}"] > 0, people.c[f"done_{n}"] == people.c[f"due_{n}"]) for n in range(columns)]
    return (
        select(*(_how_many(people.c.state == state.value).label(f"in_{state}") for state in State))
        .add_columns(_how_many(in_time).label("on_time"))
        .add_columns(*(_how_many(foot).label(f"foot_{n}") for n, foot in enumerate(feet)))
        .subquery("totals")
    )


def _order(people: Columns, wanted: Wanted) -> list[ColumnElement[Any]]:
    """What nobody can say comes last, whichever way; then by name."""
    name = unaccented(people.name)
    by: dict[str, ColumnElement[Any]] = {
        "name": name,
        "activity": people.last_at,
        "progress": people.minutes_done * 1000 // func.nullif(people.minutes_due, 0, type_=Integer),
        "forecast": people.days,
    }
    first = by[wanted.sort]
    unknown = case((first.is_(None), 1), else_=0)
    last: list[ColumnElement[Any]] = [name, people.membership_id, people.invitation_id]
    return [unknown, first.desc() if wanted.reverse else first, *last]


def _how_many(holds: ColumnElement[bool]) -> ColumnElement[int]:
    return _sum(case((holds, 1), else_=0))


def _sum(what: ColumnElement[Any]) -> ColumnElement[int]:
    """Of whole numbers, and one itself: PostgreSQL would make it a decimal."""
    return cast(func.coalesce(func.sum(what), 0), Integer)


def _line(row: RowMapping, today: date, zone: str, columns: int) -> Line:
    standing = Standing(
        member=row["membership_id"] is not None,
        opened=bool(row["opened"]),
        steps_done=row["steps_done"],
        steps_due=row["steps_due"],
        minutes_done=row["minutes_done"],
        minutes_due=row["minutes_due"],
        recent_steps=row["recent_steps"],
        recent_minutes=row["recent_minutes"],
        last_on=row["last_at"] and in_zone(row["last_at"], zone).date(),
        due_on=None if row["to_go"] is None else today + timedelta(days=row["to_go"]),
    )
    return Line(
        membership_id=row["membership_id"],
        invitation_id=row["invitation_id"],
        name=row["name"],
        structure=row["structure"],
        state=State(row["state"]),
        standing=standing,
        own_minutes=row["own_minutes"],
        cells=tuple((row[f"done_{n}"], row[f"due_{n}"]) for n in range(columns)),
    )
