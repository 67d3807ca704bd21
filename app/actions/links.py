"""One-time links: each opens one door once, for a while; who holds one needs no password."""

import secrets
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from app import clock
from app.models import OneTimeLink, Purpose, token_hash

TOKEN_BYTES = 16
"""128 random bits: nobody guesses one."""
LASTS = {
    Purpose.RESET: timedelta(minutes=60),
    Purpose.SET_UP: timedelta(days=7),
    Purpose.CONFIRM: timedelta(days=7),
    Purpose.SIGN_IN: timedelta(minutes=15),
}
"""What goes by mail, and for how long."""


def issue(db: Session, purpose: Purpose, person_id: int, lasts: timedelta, *, address: str | None = None) -> str:
    """Make a link; its secret, kept nowhere else. The earlier ones of that purpose open nothing any more."""
    token, now = secrets.token_urlsafe(TOKEN_BYTES), clock.now()
    withdraw(db, purpose, person_id)
    db.add(
        OneTimeLink(
            purpose=purpose,
            person_id=person_id,
            address=address,
            token_hash=token_hash(token),
            created_at=now,
            expires_at=now + lasts,
        )
    )
    db.flush()
    return token


def withdraw(db: Session, purpose: Purpose, person_id: int) -> None:
    """The unused links of that purpose end now."""
    mine = (OneTimeLink.purpose == purpose, OneTimeLink.person_id == person_id)
    still = (OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > clock.now())
    db.execute(update(OneTimeLink).where(*mine, *still).values(expires_at=clock.now()))


def use(db: Session, purpose: Purpose, token: str) -> int | None:
    """Open the door, once whoever else tries: whose link it was, or None when it is used, over or unknown."""
    now = clock.now()
    this = (OneTimeLink.token_hash == token_hash(token), OneTimeLink.purpose == purpose)
    still = (OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now)
    query = update(OneTimeLink).where(*this, *still).values(used_at=now).returning(OneTimeLink.person_id)
    return db.scalars(query).one_or_none()
