"""A printed card brings a member without an address back, on any device, until they leave or open an account."""

import secrets

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.errors import Missing, Refused
from app.i18n import _
from app.models import Membership, Person, ResumeCard, opening, token_hash
from app.reads import cards as reads


def make_card(db: Session, person_id: int, cohort_id: int, *, key: str, anew: bool = False) -> None:
    """Their card in that cohort, made once; `anew`: those printed before open nothing. Raises Missing, Refused."""
    if not _is_guest(db, person_id):
        raise Refused(_("Vous avez un compte : sur un autre appareil, connectez-vous."))
    present = select(Membership.id).filter_by(person_id=person_id, cohort_id=cohort_id, left_at=None)
    member = db.scalar(present.with_for_update())
    if member is None:
        raise Missing
    there = reads.open_card(db, person_id, cohort_id)
    if there is not None and not anew and reads.opens(there, opening.token(key, opening.CARD, there.id)):
        return
    printed = (ResumeCard.membership_id == member, ResumeCard.revoked_at.is_(None))
    db.execute(update(ResumeCard).where(*printed).values(revoked_at=clock.now()))
    card = ResumeCard(membership_id=member, token_hash=secrets.token_hex(32), created_at=clock.now())
    db.add(card)
    db.flush()
    card.token_hash = token_hash(opening.token(key, opening.CARD, card.id))
    db.flush()


def use_card(db: Session, secret: str) -> int | None:
    """Whom it opens, still a guest until the end of this transaction; None when it opens nothing."""
    found = reads.holder(db, secret)
    return found.person_id if found is not None and _is_guest(db, found.person_id) else None


def _is_guest(db: Session, person_id: int) -> bool:
    """Locked: nobody signs up or joins an account meanwhile."""
    person = db.get_one(Person, person_id, with_for_update={"key_share": True}, populate_existing=True)
    return not (person.claimed_at or person.merged_into_id or person.erased_at or person.disabled_at)
