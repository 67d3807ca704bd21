"""The cookie, the token that proves that a form is ours, and the person behind them."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app import clock
from app.models import Person, Profile, RoleGrant, SignIn, token_hash
from app.policy import Me
from app.policy import Profile as ProfileValues

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_PAD = 32


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


def _proof(key: str, secret: str) -> bytes:
    return hmac.digest(key.encode(), b"token " + secret.encode(), hashlib.sha256)


def _mix(pad: bytes, data: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(pad, data, strict=True))


@dataclass(frozen=True)
class Visit:
    """An open sign-in."""

    me: Me
    last_seen_at: datetime

    @property
    def lasts(self) -> timedelta:
        """How long without activity it was made to last."""
        return self.me.expires_at - self.last_seen_at


_PROFILE = ("actor", "size", "role", "domain", "level", "region", "chemin", "time")


def recognise(db: Session, secret: str) -> Visit | None:
    """Whose open sign-in this is, with their rights and profile, in one statement."""
    query = (
        select(SignIn, Person, RoleGrant.role, Profile)
        .join(Person, Person.id == SignIn.person_id)
        .outerjoin(RoleGrant, and_(RoleGrant.person_id == Person.id, RoleGrant.ended_at.is_(None)))
        .outerjoin(Profile, Profile.person_id == Person.id)
        .where(SignIn.token_hash == token_hash(secret), SignIn.ended_at.is_(None), SignIn.expires_at > clock.now())
        .where(Person.disabled_at.is_(None), Person.erased_at.is_(None), Person.merged_into_id.is_(None))
    )
    rows = db.execute(query).all()
    if not rows:
        return None
    sign_in, person, _role, profile = rows[0]
    me = Me(
        id=person.id,
        guest=person.claimed_at is None,
        name=person.name,
        email=person.email,
        lang=person.lang,
        zone=person.zone,
        sign_in_id=sign_in.id,
        expires_at=sign_in.expires_at,
        roles=frozenset(role for _s, _p, role, _f in rows if role),
        profile=ProfileValues(**{name: getattr(profile, name) for name in _PROFILE}) if profile else ProfileValues(),
    )
    return Visit(me, sign_in.last_seen_at)
