"""The edition that a learner reads: the end of the chain of correctifs that starts at her own; never stored."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CTE, BindParameter, ScalarSelect, and_, case, literal, or_, select
from sqlalchemy.orm import Session, aliased

from app.models import Document, DocumentKind, Edition, EditionModule, Enrolment, Step


@dataclass(frozen=True)
class Correction:
    """A correctif that has reached who is midway: when, and what it mends."""

    at: datetime
    note: str


@dataclass(frozen=True)
class Offer:
    """The newest edition of a pathway, for who follows an older one."""

    edition_id: int
    number: int
    published_at: datetime
    note: str


def chain(person_id: int | BindParameter[int] | None) -> CTE:
    """The editions that each open enrolment of that person leads to: its own at rank 0, then correctif by correctif."""
    begun = (
        select(Enrolment.id.label("enrolment_id"), Enrolment.edition_id.label("edition_id"), literal(0).label("rank"))
        .where(Enrolment.person_id == (0 if person_id is None else person_id), Enrolment.closed_at.is_(None))
        .cte("corrected", recursive=True)
    )
    following = select(begun.c.enrolment_id, Edition.id, begun.c.rank + 1)
    return begun.union_all(following.join(Edition, Edition.corrects_id == begun.c.edition_id))


def read(corrected: CTE) -> ScalarSelect[int]:
    """For the enrolment of the statement around: the last edition of its chain that is not withdrawn, else its own."""
    live = aliased(Edition)
    return (
        select(corrected.c.edition_id)
        .join(live, live.id == corrected.c.edition_id)
        .where(corrected.c.enrolment_id == Enrolment.id, or_(corrected.c.rank == 0, live.withdrawn_at.is_(None)))
        .order_by(corrected.c.rank.desc())
        .limit(1)
        .correlate(Enrolment)
        .scalar_subquery()
    )


def reading(person_id: int | BindParameter[int]) -> CTE:
    """That person's open enrolments, each with the edition read."""
    own = and_(Enrolment.person_id == person_id, Enrolment.closed_at.is_(None))
    edition = read(chain(person_id)).label("edition_id")
    return select(Enrolment.id.label("enrolment_id"), Enrolment.pathway_id, edition).where(own).cte("reading")


def between(db: Session, pathway_id: int, after: int, until: int) -> list[Edition]:
    """Editions of a pathway that are not withdrawn, numbered after `after` and up to `until`."""
    query = select(Edition).where(
        Edition.pathway_id == pathway_id,
        Edition.withdrawn_at.is_(None),
        Edition.number > after,
        Edition.number <= until,
    )
    return list(db.scalars(query.order_by(Edition.number)))


def once(db: Session, slug: str) -> bool:
    """Whether a pathway has ever been published."""
    query = select(Edition.id).join(Document, Document.id == Edition.pathway_id)
    found = query.where(Document.kind == DocumentKind.PATHWAY, Document.slug == slug).limit(1)
    return db.scalar(found) is not None


def holding(db: Session, slug: str, uid: str) -> Edition | None:
    """The newest edition of a pathway that held a step, on offer rather than withdrawn."""
    query = (
        select(Edition)
        .join(Document, Document.id == Edition.pathway_id)
        .join(EditionModule, EditionModule.edition_id == Edition.id)
        .join(Step, Step.revision_id == EditionModule.revision_id)
        .where(Document.kind == DocumentKind.PATHWAY, Document.slug == slug, Step.uid == uid)
    )
    withdrawn = case((Edition.withdrawn_at.is_(None), 0), else_=1)
    return db.scalar(query.order_by(withdrawn, Edition.number.desc()).limit(1))


def all_read(db: Session, pathway_id: int) -> dict[int, int]:
    """Of each edition of a pathway, the one that those who began in it read, in one statement."""
    query = select(Edition.id, Edition.corrects_id, Edition.withdrawn_at).where(Edition.pathway_id == pathway_id)
    rows = db.execute(query.order_by(Edition.number.desc())).all()
    live = {row.id for row in rows if row.withdrawn_at is None}
    after = {row.corrects_id: row.id for row in rows if row.corrects_id is not None}
    found: dict[int, int] = {}
    for row in rows:  # the newest first: where a correctif leads is known already
        following = found.get(after.get(row.id, 0), 0)
        found[row.id] = following if following in live else row.id
    return found
