"""Whom a mail of some kind reaches: one rule, for who writes and for who looks beforehand."""

from sqlalchemy import ColumnElement, case, select

from app.models import MailKind, MailStop, Person, Silent, reached


def why_not(kind: MailKind) -> ColumnElement[str]:
    """Why mails of that kind do not go to this person; « » where they do."""
    stops = select(MailStop.address).where(MailStop.address == Person.email, MailStop.kind == kind)
    return case(
        (Person.email.is_(None), Silent.NO_ADDRESS.value),
        (~reached(), Silent.UNPROVED.value),
        (stops.correlate(Person).exists(), Silent.STOPPED.value),
        else_="",
    )
