"""The action plan: what a learner said they will do, with whom, by when; theirs to change for ever, never signed."""

import hashlib
import json
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UtcDateTime
from app.i18n import in_zone
from app.models.types import Id, closed


class Horizon(StrEnum):
    """How far ahead, nearest first."""

    DAYS_15 = "15_days"
    MONTHS_18 = "18_months"
    YEARS_7 = "7_years"
    YEARS_28 = "28_years"


class Outcome(StrEnum):
    """Did it happen? None of them is a fault."""

    DONE = "done"
    POSTPONED = "postponed"
    DROPPED = "dropped"
    TALKING = "talking"


class PlanItem(Base):
    """One line of a plan. What is due within 15 days is a commitment: one asks whether it happened."""

    __tablename__ = "plan_item"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(Id, ForeignKey("enrolment.id"))
    key: Mapped[str] = mapped_column(String(64))
    """From the form, or from the bilan that it was issued with: sent twice, it is the same line."""
    horizon: Mapped[Horizon] = mapped_column(closed(Horizon))
    text: Mapped[str] = mapped_column(Text)
    """What to do, or what to ask for."""
    with_whom: Mapped[str] = mapped_column(Text)
    board: Mapped[str] = mapped_column(Text)
    """What to tell or to ask one's own board."""
    due_on: Mapped[date | None] = mapped_column(Date)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[Outcome | None] = mapped_column(closed(Outcome))
    outcome_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("enrolment_id", "key"),)

    @property
    def mark(self) -> str:
        return mark(self.text, self.with_whom, self.board, self.due_on)


MOST = 60
"""Lines of a plan: past that, it is no plan."""


def mark(text: str, with_whom: str, board: str, due_on: date | None) -> str:
    """What a line says, in a few signs: a page says by it which text it showed."""
    said = json.dumps([text, with_whom, board, due_on.isoformat() if due_on else ""])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


BLANK = mark("", "", "", None)


@dataclass(frozen=True)
class Planned:
    """A line of the plan as pages read it."""

    id: int
    enrolment_id: int
    key: str
    horizon: Horizon
    text: str
    with_whom: str
    board: str
    due_on: date | None
    begun_at: datetime
    outcome: Outcome | None
    outcome_at: datetime | None

    @property
    def mark(self) -> str:
        return mark(self.text, self.with_whom, self.board, self.due_on)


FAR = (Horizon.YEARS_7, Horizon.YEARS_28)
"""Asked of the longest of three formats only: who has the time to build an alliance may look a generation ahead."""
FORMATS = 3


def horizons(format_minutes: int, offered: Sequence[int], held: Sequence[Horizon] = ()) -> tuple[Horizon, ...]:
    """Those that a plan has. `offered`: minutes of the pathway's formats; `held`: horizons with something in them."""
    whole = len(offered) >= FORMATS and format_minutes == max(offered)
    return tuple(each for each in Horizon if each not in FAR or whole or each in held)


SETTLED = (Outcome.DONE, Outcome.DROPPED)
"""Nothing more to ask."""
FIRST, SECOND = timedelta(days=15), 3
"""Days, then months, after the bilan."""


def asks(line: Planned, today: date, zone: str) -> bool:
    """Whether it is time to ask if a commitment happened."""
    return asked_day(line, today, zone) is not None


def asked_day(line: Planned, today: date, zone: str) -> date | None:
    """Since when one asks if a commitment happened: its day, else after 15 days; and after 3 months. None: not now.

    `today`: in the zone of whoever is asked.
    """
    if line.horizon is not Horizon.DAYS_15 or line.outcome in SETTLED:
        return None
    begun = in_zone(line.begun_at, zone).date()
    first = line.due_on or begun + FIRST
    reached = [day for day in (first, max(first, _months_after(begun, SECOND))) if day <= today]
    open_one = bool(reached) and (line.outcome_at is None or in_zone(line.outcome_at, zone).date() < reached[-1])
    return reached[-1] if open_one else None


def _months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
