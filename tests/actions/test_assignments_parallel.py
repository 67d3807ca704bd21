"""Assigned, joined, widened, merged and extended at once: nothing waits for ever, and it ends as if done in turn."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import accounts, assignments, cohorts, enrolments, learning
from app.actions.demo import demo_step
from app.actions.merging import merge
from app.db import Engines
from app.errors import Refused
from app.models import Assignment, AuditEvent, Enrolment, Membership, StepEvent, Verb
from tests.actions.test_assignments import DATES, DUE, asked, join
from tests.build import DEMO
from tests.cast import Cast

AT_ONCE = 16


def at_once(engines: Engines, verb: Callable[[Session, int], object]) -> None:
    def once(number: int) -> None:
        with Session(engines.write) as db:
            try:
                verb(db, number)
            except Refused:
                db.rollback()
            else:
                db.commit()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(once, range(AT_ONCE)))


def test_assigning_joining_and_switching_at_once_never_wait_for_each_other(engines: Engines, cast: Cast) -> None:
    """Two cohorts share their members, backwards; guests of both become accounts meanwhile."""
    with Session(engines.write) as db:
        guests = [accounts.become_guest(db, "fr") for _number in range(8)]
        made = {
            trainer: cohorts.create_cohort(db, trainer, cohorts.Wanted("Ensemble", "Europe/Paris"), key="a cohort")
            for trainer in (cast.tarik, cast.tess)
        }
        for number, guest in enumerate(guests[:6]):
            learning.enrol(db, guest, DEMO, (12, 24)[number % 2])
        for rank, cohort in enumerate(made.values()):
            for guest in guests[:6][:: 1 - 2 * rank]:
                join(db, cohort, guest)
        db.commit()

    def act(db: Session, number: int) -> object:
        trainer = (cast.tarik, cast.tess)[number % 2]
        cohort = made[trainer]
        match number // 2:
            case 0 | 1:
                return assignments.assign(db, trainer, cohort, asked(), key="one click")
            case 2:
                return join(db, cohort, guests[6])
            case 3:
                return enrolments.change_format(db, guests[0], DEMO, (12, 24)[number % 2], key=f"tab {number}")
            case 4:
                return demo_step(db, guests[2], DEMO, "demo-lecture")
            case 5:
                return merge(db, guests[5], guests[4])
            case 6:
                return learning.enrol(db, guests[7], DEMO, 12) and join(db, cohort, guests[7])
            case _:
                return assignments.assign(db, trainer, cohort, asked(12), key="another click")

    at_once(engines, act)
    with Session(engines.read) as db:
        running = db.scalars(select(Assignment)).all()
        assert len(running) == 2  # one by cohort: the other click was refused
        assert db.scalar(select(func.count()).where(AuditEvent.verb == "assignment.create")) == 2
        by_cohort = {each.cohort_id: each.format_minutes for each in running}
        own = {e.person_id: e for e in db.scalars(select(Enrolment).where(Enrolment.closed_at.is_(None)))}
        for guest in (guests[6], guests[7]):
            assert own[guest].format_minutes == max(by_cohort.values()) or min(by_cohort.values()) == 12
        keys = select(StepEvent.enrolment_id, StepEvent.key).where(StepEvent.verb == Verb.FORMAT_CHANGED)
        rows = db.execute(keys).all()
        assert len(rows) == len(set(rows))


def test_one_click_many_times_is_one_assignment_and_one_enrolment_each(engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        cohort = cohorts.create_cohort(db, cast.tarik, cohorts.Wanted("Ensemble", "Europe/Paris"), key="a cohort")
        people = [accounts.become_guest(db, "fr") for _number in range(5)]
        for person in people:
            join(db, cohort, person)
        learning.enrol(db, people[0], DEMO, 12)
        db.commit()

    def act(db: Session, number: int) -> object:
        if number < AT_ONCE // 2:
            return assignments.assign(db, cast.tarik, cohort, asked(), key="one click")
        return learning.enrol(db, people[number % 5], DEMO, 12)

    at_once(engines, act)
    with Session(engines.write) as db:
        number = db.scalars(select(Assignment.id)).one()
        assert set(db.scalars(select(Enrolment.format_minutes))) == {24}
        assert db.scalar(select(func.count()).select_from(Enrolment)) == 5
        members = db.scalars(select(Membership.id)).all()
        db.commit()

    def extend(db: Session, n: int) -> object:
        days = timedelta(days=n % 3)
        if n % 4 == 3:
            return assignments.change_dates(db, cast.tarik, cohort, number, DATES)
        return assignments.extend(db, cast.tarik, cohort, number, members[:: 1 - 2 * (n % 2)], DUE + days)

    at_once(engines, extend)
