"""A module taken from another pathway, published and followed: each keeps its own editions and its own progress."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import authoring
from app.config import Settings
from app.models import Edition, EditionModule
from tests.build import walk
from tests.cast import Cast
from tests.content.test_lent import course


def loaded(db: Session, settings: Settings, **changes: str) -> authoring.Loaded:
    return authoring.load(db, course(**changes), settings.media_dir, note="Un mot change.")


def test_both_hold_the_same_revisions(db: Session, settings: Settings, cast: Cast) -> None:
    assert loaded(db, settings).ok
    rows = db.execute(
        select(Edition.pathway_id, EditionModule.revision_id)
        .join(EditionModule, EditionModule.edition_id == Edition.id)
        .order_by(Edition.id, EditionModule.position)
    ).all()
    by_pathway: dict[int, list[int]] = {}
    for pathway, revision in rows:
        by_pathway.setdefault(pathway, []).append(revision)
    assert len(by_pathway) == 2
    assert len({tuple(found) for found in by_pathway.values()}) == 1
    again = loaded(db, settings)
    assert again.published == []


def test_it_is_followed_to_its_end_apart_from_the_other(db: Session, settings: Settings, cast: Cast) -> None:
    loaded(db, settings)
    mine, theirs = walk(db, cast.lea, "voisins"), walk(db, cast.lea, "demo", 2)
    assert mine[:2] == theirs
    assert len(mine) > 4


def test_changed_at_the_lenders_it_makes_a_new_edition_of_each(db: Session, settings: Settings, cast: Cast) -> None:
    loaded(db, settings)
    changes = {"was": "title: La même rue", "now": "title: Une autre rue"}
    assert len(loaded(db, settings, **changes).published) == 2
    numbers = select(func.max(Edition.number)).group_by(Edition.pathway_id)
    assert list(db.scalars(numbers)) == [2, 2]


def test_it_loads_into_an_empty_site_before_its_lender_or_without(db: Session, settings: Settings) -> None:
    """The lender is broken elsewhere: who takes its module is not blocked."""
    report = loaded(db, settings, was="summary: Deux associations", now="resume: Deux associations")
    assert report.blocked == ["pathways/demo"]
    assert len(db.scalars(select(Edition.id)).all()) == 1
    assert loaded(db, settings).ok
    assert len(db.scalars(select(Edition.id)).all()) == 2
