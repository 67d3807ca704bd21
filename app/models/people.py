"""Who people are: a guest is a person without an address; signing up fills the same row."""

import hashlib
import unicodedata
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, and_, exists
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.util import AliasedClass

from app.db import Base, UtcDateTime
from app.models.types import Id, closed


class Role(StrEnum):
    """What a person may do beyond learning; everyone is a learner."""

    TRAINER = "trainer"
    AUTHOR = "author"
    ADMIN = "admin"


class Person(Base):
    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    """Lower case; null for a guest."""
    email_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    name: Mapped[str | None] = mapped_column(String(120))
    """Null until a document needs it; a pseudonym will do."""
    password_hash: Mapped[str | None] = mapped_column(String(200))
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the guest became an account; null = guest."""
    lang: Mapped[str | None] = mapped_column(String(2))
    zone: Mapped[str] = mapped_column(String(64), default="Europe/Paris")
    """IANA name; dates are shown in it."""
    wants_answers_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when they want a mail for each answer of a learner; null = the week's digest counts them."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    merged_into_id: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"), index=True)

    __table_args__ = (
        CheckConstraint("email is null or email = lower(email)", name="email_lower"),
        CheckConstraint("lang in ('fr', 'en')", name="lang_known"),
    )


def reached() -> ColumnElement[bool]:
    """Mails that they did not ask for go to this person: the address is theirs, as a link that came back proved."""
    return and_(
        Person.email.is_not(None),
        Person.email_confirmed_at.is_not(None),
        Person.disabled_at.is_(None),
        Person.erased_at.is_(None),
        Person.merged_into_id.is_(None),
    )


def trains(who: "type[Person] | AliasedClass[Person]" = Person) -> ColumnElement[bool]:
    """That person may lead cohorts today: who may no longer is told nothing more of those that they led."""
    grant = (RoleGrant.person_id == who.id, RoleGrant.role == Role.TRAINER, RoleGrant.ended_at.is_(None))
    return exists().where(*grant).correlate(who)


class RoleGrant(Base):
    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(closed(Role))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    granted_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"), index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "uq_role_grant_open",
            "person_id",
            "role",
            unique=True,
            sqlite_where=sql("ended_at is null"),
            postgresql_where=sql("ended_at is null"),
        ),
    )


def same_email(typed: str) -> str:
    """An address, as a row holds it."""
    return unicodedata.normalize("NFC", typed.strip()).lower()


def token_hash(token: str) -> str:
    """What is kept of a secret that a cookie or a link holds."""
    return hashlib.sha256(token.encode()).hexdigest()


class SignIn(Base):
    """A session on the server's side: ending the row ends the session."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256, in hexadecimal, of the cookie's value."""
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agent: Mapped[str] = mapped_column(String(200), default="")


class Purpose(StrEnum):
    """What a one-time link opens."""

    RESET = "reset"
    """A new password."""
    SET_UP = "set_up"
    """The first password of an account that somebody else made."""
    CONFIRM = "confirm"
    """The proof that an address is theirs."""
    SIGN_IN = "sign_in"
    CONTINUE = "continue"
    """The same guest, on another device."""


class OneTimeLink(Base):
    """Opens one door once: used by a conditional update."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(closed(Purpose))
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    address: Mapped[str | None] = mapped_column(String(254))
    """The address that it proves, if any."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256, in hexadecimal, of the 128 random bits in the link."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Agreed(StrEnum):
    """What a person may agree to."""

    NAME_ON_VERIFICATION = "name_on_verification"
    """Whoever holds the code of one of their attestations reads their name."""


class Consent(Base):
    """What a person agreed to, and until when."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    what: Mapped[Agreed] = mapped_column(closed(Agreed))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "uq_consent_open",
            "person_id",
            "what",
            unique=True,
            sqlite_where=sql("ended_at is null"),
            postgresql_where=sql("ended_at is null"),
        ),
    )


class Profile(Base):
    """What a learner said of their organisation; all optional, slugs of the taxonomies."""

    __tablename__ = "profile"

    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)
    actor: Mapped[str | None] = mapped_column(String(60))
    size: Mapped[str | None] = mapped_column(String(60))
    role: Mapped[str | None] = mapped_column(String(60))
    domain: Mapped[str | None] = mapped_column(String(60))
    level: Mapped[str | None] = mapped_column(String(60))
    region: Mapped[str | None] = mapped_column(String(60))
    chemin: Mapped[str | None] = mapped_column(String(60))
    time: Mapped[str | None] = mapped_column(String(60))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
