"""An attestation found by its code, as anyone may check it."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from app.i18n import _
from app.models import Agreed, Consent, Enrolment, Person, Revocation, SigningKey, Summary
from app.outside import sign

CODE_LENGTH = 16
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


class Standing(StrEnum):
    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"
    """Its person asked to be forgotten, or was."""
    ALTERED = "altered"
    """What the database says is not what was signed."""
    UNSIGNED = "unsigned"
    """Issued before the site signed."""


@dataclass(frozen=True)
class Attestation:
    summary: Summary
    standing: Standing
    named: bool
    """The person agreed that their name be shown."""
    replaced_by: str
    """The code of the one that stands in its place, « » where none does."""


def as_code(typed: str) -> str:
    """A code as it is kept, whatever the case and the marks between its groups; O is read 0, I and L are read 1."""
    return "".join(character for character in typed.upper() if character.isalnum()).translate(_READ_AS)


def in_groups(code: str) -> str:
    """Four groups of four."""
    return " ".join(code[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def by_code(db: Session, code: str) -> Attestation | None:
    """In one statement."""
    newer, holder = aliased(Summary), aliased(Person)
    agreed = and_(
        Consent.person_id == func.coalesce(holder.merged_into_id, holder.id),
        Consent.what == Agreed.NAME_ON_VERIFICATION,
        Consent.ended_at.is_(None),
    )
    query = (
        select(Summary, SigningKey.public_key, newer.code.label("newer"), Consent.id.label("consent"))
        .join(Enrolment, Enrolment.id == Summary.enrolment_id)
        .join(holder, holder.id == Enrolment.person_id)
        .outerjoin(SigningKey, SigningKey.key_id == Summary.key_id)
        .outerjoin(newer, newer.id == Summary.replaced_by_id)
        .outerjoin(Consent, agreed)
        .where(Summary.code == code)
    )
    row = db.execute(query).one_or_none()
    if row is None:
        return None
    return Attestation(row[0], standing(row[0], row.public_key), row.consent is not None, row.newer or "")


def standing(summary: Summary, public_key: str | None) -> Standing:
    """What it is worth; a forged row is told before anything that the row says of itself."""
    if summary.withdrawn_at is not None:
        return Standing.WITHDRAWN
    if summary.signature is None and summary.snapshot.get("version") == 1:
        return Standing.UNSIGNED
    if not public_key or not sign.verifies(public_key, summary.signature or "", summary.statement):
        return Standing.ALTERED
    if summary.revoked_at is not None:
        return Standing.REVOKED
    return Standing.REPLACED if summary.replaced_at is not None else Standing.VALID


def reason_words(reason: Revocation) -> str:
    """Why it no longer holds, as anyone reads it."""
    return {
        Revocation.MISTAKE: _("elle a été établie par erreur"),
        Revocation.IDENTITY: _("elle ne concerne pas la personne nommée"),
        Revocation.FRAUD: _("elle a été obtenue par fraude"),
        Revocation.REQUEST: _("la personne l’a demandé"),
    }[reason]


def number(db: Session, code: str) -> int | None:
    return db.scalar(select(Summary.id).where(Summary.code == code))


def same_name(one: str, other: str) -> bool:
    """Whether two spellings name the same person: accents, case, hyphens and the order of names do not count."""
    return _folded(one) == _folded(other) != []


def _folded(name: str) -> list[str]:
    apart = unicodedata.normalize("NFKD", name)
    kept = "".join(character for character in apart if not unicodedata.combining(character)).casefold()
    return sorted("".join(character if character.isalnum() else " " for character in kept).split())


def keys(db: Session) -> list[SigningKey]:
    """Every public key, the one that signs now first."""
    return list(db.scalars(select(SigningKey).order_by(SigningKey.since.desc(), SigningKey.key_id)))
