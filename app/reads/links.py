"""What a one-time link would open, asked without using it."""

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.models import OneTimeLink, Purpose, token_hash


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
