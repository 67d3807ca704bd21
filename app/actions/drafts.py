"""Drafts: the exact bytes of each file of a document, from the disk or from the browser."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
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


@dataclass
class Taken:
    """What of a source was left as the browser wrote it. `clashes`: edited on the disk too; `ahead`: only there."""

    clashes: list[str] = field(default_factory=list)
    ahead: list[str] = field(default_factory=list)


def take(db: Session, source: Source, media: Path, *, clash: str, by: int | None) -> Taken:
    """Take a source's files as drafts; a text edited in the browser since is left alone, unless `clash` decides."""
    document = identity(db, source)
    known = {draft.path: draft for draft in db.scalars(select(Draft).filter_by(document_id=document.id))}
    taken = Taken()
    for path, content in source.files.items():
        name = hashlib.sha256(content).hexdigest()
        draft = known.pop(path, None)
        if draft is None:
            draft = Draft(document_id=document.id, path=path, version=0, sha256="", updated_at=clock.now())
        elif _edited(draft) and (draft.sha256 != name or draft.removed_here):
            if name != draft.loaded_digest and clash == "say":
                taken.clashes.append(path)
                continue
            if clash != "take-files":
                taken.ahead.append(path)
                draft.loaded_digest = name
                continue
        _write(db, draft, content, name, media, by)
    taken.ahead += _without(known.values(), clash)
    db.flush()
    return taken


def take_away(db: Session, sources: Sequence[Source], *, clash: str) -> list[str]:
    """The drafts of the modules that a pathway has no more on the disk. Returns those that were written in the browser.

    `sources`: the pathway with its modules.
    """
    prefix = sources[0].prefix
    query = select(Draft).where(Draft.path >= prefix, Draft.path < f"{prefix}\uffff", Draft.removed_at.is_(None))
    there = {identity(db, source).id for source in sources}
    gone = [draft for draft in db.scalars(query) if draft.path.startswith(prefix) and draft.document_id not in there]
    return _without(gone, clash)


def _without(drafts: Iterable[Draft], clash: str) -> list[str]:
    """Drafts that are gone from the disk, or never were there: taken away, but for those that the browser wrote."""
    ahead = []
    for draft in drafts:
        if draft.removed_at is not None:
            continue
        if not _edited(draft) or (clash == "take-files" and draft.loaded_digest is not None):
            draft.removed_at = clock.now()
        else:
            ahead.append(draft.path)
    return ahead


def _edited(draft: Draft) -> bool:
    """In the browser, since the disk last gave it."""
    return draft.sha256 != draft.loaded_digest or draft.removed_here


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
    draft.removed_at, draft.removed_here = None, False
    draft.updated_at, draft.updated_by = clock.now(), by
    db.add(draft)
