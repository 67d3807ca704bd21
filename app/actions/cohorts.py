"""What becomes of a cohort: made, changed, made again, archived. Each verb done twice is done once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import insert_if_absent
from app.errors import Refused
from app.i18n import _, zones
from app.models import Cohort, CohortEvent, CohortMessage, CohortTrainer, record
from app.reads.teaching import led_cohort

NAME_MAX = 120
EARLIEST, LATEST = date(2000, 1, 1), date(9000, 1, 1)
"""Between the two, what a trainer dates; the second one left out."""


@dataclass(frozen=True)
class Wanted:
    """What a trainer chooses of a cohort. `zone`: IANA name."""

    name: str
    zone: str
    starts_on: date | None = None
    ends_on: date | None = None


def create_cohort(db: Session, person_id: int, wanted: Wanted, *, key: str) -> int:
    """A new cohort, led by who makes it; its number. Raises Refused."""
    check_dates(wanted)
    values = {
        "name": wanted.name,
        "zone": wanted.zone,
        "starts_on": wanted.starts_on,
        "ends_on": wanted.ends_on,
        "created_at": clock.now(),
        "created_by": person_id,
        "key": key,
    }
    made = insert_if_absent(db, Cohort, values, ["created_by", "key"])
    number = db.scalars(select(Cohort.id).filter_by(created_by=person_id, key=key)).one()
    if made:
        db.add(CohortTrainer(cohort_id=number, person_id=person_id, since=clock.now()))
        record(db, "cohort.create", f"cohort:{number}", by=person_id)
    return number


def change_cohort(db: Session, person_id: int, number: int, wanted: Wanted) -> None:
    """What it is called, when, and on which clocks. Sessions keep their moment. Raises Missing, Refused."""
    cohort = led_cohort(db, person_id, number, lock=True)
    check_dates(wanted)
    if wanted.zone not in zones():
        raise Refused(_("Choisissez un fuseau horaire de la liste."), field="zone")
    before = Wanted(cohort.name, cohort.zone, cohort.starts_on, cohort.ends_on)
    if wanted != before:
        cohort.name, cohort.zone = wanted.name, wanted.zone
        cohort.starts_on, cohort.ends_on = wanted.starts_on, wanted.ends_on
        record(db, "cohort.change", f"cohort:{number}", by=person_id)


def check_dates(wanted: Wanted) -> None:
    if wanted.starts_on and wanted.ends_on and wanted.ends_on < wanted.starts_on:
        raise Refused(_("La cohorte finit avant de commencer : vérifiez les deux dates."), field="ends_on")


def archive_cohort(db: Session, person_id: int, number: int) -> None:
    """It is read, and nothing of it changes any more. Raises Missing."""
    cohort = led_cohort(db, person_id, number, lock=True, even_archived=True)
    if cohort.archived_at is None:
        cohort.archived_at = clock.now()
        record(db, "cohort.archive", f"cohort:{number}", by=person_id)


def restore_cohort(db: Session, person_id: int, number: int) -> None:
    """It goes on. Raises Missing."""
    cohort = led_cohort(db, person_id, number, lock=True, even_archived=True)
    if cohort.archived_at is not None:
        cohort.archived_at = None
        record(db, "cohort.restore", f"cohort:{number}", by=person_id)


def duplicate_cohort(db: Session, person_id: int, number: int, name: str, starts_on: date, *, key: str) -> int:
    """The same for others, from a new day: its messages, and its sessions shifted; no member. Its number.

    Sessions keep their hour on the cohort's clocks. Raises Missing, Refused.
    """
    source = led_cohort(db, person_id, number, lock=True, even_archived=True)
    sessions = db.scalars(select(CohortEvent).filter_by(cohort_id=number, removed_at=None).order_by("starts_at")).all()
    begun = source.starts_on or (_local(sessions[0].starts_at, source.zone).date() if sessions else None)
    shift = starts_on - begun if begun else timedelta()
    _check_shift([source.ends_on, *(session.starts_at.date() for session in sessions)], shift)
    ends_on = source.ends_on + shift if source.ends_on and begun else None
    known = db.scalar(select(Cohort.id).filter_by(created_by=person_id, key=key))
    made = create_cohort(db, person_id, Wanted(name, source.zone, starts_on, ends_on), key=key)
    if known is None:
        for session in sessions:
            db.add(_shifted(session, made, shift, source.zone, person_id))
        for message in db.scalars(select(CohortMessage).filter_by(cohort_id=number, removed_at=None)):
            copy = {"text": message.text, "offset_days": message.offset_days, "key": message.key}
            db.add(CohortMessage(cohort_id=made, **copy))
    return made


def _check_shift(days: Sequence[date | None], shift: timedelta) -> None:
    """Raises Refused where one of them would leave the calendar."""
    moved = [each.toordinal() + shift.days for each in days if each is not None]
    if moved and not EARLIEST.toordinal() <= min(moved) <= max(moved) < LATEST.toordinal():
        raise Refused(
            _("Ce début est trop loin : une séance, ou la fin, sortirait du calendrier."), field="copy_starts_on"
        )


def _shifted(session: CohortEvent, cohort_id: int, shift: timedelta, zone: str, person_id: int) -> CohortEvent:
    """The session some days later, at the same hour there; what was recorded of it stays behind."""
    return CohortEvent(
        cohort_id=cohort_id,
        title=session.title,
        starts_at=(_local(session.starts_at, zone) + shift),
        minutes=session.minutes,
        place=session.place,
        link=session.link,
        step_uid=session.step_uid,
        created_at=clock.now(),
        created_by=person_id,
        key=session.key,
    )


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))
