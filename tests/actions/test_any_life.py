"""For any life of two people in a pathway that keeps changing, in any order, what they did is right and never lost.

Complete, try, write, switch format, accept an edition, meet a correctif, send a form again, from two tabs, join an
account: after each act rules 1 to 8 of the product hold, the fold of the events is what is stored, and every screen
that shows progress shows the same.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as rules
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.actions import accounts, enrolments, learning, writing
from app.actions.demo import demo_step
from app.actions.merging import merge
from app.config import Settings
from app.db import Engines
from app.errors import Refused
from app.learn import pages
from app.models import Attempt, Enrolment, Note, Person, StepEvent, StepProgress, Summary, Verb
from app.models.progress import Progress
from app.policy import Me
from app.reads import courses
from app.reads import learning as reads
from app.steps.questions import Question
from tests.actions.test_editions import EXERCISE, READING, edited, publish, with_one_more, without_kit_step
from tests.build import DEMO, demo_files, load_demo
from tests.conftest import NOON

LIVES = int(os.environ.get("LIVES", "0"))
"""How many to live: few in `make test`, many in `make soak`."""
PHASES = [Phase.explicit, Phase.generate] if "SHORT" in os.environ else list(Phase)
"""Without shrinking, a failure is known at once."""
FORMATS = (12, 24, 48)
WRITTEN, QUIZ = "demo-phrase", "demo-quiz"
KEYS = st.sampled_from(["un", "deux", "trois"])
"""Few, so that a form is often sent again."""
EDITIONS = {
    "first": demo_files,
    "reworded": lambda: edited((READING, "title: ", "title: Relu, ")),
    "asked otherwise": lambda: edited((EXERCISE, "  label: ", "  label: Autrement, ")),
    "one step less": without_kit_step,
    "one step more": with_one_more,
}


@dataclass
class Life:
    """What one person should find."""

    number: int
    format_minutes: int = 0
    edition: int = 0
    """The edition of the enrolment, as it was begun or accepted."""
    done: dict[str, tuple[int, object]] = field(default_factory=dict)
    """Step -> the minutes credited and the moment of the first completion."""
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    ever: set[tuple[str, str, str]] = field(default_factory=set)
    closed: bool = False


class AnyLife(RuleBasedStateMachine):
    engines: ClassVar[Engines]
    config: ClassVar[Settings]

    def __init__(self) -> None:
        super().__init__()
        clock.freeze(NOON)
        self.db = Session(self.engines.write)
        self.live = "first"
        self.snapshots: dict[int, object] = {}

    def teardown(self) -> None:
        self.db.rollback()
        self.db.close()
        clock.freeze(NOON)

    @initialize(named=st.booleans(), chosen=st.sampled_from([12, 24]))
    def two_people(self, named: bool, chosen: int) -> None:
        self.lives = []
        for name in ("Gus", "Léa"):
            number = accounts.become_guest(self.db, "fr")
            person = self.db.get_one(Person, number)
            person.name = name if named else None
            if name == "Léa":
                person.claimed_at = clock.now()
            learning.enrol(self.db, number, DEMO, chosen)
            self.lives.append(Life(number, chosen, self._enrolment(number).edition_id))
        self.db.flush()

    # What they do

    @rule(who=st.integers(0, 1), rank=st.integers(0, 12))
    def complete(self, who: int, rank: int) -> None:
        life = self._life(who)
        progress = self._progress(life)
        row = progress.required[rank % len(progress.required)]
        with self._act(life):
            demo_step(self.db, life.number, DEMO, row.uid)
        self._note_all(life, row.uid)
        life.done.setdefault(row.uid, (row.minutes, clock.now()))

    @rule(who=st.integers(0, 1), rank=st.integers(0, 12))
    def complete_from_two_tabs(self, who: int, rank: int) -> None:
        self.complete(who, rank)
        before = self._counts(self._life(who))
        life = self._life(who)
        uid = self._progress(life).required[rank % len(self._progress(life).required)].uid
        for key in (f"demo-{uid}", "another-tab"):
            learning.complete_step(self.db, life.number, DEMO, uid, {}, key=key)
        assert self._counts(life) == before

    @rule(who=st.integers(0, 1), words=st.sampled_from(["bleu", "vert", "rouge"]), box=st.sampled_from(["notes"]))
    def write(self, who: int, words: str, box: str) -> None:
        life = self._life(who)
        with self._act(life):
            writing.save_notes(self.db, life.number, DEMO, {(WRITTEN, box): words})
        self._note_all(life, WRITTEN)

    @rule(who=st.integers(0, 1), key=KEYS, right=st.booleans())
    def try_a_quiz(self, who: int, key: str, right: bool) -> None:
        life = self._life(who)
        before = self._counts(life)
        question = self._question(life)
        values = question.right_values() if right else self._wrong(question)
        with self._act(life):
            for _twice in range(2):
                learning.create_attempt(
                    self.db, life.number, DEMO, QUIZ, {question.uid: values}, key=key, asked=question.uid
                )
        assert self._counts(life)[Attempt] - before[Attempt] in (0, 1)

    @rule(who=st.integers(0, 1), to=st.sampled_from(FORMATS), key=KEYS)
    def switch(self, who: int, to: int, key: str) -> None:
        life = self._life(who)
        fresh = self.db.scalar(
            select(StepEvent.id).filter_by(
                enrolment_id=self._enrolment(life.number).id, key=enrolments.event_key("@format", key)
            )
        )
        open_ones = {f.minutes for f in self._formats(life) if f.offered}
        with self._act(life):
            if to not in open_ones and to != life.format_minutes and fresh is None:
                with pytest.raises(Refused):
                    enrolments.change_format(self.db, life.number, DEMO, to, key=key)
                return
            for _twice in range(2):
                enrolments.change_format(self.db, life.number, DEMO, to, key=key)
        if fresh is None:
            life.format_minutes = to

    @rule(what=st.sampled_from(sorted(EDITIONS)))
    def publish_an_edition(self, what: str) -> None:
        clock.freeze(clock.now() + timedelta(hours=1))
        publish(self.db, self.config, EDITIONS[what](), note="Relecture")
        self.live = what

    @precondition(lambda self: self.live in ("first", "reworded"))
    @rule()
    def publish_a_correctif(self) -> None:
        clock.freeze(clock.now() + timedelta(hours=1))
        self.live = "reworded" if self.live == "first" else "first"
        publish(self.db, self.config, EDITIONS[self.live](), note="Une faute", correctif=True)

    @rule(who=st.integers(0, 1))
    def accept_the_newest(self, who: int) -> None:
        life = self._life(who)
        offer = courses.pathway(self.db, DEMO, life.number).offer
        if offer is None:
            return
        opened = {f.minutes for f in courses.formats(self.db, [offer.edition_id])[offer.edition_id] if f.offered}
        with self._act(life):
            if life.format_minutes not in opened:
                with pytest.raises(Refused):
                    enrolments.move_edition(self.db, life.number, DEMO, offer.number, key="e")
                return
            for _twice in range(2):
                enrolments.move_edition(self.db, life.number, DEMO, offer.number, key=f"e{offer.number}")
        life.edition = offer.edition_id

    @precondition(lambda self: not self.lives[0].closed)
    @rule()
    def the_guest_joins_the_account(self) -> None:
        gus, lea = self.lives
        longer = gus.format_minutes if gus.format_minutes > lea.format_minutes else lea.format_minutes
        offered = {f.minutes for f in self._formats(lea) if f.offered}
        clock.freeze(clock.now() + timedelta(hours=1))
        for _twice in range(2):
            merge(self.db, gus.number, lea.number)
        self.db.expire_all()
        lea.format_minutes = longer if longer in offered else lea.format_minutes
        for uid, (minutes, at) in gus.done.items():
            if uid not in lea.done or at < lea.done[uid][1]:  # type: ignore[operator]
                lea.done[uid] = (minutes, at)
        lea.ever |= gus.ever
        lea.texts = {**lea.texts, **{place: self._current(lea)[place] for place in gus.texts}}
        gus.closed = True

    # What must hold

    @invariant()
    def what_is_done_is_done_and_credited_once(self) -> None:
        for life in self._open():
            enrolment = self._enrolment(life.number)
            assert learning.refold(self.db, enrolment.id) == 0
            stored = {
                row.step_uid: (row.minutes_credited, row.completed_at)
                for row in self.db.scalars(select(StepProgress).filter_by(enrolment_id=enrolment.id))
            }
            assert stored == life.done
            once = select(func.count()).where(StepEvent.enrolment_id == enrolment.id, StepEvent.verb == Verb.COMPLETED)
            assert (self.db.scalar(once) or 0) <= len(life.done)

    @invariant()
    def progress_is_what_it_would_have_been_had_the_format_been_chosen_first(self) -> None:
        for life in self._open():
            assert self._enrolment(life.number).format_minutes == life.format_minutes
            assert self._enrolment(life.number).edition_id == life.edition
            progress = self._progress(life)
            inside = {
                row.uid for row in progress.rows if row.format_minutes <= life.format_minutes and not row.optional
            }
            assert {row.uid for row in progress.required} == inside
            assert progress.done == len(inside & set(life.done))
            for shorter, longer in pairwise(FORMATS):
                assert {r.uid for r in progress.rows if r.format_minutes <= shorter} <= {
                    r.uid for r in progress.rows if r.format_minutes <= longer
                }

    @invariant()
    def nothing_written_is_lost(self) -> None:
        for life in self._open():
            assert {place: self._current(life).get(place) for place in life.texts} == life.texts
            kept = select(Note.uid, Note.field, Note.text).where(Note.person_id == life.number)
            assert life.ever <= {tuple(row) for row in self.db.execute(kept)}

    @invariant()
    def one_bilan_for_a_format_issued_when_finished_and_named_and_never_changed(self) -> None:
        for life in self._open():
            enrolment = self._enrolment(life.number)
            held = reads.summaries(self.db, enrolment.id)
            formats = [summary.format_minutes for summary in held] if isinstance(held, list) else list(held)
            assert len(formats) == len(set(formats))
            if self._progress(life).finished and self.db.get_one(Person, life.number).name:
                assert life.format_minutes in formats
        for summary in self.db.scalars(select(Summary)):
            assert self.snapshots.setdefault(summary.id, summary.snapshot) == summary.snapshot

    @invariant()
    def every_screen_shows_the_same(self) -> None:
        for life in self._open():
            progress = self._progress(life)
            truth = (progress.done, progress.total, progress.left_minutes)
            me = self._me(life)
            uid = (progress.next or progress.rows[0]).uid
            step = pages.step(self.db, me, DEMO, uid)
            assert (step.done, step.total, step.left_minutes) == truth
            pathway = pages.pathway(self.db, me, DEMO)
            assert pathway.resume is not None
            assert (pathway.resume.done, pathway.resume.total, pathway.resume.left_minutes) == truth
            for page in (pages.home(self.db, me), pages.journey(self.db, me)):
                if page.resume is None:  # finished: nothing to go on with
                    assert progress.finished
                else:
                    assert (page.resume.done, page.resume.total, page.resume.left_minutes) == truth

    # Pieces

    def _life(self, who: int) -> Life:
        return self.lives[1] if self.lives[who].closed else self.lives[who]

    def _open(self) -> Iterator[Life]:
        return (life for life in self.lives if not life.closed)

    @contextmanager
    def _act(self, life: Life) -> Iterator[None]:
        clock.freeze(clock.now() + timedelta(hours=1))
        yield
        self.db.flush()
        self.db.expire_all()

    def _enrolment(self, person_id: int) -> Enrolment:
        return self.db.scalars(select(Enrolment).filter_by(person_id=person_id, closed_at=None)).one()

    def _progress(self, life: Life) -> Progress:
        reading = courses.pathway(self.db, DEMO, life.number)
        rows = courses.steps(self.db, reading.edition_id, reading.enrolment_id)
        return Progress(rows, reading.format_minutes or 0)

    def _formats(self, life: Life) -> tuple[object, ...]:
        edition = courses.pathway(self.db, DEMO, life.number).edition_id
        return courses.formats(self.db, [edition])[edition]

    def _current(self, life: Life) -> dict[tuple[str, str], str]:
        query = select(Note).where(Note.person_id == life.number, Note.superseded_at.is_(None))
        return {(note.uid, note.field): note.text for note in self.db.scalars(query)}

    def _note_all(self, life: Life, uid: str) -> None:
        """What the act has just written on a step is what should be found from now on."""
        for (step, name), text in self._current(life).items():
            if step == uid:
                life.texts[step, name] = text
                life.ever.add((step, name, text))

    def _question(self, life: Life) -> Question:
        return learning.place(self.db, life.number, DEMO, QUIZ).content.questions[0]  # type: ignore[attr-defined]

    def _wrong(self, question: Question) -> list[str]:
        ids = [option.id for option in question.public("").options]
        return [next(number for number in ids if number not in question.right_values())]

    def _counts(self, life: Life) -> dict[type, int]:
        enrolment = self._enrolment(life.number).id
        return {
            model: self.db.scalar(select(func.count()).where(model.enrolment_id == enrolment)) or 0
            for model in (StepEvent, StepProgress, Attempt)
        }

    def _me(self, life: Life) -> Me:
        person = self.db.get_one(Person, life.number)
        return Me(
            id=person.id,
            guest=person.claimed_at is None,
            name=person.name,
            email=None,
            lang="fr",
            zone="Europe/Paris",
            sign_in_id=0,
            expires_at=clock.now() + timedelta(days=1),
        )


def test_any_life_is_right_and_never_lost(engines: Engines, settings: Settings, noon: object) -> None:
    with Session(engines.write) as db:
        load_demo(db, settings.media_dir)
        db.commit()
    lite = engines.write.dialect.name == "sqlite"
    machine = type("Life", (AnyLife,), {"engines": engines, "config": settings})
    run_state_machine_as_test(
        machine,
        settings=rules(
            max_examples=LIVES or (6 if lite else 2),
            stateful_step_count=12,
            deadline=None,
            phases=PHASES,
            suppress_health_check=list(HealthCheck),
        ),
    )
