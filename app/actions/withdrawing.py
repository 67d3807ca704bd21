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


def archive_pathway(db: Session, slug: str, *, by: int) -> None:
    """Offer a published pathway no longer, whatever its editions; archived twice is once. Raises Missing."""
    pathway = _published(db, slug)
    if pathway.archived_at is None:
        pathway.archived_at = clock.now()
        record(db, "pathway.archive", f"pathways/{slug}", by=by)


def reinstate_pathway(db: Session, slug: str, *, by: int) -> None:
    """Offer it again, as it was; done twice, once. Raises Missing."""
    pathway = _published(db, slug)
    if pathway.archived_at is not None:
        pathway.archived_at = None
        record(db, "pathway.reinstate", f"pathways/{slug}", by=by)


def _published(db: Session, slug: str) -> Document:
    """A pathway that ever had an edition, one person at a time."""
    ever = select(Edition.id).where(Edition.pathway_id == Document.id).exists()
    query = select(Document).where(Document.kind == DocumentKind.PATHWAY, Document.slug == slug, ever)
    found = db.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise Missing
    return found
