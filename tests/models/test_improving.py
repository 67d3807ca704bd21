"""What is said of measured time: never of few people, never moved by a page left open, never against the budget."""

from hypothesis import given
from hypothesis import strategies as st

from app.models.improving import FEWEST, Declared, Proposal, proposals, spread


def test_below_eight_people_nothing_is_said() -> None:
    assert spread([600] * (FEWEST - 1)) is None
    found = spread([600] * FEWEST)
    assert found is not None
    assert (found.people, found.median, found.third_quartile) == (FEWEST, 10, 10)


def test_a_page_left_open_for_hours_moves_nothing() -> None:
    usual = [540, 560, 580, 600, 620, 640, 660, 680]
    assert spread(usual) is not None
    assert spread([*usual, 7200 * 9]) == spread(usual)


def test_cut_down_below_eight_nothing_is_said() -> None:
    assert spread([600] * 7 + [72_000]) is None


@given(st.lists(st.integers(1, 100_000), min_size=FEWEST, max_size=60))
def test_a_median_is_a_time_that_somebody_could_have_taken(seconds: list[int]) -> None:
    found = spread(seconds)
    if found is not None:
        assert min(seconds) / 60 - 1 <= found.median <= max(max(seconds) / 60, 1)
        assert found.median <= found.third_quartile


def test_minutes_are_proposed_while_every_format_keeps_its_length() -> None:
    steps = [Declared("a", 60, 120), Declared("b", 60, 120), Declared("c", 120, 240)]
    found = proposals(steps, [120, 240], {"a": 70, "b": 62, "c": 121})
    assert found == [Proposal("a", 60, 70), Proposal("b", 60, 62)]
    assert proposals(steps, [120, 240], {"a": 75}) == []  # 135 minutes for 120
    assert proposals(steps, [120, 240], {"a": 61}) == []  # nobody notices a minute


@given(
    st.lists(st.tuples(st.integers(1, 30), st.sampled_from([120, 240])), min_size=1, max_size=20),
    st.lists(st.integers(1, 60), min_size=20, max_size=20),
)
def test_what_is_proposed_together_keeps_every_format_in_its_budget(
    steps: list[tuple[int, int]], medians: list[int]
) -> None:
    declared = [Declared(f"s{rank}", *step) for rank, step in enumerate(steps)]
    found = {each.uid: each.measured for each in proposals(declared, [120, 240], dict(_named(medians)))}
    for length in (120, 240):
        total = sum(found.get(step.uid, step.minutes) for step in declared if step.format_minutes <= length)
        assert not found or abs(total - length) * 10 <= length


def _named(medians: list[int]) -> list[tuple[str, int]]:
    return [(f"s{rank}", minutes) for rank, minutes in enumerate(medians)]
