"""From answers to a level and axes: every row of the plan's table, « Je ne sais pas » and ties included."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import ROOT
from app.content import text
from app.content.diagnostics import DiagnosticDoc
from app.content.documents import TaxonomyList
from app.models.recommendation import AxisScore, Offer, Recommendation, lowest, recommend, score, word

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


SHEETS = ("fa1", "fa2", "fa3", "fa4", "fa5")
EVERY = (Offer("2h", 120), Offer("4h", 240), Offer("12h", 720))
TODAY = (Offer("2h", 120), Offer("4h", 240), Offer("12h", 720, offered=False))
TIMES = {"vingt-minutes": 120, "deux-heures": 120, "une-journee": 240, "plus": 720, "": None}
DISCOVERS = sat(1, 1, 1, 1, 1, 0, 0, 0, 0, 0)
BEGINS = sat(1, 1, 1, 1, 1, 1, 0, 0, 2, 2)  # G is lowest
ACTS = sat(3, 3, 3, 2, 1, 1, 2, 2, 3, 3)  # A, then G
LEADS = sat(3, 3, 3, 3, 3, 3, 3, 2, 2, 2)  # E


def advise(answers: dict[str, int | None], **known: Any) -> Recommendation:
    return recommend(DOC, score(DOC, answers), **{"offers": EVERY, "sheets": SHEETS, **known})


@pytest.mark.parametrize(
    ("answers", "level", "need", "formats", "sheets"),
    [  # formats: with 20 minutes, 2 hours, a day, more, and when the time is not said
        (DISCOVERS, "pas-encore-engage", "s-informer", "2h 2h 2h 2h 2h", ("fa1",)),
        (BEGINS, "premiers-pas", "faire-ses-premiers-pas", "2h 2h 4h 4h 4h", ("fa4", "fa1")),
        (ACTS, "actif", "valoriser-ses-pratiques", "2h 2h 4h 12h 4h", ("fa2", "fa4")),
        (LEADS, "pionnier", "developper-ses-competences", "2h 2h 2h 2h 2h", ("fa5", "fa1", "fa2", "fa3", "fa4")),
    ],
)
def test_each_row_of_the_plan_gives_its_need_its_format_under_the_time_one_has_and_its_sheets(
    answers: dict[str, int | None], level: str, need: str, formats: str, sheets: tuple[str, ...]
) -> None:
    for (time, longest), name in zip(TIMES.items(), formats.split(), strict=True):
        found = advise(answers, longest=longest)
        assert found.wanted == found.named == next(offer for offer in EVERY if offer.name == name), time
        assert found.level.slug == level
        assert (found.level.need or found.level.intent) == need
        assert found.sheets == sheets
        assert not found.data_first
        assert found.soon is None
    assert advise(answers, longest=120).capped == (level in ("premiers-pas", "actif"))


def test_each_level_says_its_data_tools_and_skills() -> None:
    assert DOC is not None
    assert [bool(level.tools) for level in DOC.levels] == [False, True, True, True]  # « aucun outil imposé »
    assert all(level.data and level.skills for level in DOC.levels)


def test_the_times_of_the_course_are_those_of_the_plan() -> None:
    path = "taxonomy/times.yaml"
    times, problems = text.parse((ROOT / "courses" / path).read_text(), TaxonomyList, path)
    assert times is not None, problems
    assert {term.slug: term.longest for term in times.terms} == {slug: n for slug, n in TIMES.items() if slug}


PLAN = {
    "kit-piloter-partenariats": (
        {"V": "fa1", "A": "fa2", "G": "fa4", "E": "fa5"},
        {"E": "kit-projet-territoire"},
    ),
    "kit-transformer-mse": (
        {"P": "fb1", "H": "fb2", "F": "fb3", "L": "fb4", "T": "fb5"},
        {"L": "kit-piloter-partenariats"},
    ),
    "kit-accelerer-innovation": (
        {"E": "fc1", "P": "fc2", "I": "fc3", "M": "fc4"},
        {"M": "kit-transformer-mse"},
    ),
    "kit-projet-territoire": (
        {"C": "fd1", "M": "fd2", "P": "fd3", "G": "fd4"},
        {"G": "kit-piloter-partenariats"},
    ),
}
SHIPPED = sorted(path for path in (ROOT / "courses/diagnostics").glob("*/diagnostic.md") if path.parent.name != "demo")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_each_axis_leads_to_its_sheet_and_the_lowest_one_adds_its_kit(path: Path) -> None:
    doc, problems = text.parse(path.read_text(), DiagnosticDoc, path.name)
    assert doc is not None, problems
    sheets, crossed = PLAN[doc.kit]
    assert {axis.code: axis.sheet for axis in doc.axes} == sheets
    for low in sheets:
        answers = {question.uid: 1 if question.axis == low else 3 for question in doc.questions}
        found = recommend(doc, score(doc, answers), offers=EVERY, sheets=tuple(sorted(sheets.values())))
        assert [axis.code for axis in found.axes] == [low]
        assert found.sheets[0] == sheets[low]
        assert found.kits == (doc.kit, *([crossed[low]] if low in crossed else []))


def test_of_close_axes_both_are_named_and_the_one_chosen_comes_first() -> None:
    close = sat(1, 1, 1, 1, 1, 1, 2, 2, 2, 2)
    assert [axis.code for axis in advise(close).axes] == ["V", "A"]
    chosen = advise(close, chosen="A")
    assert [axis.code for axis in chosen.axes] == ["A", "V"]
    assert chosen.sheets == ("fa2", "fa1")
    assert [axis.code for axis in advise(close, chosen="E").axes] == ["V", "A"]  # not among the close ones


def test_when_too_much_is_unknown_the_data_come_first() -> None:
    assert not advise(sat(None, None, 2, 2, 2, 2, 2, 2, 1, 1)).data_first
    assert advise(sat(None, None, None, 2, 2, 2, 2, 2, 1, 1)).data_first
    nothing = advise(every(None))
    assert nothing.data_first
    assert nothing.axes == ()
    assert nothing.sheets == ("fa1",)
    assert nothing.kits == ("kit-piloter-partenariats",)


def test_a_format_not_offered_yet_leaves_the_longest_shorter_one() -> None:
    found = advise(ACTS, offers=TODAY, longest=720)
    assert (found.wanted, found.named, found.soon) == (TODAY[2], TODAY[1], TODAY[2])
    none = advise(ACTS, offers=[Offer(o.name, o.minutes, offered=False) for o in EVERY])
    assert none.named is None
    assert none.soon == Offer("4h", 240, offered=False)
    assert none.sheets


def test_a_format_done_is_never_advised_again() -> None:
    assert advise(LEADS, done=[120]).wanted == EVERY[1]
    assert advise(ACTS, done=[120, 240]).wanted == EVERY[2]
    assert advise(ACTS, done=[240], offers=TODAY).named is None
    assert advise(ACTS, done=[720]).wanted is None


@given(
    st.lists(st.none() | st.integers(0, 3), min_size=10, max_size=10),
    st.sampled_from([None, 120, 240, 720]),
    st.lists(st.booleans(), min_size=3, max_size=3),
    st.sets(st.sampled_from([120, 240, 720])),
)
def test_for_any_sitting_a_named_format_is_offered_new_and_never_longer_than_the_wanted_one(
    points: list[int | None], longest: int | None, offered: list[bool], done: set[int]
) -> None:
    offers = [Offer(o.name, o.minutes, offered=here) for o, here in zip(EVERY, offered, strict=True)]
    found = advise(sat(*points), offers=offers, longest=longest, done=done)
    assert found.sheets
    if found.named:
        assert found.wanted
        assert found.named.offered
        assert max(done, default=0) < found.named.minutes <= found.wanted.minutes
    if found.wanted and longest and not done:
        assert found.wanted.minutes <= longest
