"""Acts on others, access, content and settings; and the counters that slow abuse down."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from app import clock
from app.db import Base, UtcDateTime
from app.models.types import Id


class AuditEvent(Base):
    """Who did what to what: ids and digests, no personal text. Append-only."""

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"), index=True)
    """Null: a command run on the machine."""
    verb: Mapped[str] = mapped_column(String(40))
    object: Mapped[str] = mapped_column(String(120))
    """Kind and id, e.g. « person:12 »."""
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


def record(db: Session, verb: str, object: str, *, by: int | None, **data: Any) -> None:
    """Leave the trace of an act, in its transaction."""
    db.add(AuditEvent(at=clock.now(), by_id=by, verb=verb, object=object, data=data))


class RateCount(Base):
    """How often something was tried in a window of time; one atomic upsert."""

    __tablename__ = "rate_count"

    bucket: Mapped[str] = mapped_column(String(120), primary_key=True)
    """What is counted, personal parts hashed."""
    window: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Start of the window, in seconds since 1970 divided by its length."""
    count: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    """From then on it says nothing any more."""


class AuditSeal(Base):
    """The chain that shows a trace was neither changed nor taken out: filled by the worker, in the order of numbers."""

    __tablename__ = "audit_seal"

    event_id: Mapped[int] = mapped_column(Id, ForeignKey("audit_event.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256, in hexadecimal, of the seal before and of the event's canonical JSON."""
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
