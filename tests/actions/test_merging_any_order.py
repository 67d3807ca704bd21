"""For any work of three people and any way of joining them, the one who remains has done the same."""

from dataclasses import dataclass
from datetime import timedelta

from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.actions import accounts, learning, summaries, writing
from app.actions.demo import demo_step
from app.actions.merging import merge
from app.db import Engines
from app.errors import Refused
from app.models import Enrolment, Note, Person, StepProgress, Summary
from app.reads import learning as reads
from tests.build import DEMO, enrolment, walk
from tests.cast import Cast
from tests.conftest import NOON

PEOPLE = 3
person = st.integers(0, PEOPLE - 1)
formats = st.tuples(*[st.sampled_from([None, 12, 24])] * PEOPLE).filter(any)
work = st.lists(st.tuples(st.sampled_from(["do", "write"]), person, st.integers(0, 9)), max_size=7)
joining = st.lists(st.tuples(st.integers(0, 7), person, person), max_size=5)
"""After how many pieces of work, who joins whom."""


@dataclass(frozen=True)
class State:
    """What remains to see, the same for everybody who did the same."""

    steps: dict[str, tuple[object, ...]]
    format_minutes: int
    started_at: object
    right: dict[str, frozenset[str]]
    sittings: frozenset[tuple[object, ...]]
    notes: dict[tuple[str, str], str]
    texts: frozenset[tuple[str, str, str]]


def test_people_joined_in_any_order_end_the_same(engines: Engines, cast: Cast) -> None:
    lite = engines.write.dialect.name == "sqlite"
    with Session(engines.write) as db:
        uids = walk(db, cast.noe)
        db.rollback()

    @rules(max_examples=25 if lite else 6, deadline=None, suppress_health_check=list(HealthCheck))
    @given(formats, work, joining)
    def check(
        begun: tuple[int | None, ...], done: list[tuple[str, int, int]], plan: list[tuple[int, int, int]]
    ) -> None:
        last = len(done)
        with Session(engines.write) as db:
            expected = live(db, uids, begun, done, [(last, 0, 2), (last, 1, 2)])
        with Session(engines.write) as db:
            assert live(db, uids, begun, done, plan) == expected

    check()


def live(
    db: Session,
    uids: list[str],
    begun: tuple[int | None, ...],
    done: list[tuple[str, int, int]],
    plan: list[tuple[int, int, int]],
) -> State:
    """Three guests work and are joined on the way; whoever joined somebody goes on as that one. Nothing is kept."""
    clock.freeze(NOON)
    people = [accounts.become_guest(db, "fr") for _number in range(PEOPLE)]
    for who, chosen in zip(people, begun, strict=True):
        clock.freeze(clock.now() + timedelta(hours=1))
        db.get_one(Person, who).name = "Gus"
        if chosen:
            learning.enrol(db, who, DEMO, chosen)
    began = [who for who, chosen in zip(people, begun, strict=True) if chosen]
    for turn in range(len(done) + 1):
        for after, source, target in plan:
            if after == turn or (turn == len(done) and after > turn):
                join(db, people[source], people[target])
        if turn < len(done):
            clock.freeze(clock.now() + timedelta(hours=1))
            verb, number, rank = done[turn]
            act(db, verb, now(db, began[number % len(began)]), uids[rank % len(uids)], turn)
    for who in people:
        join(db, now(db, who), now(db, people[0]))
    return seen(db, now(db, people[0]))


def join(db: Session, source: int, target: int) -> None:
    try:
        merge(db, source, target)
        merge(db, source, target)
    except Refused:
        assert source == target or now(db, source) != source or now(db, target) != target


def now(db: Session, person_id: int) -> int:
    db.expire_all()
    return db.get_one(Person, person_id).merged_into_id or person_id


def act(db: Session, verb: str, who: int, uid: str, turn: int) -> None:
    if verb == "do":
        demo_step(db, who, DEMO, uid)
    else:
        writing.save_notes(db, who, DEMO, {(uid, "notes"): f"texte {turn}"})


def seen(db: Session, who: int) -> State:
    number = enrolment(db, who)
    assert learning.refold(db, number) == 0
    for closed in db.scalars(select(Enrolment.id).where(Enrolment.merged_into_id == number)).all():
        assert learning.refold(db, closed) == 0
    standing = reads.summaries(db, number)
    assert len(standing) == len({summary.format_minutes for summary in standing})
    assert db.scalar(select(func.count()).select_from(Summary).where(Summary.replaced_at.is_(None))) == len(standing)
    summaries.issue_if_finished(db, db.get_one(Enrolment, number))
    assert reads.summaries(db, number) == standing
    rows = db.scalars(select(StepProgress).where(StepProgress.enrolment_id == number)).all()
    notes = db.scalars(select(Note).where(Note.person_id == who)).all()
    own = db.get_one(Enrolment, number)
    tried = {row.step_uid: reads.tried(db, number, row.step_uid) for row in rows}
    return State(
        steps={r.step_uid: (r.completed_at, r.minutes_credited, r.task_digest, r.best_score) for r in rows},
        format_minutes=own.format_minutes,
        started_at=own.started_at,
        right={uid: frozenset(q for q, each in found.items() if each.right) for uid, found in tried.items()},
        sittings=frozenset((sat.diagnostic_uid, sat.level) for sat in reads.sittings(db, who)),
        notes={(note.uid, note.field): note.text for note in notes if note.superseded_at is None},
        texts=frozenset((note.uid, note.field, note.text) for note in notes),
    )
