"""A guest gave an account's password: proof of both people, for this cookie and ten minutes, while a question waits."""

import hmac
import re
from datetime import timedelta

from app import clock
from app.actions.passwords import Proof
from app.reads import people
from app.web import session
from app.web.door import Door

LASTS = timedelta(minutes=10)
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


def promise(door: Door, proof: Proof) -> str:
    """What the answer must bring back."""
    return _seal(door, proof.person_id, proof.renewed, int((clock.now() + LASTS).timestamp()))


def promised(door: Door, value: str) -> people.Account | None:
    """The account of a promise that still holds: same cookie, still a guest, same password."""
    number, _dot, rest = value.partition(".")
    until = rest.partition(".")[0]
    if not (_NUMBER.fullmatch(number) and _NUMBER.fullmatch(until) and int(until) > clock.now().timestamp()):
        return None
    found = people.account(door.read, int(number)) if door.me and door.me.guest else None
    if found is None:
        return None
    same = _seal(door, found.id, found.password_hash, int(until))
    return found if hmac.compare_digest(value.encode(), same.encode()) else None


def _seal(door: Door, person_id: int, hashed: str, until: int) -> str:
    words = f"{person_id}.{until}"
    return f"{words}.{session.seal(door.settings.secret_key, door.secret or '', f'{words} {hashed}')}"
