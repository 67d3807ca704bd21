"""The cohorts that one leads, the running ones first."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.policy import Me
from app.reads import teaching


@dataclass(frozen=True)
class CohortLine:
    number: int
    name: str
    members: int
    pathways: tuple[str, ...]  # titles of what runs
    due_on: date | None  # the nearest day on which something is due
    archived: bool


@dataclass(frozen=True)
class CohortsPage:
    running: tuple[CohortLine, ...]
    archived: tuple[CohortLine, ...]


def cohorts(db: Session, me: Me) -> CohortsPage:
    lines = [_line(found) for found in teaching.led_cohorts(db, me.id)]
    return CohortsPage(
        running=tuple(line for line in lines if not line.archived),
        archived=tuple(line for line in lines if line.archived),
    )


def _line(found: teaching.Led) -> CohortLine:
    return CohortLine(
        number=found.id,
        name=found.name,
        members=found.members,
        pathways=found.pathways,
        due_on=found.due_on,
        archived=found.archived_at is not None,
    )
