"""One cohort, for who leads it: who is where, the sessions, what is asked."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.policy import Me
from app.reads import teaching


@dataclass(frozen=True)
class CohortPage:
    number: int
    name: str
    archived: bool


def cohort(db: Session, me: Me, number: int) -> CohortPage:
    """Raises Missing, whoever else leads it."""
    found = teaching.led_cohort(db, me.id, number)
    return CohortPage(number=found.id, name=found.name, archived=found.archived_at is not None)
