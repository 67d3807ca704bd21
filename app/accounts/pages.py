"""What the pages of the account show."""

from dataclasses import dataclass, replace

from app.i18n import LANGUAGES, get_lang
from app.policy import Me

NAMES = {"fr": "Français", "en": "English"}
HOME = "/mon-chemin"


@dataclass(frozen=True)
class SignInPage:
    guest: bool
    """They follow pathways without an account on this device: signing in leaves that behind."""
    suite: str
    """Where to go next, on this site."""
    alert: str = ""


def sign_in(me: Me | None, suite: str) -> SignInPage:
    return SignInPage(guest=bool(me and me.guest), suite=suite)


def alerted(page: SignInPage, alert: str) -> SignInPage:
    return replace(page, alert=alert)


@dataclass(frozen=True)
class LanguagePage:
    choices: tuple[tuple[str, str, bool], ...]
    """Code, name in that language, chosen."""
    suite: str


def language(suite: str) -> LanguagePage:
    return LanguagePage(tuple((lang, NAMES[lang], lang == get_lang()) for lang in LANGUAGES), suite)
