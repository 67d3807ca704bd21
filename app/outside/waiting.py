"""Files that wait for their owner's word, a day at most: each owner's apart, named by what they hold."""

import hashlib
import os
import re
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from app import clock

LASTS = timedelta(days=1)
KEPT = 3
"""Of one owner, the latest."""
_NAME = re.compile(r"[0-9a-f]{64}")


def keep(root: Path, owner: int, content: bytes) -> str:
    """Returns its name, in hexadecimal; the same file twice is kept once."""
    name = hashlib.sha256(content).hexdigest()
    place = _place(root, owner)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=place, prefix=".")  # of this click: the same file may come twice at once
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(draft).replace(place / name)
    for old in sorted((each for each in place.iterdir() if _NAME.fullmatch(each.name)), key=_at)[:-KEPT]:
        old.unlink(missing_ok=True)
    return name


def get(root: Path, owner: int, name: str) -> bytes | None:
    """None for what is no longer there, or was another's."""
    if not _NAME.fullmatch(name):
        return None
    try:
        return (_place(root, owner) / name).read_bytes()
    except OSError:
        return None


def forget(root: Path) -> int:
    """What has waited too long. How many went."""
    old = [each for each in _place(root).glob("*/*") if clock.now().timestamp() - _at(each) > LASTS.total_seconds()]
    for each in old:
        each.unlink(missing_ok=True)
    return len(old)


def _at(file: Path) -> float:
    """When it was kept; the beginning of time for what went meanwhile."""
    with suppress(OSError):
        return file.stat().st_mtime
    return 0.0


def _place(root: Path, owner: int | None = None) -> Path:
    place = root / "archives"
    return place if owner is None else place / str(owner)
