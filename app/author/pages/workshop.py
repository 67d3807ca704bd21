"""What is written here: pathways, kits, self-diagnostics, examples and lists, the last written first said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.content.outline import said
from app.models import Document, DocumentKind, Draft
from app.reads import drafts, publication
from app.reads.publication import Proposed


@dataclass(frozen=True)
class DocumentLine:
    slug: str
    title: str
    text: int  # number of the text that it begins with
    written_at: datetime
    pathway: bool = False
    archived: bool = False


@dataclass(frozen=True)
class ProposalLine:
    """A draft that waits to be published."""

    title: str
    url: str
    by: str
    at: datetime


@dataclass(frozen=True)
class WorkshopPage:
    pathways: tuple[DocumentLine, ...]
    kits: tuple[DocumentLine, ...]
    diagnostics: tuple[DocumentLine, ...]
    cases: tuple[DocumentLine, ...]
    lists: tuple[DocumentLine, ...]
    gone: tuple[DocumentLine, ...]
    """What was taken away, the last one first."""
    removed: DocumentLine | None
    """The one that has just been."""
    proposed: tuple[ProposalLine, ...]


def workshop(db: Session, removed: str = "") -> WorkshopPage:
    """`removed`: what has just been taken away, a pathway by its slug, else by the number of its text."""
    found = [(document, _line(document, draft)) for document, draft in drafts.fronts(db)]
    gone = tuple(_line(document, draft) for document, draft in drafts.removed_fronts(db))

    def of(kind: DocumentKind) -> tuple[DocumentLine, ...]:
        return tuple(line for document, line in found if document.kind is kind)

    return WorkshopPage(
        pathways=of(DocumentKind.PATHWAY),
        kits=of(DocumentKind.KIT),
        diagnostics=of(DocumentKind.DIAGNOSTIC),
        cases=of(DocumentKind.CASE),
        lists=of(DocumentKind.TAXONOMY),
        gone=gone,
        removed=next((line for line in gone if removed == (line.slug if line.pathway else str(line.text))), None),
        proposed=tuple(_proposed(publication.proposals(db), found)),
    )


def _proposed(waiting: Sequence[Proposed], found: Sequence[tuple[Document, DocumentLine]]) -> Iterator[ProposalLine]:
    lines = {document.id: (document, line) for document, line in reversed(found)}
    for each in waiting:
        if each.document_id in lines:
            document, line = lines[each.document_id]
            alone = f"/atelier/textes/{line.text}/publication"
            url = f"/atelier/parcours/{line.slug}/publication" if document.kind is DocumentKind.PATHWAY else alone
            yield ProposalLine(line.title, url, each.by, each.at)


def _line(document: Document, draft: Draft) -> DocumentLine:
    name = draft.path.rsplit("/", 1)[-1].removesuffix(".yaml")
    slug = name if document.kind is DocumentKind.TAXONOMY else document.slug
    title = said(draft.path, draft.text or "").get("title", "") or slug
    return DocumentLine(
        slug, title, draft.id, draft.updated_at, document.kind is DocumentKind.PATHWAY, document.archived_at is not None
    )
