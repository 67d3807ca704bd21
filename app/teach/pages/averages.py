"""The averages of a cohort’s self-diagnostics: established once for a session, of 8 people or more who agreed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.models.recommendation import level_name, word_name
from app.policy import Me
from app.reads import averages as reads
from app.reads import teaching
from app.reads.averages import Asked, Established


@dataclass(frozen=True)
class AxisMean:
    name: str
    mean: int | None  # per cent; None: fewer than 8 know
    words: tuple[tuple[str, int], ...]  # « un appui ou en chemin », how many people


@dataclass(frozen=True)
class AverageView:
    session: str
    at: datetime
    people: int
    levels: tuple[tuple[str, int], ...]
    axes: tuple[AxisMean, ...]


@dataclass(frozen=True)
class DiagnosticAverages:
    uid: str
    title: str
    lang: str
    established: tuple[AverageView, ...]
    sessions: tuple[tuple[int, str, datetime], ...]  # for which one may still be established


@dataclass(frozen=True)
class AveragesPage:
    number: int
    cohort: str
    archived: bool
    diagnostics: tuple[DiagnosticAverages, ...]
    sessions: int
    error: str
    about: str


def averages(db: Session, me: Me, number: int, *, error: str = "", about: str = "") -> AveragesPage:
    """Raises Missing, whoever else leads it."""
    cohort = teaching.led_cohort(db, me.id, number)
    made, held = reads.established(db, number), reads.sessions(db, number)
    lines = []
    for asked in reads.asked(db, number):
        own = [each for each in made if each.average.diagnostic_uid == asked.doc.uid]
        taken = {each.average.event_id for each in own}
        left = tuple((event.id, event.title, event.starts_at) for event in held if event.id not in taken)
        views = tuple(_view(each, asked) for each in own)
        lines.append(DiagnosticAverages(asked.doc.uid, asked.doc.title, asked.found.lang, views, left))
    archived = cohort.archived_at is not None
    return AveragesPage(number, cohort.name, archived, tuple(lines), len(held), error, about)


def _view(each: Established, asked: Asked) -> AverageView:
    kept = each.average.axes
    return AverageView(
        session=each.session,
        at=each.at,
        people=each.average.people,
        levels=tuple((", ".join(level_name(slug) for slug in group["of"]), group["n"]) for group in kept["levels"]),
        axes=tuple(
            AxisMean(axis.name, kept["axes"][axis.code]["mean"], _words(kept["axes"][axis.code]["words"]))
            for axis in asked.doc.axes
            if axis.code in kept["axes"]
        ),
    )


def _words(groups: list[dict[str, Any]]) -> tuple[tuple[str, int], ...]:
    return tuple((", ".join(word_name(rank) for rank in group["of"]), group["n"]) for group in groups)
