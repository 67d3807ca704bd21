"""A folder that comes as an archive becomes the drafts of its document: at once, nothing lost, nothing published."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import drafts, workshop
from app.content import folder
from app.content.course import fingerprint
from app.db import insert_if_absent
from app.errors import Refused
from app.i18n import _
from app.models import Document, Draft, Media, record
from app.outside import store
from app.reads import drafts as reads


def take_folder(db: Session, files: Mapping[str, bytes], media: Path, *, seen: str, by: int) -> str:
    """Make a document say what these files say; what it said is kept in versions, files that are not there are removed.

    `seen`: the fingerprint of its folder when the dry run was read. Returns its folder. Raises Refused.
    """
    sources = folder.documents(files)
    prefix = sources[0].prefix
    drafts.identity(db, sources[0])
    if fingerprint(reads.names(db, [prefix])) != seen:
        raise Refused(_("Ce dossier a changé entre-temps : vérifiez de nouveau l’archive."), field="file")
    for source in sources:
        document = drafts.identity(db, source)
        known = {each.path: each for each in db.scalars(select(Draft).filter_by(document_id=document.id))}
        for path, content in source.files.items():
            _put(db, document, known.get(path), path, content, media, by)
    for each in reads.within(db, prefix):
        if each.path not in files:
            each.removed_at, each.removed_here = clock.now(), True
            each.updated_at, each.updated_by = clock.now(), by
    record(db, "content.import", prefix.rstrip("/"), by=by, files=len(files))
    db.flush()
    return prefix


def _put(db: Session, document: Document, draft: Draft | None, path: str, content: bytes, media: Path, by: int) -> None:
    name = hashlib.sha256(content).hexdigest()
    if draft is not None and draft.removed_at is None and draft.sha256 == name:
        return
    if path.endswith(folder.TEXT):
        if draft is not None and draft.removed_at is None:
            workshop.write_text(db, draft.id, content.decode(), seen=draft.version, by=by, apart=True)
        else:
            workshop.create_text(db, document.id, path, content.decode(), by=by)
        return
    mime = drafts.MIMES[folder.ending(path)]
    store.put(media, content)
    values = {"sha256": name, "mime": mime, "bytes": len(content), "created_at": clock.now()}
    insert_if_absent(db, Media, values)
    draft = draft or Draft(document_id=document.id, path=path, version=0)
    draft.sha256, draft.version, draft.removed_at, draft.removed_here = name, (draft.version or 0) + 1, None, False
    draft.updated_at, draft.updated_by = clock.now(), by
    db.add(draft)
    db.flush()
