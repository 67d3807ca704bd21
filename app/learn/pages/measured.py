"""What measured time is, said to everybody, and how it is said to who it belongs to."""

from collections.abc import Iterable

from app.learn.pages.shapes import MeasuredTimePage
from app.models.measured import Interval, length
from app.steps import KINDS


def measured_time() -> MeasuredTimePage:
    return MeasuredTimePage(tuple((kind.label(), kind.idle_seconds // 60) for kind in KINDS.values()))


def measured(intervals: Iterable[Interval], enrolment_id: int | None) -> int | None:
    """Seconds measured in one enrolment; None: not measured."""
    return length(interval for interval in intervals if interval.enrolment_id == enrolment_id)
