"""A kit's sheets and tools recall what their reader wrote on the way, in whatever pathway."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from app.content.kits import ToolDoc
from app.content.translation import reread
from app.i18n import ORIGINAL, _
from app.models import (
    Document,
    DocumentKind,
    DocumentText,
    Edition,
    EditionModule,
    Note,
    Publication,
    Revision,
    Step,
    StepText,
)
from app.reads import courses
from app.reads.frozen import Published
from app.reads.language import step_words
from app.steps import KINDS
from app.steps.fields import Field


@dataclass(frozen=True)
class RecalledStep:
    """A step of a current edition, with what the person wrote there."""

    pathway: str
    lang: str
    title: str
    kind: str
    content: dict[str, Any]
    texts: dict[str, tuple[str, datetime | None]]

    def field(self, name: str) -> Field | None:
        """The field of that name, if the step still has it."""
        content = reread(KINDS[self.kind].Content, self.content)
        return next((field for field in content.fields if field.name == name), None)


def once(db: Session, kind: DocumentKind, slug: str) -> list[dict[str, Any]]:
    """What a document said in each of its publications, withdrawn ones included; nothing when it never was."""
    query = (
        select(DocumentText.content)
        .join(Publication, Publication.revision_id == DocumentText.revision_id)
        .join(Document, Document.id == Publication.document_id)
        .where(Document.kind == kind, Document.slug == slug, DocumentText.lang == ORIGINAL)
    )
    return list(db.scalars(query))


def written(db: Session, person_id: int, uids: Iterable[str]) -> dict[str, dict[str, tuple[str, datetime]]]:
    """What that person has in tools, emptied fields included: uid -> field -> (text, when it was saved)."""
    query = select(Note.uid, Note.field, Note.text, Note.at).where(
        Note.person_id == person_id, Note.uid.in_(tuple(uids)), Note.superseded_at.is_(None)
    )
    found: dict[str, dict[str, tuple[str, datetime]]] = {}
    for row in db.execute(query):
        found.setdefault(row.uid, {})[row.field] = (row.text, row.at)
    return found


@dataclass(frozen=True)
class Filled:
    """A kit's tool with what somebody has in it."""

    uid: str
    title: str
    lang: str
    kit: Published
    tool: dict[str, Any]
    """As the kit was published."""
    boxes: tuple[tuple[str, Field, str, datetime], ...]
    """What each asks, the field, what is written, when."""


def filled(db: Session, texts: Mapping[str, Mapping[str, tuple[str, datetime]]]) -> Iterator[Filled]:
    """The tools of the kits of today in which something is written, in the order of their boxes.

    `texts`: by uid and field, as `written` gives them.
    """
    for kit in courses.published(db, DocumentKind.KIT).values():
        for tool, doc in zip(kit.content.get("tools", ()), kit.tools, strict=True):
            found = texts.get(doc.uid, {})
            said = [(asked, cell, *found[cell.name]) for asked, cell in _boxes(doc) if found.get(cell.name, ("",))[0]]
            if said:
                yield Filled(doc.uid, doc.title, tool.get("lang", kit.lang), kit, tool, tuple(said))


def _boxes(doc: ToolDoc) -> Iterator[tuple[str, Field]]:
    """Each box with what it asks; of a table: its name, the row, the column."""
    for field in doc.fields:
        if field.type != "table":
            yield field.label, field.cells()[0]
            continue
        for rank in range(field.height):
            row = field.rows[rank] if field.rows else _("Ligne %(n)s", n=rank + 1)
            yield from ((f"{field.label}, {row}, {cell.label}", cell) for cell in field.row(rank))


def recalled(db: Session, person_id: int | None, uids: Iterable[str]) -> dict[str, RecalledStep]:
    """Steps by uid, in the current edition of their pathway, with that person's current notes."""
    newer = aliased(Edition)
    newest = (
        select(func.max(newer.number))
        .where(newer.pathway_id == Edition.pathway_id, newer.withdrawn_at.is_(None))
        .correlate(Edition)
        .scalar_subquery()
    )
    own = and_(Note.uid == Step.uid, Note.person_id == (person_id or 0), Note.superseded_at.is_(None))
    query = (
        select(
            Step.uid,
            Step.kind,
            StepText.lang,
            StepText.title,
            StepText.content,
            Document.slug,
            Note.field,
            Note.text,
            Note.at,
        )
        .select_from(Edition)
        .join(Document, Document.id == Edition.pathway_id)
        .join(EditionModule, EditionModule.edition_id == Edition.id)
        .join(Revision, Revision.id == EditionModule.revision_id)
        .join(Step, Step.revision_id == Revision.id)
        .join(StepText, step_words())
        .outerjoin(Note, own)
        .where(Step.uid.in_(tuple(uids)), Edition.number == newest)
    )
    found: dict[str, RecalledStep] = {}
    for row in db.execute(query):
        page = found.setdefault(row.uid, RecalledStep(row.slug, row.lang, row.title, row.kind.value, row.content, {}))
        if row.field is not None:
            page.texts[row.field] = (row.text, row.at)
    return found
