"""What was published lately: the editions on offer, each with what its authors say of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Document, Edition
from app.reads import frozen

MOST = 50


@dataclass(frozen=True)
class New:
    slug: str
    title: str
    number: int
    note: str
    correctif: bool
    at: datetime


def latest(db: Session) -> list[New]:
    """The latest first, fifty at most."""
    query = (
        select(Edition, Document.slug)
        .join(Document, Document.id == Edition.pathway_id)
        .where(Edition.withdrawn_at.is_(None), Document.archived_at.is_(None))
        .order_by(Edition.id.desc())
        .limit(MOST)
    )
    rows = [(row[0], row[1]) for row in db.execute(query)]
    fronts = frozen.texts(db, [edition.front_revision_id for edition, _slug in rows])
    return [
        New(
            slug=slug,
            title=fronts[edition.front_revision_id].title,
            number=edition.number,
            note=edition.note,
            correctif=edition.corrects_id is not None,
            at=edition.published_at,
        )
        for edition, slug in rows
    ]
