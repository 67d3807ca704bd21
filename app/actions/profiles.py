"""What a person says of their organisation: all optional, used to choose examples and to advise, for nothing else."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app import clock
from app.actions.summaries import hold
from app.db import upsert
from app.errors import Refused
from app.i18n import _
from app.models import Profile
from app.reads import profiles


def tell_profile(db: Session, person_id: int, values: Mapping[str, str | None]) -> None:
    """`fill_profile` by itself: nobody is joining that person to another one meanwhile. Raises Refused."""
    hold(db, person_id)
    fill_profile(db, person_id, values)


def fill_profile(db: Session, person_id: int, values: Mapping[str, str | None]) -> None:
    """Keep what is said, each an entry of its list; « je préfère ne pas dire » empties the line. Raises Refused.

    `values`: line of the profile -> value; a line that is not there stays as it was.
    """
    for name, value in values.items():
        if not is_known(db, name, value):
            raise Refused(_("Ce choix n’existe plus. Choisissez dans la liste."), field=name)
    row = {"person_id": person_id, "updated_at": clock.now(), **{name: value or None for name, value in values.items()}}
    upsert(db, Profile, row, keys=["person_id"], update=[*values, "updated_at"])


def is_known(db: Session, name: str, value: str | None) -> bool:
    """The line exists, and the value is empty or an entry of its list."""
    known = profiles.choices(db).get(name)
    return known is not None and (not value or value in {slug for slug, _label in known})
