"""A cohort is made, changed, made again, archived and handed over; who does not lead it finds nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import cohorts, roles, trainers
from app.actions.cohorts import Wanted
from app.errors import Missing, Refused
from app.models import AuditEvent, Cohort, CohortEvent, CohortMessage, CohortTrainer, Membership, Role
from app.reads import teaching
from tests.cast import Cast, address

HOUSES = Wanted("Les maisons", "Europe/Paris", date(2026, 10, 1), date(2026, 12, 18))


@pytest.fixture
def houses(db: Session, cast: Cast) -> int:
    """The cohort that Tarik leads."""
    return cohorts.create_cohort(db, cast.tarik, HOUSES, key="a cohort")


def traces(db: Session, number: int) -> list[str]:
    query = select(AuditEvent.verb).where(AuditEvent.object == f"cohort:{number}").order_by(AuditEvent.id)
    return list(db.scalars(query))


def leading(db: Session, number: int) -> list[int]:
    return [person.id for person in teaching.trainers(db, number)]


def session(db: Session, cohort: int, by: int, at: datetime, title: str = "Atelier", **more: object) -> CohortEvent:
    values = {"minutes": 120, "created_at": at, "created_by": by, "key": f"key {title} {at}", **more}
    found = CohortEvent(cohort_id=cohort, title=title, starts_at=at, **values)
    db.add(found)
    db.flush()
    return found


def test_a_cohort_changes_once_and_says_so_in_the_trail(db: Session, cast: Cast, houses: int) -> None:
    new = Wanted("Maisons de quartier", "Indian/Reunion", None, date(2027, 1, 5))
    for _twice in range(2):
        cohorts.change_cohort(db, cast.tarik, houses, new)
    found = db.get_one(Cohort, houses)
    assert (found.name, found.zone, found.starts_on, found.ends_on) == (new.name, new.zone, None, new.ends_on)
    assert traces(db, houses) == ["cohort.create", "cohort.change"]
    with pytest.raises(Refused):
        cohorts.change_cohort(db, cast.tarik, houses, Wanted("x", "Europe/Atlantis"))
    with pytest.raises(Refused):
        cohorts.change_cohort(db, cast.tarik, houses, Wanted("x", "Europe/Paris", date(2027, 1, 2), date(2027, 1, 1)))


VERBS: dict[str, Callable[[Session, int, int], object]] = {
    "change": lambda db, me, n: cohorts.change_cohort(db, me, n, HOUSES),
    "add": lambda db, me, n: trainers.add_trainer(db, me, n, address("tess")),
    "remove": lambda db, me, n: trainers.remove_trainer(db, me, n, me),
}


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_of_an_archived_cohort_changes_until_it_is_restored(
    db: Session, cast: Cast, houses: int, verb: str
) -> None:
    trainers.add_trainer(db, cast.tarik, houses, address("tess"))
    for _twice in range(2):
        cohorts.archive_cohort(db, cast.tarik, houses)
    assert teaching.led_cohort(db, cast.tarik, houses).archived_at
    with pytest.raises(Refused, match="archivée"):
        VERBS[verb](db, cast.tarik, houses)
    for _twice in range(2):
        cohorts.restore_cohort(db, cast.tarik, houses)
    VERBS[verb](db, cast.tarik, houses)
    assert traces(db, houses)[2:4] == ["cohort.archive", "cohort.restore"]


@pytest.mark.parametrize("verb", [*VERBS, "archive", "restore", "duplicate"])
def test_who_does_not_lead_a_cohort_finds_none(db: Session, cast: Cast, houses: int, verb: str) -> None:
    others: dict[str, Callable[[Session, int, int], object]] = {
        "archive": cohorts.archive_cohort,
        "restore": cohorts.restore_cohort,
        "duplicate": lambda db, me, n: cohorts.duplicate_cohort(db, me, n, "x", date(2027, 1, 4), key="a key of it"),
    }
    for number in (houses, houses + 1000):
        with pytest.raises(Missing):
            (VERBS | others)[verb](db, cast.tess, number)


def test_a_copy_has_the_sessions_at_the_same_hour_from_the_new_start_and_no_member(
    db: Session, cast: Cast, houses: int
) -> None:
    summer = datetime(2026, 10, 8, 12, 0, tzinfo=UTC)  # 14:00 in Paris, in summer time
    session(db, houses, cast.tarik, summer, place="Salle 2", link="https://exemple.fr/salle", replay="https://x.fr/1")
    session(db, houses, cast.tarik, summer, title="Annulée", removed_at=summer)
    db.add(CohortMessage(cohort_id=houses, text="On commence demain.", offset_days=-1, key="a message"))
    db.add(Membership(cohort_id=houses, person_id=cast.lea, name="Léa", joined_at=summer))
    db.flush()
    made = {
        cohorts.duplicate_cohort(db, cast.tarik, houses, "Printemps", date(2027, 1, 4), key="a copy") for _ in range(2)
    }
    [number] = made
    found = db.get_one(Cohort, number)
    assert (found.starts_on, found.ends_on) == (date(2027, 1, 4), date(2027, 3, 23))  # 95 days later
    [copy] = db.scalars(select(CohortEvent).filter_by(cohort_id=number))
    assert copy.starts_at == datetime(2027, 1, 11, 13, 0, tzinfo=UTC)  # 14:00 in Paris, in winter
    assert (copy.place, copy.link, copy.replay) == ("Salle 2", "https://exemple.fr/salle", "")
    assert [m.text for m in db.scalars(select(CohortMessage).filter_by(cohort_id=number))] == ["On commence demain."]
    assert db.scalars(select(Membership).filter_by(cohort_id=number)).all() == []
    assert leading(db, number) == [cast.tarik]


@pytest.mark.parametrize("start", [date(2001, 1, 1), date(8999, 12, 31)])
def test_a_copy_that_would_leave_the_calendar_is_refused(db: Session, cast: Cast, houses: int, start: date) -> None:
    cohorts.change_cohort(db, cast.tarik, houses, Wanted("x", "Europe/Paris", date(5000, 1, 1), date(8000, 1, 1)))
    session(db, houses, cast.tarik, datetime(2026, 10, 8, 12, 0, tzinfo=UTC))
    with pytest.raises(Refused) as refused:
        cohorts.duplicate_cohort(db, cast.tarik, houses, "Loin", start, key="a copy")
    assert refused.value.field == "copy_starts_on"
    assert db.scalars(select(Cohort.id)).all() == [houses]


def test_a_copy_of_an_archived_cohort_goes_on(db: Session, cast: Cast, houses: int) -> None:
    cohorts.archive_cohort(db, cast.tarik, houses)
    made = cohorts.duplicate_cohort(db, cast.tarik, houses, "Encore", date(2027, 1, 4), key="a copy")
    assert db.get_one(Cohort, made).archived_at is None


def test_whoever_holds_the_role_may_be_added_and_leads_it_too(db: Session, cast: Cast, houses: int) -> None:
    for _twice in range(2):
        trainers.add_trainer(db, cast.tarik, houses, f" {address('tess').upper()} ")
    assert leading(db, houses) == [cast.tarik, cast.tess]
    assert teaching.led_cohort(db, cast.tess, houses).id == houses
    assert traces(db, houses) == ["cohort.create", "cohort.trainer.add"]


@pytest.mark.parametrize("name", ["lea", "ada", "personne", ""])
def test_no_address_tells_whether_it_has_an_account(db: Session, cast: Cast, houses: int, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        trainers.add_trainer(db, cast.tarik, houses, address(name))
    assert str(refusal.value).startswith("Aucun compte de formateur")


def test_a_role_taken_back_adds_nobody(db: Session, cast: Cast, houses: int) -> None:
    roles.revoke_role(db, address("tess"), Role.TRAINER, by=None)
    with pytest.raises(Refused):
        trainers.add_trainer(db, cast.tarik, houses, address("tess"))


def test_the_last_who_leads_a_cohort_stays(db: Session, cast: Cast, houses: int) -> None:
    with pytest.raises(Refused, match="toujours"):
        trainers.remove_trainer(db, cast.tarik, houses, cast.tarik)
    trainers.add_trainer(db, cast.tarik, houses, address("tess"))
    trainers.remove_trainer(db, cast.tess, houses, cast.tarik)
    assert leading(db, houses) == [cast.tess]
    trainers.remove_trainer(db, cast.tess, houses, cast.tarik)  # again
    with pytest.raises(Missing):
        trainers.remove_trainer(db, cast.tess, houses, cast.lea)
    with pytest.raises(Missing):
        trainers.add_trainer(db, cast.tarik, houses, address("tess"))


def test_a_cohort_is_handed_over_by_who_administers_even_archived(db: Session, cast: Cast, houses: int) -> None:
    cohorts.archive_cohort(db, cast.tarik, houses)
    assert trainers.hand_over(db, houses, address("tess"), by=cast.ada)
    assert not trainers.hand_over(db, houses, address("tess"), by=cast.ada)
    assert leading(db, houses) == [cast.tess]
    assert len(db.scalars(select(CohortTrainer).filter_by(cohort_id=houses)).all()) == 2  # the past is kept
    assert traces(db, houses)[-1] == "cohort.hand_over"
    with pytest.raises(Refused):
        trainers.hand_over(db, houses, address("lea"), by=cast.ada)
    with pytest.raises(Missing):
        trainers.hand_over(db, houses + 1000, address("tess"), by=cast.ada)
