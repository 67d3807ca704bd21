"""The outbox as it is read: what an address wants no more of, what a mail says, who waits for what."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import MailKind, MailStop, Message


def stopped(db: Session, address: str) -> set[MailKind]:
    """The kinds of mail that this address wants no more of."""
    return set(db.scalars(select(MailStop.kind).where(MailStop.address == address)))


def message(db: Session, number: int) -> Message | None:
    return db.get(Message, number)
