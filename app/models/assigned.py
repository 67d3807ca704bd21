"""What an assignment does to each member, and how much it asks a day. Pure rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.models.mail import Silent

DAILY = 10
"""Days up to which a pace is said by the day, by the week above."""
HEAVY = 60
"""Minutes a day above which a pace is said tight."""


@dataclass(frozen=True)
class Dates:
    """From which day, until which day: the same for all, or so many days after each joined."""

    starts_on: date
    due_on: date | None = None
    due_days: int | None = None


@dataclass(frozen=True)
class Wanted:
    """What a trainer asks of a cohort. `slug`: of a pathway; `format_minutes`: nominal."""

    slug: str
    format_minutes: int | None
    dates: Dates


class Stand(StrEnum):
    """Where somebody stands beside the format asked of them."""

    ABSENT = "absent"
    """Nothing is begun: an assignment begins it."""
    SHORTER = "shorter"
    """An assignment widens it, once; afterwards, it is what they chose."""
    SAME = "same"
    LONGER = "longer"
    LACKING = "lacking"
    """Shorter, in an edition without the format asked: nothing moves, an offer carries edition and format."""


def stand(own_minutes: int | None, asked_minutes: int, *, offered: bool) -> Stand:
    """`own_minutes`: of the open enrolment, None without one; `offered`: the edition that they read has the format."""
    if own_minutes is None:
        return Stand.ABSENT
    if own_minutes >= asked_minutes:
        return Stand.LONGER if own_minutes > asked_minutes else Stand.SAME
    return Stand.SHORTER if offered else Stand.LACKING


@dataclass(frozen=True)
class Effects:
    """What an assignment would do, in numbers of people."""

    people: int
    formats: Mapping[tuple[Stand, int], int]
    """By where they stand and the minutes of their own format (0 without one)."""
    finished: int
    """With every step of the format asked done already."""
    told: tuple[str, ...] = ()
    """Who receives the mail that announces it, by name."""
    silent: Mapping[Silent, tuple[str, ...]] = field(default_factory=dict)
    """Who does not."""


@dataclass(frozen=True)
class Pace:
    """What a format asks of who begins on the first day."""

    minutes: int
    days: int

    @property
    def daily(self) -> bool:
        return self.days <= DAILY

    @property
    def each(self) -> int:
        """Minutes a day, rounded up to five; or a week, rounded up to a quarter of an hour."""
        days, step = (1, 5) if self.daily else (7, 15)
        return -(-self.minutes * days // (self.days * step)) * step

    @property
    def tight(self) -> bool:
        return self.minutes > HEAVY * self.days


def pace(minutes: int, *, today: date, starts_on: date, due_on: date | None, due_days: int | None) -> Pace:
    """From the first day that is left until the last, both counted; or the days that each member has."""
    days = (due_on - max(today, starts_on)).days + 1 if due_on is not None else due_days or 1
    return Pace(minutes, max(1, days))
