"""Every cohort of the site, by name and by who leads it: nothing of who is in them."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.reads import teaching

ROWS = 100
"""On a page."""


@dataclass(frozen=True)
class CohortLine:
    number: int
    name: str
    archived: bool
    trainers: tuple[str, ...]


@dataclass(frozen=True)
class CohortsPage:
    lines: tuple[CohortLine, ...]
    before: int | None  # the older ones begin there, None when there are none


def cohorts(db: Session, before: int | None = None) -> CohortsPage:
    found = [
        CohortLine(each.id, each.name, each.archived_at is not None, tuple(t.name for t in each.trainers))
        for each in teaching.every_cohort(db, ROWS + 1, before=before)
    ]
    return CohortsPage(tuple(found[:ROWS]), found[ROWS - 1].number if len(found) > ROWS else None)
