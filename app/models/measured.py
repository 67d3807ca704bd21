"""Measured time: seconds seen and active, counted once however many tabs and devices. One pure rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST = 2 * 3600
"""Seconds that one interval may count: nobody reads longer without a pause."""


@dataclass(frozen=True)
class Interval:
    enrolment_id: int
    step_uid: str
    from_at: datetime
    seconds: int


def length(intervals: Iterable[Interval]) -> int | None:
    """Seconds covered by one interval at least: the length of their union. None: nothing was measured."""
    total, until = timedelta(0), None
    for interval in sorted(intervals, key=lambda each: each.from_at):
        end = interval.from_at + timedelta(seconds=interval.seconds)
        since = interval.from_at if until is None else max(until, interval.from_at)
        if end > since:
            total += end - since
            until = end
    return int(total.total_seconds()) or None


def counted(seconds: int, before: int, elapsed: timedelta) -> int:
    """What an interval counts once a beat has said `seconds`: never less than before, never more than has passed."""
    return max(before, min(seconds, LONGEST, int(elapsed.total_seconds())))
