"""Media files, named by their SHA-256: written and durable before any row speaks of them."""

import hashlib
import mmap
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import cast

TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "vtt": "text/vtt",
}
"""What is served, by its ending: nothing that a browser takes for a page."""
_SERVED = re.compile(rf"(?P<sha256>[0-9a-f]{{64}})\.(?P<ending>{'|'.join(TYPES)})")


@dataclass(frozen=True)
class File:
    """A file that may be sent to anyone."""

    path: Path
    mime: str
    sha256: str


def served(root: Path, name: str) -> File | None:
    """The file under that public name, or None."""
    if (found := _SERVED.fullmatch(name)) is None:
        return None
    path = where(root, found["sha256"])
    return File(path, TYPES[found["ending"]], found["sha256"]) if path.is_file() else None


def put(root: Path, content: bytes) -> str:
    """Keep these bytes and return their SHA-256, in hexadecimal; what is there already is left alone."""
    name = hashlib.sha256(content).hexdigest()
    target = where(root, name)
    if target.exists():
        return name
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(draft).chmod(0o644)
    Path(draft).replace(target)
    _sync(target.parent)
    return name


def get(root: Path, name: str) -> bytes | None:
    """The bytes of that SHA-256, or None."""
    target = where(root, name)
    return target.read_bytes() if target.is_file() else None


def held(root: Path, name: str) -> bytes | None:
    """The same, read where it lies: a recording takes memory only while it is looked at, and gives it back."""
    target = where(root, name)
    if not target.is_file() or not target.stat().st_size:
        return get(root, name)
    with target.open("rb") as file:
        return cast("bytes", mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def where(root: Path, name: str) -> Path:
    """The file of that SHA-256."""
    return root / name[:2] / name


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
