"""A dated meeting, always with its twin: the same work alone, in the same minutes, for those who cannot come."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator

from app import clock
from app.content.schema import Flaw, Line, MaybeLine, MaybeText, MaybeUrl, OrNothing, Said, refuse
from app.i18n import _, ngettext
from app.steps.kind import FIELDS, Assessment, StepContent, Work, asked, assess_fields

name = "live"
icon = "radio"
idle_seconds = 300
task_fields = FIELDS

PRESENT = "present"
"""The notebook's field for « J'y étais »."""
WAS_THERE = "oui"
TO_COME = "à venir"
_WHEN = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}) ([A-Za-z0-9_+/-]{1,40})")


def _moment(text: str) -> datetime | None:
    """« 2027-06-17 12:30 Europe/Paris », in UTC; None for what no clock there will show."""
    if (found := _WHEN.fullmatch(text)) is None:
        return None
    try:
        zone = ZoneInfo(found[2])
        local = datetime.strptime(found[1], "%Y-%m-%d %H:%M").replace(tzinfo=zone)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None
    moment = local.astimezone(UTC)
    return moment if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None) else None


def _dated(value: str) -> str:
    if value != TO_COME and _moment(value) is None:
        refuse(_("une date est attendue, comme « 2027-06-17 12:30 Europe/Paris », ou bien « à venir »"))
    return value


When = Annotated[Line, AfterValidator(_dated), OrNothing]


class Live(StepContent):
    NEEDED: ClassVar[tuple[str, ...]] = ("on", "host", "about", "fields", "body")

    kind: Literal["live"]
    on: When = ""
    """When it begins, with its time zone, or « à venir ». It lasts as long as the step."""
    place: Said[MaybeLine] = ""
    link: MaybeUrl = ""
    host: Said[MaybeLine] = ""
    about: Said[MaybeText] = ""
    """What happens there. The body is the twin."""
    replay: MaybeUrl = ""

    def flaws(self) -> Iterator[Flaw]:
        yield from super().flaws()
        if not self.ready:
            return
        if self.on != TO_COME and not (self.place or self.link):
            yield ("on",), _("un direct daté a un lieu (« place ») ou une adresse (« link »)")
        if self.fields and not asked(self):
            yield ("fields",), _("sans direct, on fait le travail par écrit : un champ au moins est obligatoire")


Content = Live


@dataclass(frozen=True)
class Meeting:
    """Where and when a live step is held."""

    starts: datetime
    ends: datetime
    place: str
    link: str
    replay: str

    def begun(self) -> bool:
        return self.starts <= clock.now()

    def over(self) -> bool:
        return self.ends <= clock.now()


def meeting(content: Live) -> Meeting | None:
    """When the content says it is held, None when it does not say yet."""
    starts = _moment(content.on)
    if starts is None:
        return None
    ends = starts + timedelta(minutes=content.minutes)
    return Meeting(starts, ends, content.place, content.link, content.replay)


def label() -> str:
    return _("Direct")


def rule(content: StepContent) -> str:
    return ngettext(
        "Terminé quand vous y étiez, ou quand vous avez répondu à la question.",
        "Terminé quand vous y étiez, ou quand vous avez répondu aux %(n)s questions.",
        asked(content),
    )


def assess(content: StepContent, work: Work) -> Assessment:
    """To have been there, once it has begun, or to have written what the twin asks."""
    held = meeting(content) if isinstance(content, Live) else None
    begun = work.begun if work.begun is not None else held is not None and held.begun()
    if content.ready and begun and work.notes.get(PRESENT):
        return Assessment(True)
    return assess_fields(content, work)
