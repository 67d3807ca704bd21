"""Being in a cohort: joined once, left once, kept through a merge whatever its order."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.actions import accounts, cohorts, memberships
from app.actions.cohorts import Wanted
from app.actions.merging import merge
from app.db import Engines
from app.errors import Missing, Refused
from app.models import AuditEvent, Cohort, Comment, Membership, Person, ResumeCard, Shared, Sharing
from tests.actions.test_parallel import at_once
from tests.cast import Cast
from tests.conftest import NOON

HOUR = timedelta(hours=1)


@pytest.fixture
def cohort(db: Session, cast: Cast) -> int:
    number = cohorts.create_cohort(db, cast.tarik, Wanted("Les maisons", "Europe/Paris"), key="the first one")
    db.commit()
    return number


def present(db: Session, cohort_id: int) -> list[str]:
    found = select(Membership.name).filter_by(cohort_id=cohort_id, left_at=None).order_by(Membership.id)
    return list(db.scalars(found))


def share(db: Session, person_id: int, cohort_id: int, uid: str = "a-step") -> None:
    db.add(Sharing(person_id=person_id, cohort_id=cohort_id, what=Shared.NOTES, uid=uid, given_at=clock.now()))
    db.flush()


def test_who_joins_twice_is_in_once_as_they_came(db: Session, cast: Cast, cohort: int) -> None:
    first = memberships.join(db, cohort, cast.lea, name="  Léa   Roux ", structure="La Maison")
    again = memberships.join(db, cohort, cast.lea, name="Léa")
    assert again.id == first.id
    assert (again.name, again.structure) == ("Léa Roux", "La Maison")
    assert present(db, cohort) == ["Léa Roux"]


def test_joining_at_once_makes_one_membership(engines: Engines, cast: Cast, cohort: int) -> None:
    found = at_once(engines, lambda db, n: memberships.join(db, cohort, cast.gus, name=f"Gus {n}").id)
    assert len(set(found)) == 1
    with Session(engines.read) as db:
        assert db.scalar(select(func.count()).select_from(Membership)) == 1


def test_nobody_joins_without_a_name_nor_a_cohort_that_is_over(db: Session, cast: Cast, cohort: int) -> None:
    for name in (" ", "x" * 121):
        with pytest.raises(Refused) as refusal:
            memberships.join(db, cohort, cast.lea, name=name)
        assert refusal.value.field == "name"
    with pytest.raises(Missing):
        memberships.join(db, cohort + 1, cast.lea, name="Léa")
    db.get_one(Cohort, cohort).archived_at = clock.now()
    db.flush()
    with pytest.raises(Refused, match="terminée"):
        memberships.join(db, cohort, cast.lea, name="Léa")


def test_leaving_ends_what_was_shared_there_and_the_printed_card(db: Session, cast: Cast, cohort: int) -> None:
    member = memberships.join(db, cohort, cast.lea, name="Léa")
    db.add(ResumeCard(membership_id=member.id, token_hash="a" * 64, created_at=clock.now()))
    share(db, cast.lea, cohort)
    memberships.leave(db, cast.lea, cohort)
    clock.freeze(NOON + HOUR)
    memberships.leave(db, cast.lea, cohort)
    db.expire_all()
    assert (member.left_at, member.removed_by) == (NOON, None)
    assert db.scalars(select(Sharing.ended_at)).all() == [NOON]
    assert db.scalars(select(ResumeCard.revoked_at)).all() == [NOON]
    assert memberships.join(db, cohort, cast.lea, name="Léa").id != member.id


def test_one_does_not_leave_where_one_never_was(db: Session, cast: Cast, cohort: int) -> None:
    with pytest.raises(Missing):
        memberships.leave(db, cast.noe, cohort)


def test_only_who_leads_the_cohort_takes_somebody_out_of_it(db: Session, cast: Cast, cohort: int) -> None:
    member = memberships.join(db, cohort, cast.lea, name="Léa")
    other = cohorts.create_cohort(db, cast.tess, Wanted("Les autres", "Europe/Paris"), key="the other one")
    for trainer, number in ((cast.tess, cohort), (cast.tess, other), (cast.tarik, other)):
        with pytest.raises(Missing):
            memberships.remove(db, trainer, number, member.id)
    share(db, cast.lea, cohort)
    memberships.remove(db, cast.tarik, cohort, member.id)
    memberships.remove(db, cast.tarik, cohort, member.id)
    assert (member.left_at, member.removed_by) == (NOON, cast.tarik)
    assert db.scalars(select(Sharing.ended_at)).all() == [NOON]
    traces = db.scalars(select(AuditEvent).filter_by(verb="membership.remove").order_by(AuditEvent.id)).all()
    assert [(trace.object, trace.by_id) for trace in traces] == [(f"membership:{member.id}", cast.tarik)]


def test_a_guest_who_becomes_an_account_stays_in_the_cohort_with_thread_and_card(
    db: Session, cast: Cast, cohort: int
) -> None:
    member = memberships.join(db, cohort, cast.gus, name="Gus")
    db.add(ResumeCard(membership_id=member.id, token_hash="a" * 64, created_at=clock.now()))
    for by, key in ((cast.tarik, "k"), (cast.gus, "k"), (cast.lea, "k")):
        row = {"cohort_id": cohort, "person_id": cast.gus, "uid": "a-step", "text": "?", "at": clock.now()}
        db.add(Comment(by_id=by, key=key, **row))
    clock.freeze(NOON + HOUR)
    own = memberships.join(db, cohort, cast.lea, name="Léa")
    merge(db, cast.gus, cast.lea)
    db.expire_all()
    rows = db.scalars(select(Membership)).all()
    assert [(row.id, row.person_id, row.name, row.joined_at) for row in rows] == [(own.id, cast.lea, "Gus", NOON)]
    assert db.scalars(select(ResumeCard.membership_id)).all() == [own.id]
    thread = db.scalars(select(Comment).order_by(Comment.id)).all()
    assert [(said.person_id, said.by_id) for said in thread] == [
        (cast.lea, by) for by in (cast.tarik, cast.lea, cast.lea)
    ]


PEOPLE = 3
person = st.integers(0, PEOPLE - 1)
acts = st.lists(st.tuples(st.sampled_from(["join", "join", "share", "leave"]), person, st.integers(0, 1)), max_size=9)
orders = st.sampled_from([((1, 0), (2, 0)), ((2, 0), (1, 0)), ((1, 2), (2, 0)), ((2, 1), (1, 0)), ((0, 1), (1, 2))])


def test_people_joined_in_any_order_are_in_the_same_cohorts(engines: Engines, cast: Cast, cohort: int) -> None:
    with Session(engines.write) as db:
        other = cohorts.create_cohort(db, cast.tess, Wanted("Les autres", "Europe/Paris"), key="the other one")
        db.commit()

    @rules(max_examples=30 if engines.write.dialect.name == "sqlite" else 8, suppress_health_check=list(HealthCheck))
    @given(acts, orders)
    def check(done: list[tuple[str, int, int]], order: tuple[tuple[int, int], ...]) -> None:
        with Session(engines.write) as db:
            expected = _lived(db, done, ((1, 0), (2, 0)), (cohort, other))
        with Session(engines.write) as db:
            assert _lived(db, done, order, (cohort, other)) == expected

    check()


def _lived(
    db: Session, done: list[tuple[str, int, int]], order: tuple[tuple[int, int], ...], cohorts: tuple[int, int]
) -> tuple[object, ...]:
    """Three guests come and go, then are joined; what is left of it. Nothing is kept."""
    people = [accounts.become_guest(db, "fr") for _number in range(PEOPLE)]
    for turn, (verb, who, where) in enumerate(done):
        clock.freeze(NOON + turn * HOUR)
        _act(db, verb, people[who], cohorts[where], f"Nom {turn}")
    for source, target in order:
        merge(db, people[source], people[target])
        merge(db, people[source], people[target])
    last = db.scalars(select(Person.id).where(Person.id.in_(people), Person.merged_into_id.is_(None))).one()
    members = db.scalars(select(Membership)).all()
    shown = db.scalars(select(Sharing)).all()
    assert {row.person_id for row in (*members, *shown)} <= {last}
    return (
        sorted((row.cohort_id, row.name, row.joined_at, str(row.left_at)) for row in members),
        sorted((row.cohort_id, row.uid, row.given_at, str(row.ended_at)) for row in shown),
    )


def _act(db: Session, verb: str, who: int, cohort_id: int, name: str) -> None:
    there = db.scalar(select(Membership.id).filter_by(cohort_id=cohort_id, person_id=who, left_at=None))
    shown = db.scalar(select(Sharing.id).filter_by(cohort_id=cohort_id, person_id=who, ended_at=None))
    if verb == "join":
        memberships.join(db, cohort_id, who, name=name)
    elif there and verb == "leave":
        memberships.leave(db, who, cohort_id)
    elif there and shown is None:
        share(db, who, cohort_id)
