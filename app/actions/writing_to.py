"""What a trainer writes to members of a cohort: one mail each, answered to the trainer."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.actions import messages
from app.errors import Refused
from app.i18n import _
from app.models import MailKind, Person, record
from app.reads import members

LETTER_MAX = 5000


def write_to(db: Session, trainer_id: int, cohort_id: int, numbers: Sequence[int], text: str, *, key: str) -> int:
    """Put it in the outbox for each of these members whom mails reach; how many. Sent twice, it is sent once.

    `numbers`: of their places in the cohort; who has left meanwhile receives nothing. Raises Missing, Refused.
    """
    found = members.led_members(db, trainer_id, cohort_id, list(numbers), lock=True)
    reached = [member for member in found if member.silent is None]
    check(text, len(reached))
    trainer = db.get_one(Person, trainer_id)
    new = [
        member.membership.id
        for member in reached
        if member.email is not None
        and messages.post(
            db,
            MailKind.TRAINER,
            cause=f"trainer:{trainer_id}:{key}",
            address=member.email,
            lang=member.lang,
            data={"cohort": member.cohort.name, "trainer": trainer.name or trainer.email, "text": text.strip()},
            person_id=member.person_id,
            reply_to=trainer.email,
            by=trainer_id,
        )
    ]
    if new:
        record(db, "cohort.write", f"cohort:{cohort_id}", by=trainer_id, memberships=new)
    return len(reached)


def check(text: str, reached: int) -> None:
    """Raises Refused for what is no message, or reaches nobody."""
    if not reached:
        nobody = _("Personne à qui écrire : choisissez au moins une personne qui reçoit des courriels.")
        raise Refused(nobody, field="m")
    if not text.strip():
        raise Refused(_("Écrivez votre message."), field="text")
    if len(text) > LETTER_MAX:
        raise Refused(_("Ce texte est trop long : %(n)s caractères au plus.", n=LETTER_MAX), field="text")
