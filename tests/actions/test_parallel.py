"""Two tabs, two devices, a double click: at once, on both databases, they end as if it had been done once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import accounts, enrolments, learning, summaries, writing
from app.actions.demo import demo_step
from app.actions.merging import merge
from app.config import Settings
from app.db import Engines
from app.errors import Refused
from app.models import Enrolment, Note, Person, Result, StepEvent, StepProgress, Summary, Verb
from app.reads import learning as reads
from app.reads import written
from tests.actions.test_editions import publish, with_one_more
from tests.build import DEMO, enrolment, load_demo, walk
from tests.cast import Cast, make_cast

AT_ONCE = 12
MERGES = 20


@pytest.fixture
def cast(engines: Engines, settings: Settings) -> Cast:
    with Session(engines.write) as db:
        load_demo(db, settings.media_dir)
        found = make_cast(db)
        db.commit()
    return found


def at_once(engines: Engines, verb: Callable[[Session, int], object], times: int = AT_ONCE) -> list[object]:
    """Do it many times at the same moment, each in its own transaction."""

    def once(number: int) -> object:
        with Session(engines.write) as db:
            done = verb(db, number)
            db.commit()
            return done

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(once, range(times)))


def count(engines: Engines, model: type) -> int:
    with Session(engines.read) as db:
        return db.scalar(select(func.count()).select_from(model)) or 0


def test_beginning_at_once_makes_one_enrolment(engines: Engines, cast: Cast) -> None:
    found = at_once(engines, lambda db, _n: learning.enrol(db, cast.gus, DEMO, 12))
    assert len(set(found)) == 1
    assert count(engines, Enrolment) == 1


def test_finishing_at_once_makes_one_completion_and_one_bilan(engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        *_, last = walk(db, cast.noe)
        walk(db, cast.lea, steps=len(_))
        db.commit()
    texts = {}
    with Session(engines.read) as db:
        texts = {(last, name): text for name, text in written.texts(db, cast.noe, last).items()}
    act = learning.complete_step
    done = at_once(engines, lambda db, n: act(db, cast.lea, DEMO, last, texts, key=f"tab {n}").complete, 20)
    assert len(done) == 20
    assert all(done)
    with Session(engines.read) as db:
        number = enrolment(db, cast.lea)
        assert db.scalar(select(func.count()).where(StepEvent.enrolment_id == number, StepEvent.step_uid == last)) == 1
        assert db.scalar(select(func.count()).where(StepProgress.enrolment_id == number)) == len(_) + 1
        assert db.scalar(select(func.count()).where(Summary.enrolment_id == number)) == 1


def test_writing_at_once_keeps_one_current_text(engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        uid = learning.enrol(db, cast.lea, DEMO, 12)
        db.commit()
    assert uid
    at_once(engines, lambda db, n: writing.save_notes(db, cast.lea, DEMO, {(uid, "notes"): f"tab {n}"}))
    with Session(engines.read) as db:
        current = db.scalars(select(Note).where(Note.superseded_at.is_(None))).all()
    assert len(current) == 1
    assert current[0].text.startswith("tab ")


def test_the_same_sitting_and_the_same_name_at_once_count_once(engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        learning.enrol(db, cast.gus, DEMO, 24)
        walk(db, cast.gus)
        sat = reads.sittings(db, cast.gus)[0]
        db.commit()
    with Session(engines.read) as db:
        own = reads.own_result(db, cast.gus, sat.id)
    uid, answers = own.step_uid, own.answers
    made = at_once(
        engines, lambda db, _n: learning.create_result(db, cast.gus, DEMO, uid, answers, key="one double click")
    )
    assert len(set(made)) == 1
    assert count(engines, Result) == 2
    at_once(engines, lambda db, n: summaries.give_name(db, cast.gus, f"Gus {n}"))
    assert count(engines, Summary) == 1


def test_switching_at_once_with_one_form_is_switching_once(engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        walk(db, cast.lea)
        db.commit()
    change = enrolments.change_format
    found = at_once(engines, lambda db, _n: change(db, cast.lea, DEMO, 24, key="one click"), 20)
    assert len(set(found)) == 1
    at_once(engines, lambda db, n: change(db, cast.lea, DEMO, 24, key=f"tab {n}"), 20)
    with Session(engines.read) as db:
        changed = select(func.count()).where(StepEvent.verb == Verb.FORMAT_CHANGED)
        assert db.scalar(changed) == 1
        assert db.scalars(select(Enrolment)).one().format_minutes == 24


def test_switching_and_completing_at_once_loses_nothing(engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        *_, last = walk(db, cast.noe)
        walk(db, cast.lea, steps=len(_))
        texts = {(last, name): text for name, text in written.texts(db, cast.noe, last).items()}
        db.commit()

    def act(db: Session, number: int) -> object:
        if number % 2:
            return learning.complete_step(db, cast.lea, DEMO, last, texts, key=f"tab {number}").complete
        return enrolments.change_format(db, cast.lea, DEMO, 24 if number % 4 else 12, key=f"tab {number}")

    at_once(engines, act, 20)
    with Session(engines.write) as db:
        enrolments.change_format(db, cast.lea, DEMO, 12, key="the last choice")
        db.commit()
    with Session(engines.write) as db:
        number = enrolment(db, cast.lea)
        mine = select(StepEvent).where(StepEvent.enrolment_id == number).order_by(StepEvent.id)
        changes = [event.data for event in db.scalars(mine) if event.verb is Verb.FORMAT_CHANGED]
        here = 12
        for change in changes:  # each one starts where the one before it ended
            assert change["from"] == here != change["to"]
            here = change["to"]
        assert here == db.get_one(Enrolment, number).format_minutes == 12
        assert db.scalar(select(func.count()).where(StepEvent.enrolment_id == number, StepEvent.step_uid == last)) == 1
        assert db.scalar(select(func.count()).where(Summary.enrolment_id == number)) == 1
        assert learning.refold(db, number) == 0


def test_accepting_an_edition_switching_and_completing_at_once_have_one_effect_each(
    engines: Engines, cast: Cast, settings: Settings
) -> None:
    with Session(engines.write) as db:
        *done, last = walk(db, cast.noe)
        walk(db, cast.lea, steps=len(done))
        texts = {(last, name): text for name, text in written.texts(db, cast.noe, last).items()}
        publish(db, settings, with_one_more())
        db.commit()

    def act(db: Session, number: int) -> object:
        if number % 3 == 0:
            return enrolments.move_edition(db, cast.lea, DEMO, 2, key=f"tab {number}")
        if number % 3 == 1:
            return enrolments.change_format(db, cast.lea, DEMO, 24, key=f"tab {number}")
        return learning.complete_step(db, cast.lea, DEMO, last, texts, key=f"tab {number}").complete

    at_once(engines, act, 20)
    with Session(engines.write) as db:
        number = enrolment(db, cast.lea)
        mine = select(func.count()).where(StepEvent.enrolment_id == number)
        assert db.scalar(mine.where(StepEvent.verb == Verb.EDITION_MOVED)) == 1
        assert db.scalar(mine.where(StepEvent.verb == Verb.FORMAT_CHANGED)) == 1
        assert db.scalar(mine.where(StepEvent.step_uid == last)) == 1
        assert learning.refold(db, number) == 0


def test_the_same_guest_joined_twenty_times_at_once_is_joined_once(engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        done = walk(db, cast.gus, steps=4)
        walk(db, cast.lea, steps=2)
        db.commit()
    ways = ((cast.gus, cast.lea), (cast.lea, cast.gus))
    at_once(engines, lambda db, n: merge(db, *ways[n % 2]), MERGES)
    with Session(engines.read) as db:
        closed = db.scalars(select(Person).where(Person.merged_into_id.is_not(None))).one()
        remains = closed.merged_into_id
        assert {closed.id, remains} == {cast.gus, cast.lea}
        assert remains
        assert db.scalar(select(func.count()).where(StepEvent.verb == Verb.MERGED)) == 1
        folded = select(func.count()).where(StepProgress.enrolment_id == enrolment(db, remains))
        assert db.scalar(folded) == len(done)


def test_guests_join_an_account_while_it_and_they_go_on(engines: Engines, cast: Cast) -> None:
    """What was answered « saved » is in the account, whoever came first; who came too late was told so."""
    with Session(engines.write) as db:
        uids = walk(db, cast.noe)
        guests = [accounts.become_guest(db, "fr") for _number in range(MERGES // 4)]
        for person in (cast.lea, *guests):
            learning.enrol(db, person, DEMO, 12)
        db.commit()
    texts: list[str] = []

    def one(db: Session, number: int) -> None:
        guest, way = guests[number // 4], number % 4
        try:
            if way == 0:
                merge(db, guest, cast.lea)
            elif way == 1:
                demo_step(db, guest, DEMO, uids[number // 4])
            elif way == 2:
                writing.save_notes(db, guest, DEMO, {(uids[0], "notes"): f"guest {number}"})
            else:
                demo_step(db, cast.lea, DEMO, uids[number // 4])
        except Refused:
            db.rollback()
            return
        if way == 2:
            db.commit()
            texts.append(f"guest {number}")

    at_once(engines, one, MERGES)
    with Session(engines.read) as db:
        number = enrolment(db, cast.lea)
        done = set(db.scalars(select(StepProgress.step_uid).where(StepProgress.enrolment_id == number)))
        notes = set(db.scalars(select(Note.text).where(Note.person_id == cast.lea)))
        assert done == set(uids[: MERGES // 4])
        assert set(texts) <= notes
        events = {e.origin_id or e.id: e for e in db.scalars(select(StepEvent).where(StepEvent.enrolment_id == number))}
        theirs = select(StepEvent.id).join(Person, Person.id == StepEvent.by_id).where(Person.id.in_(guests))
        assert set(db.scalars(theirs.where(StepEvent.verb == Verb.COMPLETED))) <= set(events)
    with Session(engines.write) as db:
        assert learning.refold(db, number) == 0
