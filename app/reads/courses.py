"""Pathways as a person reads them: the edition of her enrolment, else the current one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from app.content.documents import PathwayDoc, StepDoc
from app.content.translation import reread
from app.errors import Missing
from app.models import (
    Document,
    DocumentKind,
    DocumentText,
    Edition,
    EditionDocument,
    EditionFormat,
    EditionModule,
    Enrolment,
    Publication,
    Revision,
    Step,
    StepProgress,
    StepText,
    Term,
)
from app.models.progress import StepRow
from app.reads import editions
from app.reads.editions import Correction, Offer
from app.reads.language import document_words, step_words, task_asked
from app.steps import KINDS

Rows = Select[*tuple[Any, ...]]
"""A SELECT of columns."""


@dataclass(frozen=True)
class Reading:
    """A pathway, in one edition, with the person's enrolment when there is one."""

    pathway_id: int
    slug: str
    edition_id: int
    edition: int
    published_at: datetime
    lang: str
    """Of the texts: the reader's, or the original's where they are not translated."""
    title: str
    summary: str
    html: str
    doc: PathwayDoc
    enrolment_id: int | None
    format_minutes: int | None
    started_at: datetime | None
    own_edition_id: int | None = None
    """Of the enrolment: `edition_id` is the one read, at the end of its correctifs."""
    corrections: tuple[Correction, ...] = ()
    offer: Offer | None = None


def pathways(db: Session, person_id: int | None, slug: str | None = None) -> list[Reading]:
    """Published pathways, by title, each read by that person."""
    query = _reading(person_id)
    return _as_readings(db, query if slug is None else query.where(Document.slug == slug))


def pathway(db: Session, slug: str, person_id: int | None) -> Reading:
    """One published pathway. Raises Missing."""
    found = pathways(db, person_id, slug)
    if not found:
        raise Missing
    return found[0]


def enrolled(db: Session, enrolment: Enrolment) -> Reading:
    """The pathway of an open enrolment, in its edition."""
    (reading,) = _as_readings(db, _reading(enrolment.person_id).where(Enrolment.id == enrolment.id))
    return reading


def _reading(person_id: int | None) -> Rows:
    newest, newer, mending = aliased(Edition), aliased(Edition), aliased(Edition)
    corrected = editions.chain(person_id)
    mends = corrected.alias("mends")
    current = (
        select(newest.id)
        .where(newest.pathway_id == Document.id, newest.withdrawn_at.is_(None))
        .order_by(newest.number.desc())
        .limit(1)
        .correlate(Document)
        .scalar_subquery()
    )
    own = and_(
        Enrolment.pathway_id == Document.id, Enrolment.person_id == (person_id or 0), Enrolment.closed_at.is_(None)
    )
    return (
        select(
            Document.id,
            Document.slug,
            Edition.id.label("edition_id"),
            Edition.number,
            Edition.published_at,
            DocumentText.lang,
            DocumentText.title,
            DocumentText.summary,
            DocumentText.html,
            DocumentText.content,
            Enrolment.id.label("enrolment_id"),
            Enrolment.format_minutes,
            Enrolment.started_at,
            Enrolment.edition_id.label("own_edition_id"),
            newer.id.label("newer_id"),
            newer.number.label("newer_number"),
            newer.published_at.label("newer_at"),
            newer.note.label("newer_note"),
            mending.published_at.label("mended_at"),
            mending.note.label("mended_note"),
        )
        .select_from(Document)
        .outerjoin(Enrolment, own)
        .join(Edition, Edition.id == func.coalesce(editions.read(corrected), current))
        .outerjoin(newer, newer.id == current)
        .outerjoin(mends, and_(mends.c.enrolment_id == Enrolment.id, mends.c.rank > 0))
        .outerjoin(mending, and_(mending.id == mends.c.edition_id, mending.withdrawn_at.is_(None)))
        .join(DocumentText, document_words(Edition.front_revision_id))
        .where(Document.kind == DocumentKind.PATHWAY, or_(Document.archived_at.is_(None), Enrolment.id.is_not(None)))
        .order_by(DocumentText.sort_key, Document.id, mends.c.rank)
    )


def _as_readings(db: Session, query: Rows) -> list[Reading]:
    """One for each pathway: a row for each of its correctifs that has reached the person."""
    return [_as_reading(list(rows)) for _id, rows in groupby(db.execute(query).all(), lambda row: row.id)]


