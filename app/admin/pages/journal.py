"""The trace of acts on others, access and exports: numbers only, the last first."""

from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

from sqlalchemy.orm import Session

from app.admin.pages import acts
from app.reads import trace

SIZE = 50


@dataclass(frozen=True)
class JournalLine:
    number: int
    at: datetime
    by: int | None
    verb: str
    act: str
    object: str
    data: str
    sealed: bool


@dataclass(frozen=True)
class JournalPage:
    lines: tuple[JournalLine, ...]
    verbs: tuple[tuple[str, str], ...]
    """Each act of the trace and what it is called."""
    verb: str
    person: int | None
    before: int | None
    """Where the next page begins."""


def journal(db: Session, *, verb: str = "", person: int | None = None, before: int | None = None) -> JournalPage:
    rows = trace.page(db, verb=verb, person=person, before=before, most=SIZE + 1)
    lines = tuple(
        JournalLine(row.id, row.at, row.by_id, row.verb, acts.said(row.verb), row.object, _said(row.data), row.sealed)
        for row in rows[:SIZE]
    )
    verbs = sorted(((each, acts.said(each)) for each in trace.verbs(db)), key=lambda each: normalize("NFKD", each[1]))
    return JournalPage(lines, tuple(verbs), verb, person, lines[-1].number if len(rows) > SIZE else None)


def _said(data: dict[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in data.items() if value is not None)
