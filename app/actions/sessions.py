"""What becomes of a cohort’s sessions: planned, moved, removed and put back. Each verb done twice is done once."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import insert_if_absent
from app.errors import Refused
from app.i18n import _
from app.models import Cohort, CohortEvent, record
from app.reads import sessions
from app.reads.teaching import led_cohort

TITLE_MAX, PLACE_MAX, LINK_MAX = 160, 200, 500
MINUTES_MAX = 24 * 60
_LINK = re.compile(r"https?://[^\s<>\"\\]+", re.I)


@dataclass(frozen=True)
class WantedSession:
    """What a trainer chooses. `on`, `at`: on the cohort’s clocks; `step_uid`: of the live step that it dates."""

    title: str
    on: date
    at: time
    minutes: int
    place: str = ""
    link: str = ""
    replay: str = ""
    step_uid: str | None = None


def create_session(db: Session, person_id: int, cohort_id: int, wanted: WantedSession, *, key: str) -> int:
    """One more session; its number. Raises Missing, Refused."""
    cohort = led_cohort(db, person_id, cohort_id, lock=True)
    values = _checked(db, cohort, wanted, None)
    more = {"cohort_id": cohort_id, "created_at": clock.now(), "created_by": person_id, "key": key}
    made = insert_if_absent(db, CohortEvent, {**values, **more}, ["cohort_id", "key"])
    number = db.scalars(select(CohortEvent.id).filter_by(cohort_id=cohort_id, key=key)).one()
    if made:
        record(db, "session.create", f"session:{number}", by=person_id, cohort=cohort_id)
    return number


def change_session(db: Session, person_id: int, cohort_id: int, number: int, wanted: WantedSession) -> None:
    """Another day, another place, its replay. Raises Missing, Refused."""
    cohort = led_cohort(db, person_id, cohort_id, lock=True)
    event = sessions.session(db, cohort_id, number, lock=True)
    if event.removed_at is not None:
        raise Refused(_("Cette séance est supprimée : rétablissez-la d’abord."))
    values = _checked(db, cohort, wanted, event.step_uid)
    if any(getattr(event, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(event, name, value)
        record(db, "session.change", f"session:{number}", by=person_id, cohort=cohort_id)


def remove_session(db: Session, person_id: int, cohort_id: int, number: int) -> None:
    """It is held no more, and may be put back. Raises Missing, Refused."""
    led_cohort(db, person_id, cohort_id, lock=True)
    event = sessions.session(db, cohort_id, number, lock=True)
    if event.removed_at is None:
        event.removed_at = clock.now()
        record(db, "session.remove", f"session:{number}", by=person_id, cohort=cohort_id)


def restore_session(db: Session, person_id: int, cohort_id: int, number: int) -> None:
    """It is held after all. Raises Missing, Refused."""
    led_cohort(db, person_id, cohort_id, lock=True)
    event = sessions.session(db, cohort_id, number, lock=True)
    if event.removed_at is not None:
        event.removed_at = None
        record(db, "session.restore", f"session:{number}", by=person_id, cohort=cohort_id)


def _checked(db: Session, cohort: Cohort, wanted: WantedSession, kept: str | None) -> dict[str, object]:
    """The columns of what was chosen. `kept`: the step that it dated already, whatever runs now. Raises Refused."""
    if not (wanted.place or wanted.link):
        raise Refused(_("Dites où elle se tient : un lieu, une adresse en ligne, ou les deux."), field="place")
    for name, address in (("link", wanted.link), ("replay", wanted.replay)):
        if address and not _is_link(address):
            raise Refused(_("Une adresse commence par https:// ou http://, sans espace."), field=name)
    if wanted.step_uid not in (None, kept) and wanted.step_uid not in {
        step.uid for step in sessions.live_steps(db, cohort.id)
    }:
        raise Refused(_("Ce direct n’est pas dans ce que suit la cohorte."), field="step")
    return {
        "title": wanted.title,
        "starts_at": _moment(wanted, cohort.zone),
        "minutes": wanted.minutes,
        "place": wanted.place,
        "link": wanted.link,
        "replay": wanted.replay,
        "step_uid": wanted.step_uid,
    }


def _is_link(address: str) -> bool:
    try:
        return bool(_LINK.fullmatch(address) and urlsplit(address).hostname)
    except ValueError:
        return False


def _moment(wanted: WantedSession, zone: str) -> datetime:
    """The instant, in UTC, that the cohort's clocks show then."""
    local = datetime.combine(wanted.on, wanted.at, ZoneInfo(zone))
    moment = local.astimezone(UTC)
    if moment.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Refused(_("Cette heure n’existe pas ce jour-là : les horloges y avancent."), field="at")
    return moment
