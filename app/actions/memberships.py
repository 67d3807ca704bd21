"""Who is in a cohort: joining, leaving, being taken out. Each verb done twice is done once."""

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app import clock
from app.actions.assignments import receive
from app.actions.summaries import hold
from app.db import insert_if_absent
from app.errors import Missing, Refused
from app.i18n import _
from app.models import Cohort, Membership, ResumeCard, Sharing, record
from app.reads import teaching

MEMBER_NAME_MAX = 120


def join(
    db: Session,
    cohort_id: int,
    person_id: int,
    *,
    name: str,
    structure: str = "",
    statut: str = "",
    external_id: str | None = None,
) -> Membership:
    """One is in the cohort from now on and receives what runs there; who is already stays as they came.

    The cohort is held before the person, as every verb that needs both does. Raises Missing, Refused.
    """
    cohort = db.get(Cohort, cohort_id, with_for_update={"read": True}, populate_existing=True)
    if cohort is None:
        raise Missing
    if cohort.archived_at is not None:
        raise Refused(_("Cette cohorte est terminée : on ne la rejoint plus. Adressez-vous à qui vous invite."))
    name = " ".join(name.split())
    if not name:
        raise Refused(
            _("Donnez votre nom, ou un pseudonyme : qui anime la cohorte vous lira sous ce nom."), field="name"
        )
    if len(name) > MEMBER_NAME_MAX:
        raise Refused(_("Ce nom est trop long : %(n)s caractères au plus.", n=MEMBER_NAME_MAX), field="name")
    hold(db, person_id)
    values = {
        "cohort_id": cohort_id,
        "person_id": person_id,
        "name": name,
        "structure": structure,
        "statut": statut,
        "external_id": external_id,
        "joined_at": clock.now(),
    }
    came = insert_if_absent(db, Membership, values, ["cohort_id", "person_id"], Membership.left_at.is_(None))
    member = db.scalars(_present(cohort_id, person_id)).one()
    if came:
        receive(db, member)
    return member


def leave(db: Session, person_id: int, cohort_id: int) -> None:
    """They go by themselves and keep their pathways; what they shared there is shared no more. Raises Missing."""
    hold(db, person_id)
    member = db.scalars(_present(cohort_id, person_id).with_for_update()).one_or_none()
    if member is not None:
        _end(db, member, None)
    elif db.scalar(select(Membership.id).filter_by(cohort_id=cohort_id, person_id=person_id).limit(1)) is None:
        raise Missing


def remove(db: Session, trainer_id: int, cohort_id: int, membership_id: int) -> None:
    """Who leads the cohort takes somebody out of it; their pathways stay theirs. Raises Missing."""
    teaching.led_cohort(db, trainer_id, cohort_id, lock=True)
    found = select(Membership).filter_by(id=membership_id, cohort_id=cohort_id)
    member = db.scalars(found.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if member is None:
        raise Missing
    if member.left_at is None:
        _end(db, member, trainer_id)
        record(db, "membership.remove", f"membership:{membership_id}", by=trainer_id)


def _present(cohort_id: int, person_id: int) -> Select[Membership]:
    found = select(Membership).filter_by(cohort_id=cohort_id, person_id=person_id, left_at=None)
    return found.execution_options(populate_existing=True)


def _end(db: Session, member: Membership, by: int | None) -> None:
    """From now on their trainers see nothing of them, and their printed card opens nothing."""
    now = clock.now()
    member.left_at, member.removed_by = now, by
    shown = (Sharing.person_id == member.person_id, Sharing.cohort_id == member.cohort_id, Sharing.ended_at.is_(None))
    db.execute(update(Sharing).where(*shown).values(ended_at=now))
    cards = (ResumeCard.membership_id == member.id, ResumeCard.revoked_at.is_(None))
    db.execute(update(ResumeCard).where(*cards).values(revoked_at=now))
    db.flush()
