"""For any order of assigning, joining, choosing, leaving, moving and withdrawing, nothing done or written is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from hypothesis import HealthCheck, example, given
from hypothesis import settings as rules
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import assignments, cohorts, enrolments, learning, memberships, writing
from app.actions.demo import demo_step
from app.errors import Missing, Refused
from app.models import Assignment, Enrolment, Membership, Note, StepEvent, StepProgress
from tests.actions.test_assignments import DUE, asked
from tests.build import DEMO
from tests.cast import Cast
from tests.conftest import NOON

WORDS = {("demo-phrase", "notes"): "Mes mots"}
ACTS = (
    "assign 12",
    "assign 24",
    "join",
    "leave",
    "shorter",
    "longer",
    "step",
    "write",
    "extend",
    "withdraw",
    "restore",
)


@contextmanager
def undone(db: Session) -> Iterator[None]:
    """Each life begins from the same day."""
    whole = db.begin_nested()
    try:
        yield
    finally:
        whole.rollback()
        db.expire_all()


def act(db: Session, cast: Cast, cohort: int, name: str, rank: int) -> None:
    running = db.scalars(select(Assignment.id).order_by(Assignment.withdrawn_at.is_not(None), Assignment.id.desc()))
    number = next(iter(running.all()), 0)
    members = db.scalars(select(Membership.id).filter_by(cohort_id=cohort, left_at=None)).all()
    match name.split():
        case ["assign", minutes]:
            assignments.assign(db, cast.tarik, cohort, asked(int(minutes)), key=f"click {rank}")
        case ["join"]:
            memberships.join(db, cohort, cast.lea, name="Léa")
        case ["leave"]:
            memberships.leave(db, cast.lea, cohort)
        case ["shorter"]:
            enrolments.change_format(db, cast.lea, DEMO, 12, key=f"click {rank}")
        case ["longer"]:
            enrolments.change_format(db, cast.lea, DEMO, 24, key=f"click {rank}")
        case ["step"]:
            uid = learning.enrol(db, cast.lea, DEMO, 12)
            if uid is not None:
                demo_step(db, cast.lea, DEMO, uid)
        case ["write"]:
            writing.save_notes(db, cast.lea, DEMO, WORDS)
        case ["extend"]:
            assignments.extend(db, cast.tarik, cohort, number, members, DUE)
        case ["withdraw"]:
            assignments.withdraw(db, cast.tarik, cohort, number)
        case _:
            assignments.restore(db, cast.tarik, cohort, number)


def test_no_life_in_a_cohort_loses_anything(db: Session, cast: Cast) -> None:
    cohort = cohorts.create_cohort(db, cast.tarik, cohorts.Wanted("Les maisons", "Europe/Paris"), key="a cohort")

    @example(["assign 12", "join", "leave", "withdraw", "join", "assign 24"])
    @rules(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.sampled_from(ACTS), min_size=4, max_size=14))
    def live(acts: list[str]) -> None:
        with undone(db):
            wanted: int | None = None
            for rank, name in enumerate(acts):
                clock.freeze(NOON + timedelta(seconds=rank))  # nothing happens at the very moment of something else
                before = held(db, cast.lea)
                mine, member = format_of(db, cast.lea), is_member(db, cast.lea)
                try:
                    with db.begin_nested():
                        act(db, cast, cohort, name, rank)
                        db.flush()
                except (Refused, Missing):
                    assert held(db, cast.lea) == before
                    assert format_of(db, cast.lea) == mine
                    continue
                assert before <= held(db, cast.lea), acts
                now = format_of(db, cast.lea)
                match name.split():
                    case ["shorter"] | ["longer"]:
                        assert now == (12 if name == "shorter" else 24)
                    case ["assign", minutes] if member:
                        assert now == max(mine or 0, int(minutes))
                    case ["assign", *_] | ["leave"] | ["write"] | ["extend"] | ["withdraw"]:
                        assert now == mine
                    case ["join"] if member:
                        assert now == mine
                    case _:
                        assert (now or 0) >= (mine or 0)
                wanted = now
            if wanted is not None:
                assert all(learning.refold(db, number) == 0 for number in db.scalars(select(Enrolment.id)))

    live()


def held(db: Session, person: int) -> set[tuple[str, object]]:
    """What must never go: steps done, events, words."""
    mine = select(Enrolment.id).where(Enrolment.person_id == person)
    done = db.scalars(select(StepProgress.step_uid).where(StepProgress.enrolment_id.in_(mine)))
    events = db.scalars(select(StepEvent.id).where(StepEvent.enrolment_id.in_(mine)))
    notes = db.scalars(select(Note.text).where(Note.person_id == person))
    return {*(("step", u) for u in done), *(("event", n) for n in events), *(("note", t) for t in notes)}


def format_of(db: Session, person: int) -> int | None:
    return db.scalar(select(Enrolment.format_minutes).filter_by(person_id=person, closed_at=None))


def is_member(db: Session, person: int) -> bool:
    return db.scalar(select(Membership.id).filter_by(person_id=person, left_at=None)) is not None
