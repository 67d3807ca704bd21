"""A pathway being written: its modules and steps, and the minutes of each format."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.content.outline import Budget, ModuleLine, outline
from app.models import DocumentKind
from app.reads import drafts


@dataclass(frozen=True)
class PathwayPage:
    slug: str
    title: str
    budgets: tuple[Budget, ...]
    modules: tuple[ModuleLine, ...]


def pathway(db: Session, slug: str) -> PathwayPage:
    """Raises Missing."""
    drafts.document(db, DocumentKind.PATHWAY, slug)
    found = drafts.within(db, f"pathways/{slug}/")
    whole = outline(slug, {each.path: each.text for each in found if each.text is not None})
    return PathwayPage(slug, whole.title or slug, whole.formats, whole.modules)
