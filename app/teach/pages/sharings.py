"""What one shows to the trainers of a cohort, exactly as they read it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.errors import Missing
from app.i18n import all_of
from app.policy import Me
from app.reads import sharing, shown
from app.reads import threads as reads
from app.reads.shown import Item
from app.reads.threads import Thread


@dataclass(frozen=True)
class SharingsPage:
    number: int
    cohort: str
    leaders: str  # « Tarik et Tess »
    items: tuple[Item, ...]
    error: str
    about: str  # the uid that the error is about
    text: str  # what was typed


def sharings(db: Session, me: Me, number: int, *, error: str = "", about: str = "", text: str = "") -> SharingsPage:
    """Raises Missing once one has left."""
    here = sharing.cohort_of(db, me.id, number)
    if here is None:
        raise Missing
    items, _marks = shown.shown(db, number, me.id)
    return SharingsPage(number, here.name, all_of(here.leaders), items, error, about, text)


@dataclass(frozen=True)
class ThreadsPage:
    threads: tuple[Thread, ...]


def threads(db: Session, me: Me) -> ThreadsPage:
    return ThreadsPage(reads.threads(db, me.id))
