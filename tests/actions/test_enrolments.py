"""Another format at any moment: nothing is lost, and progress is what it would have been had it been chosen first."""

import itertools

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import enrolments, learning, summaries, writing
from app.actions.demo import demo_step
from app.errors import Missing, Refused
from app.models import Enrolment, Note, StepEvent, StepProgress, Summary, Verb
from app.models.progress import Progress
from app.reads import courses
from tests.build import DEMO, enrolment, walk
from tests.cast import Cast

SHORT, LONG = 12, 24
_KEYS = (f"key {n}" for n in itertools.count())


def progress(db: Session, person_id: int) -> Progress:
    reading = courses.pathway(db, DEMO, person_id)
    assert reading.format_minutes is not None
    return Progress(courses.steps(db, reading.edition_id, reading.enrolment_id), reading.format_minutes)


def switch(db: Session, person_id: int, minutes: int, key: str | None = None) -> str | None:
    return enrolments.change_format(db, person_id, DEMO, minutes, key=key or next(_KEYS))


def switches(db: Session) -> list[dict[str, int]]:
    query = select(StepEvent.data).where(StepEvent.verb == Verb.FORMAT_CHANGED).order_by(StepEvent.id)
    return list(db.scalars(query))


def test_a_longer_format_keeps_what_is_done_and_leads_to_what_is_left(db: Session, cast: Cast) -> None:
    done = walk(db, cast.lea)
    before = progress(db, cast.lea)
    assert before.finished
    uid = switch(db, cast.lea, LONG)
    after = progress(db, cast.lea)
    assert {row.uid for row in after.required if row.done} == set(done)
    assert after.done == before.done
    assert after.credited_minutes == before.credited_minutes == 12
    assert (after.total_minutes, after.left_minutes) == (24, 12)
    assert after.next is not None
    assert after.next.uid == uid
    assert switches(db) == [{"from": SHORT, "to": LONG}]


def test_progress_in_a_format_is_what_it_would_have_been_had_it_been_chosen_first(db: Session, cast: Cast) -> None:
    learning.enrol(db, cast.noe, DEMO, LONG)
    steps = walk(db, cast.noe, steps=3)
    learning.enrol(db, cast.lea, DEMO, SHORT)
    for uid in steps:
        if progress(db, cast.lea).number(uid) is None:
            switch(db, cast.lea, LONG)
        demo_step(db, cast.lea, DEMO, uid)
        switch(db, cast.lea, SHORT)
    switch(db, cast.lea, LONG)
    lea, noe = progress(db, cast.lea), progress(db, cast.noe)
    assert [(row.uid, row.done, row.minutes_credited) for row in lea.rows] == [
        (row.uid, row.done, row.minutes_credited) for row in noe.rows
    ]
    assert (lea.done, lea.total, lea.left_minutes) == (noe.done, noe.total, noe.left_minutes)


def test_the_same_format_is_nothing_and_the_same_form_is_one_event(db: Session, cast: Cast) -> None:
    learning.enrol(db, cast.lea, DEMO, SHORT)
    switch(db, cast.lea, SHORT)
    assert switches(db) == []
    switch(db, cast.lea, LONG, "one click")
    switch(db, cast.lea, LONG, "one click")
    switch(db, cast.lea, SHORT, "another click")
    switch(db, cast.lea, LONG, "one click")  # the first form, sent again by a slow network
    assert progress(db, cast.lea).format_minutes == SHORT
    assert len(switches(db)) == 2


def test_a_format_that_is_not_there_or_not_open_is_refused_with_a_sentence(db: Session, cast: Cast) -> None:
    learning.enrol(db, cast.lea, DEMO, SHORT)
    for minutes, said in ((48, "bientôt"), (240, "n’a pas ce format"), (None, "n’a pas ce format")):
        with pytest.raises(Refused, match=said):
            enrolments.change_format(db, cast.lea, DEMO, minutes, key="k")
    with pytest.raises(Missing):
        switch(db, cast.noe, LONG)
    assert progress(db, cast.lea).format_minutes == SHORT
    assert switches(db) == []


