"""What was read over: through the secret of a link for who reads, through the pathway for its authors."""

import hashlib
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.errors import Missing
from app.models import Agreement, Document, Draft, Remark, ReviewLink, token_hash


def by_token(db: Session, token: str) -> tuple[ReviewLink, Document]:
    """An open link and the pathway that it opens. Raises Missing for one that expired, was withdrawn or never was."""
    query = (
        select(ReviewLink, Document)
        .join(Document, Document.id == ReviewLink.pathway_id)
        .where(ReviewLink.token_hash == token_hash(token))
        .where(ReviewLink.withdrawn_at.is_(None), ReviewLink.expires_at > clock.now())
    )
    found = db.execute(query).one_or_none()
    if found is None:
        raise Missing
    return found[0], found[1]


def links(db: Session, pathway_id: int) -> Sequence[ReviewLink]:
    """Every link made for a pathway, the last first."""
    return db.scalars(select(ReviewLink).filter_by(pathway_id=pathway_id).order_by(ReviewLink.id.desc())).all()


def remarks(db: Session, pathway_id: int, *, draft_id: int | None = None) -> Sequence[Remark]:
    """What was remarked on a pathway, or on one of its texts, in the order of the remarks."""
    query = select(Remark).join(ReviewLink, ReviewLink.id == Remark.link_id).where(ReviewLink.pathway_id == pathway_id)
    if draft_id is not None:
        query = query.where(Remark.draft_id == draft_id)
    return db.scalars(query.order_by(Remark.id)).all()


def agreements(db: Session, pathway_id: int) -> Sequence[Agreement]:
    """Who agreed, the last first."""
    query = select(Agreement).join(ReviewLink, ReviewLink.id == Agreement.link_id)
    return db.scalars(query.where(ReviewLink.pathway_id == pathway_id).order_by(Agreement.id.desc())).all()


def digest(drafts: Iterable[Draft]) -> str:
    """SHA-256 of the files of a draft, names included: what somebody agrees to."""
    said = "\n".join(f"{draft.path} {draft.sha256}" for draft in sorted(drafts, key=lambda draft: draft.path))
    return hashlib.sha256(said.encode()).hexdigest()
