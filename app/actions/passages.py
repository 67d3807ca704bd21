"""A guest goes on on another device by a link that opens once, within ten minutes; the first device goes on too."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.actions import links
from app.errors import Refused
from app.i18n import _
from app.models import Person, Purpose

LASTS = timedelta(minutes=10)


def make_passage(db: Session, person_id: int) -> str:
    """The secret of a link to this guest; those before it open nothing any more. Raises Refused."""
    if not _is_guest(db, person_id):
        raise Refused(_("Vous avez un compte : sur l’autre appareil, connectez-vous."))
    return links.issue(db, Purpose.CONTINUE, person_id, LASTS)


def take_passage(db: Session, token: str) -> int | None:
    """Use the link: the guest whom it opens, or None when it is used or over, or the guest is a guest no more."""
    person_id = links.use(db, Purpose.CONTINUE, token)
    return person_id if person_id is not None and _is_guest(db, person_id) else None


def _is_guest(db: Session, person_id: int) -> bool:
    """Locked: nobody signs up or joins an account meanwhile."""
    person = db.get_one(Person, person_id, with_for_update={"key_share": True}, populate_existing=True)
    return not (person.claimed_at or person.merged_into_id or person.erased_at or person.disabled_at)
