"""A new edition is offered, never pushed; a correctif is proved and reaches those midway; nothing done is ever lost."""

from collections.abc import Mapping

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.actions import authoring, enrolments, learning, writing
from app.actions.demo import demo_step
from app.config import Settings
from app.content import course
from app.errors import Refused
from app.models import Edition, Enrolment, Note, StepEvent, StepProgress, Summary, Verb
from app.models.progress import Progress, StepRow
from app.reads import bilan, courses
from app.reads import learning as reads
from app.steps import KINDS
from app.steps.quiz import Quiz
from tests.build import DEMO, demo_files, enrolment, walk
from tests.cast import Cast

READING = "pathways/demo/10-decouvrir/10-la-meme-rue.md"
EXERCISE = "pathways/demo/20-agir/10-ma-phrase.md"
QUIZ = "pathways/demo/10-decouvrir/20-besoin-ou-solution.md"
KIT_STEP = "pathways/demo/20-agir/20-ouvrir-le-kit.md"
FRONT = "pathways/demo/pathway.md"

Files = dict[str, bytes]


def edited(*changes: tuple[str, str, str], files: Mapping[str, bytes] | None = None) -> Files:
    """The demonstration, with some words of some files replaced."""
    found = dict(files or demo_files())
    for path, old, new in changes:
        text = found[path].decode()
        assert old in text, (path, old)
        found[path] = text.replace(old, new, 1).encode()
    return found


def publish(db: Session, settings: Settings, files: Files, *, note: str = "", correctif: bool = False) -> None:
    loaded = course.load_course(files, KINDS)
    done = authoring.load(db, loaded, settings.media_dir, note=note, correctif=correctif)
    assert done.ok, [*map(str, done.problems)]


REWORDED = edited((READING, "title: ", "title: Relu, "))
REASKED = edited((EXERCISE, "  label: ", "  label: Autrement, "))


def without_kit_step() -> Files:
    """One required step less, its minute given to another."""
    files = {path: content for path, content in demo_files().items() if not path.startswith(KIT_STEP[:-2])}
    return edited((EXERCISE, "minutes: 3", "minutes: 4"), files=files)


def with_one_more() -> Files:
    """One required step more in the shortest format."""
    files = edited((EXERCISE, "minutes: 3", "minutes: 2"))
    added = files[KIT_STEP].decode().replace("uid: demo-kit", "uid: demo-en-plus")
    assert "demo-en-plus" in added
    return files | {KIT_STEP.replace("20-ouvrir", "25-rouvrir"): added.encode()}


def reading(db: Session, person_id: int) -> courses.Reading:
    return courses.pathway(db, DEMO, person_id)


def progress(db: Session, person_id: int) -> Progress:
    found = reading(db, person_id)
    return Progress(courses.steps(db, found.edition_id, found.enrolment_id), found.format_minutes or 0)


def row(db: Session, person_id: int, uid: str) -> StepRow:
    return next(row for row in progress(db, person_id).rows if row.uid == uid)


def uid_of(path: str) -> str:
    return demo_files()[path].decode().split("uid: ")[1].split("\n")[0]


def withdraw(db: Session, number: int) -> None:
    db.scalars(select(Edition).filter_by(number=number)).one().withdrawn_at = clock.now()
    db.flush()


def test_a_correctif_reaches_who_is_midway_and_who_begins(db: Session, settings: Settings, cast: Cast) -> None:
    done = walk(db, cast.lea, steps=2)
    before = progress(db, cast.lea)
    publish(db, settings, REWORDED, note="Un titre mal orthographié.", correctif=True)
    found = reading(db, cast.lea)
    assert found.edition == 2
    assert [fix.note for fix in found.corrections] == ["Un titre mal orthographié."]
    assert found.offer is None
    assert row(db, cast.lea, uid_of(READING)).title.startswith("Relu, ")
    after = progress(db, cast.lea)
    assert {step.uid for step in after.rows if step.done} == set(done)
    assert (after.done, after.total, after.left_minutes) == (before.done, before.total, before.left_minutes)
    assert not any(step.changed for step in after.rows)
    assert db.scalars(select(Enrolment.edition_id)).one() == found.own_edition_id != found.edition_id
    walk(db, cast.lea)
    assert db.scalars(select(Summary)).one().snapshot["edition"] == 2
    learning.enrol(db, cast.noe, DEMO, None)
    assert reading(db, cast.noe).corrections == ()
    assert next(iter(courses.open_steps(db, cast.lea, courses.pathways(db, cast.lea)).values()))[0].title.startswith(
        "Relu, "
    )


