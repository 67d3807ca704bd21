"""A trainer says a member’s step done, for work done elsewhere: their word stands in the ledger, with its reason."""

from sqlalchemy.orm import Session

from app import clock
from app.actions.enrolments import event_key, own_enrolment
from app.actions.learning import fold_step, place
from app.actions.summaries import hold, issue_if_finished
from app.db import insert_if_absent
from app.errors import Missing, Refused
from app.i18n import DEFAULT, _, speaking
from app.models import StepEvent, Verb, record
from app.reads import members

REASON_MAX = 300


def mark_step(
    db: Session,
    trainer_id: int,
    cohort_id: int,
    membership_id: int,
    slug: str,
    uid: str,
    reason: str,
    *,
    key: str,
) -> None:
    """The step is done, as the trainer saw; a step done already stays as it is. Raises Missing, Refused."""
    member = members.led_member(db, trainer_id, cohort_id, membership_id, lock=True)
    hold(db, member.person_id)
    enrolment = own_enrolment(db, member.person_id, slug)
    if enrolment.pathway_id not in members.assigned(db, cohort_id):
        raise Missing
    here = place(db, member.person_id, slug, uid)
    if here.row.done:
        return
    values = {
        "enrolment_id": enrolment.id,
        "step_uid": uid,
        "verb": Verb.COMPLETED_BY_TRAINER,
        "at": clock.now(),
        "by_id": trainer_id,
        "key": event_key(f"@mark:{uid}", key),
        "data": {
            "minutes": here.row.minutes,
            "task_digest": here.row.task_digest,
            "edition": here.edition_id,
            "reason": _reason(reason),
        },
    }
    if insert_if_absent(db, StepEvent, values):
        fold_step(db, enrolment.id, uid)
        record(db, "step.mark", f"enrolment:{enrolment.id}", by=trainer_id, step=uid, membership=membership_id)
        with speaking(member.lang or DEFAULT):
            issue_if_finished(db, enrolment)


def _reason(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise Refused(
            _("Dites pourquoi : la personne lira votre raison, et elle reste dans l’historique."), field="text"
        )
    if len(text) > REASON_MAX:
        raise Refused(_("Ce texte est trop long : %(n)s caractères au plus.", n=REASON_MAX), field="text")
    return text
