"""Pathways as a person reads them: the edition of her enrolment, else the current one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.content.documents import PathwayDoc
from app.db import fetch
from app.errors import Missing
from app.models import (
    Document,
    DocumentKind,
    Edition,
    EditionFormat,
    Enrolment,
    Publication,
    StepProgress,
    Term,
)
from app.models.progress import StepRow
from app.reads import asked, frozen
from app.reads.asked import Asked
from app.reads.editions import Correction, Offer
from app.reads.frozen import Done, Published, Rows, StepContent


@dataclass(frozen=True)
class Reading:
    """A pathway, in one edition, with the person's enrolment when there is one."""

    pathway_id: int
    slug: str
    edition_id: int
    edition: int
    published_at: datetime
    front: Published
    enrolment_id: int | None
    format_minutes: int | None
    started_at: datetime | None
    own_edition_id: int | None = None
    """Of the enrolment: `edition_id` is the one read, at the end of its correctifs."""
    corrections: tuple[Correction, ...] = ()
    offer: Offer | None = None
    archived_at: datetime | None = None
    """No longer offered: who has begun it goes on."""
    asked: tuple[Asked, ...] = ()
    """Of the person, by the cohorts that they are in; the nearest due date first."""

    @property
    def lang(self) -> str:
        """Of the texts: the reader's, or the original's where they are not translated."""
        return self.front.lang

    @property
    def title(self) -> str:
        return self.front.title

    @property
    def summary(self) -> str:
        return self.front.summary

    @property
    def html(self) -> str:
        return self.front.html

    @property
    def doc(self) -> PathwayDoc:
        return self.front.pathway


def pathways(db: Session, person_id: int | None, *, even_archived: bool = False) -> list[Reading]:
    """Published pathways, by title, each read by that person; of those that are archived, only what they have begun."""
    return _readings(db, _every() if even_archived else _open(), person_id)


def pathway(db: Session, slug: str, person_id: int | None, *, even_archived: bool = False) -> Reading:
    """One published pathway. Raises Missing."""
    reading = found(db, slug, person_id, even_archived=even_archived)
    if reading is None:
        raise Missing
    return reading


def found(db: Session, slug: str, person_id: int | None, *, even_archived: bool = False) -> Reading | None:
    """One published pathway, if it is."""
    query = _every_of_slug() if even_archived else _open_of_slug()
    return next(iter(_readings(db, query, person_id, slug=slug)), None)


def enrolled(db: Session, enrolment: Enrolment) -> Reading:
    """The pathway of an open enrolment, in its edition."""
    (reading,) = _readings(db, _of_enrolment(), enrolment.person_id, enrolment=enrolment.id)
    return reading


@cache
def _every() -> Rows:
    """Pathways beside a person's open enrolment, each with the editions that may be read: the current one of who has
    not begun, every one from their own on of who has; once more for each assignment. Built once: every page asks it."""
    given = asked.asked()
    newest = aliased(Edition)
    current = (
        select(func.max(newest.number))
        .where(newest.pathway_id == Document.id, newest.withdrawn_at.is_(None))
        .correlate(Document)
        .scalar_subquery()
    )
    own = and_(
        Enrolment.pathway_id == Document.id,
        Enrolment.person_id == bindparam("person"),
        Enrolment.closed_at.is_(None),
    )
    return (
        select(
            Document.id.label("pathway_id"),
            Document.slug,
            Document.archived_at,
            Enrolment.id.label("enrolment_id"),
            Enrolment.edition_id.label("own_edition_id"),
            Enrolment.format_minutes,
            Enrolment.started_at,
            Edition.id,
            Edition.number,
            Edition.corrects_id,
            Edition.front_revision_id,
            Edition.published_at,
            Edition.note,
            Edition.withdrawn_at,
            *(column for column in given.c if column.name != "pathway_id"),
        )
        .select_from(Document)
        .outerjoin(Enrolment, own)
        .join(Edition, Edition.pathway_id == Document.id)
        .outerjoin(given, given.c.pathway_id == Document.id)
        .where(Document.kind == DocumentKind.PATHWAY)
        .where(or_(Edition.number == current, Edition.id >= Enrolment.edition_id))
        .order_by(Document.id, Edition.number)
    )


