"""Texts written in the browser: kept, never overwritten unseen, and left alone by the disk."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import authoring, structure, workshop
from app.actions.authoring import Clash
from app.config import Settings
from app.content.pictures import Picture
from app.db import Engines
from app.errors import Conflict, Missing
from app.models import Draft, Edition
from app.reads import drafts
from tests.actions.test_parallel import at_once
from tests.build import demo_course, load_demo
from tests.cast import make_cast


@pytest.fixture
def aude(db: Session, settings: Settings) -> int:
    load_demo(db, settings.media_dir)
    return make_cast(db).aude


def a_step(db: Session) -> Draft:
    """The first of the demonstration."""
    steps = select(Draft).where(Draft.path.like("pathways/demo/10-%/%"), Draft.path.not_like("%module.md"))
    found = steps.where(Draft.text.is_not(None), Draft.removed_at.is_(None)).order_by(Draft.path)
    return db.scalars(found.limit(1)).one()


def test_what_is_typed_is_kept_and_what_was_there_comes_back(db: Session, aude: int) -> None:
    step = a_step(db)
    before = step.text
    workshop.write_text(db, step.id, "one", seen=step.version, by=aude)
    workshop.write_text(db, step.id, "two", seen=step.version, by=aude)
    assert [version.text for version in drafts.versions(db, step.id)] == [before]
    workshop.restore_text(db, step.id, drafts.versions(db, step.id)[0].id, by=aude)
    assert step.text == before
    assert [version.text for version in drafts.versions(db, step.id)] == ["two", before]


def test_ten_minutes_later_another_version_begins(db: Session, aude: int, monkeypatch: pytest.MonkeyPatch) -> None:
    step = a_step(db)
    workshop.write_text(db, step.id, "one", seen=step.version, by=aude)
    later = clock.now() + workshop.TOGETHER + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    workshop.write_text(db, step.id, "two", seen=step.version, by=aude)
    assert drafts.versions(db, step.id)[0].text == "one"


def test_two_people_on_one_text_keep_both_their_words(db: Session, aude: int) -> None:
    step = a_step(db)
    seen = step.version
    workshop.write_text(db, step.id, "Aude’s", seen=seen, by=aude)
    with pytest.raises(Conflict) as conflict:
        workshop.write_text(db, step.id, "mine", seen=seen, by=aude + 1)
    assert (conflict.value.mine, conflict.value.theirs) == ("mine", "Aude’s")
    assert workshop.write_text(db, step.id, "Aude’s", seen=seen, by=aude).text == "Aude’s"  # the same again: no quarrel


def test_a_text_taken_away_is_written_no_more(db: Session, aude: int) -> None:
    step = a_step(db)
    step.removed_at = clock.now()
    with pytest.raises(Missing):
        workshop.write_text(db, step.id, "x", seen=step.version, by=aude)


@pytest.mark.parametrize("act", ["write", "remove", "carry", "add"])
def test_the_disk_never_undoes_what_was_written_here(db: Session, settings: Settings, aude: int, act: str) -> None:
    step = a_step(db)
    folder = step.path.rsplit("/", 1)[0]
    match act:
        case "write":
            workshop.write_text(
                db, step.id, (step.text or "").replace("title: ", "title: Z"), seen=step.version, by=aude
            )
        case "remove":
            step.removed_at, step.removed_here = clock.now(), True
        case "carry":
            structure.carry(db, step, step.document_id, f"{folder}/99-ailleurs.md")
        case "add":
            workshop.create_text(db, step.document_id, f"{folder}/98-neuve.md", "---\nkind: reading\n---\n", by=aude)
    here = drafts.files(db, settings.media_dir)
    report = authoring.load(db, demo_course(), settings.media_dir)
    assert drafts.files(db, settings.media_dir) == here
    assert report.clashes == []
    assert report.ahead == ["pathways/demo"]
    assert db.scalars(select(Edition.number)).all() == [1]
    authoring.load(db, demo_course(), settings.media_dir, clash=Clash.TAKE_FILES)
    assert f"{folder}/98-neuve.md" in here or drafts.files(db, settings.media_dir) != here


def test_a_text_carried_there_and_back_is_as_the_disk_gave_it(db: Session, settings: Settings, aude: int) -> None:
    step = a_step(db)
    path = step.path
    structure.carry(db, step, step.document_id, path.replace("/10-", "/55-", 1))
    structure.carry(db, step, step.document_id, path)
    report = authoring.load(db, demo_course(), settings.media_dir)
    assert report.ahead == []


def test_a_new_pathway_has_a_name_of_its_own(db: Session, aude: int) -> None:
    slugs = [structure.create_pathway(db, "Œuvrer à plusieurs : été", "4h", by=by) for by in (aude, aude, aude + 1)]
    assert slugs == ["oeuvrer-a-plusieurs-ete", "oeuvrer-a-plusieurs-ete", "oeuvrer-a-plusieurs-ete-2"]
    texts = {draft.path: draft.text for draft in drafts.within(db, "pathways/oeuvrer-a-plusieurs-ete/")}
    formats = "formats:\n- name: 2h\n  minutes: 120\n- name: 4h\n  minutes: 240\n"
    front = f"---\ntitle: 'Œuvrer à plusieurs : été'\n{formats}---\n"
    assert texts == {"pathways/oeuvrer-a-plusieurs-ete/pathway.md": front}


def test_pictures_sent_at_once_to_one_folder_have_each_its_name(engines: Engines, settings: Settings) -> None:
    """Twice the same, as a double click sends it, and others of the same words."""
    with Session(engines.write) as db:
        load_demo(db, settings.media_dir)
        aude, step = make_cast(db).aude, a_step(db).id
        db.commit()

    def add(db: Session, turn: int) -> str:
        picture = Picture("png", f"picture {turn % 4}".encode())
        return workshop.add_picture(db, step, "la-carte", picture, settings.media_dir, by=aude)

    names = at_once(engines, add)
    assert len(set(names)) == 4
    assert all(names[turn] == names[turn % 4] for turn in range(len(names)))
