"""A translation is the same pathway: what is done in one language is done in the other."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import authoring, learning, writing
from app.actions.demo import demo_step
from app.actions.summaries import give_name
from app.config import Settings
from app.content.course import load_course
from app.i18n import set_lang
from app.models import AttemptAnswer, DocumentKind, Edition, StepEvent, Summary
from app.models.progress import Progress, StepRow
from app.reads import courses, drafts, written
from app.reads import learning as reads
from app.steps import KINDS, fields
from app.steps.quiz import Quiz
from tests.build import DEMO, demo_files, enrolment, load_demo, walk
from tests.cast import make_cast

FRENCH_ONLY = {path: content for path, content in demo_files().items() if not path.endswith(".en.md")}


@pytest.fixture(autouse=True)
def in_french() -> Iterator[None]:
    set_lang("fr")
    yield
    set_lang("fr")


@pytest.fixture
def lea(db: Session, settings: Settings, noon: object) -> int:
    load_demo(db, settings.media_dir)
    return make_cast(db).lea


def rows(db: Session, person_id: int) -> tuple[StepRow, ...]:
    reading = courses.pathway(db, DEMO, person_id)
    return courses.steps(db, reading.edition_id, reading.enrolment_id)


def state(db: Session, person_id: int) -> list[tuple[object, ...]]:
    return [(r.uid, r.done, r.changed, r.completed_at, r.minutes_credited, r.done_digest) for r in rows(db, person_id)]


def test_the_reader_s_language_is_read_where_it_is_written(db: Session, lea: int) -> None:
    french, (first, *_) = courses.pathway(db, DEMO, lea), rows(db, lea)
    set_lang("en")
    english, (same, *_) = courses.pathway(db, DEMO, lea), rows(db, lea)
    assert (french.lang, english.lang) == ("fr", "en")
    assert english.title == "Demonstration: a tour of the steps"
    assert (first.title, same.title, same.lang) == ("La même rue", "The same street", "en")
    assert same.module_title == "Discover"
    assert english.doc.objectives[0].text == "tell a need from a solution"
    assert english.doc.objectives[0].evidence == french.doc.objectives[0].evidence
    assert (english.doc.formats, english.edition_id) == (french.doc.formats, french.edition_id)
    kit = courses.published(db, DocumentKind.KIT, "kit-demo")["kit-demo"]
    assert [sheet["lang"] for sheet in kit.content["sheets"]] == ["en", "en"]


def test_changing_language_changes_no_progress(db: Session, lea: int) -> None:
    walk(db, lea, steps=2)
    before = state(db, lea)
    set_lang("en")
    assert state(db, lea) == before
    uid = Progress(rows(db, lea), 12).next
    assert uid is not None
    assert demo_step(db, lea, DEMO, uid.uid) is not None
    during = state(db, lea)
    assert [row[:3] for row in during if row[1]] == [(row[0], True, False) for row in during if row[1]]
    set_lang("fr")
    assert state(db, lea) == during
    assert learning.refold(db, enrolment(db, lea)) == 0


def test_a_pathway_begun_in_french_is_finished_in_english(db: Session, lea: int) -> None:
    walk(db, lea, steps=2)
    set_lang("en")
    walk(db, lea)
    assert Progress(rows(db, lea), 12).finished
    give_name(db, lea, "Léa")
    summary = db.scalars(select(Summary)).one()
    assert (summary.snapshot["lang"], summary.snapshot["pathway"]) == ("en", "Demonstration: a tour of the steps")
    assert "seul" not in summary.annex
    assert all(row.changed is False for row in rows(db, lea))
    set_lang("fr")
    assert all(row.changed is False for row in rows(db, lea))
    give_name(db, lea, "Léa")
    assert db.scalars(select(Summary)).one().snapshot == summary.snapshot


def test_an_answer_chosen_in_french_is_the_same_answer_in_english(db: Session, lea: int) -> None:
    learning.enrol(db, lea, DEMO, 24)
    here = learning.place(db, lea, DEMO, "demo-quiz")
    assert isinstance(here.content, Quiz)
    wrong, right = here.content.questions[0], here.content.questions[1]
    posted = {wrong.uid: [wrong.public("").options[0].id], right.uid: right.right_values()}
    learning.create_attempt(db, lea, DEMO, "demo-quiz", posted, key="fr", asked=None)
    set_lang("en")
    there = learning.place(db, lea, DEMO, "demo-quiz").content
    assert isinstance(there, Quiz)
    assert [question.right_values() for question in there.questions] == [
        question.right_values() for question in here.content.questions
    ]
    tried = reads.tried(db, here.enrolment.id, "demo-quiz")
    assert there.questions[0].grade(tried[wrong.uid].choice).feedback[0].startswith("A trailer is an object")
    learning.create_attempt(db, lea, DEMO, "demo-quiz", posted, key="en", asked=None)
    assert len(db.scalars(select(AttemptAnswer)).all()) == 2, "the same answers are not a new try"


def test_a_choice_written_in_french_is_still_chosen_in_english(db: Session, lea: int) -> None:
    learning.enrol(db, lea, DEMO, 24)
    writing.save_notes(db, lea, DEMO, {("demo-regles", "dits"): "La date de retour\nRien encore"})
    set_lang("en")
    field = next(f for f in learning.place(db, lea, DEMO, "demo-regles").content.fields if f.name == "dits")
    text = written.texts(db, lea, "demo-regles")["dits"]
    assert fields.words(field, text, {}) == "The return date\nNothing yet"
    assert "dits" not in fields.errors([field], {"dits": text})
    form = fields.form_for([field], {})(data=fields.data([field], {"dits": text}))
    assert [option.data for option in form["dits"] if option.checked] == ["La date de retour", "Rien encore"]


def test_what_is_not_translated_is_read_in_its_language(db: Session, settings: Settings, noon: object) -> None:
    assert authoring.load(db, load_course(FRENCH_ONLY, KINDS), settings.media_dir).ok
    set_lang("en")
    reading = courses.pathway(db, DEMO, None)
    assert (reading.lang, reading.title) == ("fr", "Démonstration : le tour des étapes")
    assert {row.lang for row in courses.steps(db, reading.edition_id, None)} == {"fr"}


def test_a_translation_more_is_a_new_edition_whose_tasks_are_the_same(
    db: Session, settings: Settings, noon: object
) -> None:
    assert authoring.load(db, load_course(FRENCH_ONLY, KINDS), settings.media_dir).ok
    lea = make_cast(db).lea
    walk(db, lea)
    assert authoring.load(db, load_course(demo_files(), KINDS), settings.media_dir).published
    assert authoring.load(db, load_course(demo_files(), KINDS), settings.media_dir).published == []
    first, second = db.scalars(select(Edition).order_by(Edition.number)).all()
    before, after = ({r.uid: r.task_digest for r in courses.steps(db, e.id, None)} for e in (first, second))
    assert before == after
    number = enrolment(db, lea)
    for lang in ("fr", "en"):
        set_lang(lang)
        assert not any(row.changed for row in courses.steps(db, second.id, number)), lang
    recorded = {event.data["task_digest"] for event in db.scalars(select(StepEvent)) if event.step_uid}
    assert recorded <= set(before.values())


def test_a_task_changed_in_the_language_where_it_was_done_is_said_changed(
    db: Session, settings: Settings, lea: int
) -> None:
    set_lang("en")
    walk(db, lea, steps=1)
    number = enrolment(db, lea)
    path = "pathways/demo/10-decouvrir/10-la-meme-rue.en.md"
    changed = demo_files()[path].replace(b"cannot manage alone\n", b"does not manage alone\n")
    assert authoring.load(db, load_course({**demo_files(), path: changed}, KINDS), settings.media_dir).ok
    latest = db.scalars(select(Edition.id).order_by(Edition.number.desc())).first()
    assert latest is not None
    done = {row.uid: row.changed for row in courses.steps(db, latest, number) if row.done}
    assert done == {"demo-lecture": True}


def test_the_bytes_of_translations_come_back(db: Session, settings: Settings, lea: int) -> None:
    assert authoring.save(db, settings.media_dir) == demo_files()
    assert drafts.files(db, settings.media_dir)["pathways/demo/pathway.en.md"]
