"""Drafts: the exact bytes of each file of a document, from the disk or from the browser."""

import hashlib
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.content.folder import Source
from app.db import insert_if_absent
from app.models import Document, DocumentKind, Draft, Media
from app.outside import store

MIMES = {"svg": "image/svg+xml", **store.TYPES}
TEXTS = ("md", "yaml")


def identity(db: Session, source: Source) -> Document:
    """The document of a source, made when it is new."""
    kind = DocumentKind(source.kind)
    home = None
    if source.home:
        home = db.scalars(select(Document.id).filter_by(kind=DocumentKind.PATHWAY, slug=source.home)).one()
    slug = source.slug
    values = {"kind": kind, "slug": slug, "home_id": home, "created_at": clock.now()}
    insert_if_absent(db, Document, values)
    return db.scalars(select(Document).filter_by(kind=kind, slug=slug, home_id=home).with_for_update()).one()


def take(db: Session, source: Source, media: Path, *, clash: str, by: int | None) -> list[str]:
    """Take a source's files as drafts. Returns the paths that were edited on both sides and are left alone."""
    document = identity(db, source)
    known = {draft.path: draft for draft in db.scalars(select(Draft).filter_by(document_id=document.id))}
    clashes = []
    for path, content in source.files.items():
        name = hashlib.sha256(content).hexdigest()
        draft = known.pop(path, None)
        if draft is None:
            draft = Draft(document_id=document.id, path=path, version=0, sha256="", updated_at=clock.now())
        elif draft.sha256 != draft.loaded_digest:  # edited in the browser since
            if draft.sha256 != name and name != draft.loaded_digest and clash == "say":
                clashes.append(path)
                continue
            if clash != "take-files":
                draft.loaded_digest = name if clash == "keep-mine" or draft.sha256 == name else draft.loaded_digest
                continue
        _write(db, draft, content, name, media, by)
    for draft in known.values():  # gone from the disk
        if draft.removed_at is None and draft.sha256 == draft.loaded_digest:
            draft.removed_at = clock.now()
    db.flush()
    return clashes


def _write(db: Session, draft: Draft, content: bytes, name: str, media: Path, by: int | None) -> None:
    if draft.sha256 == name and draft.removed_at is None and draft.loaded_digest == name:
        return
    ending = draft.path.rsplit(".", 1)[-1]
    if ending in TEXTS:
        draft.text = content.decode()
    else:
        store.put(media, content)
        values = {"sha256": name, "mime": MIMES[ending], "bytes": len(content), "created_at": clock.now()}
        insert_if_absent(db, Media, values)
    draft.sha256 = draft.loaded_digest = name
    draft.version += 1
    draft.removed_at = None
    draft.updated_at, draft.updated_by = clock.now(), by
    db.add(draft)


def files(db: Session, media: Path) -> dict[str, bytes]:
    """Every draft that is not removed, by path."""
    found = {}
    for draft in db.scalars(select(Draft).where(Draft.removed_at.is_(None)).order_by(Draft.path)):
        content = draft.text.encode() if draft.text is not None else store.get(media, draft.sha256)
        if content is None:
            raise FileNotFoundError(draft.path)
        found[draft.path] = content
    return found
