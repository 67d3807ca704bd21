"""Sessions of a cohort: on its clocks, somewhere, put back when removed; they date a live step for its members."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import assignments, cohorts, learning, memberships, sessions
from app.actions.assignments import Dates
from app.actions.sessions import WantedSession
from app.errors import Missing, Refused
from app.models import Assignment, AuditEvent, CohortEvent
from app.reads import sessions as reads
from tests.build import DEMO
from tests.cast import Cast

LIVE = "demo-debout"
DAY, HOUR = date(2026, 12, 3), time(14, 0)


@pytest.fixture
def houses(db: Session, cast: Cast) -> int:
    """The cohort that Tarik leads, with Léa, who follows the demonstration."""
    number = cohorts.create_cohort(db, cast.tarik, cohorts.Wanted("Les maisons", "Europe/Paris"), key="a cohort")
    asked = assignments.Wanted(DEMO, 24, Dates(date(2026, 11, 25), date(2026, 12, 18)))
    assignments.assign(db, cast.tarik, number, asked, key="an assignment")
    memberships.join(db, number, cast.lea, name="Léa")
    learning.enrol(db, cast.lea, DEMO, 24)
    return number


def wanted(**more: Any) -> WantedSession:
    values = {"title": "Atelier", "on": DAY, "at": HOUR, "minutes": 120, "place": "Salle 2"}
    return WantedSession(**(values | more))


def plan(db: Session, cast: Cast, number: int, key: str = "a session", **more: Any) -> int:
    return sessions.create_session(db, cast.tarik, number, wanted(**more), key=key)


def test_a_session_is_held_on_the_cohort_s_clocks_and_planned_once(db: Session, cast: Cast, houses: int) -> None:
    assert plan(db, cast, houses) == plan(db, cast, houses)
    [event] = db.scalars(select(CohortEvent))
    assert event.starts_at == datetime(2026, 12, 3, 13, 0, tzinfo=UTC)
    cohorts.change_cohort(db, cast.tarik, houses, cohorts.Wanted("Les maisons", "Indian/Reunion"))
    plan(db, cast, houses, key="another")
    assert db.scalars(select(CohortEvent.starts_at)).all()[-1] == datetime(2026, 12, 3, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"place": ""}, "place"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "ftp://exemple.fr/x"}, "link"),
        ({"link": "https://"}, "link"),
        ({"link": "https://exemple.fr/a b"}, "link"),
        ({"link": "https://[exemple"}, "link"),
        ({"replay": "data:text/html,x"}, "replay"),
        ({"step_uid": "demo-lecture"}, "step"),
        ({"step_uid": "nulle-part"}, "step"),
        ({"on": date(2027, 3, 28), "at": time(2, 30)}, "at"),  # that night, the clocks go from 2 to 3
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    db: Session, cast: Cast, houses: int, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        plan(db, cast, houses, **more)
    assert refusal.value.field == field
    assert db.scalars(select(CohortEvent)).all() == []


def test_a_session_changes_is_removed_and_put_back_each_once_in_the_trail(db: Session, cast: Cast, houses: int) -> None:
    number = plan(db, cast, houses)
    for _twice in range(2):
        sessions.change_session(db, cast.tarik, houses, number, wanted(title="Visite", link="HTTPS://exemple.fr/x"))
    for _twice in range(2):
        sessions.remove_session(db, cast.tarik, houses, number)
    with pytest.raises(Refused, match="rétablissez"):
        sessions.change_session(db, cast.tarik, houses, number, wanted())
    for _twice in range(2):
        sessions.restore_session(db, cast.tarik, houses, number)
    assert db.get_one(CohortEvent, number).title == "Visite"
    query = select(AuditEvent.verb).where(AuditEvent.object == f"session:{number}").order_by(AuditEvent.id)
    assert list(db.scalars(query)) == [f"session.{verb}" for verb in ("create", "change", "remove", "restore")]


VERBS: dict[str, Callable[[Session, int, int, int], object]] = {
    "change": lambda db, me, cohort, n: sessions.change_session(db, me, cohort, n, wanted()),
    "remove": sessions.remove_session,
    "restore": sessions.restore_session,
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_session_is_reached_through_its_own_cohort_alone(db: Session, cast: Cast, houses: int, verb: str) -> None:
    number = plan(db, cast, houses)
    hers = cohorts.create_cohort(db, cast.tess, cohorts.Wanted("Les jardins", "Europe/Paris"), key="her cohort")
    for person, cohort in ((cast.tess, houses), (cast.tess, hers), (cast.tarik, hers)):
        with pytest.raises(Missing):
            VERBS[verb](db, person, cohort, number)
    with pytest.raises(Missing):
        sessions.create_session(db, cast.tess, houses, wanted(), key="a session")


@pytest.mark.parametrize("verb", VERBS)
def test_an_archived_cohort_keeps_its_sessions_as_they_are(db: Session, cast: Cast, houses: int, verb: str) -> None:
    number = plan(db, cast, houses)
    cohorts.archive_cohort(db, cast.tarik, houses)
    with pytest.raises(Refused, match="archivée"):
        VERBS[verb](db, cast.tarik, houses, number)


def test_members_read_their_cohort_s_date_on_a_live_step_that_it_dates(db: Session, cast: Cast, houses: int) -> None:
    assert LIVE in {step.uid for step in reads.live_steps(db, houses)}
    past = plan(db, cast, houses, key="past", step_uid=LIVE, on=date(2026, 11, 20))
    number = plan(db, cast, houses, key="to come", step_uid=LIVE)
    pathway = pathway_of(db, cast)
    found = reads.dated(db, cast.lea, pathway, LIVE)
    assert found
    assert (found[0].starts, found[0].place, found[1]) == (
        datetime(2026, 12, 3, 13, tzinfo=UTC),
        "Salle 2",
        "Les maisons",
    )
    assert reads.dated(db, cast.noe, pathway, LIVE) is None
    assert reads.dated(db, cast.lea, pathway + 1, LIVE) is None
    sessions.remove_session(db, cast.tarik, houses, number)
    kept = reads.dated(db, cast.lea, pathway, LIVE)
    assert kept
    assert kept[0].over()
    sessions.remove_session(db, cast.tarik, houses, past)
    assert reads.dated(db, cast.lea, pathway, LIVE) is None
    sessions.restore_session(db, cast.tarik, houses, number)
    memberships.leave(db, cast.lea, houses)
    assert reads.dated(db, cast.lea, pathway, LIVE) is None


def pathway_of(db: Session, cast: Cast) -> int:
    return learning.place(db, cast.lea, DEMO, LIVE).enrolment.pathway_id


def test_to_have_been_at_the_cohort_s_session_completes_the_step_once_it_has_begun(
    db: Session, cast: Cast, houses: int
) -> None:
    plan(db, cast, houses, step_uid=LIVE)
    there = {(LIVE, "present"): "oui"}
    assert not learning.complete_step(db, cast.lea, DEMO, LIVE, there, key="too early").complete
    clock.freeze(datetime(2026, 12, 3, 13, 5, tzinfo=UTC))
    assert learning.complete_step(db, cast.lea, DEMO, LIVE, there, key="in time").complete


def test_a_session_keeps_the_step_that_it_dates_when_what_runs_is_withdrawn(
    db: Session, cast: Cast, houses: int
) -> None:
    number = plan(db, cast, houses, step_uid=LIVE)
    [asked] = running(db, houses)
    assignments.withdraw(db, cast.tarik, houses, asked)
    assert reads.dated(db, cast.lea, pathway_of(db, cast), LIVE) is None
    sessions.change_session(db, cast.tarik, houses, number, wanted(step_uid=LIVE, title="Autre"))
    with pytest.raises(Refused):
        plan(db, cast, houses, key="another", step_uid=LIVE)


def running(db: Session, cohort: int) -> list[int]:
    return list(db.scalars(select(Assignment.id).filter_by(cohort_id=cohort, withdrawn_at=None)))
