"""What a person asks by mail, what the link that comes back proves, and the kinds of mail that they want no more of."""

import secrets
from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app import clock
from app.actions import links, messages
from app.db import insert_if_absent
from app.i18n import get_lang
from app.models import MailKind, MailStop, OneTimeLink, Person, Purpose, record, same_email, token_hash
from app.reads import links as reads


def ask(db: Session, kind: MailKind, email: str, lang: str, *, key: str) -> None:
    """Have a link sent, if an account has the address: it is looked for when the mail leaves, so that nobody learns
    from this page, nor from its time, whether one has it.
    """
    messages.post(db, kind, cause=f"{kind.value}:{key}", address=email, lang=lang, data={})


def use_sign_in(db: Session, token: str) -> int | None:
    """The link is used and the address proved: whose account; None when it opens nothing."""
    person_id = links.use(db, Purpose.SIGN_IN, token)
    if person_id is not None:
        prove(db, person_id, token)
        record(db, "link.sign_in", f"person:{person_id}", by=person_id)
    return person_id


def choose_anew(db: Session, token: str, *, here: int | None) -> str | None:
    """Where nobody has proved the address yet, a link that enters leads to a new password, which ends what somebody
    else may have opened with it: the secret of that link. None where it may enter, as for `here`, who is signed in.
    """
    person_id = reads.never_proved(db, token)
    if person_id is None or person_id == here:
        return None
    address = db.scalar(select(Person.email).where(Person.id == person_id))
    return links.issue(db, Purpose.RESET, person_id, links.LASTS[Purpose.RESET], address=address)


def confirm(db: Session, token: str) -> int | None:
    """The address is theirs: whose; None when the link opens nothing, or was for an address that they left."""
    person_id = links.use(db, Purpose.CONFIRM, token)
    if person_id is None or not prove(db, person_id, token):
        return None
    record(db, "email.confirm", f"person:{person_id}", by=person_id)
    return person_id


def prove(db: Session, person_id: int, token: str) -> bool:
    """A link that was sent to their address came back: it is theirs. False where it was sent elsewhere."""
    sent_to = select(OneTimeLink.address).where(OneTimeLink.token_hash == token_hash(token)).scalar_subquery()
    mine = update(Person).where(Person.id == person_id, Person.email == sent_to)
    db.execute(mine.where(Person.email_confirmed_at.is_(None)).values(email_confirmed_at=clock.now()))
    return db.scalar(select(Person.id).where(Person.id == person_id, Person.email == sent_to)) is not None


def invite(db: Session, person_id: int, email: str, *, by: int | None, key: str) -> None:
    """Have a link sent to choose a first password: it is made when the mail leaves."""
    cause, lang = f"set_up:{person_id}:{key}", get_lang()
    messages.post(db, MailKind.SET_UP, cause=cause, address=email, lang=lang, data={}, person_id=person_id, by=by)


def invite_waiting(db: Session, email: str, *, by: int | None) -> bool:
    """The same for who can choose no password yet and holds no link to do it; False for anybody else."""
    found = reads.without_first_link(db, email)
    if found is not None:
        invite(db, found, same_email(email), by=by, key=secrets.token_hex(8))
    return found is not None


def test(db: Session, person_id: int, email: str, *, key: str) -> None:
    """A mail to oneself, to see whether they leave."""
    lang = get_lang()
    messages.post(
        db, MailKind.TEST, cause=f"test:{key}", address=email, lang=lang, data={}, person_id=person_id, by=person_id
    )


def stop(db: Session, address: str, kind: MailKind) -> None:
    """No more mail of that kind to this address; twice is once."""
    if kind is MailKind.ANSWER:
        db.execute(update(Person).where(Person.email == address).values(wants_answers_at=None))
        return
    insert_if_absent(db, MailStop, {"address": address, "kind": kind, "at": clock.now()}, ["address", "kind"])


def choose(db: Session, address: str, wanted: Collection[str], among: Collection[MailKind]) -> None:
    """Of these kinds, the ones that they want."""
    for kind in among:
        if kind.value in wanted and kind is MailKind.ANSWER:
            mine = update(Person).where(Person.email == address, Person.wants_answers_at.is_(None))
            db.execute(mine.values(wants_answers_at=clock.now()))
        elif kind.value in wanted:
            db.execute(delete(MailStop).where(MailStop.address == address, MailStop.kind == kind))
        else:
            stop(db, address, kind)
