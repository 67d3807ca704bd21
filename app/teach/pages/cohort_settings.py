"""What is chosen of a cohort, who leads it, and what becomes of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from unicodedata import normalize

from sqlalchemy.orm import Session

from app.i18n import _, city, zones
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
    zones: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # by part of the world: name, city
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
        zones=tuple(_areas(found.zone)),
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        archived_at=found.archived_at,
        trainers=tuple(TrainerLine(t.id, t.name, t.email, t.since, t.id == me.id) for t in leading),
        done=done,
    )


def _areas(own: str) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Each city once, in the reader's words and order; of two names for its clocks, the cohort's own."""
    said = {
        "Africa": _("Afrique"),
        "America": _("Amérique"),
        "Antarctica": _("Antarctique"),
        "Arctic": _("Arctique"),
        "Asia": _("Asie"),
        "Atlantic": _("Océan Atlantique"),
        "Australia": _("Australie"),
        "Europe": _("Europe"),
        "Indian": _("Océan Indien"),
        "Pacific": _("Océan Pacifique"),
    }
    for area, names in groupby(zones(), lambda name: name.partition("/")[0]):
        cities: dict[str, str] = {}
        for name in names:
            if city(name) not in cities or name == own:
                cities[city(name)] = name
        yield said[area], tuple((cities[each], each) for each in sorted(cities, key=lambda c: normalize("NFKD", c)))
