"""Everyone who has an account, and one of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.config import Settings
from app.models import Role
from app.policy import Me
from app.reads import everyone
from app.reads.everyone import State, Wanted

ROWS = 50
"""People on one page."""


@dataclass(frozen=True)
class PeoplePage:
    lines: tuple[everyone.Somebody, ...]
    wanted: Wanted
    total: int  # who answers to what is asked
    first: int  # rank of the first line shown; 0 when there is none
    number: int  # of the page
    pages: int


@dataclass(frozen=True)
class PersonPage:
    number: int
    name: str | None
    email: str
    state: State
    roles: tuple[Role, ...]
    created_at: datetime
    seen_at: datetime | None
    own: bool  # it is the one who asks
    done: str  # what was just done, a word
    link: str = ""  # to hand over, shown once
    alert: str = ""


def people(db: Session, wanted: Wanted, number: int) -> PeoplePage:
    """`number`: of the page, from 1; past the last one, the last one."""
    total = everyone.count(db, wanted)
    pages = max(1, -(-total // ROWS))
    number = min(max(1, number), pages)
    lines = tuple(everyone.everyone(db, wanted, start=(number - 1) * ROWS, most=ROWS))
    return PeoplePage(lines, wanted, total, (number - 1) * ROWS + 1 if lines else 0, number, pages)


def person(
    db: Session, settings: Settings, me: Me, number: int, *, done: str = "", token: str = "", alert: str = ""
) -> PersonPage:
    """`token`: of the link that was just made. Raises Missing."""
    found = everyone.somebody(db, number)
    return PersonPage(
        number=found.id,
        name=found.name,
        email=found.email,
        state=found.state,
        roles=found.roles,
        created_at=found.created_at,
        seen_at=found.seen_at,
        own=found.id == me.id,
        done=done,
        link=f"{settings.public_url}/mot-de-passe/{token}" if token else "",
        alert=alert,
    )
