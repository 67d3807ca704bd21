"""Two people become one in their cohorts: who was in one with either is in it, and shows what either showed."""

from sqlalchemy import String, cast, literal, select, update
from sqlalchemy.orm import Session

from app.models import Comment, Extension, Invitation, Membership, ResumeCard, Sharing


def unite(db: Session, source_id: int, target_id: int, copy: str) -> None:
    """The source's places, threads and dates are the target's. `copy`: what the keys of what moves begin with.

    Rows move and none is made: a trainer who holds the cohort waits for nobody here.
    """
    _unite_memberships(db, source_id, target_id)
    _unite_sharings(db, source_id, target_id)
    _unite_extensions(db, source_id, target_id)
    db.flush()
    db.execute(update(Comment).where(Comment.person_id == source_id).values(person_id=target_id))
    key = literal(copy).concat(cast(Comment.id, String))
    said = update(Comment).where(Comment.by_id == source_id).values(by_id=target_id, key=key)
    db.execute(said, execution_options={"synchronize_session": False})


def _unite_memberships(db: Session, source_id: int, target_id: int) -> None:
    """Of two in one cohort, the day and the words of the first one; what pointed to the other points to it."""
    query = select(Membership).where(Membership.person_id.in_((source_id, target_id)))
    rows = db.scalars(query.order_by(Membership.id).with_for_update().execution_options(populate_existing=True)).all()
    own = {row.cohort_id: row for row in rows if row.person_id == target_id and row.left_at is None}
    for row in (row for row in rows if row.person_id == source_id):
        there = own.get(row.cohort_id)
        if there is None or row.left_at is not None:
            row.person_id = target_id
            continue
        first = min(row, there, key=_came)
        for name in ("name", "structure", "statut", "external_id", "joined_at"):
            setattr(there, name, getattr(first, name))
        for model in (Invitation, ResumeCard):
            db.execute(update(model).where(model.membership_id == row.id).values(membership_id=there.id))
        db.delete(row)
    db.flush()


def _came(row: Membership) -> tuple[object, ...]:
    return row.joined_at, row.name, row.structure, row.statut, row.external_id or ""


def _unite_sharings(db: Session, source_id: int, target_id: int) -> None:
    """Of two open ones about the same thing, since the first day; those that ended follow."""
    query = select(Sharing).where(Sharing.person_id.in_((source_id, target_id))).order_by(Sharing.id)
    rows = db.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    own = {_shown(row): row for row in rows if row.person_id == target_id and row.ended_at is None}
    for row in (row for row in rows if row.person_id == source_id):
        there = own.get(_shown(row))
        if there is None or row.ended_at is not None:
            row.person_id = target_id
            continue
        there.given_at = min(row.given_at, there.given_at)
        db.delete(row)


def _shown(row: Sharing) -> tuple[int, str, str]:
    return row.cohort_id, row.what, row.uid


def _unite_extensions(db: Session, source_id: int, target_id: int) -> None:
    """Of two for one assignment, the one that gives most time."""
    query = select(Extension).where(Extension.person_id.in_((source_id, target_id))).order_by(Extension.person_id)
    rows = db.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    own = {row.assignment_id: row for row in rows if row.person_id == target_id}
    for row in (row for row in rows if row.person_id == source_id):
        there = own.get(row.assignment_id)
        if there is None:
            row.person_id = target_id
            continue
        later = max(row, there, key=lambda each: (each.due_on, each.at, each.by_id))
        for name in ("due_on", "at", "by_id"):
            setattr(there, name, getattr(later, name))
        db.delete(row)
