"""Who somebody is, asked by their number, and the devices that know them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.models import Agreed, Consent, Person, SignIn, same_email

SIGN_INS_SHOWN = 50
"""Nobody reads a longer list; all of them close at once."""


@dataclass(frozen=True)
class Account:
    id: int
    email: str
    password_hash: str
    """Part of what a proof is made of: a changed password ends it."""


def account(db: Session, person_id: int) -> Account | None:
    """An account that may be opened."""
    here = (Person.disabled_at.is_(None), Person.erased_at.is_(None), Person.merged_into_id.is_(None))
    query = select(Person.id, Person.email, Person.password_hash).where(Person.id == person_id, *here)
    row = db.execute(query).one_or_none()
    return Account(row.id, row.email, row.password_hash) if row and row.email and row.password_hash else None


def by_email(db: Session, email: str) -> int | None:
    """Whose open account has this address, as typed."""
    here = (Person.disabled_at.is_(None), Person.erased_at.is_(None), Person.merged_into_id.is_(None))
    return db.scalar(select(Person.id).where(Person.email == same_email(email), *here))


def names(db: Session, numbers: Iterable[int | None]) -> dict[int, str]:
    """What these people are called, by number; their address where they gave no name, nothing where neither is left."""
    query = select(Person.id, Person.name, Person.email).where(Person.id.in_({n for n in numbers if n is not None}))
    return {row.id: row.name or row.email or "" for row in db.execute(query)}


def open_sign_ins(db: Session, person_id: int) -> Sequence[SignIn]:
    """The devices that know this person, the last seen first."""
    theirs = (SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.expires_at > clock.now())
    query = select(SignIn).where(*theirs).order_by(SignIn.last_seen_at.desc(), SignIn.id.desc())
    return db.scalars(query.limit(SIGN_INS_SHOWN)).all()


def confirmed(db: Session, person_id: int) -> bool:
    """Whether their address was proved to be theirs."""
    return db.scalar(select(Person.email_confirmed_at).where(Person.id == person_id)) is not None


def agrees(db: Session, person_id: int, what: Agreed) -> bool:
    """Whether they agreed, and still do."""
    still = (Consent.person_id == person_id, Consent.what == what, Consent.ended_at.is_(None))
    return db.scalar(select(Consent.id).where(*still)) is not None