@pytest.mark.parametrize(
    ("files", "why"),
    [
        (edited((EXERCISE, "  label: ", "  label: Autrement, ")), "consigne"),
        (edited((QUIZ, "answer: no", "answer: yes")), "consigne"),
        (edited((EXERCISE, "minutes: 3", "minutes: 2"), (READING, "minutes: 3", "minutes: 4")), "durée"),
        (edited((KIT_STEP, "minutes: 1", "minutes: 1\noptional: yes")), "facultative"),
        (without_kit_step(), "durée"),
        (with_one_more(), "durée"),
        (edited((FRONT, "  - demo-quiz\n", "")), "objectifs"),
    ],
    ids=["task", "answer", "minutes", "optional", "removed", "added", "objectives"],
)
def test_a_correctif_that_changes_more_is_refused_and_publishes_nothing(
    db: Session, settings: Settings, cast: Cast, files: Files, why: str
) -> None:
    loaded = course.load_course(files, KINDS)
    assert not loaded.problems
    with db.begin_nested(), pytest.raises(Refused, match=why):
        authoring.load(db, loaded, settings.media_dir, note="Rien.", correctif=True)
    db.rollback()
    assert db.scalar(select(func.count()).select_from(Edition)) == 1


def test_a_correctif_says_what_it_corrects(db: Session, settings: Settings, cast: Cast) -> None:
    with pytest.raises(Refused, match="une phrase"):
        authoring.load(db, course.load_course(REWORDED, KINDS), settings.media_dir, note=" ", correctif=True)


def test_correctifs_follow_one_another_and_a_withdrawn_one_is_passed_over(
    db: Session, settings: Settings, cast: Cast
) -> None:
    walk(db, cast.lea, steps=1)
    for number, words in enumerate(("une", "deux", "trois"), 2):
        publish(db, settings, edited((READING, "title: ", f"title: {words} ")), note=words, correctif=True)
        assert reading(db, cast.lea).edition == number
    assert [fix.note for fix in reading(db, cast.lea).corrections] == ["une", "deux", "trois"]
    withdraw(db, 4)
    assert reading(db, cast.lea).edition == 3
    publish(db, settings, edited((READING, "title: ", "title: quatre ")), note="quatre", correctif=True)
    assert reading(db, cast.lea).edition == 5
    assert [fix.note for fix in reading(db, cast.lea).corrections] == ["une", "deux", "quatre"]


def test_a_correctif_of_a_later_edition_does_not_reach_an_earlier_one(
    db: Session, settings: Settings, cast: Cast
) -> None:
    walk(db, cast.lea, steps=1)
    publish(db, settings, REASKED)
    publish(db, settings, edited((READING, "title: ", "title: Relu, "), files=REASKED), note="Relu.", correctif=True)
    found = reading(db, cast.lea)
    assert (found.edition, found.corrections) == (1, ())
    assert found.offer is not None
    assert found.offer.number == 3


def test_a_new_edition_is_offered_and_changes_nothing_until_it_is_accepted(
    db: Session, settings: Settings, cast: Cast
) -> None:
    walk(db, cast.lea, steps=2)
    before = progress(db, cast.lea)
    publish(db, settings, with_one_more(), note="Une étape de plus.")
    found = reading(db, cast.lea)
    assert found.edition == 1
    assert found.offer is not None
    assert (found.offer.number, found.offer.note) == (2, "Une étape de plus.")
    assert progress(db, cast.lea) == before
    enrolments.move_edition(db, cast.lea, DEMO, 2, key="yes")
    after = progress(db, cast.lea)
    assert (after.done, after.total) == (before.done, before.total + 1)
    assert after.credited_minutes == before.credited_minutes
    assert reading(db, cast.lea).offer is None


