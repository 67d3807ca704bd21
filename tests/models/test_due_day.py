"""One due date for pages, mails and exports: a day of the cohort's zone, over when that day is over there."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.models import due_day, end_of_day
from app.models.assigned import Stand, pace, stand

START = date(2026, 10, 20)


def due(
    joined: datetime, zone: str, days: int | None = 5, on: date | None = None, extended: date | None = None
) -> date:
    return due_day(due_on=on, due_days=days, starts_on=START, joined_at=joined, extended=extended, zone=zone)


def test_an_extension_wins_then_the_day_then_the_days_after_joining() -> None:
    joined = datetime(2026, 10, 25, 12, tzinfo=UTC)
    assert due(joined, "Europe/Paris", None, date(2026, 12, 18), date(2026, 11, 2)) == date(2026, 11, 2)
    assert due(joined, "Europe/Paris", None, date(2026, 12, 18)) == date(2026, 12, 18)
    assert due(joined, "Europe/Paris") == date(2026, 10, 30)
    assert due(joined - timedelta(days=40), "Europe/Paris") == START + timedelta(days=5)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Europe/Paris", 26), ("Pacific/Auckland", 26), ("America/Guadeloupe", 25), ("Pacific/Tahiti", 25)],
)
def test_one_joins_on_the_day_that_it_is_in_the_cohort(zone: str, day: int) -> None:
    """Late on the night when Paris goes back to winter time."""
    assert due(datetime(2026, 10, 25, 23, 30, tzinfo=UTC), zone, 1) == date(2026, 10, day) + timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "zone", "over"),
    [
        (date(2026, 10, 24), "Europe/Paris", datetime(2026, 10, 24, 22, tzinfo=UTC)),
        (date(2026, 10, 25), "Europe/Paris", datetime(2026, 10, 25, 23, tzinfo=UTC)),  # 25 hours long
        (date(2027, 3, 27), "Europe/Paris", datetime(2027, 3, 27, 23, tzinfo=UTC)),
        (date(2027, 3, 28), "Europe/Paris", datetime(2027, 3, 28, 22, tzinfo=UTC)),  # 23 hours long
        (date(2026, 12, 18), "Pacific/Noumea", datetime(2026, 12, 18, 13, tzinfo=UTC)),
        (date(2026, 12, 18), "America/Cayenne", datetime(2026, 12, 19, 3, tzinfo=UTC)),
    ],
)
def test_a_day_is_over_when_it_is_over_there(day: date, zone: str, over: datetime) -> None:
    assert end_of_day(day, zone) == over


def test_a_pace_is_said_by_the_day_when_short_by_the_week_when_long() -> None:
    today = date(2026, 11, 30)

    def of(minutes: int, last: date | None, days: int | None = None) -> tuple[int, int, bool, bool]:
        found = pace(minutes, today=today, starts_on=today, due_on=last, due_days=days)
        return found.days, found.each, found.daily, found.tight

    assert of(240, date(2026, 12, 2)) == (3, 80, True, True)  # « 4 h en 3 jours : 1 h 20 par jour »
    assert of(240, date(2026, 12, 18)) == (19, 90, False, False)  # « soit environ 1 h 30 par semaine »
    assert of(120, today) == (1, 120, True, True)
    assert of(120, None, 30) == (30, 30, False, False)


def test_where_somebody_stands_beside_the_format_asked() -> None:
    assert stand(None, 240, offered=False) is Stand.ABSENT
    assert stand(240, 240, offered=True) is Stand.SAME
    assert stand(720, 240, offered=False) is Stand.LONGER
    assert stand(120, 240, offered=True) is Stand.SHORTER
    assert stand(120, 240, offered=False) is Stand.LACKING
