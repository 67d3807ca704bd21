"""Taking an invitation: a link for the room or one's own, used once by a conditional update."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.actions import learning, memberships
from app.actions.summaries import hold
from app.errors import Refused
from app.i18n import _
from app.models import Cohort, CohortLink, Invitation, Membership, Person, token_hash
from app.reads import invitations as reads


class Over(Exception):
    """The link opens nothing, or nothing any more."""


def accept(db: Session, token: str, person_id: int, name: str) -> Membership:
    """Join the cohort of this secret. Done twice by one person it is done once. Raises Over, Refused.

    The cohort is held first, then the person, then the invitation: nobody waits for who waits for them.
    """
    found = reads.opening(db, token)
    if found is None:
        raise Over
    cohort = db.get_one(Cohort, found.cohort_id, with_for_update={"read": True}, populate_existing=True)
    person = db.get_one(Person, person_id, with_for_update={"key_share": True}, populate_existing=True)
    hold(db, person_id)  # alone: a second click waits, and finds them in
    there = db.scalar(select(Membership).filter_by(cohort_id=found.cohort_id, person_id=person_id, left_at=None))
    if there is not None:
        return there
    if cohort.archived_at is not None:
        raise Over
    now = clock.now()
    if found.invitation_id is not None:
        _check_address(found.email, person)
        taken = _take(db, found.invitation_id, now, token)
        if taken is None:
            raise Over
    else:
        taken = _waiting(db, found.cohort_id, person)
        if not _use(db, token, now):
            raise Over
    member = _join(db, found.cohort_id, person_id, name, taken)
    if taken is not None:
        taken.accepted_at, taken.membership_id = taken.accepted_at or now, member.id
        taken.opened_at = taken.opened_at or now
        db.flush()
    return member


def first_step(db: Session, member: Membership) -> str:
    """The address of the step to go to: of the first pathway asked of the cohort, else the cohorts that one is in."""
    for asked in reads.running(db, member.cohort_id):
        uid = learning.enrol(db, member.person_id, asked.slug, asked.format_minutes)
        return f"/parcours/{asked.slug}/etapes/{uid}" if uid else f"/parcours/{asked.slug}"
    return "/mes-cohortes"


def _check_address(email: str, person: Person) -> None:
    """An account takes only what was sent to its own address; without an account, holding the link is enough."""
    if not email or person.claimed_at is None:
        return
    if person.email != email:
        raise Refused(
            _(
                "Cette invitation est adressée à %(email)s : connectez-vous avec cette adresse, ou déconnectez-vous.",
                email=email,
            )
        )
    if person.email_confirmed_at is None:
        raise Refused(_("Confirmez d’abord votre adresse %(email)s : l’invitation lui est réservée.", email=email))


def _take(db: Session, number: int, now: datetime, token: str) -> Invitation | None:
    """Once, whoever else tries."""
    still = (
        Invitation.id == number,
        Invitation.token_hash == token_hash(token),
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.expires_at > now,
    )
    query = update(Invitation).where(*still).values(accepted_at=now).returning(Invitation)
    return db.scalars(query, execution_options={"populate_existing": True}).one_or_none()


def _use(db: Session, token: str, now: datetime) -> bool:
    """One place fewer, while there is one."""
    still = (CohortLink.token_hash == token_hash(token), CohortLink.revoked_at.is_(None))
    left = (CohortLink.expires_at > now, CohortLink.uses_left > 0)
    query = update(CohortLink).where(*still, *left).values(uses_left=CohortLink.uses_left - 1)
    return db.scalars(query.returning(CohortLink.id)).one_or_none() is not None


def _waiting(db: Session, cohort_id: int, person: Person) -> Invitation | None:
    """The one that was sent to their own confirmed address. A name proves nothing: the trainer says whose it is."""
    if person.email is None or person.email_confirmed_at is None:
        return None
    query = (
        select(Invitation)
        .where(Invitation.cohort_id == cohort_id, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .where(Invitation.email == person.email)
        .with_for_update()
    )
    return db.scalars(query).one_or_none()


def _join(db: Session, cohort_id: int, person_id: int, name: str, taken: Invitation | None) -> Membership:
    """With what the trainer said of them on inviting."""
    if taken is None:
        return memberships.join(db, cohort_id, person_id, name=name)
    return memberships.join(
        db,
        cohort_id,
        person_id,
        name=name or taken.name,
        structure=taken.structure,
        statut=taken.statut,
        external_id=taken.external_id,
    )