def test_accepting_twice_is_accepting_once_and_leaves_its_trace(db: Session, settings: Settings, cast: Cast) -> None:
    walk(db, cast.lea, steps=1)
    publish(db, settings, REASKED)
    for key in ("one click", "one click", "another tab"):
        enrolments.move_edition(db, cast.lea, DEMO, 2, key=key)
    moved = db.scalars(select(StepEvent).where(StepEvent.verb == Verb.EDITION_MOVED)).one()
    numbers = {edition.id: edition.number for edition in db.scalars(select(Edition))}
    assert [numbers[moved.data[end]] for end in ("from", "to")] == [1, 2]


def test_nobody_moves_backwards_nor_to_what_is_not_on_offer(db: Session, settings: Settings, cast: Cast) -> None:
    publish(db, settings, REASKED)
    walk(db, cast.lea, steps=1)
    assert reading(db, cast.lea).edition == 2
    with pytest.raises(Refused, match="plus ancienne"):
        enrolments.move_edition(db, cast.lea, DEMO, 1, key="back")
    for number in (3, None):
        with pytest.raises(Refused, match="proposée"):
            enrolments.move_edition(db, cast.lea, DEMO, number, key="away")
    publish(db, settings, demo_files() | {})
    withdraw(db, 3)
    with pytest.raises(Refused, match="proposée"):
        enrolments.move_edition(db, cast.lea, DEMO, 3, key="gone")
    assert reading(db, cast.lea).edition == 2


def test_an_edition_that_does_not_open_one_s_format_is_refused(db: Session, settings: Settings, cast: Cast) -> None:
    learning.enrol(db, cast.lea, DEMO, 24)
    publish(db, settings, edited(("pathways/demo/20-agir/70-jalon-24.md", "minutes: 1\n", "minutes: 1\nready: no\n")))
    with pytest.raises(Refused, match="n’ouvre pas votre format"):
        enrolments.move_edition(db, cast.lea, DEMO, 2, key="k")
    assert reading(db, cast.lea).edition == 1
    enrolments.change_format(db, cast.lea, DEMO, 12, key="shorter")
    enrolments.move_edition(db, cast.lea, DEMO, 2, key="k")
    assert reading(db, cast.lea).edition == 2


def test_a_changed_task_stays_done_and_may_be_redone(db: Session, settings: Settings, cast: Cast) -> None:
    walk(db, cast.lea)
    uid = uid_of(EXERCISE)
    first = row(db, cast.lea, uid)
    written = db.scalars(select(Note).where(Note.uid == uid, Note.superseded_at.is_(None))).all()
    publish(db, settings, REASKED)
    assert not row(db, cast.lea, uid).changed
    enrolments.move_edition(db, cast.lea, DEMO, 2, key="yes")
    changed = row(db, cast.lea, uid)
    assert changed.done
    assert changed.changed
    assert progress(db, cast.lea).finished
    texts = {(uid, note.field): note.text for note in written}
    for _click in range(2):
        assert learning.complete_step(db, cast.lea, DEMO, uid, texts, key="again").complete
    redone = row(db, cast.lea, uid)
    assert not redone.changed
    assert (redone.completed_at, redone.minutes_credited) == (first.completed_at, first.minutes_credited)
    verbs = [event.verb for event in db.scalars(select(StepEvent).where(StepEvent.step_uid == uid))]
    assert sorted(verbs) == [Verb.COMPLETED, Verb.REDONE]
    assert learning.refold(db, enrolment(db, cast.lea)) == 0
    assert db.scalar(select(func.count()).select_from(Summary)) == 1


