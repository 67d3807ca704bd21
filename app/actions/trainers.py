"""Who leads a cohort: one more, one less, another one; never nobody."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.db import insert_if_absent
from app.errors import Missing, Refused
from app.i18n import _
from app.models import Cohort, CohortTrainer, Person, Role, RoleGrant, record, same_email
from app.reads.teaching import led_cohort


def add_trainer(db: Session, person_id: int, number: int, email: str) -> None:
    """Somebody who holds the role leads it too. Raises Missing, Refused."""
    led_cohort(db, person_id, number, lock=True)
    other = _trainer(db, email)
    if _open_lead(db, number, other):
        record(db, "cohort.trainer.add", f"cohort:{number}", by=person_id, person=other)


def remove_trainer(db: Session, person_id: int, number: int, other: int) -> None:
    """They lead it no more; whoever leads alone stays. Raises Missing, Refused."""
    led_cohort(db, person_id, number, lock=True)
    leads = db.scalars(select(CohortTrainer).filter_by(cohort_id=number)).all()
    if other not in [lead.person_id for lead in leads]:
        raise Missing
    running = [lead for lead in leads if lead.until is None]
    ending = next((lead for lead in running if lead.person_id == other), None)
    if ending is None:
        return
    if len(running) == 1:
        raise Refused(_("Une cohorte a toujours quelqu’un pour l’animer : ajoutez d’abord une autre personne."))
    ending.until = clock.now()
    record(db, "cohort.trainer.remove", f"cohort:{number}", by=person_id, person=other)


def hand_over(db: Session, number: int, email: str, *, by: int | None) -> bool:
    """From now on, that person leads it alone; False when they did already. Raises Missing, Refused.

    For who administers the site, archived cohorts too: somebody left, their cohorts must not be lost.
    """
    if db.scalar(select(Cohort.id).where(Cohort.id == number).with_for_update()) is None:
        raise Missing
    heir, now = _trainer(db, email), clock.now()
    others = (CohortTrainer.cohort_id == number, CohortTrainer.until.is_(None), CohortTrainer.person_id != heir)
    ended = db.scalars(update(CohortTrainer).where(*others).values(until=now).returning(CohortTrainer.person_id)).all()
    opened = _open_lead(db, number, heir)
    if opened or ended:
        record(db, "cohort.hand_over", f"cohort:{number}", by=by, person=heir, ended=sorted(ended))
    return opened or bool(ended)


def _open_lead(db: Session, number: int, person_id: int) -> bool:
    values = {"cohort_id": number, "person_id": person_id, "since": clock.now()}
    return insert_if_absent(db, CohortTrainer, values, ["cohort_id", "person_id"], CohortTrainer.until.is_(None))


def _trainer(db: Session, email: str) -> int:
    """The open account of that address, where it holds the role: no address tells more than that. Raises Refused."""
    here = (Person.disabled_at.is_(None), Person.erased_at.is_(None), Person.merged_into_id.is_(None))
    grant = (RoleGrant.role == Role.TRAINER, RoleGrant.ended_at.is_(None))
    query = select(Person.id).join(RoleGrant, RoleGrant.person_id == Person.id)
    person_id = db.scalar(query.where(Person.email == same_email(email), *here, *grant))
    if person_id is None:
        said = _("Aucun compte de formateur n’a cette adresse. Qui administre le site peut donner ce rôle.")
        raise Refused(said, field="email")
    return person_id
