"""Measured time: for any intervals in any order, the length of their union, never more than has passed."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.models.measured import LONGEST, Interval, counted, length

NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)

intervals = st.lists(
    st.builds(
        lambda start, seconds: Interval(1, "a", NOON + timedelta(seconds=start), seconds),
        st.integers(0, 60),
        st.integers(0, 30),
    ),
    max_size=8,
)


def seconds_of(found: list[Interval]) -> set[int]:
    """Each second covered, one by one."""
    starts = ((int((each.from_at - NOON).total_seconds()), each.seconds) for each in found)
    return {start + passed for start, seconds in starts for passed in range(seconds)}


@given(intervals)
def test_a_second_counts_once_however_many_tabs_saw_it(found: list[Interval]) -> None:
    assert (length(found) or 0) == len(seconds_of(found))


@given(intervals, st.randoms())
def test_neither_order_nor_repetition_changes_it(found: list[Interval], random: object) -> None:
    again = [*found, *found]
    random.shuffle(again)  # type: ignore[attr-defined]
    assert length(again) == length(found)


@given(intervals, intervals)
def test_more_intervals_never_make_less_nor_more_than_their_sum(one: list[Interval], two: list[Interval]) -> None:
    both = length([*one, *two]) or 0
    assert max(length(one) or 0, length(two) or 0) <= both <= (length(one) or 0) + (length(two) or 0)


def test_what_was_not_measured_is_nothing_and_never_zero() -> None:
    assert length([]) is None
    assert length([Interval(1, "a", NOON, 0)]) is None


@given(st.integers(0, 20000), st.integers(0, LONGEST), st.floats(0, 20000))
def test_a_beat_never_shortens_and_never_counts_more_than_has_passed(said: int, before: int, passed: float) -> None:
    found = counted(said, before, timedelta(seconds=passed))
    assert found >= before
    assert found == before or (found <= passed and found <= LONGEST and found <= said)
