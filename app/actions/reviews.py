"""A draft is read over: a link is made and withdrawn, passages are remarked on, remarks answered and closed."""

import secrets
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app import clock
from app.actions.links import TOKEN_BYTES
from app.db import insert_if_absent
from app.errors import Missing, Refused
from app.i18n import _
from app.models import Agreement, DocumentKind, Remark, ReviewLink, record, token_hash
from app.reads import drafts, reviews

DAYS = (7, 30, 90)
"""How long a link may last."""
KEPT = timedelta(days=730)
MANY = 2_000
"""Remarks that one link may leave."""


def open_review(db: Session, slug: str, made_for: str, days: int, *, by: int) -> str:
    """Make a link to the draft of a pathway; its secret, kept nowhere else. Raises Missing, Refused."""
    document = drafts.document(db, DocumentKind.PATHWAY, slug)
    if days not in DAYS:
        raise Refused(_("Choisissez une durée de la liste."), field="days")
    token, now = secrets.token_urlsafe(TOKEN_BYTES), clock.now()
    link = ReviewLink(
        pathway_id=document.id,
        token_hash=token_hash(token),
        made_by=by,
        made_for=made_for,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    db.add(link)
    db.flush()
    record(db, "review.open", f"review_link:{link.id}", by=by, pathway=document.id)
    return token


def end_review(db: Session, slug: str, number: int, *, by: int) -> None:
    """The link opens nothing any more; what was remarked stays. Twice is once. Raises Missing."""
    document = drafts.document(db, DocumentKind.PATHWAY, slug)
    mine = (ReviewLink.id == number, ReviewLink.pathway_id == document.id)
    if db.scalar(select(ReviewLink.id).where(*mine)) is None:
        raise Missing
    ended = update(ReviewLink).where(*mine, ReviewLink.withdrawn_at.is_(None)).values(withdrawn_at=clock.now())
    if db.scalars(ended.returning(ReviewLink.id)).all():
        record(db, "review.end", f"review_link:{number}", by=by)


def create_remark(
    db: Session, token: str, number: int, place: str, passage: str, text: str, name: str, *, key: str
) -> None:
    """Say something of a passage of a text of the pathway that the link opens. The same form twice is one remark.

    Raises Missing for a link that is over, and for a text of another pathway.
    """
    link, pathway = reviews.by_token(db, token)
    draft = drafts.draft(db, number)
    if not draft.path.startswith(f"pathways/{pathway.slug}/"):
        raise Missing
    if len(reviews.remarks(db, pathway.id)) >= MANY:
        raise Refused(_("Ce brouillon a déjà reçu %(n)s remarques : dites le reste à son auteur.", n=MANY))
    values = {
        "link_id": link.id,
        "key": key,
        "draft_id": draft.id,
        "place": place[:120],
        "passage": passage[:500],
        "text": text,
        "name": name,
        "at": clock.now(),
        "answer": "",
    }
    insert_if_absent(db, Remark, values, ["link_id", "key"])


def agree(db: Session, token: str, name: str, seen: str) -> None:
    """Agree to the draft as it was read: `seen` is the digest that the page showed. Twice is once.

    Raises Missing for a link that is over; Refused when a text changed meanwhile.
    """
    link, pathway = reviews.by_token(db, token)
    if reviews.digest(drafts.within(db, f"pathways/{pathway.slug}/")) != seen:
        raise Refused(_("Un texte a changé pendant votre lecture : relisez-le, puis dites votre accord."), field="name")
    values = {"link_id": link.id, "name": name, "digest": seen, "at": clock.now()}
    insert_if_absent(db, Agreement, values, ["link_id", "name", "digest"])


def answer_remark(db: Session, slug: str, number: int, answer: str, *, close: bool, by: int) -> Remark:
    """An author answers, closes, or opens again a remark on this pathway. Raises Missing."""
    document = drafts.document(db, DocumentKind.PATHWAY, slug)
    query = (
        select(Remark)
        .join(ReviewLink, ReviewLink.id == Remark.link_id)
        .where(Remark.id == number, ReviewLink.pathway_id == document.id)
        .with_for_update(of=Remark)
    )
    remark = db.scalar(query)
    if remark is None:
        raise Missing
    now = clock.now()
    if answer != remark.answer:
        remark.answer, remark.answered_at, remark.answered_by = answer, now if answer else None, by if answer else None
    if close != (remark.closed_at is not None):
        remark.closed_at, remark.closed_by = (now, by) if close else (None, None)
    db.flush()
    return remark


def forget_reviews(db: Session, most: int) -> int:
    """Links that expired 24 months ago, with what was said through them; how many (data model, class « review »)."""
    old = list(db.scalars(select(ReviewLink.id).where(ReviewLink.expires_at <= clock.now() - KEPT).limit(most)))
    if old:
        for model in (Remark, Agreement):
            db.execute(delete(model).where(model.link_id.in_(old)))
        db.execute(delete(ReviewLink).where(ReviewLink.id.in_(old)))
    return len(old)
