"""What the pages of the account show."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.devices import device
from app.accounts.pages.mailed import ConfirmationPage as ConfirmationPage
from app.accounts.pages.mailed import ForgottenPage as ForgottenPage
from app.accounts.pages.mailed import MailedSignInPage as MailedSignInPage
from app.accounts.pages.mailed import SignInLinkPage as SignInLinkPage
from app.accounts.pages.mailed import UnsubscribePage as UnsubscribePage
from app.accounts.pages.mailed import confirmation as confirmation
from app.accounts.pages.mailed import forgotten as forgotten
from app.accounts.pages.mailed import mailed_sign_in as mailed_sign_in
from app.accounts.pages.mailed import sign_in_link as sign_in_link
from app.accounts.pages.mailed import unsubscribe as unsubscribe
from app.accounts.pages.profile import ProfilePage as ProfilePage
from app.accounts.pages.profile import profile as profile
from app.config import Settings
from app.i18n import LANGUAGES, get_lang
from app.letters import stoppable
from app.models import MailKind, Purpose, Role
from app.outside import qr
from app.policy import Me
from app.reads import links, mail, people
from app.reads import site as sites
from app.reads.belongings import Belongings, belongings
from app.reads.links import LinkState
from app.reads.site import Site

NAMES = {"fr": "Français", "en": "English"}
HOME = "/mon-chemin"
DONE = ("mot-de-passe", "adresse", "nom", "connexion", "connexions", "confirmation", "confirmee", "courriels")
"""What the page says has just been done."""
NEW_PASSWORD = (Purpose.RESET, Purpose.SET_UP)
_JOINING = re.compile(r"/rejoindre/([A-Za-z0-9_-]{22})")


@dataclass(frozen=True)
class SignInPage:
    guest: bool
    """They follow pathways without an account on this device: what becomes of it is asked after the password."""
    suite: str
    """Where to go next, on this site."""
    closed: bool
    """Whoever has no account makes none here without an invitation."""
    alert: str = ""
    new: bool = False
    """They have just chosen a password."""


def sign_in(db: Session, site: Site, me: Me | None, suite: str, *, new: bool = False) -> SignInPage:
    return SignInPage(guest=bool(me and me.guest), suite=suite, closed=not _invited(db, site, me, suite), new=new)


def _invited(db: Session, site: Site, me: Me | None, suite: str) -> bool:
    """Whether they may make an account: the site is open, they were in a cohort, or they hold a link to join one."""
    return sites.welcomes(db, site, me.id if me else None, link_held(suite))


def link_held(suite: str) -> str:
    """The secret of the invitation that led here, « » for none."""
    found = _JOINING.match(suite)
    return found[1] if found else ""


def alerted(page: SignInPage, alert: str) -> SignInPage:
    return replace(page, alert=alert)


def brings_something(db: Session, me: Me | None) -> bool:
    """A guest who has done something: signing in asks what becomes of it."""
    return me is not None and me.guest and not belongings(db, me.id).empty


@dataclass(frozen=True)
class JoiningPage:
    """« Reprendre ces 3 étapes dans votre compte ? »"""

    theirs: Belongings
    email: str
    pour: str
    suite: str
    keep: bool


def joining(db: Session, me: Me, account: people.Account, pour: str, suite: str, keep: bool) -> JoiningPage:
    return JoiningPage(belongings(db, me.id), account.email, pour, suite, keep)


@dataclass(frozen=True)
class ElsewherePage:
    """« Continuer ailleurs »: how to, or the link once it is made."""

    guest: bool
    email: str
    sign_in_url: str
    url: str = ""
    square: str = ""
    """The link as an SVG element."""


def elsewhere(me: Me, settings: Settings, token: str = "") -> ElsewherePage:
    page = ElsewherePage(me.guest, me.email or "", f"{settings.public_url}/connexion")
    if not token:
        return page
    url = f"{settings.public_url}/continuer/{token}"
    return replace(page, url=url, square=qr.svg(url))


@dataclass(frozen=True)
class PassagePage:
    """What a link of « Continuer ailleurs » opens on this device."""

    over: bool = False
    """It is used, or too old."""
    done: bool = False
    """What it led to has joined whoever is here."""
    here: bool = False
    """This device is already that guest's."""
    account: str = ""
    """The address of whoever is signed in here: the guest's steps may join them."""
    theirs: Belongings | None = None
    mine: Belongings | None = None
    """What another guest did on this device."""

    @property
    def asks(self) -> bool:
        """Two people meet: what becomes of the one who would be left."""
        return bool(self.account or self.mine)


