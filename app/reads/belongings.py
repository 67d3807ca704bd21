"""What a person has done so far, as one counts it before joining it to somebody else."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.models import Attempt, Document, DocumentText, Edition, Enrolment, Note, Profile, Result, StepProgress
from app.reads.language import document_words
from app.reads.profiles import LISTS


@dataclass(frozen=True)
class Begun:
    """A pathway begun, and how many of its steps are done."""

    lang: str
    title: str
    steps: int


@dataclass(frozen=True)
class Belongings:
    pathways: tuple[Begun, ...]
    notes: int
    results: int
    tries: int
    profile: int

    @property
    def steps(self) -> int:
        return sum(begun.steps for begun in self.pathways)

    @property
    def empty(self) -> bool:
        """Nothing would be missed."""
        return not (self.steps or self.notes or self.results or self.tries or self.profile)


def belongings(db: Session, person_id: int) -> Belongings:
    """In two statements."""
    done = func.count(StepProgress.step_uid)
    begun = (
        select(DocumentText.lang, DocumentText.title, done.label("steps"))
        .select_from(Enrolment)
        .join(Document, Document.id == Enrolment.pathway_id)
        .join(Edition, Edition.id == Enrolment.edition_id)
        .join(DocumentText, document_words(Edition.front_revision_id))
        .outerjoin(StepProgress, StepProgress.enrolment_id == Enrolment.id)
        .where(Enrolment.person_id == person_id, Enrolment.closed_at.is_(None))
        .group_by(Enrolment.id, DocumentText.lang, DocumentText.title)
        .order_by(done.desc(), Enrolment.id)
    )
    notes = select(func.count(Note.id)).where(
        Note.person_id == person_id, Note.superseded_at.is_(None), Note.text != ""
    )
    results = select(func.count(Result.id)).where(Result.person_id == person_id)
    tries = (
        select(func.count(Attempt.id))
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Enrolment.person_id == person_id)
    )
    said = select(func.count(Profile.person_id)).where(
        Profile.person_id == person_id, or_(*(getattr(Profile, name).is_not(None) for name in LISTS))
    )
    counts = db.execute(select(*(each.scalar_subquery() for each in (notes, results, tries, said)))).one()
    pathways = tuple(Begun(row.lang, row.title, row.steps) for row in db.execute(begun))
    return Belongings(pathways, *(number or 0 for number in counts))
