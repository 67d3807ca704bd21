"""What the banner promises: a guest who does not come back is erased, nobody else is."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock, worker
from app.actions import accounts, learning, links, marking, memberships, summaries
from app.db import Engines
from app.models import (
    AttemptAnswer,
    AxisChoice,
    Note,
    OneTimeLink,
    Person,
    Purpose,
    Result,
    SignIn,
    StepEvent,
    Summary,
    Verb,
)
from app.reads.learning import sittings
from tests.actions.test_sharing import asked, make_cohort, place_of
from tests.build import DEMO, walk
from tests.cast import Cast
from tests.conftest import NOON

GUEST = timedelta(days=90)


def count(engines: Engines, model: type) -> int:
    with Session(engines.read) as db:
        return db.scalar(select(func.count()).select_from(model)) or 0


def learned(engines: Engines, cast: Cast) -> None:
    """Gus and Léa have done the same things on the same day."""
    with Session(engines.write) as db:
        for person in (cast.gus, cast.lea):
            learning.enrol(db, person, DEMO, 24)
            walk(db, person)
            accounts.start_sign_in(db, person, "a test", GUEST)
            learning.choose_axis(db, person, sittings(db, person)[0].id, "C")
        db.commit()


def test_a_guest_is_kept_until_the_day_said_then_erased_once(engines: Engines, cast: Cast) -> None:
    learned(engines, cast)
    notes, events, results = (count(engines, model) for model in (Note, StepEvent, Result))
    clock.freeze(NOON + GUEST - timedelta(minutes=1))
    assert worker.forget_idle_guests(engines) == 0
    assert count(engines, Note) == notes
    clock.freeze(NOON + GUEST + timedelta(minutes=1))
    assert worker.forget_idle_guests(engines) == 1
    assert worker.forget_idle_guests(engines) == 0
    assert count(engines, Note) == notes / 2
    assert count(engines, Result) == results / 2
    assert count(engines, AxisChoice) == 1
    assert count(engines, StepEvent) == events  # numbers without a person
    assert count(engines, SignIn) == 1
    with Session(engines.read) as db:
        assert db.get_one(Person, cast.gus).erased_at is not None
        assert db.get_one(Person, cast.lea).name == "Lea"
        assert db.scalars(select(AttemptAnswer)).first() is not None


def test_who_holds_a_bilan_is_kept_24_months(engines: Engines, cast: Cast) -> None:
    learned(engines, cast)
    with Session(engines.write) as db:
        summaries.give_name(db, cast.gus, "Gus")
        db.commit()
    clock.freeze(NOON + timedelta(days=729))
    assert worker.forget_idle_guests(engines) == 0
    clock.freeze(NOON + timedelta(days=731))
    assert worker.forget_idle_guests(engines) == 1
    with Session(engines.read) as db:
        names = [summary.snapshot["name"] for summary in db.scalars(select(Summary).order_by(Summary.id))]
    assert sorted(names) == ["", "Lea"]


def test_tries_are_forgotten_with_their_window_and_sign_ins_and_links_after_a_year(
    engines: Engines, cast: Cast
) -> None:
    with Session(engines.write) as db:
        accounts.count_try(db, "sign-in:x", timedelta(minutes=15))
        for _ in range(2):
            accounts.start_sign_in(db, cast.lea, "a test", GUEST)
        visit = db.scalars(select(SignIn).order_by(SignIn.id)).first()
        assert visit is not None
        accounts.end_sign_in(db, visit.id)
        links.issue(db, Purpose.RESET, cast.lea, timedelta(hours=1))
        db.commit()
    assert worker.forget_security(engines) == 0
    clock.freeze(NOON + timedelta(minutes=16))
    assert worker.forget_security(engines) == 1
    clock.freeze(NOON + timedelta(days=300))
    assert worker.forget_security(engines) == 0
    clock.freeze(NOON + timedelta(days=500))
    worker.close_expired_sign_ins(engines)
    assert worker.forget_security(engines) == 2  # the sign-in that another followed, and the link
    assert worker.forget_security(engines) == 0
    assert count(engines, SignIn) == 1
    assert count(engines, OneTimeLink) == 0


def test_a_trainers_words_about_a_step_go_with_the_person_and_the_mark_stays(engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        number = make_cohort(db, cast.tarik, "Maisons", cast.gus, cast.noe)
        asked(db, number, cast.tarik)
        for person in (cast.gus, cast.noe):
            learning.enrol(db, person, DEMO, None)
            accounts.start_sign_in(db, person, "a test", GUEST)
            place, said = place_of(db, number, person), f"dit à voix haute par {person}"
            marking.mark_step(db, cast.tarik, number, place, DEMO, "demo-lecture", said, key=f"mark-{person:012d}")
        memberships.leave(db, cast.gus, number)
        db.commit()
    clock.freeze(NOON + GUEST + timedelta(minutes=1))
    assert worker.forget_idle_guests(engines) == 1
    with Session(engines.read) as db:
        marks = db.scalars(select(StepEvent).where(StepEvent.verb == Verb.COMPLETED_BY_TRAINER).order_by(StepEvent.id))
        assert [mark.data["reason"] for mark in marks] == ["", f"dit à voix haute par {cast.noe}"]
