"""What an edition says, in the reader's language where it is translated: write-once, so read once by each process."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from app.content.documents import PathwayDoc, StepDoc
from app.content.kits import KitDoc, SheetDoc, ToolDoc
from app.content.translation import reread
from app.i18n import ORIGINAL, get_lang
from app.models import (
    Document,
    DocumentText,
    EditionDocument,
    EditionFormat,
    EditionModule,
    Revision,
    Step,
    StepText,
)
from app.models.progress import StepRow
from app.reads.kept import keep
from app.steps import KINDS

Rows = Select[*tuple[Any, ...]]
"""A SELECT of columns."""


@dataclass(frozen=True)
class StepContent:
    """What a step says: right answers included, so never sent as it is."""

    uid: str
    kind: str
    lang: str
    title: str
    html: str
    content: dict[str, Any]

    @cached_property
    def doc(self) -> StepDoc:
        return reread(KINDS[self.kind].Content, self.content)


@dataclass(frozen=True)
class Done:
    """What is stored of a step's completion."""

    completed_at: datetime
    minutes_credited: int
    task_digest: str


@dataclass(frozen=True)
class Told:
    """An edition: its steps in order, done by nobody, and what each says."""

    rows: tuple[StepRow, ...]
    contents: Mapping[str, StepContent]
    digests: Mapping[str, frozenset[str]]
    """Step uid -> its task in every language: a task is compared within one, reading in another changes nothing."""
    tasks: Mapping[tuple[str, str], str]
    """The digest of each task, by (step uid, language)."""

    def beside(self, done: Mapping[str, Done]) -> tuple[StepRow, ...]:
        """The steps beside one person's progress, by uid."""
        return tuple(self._with(row, done[row.uid]) if row.uid in done else row for row in self.rows)

    def _with(self, row: StepRow, done: Done) -> StepRow:
        same = done.task_digest in self.digests[row.uid]
        told = {
            "task_digest": done.task_digest if same else row.task_digest,
            "completed_at": done.completed_at,
            "minutes_credited": done.minutes_credited,
            "done_digest": done.task_digest,
        }
        return StepRow(**{**vars(row), **told})


def told(db: Session, edition_ids: Iterable[int]) -> dict[int, Told]:
    """Editions by number."""
    return keep(db, "edition", edition_ids, lambda missing: _told(db, missing))


_MODULES = (
    select(
        EditionModule.edition_id,
        EditionModule.position,
        EditionModule.revision_id,
        Document.slug,
        DocumentText.lang,
        DocumentText.title,
        DocumentText.summary,
    )
    .join(Revision, Revision.id == EditionModule.revision_id)
    .join(Document, Document.id == Revision.document_id)
    .join(DocumentText, DocumentText.revision_id == Revision.id)
    .where(EditionModule.edition_id.in_(bindparam("editions", expanding=True)))
    .order_by(EditionModule.edition_id, EditionModule.position)
)
_STEPS = (
    select(
        Step.revision_id,
        Step.uid,
        Step.kind,
        Step.minutes,
        Step.format_minutes,
        Step.optional,
        Step.ready,
        StepText.lang,
        StepText.title,
        StepText.html,
        StepText.content,
        StepText.task_digest,
    )
    .join(StepText, StepText.step_id == Step.id)
    .where(Step.revision_id.in_(bindparam("revisions", expanding=True)))
    .order_by(Step.revision_id, Step.position)
)


def _told(db: Session, edition_ids: Sequence[int]) -> dict[int, Told]:
    modules: list[Row[Any]] = [*db.execute(_MODULES, {"editions": edition_ids})]
    said: list[Row[Any]] = [*db.execute(_STEPS, {"revisions": list({module.revision_id for module in modules})})]
    steps: dict[int, list[Row[Any]]] = {}
    for row in said:
        steps.setdefault(row.revision_id, []).append(row)
    held = {number: [module for module in modules if module.edition_id == number] for number in edition_ids}
    return {number: _edition(_best(found, "position"), steps) for number, found in held.items() if found}


def _best(rows: Iterable[Row[Any]], by: str) -> list[Row[Any]]:
    """Of the rows of one thing in several languages, the reader's, else the original's."""
    found: dict[object, Row[Any]] = {}
    for row in rows:
        known = found.get(getattr(row, by))
        if known is None or row.lang == get_lang() or (known.lang != get_lang() and row.lang == ORIGINAL):
            found[getattr(row, by)] = row
    return list(found.values())


