"""What a text said before: each version, what differs from now, and how to bring it back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.content import differing
from app.content.differing import Line
from app.content.outline import said
from app.errors import Missing
from app.reads import drafts, people


@dataclass(frozen=True)
class VersionLine:
    id: int
    written_at: datetime
    author: str
    """Nothing for what came from the disk."""
    shown: bool


@dataclass(frozen=True)
class VersionsPage:
    number: int
    title: str
    versions: tuple[VersionLine, ...]
    """The latest first."""
    differences: tuple[Line, ...]
    """From the version that is shown to what the text says now."""


def versions(db: Session, number: int, chosen: int = 0) -> VersionsPage:
    """`chosen`: the version to compare; the latest otherwise. Raises Missing."""
    draft = drafts.draft(db, number)
    found = drafts.versions(db, number)
    shown = next((each for each in found if each.id == chosen or not chosen), None)
    if shown is None and chosen:
        raise Missing
    names = people.names(db, [each.written_by for each in found])
    lines = tuple(
        VersionLine(each.id, each.written_at, names.get(each.written_by or 0, ""), each is shown) for each in found
    )
    title = said(draft.path, draft.text or "").get("title", "") or draft.path.rsplit("/", 1)[-1]
    return VersionsPage(number, title, lines, differing.lines(shown.text, draft.text or "") if shown else ())
