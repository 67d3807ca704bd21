"""What a person may do beyond learning: given and taken back, each with its trace."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app import clock
from app.actions.accounts import account_of
from app.db import insert_if_absent
from app.models import Role, RoleGrant, record


def grant_role(db: Session, email: str, role: Role, *, by: int | None) -> bool:
    """From now on, the person may do what the role allows; False when they could already. Raises Refused."""
    person_id = account_of(db, email)
    values = {"person_id": person_id, "role": role, "granted_at": clock.now(), "granted_by": by}
    made = insert_if_absent(db, RoleGrant, values, ["person_id", "role"], RoleGrant.ended_at.is_(None))
    if made:
        record(db, "role.grant", f"person:{person_id}", by=by, role=role.value)
    return made


def revoke_role(db: Session, email: str, role: Role, *, by: int | None) -> bool:
    """From the next page on, the person may no longer; False when they could not. Raises Refused."""
    person_id = account_of(db, email)
    open_one = (RoleGrant.person_id == person_id, RoleGrant.role == role, RoleGrant.ended_at.is_(None))
    ended = db.scalars(update(RoleGrant).where(*open_one).values(ended_at=clock.now()).returning(RoleGrant.id)).all()
    if ended:
        record(db, "role.revoke", f"person:{person_id}", by=by, role=role.value)
    return bool(ended)
