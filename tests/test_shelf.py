"""What never changes is read once; what may still be undone is kept nowhere."""

from sqlalchemy.orm import Session

from app.config import Settings
from app.db import SHELF, Engines
from app.models import Edition
from app.reads import courses, frozen
from app.shelf import Shelf
from tests.build import DEMO, load_demo


def test_the_least_lately_used_goes_first() -> None:
    shelf = Shelf(most=2)
    for key in ("a", "b"):
        shelf.put(key, key.upper())
    assert shelf.get("a") == "A"
    shelf.put("c", "C")
    assert [shelf.get(key) for key in ("a", "b", "c")] == ["A", None, "C"]


def test_an_edition_is_kept_once_committed_and_read_by_whoever_only_reads(engines: Engines, settings: Settings) -> None:
    with Session(engines.write) as db:
        load_demo(db, settings.media_dir)
        seen = courses.pathway(db, DEMO, None)
        assert frozen.told(db, [seen.edition_id])
        assert shelved(engines, seen.edition_id) is None
        db.commit()
    with Session(engines.read) as db:
        told = frozen.told(db, [seen.edition_id])[seen.edition_id]
    assert shelved(engines, seen.edition_id) is told
    with Session(engines.write) as db:
        assert frozen.told(db, [seen.edition_id])[seen.edition_id] is told


def test_what_a_transaction_undoes_leaves_no_trace(engines: Engines, settings: Settings) -> None:
    with Session(engines.write) as db:
        load_demo(db, settings.media_dir)
        number = courses.pathway(db, DEMO, None).edition_id
        courses.steps(db, number, None)
        db.rollback()
    with Session(engines.read) as db:
        assert db.get(Edition, number) is None
        assert frozen.told(db, [number]) == {}
    with Session(engines.write) as db:
        load_demo(db, settings.media_dir)
        db.commit()
    with Session(engines.read) as db:  # SQLite gives the same number again
        published = courses.pathway(db, DEMO, None).edition_id
        assert frozen.told(db, [published])[published].rows


def test_what_is_kept_outlives_the_transaction_that_read_it(engines: Engines, settings: Settings) -> None:
    with Session(engines.write) as db:
        load_demo(db, settings.media_dir)
        db.commit()
    with Session(engines.read) as db:
        number = courses.pathway(db, DEMO, None).edition_id
        frozen.formats(db, [number])
        db.rollback()
    with Session(engines.read) as db:
        assert [format.minutes for format in frozen.formats(db, [number])[number]] == [12, 24, 48]


def shelved(engines: Engines, edition_id: int) -> object:
    shelf: Shelf = engines.read.get_execution_options()[SHELF]
    return shelf.get(("edition", "fr", edition_id))
