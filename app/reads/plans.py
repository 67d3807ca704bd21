"""The lines of a plan, found through the person whose plan it is."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Row, cast, null, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.errors import Missing
from app.models import Document, Enrolment, PlanItem
from app.models.plan import Horizon, Planned

COLUMNS: tuple[InstrumentedAttribute[Any], ...] = tuple(getattr(PlanItem, each.name) for each in fields(Planned))
"""Of a line, as `planned` reads them."""


def absent(*columns: InstrumentedAttribute[Any]) -> list[ColumnElement[Any]]:
    """The same columns with nothing in them, for the other side of a union."""
    return [cast(null(), column.type).label(f"{column.table.name}_{column.key}") for column in columns]


def planned(row: Row[Any] | Sequence[Any]) -> Planned:
    """From a row of `COLUMNS`."""
    return Planned(*row)


def in_order(lines: Sequence[Planned]) -> list[Planned]:
    """The nearest first."""
    rank = list(Horizon)
    return sorted(lines, key=lambda line: (rank.index(line.horizon), line.id))


def plan(db: Session, enrolment_id: int) -> list[Planned]:
    """Of one enrolment."""
    query = select(*COLUMNS).where(PlanItem.enrolment_id == enrolment_id)
    return in_order([planned(row) for row in db.execute(query)])


def of_person(db: Session, person_id: int) -> list[Planned]:
    """Of every pathway that a person follows."""
    query = select(*COLUMNS).join(Enrolment, Enrolment.id == PlanItem.enrolment_id)
    mine = (Enrolment.person_id == person_id, Enrolment.closed_at.is_(None))
    return in_order([planned(row) for row in db.execute(query.where(*mine))])


@dataclass(frozen=True)
class OwnLine:
    line: Planned
    slug: str
    """Of the pathway."""


def own_line(db: Session, person_id: int, slug: str, number: int) -> OwnLine:
    """One line of that person's own plan. Raises Missing."""
    query = (
        select(*COLUMNS, Document.slug)
        .join(Enrolment, Enrolment.id == PlanItem.enrolment_id)
        .join(Document, Document.id == Enrolment.pathway_id)
        .where(Enrolment.person_id == person_id, Enrolment.closed_at.is_(None))
        .where(PlanItem.id == number, Document.slug == slug)
    )
    row = db.execute(query).one_or_none()
    if row is None:
        raise Missing
    return OwnLine(planned(row[:-1]), row.slug)