def _edition(modules: list[Row[Any]], steps: Mapping[int, list[Row[Any]]]) -> Told:
    rows: list[StepRow] = []
    contents: dict[str, StepContent] = {}
    digests: dict[str, set[str]] = {}
    tasks: dict[tuple[str, str], str] = {}
    for module in modules:
        told = steps.get(module.revision_id, [])
        for row in told:
            digests.setdefault(row.uid, set()).add(row.task_digest)
            tasks[row.uid, row.lang] = row.task_digest
        for row in _best(told, "uid"):
            rows.append(_as_step(module, row))
            contents[row.uid] = StepContent(row.uid, row.kind.value, row.lang, row.title, row.html, row.content)
    return Told(tuple(rows), contents, {uid: frozenset(found) for uid, found in digests.items()}, tasks)


def _as_step(module: Row[Any], row: Row[Any]) -> StepRow:
    return StepRow(
        module=module.position,
        module_slug=module.slug,
        module_title=module.title,
        module_summary=module.summary,
        module_lang=module.lang,
        uid=row.uid,
        kind=row.kind.value,
        lang=row.lang,
        title=row.title,
        minutes=row.minutes,
        format_minutes=row.format_minutes,
        optional=row.optional,
        ready=row.ready,
        task_digest=row.task_digest,
    )


@dataclass(frozen=True)
class Published:
    """A document as published: its parsed content and its body."""

    kind: str
    slug: str
    revision_id: int
    lang: str
    title: str
    summary: str
    html: str
    sort_key: str
    content: dict[str, Any]

    @cached_property
    def pathway(self) -> PathwayDoc:
        """Of a pathway's front."""
        return reread(PathwayDoc, self.content)

    @cached_property
    def kit(self) -> KitDoc:
        """Of a kit."""
        return reread(KitDoc, self.content["kit"])

    @cached_property
    def sheets(self) -> tuple[SheetDoc, ...]:
        """Of a kit."""
        return tuple(reread(SheetDoc, sheet["doc"]) for sheet in self.content["sheets"])

    @cached_property
    def tools(self) -> tuple[ToolDoc, ...]:
        """Of a kit; one published before kits had tools has none."""
        return tuple(reread(ToolDoc, tool["doc"]) for tool in self.content.get("tools", ()))


def texts(db: Session, revision_ids: Iterable[int]) -> dict[int, Published]:
    """Documents by the number of their revision."""
    return keep(db, "document", revision_ids, lambda missing: _texts(db, missing))


_TEXTS = (
    select(
        DocumentText.revision_id,
        DocumentText.lang,
        DocumentText.title,
        DocumentText.summary,
        DocumentText.html,
        DocumentText.sort_key,
        DocumentText.content,
        Document.kind,
        Document.slug,
    )
    .join(Revision, Revision.id == DocumentText.revision_id)
    .join(Document, Document.id == Revision.document_id)
    .where(DocumentText.revision_id.in_(bindparam("revisions", expanding=True)))
)


def _texts(db: Session, revision_ids: Sequence[int]) -> dict[int, Published]:
    rows = _best(db.execute(_TEXTS, {"revisions": revision_ids}), "revision_id")
    return {row.revision_id: Published(**{**row._mapping, "kind": row.kind.value}) for row in rows}


def documents(db: Session, edition_id: int, kind: str) -> dict[str, Published]:
    """Documents of one kind frozen with an edition, by slug."""
    held = keep(db, "documents", [edition_id], lambda missing: _documents(db, missing))
    found = texts(db, held.get(edition_id, ()))
    return {each.slug: each for each in sorted(found.values(), key=lambda each: each.slug) if each.kind == kind}


_DOCUMENTS = select(EditionDocument.edition_id, EditionDocument.revision_id).where(
    EditionDocument.edition_id.in_(bindparam("editions", expanding=True))
)


def _documents(db: Session, edition_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    rows = db.execute(_DOCUMENTS, {"editions": edition_ids}).all()
    return {number: tuple(row.revision_id for row in rows if row.edition_id == number) for number in edition_ids}


def formats(db: Session, edition_ids: Iterable[int]) -> dict[int, tuple[EditionFormat, ...]]:
    """Formats by edition, shortest first."""
    return keep(db, "formats", edition_ids, lambda missing: dict(_formats(db, missing)))


_FORMATS = (
    select(*EditionFormat.__table__.columns)
    .where(EditionFormat.edition_id.in_(bindparam("editions", expanding=True)))
    .order_by(EditionFormat.minutes)
)


def _formats(db: Session, edition_ids: Sequence[int]) -> Iterator[tuple[int, tuple[EditionFormat, ...]]]:
    """Of no session: what is kept outlives the transaction that read it, and serves every thread."""
    rows = db.execute(_FORMATS, {"editions": edition_ids}).all()
    for number in edition_ids:
        found = tuple(EditionFormat(**row._mapping) for row in rows if row.edition_id == number)
        if found:
            yield number, found
