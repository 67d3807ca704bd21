"""« J'ai 20 minutes »: for any pathway, any progress and any time at hand, the same rule."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.models.progress import Progress, StepRow
from app.models.stint import AT_HAND, stint

NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)


def row(
    uid: str, module: int, minutes: int, *, done: bool = False, ready: bool = True, optional: bool = False
) -> StepRow:
    return StepRow(
        module=module,
        module_slug=f"m{module}",
        module_title=f"Module {module}",
        module_summary="",
        uid=uid,
        kind="reading",
        title=uid,
        minutes=minutes,
        format_minutes=120,
        optional=optional,
        ready=ready,
        task_digest="",
        completed_at=NOON if done else None,
    )


@st.composite
def progresses(draw: st.DrawFn) -> Progress:
    modules = sorted(draw(st.lists(st.integers(1, 6), min_size=draw(st.sampled_from([0, 4, 8])), max_size=20)))
    seldom = st.sampled_from([False, False, False, False, True])
    rows = [
        row(
            f"s{rank}",
            module,
            draw(st.integers(1, 15) | st.integers(16, 45)),
            done=draw(seldom),
            ready=not draw(seldom),
            optional=draw(seldom),
        )
        for rank, module in enumerate(modules)
    ]
    return Progress(tuple(rows), 120)


at_hand = st.sampled_from(AT_HAND) | st.integers(1, 60)


def left(progress: Progress) -> list[StepRow]:
    return [each for each in progress.missing if each.ready]


@given(progresses(), at_hand)
def test_it_never_asks_for_more_than_the_time_at_hand_unless_the_next_step_alone_does_and_then_it_says_so(
    progress: Progress, minutes: int
) -> None:
    found = stint(progress, minutes)
    assert found.longer == (found.minutes > minutes)
    if found.longer:
        assert found.steps == tuple(left(progress)[:1])


@given(progresses(), at_hand)
def test_it_is_the_next_steps_that_can_be_done_in_order_and_none_is_skipped(progress: Progress, minutes: int) -> None:
    found = stint(progress, minutes)
    assert list(found.steps) == left(progress)[: len(found.steps)]
    assert bool(found.steps) == bool(left(progress))
    assert all(not step.done and step.ready and not step.optional for step in found.steps)


@given(progresses(), at_hand)
def test_it_stops_early_only_at_the_end_of_a_module_and_never_before_half_of_the_time(
    progress: Progress, minutes: int
) -> None:
    found, rest = stint(progress, minutes), left(progress)
    more = rest[len(found.steps) :]
    if found.steps and more:
        ends = more[0].module != found.steps[-1].module
        assert found.whole == ends
        if found.minutes + more[0].minutes <= minutes:
            assert ends
            assert 2 * found.minutes >= minutes


@given(progresses(), at_hand)
def test_a_module_that_can_be_finished_in_good_time_is(progress: Progress, minutes: int) -> None:
    found, rest = stint(progress, minutes), left(progress)
    spent = 0
    for rank, step in enumerate(rest, 1):
        spent += step.minutes
        ends = rank == len(rest) or rest[rank].module != step.module
        if ends and minutes <= 2 * spent and spent <= minutes:
            assert found.whole


@given(progresses(), at_hand)
def test_the_same_question_has_the_same_answer_and_twice_the_time_no_smaller_one(
    progress: Progress, minutes: int
) -> None:
    assert stint(progress, minutes) == stint(progress, minutes)
    assert len(stint(progress, 2 * minutes).steps) >= len(stint(progress, minutes).steps)


def test_twenty_minutes_end_with_the_module_rather_than_in_the_middle_of_the_next() -> None:
    rows = [row("a", 1, 8), row("b", 1, 5), row("c", 2, 5), row("d", 2, 5)]
    assert [step.uid for step in stint(Progress(tuple(rows), 120), 20).steps] == ["a", "b"]
    assert [step.uid for step in stint(Progress(tuple(rows), 120), 40).steps] == ["a", "b", "c", "d"]


def test_a_module_that_ends_at_once_does_not_end_the_evening() -> None:
    rows = [row("a", 1, 5), row("b", 2, 10), row("c", 2, 10)]
    assert [step.uid for step in stint(Progress(tuple(rows), 120), 20).steps] == ["a", "b"]