def _as_reading(rows: Sequence[Row[Any]]) -> Reading:
    row = rows[0]
    offer = Offer(row.newer_id, row.newer_number, row.newer_at, row.newer_note) if row.newer_id else None
    return Reading(
        pathway_id=row.id,
        slug=row.slug,
        edition_id=row.edition_id,
        edition=row.number,
        published_at=row.published_at,
        lang=row.lang,
        title=row.title,
        summary=row.summary,
        html=row.html,
        doc=reread(PathwayDoc, row.content),
        enrolment_id=row.enrolment_id,
        format_minutes=row.format_minutes,
        started_at=row.started_at,
        own_edition_id=row.own_edition_id,
        corrections=tuple(Correction(each.mended_at, each.mended_note) for each in rows if each.mended_at),
        offer=offer if offer and row.enrolment_id and offer.number > row.number else None,
    )


def formats(db: Session, edition_ids: Iterable[int]) -> dict[int, tuple[EditionFormat, ...]]:
    """Formats by edition, shortest first."""
    found: dict[int, list[EditionFormat]] = {}
    query = select(EditionFormat).where(EditionFormat.edition_id.in_(tuple(edition_ids)))
    for row in db.scalars(query.order_by(EditionFormat.edition_id, EditionFormat.minutes)):
        found.setdefault(row.edition_id, []).append(row)
    return {edition: tuple(rows) for edition, rows in found.items()}


def steps(db: Session, edition_id: int, enrolment_id: int | None) -> tuple[StepRow, ...]:
    """Every step of an edition in order, beside its progress in that enrolment."""
    progress = and_(StepProgress.enrolment_id == (enrolment_id or 0), StepProgress.step_uid == Step.uid)
    query = _steps().outerjoin(StepProgress, progress).where(EditionModule.edition_id == edition_id)
    return tuple(_as_step(row, enrolment_id) for row in db.execute(query.order_by(*_IN_ORDER)))


def open_steps(db: Session, person_id: int) -> tuple[StepRow, ...]:
    """The steps of every open enrolment of that person, beside their progress; the latest enrolment first."""
    progress = and_(StepProgress.enrolment_id == Enrolment.id, StepProgress.step_uid == Step.uid)
    reading = editions.reading(person_id)
    query = (
        _steps()
        .add_columns(Enrolment.id.label("enrolment_id"))
        .join(reading, reading.c.edition_id == EditionModule.edition_id)
        .join(Enrolment, Enrolment.id == reading.c.enrolment_id)
        .outerjoin(StepProgress, progress)
        .order_by(Enrolment.started_at.desc(), Enrolment.id.desc(), *_IN_ORDER)
    )
    return tuple(_as_step(row, row.enrolment_id) for row in db.execute(query))


_IN_ORDER = (EditionModule.position, Step.position)


def _steps() -> Rows:
    module = aliased(DocumentText)
    return (
        select(
            EditionModule.position.label("module"),
            Document.slug.label("module_slug"),
            module.lang.label("module_lang"),
            module.title.label("module_title"),
            module.summary.label("module_summary"),
            Step.uid,
            Step.kind,
            StepText.lang,
            StepText.title,
            Step.minutes,
            Step.format_minutes,
            Step.optional,
            Step.ready,
            task_asked().label("task_digest"),
            StepProgress.completed_at,
            StepProgress.minutes_credited,
            StepProgress.task_digest.label("done_digest"),
        )
        .select_from(EditionModule)
        .join(Revision, Revision.id == EditionModule.revision_id)
        .join(Document, Document.id == Revision.document_id)
        .join(module, document_words(Revision.id, module))
        .join(Step, Step.revision_id == Revision.id)
        .join(StepText, step_words())
    )


def _as_step(row: Row[Any], enrolment_id: int | None) -> StepRow:
    return StepRow(
        enrolment_id=enrolment_id,
        module=row.module,
        module_slug=row.module_slug,
        module_title=row.module_title,
        module_summary=row.module_summary,
        uid=row.uid,
        kind=row.kind.value,
        title=row.title,
        minutes=row.minutes,
        format_minutes=row.format_minutes,
        optional=row.optional,
        ready=row.ready,
        task_digest=row.task_digest,
        completed_at=row.completed_at,
        minutes_credited=row.minutes_credited,
        done_digest=row.done_digest,
        lang=row.lang,
        module_lang=row.module_lang,
    )


