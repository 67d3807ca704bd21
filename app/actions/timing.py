"""Beats of measured time: each lengthens its interval and leaves no other trace."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.db import insert_if_absent
from app.models import TimeInterval
from app.models.measured import counted
from app.reads import timing

MOST_A_DAY = 500
"""Intervals that one enrolment may open in a day: a page left and found again a minute later, all day long."""


def beat(db: Session, person_id: int, slug: str, uid: str, key: str, seconds: int) -> None:
    """The first beat of a key opens an interval now; a later one lengthens it; a late or repeated one changes nothing.

    Past MOST_A_DAY no key opens anything: what is not measured is not measured. Raises Missing.
    """
    enrolment_id = timing.enrolment_at(db, person_id, slug, uid)
    mine = {"enrolment_id": enrolment_id, "key": key}
    row = select(TimeInterval).filter_by(**mine, step_uid=uid).with_for_update()
    interval = db.scalar(row)
    if interval is None and not _full(db, enrolment_id):
        insert_if_absent(db, TimeInterval, {**mine, "step_uid": uid, "from_at": clock.now(), "seconds": 0})
        interval = db.scalar(row)
    if interval is not None:
        interval.seconds = counted(seconds, interval.seconds, clock.now() - interval.from_at)
        db.flush()


def _full(db: Session, enrolment_id: int) -> bool:
    recent = (TimeInterval.enrolment_id == enrolment_id, TimeInterval.from_at > clock.now() - timedelta(days=1))
    return (db.scalar(select(func.count()).select_from(TimeInterval).where(*recent)) or 0) >= MOST_A_DAY
