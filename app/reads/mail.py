"""The outbox as it is read: what an address wants no more of, what waits, what left, what was given up."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import ColumnElement, String, and_, func, literal, select, type_coerce
from sqlalchemy.orm import Session

from app.i18n import _
from app.models import MailKind, MailStop, Message, Person


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
    """The kinds of mail that this address wants no more of, or does not want unless it asks. One statement."""
    asked = select(Person.id).where(Person.email == address, Person.wants_answers_at.is_not(None))
    stops = select(type_coerce(MailStop.kind, String)).where(MailStop.address == address)
    kinds = stops.union(select(literal(MailKind.ANSWER.value, String)).where(~asked.exists()))
    return {MailKind(kind) for kind in db.scalars(kinds)}


def message(db: Session, number: int) -> Message | None:
    return db.get(Message, number, populate_existing=True)


def kind_label(kind: MailKind) -> str:
    """What a person calls it."""
    return {
        MailKind.INVITATION: _("Invitation à une cohorte"),
        MailKind.ASSIGNMENT: _("Parcours proposé"),
        MailKind.REMINDER: _("Rappel d’échéance"),
        MailKind.DIGEST: _("Résumé de la semaine, pour qui anime"),
        MailKind.TRAINER: _("Message de qui anime"),
        MailKind.COMMENT: _("Commentaire sur ce que vous partagez"),
        MailKind.ANSWER: _("Chaque réponse à vos commentaires, sans attendre le résumé"),
        MailKind.PLAN: _("« Est-ce arrivé ? », après un bilan"),
        MailKind.RESET: _("Nouveau mot de passe"),
        MailKind.SET_UP: _("Premier mot de passe"),
        MailKind.CONFIRM: _("Confirmation d’adresse"),
        MailKind.SIGN_IN: _("Lien de connexion"),
        MailKind.TEST: _("Essai"),
    }[kind]