def passage(db: Session, me: Me | None, token: str) -> PassagePage:
    guest = links.passage(db, token)
    if guest is None:
        return PassagePage(over=True, done=me is not None and links.taken_by(db, token) == me.id)
    theirs = belongings(db, guest)
    if me is None or me.id == guest:
        return PassagePage(theirs=theirs, here=me is not None)
    if not me.guest:
        return PassagePage(theirs=theirs, account=me.email or me.name or "?")
    mine = belongings(db, me.id)
    return PassagePage(theirs=theirs, mine=None if mine.empty else mine)


def closed(page: PassagePage) -> PassagePage:
    """Somebody else was quicker."""
    return replace(page, over=True)


@dataclass(frozen=True)
class SignUpPage:
    guest: bool
    """What they did without an account comes along."""
    suite: str
    closed: bool
    """They were not invited, and the site asks for it."""
    known: bool = False
    """An account has that address: they may sign in."""
    alert: str = ""


def sign_up(db: Session, site: Site, me: Me | None, suite: str, *, known: bool = False, alert: str = "") -> SignUpPage:
    return SignUpPage(bool(me and me.guest), suite, not _invited(db, site, me, suite), known, alert)


@dataclass(frozen=True)
class Device:
    id: int
    words: str
    since: datetime
    seen: datetime
    here: bool


@dataclass(frozen=True)
class AccountPage:
    email: str
    name: str
    languages: tuple[tuple[str, str, bool], ...]
    devices: tuple[Device, ...]
    confirmed: bool
    """The address was proved to be theirs."""
    mails: tuple[tuple[str, str, bool], ...]
    """Kind, what one calls it, wanted."""
    done: str = ""
    """One of DONE, or nothing."""
    alert: str = ""

    @property
    def others(self) -> bool:
        return any(not device.here for device in self.devices)


def account(db: Session, me: Me, *, done: str = "", alert: str = "") -> AccountPage:
    found = [
        Device(row.id, device(row.agent), row.started_at, row.last_seen_at, here=row.id == me.sign_in_id)
        for row in people.open_sign_ins(db, me.id)
    ]
    stopped = mail.stopped(db, me.email or "")
    return AccountPage(
        confirmed=people.confirmed(db, me.id),
        mails=tuple((kind.value, mail.kind_label(kind), kind not in stopped) for kind in mail_kinds(me)),
        email=me.email or "",
        name=me.name or "",
        languages=_languages(),
        devices=tuple(sorted(found, key=lambda device: not device.here)),
        done=done,
        alert=alert,
    )


def mail_kinds(me: Me) -> tuple[MailKind, ...]:
    """What they may receive and may stop."""
    teaches = Role.TRAINER in me.roles
    led = (MailKind.DIGEST, MailKind.ANSWER)
    return tuple(kind for kind in MailKind if stoppable(kind) and (teaches or kind not in led))


@dataclass(frozen=True)
class NewPasswordPage:
    token: str
    state: LinkState
    email: str
    """Whose password it is, for the password manager; « » unless the link is open."""
    alert: str = ""
    unproved: bool = False
    """They come from a link to enter, and nobody has proved the address yet."""

    @property
    def status(self) -> int:
        return {LinkState.OPEN: 200, LinkState.UNKNOWN: 404}.get(self.state, 410)


def new_password(db: Session, token: str, *, alert: str = "", unproved: bool = False) -> NewPasswordPage:
    db.rollback()  # what was read before may be old
    state = links.link_state(db, NEW_PASSWORD, token)
    email = links.link_email(db, NEW_PASSWORD, token) if state is LinkState.OPEN else ""
    return NewPasswordPage(token, state, email, alert, unproved)


@dataclass(frozen=True)
class LanguagePage:
    choices: tuple[tuple[str, str, bool], ...]
    """Code, name in that language, chosen."""
    suite: str


def language(suite: str) -> LanguagePage:
    return LanguagePage(_languages(), suite)


def _languages() -> tuple[tuple[str, str, bool], ...]:
    return tuple((lang, NAMES[lang], lang == get_lang()) for lang in LANGUAGES)
