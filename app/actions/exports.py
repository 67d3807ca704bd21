"""What a trainer takes away of a cohort leaves a trace, before it leaves."""

from enum import StrEnum

from sqlalchemy.orm import Session

from app.models import record
from app.reads import teaching


class Export(StrEnum):
    """Files of a cohort, as a form names them."""

    FOLLOW_UP = "suivi"
    HOURS = "heures"
    MEMBERS = "membres"


def export(db: Session, person_id: int, cohort_id: int, what: Export) -> None:
    """They are about to hold that file of a cohort that they lead. Raises Missing."""
    teaching.led_cohort(db, person_id, cohort_id)
    record(db, "cohort.export", f"cohort:{cohort_id}", by=person_id, what=what.value)
