"""Before joining a cohort, word for word what is seen and what is not; then where one is, and leaving."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.config import Settings
from app.errors import Missing
from app.i18n import _, minutes, ngettext
from app.models import opening
from app.outside import qr
from app.policy import Me
from app.reads import belongings as things
from app.reads import cards, invitations
from app.reads.belongings import Belongings
from app.reads.invitations import Joined, Running

NAMED = 3
"""Beyond that many, those who lead are not all named."""


@dataclass(frozen=True)
class Led:
    """Those who lead a cohort, as one reads them."""

    leads: str
    """« Hélène Caradec anime »"""
    sees: str
    """« Hélène voit : »"""
    blind: str


def led(names: list[str]) -> Led:
    """Whole names once, then first names, as one speaks of them."""
    known = [" ".join(name.split()) for name in names if name.split()][:NAMED]
    if not known:
        return Led(_("Une personne anime"), _("Qui anime la cohorte voit :"), _("Qui anime la cohorte ne voit pas :"))
    n, who = len(known), _listed([name.split()[0] for name in known])
    return Led(
        ngettext("%(names)s anime", "%(names)s animent", n, names=_listed(known)),
        ngettext("%(names)s voit :", "%(names)s voient :", n, names=who),
        ngettext("%(names)s ne voit pas :", "%(names)s ne voient pas :", n, names=who),
    )


def _listed(names: list[str]) -> str:
    *some, last = names
    return _("%(some)s et %(last)s", some=", ".join(some), last=last) if some else last


@dataclass(frozen=True)
class AskedLine:
    """A pathway that is asked of the cohort."""

    lang: str
    title: str
    format: str
    due_on: date | None
    due_days: int | None


@dataclass(frozen=True)
class CodePage:
    alert: str = ""


def code(alert: str = "") -> CodePage:
    return CodePage(alert)


@dataclass(frozen=True)
class JoinPage:
    token: str
    over: bool = True
    """It opens nothing, or nothing any more."""
    number: int = 0
    cohort: str = ""
    led: Led | None = None
    pathways: tuple[AskedLine, ...] = ()
    asks_name: bool = True
    name: str = ""
    """What the trainer wrote of them on inviting."""
    already: bool = False
    """They are in the cohort."""
    personal: bool = False
    reserved: str = ""
    """The address that it was sent to, where another account is open here."""


def join(db: Session, me: Me | None, token: str) -> JoinPage:
    """Five statements at most."""
    found = invitations.opening(db, token)
    if found is None:
        return JoinPage(token)
    already = me is not None and bool(invitations.joined(db, me.id, found.cohort_id))
    if not found.usable and not already:
        return JoinPage(token)
    elsewhere = me is not None and not me.guest and bool(found.email) and me.email != found.email
    return JoinPage(
        token,
        over=False,
        number=found.cohort_id,
        cohort=found.cohort,
        led=led(invitations.leaders(db, found.cohort_id)),
        pathways=_asked(invitations.running(db, found.cohort_id)),
        asks_name=me is None or not me.name,
        name=found.name,
        already=already,
        personal=found.invitation_id is not None,
        reserved=found.email if elsewhere else "",
    )


def _asked(running: list[Running]) -> tuple[AskedLine, ...]:
    return tuple(AskedLine(r.lang, r.title, minutes(r.format_minutes), r.due_on, r.due_days) for r in running)


@dataclass(frozen=True)
class OwnCohort:
    number: int
    cohort: str
    name: str
    archived: bool
    led: Led
    pathways: tuple[AskedLine, ...]


@dataclass(frozen=True)
class OwnCohortsPage:
    cohorts: tuple[OwnCohort, ...]
    guest: bool
    left: bool


def own_cohorts(db: Session, me: Me, *, left: bool = False) -> OwnCohortsPage:
    found = invitations.joined(db, me.id)
    numbers = [each.cohort_id for each in found]
    names, asked = invitations.leaders_of(db, numbers), invitations.running_in(db, numbers)
    lines = (
        OwnCohort(
            each.cohort_id,
            each.cohort,
            each.name,
            each.archived,
            led(names[each.cohort_id]),
            _asked(asked[each.cohort_id]),
        )
        for each in found
    )
    return OwnCohortsPage(tuple(lines), me.guest, left)


@dataclass(frozen=True)
class LeavingPage:
    number: int
    cohort: str


def leaving(db: Session, me: Me, number: int) -> LeavingPage:
    """Raises Missing."""
    return LeavingPage(number, _own(db, me, number).cohort)


def _own(db: Session, me: Me, number: int) -> Joined:
    found = invitations.joined(db, me.id, number)
    if not found:
        raise Missing
    return found[0]


@dataclass(frozen=True)
class ResumeCardPage:
    number: int
    cohort: str
    name: str
    guest: bool
    url: str = ""
    square: str = ""


def resume_card(db: Session, me: Me, settings: Settings, number: int) -> ResumeCardPage:
    """Raises Missing."""
    found = _own(db, me, number)
    page = ResumeCardPage(number, found.cohort, found.name, me.guest)
    card = cards.open_card(db, me.id, number) if me.guest else None
    secret = opening.token(settings.secret_key, opening.CARD, card.id) if card else ""
    if card is None or not cards.opens(card, secret):
        return page
    url = f"{settings.public_url}/reprendre/{secret}"
    return ResumeCardPage(number, found.cohort, found.name, me.guest, url, qr.svg(url))


@dataclass(frozen=True)
class ResumePage:
    """What a printed card opens on this device."""

    token: str
    over: bool = False
    here: bool = False
    account: str = ""
    """The address of whoever is signed in here: the card's steps may join them."""
    name: str = ""
    theirs: Belongings | None = None
    mine: Belongings | None = None
    """What another guest did on this device."""

    @property
    def asks(self) -> bool:
        """Two people meet: what becomes of the one who would be left."""
        return bool(self.account or self.mine)


def resume(db: Session, me: Me | None, token: str) -> ResumePage:
    found = cards.holder(db, token)
    if found is None:
        name = cards.own_name(db, me.id, token) if me is not None else None
        return ResumePage(token, over=name is None, here=name is not None, name=name or "")
    if me is not None and me.id == found.person_id:
        return ResumePage(token, here=True, name=found.name)
    theirs = things.belongings(db, found.person_id)
    if me is None:
        return ResumePage(token, name=found.name, theirs=theirs)
    if not me.guest:
        return ResumePage(token, name=found.name, theirs=theirs, account=me.email or me.name or "?")
    mine = things.belongings(db, me.id)
    return ResumePage(token, name=found.name, theirs=theirs, mine=None if mine.empty else mine)
