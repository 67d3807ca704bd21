"""Self-placement: said by the learner alone, dated, once for each objective and moment, frozen in an issued bilan."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.actions import enrolments, erasure, learning, placements
from app.db import Engines
from app.errors import Missing, Refused
from app.models import Mastery, Moment, Placement, StepEvent, Summary
from app.models.placing import asked
from app.models.progress import Progress
from app.reads import courses
from app.reads import learning as reads
from tests.actions.test_parallel import at_once
from tests.build import DEMO, enrolment, walk
from tests.cast import Cast
from tests.conftest import NOON

NEED, PHRASE, STEP, RULES = "demo-obj-besoin", "demo-obj-phrase", "demo-obj-pas", "demo-obj-regles"


@pytest.fixture
def db(db: Session, cast: Cast) -> Session:
    learning.enrol(db, cast.lea, DEMO, 12)
    return db


def place(db: Session, person_id: int, moment: Moment = Moment.ENTRY, **levels: str) -> None:
    known = {"need": NEED, "phrase": PHRASE, "step": STEP, "rules": RULES}
    placements.place_oneself(db, person_id, DEMO, moment, {known.get(n, n): level for n, level in levels.items()})


def placed(db: Session, person_id: int) -> dict[tuple[str, Moment], Mastery]:
    return {key: found.level for key, found in reads.placements(db, enrolment(db, person_id)).items()}


def test_saying_it_twice_is_saying_it_once_and_keeps_its_date(db: Session, cast: Cast) -> None:
    place(db, cast.lea, need="not_yet", phrase="alone")
    clock.freeze(NOON + timedelta(hours=1))
    place(db, cast.lea, need="not_yet", phrase="with_help")
    found = reads.placements(db, enrolment(db, cast.lea))
    assert {uid: (p.level, p.at) for (uid, _moment), p in found.items()} == {
        NEED: (Mastery.NOT_YET, NOON),
        PHRASE: (Mastery.WITH_HELP, NOON + timedelta(hours=1)),
    }
    assert db.scalar(select(func.count()).select_from(StepEvent)) == 0


def test_what_is_not_answered_erases_nothing_and_entry_stands_beside_exit(db: Session, cast: Cast) -> None:
    place(db, cast.lea, need="not_yet")
    place(db, cast.lea, phrase="with_help")
    place(db, cast.lea, Moment.EXIT, need="can_explain")
    assert placed(db, cast.lea) == {
        (NEED, Moment.ENTRY): Mastery.NOT_YET,
        (PHRASE, Moment.ENTRY): Mastery.WITH_HELP,
        (NEED, Moment.EXIT): Mastery.CAN_EXPLAIN,
    }


def test_what_was_said_is_taken_back_by_who_said_it_and_may_be_said_again(db: Session, cast: Cast) -> None:
    place(db, cast.lea, need="not_yet", phrase="with_help")
    place(db, cast.lea, Moment.EXIT, need="alone")
    for _twice in range(2):
        place(db, cast.lea, need="withdrawn", phrase="with_help")
        assert placed(db, cast.lea) == {
            (PHRASE, Moment.ENTRY): Mastery.WITH_HELP,
            (NEED, Moment.EXIT): Mastery.ALONE,
        }
    place(db, cast.lea, need="alone")
    assert placed(db, cast.lea)[NEED, Moment.ENTRY] is Mastery.ALONE


@pytest.mark.parametrize("levels", [{}, {"nowhere": "alone"}, {"rules": "alone"}, {"need": "reached"}, {"need": ""}])
def test_an_unknown_objective_one_of_a_longer_format_or_a_level_that_is_none_is_refused(
    db: Session, cast: Cast, levels: dict[str, str]
) -> None:
    with pytest.raises(Refused):
        place(db, cast.lea, **levels)
    assert placed(db, cast.lea) == {}


def test_a_longer_format_brings_its_own_objectives_and_keeps_what_was_said(db: Session, cast: Cast) -> None:
    place(db, cast.lea, need="not_yet")
    enrolments.change_format(db, cast.lea, DEMO, 24, key="to-24-minutes")
    place(db, cast.lea, rules="alone")
    assert placed(db, cast.lea).keys() == {(NEED, Moment.ENTRY), (RULES, Moment.ENTRY)}


def test_somebody_else_has_no_landmark_there(db: Session, cast: Cast) -> None:
    with pytest.raises(Missing):
        place(db, cast.noe, need="alone")


def test_a_placement_never_completes_nor_counts(db: Session, cast: Cast) -> None:
    place(db, cast.lea, need="can_explain", phrase="can_explain", step="can_explain")
    reading = courses.pathway(db, DEMO, cast.lea)
    assert Progress(courses.steps(db, reading.edition_id, reading.enrolment_id), 12).done == 0


def test_the_bilan_freezes_what_was_said_and_nothing_said_later_enters_it(db: Session, cast: Cast) -> None:
    place(db, cast.lea, need="not_yet")
    walk(db, cast.lea)
    issued = db.scalars(select(Summary)).one()
    before = dict(issued.annex)
    assert before["placements"][0] == {
        "uid": NEED,
        "entry": {"level": "not_yet", "at": NOON.isoformat()},
        "exit": None,
    }
    assert [each["uid"] for each in before["placements"]] == [NEED, PHRASE, STEP]
    place(db, cast.lea, need="alone")
    place(db, cast.lea, Moment.EXIT, need="can_explain")
    db.expire_all()
    assert db.scalars(select(Summary)).one().annex == before
    held, live = reads.stated(db, enrolment(db, cast.lea))
    assert list(held) == [12]
    assert live == reads.placements(db, enrolment(db, cast.lea))


def test_it_is_asked_at_the_beginning_and_at_the_end_once(db: Session, cast: Cast) -> None:
    def due(*said: Moment) -> Moment | None:
        reading = courses.pathway(db, DEMO, cast.lea)
        return asked(Progress(courses.steps(db, reading.edition_id, reading.enrolment_id), 12), said)

    assert due() is Moment.ENTRY
    assert due(Moment.ENTRY) is None
    walk(db, cast.lea, steps=1)
    assert due() is Moment.ENTRY
    walk(db, cast.lea, steps=1)
    assert due() is None
    walk(db, cast.lea)
    assert due() is Moment.EXIT
    assert due(Moment.EXIT) is None


def test_it_is_erased_with_the_guest(db: Session, cast: Cast) -> None:
    learning.enrol(db, cast.gus, DEMO, 12)
    place(db, cast.gus, need="alone")
    erasure._erase(db, [cast.gus])
    assert db.scalar(select(func.count()).select_from(Placement)) == 0


def test_saying_it_at_once_in_many_tabs_is_saying_it_once(engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        learning.enrol(db, cast.lea, DEMO, 12)
        db.commit()
    at_once(engines, lambda db, _n: place(db, cast.lea, need="alone", step="not_yet"))
    with Session(engines.read) as db:
        assert placed(db, cast.lea) == {(NEED, Moment.ENTRY): Mastery.ALONE, (STEP, Moment.ENTRY): Mastery.NOT_YET}