@cache
def _open() -> Rows:
    return _every().where(or_(Document.archived_at.is_(None), Enrolment.id.is_not(None)))


@cache
def _every_of_slug() -> Rows:
    return _every().where(Document.slug == bindparam("slug"))


@cache
def _open_of_slug() -> Rows:
    return _open().where(Document.slug == bindparam("slug"))


@cache
def _of_enrolment() -> Rows:
    return _every().where(Enrolment.id == bindparam("enrolment"))


def _readings(db: Session, query: Rows, person_id: int | None, **values: object) -> list[Reading]:
    rows = fetch(db, query, {"person": person_id or 0, **values})
    groups = [list(group) for _id, group in groupby(rows, lambda row: row.pathway_id)]
    chosen = [(*_chosen(list({row.id: row for row in group}.values())), asked.each(group)) for group in groups]
    fronts = frozen.texts(db, [edition.front_revision_id for edition, *_rest in chosen])
    readings = [
        Reading(
            pathway_id=edition.pathway_id,
            slug=edition.slug,
            edition_id=edition.id,
            edition=edition.number,
            published_at=edition.published_at,
            front=fronts[edition.front_revision_id],
            enrolment_id=edition.enrolment_id,
            format_minutes=edition.format_minutes,
            started_at=edition.started_at,
            own_edition_id=edition.own_edition_id,
            corrections=mends,
            offer=offer,
            archived_at=edition.archived_at,
            asked=given,
        )
        for edition, mends, offer, given in chosen
    ]
    return sorted(readings, key=lambda reading: (reading.front.sort_key, reading.pathway_id))


def _chosen(editions: Sequence[Row[Any]]) -> tuple[Row[Any], tuple[Correction, ...], Offer | None]:
    """Of the editions of one pathway, the one read, the correctifs that led to it, the newer one on offer."""
    newest = next((edition for edition in reversed(editions) if edition.withdrawn_at is None), None)
    own = next((edition for edition in editions if edition.id == edition.own_edition_id), None)
    if own is None:
        return editions[-1], (), None
    following = {edition.corrects_id: edition for edition in editions if edition.corrects_id is not None}
    read, mends = own, []
    step = following.get(own.id)
    while step is not None:
        if step.withdrawn_at is None:
            read = step
            mends.append(Correction(step.published_at, step.note))
        step = following.get(step.id)
    newer = newest is not None and newest.number > read.number
    offer = Offer(newest.id, newest.number, newest.published_at, newest.note) if newest is not None and newer else None
    return read, tuple(mends), offer


def formats(db: Session, edition_ids: Iterable[int]) -> dict[int, tuple[EditionFormat, ...]]:
    """Formats by edition, shortest first."""
    return frozen.formats(db, edition_ids)


def steps(db: Session, edition_id: int, enrolment_id: int | None) -> tuple[StepRow, ...]:
    """Every step of an edition in order, beside its progress in that enrolment."""
    told = frozen.told(db, [edition_id])[edition_id]
    return told.rows if enrolment_id is None else told.beside(_done(db, _OF_ONE, enrolment_id).get(enrolment_id, {}))


def open_steps(db: Session, person_id: int, readings: Iterable[Reading]) -> dict[int, tuple[StepRow, ...]]:
    """The steps of every open enrolment of that person, beside their progress; the latest enrolment first.

    `readings`: as `pathways` gives them to that person.
    """
    begun = [(r.started_at, r.enrolment_id, r.edition_id) for r in readings if r.enrolment_id and r.started_at]
    told = frozen.told(db, [edition_id for _at, _number, edition_id in begun])
    done = _done(db, _OF_PERSON, person_id)
    return {number: told[edition].beside(done.get(number, {})) for _at, number, edition in sorted(begun, reverse=True)}


