"""What is to be said by mail: an outbox, filled in the transaction of its cause, emptied by the worker."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UtcDateTime
from app.models.types import Id, closed


class MailKind(StrEnum):
    """What a mail is about; its templates bear this name."""

    INVITATION = "invitation"
    ASSIGNMENT = "assignment"
    REMINDER = "reminder"
    """The due date comes near, or is past: once each."""
    DIGEST = "digest"
    """What happened this week in one's cohorts, for who leads them."""
    TRAINER = "trainer"
    """What a trainer wrote to members."""
    COMMENT = "comment"
    ANSWER = "answer"
    """A learner answered in a thread; for who leads the cohort and asked to know at once."""
    PLAN = "plan"
    """« Est-ce arrivé ? »"""
    RESET = "reset"
    SET_UP = "set_up"
    CONFIRM = "confirm"
    SIGN_IN = "sign_in"
    TEST = "test"


ASKED_FOR = frozenset({MailKind.RESET, MailKind.SET_UP, MailKind.CONFIRM, MailKind.SIGN_IN, MailKind.TEST})
"""Nobody unsubscribes from what they ask for."""
TO_ANY_ADDRESS = ASKED_FOR | {MailKind.INVITATION}
"""What may go to an address that nobody proved to be theirs: somebody else may have typed it."""


class Silent(StrEnum):
    """Why somebody receives nothing."""

    FINISHED = "finished"
    NO_ADDRESS = "no address"
    UNPROVED = "unproved"
    STOPPED = "stopped"
    SAID = "said"
    """All of it was said already, or its days are past."""


class Message(Base):
    """One mail to one address; unique by kind, cause and address, so that a cause said twice is one mail."""

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[MailKind] = mapped_column(closed(MailKind))
    cause: Mapped[str] = mapped_column(String(120))
    """What made it, e.g. « assignment:12 » or « reminder:12:7 »."""
    address: Mapped[str] = mapped_column(String(254))
    person_id: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"), index=True)
    """Null where the address belongs to nobody here yet."""
    lang: Mapped[str] = mapped_column(String(2))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What its template needs; secrets of links leave the row once it is sent."""
    reply_to: Mapped[str | None] = mapped_column(String(254))
    by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"), index=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    """Its Message-ID, the same at every try."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Not before then; pushed back after each failure."""
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """A worker has it until then."""
    tries: Mapped[int]
    error: Mapped[str | None] = mapped_column(Text)
    """What the last failure said."""
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gave_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Its reason was gone before it left: finished, withdrawn, unsubscribed."""

    __table_args__ = (
        UniqueConstraint("kind", "cause", "address"),
        Index(
            "ix_message_due",
            "due_at",
            sqlite_where=sql("sent_at is null and gave_up_at is null and dropped_at is null"),
            postgresql_where=sql("sent_at is null and gave_up_at is null and dropped_at is null"),
        ),
    )


class MailStop(Base):
    """An address wants no more mail of that kind."""

    __tablename__ = "mail_stop"

    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    kind: Mapped[MailKind] = mapped_column(closed(MailKind), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
