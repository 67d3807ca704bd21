"""« J'ai 20 minutes »: the steps that fit in the time at hand, in the pathway worked on last or in another."""

from datetime import datetime

from sqlalchemy.orm import Session

from app import clock
from app.i18n import ZONE, in_zone, minutes
from app.learn.pages.parts import Lines, stint_url, summary_url
from app.learn.pages.pieces import TimeChoice
from app.learn.pages.shapes import StintPage
from app.models import stint as rule
from app.policy import Me
from app.reads import courses

USUAL = 20
EVENING = 17
"""From that hour on, it is « ce soir »."""


def stint(db: Session, me: Me | None, wanted: str, slug: str) -> StintPage:
    """`wanted`: minutes of the address, « » for the usual; `slug`: of one of the pathways begun, else the latest."""
    at_hand = next((minutes_ for minutes_ in rule.AT_HAND if str(minutes_) == wanted), USUAL)
    begun = _begun(db, me)
    going = [line for line in begun if not line.progress.finished]
    chosen = next((line for line in begun if line.reading.slug == slug), None) or next(iter(going or begun), None)
    evening = in_zone(clock.now(), me.zone if me else ZONE).hour >= EVENING
    if chosen is None:
        return StintPage("", "", "", at_hand, _times("", at_hand), (), (), 0, False, False, False, evening, "")
    here = chosen.reading.slug
    found = rule.stint(chosen.progress, at_hand)
    return StintPage(
        lang=chosen.reading.lang,
        pathway=chosen.reading.title,
        format_label=minutes(chosen.chosen),
        at_hand=at_hand,
        times=_times(here, at_hand),
        others=tuple(
            (stint_url(at_hand, line.reading.slug), line.reading.lang, line.reading.title)
            for line in going
            if line is not chosen
        ),
        steps=tuple(chosen.step(row) for row in found.steps),
        minutes=found.minutes,
        longer=found.longer,
        whole=found.whole,
        finished=chosen.progress.finished,
        evening=evening,
        summary_url=summary_url(here),
    )


def _begun(db: Session, me: Me | None) -> list[Lines]:
    """What that person follows, the pathway worked on last first."""
    if me is None:
        return []
    readings = [reading for reading in courses.pathways(db, me.id) if reading.enrolment_id is not None]
    rows = courses.open_steps(db, me.id, readings)
    lines = [Lines(reading, rows.get(reading.enrolment_id or 0, ())) for reading in readings]
    return sorted(lines, key=_last, reverse=True)


def _last(line: Lines) -> datetime:
    began = line.reading.started_at or clock.now()
    return max((row.completed_at for row in line.rows if row.completed_at is not None), default=began)


def _times(slug: str, at_hand: int) -> tuple[TimeChoice, ...]:
    return tuple(TimeChoice(each, stint_url(each, slug), each == at_hand) for each in rule.AT_HAND)
