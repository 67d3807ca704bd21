"""The averages of a cohort: those established, and what may be asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.content.diagnostics import DiagnosticDoc
from app.content.translation import reread
from app.models import Assignment, CohortAverage, CohortEvent, DocumentKind
from app.reads import frozen
from app.reads.frozen import Published


@dataclass(frozen=True)
class Asked:
    """A self-diagnostic of a pathway that the cohort follows."""

    found: Published
    doc: DiagnosticDoc


def asked(db: Session, cohort_id: int) -> tuple[Asked, ...]:
    query = select(Assignment.edition_id).where(Assignment.cohort_id == cohort_id, Assignment.withdrawn_at.is_(None))
    found: dict[str, Asked] = {}
    for edition_id in db.scalars(query.order_by(Assignment.id)).all():
        for each in frozen.documents(db, edition_id, DocumentKind.DIAGNOSTIC.value).values():
            doc = reread(DiagnosticDoc, each.content)
            found.setdefault(doc.uid, Asked(each, doc))
    return tuple(found.values())


@dataclass(frozen=True)
class Established:
    average: CohortAverage
    session: str
    at: datetime
    """When the session is."""


def established(db: Session, cohort_id: int) -> Sequence[Established]:
    query = (
        select(CohortAverage, CohortEvent.title, CohortEvent.starts_at)
        .join(CohortEvent, CohortEvent.id == CohortAverage.event_id)
        .where(CohortAverage.cohort_id == cohort_id)
        .order_by(CohortAverage.frozen_at, CohortAverage.id)
    )
    return [Established(row.CohortAverage, row.title, row.starts_at) for row in db.execute(query)]


def sessions(db: Session, cohort_id: int) -> Sequence[CohortEvent]:
    """Those held, in the order of time."""
    query = select(CohortEvent).filter_by(cohort_id=cohort_id, removed_at=None)
    return db.scalars(query.order_by(CohortEvent.starts_at, CohortEvent.id)).all()
