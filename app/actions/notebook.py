"""The notebook: every text is kept, the current one and those before it."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import takewhile

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import insert_if_absent, upsert
from app.models import Note, Profile
from app.steps.fields import Field

ONE_VERSION = timedelta(minutes=10)
"""Typing that goes on within this time makes one version (data model)."""


def write_notes(
    db: Session, person_id: int, texts: Mapping[tuple[str, str], str], fields: Mapping[tuple[str, str], Field]
) -> None:
    """Write texts by (uid, field); unchanged ones are left alone. A field that fills the profile does so."""
    if not texts:
        return
    current = {
        (note.uid, note.field): note
        for note in db.scalars(
            select(Note)
            .where(
                Note.person_id == person_id,
                Note.uid.in_({uid for uid, _field in texts}),
                Note.superseded_at.is_(None),
            )
            .with_for_update()
        )
    }
    for (uid, field), text in texts.items():
        _write(db, person_id, uid, field, text, current.get((uid, field)))
    db.flush()
    filled = {fields[key].fills: text or None for key, text in texts.items() if key in fields and fields[key].fills}
    if filled:
        _fill(db, person_id, {name: value for name, value in filled.items() if name})


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


def _fill(db: Session, person_id: int, values: Mapping[str, str | None]) -> None:
    """Keep in the profile what a field says of the learner's organisation; only short slugs are profile values."""
    kept = {name: value for name, value in values.items() if value is None or len(value) <= 60}
    row = {"person_id": person_id, "updated_at": clock.now(), **kept}
    upsert(db, Profile, row, keys=["person_id"], update=[*kept, "updated_at"])
