"""The thread about one thing that a learner shows: a word from who leads the cohort, a word from the learner."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import messages
from app.actions.summaries import hold
from app.db import insert_if_absent
from app.errors import Refused
from app.i18n import DEFAULT, _, speaking
from app.models import Comment, MailKind, Person, Shared, Verdict, record
from app.reads import bilan, courses, kits, members, shown

TEXT_MAX = 3000


def comment(
    db: Session,
    trainer_id: int,
    cohort_id: int,
    membership_id: int,
    uid: str,
    text: str,
    *,
    verdict: Verdict | None,
    key: str,
) -> None:
    """Say something of what a member shows; said twice, it is said once. Raises Missing, Refused."""
    member = members.led_member(db, trainer_id, cohort_id, membership_id, lock=True)
    if not shown.is_shown(db, cohort_id, member.person_id, Shared.NOTES, uid):
        raise Refused(_("Ce texte n’est plus partagé : votre commentaire n’a pas été envoyé. Copiez-le si besoin."))
    if not text.strip() and verdict is None:
        raise Refused(_("Écrivez un commentaire, ou choisissez « à revoir » ou « validé »."), field="text")
    number = _say(db, cohort_id, member.person_id, uid, trainer_id, text, verdict, key)
    if number is not None:
        record(db, "comment.create", f"comment:{number}", by=trainer_id, membership=membership_id)
        _tell(db, member, trainer_id, uid, number)


def answer(db: Session, person_id: int, cohort_id: int, uid: str, text: str, *, key: str) -> None:
    """The learner answers in the thread of what they show. Raises Missing, Refused."""
    hold(db, person_id)
    shown.membership(db, person_id, cohort_id)
    if not shown.is_shown(db, cohort_id, person_id, Shared.NOTES, uid):
        raise Refused(_("Vous ne partagez plus ce texte : partagez-le de nouveau pour répondre."), field="text")
    if not text.strip():
        raise Refused(_("Écrivez votre réponse, même courte."), field="text")
    _say(db, cohort_id, person_id, uid, person_id, text, None, key)


def _say(
    db: Session, cohort_id: int, person_id: int, uid: str, by: int, text: str, verdict: Verdict | None, key: str
) -> int | None:
    """The number of the new word, None when it was there already. Raises Refused."""
    text = text.strip()
    if len(text) > TEXT_MAX:
        raise Refused(_("Ce texte est trop long : %(n)s caractères au plus.", n=TEXT_MAX), field="text")
    values = {"cohort_id": cohort_id, "person_id": person_id, "uid": uid, "by_id": by, "text": text}
    more = {"verdict": verdict, "key": key, "at": clock.now()}
    if not insert_if_absent(db, Comment, values | more, ["by_id", "key"]):
        return None
    return db.scalars(select(Comment.id).filter_by(by_id=by, key=key)).one()


def _tell(db: Session, member: members.Member, trainer_id: int, uid: str, number: int) -> None:
    """By mail, for who has an address; what is said stays on the site."""
    if member.email is None or not member.reached:
        return
    trainer = db.get_one(Person, trainer_id)
    with speaking(member.lang or DEFAULT):
        step, among = _named(db, member.person_id, uid)
    messages.post(
        db,
        MailKind.COMMENT,
        cause=f"comment:{number}",
        address=member.email,
        lang=member.lang,
        data={
            "cohort": member.cohort.name,
            "pathway": among,
            "step": step,
            "trainer": trainer.name or trainer.email,
            "path": f"/mes-cohortes/{member.cohort.id}/partages#{uid}",
        },
        person_id=member.person_id,
        by=trainer_id,
    )


def _named(db: Session, person_id: int, uid: str) -> tuple[str, str]:
    """What they show, as its reader calls it: a step and its pathway, or a tool and its kit."""
    if notes := bilan.written_everywhere(db, person_id, uids=[uid]):
        readings = {reading.edition_id: reading.title for reading in courses.pathways(db, person_id)}
        return notes[0].step, readings.get(notes[0].edition_id, "")
    tool = next(kits.filled(db, kits.written(db, person_id, [uid])), None)
    return (tool.title, tool.kit.title) if tool else ("", "")
