"""What learners say of steps: one’s own, and everybody’s for those who write them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import case, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.models import Document, EditionModule, Opinion, Step, StepVoice
from app.reads import editions

LATEST = 500
"""Words to the authors of a pathway, the last sent, that are shown: what was corrected since must show."""


@dataclass(frozen=True)
class Voice:
    """What one person says of a step."""

    opinion: Opinion
    note: str
    before: bool = False
    """It was said of the step's module as it was before it changed."""


@dataclass
class Heard:
    """What is said of a step by everybody together."""

    counts: Counter[Opinion] = field(default_factory=Counter)
    notes: list[Voice] = field(default_factory=list)


def revision_read(db: Session, person_id: int, slug: str, uid: str) -> int | None:
    """The module's, in the edition that this person follows; None where their edition does not hold the step."""
    reading = editions.reading(person_id)
    query = (
        select(Step.revision_id)
        .join(EditionModule, EditionModule.revision_id == Step.revision_id)
        .join(reading, reading.c.edition_id == EditionModule.edition_id)
        .join(Document, Document.id == reading.c.pathway_id)
        .where(Document.slug == slug, Step.uid == uid)
    )
    return db.scalar(query)


def heard(db: Session, edition_id: int, uids: Collection[str]) -> Mapping[str, Heard]:
    """Of steps of an edition, never by whom nor when, in one statement. One of several pathways is heard in each."""
    of = StepVoice.step_uid.in_(uids)
    held = select(EditionModule.revision_id).where(EditionModule.edition_id == edition_id)
    before = case((StepVoice.revision_id.in_(held), 0), else_=1).label("before")
    counted = (
        select(literal(""), StepVoice.step_uid, StepVoice.opinion, func.count(), literal(0))
        .where(of)
        .group_by(StepVoice.step_uid, StepVoice.opinion)
    )
    latest = (
        select(StepVoice.note, StepVoice.step_uid, StepVoice.opinion, literal(0).label("count"), before)
        .where(of, StepVoice.note != "")
        .order_by(StepVoice.at.desc())
        .limit(LATEST)
        .subquery()
    )
    found: dict[str, Heard] = defaultdict(Heard)
    for note, uid, opinion, count, earlier in db.execute(union_all(counted, select(*latest.c))):
        if note:
            found[uid].notes.append(Voice(opinion, note, bool(earlier)))
        else:
            found[uid].counts[opinion] = count
    return found
