"""What a pathway is made of, changed in the browser: pathways, modules and steps made, moved, taken away."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import workshop
from app.content.naming import slug_of
from app.content.yamltext import emit
from app.db import insert_if_absent
from app.models import Document, DocumentKind, Draft

LENGTHS: Mapping[str, tuple[tuple[str, int], ...]] = {
    "2h": (("2h", 120),),
    "4h": (("2h", 120), ("4h", 240)),
    "12h": (("2h", 120), ("4h", 240), ("12h", 720)),
    "20min": (("20min", 20),),
}
"""The formats that a new pathway may announce: a *découverte* as long as one likes, or a *court*."""


def create_pathway(db: Session, title: str, length: str, *, by: int) -> str:
    """A new pathway with its title and formats, still to be written. Returns its slug."""
    taken = set(db.scalars(select(Document.slug).filter_by(kind=DocumentKind.PATHWAY)))
    slug = slug_of(title, taken)
    values = {"kind": DocumentKind.PATHWAY, "slug": slug, "home_id": None, "created_at": clock.now()}
    insert_if_absent(db, Document, values)
    document = db.scalars(select(Document).filter_by(kind=DocumentKind.PATHWAY, slug=slug, home_id=None)).one()
    formats = [{"name": name, "minutes": str(minutes)} for name, minutes in LENGTHS[length]]
    front = {"title": title, **({"type": "court"} if length == "20min" else {}), "formats": formats}
    workshop.create_text(db, document.id, f"pathways/{slug}/pathway.md", f"---\n{emit(front)}---\n", by=by)
    return slug


def carry(db: Session, draft: Draft, document_id: int, path: str) -> None:
    """Give a text another place; what the disk knows under the old one is not brought back by it.

    A text taken away that stood at the new place goes to the old one. The caller knows that no other stands there.
    """
    old = (draft.document_id, draft.path, draft.loaded_digest)
    if (document_id, path) == old[:2]:
        return
    stone = db.scalars(select(Draft).filter_by(document_id=document_id, path=path)).one_or_none()
    known = stone.loaded_digest if stone else None
    draft.path = f"~{draft.id}"
    db.flush()
    if stone is None and old[2] is not None:
        stone = Draft(sha256=draft.sha256, text=draft.text, version=draft.version, removed_here=True)
        stone.updated_at = stone.removed_at = clock.now()
    if stone is not None:
        stone.document_id, stone.path, stone.loaded_digest = old
        db.add(stone)
        db.flush()
    draft.document_id, draft.path, draft.loaded_digest = document_id, path, known
    db.flush()
