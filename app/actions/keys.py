"""The keys that attestations are signed with: the public half is published for ever, retired or not."""

from pathlib import Path

from sqlalchemy import update
from sqlalchemy.orm import Session

from app import clock
from app.db import insert_if_absent
from app.models import SigningKey, record
from app.outside import sign


def publish(db: Session, key: sign.Key) -> bool:
    """Make the public half known; False when it is already."""
    values = {"key_id": key.id, "public_key": key.public, "since": clock.now()}
    return insert_if_absent(db, SigningKey, values, ["key_id"])


def new(db: Session, path: Path) -> tuple[sign.Key, bool]:
    """The key of that file, made where there is none, and published; False when there was nothing to do."""
    made = not path.exists()
    key = sign.make(path) if made else sign.key(path)
    published = publish(db, key)
    if published:
        record(db, "key.publish", f"key:{key.id}", by=None)
    return key, made or published


def rotate(db: Session, path: Path) -> sign.Key:
    """A new key signs from now on; those before are retired, and what they signed stays valid.

    The file first: between the two, a new key is published by the first attestation that it signs.
    """
    before = sign.key(path)
    publish(db, before)
    key = sign.make(path)
    publish(db, key)
    others = (SigningKey.key_id != key.id, SigningKey.retired_at.is_(None))
    db.execute(update(SigningKey).where(*others).values(retired_at=clock.now()))
    record(db, "key.rotate", f"key:{key.id}", by=None, before=before.id)
    return key
