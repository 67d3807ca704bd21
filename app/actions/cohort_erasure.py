"""What a cohort held of people is emptied in time: when they are erased, and long after it is archived."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Exists, delete, func, or_, select, update
from sqlalchemy.orm import Session

from app import clock
from app.models import (
    Cohort,
    CohortEvent,
    CohortMessage,
    Comment,
    Invitation,
    Membership,
    Person,
    ResumeCard,
    Sharing,
    record,
)

COHORT_KEPT = timedelta(days=730)
"""What the class « cohort » keeps after the cohort is archived (data model)."""
_NOBODY: dict[str, Any] = {"name": "", "structure": "", "statut": "", "external_id": None}


def is_expected() -> Exists:
    """Whether a person is in a cohort that is not archived: their trainers wait for them."""
    here = (Membership.person_id == Person.id, Membership.left_at.is_(None), Cohort.archived_at.is_(None))
    return select(Membership.id).join(Cohort, Cohort.id == Membership.cohort_id).where(*here).exists()


def erase_members(db: Session, people: Sequence[int]) -> None:
    """They are in no cohort any more; what was written of them and by them there is emptied, the rows stay."""
    now = clock.now()
    own = select(Membership.id).where(Membership.person_id.in_(people))
    db.execute(update(ResumeCard).where(ResumeCard.membership_id.in_(own)).values(revoked_at=now))
    db.execute(update(Invitation).where(Invitation.membership_id.in_(own)).values(email=None, **_NOBODY))
    left = func.coalesce(Membership.left_at, now)
    db.execute(update(Membership).where(Membership.person_id.in_(people)).values(left_at=left, **_NOBODY))
    db.execute(delete(Sharing).where(Sharing.person_id.in_(people)))
    db.execute(update(Comment).where(or_(Comment.person_id.in_(people), Comment.by_id.in_(people))).values(text=""))


def forget_cohorts(db: Session, most: int) -> int:
    """Empty the cohorts archived 24 months ago; how many. Doing it twice changes nothing."""
    old = select(Cohort.id).where(Cohort.archived_at <= clock.now() - COHORT_KEPT, or_(*map(_speaks, _WORDS)))
    cohorts = list(db.scalars(old.order_by(Cohort.id).limit(most)))
    if cohorts:
        db.execute(delete(Invitation).where(Invitation.cohort_id.in_(cohorts), Invitation.accepted_at.is_(None)))
        for model, (_said, emptied) in _WORDS.items():
            db.execute(update(model).where(model.cohort_id.in_(cohorts)).values(**emptied))
        db.execute(delete(Sharing).where(Sharing.cohort_id.in_(cohorts)))
        for number in cohorts:
            record(db, "cohort.forget", f"cohort:{number}", by=None)
    return len(cohorts)


_Told = type[Membership] | type[Invitation] | type[Comment] | type[CohortMessage] | type[CohortEvent]
_WORDS: dict[_Told, tuple[ColumnElement[bool], dict[str, Any]]] = {
    Membership: (or_(Membership.name != "", Membership.structure != "", Membership.external_id.is_not(None)), _NOBODY),
    Invitation: (
        or_(Invitation.accepted_at.is_(None), Invitation.email.is_not(None), Invitation.name != ""),
        {"email": None, **_NOBODY},
    ),
    Comment: (Comment.text != "", {"text": ""}),
    CohortMessage: (CohortMessage.text != "", {"text": ""}),
    CohortEvent: (CohortEvent.title != "", {"title": "", "place": "", "link": "", "replay": ""}),
}
"""What a table of a cohort still says, and what it says once emptied."""


def _speaks(model: _Told) -> Exists:
    return select(model.id).where(model.cohort_id == Cohort.id, _WORDS[model][0]).exists()
