"""Beats of measured time: each lengthens its interval and leaves no other trace."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import insert_if_absent
from app.models import TimeInterval
from app.models.measured import counted
from app.reads import timing


def beat(db: Session, person_id: int, slug: str, uid: str, key: str, seconds: int) -> None:
    """The first beat of a key opens an interval now; a later one lengthens it; a late or repeated one changes nothing.

    Raises Missing.
    """
    enrolment_id = timing.enrolment_at(db, person_id, slug, uid)
    mine = {"enrolment_id": enrolment_id, "key": key}
    insert_if_absent(db, TimeInterval, {**mine, "step_uid": uid, "from_at": clock.now(), "seconds": 0})
    interval = db.scalar(select(TimeInterval).filter_by(**mine, step_uid=uid).with_for_update())
    if interval is not None:
        interval.seconds = counted(seconds, interval.seconds, clock.now() - interval.from_at)
        db.flush()
