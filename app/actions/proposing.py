"""Where only administrators publish, an author proposes: what was looked at waits for one of them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import authoring
from app.content.course import Together
from app.errors import Refused
from app.i18n import _
from app.models import DocumentKind, Edition, Proposal, record
from app.reads import publication as reads


def propose(db: Session, together: Together, *, seen: str, note: str, correctif: bool, by: int) -> None:
    """Ask for what was looked at to be published; the same twice asks once, another takes the place of the first.

    Raises Refused: `seen`, when a text changed meanwhile; `note`.
    """
    document = authoring.hold(db, together, seen)
    if not note and db.scalar(select(Edition.id).filter_by(pathway_id=document.id).limit(1)) is not None:
        raise Refused(_("Dites en une phrase ce qui change : les personnes en route la liront."), field="note")
    asked = {"seen": seen, "note": note, "correctif": correctif, "by_id": by}
    waiting = db.scalars(select(Proposal).filter_by(document_id=document.id, ended_at=None)).one_or_none()
    if waiting is not None and all(getattr(waiting, name) == value for name, value in asked.items()):
        return
    authoring.end_proposal(db, document.id, by=by)
    db.add(Proposal(document_id=document.id, at=clock.now(), **asked))
    record(db, "content.propose", together.unit.name, by=by)
    db.flush()


def withdraw(db: Session, kind: DocumentKind, slug: str, *, by: int) -> None:
    """Ask no more; done twice, once."""
    found = reads.proposal(db, kind, slug)
    if found is not None:
        authoring.end_proposal(db, found.document_id, by=by)
        record(db, "content.propose.withdraw", f"{kind}s/{slug}", by=by)
