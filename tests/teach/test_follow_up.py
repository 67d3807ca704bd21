"""For any cohort, the follow-up that SQL makes is the one that the pure rules make, on both databases."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions.cohorts import Wanted, create_cohort
from app.config import Settings
from app.db import Engines
from app.i18n import in_zone
from app.models import (
    Assignment,
    Cohort,
    Edition,
    Enrolment,
    Extension,
    Invitation,
    Membership,
    Person,
    StepProgress,
    due_day,
)
from app.models.follow_up import WINDOW, Standing, State, days_left, forecast, on_time, state
from app.models.progress import Progress
from app.reads import courses, follow_up
from tests.actions.test_editions import publish, with_one_more
from tests.build import DEMO
from tests.cast import Cast

ZONES = ("Europe/Paris", "Pacific/Auckland", "America/Martinique")
FORMATS = (12, 24, 48)


@dataclass(frozen=True)
class Member:
    """`done`: rank of a step and how many hours ago; `format_minutes`: None, not enrolled."""

    format_minutes: int | None
    edition: int
    joined_hours: int
    extended: int | None
    done: dict[int, int]


hours = st.integers(0, 30 * 24) | st.integers((WINDOW - 1) * 24, (WINDOW + 1) * 24)
"""Often about where silence begins."""
near = st.integers(-2, 2)
members = st.builds(
    Member,
    st.sampled_from([None, *FORMATS]),
    st.integers(0, 1),
    st.integers(0, 900),
    st.none() | near | st.integers(-20, 20),
    st.dictionaries(st.integers(0, 14), hours, max_size=15)
    | st.builds(lambda steps, ago: dict.fromkeys(range(steps), ago), st.integers(1, 15), hours),
)
due = st.tuples(near | st.integers(-20, 20), st.none()) | st.tuples(st.none(), st.integers(1, 40))


def test_the_states_of_sql_are_those_of_the_rules(engines: Engines, cast: Cast, settings: Settings) -> None:
    lite = engines.write.dialect.name == "sqlite"
    with Session(engines.write) as db:
        publish(db, settings, with_one_more())
        db.commit()

    @rules(max_examples=30 if lite else 10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(members, max_size=8),
        st.lists(st.booleans(), max_size=2),
        due,
        st.sampled_from(FORMATS),
        st.sampled_from(ZONES),
        st.integers(0, 23),
    )
    def check(
        people: list[Member],
        invited: list[bool],
        due: tuple[int | None, int | None],
        format_minutes: int,
        zone: str,
        hour: int,
    ) -> None:
        clock.freeze(datetime(2026, 11, 25, hour, 30, tzinfo=UTC))
        with Session(engines.write) as db:
            asked, cohort = made(db, cast, people, invited, due, format_minutes, zone)
            agrees(db, cohort, asked)

    check()


def made(
    db: Session,
    cast: Cast,
    people: list[Member],
    invited: list[bool],
    due: tuple[int | None, int | None],
    format_minutes: int,
    zone: str,
) -> tuple[follow_up.Asked, Cohort]:
    now = clock.now()
    today = in_zone(now, zone).date()
    number = create_cohort(db, cast.tarik, Wanted("Une", zone), key="any cohort")
    editions = list(db.scalars(select(Edition).order_by(Edition.number)))
    editions = [edition for edition in editions if edition.pathway_id == courses.pathway(db, DEMO, None).pathway_id]
    assignment = Assignment(
        cohort_id=number,
        pathway_id=editions[0].pathway_id,
        edition_id=editions[0].id,
        format_minutes=format_minutes,
        starts_on=today - timedelta(days=20),
        due_on=today + timedelta(days=due[0]) if due[0] is not None else None,
        due_days=due[1],
        created_at=now,
        created_by=cast.tarik,
        key="asked",
    )
    db.add(assignment)
    db.flush()
    for rank, member in enumerate(people):
        joins(db, number, assignment, f"{'éEzÀ'[rank % 4]}lodie {rank}", member, editions[member.edition])
    for rank, opened in enumerate(invited):
        who = {"email": f"i{rank}@balises.example", "token_hash": f"i{rank}", "opened_at": now if opened else None}
        db.add(Invitation(cohort_id=number, created_at=now, created_by=cast.tarik, expires_at=now, **who))
    db.flush()
    (asked,) = follow_up.assignments(db, number)
    return asked, db.get_one(Cohort, number)


def joins(db: Session, number: int, assignment: Assignment, name: str, member: Member, edition: Edition) -> None:
    now = clock.now()
    joined = now - timedelta(hours=member.joined_hours)
    person = Person(lang="fr", created_at=now)
    db.add(person)
    db.flush()
    db.add(Membership(cohort_id=number, person_id=person.id, name=name, joined_at=joined))
    if member.extended is not None:
        day = now.date() + timedelta(days=member.extended)
        by = {"at": now, "by_id": assignment.created_by}
        db.add(Extension(assignment_id=assignment.id, person_id=person.id, due_on=day, **by))
    if member.format_minutes is None:
        return
    own = {"pathway_id": assignment.pathway_id, "edition_id": edition.id, "format_minutes": member.format_minutes}
    enrolment = Enrolment(person_id=person.id, started_at=joined, **own)
    db.add(enrolment)
    db.flush()
    rows = courses.steps(db, edition.id, None)
    for rank, hours in member.done.items():
        if rank < len(rows):
            at = now - timedelta(hours=hours)
            said = {"minutes_credited": 1, "task_digest": "x"}
            db.add(StepProgress(enrolment_id=enrolment.id, step_uid=rows[rank].uid, completed_at=at, **said))


def agrees(db: Session, cohort: Cohort, asked: follow_up.Asked) -> None:
    today = in_zone(clock.now(), cohort.zone).date()
    modules: dict[int, list[str]] = {}
    for row in courses.steps(db, asked.edition_id, None):
        modules.setdefault(row.module, []).append(row.uid)
    columns = list(modules.values())
    found = follow_up.follow_up(db, cohort, asked, follow_up.Wanted(columns=columns))
    expected = {member.id: standing(db, cohort, asked, member) for member in present(db, cohort)}
    assert {line.membership_id: line.standing for line in found.lines if line.membership_id} == expected
    assert all(line.state is state(line.standing, today) for line in found.lines)
    assert found.totals.people == len(found.lines)
    assert +Counter(found.totals.states) == Counter(line.state for line in found.lines)
    assert found.totals.on_time == sum(on_time(line.standing, today) for line in found.lines)
    feet = tuple(
        sum(0 < due == done for done, due in cells) for cells in zip(*(ln.cells for ln in found.lines), strict=True)
    )
    assert not found.lines or found.totals.feet == feet
    for wanted in State:
        some = follow_up.follow_up(db, cohort, asked, follow_up.Wanted(columns=columns, state=wanted)).lines
        assert some == tuple(line for line in found.lines if line.state is wanted)
    dates = follow_up.follow_up(db, cohort, asked, follow_up.Wanted(columns=columns, sort="forecast")).lines
    days = [days_left(line.standing) for line in dates]
    assert days == sorted(days, key=lambda day: (day is None, day))
    assert [forecast(line.standing, today) for line in dates] == [
        None if day is None else today + timedelta(days=day) for day in days
    ]


def present(db: Session, cohort: Cohort) -> list[Membership]:
    return list(db.scalars(select(Membership).where(Membership.cohort_id == cohort.id)))


def standing(db: Session, cohort: Cohort, asked: follow_up.Asked, member: Membership) -> Standing:
    """From what every other page reads, one person at a time."""
    own = db.scalar(select(Enrolment).where(Enrolment.person_id == member.person_id, Enrolment.closed_at.is_(None)))
    edition = own.edition_id if own else asked.edition_id
    offers = {format.minutes: not format.unready_steps for format in courses.formats(db, [edition])[edition]}
    measured = asked.format_minutes if offers.get(asked.format_minutes) or own is None else own.format_minutes
    rows = courses.steps(db, edition, own.id if own else None)
    progress = Progress(rows, measured)
    done = [row for row in progress.required if row.completed_at]
    recent = [row for row in done if row.completed_at and age(row.completed_at, cohort) < WINDOW]
    ever = [row.completed_at for row in rows if row.completed_at]
    extension = db.scalar(select(Extension).where(Extension.person_id == member.person_id))
    return Standing(
        steps_done=progress.done,
        steps_due=progress.total,
        minutes_done=sum(row.minutes for row in done),
        minutes_due=progress.total_minutes,
        recent_steps=len(recent),
        recent_minutes=sum(row.minutes for row in recent),
        last_on=in_zone(max(ever), cohort.zone).date() if ever else None,
        due_on=due_day(
            due_on=asked.due_on,
            due_days=asked.due_days,
            starts_on=asked.starts_on,
            joined_at=member.joined_at,
            extended=extension.due_on if extension else None,
            zone=cohort.zone,
        ),
    )


def age(when: datetime, cohort: Cohort) -> int:
    """Days since that day, in the cohort's zone."""
    today: date = in_zone(clock.now(), cohort.zone).date()
    return (today - in_zone(when, cohort.zone).date()).days
