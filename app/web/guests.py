"""A visitor becomes a guest by a link: once, however often it is clicked."""

from sqlalchemy.exc import IntegrityError

from app.actions import accounts
from app.i18n import get_lang
from app.web.door import Door


def guest_by(door: Door, link: str) -> int | None:
    """The new guest; None when the same click made one a moment ago: the browser is theirs again."""
    if door.enters_again(link):
        return None
    guest = accounts.become_guest(door.write, get_lang())
    try:
        door.sign_in(guest, keep=True, link=link)
        door.write.flush()
    except IntegrityError:
        door.undo()
        door.read.rollback()
        door.enters_again(link)
        return None
    return guest
