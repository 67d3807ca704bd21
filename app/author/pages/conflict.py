"""Two people wrote one text: both are shown, nothing is chosen for them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.content import differing
from app.content.differing import Line
from app.reads import drafts, people


@dataclass(frozen=True)
class ConflictPage:
    number: int
    version: int
    """Of what is there."""
    mine: str
    theirs: str
    author: str
    """Who wrote what is there; nothing for what came from the disk."""
    written_at: datetime
    differences: tuple[Line, ...]


def conflict(db: Session, number: int, mine: str) -> ConflictPage:
    """Raises Missing."""
    draft = drafts.draft(db, number)
    author = people.names(db, [draft.updated_by]).get(draft.updated_by or 0, "")
    theirs = draft.text or ""
    lines = differing.lines(theirs, mine)
    return ConflictPage(number, draft.version, mine, theirs, author, draft.updated_at, lines)
