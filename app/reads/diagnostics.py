"""The self-diagnostics on the shelf, each with the pathway that it leads to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.content.diagnostics import DiagnosticDoc
from app.content.translation import reread
from app.errors import Missing
from app.models import AxisChoice, DocumentKind, Result, ResultAnswer
from app.reads import courses, frozen
from app.reads.courses import Reading
from app.reads.frozen import Published


@dataclass(frozen=True)
class Shelved:
    """A self-diagnostic as it is live."""

    found: Published
    doc: DiagnosticDoc
    reading: Reading
    """The pathway of its kit."""


def shelf(db: Session, person_id: int | None, *, even_archived: bool = False) -> tuple[Shelved, ...]:
    """Each one that leads to a published pathway, in the order of the pathways."""
    live = [
        (each, reread(DiagnosticDoc, each.content)) for each in courses.published(db, DocumentKind.DIAGNOSTIC).values()
    ]
    readings = courses.pathways(db, person_id, even_archived=even_archived)
    by_kit = _by_kit([each for each in readings if even_archived or each.archived_at is None])
    held = [Shelved(each, doc, by_kit[doc.kit]) for each, doc in live if doc.kit in by_kit]
    return tuple(sorted(held, key=lambda each: each.reading.doc.rank))


def pathway_of(db: Session, person_id: int | None, doc: DiagnosticDoc) -> Reading:
    """The pathway that a self-diagnostic leads to: that of its kit. Raises Missing."""
    reading = _by_kit(courses.pathways(db, person_id, even_archived=True)).get(doc.kit)
    if reading is None:
        raise Missing
    return reading


def of_kit(db: Session, kit: str) -> str:
    """The slug of the self-diagnostic that leads to a kit, or ""."""
    live = courses.published(db, DocumentKind.DIAGNOSTIC).values()
    return next((each.slug for each in live if reread(DiagnosticDoc, each.content).kit == kit), "")


def _by_kit(readings: list[Reading]) -> dict[str, Reading]:
    """The first pathway of each kit, one that is offered before one that is archived."""
    last = sorted(readings, key=lambda each: (each.archived_at is not None, each.doc.rank), reverse=True)
    return {reading.doc.kit: reading for reading in last}


@dataclass(frozen=True)
class Sat:
    """The latest sitting of a self-diagnostic: question uid -> points, None for « Je ne sais pas »."""

    found: Published
    answers: dict[str, int | None]
    chosen: str
    """The axis that the person chose among close ones, or ""."""
    at: datetime


def latest(db: Session, person_id: int, before: datetime, uids: Collection[str] | None = None) -> tuple[Sat, ...]:
    """The latest sitting of each self-diagnostic until then, the newest first, in one statement.

    `uids`: of the only self-diagnostics to read.
    """
    newest = func.row_number().over(
        partition_by=Result.diagnostic_uid,
        order_by=(Result.at.desc(), Result.id.desc()),  # a copy keeps its date
    )
    own = select(Result.id, newest.label("rank")).where(Result.person_id == person_id, Result.at <= before)
    ranked = (own if uids is None else own.where(Result.diagnostic_uid.in_(uids))).subquery()
    query = (
        select(
            Result.id, Result.at, Result.revision_id, AxisChoice.axis, ResultAnswer.question_uid, ResultAnswer.points
        )
        .join(ResultAnswer, ResultAnswer.result_id == Result.id)
        .outerjoin(AxisChoice, AxisChoice.result_id == Result.id)
        .join(ranked, ranked.c.id == Result.id)
        .where(ranked.c.rank == 1)
        .order_by(Result.at.desc(), Result.id.desc())
    )
    rows: dict[int, list[Any]] = {}
    for row in db.execute(query):
        rows.setdefault(row.id, []).append(row)
    found = frozen.texts(db, [sitting[0].revision_id for sitting in rows.values()])
    return tuple(
        Sat(found[first.revision_id], {r.question_uid: r.points for r in sitting}, first.axis or "", first.at)
        for sitting in rows.values()
        for first in sitting[:1]
    )
