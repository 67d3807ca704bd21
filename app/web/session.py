"""The cookie, the token that proves that a form is ours, and the person behind them."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, exists, select
from sqlalchemy.orm import Session

from app import clock
from app.db import UtcDateTime, fetch
from app.models import Membership, Person, Profile, RoleGrant, SignIn, token_hash
from app.policy import Me
from app.policy import Profile as ProfileValues

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_PAD = 32


@dataclass(frozen=True)
class Cookie:
    name: str
    value: str
    lasts: timedelta | None = None
    """None: until the browser is closed."""
    secret: bool = True
    tied: bool = False
    """Tells of a row: sent only if the view's transaction holds."""


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def well_formed(cookie: str | None) -> str | None:
    return cookie if cookie and _SECRET.fullmatch(cookie) else None


def token(key: str, secret: str) -> str:
    """Proof that a form was given to who holds the cookie; never the same twice, so that compression tells nothing."""
    pad = secrets.token_bytes(_PAD)
    return base64.urlsafe_b64encode(pad + _mix(pad, _proof(key, secret))).decode()


def proves(key: str, secret: str, posted: str) -> bool:
    try:
        raw = base64.b64decode(posted, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return False
    return len(raw) == 2 * _PAD and hmac.compare_digest(_mix(raw[:_PAD], raw[_PAD:]), _proof(key, secret))


def seal(key: str, secret: str, words: str) -> str:
    """What only we can write, and only for who holds the cookie."""
    return hmac.digest(key.encode(), f"seal {secret} {words}".encode(), hashlib.sha256).hex()


def derive(key: str, secret: str, words: str) -> str:
    """A new secret for who holds the cookie, always the same one for the same words."""
    raw = hmac.digest(key.encode(), f"derive {secret} {words}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _proof(key: str, secret: str) -> bytes:
    return hmac.digest(key.encode(), b"token " + secret.encode(), hashlib.sha256)


def _mix(pad: bytes, data: bytes) -> bytes:
    return (int.from_bytes(pad) ^ int.from_bytes(data)).to_bytes(_PAD)


@dataclass(frozen=True)
class Visit:
    """An open sign-in."""

    me: Me
    last_seen_at: datetime

    @property
    def lasts(self) -> timedelta:
        """How long without activity it was made to last."""
        return self.me.expires_at - self.last_seen_at


_PROFILE = tuple(getattr(Profile, field.name) for field in fields(ProfileValues))
_OPEN = (
    select(
        SignIn.id.label("sign_in_id"),
        SignIn.person_id,
        SignIn.expires_at,
        SignIn.last_seen_at,
        Person.claimed_at,
        Person.name,
        Person.email,
        Person.lang,
        Person.zone,
        RoleGrant.role.label("granted"),
        exists().where(Membership.person_id == SignIn.person_id).label("member"),
        *_PROFILE,
    )
    .join(Person, Person.id == SignIn.person_id)
    .outerjoin(RoleGrant, and_(RoleGrant.person_id == Person.id, RoleGrant.ended_at.is_(None)))
    .outerjoin(Profile, Profile.person_id == Person.id)
    .where(SignIn.token_hash == bindparam("token"), SignIn.ended_at.is_(None))
    .where(SignIn.expires_at > bindparam("now", type_=UtcDateTime))
    .where(Person.disabled_at.is_(None), Person.erased_at.is_(None), Person.merged_into_id.is_(None))
)
"""Built once: every page asks it."""


def recognise(db: Session, secret: str) -> Visit | None:
    """Whose open sign-in this is, with their rights and profile, in one statement."""
    found = fetch(db, _OPEN, {"token": token_hash(secret), "now": clock.now()})
    if not found:
        return None
    row = found[0]
    me = Me(
        id=row.person_id,
        guest=row.claimed_at is None,
        name=row.name,
        email=row.email,
        lang=row.lang,
        zone=row.zone,
        sign_in_id=row.sign_in_id,
        expires_at=row.expires_at,
        roles=frozenset(each.granted for each in found if each.granted),
        profile=ProfileValues(*row[-len(_PROFILE) :]),
        member=bool(row.member),
    )
    return Visit(me, row.last_seen_at)
