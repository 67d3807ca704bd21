"""What is chosen of a cohort, who leads it, and what becomes of it."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy.orm import Session

from app.i18n import zones
from app.policy import Me
from app.reads import teaching


@dataclass(frozen=True)
class TrainerLine:
    id: int
    name: str
    email: str
    since: datetime
    me: bool


@dataclass(frozen=True)
class CohortSettingsPage:
    number: int
    name: str
    zone: str
    zones: tuple[tuple[str, tuple[str, ...]], ...]  # by part of the world
    starts_on: date | None
    ends_on: date | None
    archived_at: datetime | None
    trainers: tuple[TrainerLine, ...]
    done: str  # what was just done, « » when nothing was


DONE = ("enregistre", "archivee", "restauree", "ajoute", "retire")


def cohort_settings(db: Session, me: Me, number: int, done: str = "") -> CohortSettingsPage:
    """Raises Missing, whoever else leads it."""
    found = teaching.led_cohort(db, me.id, number)
    leading = teaching.trainers(db, number)
    return CohortSettingsPage(
        number=found.id,
        name=found.name,
        zone=found.zone,
        zones=tuple((area, tuple(names)) for area, names in groupby(zones(), lambda name: name.partition("/")[0])),
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        archived_at=found.archived_at,
        trainers=tuple(TrainerLine(t.id, t.name, t.email, t.since, t.id == me.id) for t in leading),
        done=done,
    )
