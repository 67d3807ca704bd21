"""Passwords: what may be one, how it is kept, and proving that one is theirs."""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import Refused
from app.i18n import _
from app.models import Person, same_email

PASSWORD_MIN, PASSWORD_MAX = 8, 128
TYPED_MAX = 4 * PASSWORD_MAX
"""A letter and its accents may come apart from the keyboard: they are counted once together."""
LETTERS_MIN = 3
"""Different characters: « aaaaaaaa » is no secret."""
COMMON = Path(__file__).parent / "common_passwords.txt"
OURS = "balises"
_NO_LETTER = re.compile(r"[\W\d_]+")
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_two_at_once = BoundedSemaphore(2)
"""A hash takes 19 MiB and a core: a crowd of them must not stop the pages."""


@dataclass(frozen=True)
class Proof:
    """A person gave their password; what the row held then, and what it should hold now."""

    person_id: int
    kept: str
    renewed: str


def make() -> str:
    return secrets.token_urlsafe(12)


def clean(password: str, email: str = "") -> str:
    """A password that may be one, as it is kept. Raises Refused."""
    password = _same(password[: TYPED_MAX + 1])
    if len(password) < PASSWORD_MIN:
        raise Refused(_("Choisissez un mot de passe de %(n)s caractères au moins.", n=PASSWORD_MIN), field="password")
    if len(password) > PASSWORD_MAX:
        raise Refused(_("Ce mot de passe dépasse %(n)s caractères.", n=PASSWORD_MAX), field="password")
    if _is_easy(password.casefold(), email.casefold()):
        sentence = _("Ce mot de passe est l’un des premiers que l’on essaierait. Une phrase à vous convient mieux.")
        raise Refused(sentence, field="password")
    return password


def digest(password: str, email: str = "") -> str:
    """What is kept of it. Slow on purpose: never inside a transaction. Raises Refused."""
    password = clean(password, email)
    with _two_at_once:
        return _hasher.hash(password)


def _is_easy(password: str, email: str) -> bool:
    """Among the common ones, one character repeated, the address itself, its name or ours with a number."""
    bare = _NO_LETTER.sub("", password)
    names = {OURS, _NO_LETTER.sub("", email.partition("@")[0])} - {""}
    return password in _common() or len(set(password)) < LETTERS_MIN or password == email or bare in names


@cache
def _common() -> frozenset[str]:
    return frozenset(line for line in COMMON.read_text("utf-8").splitlines() if not line.startswith("#"))


def check(db: Session, email: str, password: str) -> Proof | None:
    """Whose they are, or None; as long for an address that nobody has. `db`: a reading session, put to rest."""
    db.rollback()  # what was read before may be old
    here = (Person.disabled_at.is_(None), Person.erased_at.is_(None), Person.merged_into_id.is_(None))
    query = select(Person.id, Person.password_hash).where(Person.email == same_email(email), *here)
    found = db.execute(query).one_or_none()
    db.rollback()  # no transaction waits while we hash
    hashed = found.password_hash if found and found.password_hash else _NOBODY
    typed = _same(password[:TYPED_MAX])
    with _two_at_once:
        try:
            _hasher.verify(hashed, typed)
        except (VerificationError, InvalidHashError):
            return None
        if found is None or hashed is _NOBODY:
            return None
        return Proof(found.id, hashed, _hasher.hash(typed) if _hasher.check_needs_rehash(hashed) else hashed)


def hold(db: Session, proof: Proof) -> bool:
    """The password is still that one, and stays it until this transaction ends; an old digest is renewed."""
    still = (Person.id == proof.person_id, Person.password_hash == proof.kept)
    query = update(Person).where(*still).values(password_hash=proof.renewed).returning(Person.id)
    return db.scalars(query).one_or_none() is not None


def _same(password: str) -> str:
    """One password, whatever the keyboard that typed its accents."""
    return unicodedata.normalize("NFKC", password)


_NOBODY = _hasher.hash(secrets.token_urlsafe(32))
"""The hash of what nobody knows."""
