"""How a mail leaves the outbox: claimed by one worker for a while, sent outside any transaction, then marked."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.actions import comments, links, messages, reminding
from app.config import Settings
from app.errors import Missing, Refused
from app.i18n import _
from app.letters import HIDDEN, letter, stop_path, stoppable
from app.models import TO_ANY_ADDRESS, Invitation, MailKind, Message, Person, Purpose, reached, record, token_hash
from app.outside.mail import CannotSend, Mail
from app.reads.links import LinkState, link_state

LEASE = timedelta(minutes=10)
"""Longer than the server may take: past it, whoever had the mail is dead, and another worker takes it."""
WAITS = tuple(timedelta(minutes=n) for n in (1, 5, 30, 120, 720))
"""After each failure; past the last one we give up."""
STALE = timedelta(days=7)
"""What could not leave for so long has nothing to say any more."""
KEPT = timedelta(days=365)
"""What the class « mail » keeps (data model)."""
LINKED = {
    MailKind.RESET: Purpose.RESET,
    MailKind.SET_UP: Purpose.SET_UP,
    MailKind.CONFIRM: Purpose.CONFIRM,
    MailKind.SIGN_IN: Purpose.SIGN_IN,
}
"""Their secret is made when they are about to leave, so that asking takes as long for an address that nobody has."""
_WAITING = (Message.sent_at.is_(None), Message.gave_up_at.is_(None), Message.dropped_at.is_(None))


def waiting(db: Session) -> bool:
    """Whether something may leave now."""
    return db.scalar(select(Message.id).where(*_due()).limit(1)) is not None


def claim(db: Session) -> Message | None:
    """One mail for this worker, and for no other until its claim is over; None when nothing may leave now."""
    now = clock.now()
    query = select(Message).where(*_due()).order_by(Message.due_at, Message.id).limit(1)
    message = db.scalars(query.with_for_update(skip_locked=True)).one_or_none()
    if message is not None:
        message.claimed_until, message.tries = now + LEASE, message.tries + 1
        if _is_over(db, message):
            _drop(message)
        db.flush()
    return message


def mail(message: Message, settings: Settings) -> Mail:
    """As it is sent."""
    stop = stop_path(message, settings.secret_key) if stoppable(message.kind) else ""
    words = letter(message.kind, message.lang, message.data, settings.public_url, stop)
    return Mail(
        message_id=message.message_id,
        to=message.address,
        subject=words.subject,
        text=words.text,
        html=words.html,
        lang=message.lang,
        reply_to=message.reply_to or "",
        stop=f"{settings.public_url}{stop}" if stop else "",
    )


def sent(db: Session, number: int) -> None:
    """The server has it; the secrets of its links leave the row."""
    message = db.get_one(Message, number, with_for_update=True)
    if message.sent_at is None:
        message.sent_at, message.claimed_until, message.error = clock.now(), None, None
        message.data = _without_secret(message.data)


def failed(db: Session, number: int, why: CannotSend) -> None:
    """It stays for later, each time later; or we give up, and who administers sees why."""
    message = db.get_one(Message, number, with_for_update=True)
    if message.sent_at is not None:
        return
    now = clock.now()
    message.error, message.claimed_until = why.why, None
    if why.final or message.tries > len(WAITS):
        message.gave_up_at = now
    else:
        message.due_at = now + WAITS[message.tries - 1]


def resend(db: Session, number: int, *, by: int) -> bool:
    """Who administers has it tried again at once; twice is once. False where there is nothing to try."""
    message = db.get(Message, number, with_for_update=True)
    if message is None or message.sent_at is not None or message.dropped_at is not None:
        return False
    message.gave_up_at, message.due_at, message.tries = None, clock.now(), 0
    record(db, "mail.resend", f"message:{number}", by=by)
    return True


def show_link(db: Session, number: int, *, by: int) -> str:
    """The secret of its link, for who administers a site that sends no mail; the trace says so. Raises Refused."""
    message = db.get(Message, number, with_for_update=True)
    if message is None or message.sent_at or message.gave_up_at or message.dropped_at:
        raise Missing
    purpose = LINKED.get(message.kind)
    if (purpose and not prepare(db, message, purpose)) or HIDDEN not in message.data:
        raise Refused(_("Aucun compte ouvert n’a l’adresse %(email)s.", email=message.address))
    record(db, "mail.show_link", f"message:{number}", by=by)
    db.flush()
    return str(message.data[HIDDEN])


def forget_mail(db: Session, most: int) -> int:
    """Mails that left, or never will, since twelve months; how many."""
    before = clock.now() - KEPT
    over = or_(Message.sent_at <= before, Message.gave_up_at <= before, Message.dropped_at <= before)
    numbers = list(db.scalars(select(Message.id).where(over).limit(most)))
    if numbers:
        db.execute(delete(Message).where(Message.id.in_(numbers)))
    return len(numbers)


def _due() -> tuple[Any, ...]:
    now = clock.now()
    return (*_WAITING, Message.due_at <= now, or_(Message.claimed_until.is_(None), Message.claimed_until <= now))


def _is_over(db: Session, message: Message) -> bool:
    """Nobody would make anything of it any more; else it holds all that it needs."""
    if message.created_at < clock.now() - STALE and message.due_at < clock.now() - STALE:
        return True
    if stoppable(message.kind):
        stopped = messages.stopped(db, message.address, message.kind)
        return stopped or not reaches(db, message) or not _still_true(db, message)
    purpose = LINKED.get(message.kind)
    return purpose is not None and not prepare(db, message, purpose)


def reaches(db: Session, message: Message) -> bool:
    """The address is of somebody who proved it, and still of whom it was written to. Asked here, whoever wrote the row:
    an address may be left while a mail waits.
    """
    if message.kind in TO_ANY_ADDRESS:
        return True
    mine = select(Person.id).where(Person.email == message.address, reached())
    if message.person_id is not None:
        mine = mine.where(Person.id == message.person_id)
    return db.scalar(mine) is not None


def _still_true(db: Session, message: Message) -> bool:
    """What it says has not been settled while it waited."""
    questions = {
        MailKind.INVITATION: _still_invited,
        MailKind.REMINDER: reminding.still_due,
        MailKind.PLAN: reminding.still_asked,
        MailKind.ANSWER: comments.still_followed,
    }
    asked = questions.get(message.kind)
    return asked is None or asked(db, message)


def _still_invited(db: Session, message: Message) -> bool:
    """Neither withdrawn nor accepted."""
    this = Invitation.token_hash == token_hash(str(message.data.get(HIDDEN)))
    open_one = select(Invitation.id).where(this, Invitation.withdrawn_at.is_(None), Invitation.accepted_at.is_(None))
    return db.scalar(open_one) is not None


def prepare(db: Session, message: Message, purpose: Purpose) -> bool:
    """Give it the secret of its link, the same at every try. False where no account may use it."""
    if HIDDEN in message.data and link_state(db, (purpose,), message.data[HIDDEN]) is LinkState.OPEN:
        return True
    here = (Person.disabled_at.is_(None), Person.erased_at.is_(None), Person.merged_into_id.is_(None))
    found = db.scalar(select(Person.id).where(Person.email == message.address, Person.claimed_at.is_not(None), *here))
    if found is None:
        return False
    if lang := db.scalar(select(Person.lang).where(Person.id == found)):
        message.lang = lang
    token = links.issue(db, purpose, found, links.LASTS[purpose], address=message.address)
    message.person_id, message.data = found, {**message.data, HIDDEN: token}
    return True


def _drop(message: Message) -> None:
    message.dropped_at, message.claimed_until = clock.now(), None
    message.data = _without_secret(message.data)


def _without_secret(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != HIDDEN}