def test_an_answer_that_was_right_is_asked_again_only_where_it_is_no_longer_right(
    db: Session, settings: Settings, cast: Cast
) -> None:
    walk(db, cast.lea, steps=2)
    uid = uid_of(QUIZ)
    quiz = learning.place(db, cast.lea, DEMO, uid).content
    question = next(q for q in quiz.questions if q.type == "truefalse")  # type: ignore[attr-defined]
    was, now = ("yes", "no") if question.answer else ("no", "yes")
    text = demo_files()[QUIZ].decode()
    at = text.index(f"answer: {was}", text.index(question.uid))
    files = demo_files() | {QUIZ: (text[:at] + f"answer: {now}" + text[at + len(f"answer: {was}") :]).encode()}
    publish(db, settings, files)
    enrolments.move_edition(db, cast.lea, DEMO, 2, key="yes")
    assert row(db, cast.lea, uid).done
    assert row(db, cast.lea, uid).changed
    asked = learning.place(db, cast.lea, DEMO, uid).content
    assert isinstance(asked, Quiz)
    standing = reads.standing(db, enrolment(db, cast.lea), asked)
    assert set(standing) == {q.uid for q in asked.questions} - {question.uid}
    posted = {question.uid: ["yes" if now == "yes" else "no"]}
    learning.create_attempt(db, cast.lea, DEMO, uid, posted, key="anew", asked=question.uid)
    assert learning.complete_step(db, cast.lea, DEMO, uid, {}, key="redone").complete
    assert not row(db, cast.lea, uid).changed


def test_a_step_that_leaves_keeps_its_row_its_minutes_and_its_notes(
    db: Session, settings: Settings, cast: Cast
) -> None:
    walk(db, cast.lea)
    uid = uid_of(KIT_STEP)
    writing.save_notes(db, cast.lea, DEMO, {(uid, "notes"): "à garder"})
    publish(db, settings, without_kit_step())
    enrolments.move_edition(db, cast.lea, DEMO, 2, key="yes")
    here = progress(db, cast.lea)
    assert uid not in {row.uid for row in here.rows}
    assert here.finished
    assert db.scalars(select(StepProgress.minutes_credited).filter_by(step_uid=uid)).one() == 1
    assert "à garder" in [note.text for note in bilan.written_everywhere(db, cast.lea)]
    assert learning.refold(db, enrolment(db, cast.lea)) == 0


def test_accepting_an_edition_that_asks_less_issues_the_bilan(db: Session, settings: Settings, cast: Cast) -> None:
    walk(db, cast.noe)
    learning.enrol(db, cast.lea, DEMO, None)
    for step in progress(db, cast.noe).required:
        if step.uid != uid_of(KIT_STEP):
            demo_step(db, cast.lea, DEMO, step.uid)
    number = enrolment(db, cast.lea)
    publish(db, settings, without_kit_step())
    assert enrolments.move_edition(db, cast.lea, DEMO, 2, key="yes") is None
    issued = db.scalars(select(Summary).filter_by(enrolment_id=number)).one()
    assert issued.snapshot["edition"] == 2


@pytest.mark.parametrize("withdrawn", [False, True])
def test_who_is_midway_finishes_on_her_edition_whatever_is_published(
    db: Session, settings: Settings, cast: Cast, withdrawn: bool
) -> None:
    walk(db, cast.lea, steps=2)
    publish(db, settings, without_kit_step())
    publish(db, settings, with_one_more())
    if withdrawn:
        for number in (1, 2, 3):
            withdraw(db, number)
    walk(db, cast.lea)
    assert progress(db, cast.lea).finished
    assert db.scalars(select(Summary)).one().snapshot["edition"] == 1


def test_finished_stays_finished_and_an_issued_bilan_stays(db: Session, settings: Settings, cast: Cast) -> None:
    walk(db, cast.lea)
    issued = dict(db.scalars(select(Summary)).one().snapshot)
    publish(db, settings, with_one_more())
    assert progress(db, cast.lea).finished
    enrolments.move_edition(db, cast.lea, DEMO, 2, key="yes")
    here = progress(db, cast.lea)
    assert (here.done, here.total, here.finished) == (here.total - 1, here.total, False)
    walk(db, cast.lea)
    assert progress(db, cast.lea).finished
    db.expire_all()
    assert db.scalars(select(Summary)).one().snapshot == issued