def test_a_shorter_format_that_is_done_issues_its_bilan_once(db: Session, cast: Cast) -> None:
    walk(db, cast.noe)
    short = {row.uid for row in progress(db, cast.noe).required}
    learning.enrol(db, cast.lea, DEMO, LONG)
    for uid in short:
        demo_step(db, cast.lea, DEMO, uid)
    assert not progress(db, cast.lea).finished
    number = enrolment(db, cast.lea)
    assert switch(db, cast.lea, SHORT) is None
    switch(db, cast.lea, LONG)
    switch(db, cast.lea, SHORT)
    issued = db.scalars(select(Summary).where(Summary.enrolment_id == number)).one()
    assert (issued.format_minutes, issued.snapshot["credited_minutes"]) == (SHORT, 12)


def test_each_format_has_its_bilan_and_none_changes(db: Session, cast: Cast) -> None:
    walk(db, cast.lea)
    first = dict(db.scalars(select(Summary)).one().snapshot)
    switch(db, cast.lea, LONG)
    walk(db, cast.lea)
    summaries.give_name(db, cast.lea, "Autrement")
    db.expire_all()
    issued = db.scalars(select(Summary).order_by(Summary.format_minutes)).all()
    assert [each.format_minutes for each in issued] == [SHORT, LONG]
    assert issued[0].snapshot == first
    assert issued[1].snapshot["credited_minutes"] == 24


def test_what_was_written_and_done_in_a_longer_format_stays_when_it_shrinks(db: Session, cast: Cast) -> None:
    learning.enrol(db, cast.lea, DEMO, LONG)
    walk(db, cast.lea)
    kept = [(note.uid, note.field, note.text) for note in db.scalars(select(Note).order_by(Note.id))]
    rows = db.scalar(select(func.count()).select_from(StepProgress))
    switch(db, cast.lea, SHORT)
    assert [(note.uid, note.field, note.text) for note in db.scalars(select(Note).order_by(Note.id))] == kept
    assert db.scalar(select(func.count()).select_from(StepProgress)) == rows
    assert learning.refold(db, enrolment(db, cast.lea)) == 0
    assert progress(db, cast.lea).done == progress(db, cast.lea).total < (rows or 0)


def test_a_step_outside_the_format_is_done_once_the_format_holds_it(db: Session, cast: Cast) -> None:
    learning.enrol(db, cast.lea, DEMO, SHORT)
    longer = next(row for row in progress(db, cast.lea).rows if row.format_minutes == LONG and row.kind == "exercise")
    writing.save_notes(db, cast.lea, DEMO, {(longer.uid, "notes"): "écrit d’avance"})
    with pytest.raises(Refused):
        demo_step(db, cast.lea, DEMO, longer.uid)
    switch(db, cast.lea, LONG)
    demo_step(db, cast.lea, DEMO, longer.uid)
    assert "écrit d’avance" in db.scalars(select(Note.text).where(Note.uid == longer.uid)).all()


@limits(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([SHORT, LONG, "do", "write"]), max_size=12))
def test_whatever_the_order_nothing_done_is_ever_lost(db: Session, cast: Cast, acts: list[int | str]) -> None:
    with db.begin_nested() as undo:
        learning.enrol(db, cast.lea, DEMO, SHORT)
        chosen, done = SHORT, set[str]()
        for act in acts:
            here = progress(db, cast.lea)
            if isinstance(act, int):
                switch(db, cast.lea, act)
                chosen = act
            elif here.next is not None and act == "do":
                done.add(here.next.uid)
                demo_step(db, cast.lea, DEMO, here.next.uid)
            elif act == "write":
                writing.save_notes(db, cast.lea, DEMO, {(here.rows[0].uid, "notes"): next(_KEYS)})
        here = progress(db, cast.lea)
        assert {row.uid for row in here.rows if row.done} == done
        assert here.format_minutes == chosen
        assert here.credited_minutes == sum(row.minutes for row in here.required if row.uid in done)
        assert learning.refold(db, enrolment(db, cast.lea)) == 0
        undo.rollback()
    assert db.scalar(select(func.count()).select_from(Enrolment)) == 0
