"""Inviting: the link of the room, a list looked at before anything is written, and who has answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import clock
from app.config import Settings
from app.errors import Missing
from app.i18n import ngettext
from app.models import CohortLink, opening, token_hash
from app.outside import qr
from app.policy import Me
from app.reads import invitations, teaching
from app.reads.invitations import PAGE, Asked, Said, Sorted, State
from app.reads.namesakes import Namesake, namesakes

SHOWN = 200
"""Lines of a list that are named one by one; of the others, how many."""
DONE = ("lien", "ferme", "invitees", "renvoyee", "retiree", "retablie", "reconnues")


@dataclass(frozen=True)
class RoomLink:
    """The link and code for everyone in the room."""

    url: str
    code: str
    square: str
    door: str
    """Where the code is typed, as one reads it aloud."""
    uses_left: int
    expires_at: datetime
    open: bool


@dataclass(frozen=True)
class InvitedLine:
    number: int
    words: str
    structure: str
    state: State
    expires_at: datetime
    url: str
    """The personal link to hand over; « » once it serves no more, or when a mail carries it."""


@dataclass(frozen=True)
class PreviewLine:
    number: int
    words: str
    reason: str


@dataclass(frozen=True)
class Preview:
    """What would become of a list: nothing is written yet."""

    new: int
    first: tuple[str, ...]
    there: tuple[PreviewLine, ...]
    there_more: int
    refused: tuple[PreviewLine, ...]
    refused_more: int
    ignored: tuple[str, ...]
    text: str
    """The new ones, to send back and confirm."""


@dataclass(frozen=True)
class InvitePage:
    number: int
    cohort: str
    archived: bool
    link: RoomLink | None
    lines: tuple[InvitedLine, ...]
    counts: tuple[str, ...]  # « 3 acceptées »
    mail: bool
    """Mails leave; otherwise the page gives each link to hand over."""
    namesakes: tuple[Namesake, ...]
    """Who came by the code under a name that was invited: is it that person?"""
    page: int
    pages: int
    preview: Preview | None = None
    done: str = ""
    """One of DONE, or nothing."""
    about: int = 0
    """The invitation it is about, or how many people."""


def invite(
    db: Session,
    me: Me,
    settings: Settings,
    number: int,
    *,
    page: int = 1,
    sorted_: Sorted | None = None,
    text: str = "",
    done: str = "",
    about: int = 0,
) -> InvitePage:
    """Five statements. Raises Missing."""
    cohort = teaching.led_cohort(db, me.id, number)
    counts = invitations.counts(db, number)
    pages = max(1, -(-sum(counts.values()) // PAGE))
    here = min(max(page, 1), pages)
    asked = invitations.invitations(db, number, (here - 1) * PAGE)
    return InvitePage(
        number=number,
        cohort=cohort.name,
        archived=cohort.archived_at is not None,
        link=_link(invitations.live_link(db, number), settings),
        lines=tuple(_line(found, settings) for found in asked),
        counts=tuple(_counted(state, counts[state]) for state in State if counts.get(state)),
        mail=settings.sends_mail,
        namesakes=tuple(namesakes(db, number)),
        page=here,
        pages=pages,
        preview=_preview(sorted_, text) if sorted_ else None,
        done=done,
        about=about,
    )


def _counted(state: State, n: int) -> str:
    return {
        State.PENDING: ngettext("%(n)s en attente", "%(n)s en attente", n),
        State.OPENED: ngettext("%(n)s ouverte", "%(n)s ouvertes", n),
        State.ACCEPTED: ngettext("%(n)s acceptée", "%(n)s acceptées", n),
        State.EXPIRED: ngettext("%(n)s dont la date est passée", "%(n)s dont la date est passée", n),
        State.WITHDRAWN: ngettext("%(n)s retirée", "%(n)s retirées", n),
    }[state]


def _link(link: CohortLink | None, settings: Settings) -> RoomLink | None:
    """None also where the site's key has changed since: a new one is to be made."""
    if link is None:
        return None
    token = opening.token(settings.secret_key, opening.LINK, link.id)
    if token_hash(token) != link.token_hash:
        return None
    url = f"{settings.public_url}/rejoindre/{token}"
    return RoomLink(
        url=url,
        code=opening.spoken(opening.code(settings.secret_key, link.id)),
        square=qr.svg(url),
        door=f"{settings.public_url}/rejoindre".split("://", 1)[-1],
        uses_left=link.uses_left,
        expires_at=link.expires_at,
        open=link.uses_left > 0 and link.expires_at > clock.now(),
    )


def _line(found: Asked, settings: Settings) -> InvitedLine:
    token = opening.token(settings.secret_key, opening.INVITATION, found.id)
    serves = found.state in (State.PENDING, State.OPENED) and token_hash(token) == found.token_hash
    handed = serves and not (found.email and settings.sends_mail)
    words = f"{found.name}, {found.email}" if found.name and found.email else found.name or found.email
    url = f"{settings.public_url}/rejoindre/{token}" if handed else ""
    return InvitedLine(found.id, words, found.structure, found.state, found.expires_at, url)


def _preview(found: Sorted, text: str) -> Preview:
    first = tuple(line.words for line in found.new[:SHOWN])
    return Preview(
        new=len(found.new),
        first=first,
        there=_said(found.there),
        there_more=max(0, len(found.there) - SHOWN),
        refused=_said(found.refused),
        refused_more=max(0, len(found.refused) - SHOWN),
        ignored=found.ignored[:20],
        text=text if found.new else "",
    )


def _said(lines: Sequence[Said]) -> tuple[PreviewLine, ...]:
    return tuple(PreviewLine(said.number, said.words, said.reason) for said in lines[:SHOWN])


@dataclass(frozen=True)
class InviteCardPage:
    number: int
    cohort: str
    link: RoomLink


def invite_card(db: Session, me: Me, settings: Settings, number: int) -> InviteCardPage:
    """Raises Missing: also where no link is open."""
    cohort = teaching.led_cohort(db, me.id, number)
    link = _link(invitations.live_link(db, number), settings)
    if link is None or not link.open:
        raise Missing
    return InviteCardPage(number, cohort.name, link)
