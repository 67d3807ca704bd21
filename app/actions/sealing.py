"""The chain over the trace: each seal holds the one before and the event: nothing is changed or taken out unseen."""

import hashlib
import json
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app import clock
from app.models import AuditEvent, AuditSeal

STILL = timedelta(minutes=1)
"""An act whose transaction may not have ended yet is left for later."""
LATE = 20_000
"""Numbers are given before transactions end: a number may be seen after greater ones, and is sealed when it is."""
_START = "0" * 64


@dataclass(frozen=True)
class Chain:
    """What a check found. `broken`: the first event that is not what was sealed."""

    sealed: int
    waiting: int
    last: str
    broken: int | None = None


def seal(db: Session, most: int) -> int:
    """Seal what is not yet, in the order of numbers; how many. One at a time: whoever seals holds the first event."""
    db.scalar(select(AuditEvent.id).order_by(AuditEvent.id).limit(1).with_for_update())
    now = clock.now()
    last = db.scalars(
        select(AuditSeal).order_by(AuditSeal.sealed_at.desc(), AuditSeal.event_id.desc()).limit(1)
    ).first()
    greatest = db.scalar(select(AuditSeal.event_id).order_by(AuditSeal.event_id.desc()).limit(1)) or 0
    query = select(AuditEvent).where(AuditEvent.id > greatest - LATE, AuditEvent.at <= now - STILL, ~_sealed())
    digest = last.digest if last else _START
    at = max(now, last.sealed_at + timedelta(microseconds=1)) if last else now
    events = db.scalars(query.order_by(AuditEvent.id).limit(most)).all()
    for event in events:
        digest = _digest(digest, event)
        db.add(AuditSeal(event_id=event.id, digest=digest, sealed_at=at))
    db.flush()
    return len(events)


def check(db: Session) -> Chain:
    """Whether every sealed event is still what it was, in the order in which they were sealed."""
    digest, count = _START, 0
    query = select(AuditSeal.digest, AuditEvent).join(AuditEvent, AuditEvent.id == AuditSeal.event_id)
    ordered = query.order_by(AuditSeal.sealed_at, AuditSeal.event_id).execution_options(yield_per=1000)
    broken = None
    with closing(db.execute(ordered)) as rows:
        for sealed, event in rows:
            digest, count = _digest(digest, event), count + 1
            if digest != sealed:
                broken = event.id
                break
    waiting = db.scalar(select(func.count(AuditEvent.id)).where(~_sealed())) or 0
    return Chain(count, waiting, digest, broken)


def _sealed() -> ColumnElement[bool]:
    return select(AuditSeal.event_id).where(AuditSeal.event_id == AuditEvent.id).exists()


def _digest(before: str, event: AuditEvent) -> str:
    said = {
        "id": event.id,
        "at": event.at.isoformat(),
        "by": event.by_id,
        "verb": event.verb,
        "object": event.object,
        "data": event.data,
    }
    return hashlib.sha256(f"{before}{json.dumps(said, sort_keys=True, separators=(',', ':'))}".encode()).hexdigest()
