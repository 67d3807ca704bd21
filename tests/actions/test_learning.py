"""The rules of a learner's progress, through the verbs, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import clock
from app.actions import learning, summaries, writing
from app.actions.demo import demo_step
from app.config import Settings
from app.errors import Missing, Refused
from app.models import Attempt, Enrolment, Note, StepEvent, StepProgress, Summary
from app.models.progress import Progress
from app.reads import bilan, courses
from app.reads import learning as reads
from tests.build import DEMO, enrolment, load_demo, walk
from tests.cast import Cast, make_cast
from tests.conftest import NOON


@pytest.fixture
def cast(db: Session, settings: Settings, noon: object) -> Cast:
    load_demo(db, settings.media_dir)
    return make_cast(db)


def progress(db: Session, person_id: int) -> Progress:
    reading = courses.pathway(db, DEMO, person_id)
    assert reading.format_minutes is not None
    return Progress(courses.steps(db, reading.edition_id, reading.enrolment_id), reading.format_minutes)


def test_beginning_twice_is_beginning_once(db: Session, cast: Cast) -> None:
    first = learning.enrol(db, cast.gus, DEMO, None)
    assert learning.enrol(db, cast.gus, DEMO, 24) == first
    assert db.scalar(select(func.count()).select_from(Enrolment)) == 1
    assert db.scalars(select(Enrolment)).one().format_minutes == 12


def test_a_format_being_written_cannot_be_begun(db: Session, cast: Cast) -> None:
    with pytest.raises(Refused):
        learning.enrol(db, cast.gus, DEMO, 48)
    assert db.scalar(select(func.count()).select_from(Enrolment)) == 0


def test_a_step_being_written_is_refused_inside_its_format_too(db: Session, cast: Cast) -> None:
    learning.enrol(db, cast.lea, DEMO, 24)
    db.execute(update(Enrolment).values(format_minutes=48))
    unready = [row.uid for row in progress(db, cast.lea).rows if not row.ready]
    assert unready
    for uid in unready:
        with pytest.raises(Refused, match="en cours d’écriture"):
            learning.complete_step(db, cast.lea, DEMO, uid, {}, key="k")
    assert db.scalar(select(func.count()).select_from(StepEvent)) == 0


def test_a_step_done_twice_is_done_once(db: Session, cast: Cast) -> None:
    uid = learning.enrol(db, cast.lea, DEMO, None)
    assert uid
    demo_step(db, cast.lea, DEMO, uid)
    before = progress(db, cast.lea)
    demo_step(db, cast.lea, DEMO, uid)
    learning.complete_step(db, cast.lea, DEMO, uid, {}, key="another tab")
    assert progress(db, cast.lea) == before
    assert db.scalar(select(func.count()).select_from(StepEvent)) == 1


def test_a_step_is_not_done_until_its_rule_is_met(db: Session, cast: Cast) -> None:
    walk(db, cast.lea, steps=1)
    for row in progress(db, cast.lea).missing:
        if not row.ready:
            continue
        done = learning.complete_step(db, cast.lea, DEMO, row.uid, {}, key="empty")
        assert done.complete or done.missing, row.uid
        assert done.complete == any(r.uid == row.uid and r.done for r in progress(db, cast.lea).rows), row.uid


def test_what_is_credited_is_what_was_declared(db: Session, cast: Cast) -> None:
    walk(db, cast.lea)
    here = progress(db, cast.lea)
    assert here.finished
    assert here.credited_minutes == here.total_minutes == 12
    assert here.left_minutes == 0


def test_refolding_finds_nothing_to_mend(db: Session, cast: Cast) -> None:
    walk(db, cast.lea)
    number = enrolment(db, cast.lea)
    assert learning.refold(db, number) == 0
    row = db.scalars(select(StepProgress)).first()
    assert row is not None
    row.minutes_credited += 1
    db.flush()
    assert learning.refold(db, number) == 1
    assert learning.refold(db, number) == 0


def test_a_bilan_is_issued_once_with_the_name(db: Session, cast: Cast) -> None:
    walk(db, cast.gus)
    assert db.scalar(select(func.count()).select_from(Summary)) == 0  # a guest has given no name yet
    summaries.give_name(db, cast.gus, "  Gus   de Bretagne ")
    summaries.give_name(db, cast.gus, "Gustave")
    issued = db.scalars(select(Summary)).one()
    assert issued.snapshot["name"] == "Gus de Bretagne"
    assert issued.snapshot["credited_minutes"] == 12
    assert len(issued.code) == 16


def test_a_bilan_is_issued_in_the_transaction_that_finishes(db: Session, cast: Cast) -> None:
    walk(db, cast.lea)
    assert db.scalars(select(Summary)).one().snapshot["name"] == "Lea"


def test_no_bilan_is_issued_midway(db: Session, cast: Cast) -> None:
    walk(db, cast.lea, steps=2)
    summaries.give_name(db, cast.lea, "Léa")
    assert db.scalar(select(func.count()).select_from(Summary)) == 0


def test_what_an_issued_bilan_states_never_changes(db: Session, cast: Cast) -> None:
    walk(db, cast.lea)
    before = dict(db.scalars(select(Summary)).one().snapshot)
    summaries.give_name(db, cast.lea, "Quelqu’un d’autre")
    db.expire_all()
    assert db.scalars(select(Summary)).one().snapshot == before


def test_a_step_of_another_format_is_refused_and_one_of_nobody_is_missing(db: Session, cast: Cast) -> None:
    learning.enrol(db, cast.lea, DEMO, 12)
    longer = next(row for row in progress(db, cast.lea).rows if row.format_minutes > 12 and row.ready)
    with pytest.raises(Refused):
        learning.complete_step(db, cast.lea, DEMO, longer.uid, {}, key="k")
    with pytest.raises(Missing):
        learning.complete_step(db, cast.lea, DEMO, "nowhere", {}, key="k")
    with pytest.raises(Missing):
        learning.complete_step(db, cast.noe, DEMO, longer.uid, {}, key="k")


def test_the_notebook_keeps_every_version_and_ten_minutes_make_one(db: Session, cast: Cast, noon: object) -> None:
    learning.enrol(db, cast.lea, DEMO, None)
    uid = progress(db, cast.lea).rows[0].uid
    for text, later in (("a", 0), ("ab", 2), ("abc", 15), ("abc", 40)):
        clock.freeze(NOON + timedelta(minutes=later))
        writing.save_notes(db, cast.lea, DEMO, {(uid, "notes"): text})
    kept = db.scalars(select(Note).order_by(Note.id)).all()
    assert [(note.text, note.superseded_at is None) for note in kept] == [("ab", False), ("abc", True)]


def test_an_emptied_field_or_a_stale_tab_never_erases_what_was_saved(db: Session, cast: Cast) -> None:
    uid = learning.enrol(db, cast.lea, DEMO, None)
    assert uid
    for text in ("Un texte long et précieux", "", "autre chose, d’un autre onglet"):
        writing.save_notes(db, cast.lea, DEMO, {(uid, "notes"): text})
    kept = [note.text for note in db.scalars(select(Note).order_by(Note.id))]
    assert kept[0] == "Un texte long et précieux"
    assert kept[-1] == "autre chose, d’un autre onglet"


def test_nobody_reads_the_notes_of_another(db: Session, cast: Cast) -> None:
    walk(db, cast.lea)
    learning.enrol(db, cast.noe, DEMO, None)
    edition = courses.pathway(db, DEMO, cast.lea).edition_id
    assert bilan.written(db, cast.lea, edition)
    assert bilan.written(db, cast.noe, edition) == []
    assert bilan.written_everywhere(db, cast.noe) == []


def test_a_field_that_nobody_asked_for_is_not_kept(db: Session, cast: Cast) -> None:
    uid = learning.enrol(db, cast.lea, DEMO, None)
    assert uid
    writing.save_notes(db, cast.lea, DEMO, {(uid, "made-up"): "x", ("other", "notes"): "y"})
    assert db.scalars(select(Note).filter_by(person_id=cast.lea)).all() == []


def test_a_question_once_right_stays_right_and_the_same_wrong_answer_is_no_new_try(db: Session, cast: Cast) -> None:
    learning.enrol(db, cast.lea, DEMO, None)
    here = next(row for row in progress(db, cast.lea).rows if row.kind == "quiz" and row.format_minutes <= 12)
    questions = learning.place(db, cast.lea, DEMO, here.uid).content.questions  # type: ignore[attr-defined]
    question = next(q for q in questions if q.type in ("single", "truefalse"))
    right = question.right_values()
    wrong = [next(o.id for o in question.public("s").options if [o.id] != right)]
    number = enrolment(db, cast.lea)

    def answer(values: list[str], key: str, asked: str | None = None) -> None:
        learning.create_attempt(db, cast.lea, DEMO, here.uid, {question.uid: values}, key=key, asked=asked)

    answer(wrong, "1")
    answer(wrong, "2")
    assert reads.tried(db, number, here.uid)[question.uid].tries == 1
    answer(wrong, "3", asked=question.uid)
    answer(wrong, "3", asked=question.uid)  # a double click: the same key
    assert reads.tried(db, number, here.uid)[question.uid].tries == 2
    answer(right, "4")
    answer(wrong, "5", asked=question.uid)
    assert reads.tried(db, number, here.uid)[question.uid].right
    answer(right, "4")
    assert db.scalar(select(func.count()).select_from(Attempt)) == 3


def test_a_page_found_again_in_the_history_answered_otherwise_is_another_try(db: Session, cast: Cast) -> None:
    """Its key is the old one: only the same answers make a double click."""
    learning.enrol(db, cast.lea, DEMO, 24)
    here = next(row for row in progress(db, cast.lea).rows if row.kind == "quiz" and row.format_minutes <= 12)
    questions = learning.place(db, cast.lea, DEMO, here.uid).content.questions  # type: ignore[attr-defined]
    question = next(q for q in questions if q.type in ("single", "truefalse"))
    right = question.right_values()
    wrong = [next(o.id for o in question.public("s").options if [o.id] != right)]
    for values in (wrong, wrong, right, right, wrong):
        learning.create_attempt(
            db, cast.lea, DEMO, here.uid, {question.uid: values}, key="the same", asked=question.uid
        )
    found = reads.tried(db, enrolment(db, cast.lea), here.uid)[question.uid]
    assert (found.tries, found.right) == (2, True)
    walk(db, cast.lea)
    uid = next(row.uid for row in progress(db, cast.lea).rows if row.kind == "diagnostic")
    answers = reads.own_result(db, cast.lea, reads.sittings(db, cast.lea)[0].id).answers
    others = dict.fromkeys(answers, 0)
    numbers = [learning.create_result(db, cast.lea, DEMO, uid, a, key="the same") for a in (answers, others, answers)]
    assert numbers[0] == numbers[2] != numbers[1]


def test_a_key_of_any_length_is_kept_by_both_databases(db: Session, cast: Cast) -> None:
    learning.enrol(db, cast.lea, DEMO, None)
    uid = demo_step(db, cast.lea, DEMO, "demo-lecture") and "demo-lecture"
    assert uid
    db.execute(update(StepProgress).values(task_digest="0" * 64))  # as if the task had changed: it may be redone
    learning.complete_step(db, cast.lea, DEMO, uid, {}, key="k" * 64)
    assert db.scalars(select(StepEvent).filter_by(verb="redone")).one()


def test_the_same_sitting_sent_twice_is_kept_once(db: Session, cast: Cast) -> None:
    learning.enrol(db, cast.lea, DEMO, 24)
    walk(db, cast.lea)
    sat = reads.sittings(db, cast.lea)
    assert len(sat) == 1
    answers = reads.own_result(db, cast.lea, sat[0].id).answers
    uid = next(row.uid for row in progress(db, cast.lea).rows if row.kind == "diagnostic")
    assert learning.create_result(db, cast.lea, DEMO, uid, answers, key="again") != sat[0].id
    assert learning.create_result(db, cast.lea, DEMO, uid, answers, key="again") != sat[0].id
    assert len(reads.sittings(db, cast.lea)) == 2


def test_an_answer_to_a_question_that_left_the_quiz_meanwhile_is_no_try(db: Session, cast: Cast) -> None:
    learning.enrol(db, cast.lea, DEMO, None)
    quiz = next(row.uid for row in progress(db, cast.lea).rows if row.kind == "quiz" and row.format_minutes <= 12)
    with pytest.raises(Refused):
        learning.create_attempt(db, cast.lea, DEMO, quiz, {"gone": ["1"]}, key="a page of before", asked=None)
    assert db.scalars(select(Attempt)).all() == []
