"""Loading courses: only what changed is published, an edit made in the browser is never overwritten."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import authoring
from app.actions.authoring import Clash
from app.config import Settings
from app.content import course
from app.models import Draft, Edition, EditionFormat, Revision, Step, Term
from app.reads import courses
from app.steps import KINDS
from tests.build import DEMO, demo_course, demo_files, load_demo, walk
from tests.cast import make_cast


@pytest.fixture
def media(db: Session, settings: Settings, noon: object) -> Path:
    load_demo(db, settings.media_dir)
    return settings.media_dir


def a_step(kind: str) -> str:
    """The path of a step of that kind in the demonstration."""
    needle = f"\nkind: {kind}\n".encode()
    return next(path for path, content in demo_files().items() if needle in content and b"ready: no" not in content)


def edited(path: str, old: str, new: str) -> dict[str, bytes]:
    files = dict(demo_files())
    text = files[path].decode()
    assert old in text
    files[path] = text.replace(old, new, 1).encode()
    return files


def load(db: Session, files: dict[str, bytes], media: Path, clash: Clash = Clash.SAY) -> authoring.Loaded:
    return authoring.load(db, course.load_course(files, KINDS), media, clash=clash)


def editions(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(Edition)) or 0


def edit_in_browser(db: Session, path: str, text: str) -> None:
    draft = db.scalars(select(Draft).filter_by(path=path)).one()
    draft.text, draft.sha256 = text, hashlib.sha256(text.encode()).hexdigest()
    db.flush()


def test_loading_twice_makes_nothing_new(db: Session, media: Path) -> None:
    revisions = db.scalar(select(func.count()).select_from(Revision))
    again = authoring.load(db, demo_course(), media)
    assert again.published == []
    assert editions(db) == 1
    assert db.scalar(select(func.count()).select_from(Revision)) == revisions


def test_saving_writes_the_same_bytes_back(db: Session, media: Path) -> None:
    assert authoring.save(db, media) == demo_files()


def test_a_changed_text_makes_a_new_edition_and_a_changed_spelling_does_not(db: Session, media: Path) -> None:
    path = a_step("reading")
    spelled = dict(demo_files())
    spelled[path] = spelled[path].replace(b"\n---\n\n", b"\n---\n\n\n", 1)
    assert load(db, spelled, media).published == []
    title = demo_files()[path].decode().split("title: ")[1].split("\n")[0]
    assert load(db, edited(path, f"title: {title}", "title: Un autre titre"), media).published
    assert editions(db) == 2


def test_a_learner_keeps_her_edition_when_the_pathway_is_published_again(db: Session, media: Path) -> None:
    cast = make_cast(db)
    done = walk(db, cast.lea, steps=2)
    before = courses.pathway(db, DEMO, cast.lea)
    path = a_step("reading")
    title = demo_files()[path].decode().split("title: ")[1].split("\n")[0]
    load(db, edited(path, f"title: {title}", "title: Un autre titre"), media)
    after = courses.pathway(db, DEMO, cast.lea)
    assert (after.edition, after.edition_id) == (before.edition, before.edition_id) == (1, before.edition_id)
    assert courses.pathway(db, DEMO, cast.noe).edition == 2
    rows = courses.steps(db, after.edition_id, after.enrolment_id)
    assert {row.uid for row in rows if row.done} == set(done)


def test_an_edit_made_in_the_browser_is_never_overwritten(db: Session, media: Path) -> None:
    path = a_step("reading")
    mine = demo_files()[path].decode().replace("title: ", "title: Dans le navigateur, ", 1)
    edit_in_browser(db, path, mine)
    same = load(db, dict(demo_files()), media)
    assert same.clashes == []  # the disk has not moved: nothing to decide
    assert authoring.save(db, media)[path] == mine.encode()
    files = edited(path, "title: ", "title: Sur le disque, ")
    said = load(db, files, media)
    assert said.clashes == [path]
    assert said.published == []
    assert any(path in sentence for sentence in said.sentences())
    assert authoring.save(db, media)[path] == mine.encode()
    load(db, files, media, Clash.TAKE_FILES)
    assert authoring.save(db, media)[path] == files[path]


def test_keep_mine_keeps_the_browser_s_text_and_says_no_more(db: Session, media: Path) -> None:
    path = a_step("reading")
    mine = demo_files()[path].decode().replace("title: ", "title: Dans le navigateur, ", 1)
    edit_in_browser(db, path, mine)
    files = edited(path, "title: ", "title: Sur le disque, ")
    load(db, files, media, Clash.KEEP_MINE)
    assert load(db, files, media).clashes == []
    assert authoring.save(db, media)[path] == mine.encode()


def test_one_invalid_document_blocks_its_pathway_as_a_whole(db: Session, media: Path) -> None:
    files = edited(a_step("reading"), "kind: reading", "kind: lecture")
    other = a_step("exercise")
    title = files[other].decode().split("title: ")[1].split("\n")[0]
    files[other] = files[other].replace(f"title: {title}".encode(), b"title: Un titre qui ne doit pas passer", 1)
    said = load(db, files, media)
    assert not said.ok
    assert said.blocked == ["pathways/demo"]
    assert any(problem.path == a_step("reading") for problem in said.problems)
    assert editions(db) == 1
    assert b"Un titre qui ne doit pas passer" not in authoring.save(db, media)[other]


def test_formats_are_nested_and_sum_to_their_minutes(db: Session, media: Path) -> None:
    formats = db.scalars(select(EditionFormat).order_by(EditionFormat.minutes)).all()
    assert [(f.name, f.sum_minutes, f.offered) for f in formats] == [
        ("12min", 12, True),
        ("24min", 24, True),
        ("48min", 48, False),
    ]
    steps = db.scalars(select(Step)).all()
    inside = [{s.uid for s in steps if s.format_minutes <= f.minutes} for f in formats]
    assert inside[0] < inside[1] < inside[2]


def test_every_term_keeps_its_status(db: Session, media: Path) -> None:
    domains = db.scalars(select(Term).filter_by(list="domains")).all()
    assert len(domains) == 16
    assert {term.status for term in domains} == {"placeholder"}
