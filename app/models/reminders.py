"""When a due date is said by mail: one rule, for who sends and for who looks ahead."""

from datetime import date, datetime, timedelta

WEEK, EVE, LATE = "7", "1", "late"
DAYS = {WEEK: range(5, 8), EVE: range(1, 2), LATE: range(-3, 0)}
"""Days to go when each is said; a worker that was away for a day or two says it still."""


def said_on(due: date, today: date) -> str | None:
    """Which of them is said that day."""
    return next((name for name, span in DAYS.items() if (due - today).days in span), None)


def coming(due: date, since: date, today: date) -> list[tuple[str, date]]:
    """Those still to be said, each with its first day. `since`: the day it was asked, on which nothing is said."""
    first = max(today, since + timedelta(days=1))
    days = {name: (due - timedelta(days=span[-1]), due - timedelta(days=span[0])) for name, span in DAYS.items()}
    return [(name, max(begin, first)) for name, (begin, end) in days.items() if end >= first]


def cause(assignment: int, person: int, when: str, due: date) -> str:
    """What makes such a mail one: said twice, it is said once."""
    return f"reminder:{assignment}:{person}:{when}:{due}"


MONDAY, FROM_HOUR = 0, 7
"""When the week of a cohort is said to who leads it, where they are."""


def next_digest(here: datetime) -> date:
    """The next day on which it is. `here`: now, where they are."""
    said = here.weekday() == MONDAY and here.hour >= FROM_HOUR
    return here.date() + timedelta(days=(MONDAY - here.weekday()) % 7 or (7 if said else 0))
