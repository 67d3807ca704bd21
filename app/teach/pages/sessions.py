"""The sessions of a cohort: to come, past, removed; and one more."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import i18n
from app.models import Cohort, CohortEvent
from app.policy import Me
from app.reads import sessions as reads
from app.reads import teaching

NEXT = 3
"""Sessions on the cohort's own page."""


@dataclass(frozen=True)
class SessionLine:
    number: int
    title: str
    day: int  # as the cohort's calendar shows it
    month: str  # « déc. »
    starts: datetime
    words: str  # « 3 décembre 2026 à 14 h 00 », on the cohort's clocks
    minutes: int
    place: str
    link: str
    replay: str
    step: str  # title of the live step that it dates, « » when it dates none
    over: bool


@dataclass(frozen=True)
class SessionsPage:
    cohort: int
    name: str
    city: str  # whose clocks the hours are of: « Paris »
    archived: bool
    coming: tuple[SessionLine, ...]
    past: tuple[SessionLine, ...]  # the last one first
    removed: tuple[SessionLine, ...]
    steps: tuple[tuple[str, str], ...]  # the live steps that one may date, by uid


def sessions(db: Session, me: Me, number: int) -> SessionsPage:
    """Raises Missing, whoever else leads the cohort."""
    cohort = teaching.led_cohort(db, me.id, number)
    steps = {step.uid: step.title for step in reads.live_steps(db, number)}
    events = reads.sessions(db, number)
    held = [session_line(event, cohort.zone, steps) for event in events if event.removed_at is None]
    return SessionsPage(
        cohort=cohort.id,
        name=cohort.name,
        city=i18n.city(cohort.zone),
        archived=cohort.archived_at is not None,
        coming=tuple(line for line in held if not line.over),
        past=tuple(line for line in reversed(held) if line.over),
        removed=tuple(session_line(event, cohort.zone, steps) for event in events if event.removed_at is not None),
        steps=tuple(steps.items()),
    )


def coming(db: Session, cohort: Cohort) -> tuple[SessionLine, ...]:
    """The next sessions of a cohort, for its own page. One statement."""
    events = [event for event in reads.sessions(db, cohort.id) if event.removed_at is None]
    lines = (session_line(event, cohort.zone, {}) for event in events)
    return tuple(line for line in lines if not line.over)[:NEXT]


def session_line(event: CohortEvent, zone: str, steps: dict[str, str]) -> SessionLine:
    local, held = i18n.in_zone(event.starts_at, zone), reads.meeting(event)
    return SessionLine(
        number=event.id,
        title=event.title,
        day=local.day,
        month=i18n.month(local),
        starts=event.starts_at,
        words=i18n.moment(event.starts_at, zone),
        minutes=event.minutes,
        place=event.place,
        link=event.link,
        replay=event.replay,
        step=steps.get(event.step_uid or "", ""),
        over=held.over(),
    )
