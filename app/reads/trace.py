"""The trace as it is read: filtered by a verb or a person, the last first."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from app.models import AuditEvent, AuditSeal


def page(
    db: Session, *, verb: str, person: int | None, before: int | None, most: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """`person`: who did it, or whom it was done to; `before`: a number."""
    event = AuditEvent
    query = select(
        event.id,
        event.at,
        event.by_id,
        event.verb,
        event.object,
        event.data,
        AuditSeal.event_id.is_not(None).label("sealed"),
    ).outerjoin(AuditSeal, AuditSeal.event_id == event.id)
    if verb:
        query = query.where(event.verb == verb)
    if person is not None:
        query = query.where(or_(event.by_id == person, event.object == f"person:{person}"))
    if before is not None:
        query = query.where(event.id < before)
    return db.execute(query.order_by(event.id.desc()).limit(most)).all()


def verbs(db: Session) -> Sequence[str]:
    return db.scalars(select(AuditEvent.verb).distinct().order_by(AuditEvent.verb)).all()