_PROGRESS = select(
    StepProgress.enrolment_id,
    StepProgress.step_uid,
    StepProgress.completed_at,
    StepProgress.minutes_credited,
    StepProgress.task_digest,
)
_OF_ONE = _PROGRESS.where(StepProgress.enrolment_id == bindparam("id"))
_OF_PERSON = _PROGRESS.join(Enrolment, Enrolment.id == StepProgress.enrolment_id).where(
    Enrolment.person_id == bindparam("id"), Enrolment.closed_at.is_(None)
)


def _done(db: Session, query: Rows, number: int) -> dict[int, dict[str, Done]]:
    """Steps done, by enrolment and uid."""
    found: dict[int, dict[str, Done]] = {}
    for row in fetch(db, query, {"id": number}):
        done = Done(row.completed_at, row.minutes_credited, row.task_digest)
        found.setdefault(row.enrolment_id, {})[row.step_uid] = done
    return found


def steps_and_content(
    db: Session, edition_id: int, enrolment_id: int | None, uid: str
) -> tuple[tuple[StepRow, ...], StepContent]:
    """Every step of an edition, and what one of them says. Raises Missing."""
    content = step_contents(db, edition_id, [uid]).get(uid)
    if content is None:
        raise Missing
    return steps(db, edition_id, enrolment_id), content


def step_contents(db: Session, edition_id: int, uids: Iterable[str] | None) -> dict[str, StepContent]:
    """Contents of some steps of an edition, of all for None, by uid."""
    contents = frozen.told(db, [edition_id])[edition_id].contents
    if uids is None:
        return dict(contents)
    return {uid: contents[uid] for uid in uids if uid in contents}


def mended(db: Session, reading: Reading, uid: str) -> bool:
    """Whether a correctif has changed what a step says since the person began."""
    if reading.own_edition_id in (None, reading.edition_id):
        return False
    began = step_contents(db, reading.own_edition_id or 0, [uid]).get(uid)
    return began is not None and began != step_contents(db, reading.edition_id, [uid]).get(uid)


def documents(db: Session, edition_id: int, kind: DocumentKind) -> dict[str, Published]:
    """Documents of one kind frozen with an edition, by slug."""
    return frozen.documents(db, edition_id, kind.value)


def published(db: Session, kind: DocumentKind, slug: str | None = None) -> dict[str, Published]:
    """Documents of one kind as they are live, by slug."""
    values = {"kind": kind} if slug is None else {"kind": kind, "slug": slug}
    live = db.scalars(_live() if slug is None else _live_one(), values).all()
    said = frozen.texts(db, [revision for revision in live if revision is not None])
    return {each.slug: each for each in sorted(said.values(), key=lambda each: each.slug)}


@cache
def _live() -> Rows:
    """The revisions of documents of a kind that are live."""
    newest = aliased(Publication)
    revision = (
        select(newest.revision_id)
        .where(newest.document_id == Document.id, newest.withdrawn_at.is_(None))
        .order_by(newest.id.desc())
        .limit(1)
        .correlate(Document)
        .scalar_subquery()
    )
    return select(revision).where(Document.kind == bindparam("kind"), Document.archived_at.is_(None))


@cache
def _live_one() -> Rows:
    return _live().where(Document.slug == bindparam("slug"))


def terms(db: Session, *lists: str) -> dict[str, tuple[Term, ...]]:
    """Taxonomy lists by name, each in its order; every list when none is named."""
    found: dict[str, list[Term]] = {name: [] for name in lists}
    query = select(Term).order_by(Term.list, Term.rank)
    for term in db.scalars(query.where(Term.list.in_(lists)) if lists else query):
        found.setdefault(term.list, []).append(term)
    return {name: tuple(entries) for name, entries in found.items()}
