"""An invitation to a name alone belongs to the member whom the trainer recognises, never to whoever types the name."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from app import clock
from app.models import Invitation, Membership, record
from app.reads import teaching
from app.reads.namesakes import namesakes


def match(db: Session, trainer_id: int, cohort_id: int, numbers: Collection[int]) -> int:
    """These invitations are those of the members of the same name, who receive what was said on inviting; how many.

    One that is matched already, or whose name two people bear by now, stays as it is. Raises Missing, Refused.
    """
    teaching.led_cohort(db, trainer_id, cohort_id, lock=True)  # nobody joins meanwhile
    found = [each for each in namesakes(db, cohort_id) if each.invitation_id in numbers]
    for each in found:
        asked = db.get_one(Invitation, each.invitation_id, with_for_update=True, populate_existing=True)
        member = db.get_one(Membership, each.membership_id, with_for_update=True, populate_existing=True)
        member.structure, member.statut = member.structure or asked.structure, member.statut or asked.statut
        member.external_id = member.external_id or asked.external_id
        asked.accepted_at, asked.membership_id = clock.now(), member.id
        asked.opened_at = asked.opened_at or member.joined_at
        record(db, "invitation.match", f"invitation:{asked.id}", by=trainer_id, membership=member.id)
    db.flush()
    return len(found)
