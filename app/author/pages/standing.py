"""A text of what stands alone: what may be added to its kit, taken away, given back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.content import folder
from app.content.outline import said
from app.i18n import ORIGINAL
from app.models import Draft
from app.reads import drafts


@dataclass(frozen=True)
class PageLine:
    """A sheet or a tool that was taken away."""

    number: int
    title: str
    tool: bool


@dataclass(frozen=True)
class Standing:
    holds: bool = False
    """It begins a kit: sheets and tools are added to it."""
    page: bool = False
    """It is one of them."""
    removable: bool = False
    gone: tuple[PageLine, ...] = ()
    """Pages that were taken away, the last one first."""
    just: PageLine | None = None
    """The one that has just been."""


NOTHING = Standing()


def standing(db: Session, draft: Draft, just: str = "") -> Standing:
    """`just`: number of the page that has just been taken away."""
    head, _slug, name, *_deeper = [*draft.path.split("/"), ""]
    if head in ("pathways", "taxonomy") or folder.language(draft.path) != ORIGINAL:
        return NOTHING
    if name[:2].isdigit():
        return Standing(page=True, removable=True)
    every = drafts.everything(db, draft.path.rsplit("/", 1)[0] + "/") if head == "kits" else ()
    gone = tuple(_gone(every))
    return Standing(
        holds=head == "kits",
        removable=not drafts.ever_published(db, draft.document_id),
        gone=gone,
        just=next((each for each in gone if str(each.number) == just), None),
    )


def _gone(every: Sequence[Draft]) -> list[PageLine]:
    pages = [each for each in every if each.removed_here and each.removed_at is not None and each.text is not None]
    pages = [each for each in pages if each.path.rsplit("/", 1)[-1][:2].isdigit()]
    pages = [each for each in pages if folder.language(each.path) == ORIGINAL]
    found = []
    for each in sorted(pages, key=lambda each: str(each.removed_at), reverse=True):
        keys = said(each.path, each.text or "")
        found.append(PageLine(each.id, keys.get("title", ""), keys.get("kind") == "tool"))
    return found
