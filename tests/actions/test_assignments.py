"""A pathway asked of a cohort: enrolled in one act, everything kept, received by who comes later, moved, withdrawn."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import assignments, cohorts, enrolments, learning, memberships
from app.actions.demo import demo_step
from app.config import Settings
from app.errors import Missing, Refused
from app.learn import pages
from app.models import (
    Assignment,
    AuditEvent,
    Cohort,
    Edition,
    Enrolment,
    Extension,
    Membership,
    StepEvent,
    StepProgress,
    Summary,
    Verb,
)
from app.models.assigned import Dates, Stand, Wanted
from app.models.progress import Progress
from app.policy import Me
from app.reads import assignments as reads
from app.reads import courses
from tests.actions.test_editions import READING, edited, publish, withdraw
from tests.build import DEMO, enrolment, walk
from tests.cast import Cast
from tests.conftest import NOON

CASE = "pathways/demo/10-decouvrir/50-deux-voisins.md"
TODAY = NOON.date()
DUE = date(2026, 12, 18)
DATES = Dates(TODAY, DUE)


@pytest.fixture
def cohort(db: Session, cast: Cast) -> int:
    return cohorts.create_cohort(db, cast.tarik, cohorts.Wanted("Les maisons", "Europe/Paris"), key="a cohort")


def join(db: Session, cohort: int, person: int) -> Membership:
    return memberships.join(db, cohort, person, name="Quelqu’un")


def asked(minutes: int | None = 24, dates: Dates = DATES, slug: str = DEMO) -> Wanted:
    return Wanted(slug, minutes, dates)


def format_of(db: Session, person: int) -> int:
    return db.get_one(Enrolment, enrolment(db, person)).format_minutes


def trail(db: Session) -> list[str]:
    found = db.scalars(select(AuditEvent.verb).where(AuditEvent.verb.like("assignment.%")).order_by(AuditEvent.id))
    return list(found)


def test_one_act_begins_widens_and_keeps(db: Session, cast: Cast, cohort: int) -> None:
    done = walk(db, cast.lea, steps=3)
    learning.enrol(db, cast.noe, DEMO, 24)
    for person in (cast.lea, cast.noe, cast.gus):
        join(db, cohort, person)
    found = reads.effects(db, cohort, 1, 24)
    number = assignments.assign(db, cast.tarik, cohort, asked(), key="one click")
    assert {person: format_of(db, person) for person in (cast.lea, cast.noe, cast.gus)} == dict.fromkeys(
        (cast.lea, cast.noe, cast.gus), 24
    )
    kept = select(StepProgress.step_uid).where(StepProgress.enrolment_id == enrolment(db, cast.lea))
    assert set(db.scalars(kept)) == set(done)
    (event,) = db.scalars(select(StepEvent).where(StepEvent.verb == Verb.FORMAT_CHANGED))
    assert (event.by_id, event.data) == (cast.tarik, {"from": 12, "to": 24})
    assert assignments.assign(db, cast.tarik, cohort, asked(12), key="one click") == number
    assert trail(db) == ["assignment.create"]
    assert found.people == 3
    assert db.scalars(select(Assignment)).one().edition_id == db.get_one(Enrolment, enrolment(db, cast.gus)).edition_id


def test_before_confirming_it_is_said_who_moves_and_who_does_not(db: Session, cast: Cast, cohort: int) -> None:
    walk(db, cast.lea)
    learning.enrol(db, cast.noe, DEMO, 24)
    for person in (cast.lea, cast.noe, cast.gus):
        join(db, cohort, person)
    pathway = db.get_one(Enrolment, enrolment(db, cast.lea)).pathway_id
    found = reads.effects(db, cohort, pathway, 12)
    assert found.formats == {(Stand.SAME, 12): 1, (Stand.LONGER, 24): 1, (Stand.ABSENT, 0): 1}
    assert (found.people, found.finished) == (3, 1)
    found = reads.effects(db, cohort, pathway, 24)
    assert found.formats == {(Stand.SHORTER, 12): 1, (Stand.SAME, 24): 1, (Stand.ABSENT, 0): 1}
    assert found.finished == 0


def test_who_has_done_it_all_is_issued_their_bilan_on_being_widened(db: Session, cast: Cast, cohort: int) -> None:
    learning.enrol(db, cast.lea, DEMO, 24)
    place = courses.pathway(db, DEMO, cast.lea)
    *_others, last = Progress(courses.steps(db, place.edition_id, place.enrolment_id), 12).required
    more = Progress(courses.steps(db, place.edition_id, place.enrolment_id), 24).required
    for row in more:
        if row.uid != last.uid:
            demo_step(db, cast.lea, DEMO, row.uid)
    enrolments.change_format(db, cast.lea, DEMO, 12, key="shorter")
    demo_step(db, cast.lea, DEMO, last.uid)
    issued = select(Summary.format_minutes).where(Summary.enrolment_id == enrolment(db, cast.lea))
    assert list(db.scalars(issued)) == [12]
    join(db, cohort, cast.lea)
    assignments.assign(db, cast.tarik, cohort, asked(), key="one click")
    assert sorted(db.scalars(issued)) == [12, 24]


def test_who_joins_later_receives_what_runs(db: Session, cast: Cast, cohort: int) -> None:
    number = assignments.assign(db, cast.tarik, cohort, asked(), key="one click")
    walk(db, cast.lea, steps=2)
    join(db, cohort, cast.lea)
    join(db, cohort, cast.gus)
    assert format_of(db, cast.lea) == format_of(db, cast.gus) == 24
    assignments.withdraw(db, cast.tarik, cohort, number)
    assignments.withdraw(db, cast.tarik, cohort, number)
    join(db, cohort, cast.noe)
    assert db.scalar(select(Enrolment.id).filter_by(person_id=cast.noe)) is None
    assert format_of(db, cast.lea) == 24
    assert trail(db) == ["assignment.create", "assignment.withdraw"]
    assignments.restore(db, cast.tarik, cohort, number)
    assignments.restore(db, cast.tarik, cohort, number)
    assert format_of(db, cast.noe) == 24
    assert trail(db)[2:] == ["assignment.restore"]


def test_who_chooses_shorter_stays_so_even_on_coming_back(db: Session, cast: Cast, cohort: int) -> None:
    learning.enrol(db, cast.noe, DEMO, 24)
    number = assignments.assign(db, cast.tarik, cohort, asked(), key="one click")
    for person in (cast.lea, cast.noe):
        join(db, cohort, person)
        enrolments.change_format(db, person, DEMO, 12, key="shorter")
        join(db, cohort, person)
        assert format_of(db, person) == 12
        memberships.leave(db, person, cohort)
        join(db, cohort, person)
        assert format_of(db, person) == 12
    pathway = db.get_one(Enrolment, enrolment(db, cast.lea)).pathway_id
    assert reads.effects(db, cohort, pathway, 24).formats == {(Stand.SHORTER, 12): 2}
    for person in (cast.lea, cast.noe):
        memberships.leave(db, person, cohort)
    assignments.withdraw(db, cast.tarik, cohort, number)
    for person in (cast.lea, cast.noe):
        join(db, cohort, person)
    assignments.restore(db, cast.tarik, cohort, number)
    assert format_of(db, cast.lea) == format_of(db, cast.noe) == 12


def test_a_form_of_the_same_assignment_widens_once(db: Session, cast: Cast, cohort: int) -> None:
    learning.enrol(db, cast.lea, DEMO, 12)
    mine = db.get_one(Enrolment, enrolment(db, cast.lea))
    for _twice in range(2):
        enrolments.widen(db, [mine], 24, by=cast.tarik, key="assignment:1")
        assert db.scalar(select(StepEvent.by_id).where(StepEvent.verb == Verb.FORMAT_CHANGED)) == cast.tarik
        assert mine.format_minutes == 24
    enrolments.change_format(db, cast.lea, DEMO, 12, key="shorter")
    enrolments.widen(db, [mine], 24, by=cast.tarik, key="assignment:1")
    assert mine.format_minutes == 12


def test_an_edition_without_the_format_is_left_alone(db: Session, settings: Settings, cast: Cast, cohort: int) -> None:
    """The demonstration gains a format: who is midway keeps an edition that does not have it."""
    walk(db, cast.lea, steps=2)
    publish(db, settings, without_the_longer())
    learning.enrol(db, cast.noe, DEMO, None)
    publish(db, settings, edited((READING, "title: ", "title: Autre, ")))
    for person in (cast.lea, cast.noe, cast.gus):
        join(db, cohort, person)
    pathway = db.get_one(Enrolment, enrolment(db, cast.lea)).pathway_id
    assert reads.effects(db, cohort, pathway, 24).formats == {
        (Stand.SHORTER, 12): 1,
        (Stand.LACKING, 12): 1,
        (Stand.ABSENT, 0): 1,
    }
    before = db.get_one(Enrolment, enrolment(db, cast.noe)).edition_id
    assignments.assign(db, cast.tarik, cohort, asked(), key="one click")
    assert {person: format_of(db, person) for person in (cast.lea, cast.noe, cast.gus)} == {
        cast.lea: 24,
        cast.noe: 12,
        cast.gus: 24,
    }
    assert db.get_one(Enrolment, enrolment(db, cast.noe)).edition_id == before
    page = pages.edition(db, me(cast.noe), DEMO)
    assert page is not None
    assert (page.asked_minutes, page.refused) == (24, "")
    done = walk(db, cast.noe, steps=1)
    for _twice in range(2):
        enrolments.move_edition(db, cast.noe, DEMO, 3, key="one click", format_minutes=page.asked_minutes)
    assert format_of(db, cast.noe) == 24
    kept = select(StepProgress.step_uid).where(StepProgress.enrolment_id == enrolment(db, cast.noe))
    assert set(db.scalars(kept)) == set(done)
    assert pages.edition(db, me(cast.noe), DEMO) is None


def me(person: int) -> Me:
    return Me(person, False, "Noé", None, None, "Europe/Paris", 1, NOON)


def test_what_cannot_be_asked_is_said_beside_its_field(
    db: Session, settings: Settings, cast: Cast, cohort: int
) -> None:
    def refused(wanted: Wanted, field: str | None) -> str:
        with pytest.raises(Refused) as why:
            assignments.assign(db, cast.tarik, cohort, wanted, key=f"a click {field}")
        assert why.value.field == field
        return why.value.message

    assert "bientôt" in refused(asked(48), "format")
    assert "n’a pas ce format" in refused(asked(13), "format")
    assert "n’a pas ce format" in refused(asked(None), "format")
    assert "publié" in refused(asked(slug="rien-de-tel"), "pathway")
    assert "passée" in refused(asked(dates=Dates(TODAY, TODAY - timedelta(days=1))), "due_on")
    assert "avant le début" in refused(asked(dates=Dates(DUE, TODAY)), "due_on")
    assert "trop loin" in refused(asked(dates=Dates(TODAY, date(2030, 1, 1))), "due_on")
    assert "déjà passé" in refused(asked(dates=Dates(TODAY - timedelta(days=1), DUE)), "starts_on")
    assert "une seule" in refused(asked(dates=Dates(TODAY)), "due_on")
    assert "une seule" in refused(asked(dates=Dates(TODAY, DUE, 3)), "due_on")
    assert "de 1 à" in refused(asked(dates=Dates(TODAY, None, 0)), "due_days")
    assignments.assign(db, cast.tarik, cohort, asked(), key="one click")
    assert "déjà attribué" in refused(asked(12), "pathway")
    with pytest.raises(Missing):
        assignments.assign(db, cast.tess, cohort, asked(), key="not hers")
    db.get_one(Cohort, cohort).archived_at = clock.now()
    assert "archivée" in refused(asked(), None)
    for verb in (assignments.withdraw, assignments.restore):
        with pytest.raises(Refused):
            verb(db, cast.tarik, cohort, 1)


def test_another_cohorts_assignment_does_not_exist(db: Session, cast: Cast, cohort: int) -> None:
    number = assignments.assign(db, cast.tarik, cohort, asked(), key="one click")
    membership = join(db, cohort, cast.lea).id
    other = cohorts.create_cohort(db, cast.tess, cohorts.Wanted("Autre", "Europe/Paris"), key="a cohort")
    own = assignments.assign(db, cast.tess, other, asked(), key="one click")
    verbs: list[Callable[[int, int], object]] = [
        lambda c, n: assignments.withdraw(db, cast.tess, c, n),
        lambda c, n: assignments.restore(db, cast.tess, c, n),
        lambda c, n: assignments.change_dates(db, cast.tess, c, n, DATES),
        lambda c, n: assignments.move_edition(db, cast.tess, c, n, 1),
        lambda c, n: assignments.extend(db, cast.tess, c, n, [membership], DUE),
    ]
    for verb in verbs:
        for where in (cohort, other):
            with pytest.raises(Missing):
                verb(where, number)
    with pytest.raises(Refused):  # a member of another cohort is nobody here
        assignments.extend(db, cast.tess, other, own, [membership], DUE)


def test_dates_move_and_one_person_may_have_longer(db: Session, cast: Cast, cohort: int) -> None:
    lea, gus = join(db, cohort, cast.lea), join(db, cohort, cast.gus)
    number = assignments.assign(db, cast.tarik, cohort, asked(), key="one click")
    later = Dates(TODAY, None, 30)
    for _twice in range(2):
        assignments.change_dates(db, cast.tarik, cohort, number, later)
        assignments.extend(db, cast.tarik, cohort, number, [lea.id, gus.id], DUE + timedelta(days=9))
    assignments.extend(db, cast.tarik, cohort, number, [gus.id], None)
    assert trail(db) == ["assignment.create", "assignment.dates", "assignment.extend", "assignment.extend"]
    (kept,) = db.scalars(select(Extension))
    assert (kept.person_id, kept.due_on) == (cast.lea, DUE + timedelta(days=9))
    with pytest.raises(Refused, match="passée"):
        assignments.extend(db, cast.tarik, cohort, number, [lea.id], TODAY - timedelta(days=1))
    with pytest.raises(Refused, match="au moins une personne"):
        assignments.extend(db, cast.tarik, cohort, number, [], DUE)
    clock.freeze(NOON + timedelta(days=3))  # what has begun keeps its first day
    assignments.change_dates(db, cast.tarik, cohort, number, Dates(TODAY, DUE))
    with pytest.raises(Refused, match="déjà passé"):
        assignments.change_dates(db, cast.tarik, cohort, number, Dates(TODAY + timedelta(days=1), DUE))


def test_the_cohort_moves_to_a_newer_edition_for_who_comes_later(
    db: Session, settings: Settings, cast: Cast, cohort: int
) -> None:
    join(db, cohort, cast.lea)
    number = assignments.assign(db, cast.tarik, cohort, asked(), key="one click")
    publish(db, settings, edited((READING, "title: ", "title: Relu, ")))
    join(db, cohort, cast.noe)
    assert editions_of(db) == {cast.lea: 1, cast.noe: 1}
    with pytest.raises(Refused):
        assignments.move_edition(db, cast.tarik, cohort, number, 7)
    assignments.move_edition(db, cast.tarik, cohort, number, 2)
    assignments.move_edition(db, cast.tarik, cohort, number, 2)
    with pytest.raises(Refused):
        assignments.move_edition(db, cast.tarik, cohort, number, 1)
    join(db, cohort, cast.gus)
    assert editions_of(db) == {cast.lea: 1, cast.noe: 1, cast.gus: 2}
    assert trail(db) == ["assignment.create", "assignment.edition"]
    publish(db, settings, edited((READING, "title: ", "title: Encore, ")))
    withdraw(db, 2)
    join(db, cohort, cast.tess)
    assert editions_of(db)[cast.tess] == 3


def editions_of(db: Session) -> dict[int, int]:
    rows = db.execute(select(Enrolment.person_id, Edition.number).join(Edition, Edition.id == Enrolment.edition_id))
    return {row.person_id: row.number for row in rows}


def without_the_longer() -> dict[str, bytes]:
    """The format of 24 minutes is announced: one of its steps is to be written."""
    return edited((CASE, "format: 24min", "format: 24min\nready: no"))
