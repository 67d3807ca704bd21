"""How people come, are recognised and leave: accounts, guests, sign-ins, and the brake on guessing."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import clock
from app.actions import links, mailed, messages, passwords
from app.db import upsert
from app.errors import Missing, Refused
from app.i18n import _, get_lang
from app.models import MailKind, Person, Purpose, RateCount, Role, RoleGrant, SignIn, record, same_email, token_hash
from app.reads import people, site

EMAIL_MAX, NAME_MAX, AGENT_MAX = 254, 120, 200
SHORT = timedelta(hours=12)
"""Without activity, a sign-in that is not kept on the device ends."""
GIVE_PASSWORD = (Purpose.RESET, Purpose.SET_UP)
_EMAIL = re.compile(r"[^\s@<>()\"',;:\\\[\]]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,62}")


# Accounts


def create_person(
    db: Session, email: str, hashed: str | None, *, name: str, role: Role | None, by: int | None
) -> Person:
    """Make an account, with a right or none.

    `hashed`: from `passwords.digest`, called before the transaction; None: they choose it by a link.
    """
    email, name = clean_email(email), " ".join(name.split())
    if len(name) > NAME_MAX:
        raise Refused(_("Ce nom est trop long : %(n)s caractères au plus.", n=NAME_MAX), field="name")
    now = clock.now()
    person = Person(email=email, name=name or None, password_hash=hashed, claimed_at=now, created_at=now)
    with _nobody_else(db, email):
        db.add(person)
        db.flush()
    if role:
        db.add(RoleGrant(person_id=person.id, role=role, granted_at=now, granted_by=by))
    record(db, "person.create", f"person:{person.id}", by=by, role=role.value if role else None)
    return person


def sign_up(db: Session, email: str, hashed: str, lang: str, *, guest: int | None, link: str = "") -> int:
    """A guest's own row becomes an account and keeps everything; a visitor gets a new one. The person's id.

    Devices that knew the guest know nobody: what they had was worth less than an account.
    `link`: the secret of one that opens a cohort, which a site by invitation asks of who was in none.
    """
    if not site.welcomes(db, site.current(db), guest, link):
        raise Refused(_("Sur ce site, un compte se crée sur invitation."))
    email, now = clean_email(email), clock.now()
    person = Person(created_at=now, lang=lang)
    if guest:
        person = db.get_one(Person, guest, with_for_update=True)
    if person.claimed_at:  # in another tab, meanwhile
        raise Refused(_taken(email), field="email")
    with _nobody_else(db, email):
        person.email, person.password_hash, person.claimed_at = email, hashed, now
        db.add(person)
        db.flush()
    end_sign_ins(db, person.id)
    _ask_confirmation(db, email, lang)
    record(db, "person.sign_up", f"person:{person.id}", by=person.id)
    return person.id


@contextmanager
def _nobody_else(db: Session, email: str) -> Iterator[None]:
    """Whoever takes the address at the same moment, one person has it."""
    try:
        with db.begin_nested():
            yield
    except IntegrityError as clash:
        raise Refused(_taken(email), field="email") from clash


def _taken(email: str) -> str:
    return _("Un compte existe déjà avec l’adresse %(email)s.", email=email)


def change_email(db: Session, proof: passwords.Proof | None, email: str) -> None:
    """The address that signs in; links made for the one before open nothing."""
    email, person_id = clean_email(email), _hold(db, proof, "email_password")
    with _nobody_else(db, email):
        new = {"email": email, "email_confirmed_at": None}
        db.execute(update(Person).where(Person.id == person_id).values(new))
    for purpose in links.LASTS:
        links.withdraw(db, purpose, person_id)
    _ask_confirmation(db, email, get_lang())
    record(db, "email.change", f"person:{person_id}", by=person_id)


def change_password(db: Session, proof: passwords.Proof | None, hashed: str) -> None:
    """Every sign-in ends, the one that asks as well: the door opens it anew."""
    person_id = _hold(db, proof, "current_password")
    _replace_password(db, person_id, hashed)
    record(db, "password.change", f"person:{person_id}", by=person_id)


def reset_password(db: Session, token: str, hashed: str) -> int | None:
    """The link is used, the password replaced, every sign-in ended: whose; None when the link opens nothing."""
    person_id = next(filter(None, (links.use(db, purpose, token) for purpose in GIVE_PASSWORD)), None)
    if person_id is not None:
        mailed.prove(db, person_id, token)
        _replace_password(db, person_id, hashed)
        record(db, "password.reset", f"person:{person_id}", by=person_id)
    return person_id


def _hold(db: Session, proof: passwords.Proof | None, field: str) -> int:
    """Whose password it was, and still is until this transaction ends."""
    if proof is None or not passwords.hold(db, proof):
        raise Refused(_("Ce n’est pas votre mot de passe actuel."), field=field)
    return proof.person_id


def _replace_password(db: Session, person_id: int, hashed: str) -> None:
    db.execute(update(Person).where(Person.id == person_id).values(password_hash=hashed))
    end_sign_ins(db, person_id)
    withdraw_links(db, person_id)


def withdraw_links(db: Session, person_id: int) -> None:
    """Links sent or handed over to enter, or to choose a password, open nothing any more."""
    for purpose in (*GIVE_PASSWORD, Purpose.SIGN_IN):
        links.withdraw(db, purpose, person_id)


def _ask_confirmation(db: Session, email: str, lang: str) -> None:
    """The proof that the address is theirs, asked as soon as it is."""
    messages.post(db, MailKind.CONFIRM, cause=f"confirm:{secrets.token_hex(8)}", address=email, lang=lang, data={})


def issue_link(db: Session, purpose: Purpose, email: str, *, by: int | None) -> str:
    """A link to choose a password, for who administers to hand over. Raises Refused."""
    person_id = account_of(db, email)
    record(db, "link.issue", f"person:{person_id}", by=by, purpose=purpose.value)
    return links.issue(db, purpose, person_id, links.LASTS[purpose])


def account_of(db: Session, email: str) -> int:
    """Whose account this address opens. Raises Refused."""
    person_id = people.by_email(db, email)
    if person_id is None:
        raise Refused(_("Aucun compte ouvert n’a l’adresse %(email)s.", email=email), field="email")
    return person_id


def clean_email(email: str) -> str:
    """As it is stored. Raises Refused."""
    email = same_email(email)
    if len(email) > EMAIL_MAX or not _EMAIL.fullmatch(email):
        raise Refused(_("Cette adresse n’est pas complète : écrivez-la comme nom@exemple.fr."), field="email")
    return email


def become_guest(db: Session, lang: str) -> int:
    """A person without an account begins; their id."""
    guest = Person(lang=lang, created_at=clock.now())
    db.add(guest)
    db.flush()
    return guest.id


def choose_language(db: Session, person_id: int, lang: str) -> None:
    db.execute(update(Person).where(Person.id == person_id).values(lang=lang))


# Sign-ins


def start_sign_in(db: Session, person_id: int, agent: str, lasts: timedelta, token: str = "") -> str:
    """Recognise this person on this device; the secret that the cookie holds, kept nowhere else."""
    token, now = token or secrets.token_urlsafe(32), clock.now()
    db.add(
        SignIn(
            token_hash=token_hash(token),
            person_id=person_id,
            started_at=now,
            last_seen_at=now,
            expires_at=now + lasts,
            agent=agent[:AGENT_MAX],
        )
    )
    db.flush()
    return token


def prolong_sign_in(db: Session, sign_in_id: int, lasts: timedelta) -> None:
    """They are here: the sign-in lasts as long again."""
    now = clock.now()
    open_one = (SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
    db.execute(update(SignIn).where(*open_one).values(last_seen_at=now, expires_at=now + lasts))


def end_sign_in(db: Session, sign_in_id: int) -> None:
    """Whoever holds a copy of the cookie is out as well; twice is once."""
    open_one = (SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
    db.execute(update(SignIn).where(*open_one).values(ended_at=clock.now()))


def end_own_sign_in(db: Session, person_id: int, sign_in_id: int) -> None:
    """One of a person's devices is signed out; twice is once. Raises Missing."""
    found = db.get(SignIn, sign_in_id)
    if found is None or found.person_id != person_id:
        raise Missing
    end_sign_in(db, sign_in_id)


