"""From answers to a level and axes: every row of the plan's table, « Je ne sais pas » and ties included."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import ROOT
from app.content import text
from app.content.documents import DiagnosticDoc
from app.models.recommendation import AxisScore, lowest, score, word

PATH = "diagnostics/ma-maturite/diagnostic.md"
DOC, PROBLEMS = text.parse((ROOT / "courses" / PATH).read_text(), DiagnosticDoc, PATH)
assert DOC is not None, PROBLEMS
UIDS = [question.uid for question in DOC.questions]


def sat(*points: int | None) -> dict[str, int | None]:
    return dict(zip(UIDS, points, strict=True))


def every(points: int | None) -> dict[str, int | None]:
    return sat(*[points] * len(UIDS))


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        (every(0), "pas-encore-engage"),
        (sat(1, 1, 1, 1, 1, 1, 1, 0, 0, 0), "pas-encore-engage"),  # 7 of 30: 23 %
        (sat(1, 1, 1, 1, 1, 1, 1, 1, 0, 0), "premiers-pas"),  # 8 of 30: 26 %
        (every(1), "premiers-pas"),  # 33 %
        (sat(2, 2, 2, 2, 2, 1, 1, 1, 1, 0), "premiers-pas"),  # 14 of 30: 46 %
        (sat(2, 2, 2, 2, 2, 1, 1, 1, 1, 1), "actif"),  # 15 of 30: exactly half
        (every(2), "actif"),
        (sat(3, 3, 3, 3, 3, 3, 3, 3, 0, 0), "actif"),  # 80 %, but an axis at zero
        (sat(3, 3, 3, 3, 3, 3, 3, 3, 1, 2), "pionnier"),  # 90 %, the lowest axis at half
        (every(3), "pionnier"),
        (every(None), "pas-encore-engage"),
    ],
)
def test_the_level_follows_the_plan_s_table(answers: dict[str, int | None], level: str) -> None:
    assert score(DOC, answers).level == level


def test_what_one_does_not_know_counts_neither_for_nor_against() -> None:
    found = score(DOC, sat(None, 3, 3, 2, 2, 2, 2, 2, 2, 2))
    assert found.out_of == 27
    assert found.unknown == 1
    assert not found.incomplete
    assert score(DOC, sat(None, None, None, 2, 2, 2, 2, 2, 2, 2)).incomplete


def test_an_axis_that_nobody_knows_is_not_the_weakest() -> None:
    found = score(DOC, sat(None, None, None, 2, 2, 2, 2, 2, 1, 1))
    assert lowest(found.axes)[0] == "E"


def test_axes_within_one_point_are_both_named_and_a_tie_follows_the_listed_order() -> None:
    assert lowest((AxisScore("V", 3, 9), AxisScore("A", 4, 9), AxisScore("G", 6, 6))) == ("V", "A")
    assert lowest((AxisScore("V", 3, 9), AxisScore("A", 5, 9), AxisScore("G", 6, 6))) == ("V",)
    assert lowest((AxisScore("V", 2, 6), AxisScore("A", 2, 6), AxisScore("G", 6, 6))) == ("V", "A")
    assert lowest(()) == ()


def test_words_are_ours() -> None:
    assert [word(AxisScore("V", points, 10)) for points in (3, 4, 6, 7)] == [0, 1, 1, 2]


@given(st.lists(st.none() | st.integers(0, 3), min_size=10, max_size=10))
def test_any_sitting_has_a_level_and_points_within_bounds(points: list[int | None]) -> None:
    found = score(DOC, sat(*points))
    assert 0 <= found.total <= found.out_of <= 30
    assert found.level in {level.slug for level in DOC.levels}
    assert sum(axis.points for axis in found.axes) == found.total


@given(st.lists(st.integers(0, 2), min_size=10, max_size=10), st.integers(0, 9))
def test_a_better_answer_never_lowers_the_level(points: list[int], at: int) -> None:
    ranks = [level.slug for level in DOC.levels]
    better = [*points]
    better[at] += 1
    assert ranks.index(score(DOC, sat(*better)).level) >= ranks.index(score(DOC, sat(*points)).level)
