"""What a cohort holds of people goes in time; who is waited for by a cohort stays."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, worker
from app.actions import accounts, cohorts, erasure, memberships
from app.db import Base, Engines
from app.models import Comment, Invitation, Membership, Person, Shared, Sharing, token_hash
from tests.cast import Cast
from tests.conftest import NOON

GUEST, KEPT = timedelta(days=90), timedelta(days=730)
WORDS = "ZZsecret"


@pytest.fixture
def houses(db: Session, cast: Cast) -> int:
    """Tarik's cohort: Gus is in it, with words of his and about him; somebody else was invited."""
    number = cohorts.create_cohort(db, cast.tarik, cohorts.Wanted("Les maisons", "Europe/Paris"), key="a cohort")
    accounts.start_sign_in(db, cast.gus, "a test", GUEST)
    member = memberships.join(db, number, cast.gus, name=f"Gus {WORDS}", structure=WORDS, external_id=WORDS)
    told = {"person_id": cast.gus, "cohort_id": number, "uid": "demo-besoin"}
    db.add(Sharing(**told, what=Shared.NOTES, given_at=NOON))
    db.add(Comment(**told, by_id=cast.tarik, text=WORDS, key="a comment", at=NOON))
    for rank, joined in enumerate((member.id, None)):
        asked = {"created_at": NOON, "created_by": cast.tarik, "expires_at": NOON + GUEST}
        email = f"{rank}{WORDS}@exemple.fr".lower()
        db.add(
            Invitation(
                cohort_id=number,
                email=email,
                name=WORDS,
                token_hash=token_hash(email),
                membership_id=joined,
                accepted_at=NOON if joined else None,
                **asked,
            )
        )
    db.commit()
    return number


def said(engines: Engines) -> list[str]:
    """The tables where somebody's words are still found."""
    with Session(engines.read) as db:
        rows = {table.name: str(db.execute(select(table)).all()) for table in Base.metadata.sorted_tables}
    return sorted(name for name, text in rows.items() if WORDS.lower() in text.lower())


def test_a_guest_whom_a_cohort_waits_for_is_kept_until_it_is_archived(
    engines: Engines, cast: Cast, houses: int
) -> None:
    clock.freeze(NOON + GUEST + timedelta(days=1))
    assert worker.forget_idle_guests(engines) == 0
    with Session(engines.write) as db, db.begin():
        cohorts.archive_cohort(db, cast.tarik, houses)
    assert worker.forget_idle_guests(engines) == 1
    assert said(engines) == ["invitation"]  # of who never came: it goes with the cohort's own term
    with Session(engines.read) as db:
        member = db.scalars(select(Membership)).one()
        assert (member.name, member.structure, member.external_id) == ("", "", None)
        assert member.left_at
        assert db.scalars(select(Sharing)).all() == []
        assert db.scalars(select(Invitation.email)).all().count(None) == 1


def test_a_guest_who_left_is_waited_for_no_more(engines: Engines, cast: Cast, houses: int) -> None:
    with Session(engines.write) as db, db.begin():
        memberships.leave(db, cast.gus, houses)
    clock.freeze(NOON + GUEST + timedelta(days=1))
    assert worker.forget_idle_guests(engines) == 1


def test_a_cohort_is_emptied_of_people_24_months_after_it_is_archived_once(
    engines: Engines, cast: Cast, houses: int
) -> None:
    assert worker.forget_cohorts(engines) == 0
    with Session(engines.write) as db, db.begin():
        cohorts.archive_cohort(db, cast.tarik, houses)
        db.get_one(Person, cast.gus).claimed_at = NOON  # an account: kept, and so is nothing of the cohort
    clock.freeze(NOON + KEPT - timedelta(minutes=1))
    assert worker.forget_cohorts(engines) == 0
    assert said(engines) == ["comment", "invitation", "membership"]
    clock.freeze(NOON + KEPT)
    assert worker.forget_cohorts(engines) == 1
    assert worker.forget_cohorts(engines) == 0
    assert said(engines) == []
    with Session(engines.read) as db:
        assert len(db.scalars(select(Membership)).all()) == 1  # the numbers stay
        assert len(db.scalars(select(Invitation)).all()) == 1


def test_a_restored_cohort_is_not_emptied(engines: Engines, cast: Cast, houses: int) -> None:
    with Session(engines.write) as db, db.begin():
        cohorts.archive_cohort(db, cast.tarik, houses)
        cohorts.restore_cohort(db, cast.tarik, houses)
    clock.freeze(NOON + KEPT + timedelta(days=1))
    assert worker.forget_cohorts(engines) == 0
    with Session(engines.write) as db:
        assert erasure.erase_idle_guests(db, 10) == 0
