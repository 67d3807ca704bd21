"""The fold of the ledger and the questions asked of progress: pure rules."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.models import StepEvent, Verb, fold
from app.models.progress import Progress, StepRow

NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)
COUNTING = (Verb.COMPLETED, Verb.REDONE, Verb.CREDITED, Verb.COMPLETED_BY_TRAINER)

events = st.lists(
    st.builds(
        lambda number, uid, verb, minutes, score, late: StepEvent(
            id=number,
            step_uid=uid,
            verb=verb,
            at=NOON + timedelta(minutes=late),
            data={"minutes": minutes, "task_digest": f"d{minutes}", **({"score": score} if score is not None else {})},
        ),
        number=st.integers(1, 10**6),
        uid=st.sampled_from(["a", "b", None]),
        verb=st.sampled_from(list(Verb)),
        minutes=st.integers(1, 60),
        score=st.none() | st.integers(0, 10),
        late=st.integers(0, 5),
    ),
    unique_by=lambda event: event.id,
    max_size=12,
)


@given(events, st.randoms())
def test_the_fold_does_not_depend_on_the_order_in_which_events_are_read(
    ledger: list[StepEvent], random: object
) -> None:
    shuffled = list(ledger)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled) == fold(ledger)


@given(events)
def test_an_event_more_never_undoes_a_step(ledger: list[StepEvent]) -> None:
    ledger.sort(key=lambda event: (event.at, event.id))
    for size in range(len(ledger)):
        before, after = fold(ledger[:size]), fold(ledger[: size + 1])
        assert before.keys() <= after.keys()
        for uid, step in before.items():
            assert after[uid].completed_at == step.completed_at
            assert after[uid].minutes_credited == step.minutes_credited
            assert (after[uid].best_score or 0) >= (step.best_score or 0)


@given(events)
def test_only_acts_on_a_step_count(ledger: list[StepEvent]) -> None:
    assert set(fold(ledger)) == {e.step_uid for e in ledger if e.step_uid and e.verb in COUNTING}


def row(uid: str, format_minutes: int, *, done: bool = False, optional: bool = False, ready: bool = True) -> StepRow:
    return StepRow(
        module=1,
        module_slug="m",
        module_title="M",
        module_summary="",
        uid=uid,
        kind="reading",
        title=uid,
        minutes=10,
        format_minutes=format_minutes,
        optional=optional,
        ready=ready,
        task_digest="d",
        completed_at=NOON if done else None,
        minutes_credited=10 if done else None,
        done_digest="d" if done else None,
    )


rows = st.lists(
    st.tuples(st.sampled_from([120, 240, 720]), st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=20
).map(
    lambda found: tuple(
        row(f"s{n}", minutes, done=done, optional=optional, ready=ready)
        for n, (minutes, done, optional, ready) in enumerate(found)
    )
)


@given(rows)
def test_a_longer_format_holds_the_shorter_one_and_loses_nothing(steps: tuple[StepRow, ...]) -> None:
    short, middle, long = (Progress(steps, minutes) for minutes in (120, 240, 720))
    assert set(short.required) <= set(middle.required) <= set(long.required)
    assert short.done <= middle.done <= long.done
    assert short.credited_minutes <= middle.credited_minutes <= long.credited_minutes


@given(rows)
def test_done_and_missing_make_the_whole_and_a_next_step_can_be_done(steps: tuple[StepRow, ...]) -> None:
    for minutes in (120, 240, 720):
        progress = Progress(steps, minutes)
        assert progress.done + len(progress.missing) == progress.total
        assert progress.finished == (progress.total > 0 and progress.left_minutes == 0)
        following = progress.next
        assert following is None or (following.ready and not following.done and following in progress.required)
        for step in progress.required:
            after = progress.after(step.uid)
            assert after is None or (after.uid != step.uid and after in progress.missing)


def test_an_optional_step_is_never_missing_and_a_step_of_a_longer_format_has_no_number() -> None:
    progress = Progress((row("a", 120, done=True), row("b", 120, optional=True), row("c", 240)), 120)
    assert progress.finished
    assert [progress.number(uid) for uid in "abc"] == [1, None, None]


def test_a_changed_task_stays_done_and_says_so() -> None:
    changed = StepRow(**(vars(row("a", 120, done=True)) | {"task_digest": "new"}))
    assert changed.done
    assert changed.changed
    assert Progress((changed,), 120).finished
