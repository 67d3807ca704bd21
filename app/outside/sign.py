"""Signatures of what the site attests: Ed25519 over a canonical text, the private key in a file of its own."""

import base64
import hashlib
import json
import os
import tempfile
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

COMMAND = "flask --app app.wsgi keys new"


class WrongKey(Exception):
    """A sentence for the operator: the file of the private key cannot serve."""


@dataclass(frozen=True)
class Key:
    """A private key, and what names it."""

    secret: Ed25519PrivateKey
    public: str
    """32 bytes, base64."""

    @property
    def id(self) -> str:
        return hashlib.sha256(base64.b64decode(self.public)).hexdigest()[:16]

    def sign(self, statement: dict[str, Any]) -> str:
        return base64.b64encode(self.secret.sign(canonical(statement))).decode()


def verifies(public: str, signature: str, statement: dict[str, Any]) -> bool:
    """Whether this very statement was signed by the private half of that key."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        key.verify(base64.b64decode(signature, validate=True), canonical(statement))
    except (InvalidSignature, ValueError):
        return False
    return True


def canonical(statement: dict[str, Any]) -> bytes:
    """One text for one meaning: JSON in UTF-8 and NFC, sorted keys, no spaces."""
    text = json.dumps(statement, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return unicodedata.normalize("NFC", text).encode()


_held: dict[Path, tuple[tuple[int, int], Key]] = {}
"""A key once read stays in memory, so that a file gone meanwhile stops nobody from finishing."""


def key(path: Path) -> Key:
    """The key of that file; read again when the file has been replaced. Raises WrongKey."""
    held = _held.get(path)
    try:
        state = path.stat()
        mark = (state.st_mtime_ns, state.st_ino)
        if held is None or held[0] != mark:
            held = _held[path] = (mark, _read(path.read_bytes(), path))
    except OSError as error:
        if held is None:
            why = f"SIGNING_KEY_FILE is {path}, which cannot be read ({error.strerror}). Make one with: {COMMAND}"
            raise WrongKey(why) from error
    return held[1]


@lru_cache(8)
def _read(content: bytes, path: Path) -> Key:
    try:
        secret = serialization.load_pem_private_key(content, None)
    except (ValueError, TypeError) as error:
        raise WrongKey(f"{path} holds no private key: {error}") from error
    if not isinstance(secret, Ed25519PrivateKey):
        raise WrongKey(f"{path} holds another kind of key than Ed25519.")
    return Key(secret, base64.b64encode(secret.public_key().public_bytes_raw()).decode())


def make(path: Path) -> Key:
    """Write a new key there, durable and for its owner alone, in the place of the one that there was."""
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".")  # 0600
    with os.fdopen(handle, "wb") as file:
        file.write(Ed25519PrivateKey.generate().private_bytes(*form))
        file.flush()
        os.fsync(file.fileno())
    Path(draft).replace(path)
    return key(path)
