"""Accounts as who administers finds them: who somebody is and what they may do, nothing of what they learn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.errors import Missing
from app.models import Person, Role, RoleGrant, SignIn


class State(StrEnum):
    """`waiting`: they have not chosen a password yet; `closed`: they can no longer sign in."""

    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


@dataclass(frozen=True)
class Somebody:
    id: int
    name: str | None
    email: str
    state: State
    created_at: datetime
    seen_at: datetime | None
    """When a device of theirs last showed itself, UTC; None: never."""
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Wanted:
    """What the list is asked for; `words`: of a name or an address."""

    words: str = ""
    role: Role | None = None
    state: State | None = None


def count(db: Session, wanted: Wanted) -> int:
    return db.scalar(select(func.count(Person.id)).where(*_asked(wanted))) or 0


def everyone(db: Session, wanted: Wanted, *, start: int, most: int) -> Sequence[Somebody]:
    """By name, then address, those without a name last. Two statements."""
    seen = select(func.max(SignIn.last_seen_at)).where(SignIn.person_id == Person.id).scalar_subquery()
    query = select(Person, seen.label("seen_at")).where(*_asked(wanted))
    order = (Person.name.is_(None), func.lower(Person.name), Person.email, Person.id)
    rows = db.execute(query.order_by(*order).offset(start).limit(most)).all()
    roles: dict[int, list[Role]] = {}
    held = select(RoleGrant.person_id, RoleGrant.role).where(
        RoleGrant.person_id.in_([row[0].id for row in rows]), RoleGrant.ended_at.is_(None)
    )
    for person_id, role in db.execute(held):
        roles.setdefault(person_id, []).append(role)
    return [_somebody(row[0], row.seen_at, roles.get(row[0].id, [])) for row in rows]


def somebody(db: Session, number: int) -> Somebody:
    """One account. Raises Missing, as for a guest, for who was erased and for who joined another account."""
    person = db.scalar(select(Person).where(Person.id == number, *_asked(Wanted())))
    if person is None:
        raise Missing
    seen = db.scalar(select(func.max(SignIn.last_seen_at)).where(SignIn.person_id == number))
    held = db.scalars(select(RoleGrant.role).where(RoleGrant.person_id == number, RoleGrant.ended_at.is_(None)))
    return _somebody(person, seen, list(held))


def _asked(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    yield from (Person.claimed_at.is_not(None), Person.erased_at.is_(None), Person.merged_into_id.is_(None))
    if wanted.words:
        named = func.lower(Person.name).contains(wanted.words.lower(), autoescape=True)
        yield or_(named, Person.email.contains(wanted.words.lower(), autoescape=True))
    if wanted.role:
        held = (RoleGrant.person_id == Person.id, RoleGrant.role == wanted.role, RoleGrant.ended_at.is_(None))
        yield select(RoleGrant.id).where(*held).exists()
    if wanted.state is not None:
        yield Person.disabled_at.is_not(None) if wanted.state is State.CLOSED else Person.disabled_at.is_(None)
    if wanted.state in (State.WAITING, State.OPEN):
        waits = Person.password_hash.is_(None)
        yield waits if wanted.state is State.WAITING else ~waits


def _somebody(person: Person, seen_at: datetime | None, roles: Sequence[Role]) -> Somebody:
    state = State.CLOSED if person.disabled_at else State.OPEN if person.password_hash else State.WAITING
    held = tuple(role for role in Role if role in roles)
    return Somebody(person.id, person.name, person.email or "", state, person.created_at, seen_at, held)
