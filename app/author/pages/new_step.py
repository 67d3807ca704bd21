"""A step to add to a module: what one does there, its title, its format and its minutes."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.author.pages.entries import Entry, entries
from app.content.outline import outline
from app.errors import Missing
from app.i18n import minutes
from app.models import DocumentKind
from app.reads import drafts
from app.steps import KINDS


@dataclass(frozen=True)
class NewStepPage:
    slug: str
    pathway: str
    """Its title."""
    module: Entry
    kinds: tuple[tuple[str, str, str], ...]
    """Name, label, icon."""
    formats: tuple[tuple[str, str], ...]
    """Name, and its length in words; shortest first."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _words in self.formats)


def new_step(db: Session, slug: str, module: int) -> NewStepPage:
    """Raises Missing."""
    drafts.document(db, DocumentKind.PATHWAY, slug)
    living = drafts.within(db, f"pathways/{slug}/")
    whole = outline(slug, {each.path: each.text for each in living if each.text is not None})
    found = [each for each in entries(whole, living) if each.number == module and not each.step]
    if not found:
        raise Missing
    kinds = tuple((name, kind.label(), kind.icon) for name, kind in KINDS.items())
    return NewStepPage(
        slug, whole.title or slug, found[0], kinds, tuple((f.name, minutes(f.minutes)) for f in whole.formats)
    )
