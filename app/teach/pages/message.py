"""A message to some members of a cohort: to whom, what, and a look at who receives it before it leaves."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.i18n import _
from app.models import Silent
from app.policy import Me
from app.reads import members, teaching

MOST = 300
"""Of a larger cohort, the first ones by name beside those that were chosen."""


@dataclass(frozen=True)
class Recipient:
    membership: int
    name: str
    address: str
    silent: str  # why a mail does not reach them; "": it does
    chosen: bool


@dataclass(frozen=True)
class MessagePage:
    number: int
    cohort: str
    reply_to: str
    people: tuple[Recipient, ...]
    text: str
    seen: bool  # what leaves is shown, to be sent or changed
    error: str
    sent: int  # to how many people the message before has just left

    @property
    def reached(self) -> tuple[Recipient, ...]:
        return tuple(each for each in self.people if each.chosen and not each.silent)

    @property
    def unreached(self) -> tuple[Recipient, ...]:
        return tuple(each for each in self.people if each.chosen and each.silent)


def message(db: Session, me: Me, number: int, chosen: Sequence[int], *, text: str = "", sent: int = 0) -> MessagePage:
    """`chosen`: numbers of places in the cohort. Raises Missing, whoever else leads it."""
    cohort = teaching.led_cohort(db, me.id, number)
    found = {each.membership.id: each for each in members.everyone(db, me.id, number, MOST)}
    found |= {each.membership.id: each for each in members.led_members(db, me.id, number, list(chosen))}
    return MessagePage(
        number=number,
        cohort=cohort.name,
        reply_to=me.email or "",
        people=tuple(
            Recipient(
                each.membership.id,
                each.membership.name,
                each.email or "",
                silent_label(each.silent),
                each.membership.id in chosen,
            )
            for each in found.values()
        ),
        text=text,
        seen=False,
        error="",
        sent=sent,
    )


def silent_label(why: Silent | None) -> str:
    """Why what their trainer writes does not reach somebody, in a few words; « » where it does."""
    said = {
        Silent.NO_ADDRESS: _("sans adresse"),
        Silent.UNPROVED: _("adresse non confirmée"),
        Silent.STOPPED: _("ne veut plus de ces messages"),
    }
    return said.get(why, "") if why else ""
