"""The outbox as it is read: what an address wants no more of, what waits, what left, what was given up."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from app.models import MailKind, MailStop, Message


class State(StrEnum):
    WAITING = "attente"
    SENT = "partis"
    GAVE_UP = "abandonnes"
    DROPPED = "sans-objet"


def state(message: Message) -> State:
    if message.sent_at:
        return State.SENT
    if message.gave_up_at:
        return State.GAVE_UP
    return State.DROPPED if message.dropped_at else State.WAITING


_IS: dict[State, ColumnElement[bool]] = {
    State.WAITING: and_(Message.sent_at.is_(None), Message.gave_up_at.is_(None), Message.dropped_at.is_(None)),
    State.SENT: Message.sent_at.is_not(None),
    State.GAVE_UP: and_(Message.sent_at.is_(None), Message.gave_up_at.is_not(None)),
    State.DROPPED: and_(Message.sent_at.is_(None), Message.gave_up_at.is_(None), Message.dropped_at.is_not(None)),
}


def counts(db: Session) -> dict[State, int]:
    """How many in each state."""
    row = db.execute(select(*(func.count().filter(_IS[each]) for each in State)).select_from(Message)).one()
    return dict(zip(State, row, strict=True))


def page(db: Session, wanted: State, before: int | None, most: int) -> Sequence[Message]:
    """The last ones first, before a number."""
    query = select(Message).where(_IS[wanted]).order_by(Message.id.desc()).limit(most)
    return db.scalars(query if before is None else query.where(Message.id < before)).all()


def stopped(db: Session, address: str) -> set[MailKind]:
    """The kinds of mail that this address wants no more of."""
    return set(db.scalars(select(MailStop.kind).where(MailStop.address == address)))


def message(db: Session, number: int) -> Message | None:
    return db.get(Message, number, populate_existing=True)
