"""What the site says of itself, to change."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.config import Settings
from app.reads import people
from app.reads import site as reads


@dataclass(frozen=True)
class SitePage:
    site: reads.Site
    by: str
    """Who saved it last, « » where nobody has."""
    sends: bool
    """Mails leave: they can be tried."""
    done: bool


def site(db: Session, settings: Settings, *, done: bool = False) -> SitePage:
    """As it is stored, not as processes repeat it."""
    found = reads.current(db)
    return SitePage(found, people.names(db, [found.by_id]).get(found.by_id or 0, ""), settings.sends_mail, done)
