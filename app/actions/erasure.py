"""A guest who does not come back is forgotten, as the page told them; the numbers stay, without the person."""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app import clock
from app.actions.cohort_erasure import erase_members, is_expected
from app.db import erasure
from app.models import (
    Attempt,
    AttemptAnswer,
    AveragePart,
    AxisChoice,
    Consent,
    Enrolment,
    Note,
    OneTimeLink,
    Person,
    Placement,
    PlanItem,
    Profile,
    RateCount,
    Result,
    ResultAnswer,
    ResultAxis,
    SignIn,
    StepEvent,
    StepVoice,
    Summary,
    TimeInterval,
    Verb,
    record,
)

SECURITY_KEPT = timedelta(days=365)
"""What the class « security » keeps (data model)."""
SUMMARY_KEPT = timedelta(days=730)
"""Who holds a bilan is kept 24 months after its issue (data model)."""


def erase_idle_guests(db: Session, most: int) -> int:
    """Erase the guests whose last sign-in is past its date; how many. Doing it twice changes nothing.

    Who joined somebody stays and goes with them: their bilans are found through the rows that are left. Who is in a
    cohort that runs is waited for.
    """
    now = clock.now()
    last = select(func.max(SignIn.expires_at)).where(SignIn.person_id == Person.id).scalar_subquery()
    joined = aliased(Person)
    held = (
        select(Summary.id)
        .join(Enrolment, Enrolment.id == Summary.enrolment_id)
        .join(joined, joined.id == Enrolment.person_id)
        .where(or_(joined.id == Person.id, joined.merged_into_id == Person.id), Summary.issued_at > now - SUMMARY_KEPT)
        .exists()
    )
    alone = (Person.claimed_at.is_(None), Person.erased_at.is_(None), Person.merged_into_id.is_(None))
    people = list(db.scalars(select(Person.id).where(*alone, last <= now, ~held, ~is_expected()).limit(most)))
    if people:
        _erase(db, [*people, *db.scalars(select(Person.id).where(Person.merged_into_id.in_(people)))])
        for number in people:
            record(db, "guest.erase", f"person:{number}", by=None)
    return len(people)


def forget_tries(db: Session) -> int:
    """Counts of tries whose window is over; how many."""
    gone = db.execute(delete(RateCount).where(RateCount.ends_at <= clock.now()).returning(RateCount.bucket))
    return len(gone.all())


def forget_security(db: Session, most: int) -> int:
    """Sign-ins and one-time links that are over since twelve months; how many rows.

    A person's last sign-in stays: it says since when a guest has not come back.
    """
    before, later = clock.now() - SECURITY_KEPT, aliased(SignIn)
    followed = select(later.id).where(later.person_id == SignIn.person_id, later.id > SignIn.id).exists()
    old = select(SignIn.id).where(SignIn.ended_at <= before, followed).limit(most)
    links = select(OneTimeLink.id).where(OneTimeLink.expires_at <= before).limit(most)
    gone = 0
    for model, query in ((SignIn, old), (OneTimeLink, links)):
        if numbers := list(db.scalars(query)):
            db.execute(delete(model).where(model.id.in_(numbers)))
            gone += len(numbers)
    return gone


def _erase(db: Session, people: list[int]) -> None:
    results = select(Result.id).where(Result.person_id.in_(people))
    enrolments = select(Enrolment.id).where(Enrolment.person_id.in_(people))
    attempts = select(Attempt.id).where(Attempt.enrolment_id.in_(enrolments))
    with erasure(db):
        db.execute(delete(ResultAnswer).where(ResultAnswer.result_id.in_(results)))
        db.execute(delete(ResultAxis).where(ResultAxis.result_id.in_(results)))
        db.execute(delete(AveragePart).where(AveragePart.result_id.in_(results)))
        db.execute(delete(AxisChoice).where(AxisChoice.result_id.in_(results)))
        db.execute(delete(Result).where(Result.person_id.in_(people)))
        db.execute(delete(AttemptAnswer).where(AttemptAnswer.attempt_id.in_(attempts)))
        for summary in db.scalars(select(Summary).where(Summary.enrolment_id.in_(enrolments))):
            summary.snapshot, summary.annex = {**summary.snapshot, "name": ""}, {"words": {}}
            summary.withdrawn_at = summary.withdrawn_at or clock.now()
        for event in db.scalars(select(StepEvent).where(StepEvent.enrolment_id.in_(enrolments), _reasoned())):
            if event.data.get("reason"):
                event.data = {**event.data, "reason": ""}  # the trainer's words about the person
    db.execute(delete(TimeInterval).where(TimeInterval.enrolment_id.in_(enrolments)))
    db.execute(delete(Placement).where(Placement.enrolment_id.in_(enrolments)))
    db.execute(delete(PlanItem).where(PlanItem.enrolment_id.in_(enrolments)))
    erase_members(db, people)
    for model in (Note, Profile, SignIn, Consent, StepVoice):
        db.execute(delete(model).where(model.person_id.in_(people)))
    db.execute(
        update(Person)
        .where(Person.id.in_(people))
        .values(name=None, lang=None, wants_answers_at=None, erased_at=clock.now())
    )


def _reasoned() -> ColumnElement[bool]:
    """What a trainer may have said done, and its copies."""
    return StepEvent.verb.in_((Verb.COMPLETED_BY_TRAINER, Verb.CREDITED))
