"""What a one-time link would open, asked without using it."""

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.models import MailKind, Message, OneTimeLink, Person, Purpose, same_email, token_hash


class LinkState(StrEnum):
    OPEN = "open"
    USED = "used"
    OVER = "over"
    UNKNOWN = "unknown"


def link_state(db: Session, purposes: Collection[Purpose], token: str) -> LinkState:
    """Whether the link of this secret still opens its door."""
    this = (OneTimeLink.token_hash == token_hash(token), OneTimeLink.purpose.in_(purposes))
    found = db.execute(select(OneTimeLink.used_at, OneTimeLink.expires_at).where(*this)).one_or_none()
    if found is None:
        return LinkState.UNKNOWN
    if found.used_at:
        return LinkState.USED
    return LinkState.OPEN if found.expires_at > clock.now() else LinkState.OVER


def passage(db: Session, token: str) -> int | None:
    """The guest whom an unused « Continuer ailleurs » link opens."""
    this = (OneTimeLink.token_hash == token_hash(token), OneTimeLink.purpose == Purpose.CONTINUE)
    still = (OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > clock.now())
    here = (Person.claimed_at.is_(None), Person.merged_into_id.is_(None), Person.erased_at.is_(None))
    query = select(Person.id).join(OneTimeLink, OneTimeLink.person_id == Person.id)
    return db.scalar(query.where(*this, *still, *here, Person.disabled_at.is_(None)))


def taken_by(db: Session, token: str) -> int | None:
    """Whom the guest of a « Continuer ailleurs » link has joined since."""
    this = (OneTimeLink.token_hash == token_hash(token), OneTimeLink.purpose == Purpose.CONTINUE)
    query = select(Person.merged_into_id).join(OneTimeLink, OneTimeLink.person_id == Person.id)
    return db.scalar(query.where(*this, OneTimeLink.used_at.is_not(None)))


def link_email(db: Session, purposes: Collection[Purpose], token: str) -> str:
    """The address of the person whom the link is for, « » when there is none."""
    query = select(Person.email).join(OneTimeLink, OneTimeLink.person_id == Person.id)
    this = (OneTimeLink.token_hash == token_hash(token), OneTimeLink.purpose.in_(purposes))
    return db.scalar(query.where(*this)) or ""


def never_proved(db: Session, token: str) -> int | None:
    """Whom an unused link enters as, where nobody has ever proved that the address is theirs: whoever chose the
    password may be somebody else.
    """
    this = (OneTimeLink.token_hash == token_hash(token), OneTimeLink.purpose == Purpose.SIGN_IN)
    still = (OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > clock.now(), OneTimeLink.address == Person.email)
    query = select(Person.id).join(OneTimeLink, OneTimeLink.person_id == Person.id)
    return db.scalar(query.where(*this, *still, Person.email_confirmed_at.is_(None), Person.password_hash.is_not(None)))


def without_first_link(db: Session, email: str) -> int | None:
    """Whose open account has this address and no password, with no link to choose one, open or about to leave."""
    mine = (OneTimeLink.person_id == Person.id, OneTimeLink.purpose == Purpose.SET_UP)
    usable = select(OneTimeLink.id).where(*mine, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > clock.now())
    leaving = select(Message.id).where(
        Message.address == Person.email,
        Message.kind == MailKind.SET_UP,
        *(column.is_(None) for column in (Message.sent_at, Message.gave_up_at, Message.dropped_at)),
    )
    here = (Person.email == same_email(email), Person.claimed_at.is_not(None), Person.password_hash.is_(None))
    query = select(Person.id).where(*here, Person.disabled_at.is_(None), ~usable.exists(), ~leaving.exists())
    return db.scalar(query)
