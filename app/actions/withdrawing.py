"""What is no longer offered: who has begun it keeps it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.errors import Missing
from app.models import Document, DocumentKind, Edition, record


def withdraw_edition(db: Session, slug: str, number: int, *, by: int) -> None:
    """Offer an edition no longer. Who follows it finishes on it; withdrawn twice is once. Raises Missing."""
    query = (
        select(Edition)
        .join(Document, Document.id == Edition.pathway_id)
        .where(Document.kind == DocumentKind.PATHWAY, Document.slug == slug, Edition.number == number)
        .with_for_update(of=Edition)
    )
    edition = db.scalars(query).one_or_none()
    if edition is None:
        raise Missing
    if edition.withdrawn_at is None:
        edition.withdrawn_at = clock.now()
        record(db, "content.withdraw", f"pathways/{slug}", by=by, edition=number)
        db.flush()
