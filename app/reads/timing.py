"""Where a beat of measured time belongs: always found through the person."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Missing
from app.models import Document, EditionModule, Step
from app.reads import editions


def enrolment_at(db: Session, person_id: int, slug: str, uid: str) -> int:
    """The open enrolment of that person whose edition holds a step. Raises Missing."""
    reading = editions.reading(person_id)
    query = (
        select(reading.c.enrolment_id)
        .join(Document, Document.id == reading.c.pathway_id)
        .join(EditionModule, EditionModule.edition_id == reading.c.edition_id)
        .join(Step, Step.revision_id == EditionModule.revision_id)
        .where(Document.slug == slug, Step.uid == uid)
    )
    found: int | None = db.scalar(query)
    if found is None:
        raise Missing
    return found
