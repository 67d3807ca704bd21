"""What is said of a group says nothing of a person."""

from hypothesis import given
from hypothesis import strategies as some

from app.models.average import FEW, LEAST, grouped, mean


@given(some.dictionaries(some.sampled_from("abcd"), some.integers(0, 12)))
def test_no_group_of_levels_holds_fewer_than_three_nor_everyone(counts: dict[str, int]) -> None:
    groups = grouped(counts)
    assert all(n >= FEW for _keys, n in groups)
    assert len(groups) != 1
    if groups:
        assert sum(n for _keys, n in groups) == sum(counts.values()) >= LEAST
        named = [key for keys, _n in groups for key in keys]
        assert len(named) == len(set(named))
        assert all(sum(counts[key] for key in keys) == n for keys, n in groups)


def test_levels_held_by_one_or_two_are_put_together() -> None:
    assert grouped({"a": 5, "b": 2, "c": 1, "d": 0}) == [(("a",), 5), (("b", "c", "d"), 3)]
    assert grouped({"a": 7, "b": 1}) == []
    assert grouped({"a": 6, "b": 2}) == []
    assert grouped({"a": 4, "b": 3}) == []


def test_a_mean_needs_eight_who_know() -> None:
    assert mean([(3, 6)] * 7 + [(0, 0)]) is None
    assert mean([(3, 6)] * 8) == 50
