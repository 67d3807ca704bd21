"""The same people everywhere: Léa and Noé learn, Gus is a guest, Tarik and Tess teach, Aude writes, Ada administers."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.actions import accounts, passwords
from app.models import Role

PASSWORD = "une phrase assez longue"
HASH = passwords.digest(PASSWORD)


@dataclass(frozen=True)
class Cast:
    lea: int
    noe: int
    tarik: int
    tess: int
    aude: int
    ada: int
    gus: int


ROLES = {"tarik": Role.TRAINER, "tess": Role.TRAINER, "aude": Role.AUTHOR, "ada": Role.ADMIN}


def address(name: str) -> str:
    return f"{name}@balises.example"


def make_cast(db: Session) -> Cast:
    """Everyone, by number."""
    people = {
        name: accounts.create_person(db, address(name), HASH, name=name.capitalize(), role=ROLES.get(name), by=None)
        for name in ("lea", "noe", "tarik", "tess", "aude", "ada")
    }
    for person in people.values():
        person.email_confirmed_at = person.created_at
    return Cast(**{name: person.id for name, person in people.items()}, gus=accounts.become_guest(db, "fr"))
