"""What becomes of a cohort: made, changed, archived. Each verb done twice is done once."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import insert_if_absent
from app.errors import Refused
from app.i18n import _
from app.models import Cohort, CohortTrainer, record

NAME_MAX = 120


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


def check_dates(wanted: Wanted) -> None:
    if wanted.starts_on and wanted.ends_on and wanted.ends_on < wanted.starts_on:
        raise Refused(_("La cohorte finit avant de commencer : vérifiez les deux dates."), field="ends_on")
