"""What the site says of itself: the newest settings, or what its operator wrote in the environment."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import cast

from sqlalchemy import Engine, exists, select
from sqlalchemy.orm import Session

from app import clock
from app.content import markdown
from app.db import SHELF, issuer
from app.faults import is_away, is_busy
from app.models import Conformity, Membership, SignUp, SiteVersion
from app.reads import invitations
from app.shelf import Shelf

FRESH = timedelta(seconds=5)
"""How long a process repeats what it has read: every page says it (docs/decisions/0023)."""
_KEY = "site"


@dataclass(frozen=True)
class Site:
    """Equal when they say the same, whoever saved them."""

    organisation: str = ""
    signatory: str = ""
    contact: str = ""
    sign_up: SignUp = SignUp.OPEN
    legal: str = ""
    privacy: str = ""
    conformity: Conformity = Conformity.NOT
    audited_on: date | None = None
    accessibility: str = ""
    version: int = field(default=0, compare=False)
    """0: nobody has changed anything."""
    by_id: int | None = field(default=None, compare=False)
    at: datetime | None = field(default=None, compare=False)

    @property
    def open(self) -> bool:
        """Whoever wants an account makes one."""
        return self.sign_up is SignUp.OPEN

    @cached_property
    def legal_html(self) -> str:
        return _html(self.legal)

    @cached_property
    def privacy_html(self) -> str:
        return _html(self.privacy)

    @cached_property
    def accessibility_html(self) -> str:
        return _html(self.accessibility)


def _html(text: str) -> str:
    return markdown.to_html(text, lambda _path: None)


def current(db: Session) -> Site:
    """What holds now, asked of the database."""
    row = db.scalars(select(SiteVersion).order_by(SiteVersion.id.desc()).limit(1)).one_or_none()
    if row is None:
        return _default(db)
    return Site(
        organisation=row.organisation,
        signatory=row.signatory,
        contact=row.contact,
        sign_up=row.sign_up,
        legal=row.legal,
        privacy=row.privacy,
        conformity=row.conformity,
        audited_on=row.audited_on,
        accessibility=row.accessibility,
        version=row.id,
        by_id=row.by_id,
        at=row.at,
    )


def _default(db: Session) -> Site:
    return Site(organisation=issuer(db).name, contact=issuer(db).contact)


def held(db: Session, *, ask: bool = True) -> Site:
    """The same for every page, a few seconds old at most.

    Without asking, or where the database is away, what was last known: a page about that says it too.
    """
    shelf = _shelf(db)
    kept: tuple[Site, datetime] | None = shelf.get(_KEY)
    if ask and (kept is None or kept[1] + FRESH <= clock.now()):
        try:
            kept = current(db), clock.now()
        except Exception as error:
            if not (is_away(error) or is_busy(error)):
                raise
        else:
            shelf.put(_KEY, kept)
    return kept[0] if kept else _default(db)


def forget(db: Session) -> None:
    """What this process repeats has just been changed."""
    _shelf(db).put(_KEY, None)


def _shelf(db: Session) -> Shelf:
    return cast(Shelf, cast(Engine, db.get_bind()).get_execution_options()[SHELF])


def welcomes(db: Session, site: Site, person_id: int | None, token: str = "") -> bool:
    """Whether somebody may make an account: anyone on an open site, else who was in a cohort or may join one.

    `token`: the secret of the link that they hold to join it.
    """
    if site.open:
        return True
    if person_id is not None and db.scalar(select(exists().where(Membership.person_id == person_id))):
        return True
    found = invitations.opening(db, token) if token else None
    return found is not None and found.usable
