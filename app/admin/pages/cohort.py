"""One cohort, to hand over to somebody else."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.errors import Missing
from app.reads import teaching


@dataclass(frozen=True)
class CohortPage:
    number: int
    name: str
    archived: bool
    trainers: tuple[teaching.Colleague, ...]
    done: bool  # it was just handed over


def cohort(db: Session, number: int, *, done: bool = False) -> CohortPage:
    """Raises Missing."""
    found = next(iter(teaching.every_cohort(db, 1, number=number)), None)
    if found is None:
        raise Missing
    return CohortPage(found.id, found.name, found.archived_at is not None, found.trainers, done)
