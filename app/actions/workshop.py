"""Texts written in the browser: nothing that was saved is ever overwritten unseen, and what was there comes back."""

import hashlib
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions.drafts import MIMES
from app.content import folder
from app.content.pictures import Picture
from app.content.text import LARGEST
from app.db import insert_if_absent
from app.errors import Conflict, Missing, Refused
from app.i18n import _
from app.models import Document, Draft, DraftVersion, Media
from app.outside import store
from app.reads import drafts as reads

TOGETHER = timedelta(minutes=10)
"""How long one person's typing makes one version (docs/decisions/0003)."""


def write_text(db: Session, number: int, text: str, *, seen: int, by: int, apart: bool = False) -> Draft:
    """Keep what was typed. `seen`: the version that the page showed; `apart`: what was there comes back in one click.

    The same text again changes nothing. Raises Conflict, with both texts, when somebody wrote another meanwhile;
    Missing for a text that was taken away; Refused for one that is too long. It may be unfinished, or wrong: what
    keeps it from being published is said apart.
    """
    draft = reads.draft(db, number, lock=True)
    if len(text.encode()) > LARGEST:
        raise Refused(_("Ce texte est trop long : %(n)s Ko au plus. Coupez-le en deux étapes.", n=LARGEST // 1000))
    if draft.text == text:
        return draft
    if draft.version != seen:
        raise Conflict(mine=text, theirs=draft.text or "")
    _replace(db, draft, text, by, apart=apart)
    return draft


def restore_text(db: Session, number: int, version: int, *, by: int) -> Draft:
    """Bring back what a text said; what it says now becomes a version in its turn. Raises Missing."""
    draft = reads.draft(db, number, lock=True)
    found = db.scalars(select(DraftVersion).filter_by(id=version, draft_id=number)).one_or_none()
    if found is None:
        raise Missing
    if draft.text != found.text:
        _replace(db, draft, found.text, by, apart=True)
    return draft


def create_text(db: Session, document_id: int, path: str, text: str, *, by: int) -> Draft:
    """A new text at a path of a document's folder, one that nothing had or that was taken away.

    Raises Refused for a path that has no place in a course, or that is taken.
    """
    if not folder.allowed(path):
        raise Refused(folder.misplaced(path))
    draft = db.scalars(select(Draft).filter_by(document_id=document_id, path=path).with_for_update()).one_or_none()
    if draft is not None and draft.removed_at is None:
        raise Refused(_("« %(path)s » existe déjà : choisissez un autre nom.", path=path))
    if draft is None:
        draft = Draft(document_id=document_id, path=path, version=0)
    draft.text, draft.sha256 = text, _sha256(text)
    draft.removed_at, draft.removed_here = None, False
    draft.version += 1
    draft.updated_at, draft.updated_by = clock.now(), by
    db.add(draft)
    db.flush()
    return draft


def add_picture(db: Session, beside: int, name: str, picture: Picture, media: Path, *, by: int) -> str:
    """Keep a picture in the folder of a text, under a free name. Returns it, as the text writes it: `files/nom.png`."""
    draft = reads.draft(db, beside)
    db.execute(
        select(Document.id).filter_by(id=draft.document_id).with_for_update()
    )  # one picture, one name, at a time
    folder_of = draft.path.rsplit("/", 1)[0]
    sha256 = store.put(media, picture.content)
    values = {"sha256": sha256, "mime": MIMES[picture.ending], "bytes": len(picture.content), "created_at": clock.now()}
    insert_if_absent(db, Media, values)
    there = select(Draft).where(Draft.document_id == draft.document_id, Draft.path.startswith(f"{folder_of}/files/"))
    known = {each.path: each for each in db.scalars(there)}
    same = [p for p, each in known.items() if each.sha256 == sha256 and each.removed_at is None]
    if same:
        return same[0].removeprefix(f"{folder_of}/")
    rank, path = 2, f"{folder_of}/files/{name}.{picture.ending}"
    while path in known:
        rank, path = rank + 1, f"{folder_of}/files/{name}-{rank}.{picture.ending}"
    db.add(Draft(document_id=draft.document_id, path=path, sha256=sha256, updated_at=clock.now(), updated_by=by))
    db.flush()
    return path.removeprefix(f"{folder_of}/")


def _replace(db: Session, draft: Draft, text: str, by: int, *, apart: bool = False) -> None:
    """Write a text over what was there, which is kept. `apart`: even within ten minutes of one's own typing."""
    last = db.scalar(select(DraftVersion).filter_by(draft_id=draft.id).order_by(DraftVersion.id.desc()).limit(1))
    now = clock.now()
    if apart or last is None or last.replaced_by != by or draft.updated_by != by or now - last.replaced_at > TOGETHER:
        version = DraftVersion(
            draft_id=draft.id,
            text=draft.text or "",
            written_at=draft.updated_at,
            written_by=draft.updated_by,
            replaced_at=now,
            replaced_by=by,
        )
        db.add(version)
    draft.text, draft.sha256 = text, _sha256(text)
    draft.version += 1
    draft.updated_at, draft.updated_by = now, by
    db.flush()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
