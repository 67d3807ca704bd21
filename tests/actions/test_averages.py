"""The average of a cohort: never under 8, frozen, and no two of them tell of one person."""

import random

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.actions import accounts, averages, learning, memberships, merging, sharing
from app.config import Settings
from app.errors import Missing, Refused
from app.models import AveragePart, CohortAverage, CohortEvent, Result, Shared
from tests.actions.test_sharing import DIAGNOSTIC, make_cohort
from tests.build import load_demo
from tests.cast import Cast, make_cast

QUESTIONS = ("demo-r-besoin", "demo-r-voisins", "demo-r-ecrit", "demo-r-revoir")


@pytest.fixture
def cast(db: Session, settings: Settings, noon: object) -> Cast:
    load_demo(db, settings.media_dir)
    return make_cast(db)


def session(db: Session, cohort: int, trainer: int, name: str) -> int:
    event = CohortEvent(cohort_id=cohort, title=name, starts_at=clock.now(), minutes=60, key=name, created_by=trainer)
    event.created_at = clock.now()
    db.add(event)
    db.flush()
    return event.id


def someone(db: Session, *cohorts: int, points: int = 1, agrees: bool = True) -> int:
    person = accounts.become_guest(db, "fr")
    sit(db, person, points)
    for cohort in cohorts:
        memberships.join(db, cohort, person, name=f"Personne {person}")
        if agrees:
            sharing.share(db, person, cohort, Shared.AVERAGE, DIAGNOSTIC)
    return person


def sit(db: Session, person: int, points: int) -> None:
    count = db.scalar(select(func.count()).select_from(Result))
    learning.sit(db, person, "demo", dict.fromkeys(QUESTIONS, points), key=f"sitting-{count}")


def test_with_seven_nothing_and_with_eight_a_ninth_changes_nothing(db: Session, cast: Cast) -> None:
    maisons = make_cohort(db, cast.tarik, "Maisons")
    atelier, suite = session(db, maisons, cast.tarik, "Atelier"), session(db, maisons, cast.tarik, "Suite")
    for _person in range(7):
        someone(db, maisons)
    someone(db, maisons, agrees=False)
    with pytest.raises(Refused):
        averages.establish(db, cast.tarik, maisons, atelier, DIAGNOSTIC)
    someone(db, maisons, points=3)
    for _twice in range(2):
        averages.establish(db, cast.tarik, maisons, atelier, DIAGNOSTIC)
    frozen = db.scalars(select(CohortAverage)).one()
    said = (frozen.people, frozen.axes)
    assert frozen.people == 8
    assert all(axis["mean"] == round(100 * (7 / 3 + 1) / 8) for axis in frozen.axes["axes"].values())
    someone(db, maisons, points=0)
    averages.establish(db, cast.tarik, maisons, atelier, DIAGNOSTIC)
    db.expire_all()
    frozen = db.scalars(select(CohortAverage)).one()
    assert (frozen.people, frozen.axes) == said
    with pytest.raises(Refused):
        averages.establish(db, cast.tarik, maisons, suite, DIAGNOSTIC)
    with pytest.raises(Missing):
        averages.establish(db, cast.tess, maisons, suite, DIAGNOSTIC)
    with pytest.raises(Missing):
        averages.establish(db, cast.tarik, maisons, 10_000, DIAGNOSTIC)


def test_two_cohorts_that_share_members_do_not_tell_of_the_ninth(db: Session, cast: Cast) -> None:
    one, two = make_cohort(db, cast.tarik, "Un"), make_cohort(db, cast.tarik, "Deux")
    first, second = session(db, one, cast.tarik, "Une"), session(db, two, cast.tarik, "Autre")
    for _person in range(8):
        someone(db, one, two)
    someone(db, two, points=3)
    averages.establish(db, cast.tarik, one, first, DIAGNOSTIC)
    with pytest.raises(Refused):
        averages.establish(db, cast.tarik, two, second, DIAGNOSTIC)


def test_whatever_is_joined_taken_back_answered_anew_and_established_no_average_overlaps(
    db: Session, cast: Cast
) -> None:
    dice = random.Random(8)
    cohorts = [make_cohort(db, cast.tarik, "Un"), make_cohort(db, cast.tarik, "Deux")]
    people = [someone(db, *cohorts, points=dice.randrange(4)) for _person in range(9)]
    for turn in range(45):
        act, cohort, person = dice.random(), dice.choice(cohorts), dice.choice(people)
        if act < 0.3:
            people.append(someone(db, cohort, points=dice.randrange(4)))
        elif act < 0.45:
            sharing.unshare(db, person, cohort, Shared.AVERAGE, DIAGNOSTIC)
        elif act < 0.7:
            sit(db, person, dice.randrange(4))
        else:
            event = session(db, cohort, cast.tarik, f"Séance {turn}")
            try:
                averages.establish(db, cast.tarik, cohort, event, DIAGNOSTIC)
            except Refused:
                continue
    made = db.scalars(select(CohortAverage)).all()
    parts = db.execute(select(AveragePart.average_id, AveragePart.result_id)).all()
    assert len(made) > 1
    assert len({part.result_id for part in parts}) == len(parts)
    for average in made:
        own = [part.result_id for part in parts if part.average_id == average.id]
        assert len(own) == average.people >= 8
        owners = db.scalars(select(Result.person_id).where(Result.id.in_(own))).all()
        assert len(set(owners)) == len(owners)


def test_a_result_that_joined_an_account_is_not_counted_again(db: Session, cast: Cast) -> None:
    maisons = make_cohort(db, cast.tarik, "Maisons")
    people = [someone(db, maisons) for _person in range(8)]
    averages.establish(db, cast.tarik, maisons, session(db, maisons, cast.tarik, "Une"), DIAGNOSTIC)
    merging.merge(db, people[0], cast.lea)
    for _person in range(7):
        someone(db, maisons)
    with pytest.raises(Refused):
        averages.establish(db, cast.tarik, maisons, session(db, maisons, cast.tarik, "Autre"), DIAGNOSTIC)
