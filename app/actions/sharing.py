"""What a learner lets the trainers of one cohort see: one thing at a time, until they take it back or leave."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.actions.summaries import hold
from app.db import insert_if_absent
from app.errors import Missing, Refused
from app.i18n import _
from app.models import Cohort, Membership, Note, Result, Shared, Sharing


def share(db: Session, person_id: int, cohort_id: int, what: Shared, uid: str) -> None:
    """Show one thing of one’s own; shown twice, it is shown once. Raises Missing, Refused."""
    hold(db, person_id)
    _joined(db, person_id, cohort_id)
    if not _has(db, person_id, what, uid):
        raise Refused(_("Il n’y a encore rien à partager ici : écrivez d’abord, ou répondez."))
    row = {"person_id": person_id, "cohort_id": cohort_id, "what": what, "uid": uid, "given_at": clock.now()}
    insert_if_absent(db, Sharing, row)


def unshare(db: Session, person_id: int, cohort_id: int, what: Shared, uid: str) -> None:
    """Take it back: nobody else reads it from now on. Nothing happens where it is not shown."""
    given = update(Sharing).filter_by(person_id=person_id, cohort_id=cohort_id, what=what, uid=uid, ended_at=None)
    db.execute(given.values(ended_at=clock.now()))


def _joined(db: Session, person_id: int, cohort_id: int) -> None:
    """They are in it today, and stay so until the end of the transaction; it is not archived. Raises Missing."""
    query = (
        select(Membership.id)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .where(Membership.cohort_id == cohort_id, Membership.person_id == person_id, Membership.left_at.is_(None))
        .where(Cohort.archived_at.is_(None))
        .with_for_update(of=Membership)
    )
    if db.scalar(query) is None:
        raise Missing


def _has(db: Session, person_id: int, what: Shared, uid: str) -> bool:
    """Whether there is anything of theirs under that uid."""
    if what is Shared.NOTES:
        found = select(Note.id).filter_by(person_id=person_id, uid=uid, superseded_at=None).where(Note.text != "")
    else:
        found = select(Result.id).filter_by(person_id=person_id, diagnostic_uid=uid)
    return db.scalar(found.limit(1)) is not None
