"""Where each person of a cohort stands in what was asked of them, and when they will be done: pure rules."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

WINDOW = 14
"""Calendar days, today included: over which one goes silent, and over which a pace is taken."""
ENOUGH = 3
"""Completions in the window below which a pace says nothing."""


class State(StrEnum):
    """One at a time, the first that holds."""

    FINISHED = "finished"
    LATE = "late"
    SILENT = "silent"
    NOT_BEGUN = "not_begun"
    INVITED = "invited"
    UNDERWAY = "underway"


@dataclass(frozen=True)
class Standing:
    """What a trainer may know of one person: steps and declared minutes, and days. `due_on`: the effective one."""

    member: bool = True
    """False: invited, and not there yet."""
    opened: bool = False
    """The invitation."""
    steps_done: int = 0
    steps_due: int = 0
    minutes_done: int = 0
    minutes_due: int = 0
    recent_steps: int = 0
    recent_minutes: int = 0
    last_on: date | None = None
    due_on: date | None = None


def state(who: Standing, today: date) -> State:
    """`today`: in the zone of the cohort, where the day due ends."""
    if not who.member:
        return State.NOT_BEGUN if who.opened else State.INVITED
    if finished(who):
        return State.FINISHED
    if who.due_on is not None and who.due_on < today:
        return State.LATE
    if who.last_on is None:
        return State.NOT_BEGUN
    return State.SILENT if today - who.last_on >= timedelta(days=WINDOW) else State.UNDERWAY


def finished(who: Standing) -> bool:
    return who.steps_due > 0 and who.steps_done == who.steps_due


def forecast(who: Standing, today: date) -> date | None:
    """The day on which what is left will be done at the pace of the window; None: done, or too little to say."""
    days = days_left(who)
    return None if days is None else today + timedelta(days=days)


def days_left(who: Standing) -> int | None:
    """Declared minutes left, by declared minutes done per calendar day, rounded up."""
    if not who.member or finished(who) or who.recent_steps < ENOUGH or who.recent_minutes <= 0:
        return None
    return -(-(who.minutes_due - who.minutes_done) * WINDOW // who.recent_minutes)


def on_time(who: Standing, today: date) -> bool:
    """They will be done by their due date at this pace."""
    day = forecast(who, today)
    return day is not None and (who.due_on is None or day <= who.due_on)