@dataclass(frozen=True)
class StepContent:
    """What a step says: right answers included, so never sent as it is."""

    uid: str
    kind: str
    lang: str
    title: str
    html: str
    content: dict[str, Any]
    mended: bool = False
    """A correctif has changed what it says since the person began."""

    @property
    def doc(self) -> StepDoc:
        return reread(KINDS[self.kind].Content, self.content)


def steps_and_content(
    db: Session, edition_id: int, enrolment_id: int | None, uid: str, own_edition_id: int | None = None
) -> tuple[tuple[StepRow, ...], StepContent]:
    """Every step of an edition, and what one of them says, in one statement. Raises Missing.

    `own_edition_id`: the edition in which the person began, to tell what a correctif has changed.
    """
    progress = and_(StepProgress.enrolment_id == (enrolment_id or 0), StepProgress.step_uid == Step.uid)
    here = Step.uid == uid
    mended = literal(False) if own_edition_id in (None, edition_id) else editions.mended(own_edition_id or 0)
    query = (
        _steps()
        .add_columns(case((here, StepText.html)).label("html"), case((here, StepText.content)).label("content"))
        .add_columns(and_(here, mended).label("mended"))
        .outerjoin(StepProgress, progress)
        .where(EditionModule.edition_id == edition_id)
        .order_by(*_IN_ORDER)
    )
    rows = db.execute(query).all()
    found = next((row for row in rows if row.uid == uid), None)
    if found is None:
        raise Missing
    content = StepContent(uid, found.kind.value, found.lang, found.title, found.html, found.content, found.mended)
    return tuple(_as_step(row, enrolment_id) for row in rows), content


def step_contents(db: Session, edition_id: int, uids: Iterable[str]) -> dict[str, StepContent]:
    """Contents of some steps of an edition, by uid."""
    query = (
        select(Step.uid, Step.kind, StepText.lang, StepText.title, StepText.html, StepText.content)
        .select_from(EditionModule)
        .join(Step, Step.revision_id == EditionModule.revision_id)
        .join(StepText, step_words())
        .where(EditionModule.edition_id == edition_id, Step.uid.in_(tuple(uids)))
    )
    return {row.uid: StepContent(row.uid, row.kind.value, *row[2:]) for row in db.execute(query)}


@dataclass(frozen=True)
class Published:
    """A document as published: its parsed content and its body."""

    kind: str
    slug: str
    revision_id: int
    lang: str
    title: str
    html: str
    content: dict[str, Any]


def frozen(db: Session, edition_id: int, kind: DocumentKind) -> dict[str, Published]:
    """Documents of one kind frozen with an edition, by slug."""
    query = (
        published_query()
        .join(EditionDocument, EditionDocument.revision_id == DocumentText.revision_id)
        .where(EditionDocument.edition_id == edition_id, Document.kind == kind)
    )
    return {row.slug: as_published(row) for row in db.execute(query)}


def published(db: Session, kind: DocumentKind, slug: str | None = None) -> dict[str, Published]:
    """Documents of one kind as they are live, by slug."""
    newest = aliased(Publication)
    live = (
        select(newest.revision_id)
        .where(newest.document_id == Document.id, newest.withdrawn_at.is_(None))
        .order_by(newest.id.desc())
        .limit(1)
        .correlate(Document)
        .scalar_subquery()
    )
    query = published_query().where(Document.kind == kind, Document.archived_at.is_(None), Revision.id == live)
    if slug is not None:
        query = query.where(Document.slug == slug)
    return {row.slug: as_published(row) for row in db.execute(query.order_by(Document.slug))}


def published_query() -> Rows:
    """Documents with their revisions, as they are read."""
    return (
        select(
            Document.kind,
            Document.slug,
            DocumentText.revision_id,
            DocumentText.lang,
            DocumentText.title,
            DocumentText.html,
            DocumentText.content,
        )
        .select_from(Document)
        .join(Revision, Revision.document_id == Document.id)
        .join(DocumentText, document_words(Revision.id))
    )


def as_published(row: Row[Any]) -> Published:
    """A row of `published_query`."""
    return Published(row.kind.value, row.slug, row.revision_id, row.lang, row.title, row.html, row.content)


def terms(db: Session, *lists: str) -> dict[str, tuple[Term, ...]]:
    """Taxonomy lists by name, each in its order; every list when none is named."""
    found: dict[str, list[Term]] = {name: [] for name in lists}
    query = select(Term).order_by(Term.list, Term.rank)
    for term in db.scalars(query.where(Term.list.in_(lists)) if lists else query):
        found.setdefault(term.list, []).append(term)
    return {name: tuple(entries) for name, entries in found.items()}
