"""Find and replace across a pathway: every place, before anything changes."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.author.pages.text import schema_of
from app.content import editing, folder, replacing
from app.content import text as texts
from app.content.outline import said
from app.content.replacing import Place
from app.i18n import ORIGINAL
from app.models import DocumentKind
from app.reads import drafts


@dataclass(frozen=True)
class Changed:
    """A text that would change. `text`: what it would say."""

    number: int
    version: int
    title: str
    places: tuple[Place, ...]
    text: str


@dataclass(frozen=True)
class ReplacementPage:
    slug: str
    title: str
    find: str
    put: str
    changed: tuple[Changed, ...]
    unread: tuple[tuple[int, str], ...]
    """(number, title) of the texts where it also stands, that no form holds: to be changed by hand."""
    looked: bool

    @property
    def count(self) -> int:
        return sum(len(each.places) for each in self.changed)


def replacement(db: Session, slug: str, find: str = "", put: str = "") -> ReplacementPage:
    """Raises Missing."""
    drafts.document(db, DocumentKind.PATHWAY, slug)
    near = [each for each in drafts.within(db, f"pathways/{slug}/") if each.text is not None]
    front = next((each for each in near if each.path == f"pathways/{slug}/pathway.md"), None)
    changed, unread = [], []
    for draft in near if find else ():
        tree = texts.read(draft.text or "", draft.path)
        schema = schema_of(draft.path, tree)
        lang, title = folder.language(draft.path), tree.get("title") or draft.path.rsplit("/", 1)[-1]
        title = title if lang == ORIGINAL else f"{title} ({lang})"
        if schema is None or not editing.whole(schema, tree):
            unread += [(draft.id, title)] if find in (draft.text or "") else []
        elif places := replacing.places(schema, tree, find):
            text = editing.written(schema, replacing.replaced(schema, tree, find, put), draft.path)
            changed.append(Changed(draft.id, draft.version, title, tuple(places), text))
    name = said(front.path, front.text or "").get("title", "") if front else ""
    return ReplacementPage(slug, name or slug, find, put, tuple(changed), tuple(unread), bool(find))
