"""What there is to look after."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.config import Settings
from app.reads import mail as reads


@dataclass(frozen=True)
class HomePage:
    sends: bool
    """Mails leave."""
    waiting: int
    gave_up: int
    address: str
    """Of the one who asks: where a test goes."""
    tested: bool


def home(db: Session, settings: Settings, address: str, *, tested: bool = False) -> HomePage:
    counts = reads.counts(db)
    return HomePage(settings.sends_mail, counts[reads.State.WAITING], counts[reads.State.GAVE_UP], address, tested)
