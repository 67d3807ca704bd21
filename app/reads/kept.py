"""What is published never changes: each process reads it once, then keeps the latest used (docs/decisions/0011)."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar, cast

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.db import READS, SHELF
from app.i18n import get_lang
from app.shelf import Shelf

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def keep(db: Session, what: str, wanted: Iterable[K], read: Callable[[list[K]], Mapping[K, V]]) -> dict[K, V]:
    """Write-once things as read in the reader's language, by key, in the order asked.

    They are kept when read on the reading engine alone, which sees what is committed and nothing else: a transaction
    that publishes, then fails, leaves no trace.
    `read` is called at most once, for those that are not on the shelf; a key that it does not find is left out.
    """
    options = cast(Engine, db.get_bind()).get_execution_options()
    shelf: Shelf = options[SHELF]
    lang = get_lang()
    keys = list(dict.fromkeys(wanted))
    found: dict[K, V] = {key: kept for key in keys if (kept := shelf.get((what, lang, key))) is not None}
    missing = [key for key in keys if key not in found]
    if missing:
        found |= read(missing)
        if options[READS]:
            for key in missing:
                if key in found:
                    shelf.put((what, lang, key), found[key])
    return {key: found[key] for key in keys if key in found}
