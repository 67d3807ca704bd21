"""States hold one at a time, in their order; a forecast says only what a pace can say."""

from dataclasses import replace
from datetime import date, timedelta

from app.models.follow_up import Standing, State, forecast, on_time, state

TODAY = date(2026, 11, 25)
MIDWAY = Standing(
    steps_done=4,
    steps_due=10,
    minutes_done=40,
    minutes_due=100,
    recent_steps=3,
    recent_minutes=28,
    last_on=TODAY,
    due_on=TODAY + timedelta(days=30),
)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_who_finished_is_finished_even_after_the_due_date() -> None:
    assert state(replace(MIDWAY, steps_done=10, due_on=ago(3)), TODAY) is State.FINISHED


def test_one_is_late_from_the_day_after_the_due_date() -> None:
    assert state(replace(MIDWAY, due_on=TODAY), TODAY) is State.UNDERWAY
    assert state(replace(MIDWAY, due_on=ago(1)), TODAY) is State.LATE
    assert state(replace(MIDWAY, due_on=ago(1), last_on=None), TODAY) is State.LATE
    assert state(replace(MIDWAY, due_on=None), TODAY) is State.UNDERWAY


def test_one_is_silent_after_fourteen_days_without_activity() -> None:
    assert state(replace(MIDWAY, last_on=ago(13)), TODAY) is State.UNDERWAY
    assert state(replace(MIDWAY, last_on=ago(14)), TODAY) is State.SILENT


def test_who_did_nothing_has_not_begun() -> None:
    assert state(replace(MIDWAY, last_on=None), TODAY) is State.NOT_BEGUN


def test_an_invitation_is_not_opened_until_it_is() -> None:
    assert state(Standing(member=False), TODAY) is State.INVITED
    assert state(Standing(member=False, opened=True), TODAY) is State.NOT_BEGUN


def test_nothing_asked_is_not_finished() -> None:
    assert state(Standing(), TODAY) is State.NOT_BEGUN


def test_the_forecast_carries_on_the_pace_of_two_weeks() -> None:
    """60 minutes left at 28 minutes in 14 days: 30 days."""
    assert forecast(MIDWAY, TODAY) == TODAY + timedelta(days=30)
    assert on_time(MIDWAY, TODAY)
    assert not on_time(replace(MIDWAY, due_on=TODAY + timedelta(days=29)), TODAY)
    assert forecast(replace(MIDWAY, minutes_done=39), TODAY) == TODAY + timedelta(days=31), "rounded up"


def test_below_three_completions_nothing_is_forecast() -> None:
    few = replace(MIDWAY, recent_steps=2)
    assert forecast(few, TODAY) is None
    assert not on_time(few, TODAY)


def test_what_is_finished_is_not_forecast() -> None:
    assert forecast(replace(MIDWAY, steps_done=10), TODAY) is None
