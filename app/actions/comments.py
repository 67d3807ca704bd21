"""The thread about one thing that a learner shows: a word from who leads the cohort, a word from the learner."""

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app import clock
from app.actions import messages
from app.actions.summaries import hold
from app.db import insert_if_absent
from app.errors import Refused
from app.i18n import DEFAULT, _, speaking
from app.models import (
    Cohort,
    CohortTrainer,
    Comment,
    MailKind,
    Membership,
    Message,
    Person,
    Shared,
    Sharing,
    Verdict,
    reached,
    record,
    trains,
)
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
    member = shown.membership(db, person_id, cohort_id)
    if not shown.is_shown(db, cohort_id, person_id, Shared.NOTES, uid):
        raise Refused(_("Vous ne partagez plus ce texte : partagez-le de nouveau pour répondre."), field="text")
    if not text.strip():
        raise Refused(_("Écrivez votre réponse, même courte."), field="text")
    number = _say(db, cohort_id, person_id, uid, person_id, text, None, key)
    if number is not None:
        _tell_trainers(db, member, uid, number)


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


def _tell_trainers(db: Session, member: Membership, uid: str, number: int) -> None:
    """At once, to who leads the cohort and asked for it; the others read of it in their week."""
    leads = (CohortTrainer.cohort_id == member.cohort_id, CohortTrainer.until.is_(None))
    query = select(Person.id, Person.email, Person.lang).join(CohortTrainer, CohortTrainer.person_id == Person.id)
    asked = (Person.wants_answers_at.is_not(None), Person.id != member.person_id)
    for trainer_id, email, lang in db.execute(query.where(*leads, *asked, reached(), trains())).all():
        with speaking(lang or DEFAULT):
            step, _among = _named(db, member.person_id, uid)
        messages.post(
            db,
            MailKind.ANSWER,
            cause=f"answer:{number}",
            address=email or "",
            lang=lang,
            data={
                "cohort": db.get_one(Cohort, member.cohort_id).name,
                "name": member.name,
                "step": step,
                "path": f"/cohortes/{member.cohort_id}/personnes/{member.id}#{uid}",
            },
            person_id=trainer_id,
            by=member.person_id,
        )


def still_followed(db: Session, message: Message) -> bool:
    """An answer that waited: it is shown still, to who leads the cohort still and wants to know at once."""
    query = (
        select(Comment.id)
        .join(CohortTrainer, CohortTrainer.cohort_id == Comment.cohort_id)
        .join(Person, Person.id == CohortTrainer.person_id)
        .join(Sharing, and_(Sharing.cohort_id == Comment.cohort_id, Sharing.person_id == Comment.person_id))
        .where(Comment.id == int(message.cause.split(":")[1]), Person.id == message.person_id)
        .where(CohortTrainer.until.is_(None), Person.wants_answers_at.is_not(None), trains())
        .where(Sharing.uid == Comment.uid, Sharing.what == Shared.NOTES, Sharing.ended_at.is_(None))
    )
    return db.scalar(query) is not None


def _named(db: Session, person_id: int, uid: str) -> tuple[str, str]:
    """What they show, as its reader calls it: a step and its pathway, or a tool and its kit."""
    if notes := bilan.written_everywhere(db, person_id, uids=[uid]):
        readings = {reading.edition_id: reading.title for reading in courses.pathways(db, person_id)}
        return notes[0].step, readings.get(notes[0].edition_id, "")
    tool = next(kits.filled(db, kits.written(db, person_id, [uid])), None)
    return (tool.title, tool.kit.title) if tool else ("", "")
