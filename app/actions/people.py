"""What who administers does to accounts: rights given and ended, an account closed and opened again."""

from collections.abc import Collection

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import clock
from app.actions import accounts, mailed, roles
from app.errors import Refused
from app.i18n import _
from app.models import Person, Purpose, Role, RoleGrant, record
from app.reads import everyone


def set_roles(db: Session, number: int, wanted: Collection[Role], *, by: int, mails: bool = False) -> bool:
    """From the next page on, the person may do this and no more; whether a link was sent to them.

    `mails`: they leave, and one carries a link to who receives a right without a password or a link to choose it.
    Raises Missing; Refused for the last person who administers, and for an account that is closed.
    """
    found = everyone.somebody(db, number)
    before = set(found.roles)
    if before == set(wanted):
        return False
    if found.state is everyone.State.CLOSED:
        raise Refused(_("Ce compte est fermé : rouvrez-le d’abord."))
    if Role.ADMIN in before - set(wanted):
        _someone_else_administers(db, number)
    for role in Role:
        if role in wanted and role not in before:
            roles.grant_role(db, found.email, role, by=by)
        elif role in before and role not in wanted:
            roles.revoke_role(db, found.email, role, by=by)
    return mails and bool(set(wanted) - before) and mailed.invite_waiting(db, found.email, by=by)


def close_account(db: Session, number: int, *, by: int) -> bool:
    """They are out everywhere at once and cannot come back; what they learned stays. False when it was closed.

    Raises Missing; Refused for one's own account, and for the last person who administers.
    """
    found = everyone.somebody(db, number)
    if number == by:
        raise Refused(_("C’est votre propre compte : une autre personne qui administre peut le fermer."))
    if Role.ADMIN in found.roles:
        _someone_else_administers(db, number)
    closed = update(Person).where(Person.id == number, Person.disabled_at.is_(None)).values(disabled_at=clock.now())
    if not db.scalars(closed.returning(Person.id)).all():
        return False
    accounts.end_sign_ins(db, number)
    accounts.withdraw_links(db, number)
    record(db, "account.close", f"person:{number}", by=by)
    return True


def reopen_account(db: Session, number: int, *, by: int) -> bool:
    """They may sign in again, with the rights they had. False when it was open. Raises Missing."""
    everyone.somebody(db, number)
    opened = update(Person).where(Person.id == number, Person.disabled_at.is_not(None)).values(disabled_at=None)
    done = bool(db.scalars(opened.returning(Person.id)).all())
    if done:
        record(db, "account.reopen", f"person:{number}", by=by)
    return done


def issue_set_up_link(db: Session, number: int, *, by: int) -> str:
    """A link to choose a first password, or a new one, to hand over; the one before opens nothing any more.

    Raises Missing; Refused for an account that is closed.
    """
    found = everyone.somebody(db, number)
    purpose = Purpose.SET_UP if found.state is everyone.State.WAITING else Purpose.RESET
    return accounts.issue_link(db, purpose, found.email, by=by)


def _someone_else_administers(db: Session, number: int) -> None:
    """Two who end each other's right wait for each other here: one of them keeps it."""
    grants = (RoleGrant.role == Role.ADMIN, RoleGrant.ended_at.is_(None))
    db.scalars(select(RoleGrant.id).where(*grants).order_by(RoleGrant.id).with_for_update()).all()
    others = (
        select(func.count())
        .select_from(RoleGrant)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(*grants, RoleGrant.person_id != number)
        .where(Person.disabled_at.is_(None), Person.erased_at.is_(None), Person.merged_into_id.is_(None))
    )
    if not db.scalar(others):
        raise Refused(_("C’est la dernière personne qui administre ce site : donnez d’abord ce droit à quelqu’un."))
