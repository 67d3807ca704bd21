"""The printed card with which a member without an address comes back."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Membership, Person, ResumeCard, token_hash


def open_card(db: Session, person_id: int, cohort_id: int) -> ResumeCard | None:
    """Theirs in that cohort, the last made."""
    query = (
        select(ResumeCard)
        .join(Membership, Membership.id == ResumeCard.membership_id)
        .where(Membership.person_id == person_id, Membership.cohort_id == cohort_id, Membership.left_at.is_(None))
        .where(ResumeCard.revoked_at.is_(None))
        .order_by(ResumeCard.id.desc())
        .limit(1)
    )
    return db.scalar(query)


def opens(card: ResumeCard, secret: str) -> bool:
    """Made with the key that the site has today."""
    return card.token_hash == token_hash(secret)


def own_name(db: Session, person_id: int, secret: str) -> str | None:
    """The name on a card that led to what is theirs now: they have an account, or have joined it to theirs."""
    query = (
        select(Membership.name)
        .join(ResumeCard, ResumeCard.membership_id == Membership.id)
        .where(ResumeCard.token_hash == token_hash(secret), ResumeCard.revoked_at.is_(None))
        .where(Membership.person_id == person_id, Membership.left_at.is_(None))
    )
    return db.scalar(query)


@dataclass(frozen=True)
class Holder:
    person_id: int
    name: str


def holder(db: Session, secret: str) -> Holder | None:
    """Whom a card opens: a member who has no account, nothing else."""
    query = (
        select(Person.id, Membership.name)
        .join(Membership, Membership.person_id == Person.id)
        .join(ResumeCard, ResumeCard.membership_id == Membership.id)
        .where(ResumeCard.token_hash == token_hash(secret), ResumeCard.revoked_at.is_(None))
        .where(Membership.left_at.is_(None), Person.claimed_at.is_(None), Person.merged_into_id.is_(None))
        .where(Person.disabled_at.is_(None), Person.erased_at.is_(None))
    )
    row = db.execute(query).one_or_none()
    return Holder(row.id, row.name) if row else None