def end_sign_ins(db: Session, person_id: int, *, but: int | None = None) -> None:
    """Every device of a person is signed out, but for one if told."""
    theirs = (SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.id != (but or 0))
    db.execute(update(SignIn).where(*theirs).values(ended_at=clock.now()))


def leave_guest(db: Session, guest_id: int, sign_in_id: int, person_id: int) -> None:
    """A guest signs in to an account: their answers stay theirs, and the trace tells to whom they could be joined."""
    end_sign_in(db, sign_in_id)
    record(db, "guest.leave", f"person:{guest_id}", by=person_id)


# The brake


def count_try(db: Session, bucket: str, window: timedelta) -> tuple[int, int]:
    """One more try: how many in this window of time, and the seconds left in it."""
    now, length = int(clock.now().timestamp()), int(window.total_seconds())
    ends_at = datetime.fromtimestamp((now // length + 1) * length, UTC)
    row = {"bucket": bucket, "window": now // length, "count": 1, "ends_at": ends_at}
    upsert(db, RateCount, row, ["bucket", "window"], {"count": RateCount.count + 1})
    mine = (RateCount.bucket == bucket, RateCount.window == now // length)
    return db.scalars(select(RateCount.count).where(*mine)).one(), length - now % length


def forgive_tries(db: Session, bucket: str) -> None:
    db.execute(delete(RateCount).where(RateCount.bucket == bucket))
