"""Who somebody is, asked by their number."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Person


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
