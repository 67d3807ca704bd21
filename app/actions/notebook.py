"""The notebook: every text is kept, the current one and those before it."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import takewhile

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app import clock
from app.actions.profiles import fill_profile, is_known
from app.db import insert_if_absent
from app.models import Note
from app.steps.fields import Field

ONE_VERSION = timedelta(minutes=10)
"""Typing that goes on within this time makes one version (data model)."""
_CURRENT = (
    select(Note)
    .where(Note.person_id == bindparam("person"), Note.uid.in_(bindparam("uids", expanding=True)))
    .where(Note.superseded_at.is_(None))
    .with_for_update()
)
"""Built once: every completion asks it."""


def write_notes(
    db: Session, person_id: int, texts: Mapping[tuple[str, str], str], fields: Mapping[tuple[str, str], Field]
) -> dict[str, dict[str, str]]:
    """Write texts by (uid, field); unchanged ones are left alone. A field that fills the profile does so.

    Returns everything that is now written there, field -> text, by uid.
    """
    if not texts:
        return {}
    asked = {"person": person_id, "uids": sorted({uid for uid, _field in texts})}
    current = {(note.uid, note.field): note for note in db.scalars(_CURRENT, asked)}
    now: dict[str, dict[str, str]] = {uid: {} for uid, _field in texts}
    for (uid, field), text in ({key: note.text for key, note in current.items()} | dict(texts)).items():
        now[uid][field] = text
    for (uid, field), text in texts.items():
        _write(db, person_id, uid, field, text, current.get((uid, field)))
    db.flush()
    filled = {fields[key].fills: text for key, text in texts.items() if key in fields}
    said: dict[str, str | None] = {name: value for name, value in filled.items() if name and is_known(db, name, value)}
    if said:
        fill_profile(db, person_id, said)
    return now


def _write(db: Session, person_id: int, uid: str, field: str, text: str, current: Note | None) -> None:
    now = clock.now()
    if (current.text if current else "") == text:
        return
    if current is not None and now - current.begun_at < ONE_VERSION and _goes_on(current.text, text):
        current.text, current.at = text, now
        return
    if current is not None:
        current.superseded_at = now
        db.flush()
    values = {"person_id": person_id, "uid": uid, "field": field, "text": text, "begun_at": now, "at": now}
    if not insert_if_absent(db, Note, values):  # another request wrote the first version meanwhile
        here = select(Note).filter_by(person_id=person_id, uid=uid, field=field, superseded_at=None)
        _write(db, person_id, uid, field, text, db.scalars(here.with_for_update()).one())


def _goes_on(before: str, after: str) -> bool:
    """The same typing continued: an emptied field or another tab's text is a version of its own."""
    pairs = zip(before, after, strict=False)
    shared = sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return 2 * shared >= len(before)
