"""The trace of acts on others, access and exports: numbers only, the last first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.reads import trace

SIZE = 50


@dataclass(frozen=True)
class JournalLine:
    number: int
    at: datetime
    by: int | None
    verb: str
    object: str
    data: str
    sealed: bool


@dataclass(frozen=True)
class JournalPage:
    lines: tuple[JournalLine, ...]
    verbs: tuple[str, ...]
    verb: str
    person: int | None
    before: int | None
    """Where the next page begins."""


def journal(db: Session, *, verb: str = "", person: int | None = None, before: int | None = None) -> JournalPage:
    rows = trace.page(db, verb=verb, person=person, before=before, most=SIZE + 1)
    lines = tuple(
        JournalLine(row.id, row.at, row.by_id, row.verb, row.object, _said(row.data), row.sealed) for row in rows[:SIZE]
    )
    return JournalPage(lines, tuple(trace.verbs(db)), verb, person, lines[-1].number if len(rows) > SIZE else None)


def _said(data: dict[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in data.items() if value is not None)
