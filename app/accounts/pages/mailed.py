"""What the pages show that go with mails: asking for a link, opening one, and wanting no more of them."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.config import Settings
from app.errors import Missing
from app.letters import signed, stoppable
from app.models import MailKind, Purpose
from app.reads import links, mail
from app.reads.links import LinkState
from app.reads.mail import kind_label


@dataclass(frozen=True)
class ForgottenPage:
    """« Mot de passe oublié »: the same whoever has the address."""

    sends: bool
    """Mails leave, or wait for who administers to read them."""
    done: bool = False
    alert: str = ""


def forgotten(settings: Settings, *, done: bool = False, alert: str = "") -> ForgottenPage:
    return ForgottenPage(settings.offers_links, done, alert)


@dataclass(frozen=True)
class SignInLinkPage:
    """« Recevoir un lien de connexion »: the same whoever has the address."""

    sends: bool
    done: bool = False
    alert: str = ""


def sign_in_link(settings: Settings, *, done: bool = False, alert: str = "") -> SignInLinkPage:
    return SignInLinkPage(settings.offers_links, done, alert)


@dataclass(frozen=True)
class MailedSignInPage:
    token: str
    state: LinkState
    email: str


def mailed_sign_in(db: Session, token: str) -> MailedSignInPage:
    db.rollback()  # what was read before may be old
    state = links.link_state(db, (Purpose.SIGN_IN,), token)
    return MailedSignInPage(token, state, links.link_email(db, (Purpose.SIGN_IN,), token) if _opens(state) else "")


@dataclass(frozen=True)
class ConfirmationPage:
    token: str
    state: LinkState
    email: str


def confirmation(db: Session, token: str) -> ConfirmationPage:
    db.rollback()  # what was read before may be old
    state = links.link_state(db, (Purpose.CONFIRM,), token)
    return ConfirmationPage(token, state, links.link_email(db, (Purpose.CONFIRM,), token) if _opens(state) else "")


def _opens(state: LinkState) -> bool:
    return state is LinkState.OPEN


@dataclass(frozen=True)
class UnsubscribePage:
    number: int
    proof: str
    kind: MailKind
    label: str
    """What kind of mail it is."""
    address: str
    done: bool = False


def unsubscribe(db: Session, settings: Settings, number: int, proof: str, *, done: bool = False) -> UnsubscribePage:
    """Raises Missing unless the address is one that we signed."""
    found = mail.message(db, number)
    if found is None or not stoppable(found.kind) or not signed(found, proof, settings.secret_key):
        raise Missing
    return UnsubscribePage(number, proof, found.kind, kind_label(found.kind), found.address, done)
