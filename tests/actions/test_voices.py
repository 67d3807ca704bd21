"""What learners say of a step: once each, theirs to change and to take back, and nothing hangs on it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock, worker
from app.actions import accounts, learning, voices
from app.actions.merging import merge
from app.db import Engines
from app.errors import Missing, Refused
from app.models import EditionModule, Opinion, Step, StepEvent, StepVoice
from tests.build import DEMO, walk
from tests.cast import Cast
from tests.conftest import NOON

STEP, OTHER = "demo-lecture", "demo-quiz"
GUEST = timedelta(days=90)


def said(db: Session, person_id: int) -> dict[str, tuple[Opinion, str]]:
    rows = db.scalars(
        select(StepVoice).where(StepVoice.person_id == person_id).execution_options(populate_existing=True)
    )
    return {row.step_uid: (row.opinion, row.note) for row in rows}


def test_a_voice_said_twice_is_said_once_changes_and_keeps_its_word(db: Session, cast: Cast) -> None:
    learning.enrol(db, cast.lea, DEMO, 12)
    voices.say(db, cast.lea, DEMO, STEP, "helped")
    voices.add_word(db, cast.lea, STEP, " Le schéma\r\nm’a éclairée. ")
    clock.freeze(NOON + timedelta(hours=1))
    voices.say(db, cast.lea, DEMO, STEP, "helped")
    voices.add_word(db, cast.lea, STEP, "Le schéma\nm’a éclairée.")
    assert said(db, cast.lea) == {STEP: (Opinion.HELPED, "Le schéma\nm’a éclairée.")}
    assert db.scalars(select(StepVoice.at)).one() == NOON
    voices.say(db, cast.lea, DEMO, STEP, "unclear")
    assert said(db, cast.lea) == {STEP: (Opinion.UNCLEAR, "Le schéma\nm’a éclairée.")}
    assert db.scalars(select(StepVoice.at)).one() == NOON + timedelta(hours=1)


def test_it_bears_the_revision_read_and_is_no_progress(db: Session, cast: Cast) -> None:
    learning.enrol(db, cast.lea, DEMO, 12)
    voices.say(db, cast.lea, DEMO, STEP, "unclear")
    held = select(Step.revision_id).join(EditionModule, EditionModule.revision_id == Step.revision_id)
    assert db.scalars(select(StepVoice.revision_id)).one() == db.scalars(held.where(Step.uid == STEP)).one()
    assert db.scalar(select(func.count()).select_from(StepEvent)) == 0


def test_taken_back_it_goes_with_its_word_twice_as_once(db: Session, cast: Cast) -> None:
    learning.enrol(db, cast.lea, DEMO, 12)
    for uid in (STEP, OTHER):
        voices.say(db, cast.lea, DEMO, uid, "helped")
        voices.add_word(db, cast.lea, uid, "Merci.")
    for _twice in range(2):
        voices.withdraw(db, cast.lea, STEP)
        assert said(db, cast.lea) == {OTHER: (Opinion.HELPED, "Merci.")}
    voices.add_word(db, cast.lea, STEP, "Un mot sans voix.")
    assert set(said(db, cast.lea)) == {OTHER}


def test_what_cannot_be_said_is_refused(db: Session, cast: Cast) -> None:
    with pytest.raises(Missing):
        voices.say(db, cast.lea, DEMO, STEP, "helped")
    learning.enrol(db, cast.lea, DEMO, 12)
    with pytest.raises(Missing):
        voices.say(db, cast.lea, DEMO, "demo-ailleurs", "helped")
    with pytest.raises(Refused):
        voices.say(db, cast.lea, DEMO, STEP, "bof")
    voices.say(db, cast.lea, DEMO, STEP, "helped")
    voices.add_word(db, cast.lea, STEP, "é" * voices.NOTE_MAX)
    with pytest.raises(Refused):
        voices.add_word(db, cast.lea, STEP, "é" * (voices.NOTE_MAX + 1))


def test_of_two_who_become_one_the_account_s_own_stands(db: Session, cast: Cast) -> None:
    for person, opinion, word in ((cast.gus, "unclear", "De Gus"), (cast.lea, "helped", "De Léa")):
        learning.enrol(db, person, DEMO, 12)
        voices.say(db, person, DEMO, STEP, opinion)
        voices.add_word(db, person, STEP, word)
    voices.say(db, cast.gus, DEMO, OTHER, "unclear")
    merge(db, cast.gus, cast.lea)
    assert said(db, cast.lea) == {STEP: (Opinion.HELPED, "De Léa"), OTHER: (Opinion.UNCLEAR, "")}
    assert said(db, cast.gus) == {}


def test_it_goes_with_the_guest(engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        for person in (cast.gus, cast.lea):
            walk(db, person, steps=1)
            accounts.start_sign_in(db, person, "a test", GUEST)
            voices.say(db, person, DEMO, STEP, "helped")
        db.commit()
    clock.freeze(NOON + GUEST + timedelta(minutes=1))
    assert worker.forget_idle_guests(engines) == 1
    with Session(engines.read) as db:
        assert db.scalars(select(StepVoice.person_id)).all() == [cast.lea]
