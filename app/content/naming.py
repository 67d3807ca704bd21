"""Names of what is written in the browser: of a folder or a file, from a title; of a step, drawn once for ever."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Collection

LONGEST = 50
_FIELD_LONGEST = 24
_RESERVED = ("data", "errors", "meta", "process", "validate", "notes")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SIGNS = f"{_LETTERS}0123456789"


def slug_of(title: str, taken: Collection[str] = ()) -> str:
    """A title as the name of a folder or a file: no accent, words joined; a number behind when it is taken."""
    plain = unicodedata.normalize("NFKD", title.casefold().replace("œ", "oe").replace("æ", "ae"))
    words = re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))
    name = ""
    for word in words:
        if name and len(name) + len(word) + 1 > LONGEST:
            break
        name = f"{name}-{word}" if name else word[:LONGEST]
    name = name or "sans-titre"
    rank = 2
    found = name
    while found in taken:
        found, rank = f"{name}-{rank}", rank + 1
    return found


def field_name(label: str, taken: Collection[str] = ()) -> str:
    """The name of a field in the notebook, from its question: its first words, never a reserved one."""
    name = slug_of(label)
    while len(name) > _FIELD_LONGEST and "-" in name:
        name = name.rsplit("-", 1)[0]
    name = name[:_FIELD_LONGEST].strip("-")
    name = name if name[0] in _LETTERS and name not in _RESERVED else f"q-{name}"
    rank, found = 2, name
    while found in taken:
        found, rank = f"{name}-{rank}", rank + 1
    return found


def letter(taken: Collection[str]) -> str:
    """The first capital that no axis has; nothing when all are taken."""
    return next((each for each in _LETTERS.upper() if each not in taken), "")


def new_uid() -> str:
    """The name of a step, a question or an objective for ever: a letter and nine signs, 50 random bits."""
    return secrets.choice(_LETTERS) + "".join(secrets.choice(_SIGNS) for _ in range(9))


def uid_of(form: str, *words: str) -> str:
    """As if it were drawn, and the same whenever that form says the same: sent twice, it names one thing.

    `form`: its key, never another’s; without one, it is drawn.
    """
    if not form:
        return new_uid()
    signs = hashlib.sha256("\n".join((form, *words)).encode()).digest()
    return _LETTERS[signs[0] % len(_LETTERS)] + "".join(_SIGNS[sign % len(_SIGNS)] for sign in signs[1:10])
