"""Who joined by the room’s code under a name that was invited: a trainer says whether it is that person."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.dialects import unaccented
from app.models import Invitation, Membership


@dataclass(frozen=True)
class Namesake:
    """An invitation to a name alone, and the one member of that name who holds no other."""

    invitation_id: int
    membership_id: int
    name: str
    structure: str
    """Of the invitation: what the member would receive."""
    joined_at: datetime


def namesakes(db: Session, cohort_id: int) -> Sequence[Namesake]:
    """By arrival; a name that two people bear, or two invitations, is left out. One statement."""
    taken = select(Invitation.membership_id).where(
        Invitation.cohort_id == cohort_id, Invitation.membership_id.is_not(None)
    )
    query = (
        select(
            Invitation.id, Membership.id.label("member"), Membership.name, Invitation.structure, Membership.joined_at
        )
        .join(Membership, Membership.cohort_id == Invitation.cohort_id)
        .where(Invitation.cohort_id == cohort_id, Invitation.email.is_(None), Invitation.name != "")
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None), Membership.left_at.is_(None))
        .where(_heard(Invitation.name) == _heard(Membership.name), Membership.id.not_in(taken))
        .order_by(Membership.joined_at, Membership.id)
    )
    rows = db.execute(query).all()
    asked, came = Counter(row.id for row in rows), Counter(row.member for row in rows)
    return [
        Namesake(row.id, row.member, row.name, row.structure, row.joined_at)
        for row in rows
        if asked[row.id] == came[row.member] == 1
    ]


def _heard(name: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """As it is said: « Jean-Marc » and « jean marc » are one name."""
    said: ColumnElement[str] = unaccented(name)
    for sign in "-’'":
        said = func.replace(said, sign, " ")
    return said
