"""What there is to know before publishing: the site as drafted, what is live, who is midway and what they would see."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, Subquery, and_, func, null, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from app.content.course import Course, Together, load_course
from app.errors import Missing
from app.models import (
    Assignment,
    Cohort,
    Document,
    DocumentKind,
    Draft,
    Edition,
    Enrolment,
    Person,
    Proposal,
    Publication,
    Revision,
    StepProgress,
    Summary,
)
from app.reads import drafts
from app.steps import KINDS


@dataclass(frozen=True)
class Site:
    """The whole site as it is drafted."""

    course: Course
    numbers: Mapping[str, int]
    """Of each text, by path."""
    live: Mapping[str, str]
    """Folder of a document -> digest of what is live of it."""

    def together(self, kind: DocumentKind, slug: str) -> Together:
        """What would be published at once. Raises Missing."""
        found = self.course.together(kind.value, slug)
        if found is None:
            raise Missing
        return found


def site(db: Session, media: Path) -> Site:
    """One statement. A picture that is no longer there is as one that was never put there."""
    live = _live()
    query = (
        select(Draft.id, Draft.path, Draft.text, Draft.sha256, live.c.digest)
        .outerjoin(live, live.c.document_id == Draft.document_id)
        .where(Draft.removed_at.is_(None))
        .order_by(Draft.path)
    )
    files: dict[str, bytes] = {}
    numbers: dict[str, int] = {}
    published: dict[str, str] = {}
    for row in db.execute(query):
        content = row.text.encode() if row.text is not None else drafts.held(media, row.path, row.sha256)
        if content is None:
            continue
        files[row.path] = content
        if row.text is not None:
            numbers[row.path] = row.id
        if row.digest is not None:
            published[row.path.rsplit("/", 1)[0] + "/"] = row.digest
    return Site(load_course(dict(sorted(files.items())), KINDS), numbers, published)


def _live() -> Subquery:
    """The digest of what is live, by document."""
    newest = (
        select(func.max(Publication.id)).where(Publication.withdrawn_at.is_(None)).group_by(Publication.document_id)
    )
    return (
        select(Publication.document_id, Revision.digest)
        .join(Revision, Revision.id == Publication.revision_id)
        .where(Publication.id.in_(newest))
        .subquery()
    )


@dataclass(frozen=True)
class EditionLine:
    """A published edition, and who follows it: open enrolments by format, without and with their bilan."""

    id: int
    number: int
    at: datetime
    note: str
    digest: str
    corrects_id: int | None
    front_revision_id: int
    withdrawn_at: datetime | None
    midway: Mapping[int, int] = field(default_factory=dict)
    finished: int = 0

    @property
    def people(self) -> int:
        """Midway."""
        return sum(self.midway.values())


def editions(db: Session, slug: str) -> list[EditionLine]:
    """Every edition of a pathway, the latest first. One statement."""
    follow = (
        select(
            Enrolment.edition_id,
            Enrolment.format_minutes,
            func.count(Enrolment.id).label("people"),
            func.count(Summary.id).label("finished"),
        )
        .outerjoin(Summary, _bilan())
        .where(Enrolment.closed_at.is_(None))
        .group_by(Enrolment.edition_id, Enrolment.format_minutes)
        .subquery()
    )
    query = (
        select(Edition, follow.c.format_minutes, follow.c.people, follow.c.finished)
        .join(Document, Document.id == Edition.pathway_id)
        .outerjoin(follow, follow.c.edition_id == Edition.id)
        .where(Document.kind == DocumentKind.PATHWAY, Document.slug == slug)
        .order_by(Edition.number.desc(), follow.c.format_minutes)
    )
    rows = db.execute(query).all()
    return [_line(edition, [row for row in rows if row[0] is edition]) for edition in dict.fromkeys(r[0] for r in rows)]


def _line(edition: Edition, rows: Sequence[object]) -> EditionLine:
    counts = [(row.format_minutes, row.people, row.finished) for row in rows if row.people]  # type: ignore[attr-defined]  # rows of two shapes
    return EditionLine(
        id=edition.id,
        number=edition.number,
        at=edition.published_at,
        note=edition.note,
        digest=edition.digest,
        corrects_id=edition.corrects_id,
        front_revision_id=edition.front_revision_id,
        withdrawn_at=edition.withdrawn_at,
        midway={minutes: people - done for minutes, people, done in counts if people > done},
        finished=sum(done for _minutes, _people, done in counts),
    )


def on_offer(lines: Sequence[EditionLine]) -> EditionLine | None:
    """The one that who begins is given, at the end of its correctifs: what a new one is compared with."""
    found = next((line for line in lines if line.withdrawn_at is None), None)
    while found is not None and (after := next((e for e in lines if e.corrects_id == found.id), None)) is not None:
        found = after
    return found


def assigned(db: Session, document_id: int) -> int:
    """How many cohorts that go on have a pathway to follow. One statement."""
    query = select(func.count(func.distinct(Assignment.cohort_id))).join(Cohort, Cohort.id == Assignment.cohort_id)
    running = (Assignment.withdrawn_at.is_(None), Cohort.archived_at.is_(None))
    return db.scalar(query.where(Assignment.pathway_id == document_id, *running)) or 0


def reached(lines: Sequence[EditionLine], last: EditionLine) -> int:
    """How many people midway a correctif of that edition would reach: those who began it, or what it corrects."""
    by_id = {line.id: line for line in lines}
    people, line = 0, last
    while True:
        people += line.people
        if line.corrects_id is None or line.corrects_id not in by_id:
            return people
        line = by_id[line.corrects_id]


@dataclass(frozen=True)
class Reasked:
    """Who is midway and has done steps whose task would change: how many people, and of each step by uid."""

    people: int = 0
    steps: Mapping[str, int] = field(default_factory=dict)


def reasked(db: Session, slug: str, tasks: Mapping[str, frozenset[str]]) -> Reasked:
    """`tasks`: step uid -> its task in every language, as it would be. One statement, none for no step."""
    if not tasks:
        return Reasked()
    done = (
        select(StepProgress.step_uid, StepProgress.enrolment_id)
        .join(Enrolment, Enrolment.id == StepProgress.enrolment_id)
        .join(Document, Document.id == Enrolment.pathway_id)
        .outerjoin(Summary, _bilan())
        .where(Document.kind == DocumentKind.PATHWAY, Document.slug == slug)
        .where(Enrolment.closed_at.is_(None), Summary.id.is_(None))
        .where(
            or_(
                *(
                    and_(StepProgress.step_uid == uid, StepProgress.task_digest.not_in(sorted(digests)))
                    for uid, digests in tasks.items()
                )
            )
        )
        .cte("done")
    )
    each = select(done.c.step_uid, func.count(done.c.enrolment_id)).group_by(done.c.step_uid)
    whole = select(null().label("step_uid"), func.count(func.distinct(done.c.enrolment_id))).select_from(done)
    rows = db.execute(union_all(each, whole)).all()
    return Reasked(
        people=next((row[1] for row in rows if row[0] is None), 0),
        steps={row[0]: row[1] for row in rows if row[0] is not None},
    )


def _bilan() -> ColumnElement[bool]:
    """Of an enrolment, the bilan of its format: who has it has finished."""
    return and_(
        Summary.enrolment_id == Enrolment.id,
        Summary.format_minutes == Enrolment.format_minutes,
        Summary.replaced_at.is_(None),
    )


@dataclass(frozen=True)
class Proposed:
    """A draft that waits for an administrator to publish it."""

    document_id: int
    kind: DocumentKind
    slug: str
    seen: str
    note: str
    correctif: bool
    by_id: int
    by: str
    at: datetime


def proposals(db: Session) -> list[Proposed]:
    """Every one that waits, the first asked first. One statement."""
    query = (
        select(Proposal, Document.kind, Document.slug, Person.name)
        .join(Document, Document.id == Proposal.document_id)
        .join(Person, Person.id == Proposal.by_id)
        .where(Proposal.ended_at.is_(None))
        .order_by(Proposal.at, Proposal.id)
    )
    return [
        Proposed(p.document_id, kind, slug, p.seen, p.note, p.correctif, p.by_id, name or "", p.at)
        for p, kind, slug, name in db.execute(query)
    ]


def proposal(db: Session, kind: DocumentKind, slug: str) -> Proposed | None:
    """Of one document. One statement: few wait at once."""
    return next((each for each in proposals(db) if (each.kind, each.slug) == (kind, slug)), None)


def of_text(db: Session, number: int) -> Document:
    """The document that a text is published with: of a module, its pathway. Raises Missing."""
    own = aliased(Document)
    found = db.scalar(
        select(Document)
        .join(own, func.coalesce(own.home_id, own.id) == Document.id)
        .join(Draft, Draft.document_id == own.id)
        .where(Draft.id == number, Draft.text.is_not(None), Draft.removed_at.is_(None))
    )
    if found is None:
        raise Missing
    return found


def sha256(content: bytes) -> str:
    """The name of a file's content, as drafts keep it."""
    return hashlib.sha256(content).hexdigest()
