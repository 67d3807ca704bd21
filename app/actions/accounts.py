"""How people come, are recognised and leave: accounts, guests, sign-ins, passwords, and the brake on guessing."""

import hashlib
import re
import secrets
import unicodedata
from datetime import timedelta
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app import clock
from app.db import upsert
from app.errors import Refused
from app.i18n import _
from app.models import Person, RateCount, Role, RoleGrant, SignIn, record

PASSWORD_MIN, PASSWORD_MAX = 12, 200
EMAIL_MAX, NAME_MAX, AGENT_MAX = 254, 120, 200
SHORT = timedelta(hours=12)
"""Without activity, a sign-in that is not kept on the device ends."""
_EMAIL = re.compile(r"[^\s@<>()\"',;:\\\[\]]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,62}")
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_two_at_once = BoundedSemaphore(2)
"""A hash takes 19 MiB and a core: a crowd of them must not stop the pages."""


# Accounts


def create_person(db: Session, email: str, hashed: str, *, name: str, role: Role | None, by: int | None) -> Person:
    """Make an account, with a right or none. `hashed`: from `hash_password`, called before the transaction."""
    email, name = clean_email(email), " ".join(name.split())
    if len(name) > NAME_MAX:
        raise Refused(_("Ce nom est trop long : %(n)s caractères au plus.", n=NAME_MAX), field="name")
    if db.scalar(select(Person.id).where(Person.email == email)):
        raise Refused(_("Un compte existe déjà avec l’adresse %(email)s.", email=email), field="email")
    now = clock.now()
    person = Person(email=email, name=name or None, password_hash=hashed, claimed_at=now, created_at=now)
    db.add(person)
    db.flush()
    if role:
        db.add(RoleGrant(person_id=person.id, role=role, granted_at=now, granted_by=by))
    record(db, "person.create", f"person:{person.id}", by=by, role=role.value if role else None)
    return person


def clean_email(email: str) -> str:
    """As it is stored. Raises Refused."""
    email = unicodedata.normalize("NFC", email.strip()).lower()
    if len(email) > EMAIL_MAX or not _EMAIL.fullmatch(email):
        raise Refused(_("Cette adresse n’est pas complète : écrivez-la comme nom@exemple.fr."), field="email")
    return email


def become_guest(db: Session, lang: str) -> int:
    """A person without an account begins; their id."""
    guest = Person(lang=lang, created_at=clock.now())
    db.add(guest)
    db.flush()
    return guest.id


def choose_language(db: Session, person_id: int, lang: str) -> None:
    db.execute(update(Person).where(Person.id == person_id).values(lang=lang))


# Sign-ins


def start_sign_in(db: Session, person_id: int, agent: str, lasts: timedelta) -> str:
    """Recognise this person on this device; the secret that the cookie holds, kept nowhere else."""
    token, now = secrets.token_urlsafe(32), clock.now()
    db.add(
        SignIn(
            token_hash=token_hash(token),
            person_id=person_id,
            started_at=now,
            last_seen_at=now,
            expires_at=now + lasts,
            agent=agent[:AGENT_MAX],
        )
    )
    db.flush()
    return token


def prolong_sign_in(db: Session, sign_in_id: int, lasts: timedelta) -> None:
    """They are here: the sign-in lasts as long again."""
    now = clock.now()
    open_one = (SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
    db.execute(update(SignIn).where(*open_one).values(last_seen_at=now, expires_at=now + lasts))


def end_sign_in(db: Session, sign_in_id: int) -> None:
    """Whoever holds a copy of the cookie is out as well; twice is once."""
    open_one = (SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
    db.execute(update(SignIn).where(*open_one).values(ended_at=clock.now()))


def leave_guest(db: Session, guest_id: int, sign_in_id: int, person_id: int) -> None:
    """A guest signs in to an account: their answers stay theirs, and the trace tells to whom they could be joined."""
    end_sign_in(db, sign_in_id)
    record(db, "guest.leave", f"person:{guest_id}", by=person_id)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# Passwords


def new_password() -> str:
    return secrets.token_urlsafe(12)


def hash_password(password: str) -> str:
    """Slow on purpose: never inside a transaction. Raises Refused."""
    if len(password) < PASSWORD_MIN:
        raise Refused(_("Choisissez un mot de passe de %(n)s caractères au moins.", n=PASSWORD_MIN), field="password")
    if len(password) > PASSWORD_MAX:
        raise Refused(_("Ce mot de passe dépasse %(n)s caractères.", n=PASSWORD_MAX), field="password")
    with _two_at_once:
        return _hasher.hash(_same(password))


def check_password(db: Session, email: str, password: str) -> int | None:
    """Whose they are, or None; as long for an address that nobody has. `db`: a reading session, put to rest."""
    here = (Person.disabled_at.is_(None), Person.erased_at.is_(None), Person.merged_into_id.is_(None))
    query = select(Person.id, Person.password_hash).where(Person.email == email.strip().lower(), *here)
    found = db.execute(query).one_or_none()
    db.rollback()  # no transaction waits while we hash
    hashed = found.password_hash if found and found.password_hash else _NOBODY
    with _two_at_once:
        try:
            _hasher.verify(hashed, _same(password[:PASSWORD_MAX]))
        except (VerificationError, InvalidHashError):
            return None
    return found.id if found and hashed is not _NOBODY else None


def _same(password: str) -> str:
    """One password, whatever the keyboard that typed its accents."""
    return unicodedata.normalize("NFKC", password)


_NOBODY = _hasher.hash(secrets.token_urlsafe(32))
"""The hash of what nobody knows."""


# The brake


def count_try(db: Session, bucket: str, window: timedelta) -> tuple[int, int]:
    """One more try: how many in this window of time, and the seconds left in it."""
    now, length = int(clock.now().timestamp()), int(window.total_seconds())
    row = {"bucket": bucket, "window": now // length, "count": 1}
    upsert(db, RateCount, row, ["bucket", "window"], {"count": RateCount.count + 1})
    mine = (RateCount.bucket == bucket, RateCount.window == now // length)
    return db.scalars(select(RateCount.count).where(*mine)).one(), length - now % length


def forgive_tries(db: Session, bucket: str) -> None:
    db.execute(delete(RateCount).where(RateCount.bucket == bucket))
