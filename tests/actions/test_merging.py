"""Two people become one: nothing is lost, nothing counts twice, whatever the order."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock, worker
from app.actions import accounts, learning, summaries, writing
from app.actions.demo import demo_step
from app.actions.merging import merge
from app.db import Engines
from app.errors import Missing, Refused
from app.models import (
    AttemptAnswer,
    AuditEvent,
    Enrolment,
    Mastery,
    Moment,
    Note,
    Person,
    Placement,
    Profile,
    Result,
    SignIn,
    StepEvent,
    StepProgress,
    Summary,
    TimeInterval,
    Verb,
)
from app.reads import learning as reads
from app.reads import written
from tests.build import DEMO, enrolment, walk
from tests.cast import Cast
from tests.conftest import NOON

HOUR = timedelta(hours=1)
GUEST = timedelta(days=90)
LONG = 24
"""The longer format on offer in the demonstration."""


def later(hours: int = 1) -> None:
    clock.freeze(clock.now() + hours * HOUR)


def own(db: Session, person_id: int) -> Enrolment:
    return db.get_one(Enrolment, enrolment(db, person_id))


def progress(db: Session, person_id: int) -> dict[str, StepProgress]:
    rows = db.scalars(select(StepProgress).where(StepProgress.enrolment_id == enrolment(db, person_id)))
    return {row.step_uid: row for row in rows}


def sole(db: Session, model: type, *where: object) -> object:
    return db.scalars(select(model).where(*where)).one()  # type: ignore[arg-type]


def count(db: Session, model: type, *where: object) -> int:
    return db.scalar(select(func.count()).select_from(model).where(*where)) or 0  # type: ignore[arg-type]


def test_the_steps_of_a_guest_join_those_of_the_account_at_their_own_dates(db: Session, cast: Cast) -> None:
    done = walk(db, cast.gus, steps=5)
    later()
    walk(db, cast.lea, steps=3)
    later()
    merge(db, cast.gus, cast.lea)
    rows = progress(db, cast.lea)
    assert set(rows) == set(done)
    assert {row.completed_at for row in rows.values()} == {NOON}
    assert own(db, cast.lea).started_at == NOON
    assert learning.refold(db, own(db, cast.lea).id) == 0
    minutes = {row.step_uid: row.minutes_credited for row in db.scalars(select(StepProgress))}
    assert {uid: row.minutes_credited for uid, row in rows.items()} == {uid: minutes[uid] for uid in rows}


def test_the_account_goes_on_after_the_last_step_of_the_guest(db: Session, cast: Cast) -> None:
    walk(db, cast.gus, steps=5)
    following = learning.enrol(db, cast.gus, DEMO, None)
    walk(db, cast.lea, steps=2)
    merge(db, cast.gus, cast.lea)
    assert learning.enrol(db, cast.lea, DEMO, None) == following


def test_an_account_that_had_not_begun_takes_the_edition_the_format_and_the_start(db: Session, cast: Cast) -> None:
    learning.enrol(db, cast.gus, DEMO, LONG)
    walk(db, cast.gus, steps=2)
    before = own(db, cast.gus)
    later()
    merge(db, cast.gus, cast.lea)
    after = own(db, cast.lea)
    same = ("pathway_id", "edition_id", "format_minutes", "started_at")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
    assert len(progress(db, cast.lea)) == 2


@pytest.mark.parametrize(("theirs", "mine", "kept"), [(LONG, 12, LONG), (12, LONG, LONG), (999, 12, 12)])
def test_the_longer_format_is_kept_when_the_edition_of_the_account_offers_it(
    db: Session, cast: Cast, theirs: int, mine: int, kept: int
) -> None:
    learning.enrol(db, cast.gus, DEMO, 12)
    own(db, cast.gus).format_minutes = theirs
    learning.enrol(db, cast.lea, DEMO, mine)
    merge(db, cast.gus, cast.lea)
    assert own(db, cast.lea).format_minutes == kept


def test_the_guest_is_closed_and_a_trace_says_so(db: Session, cast: Cast) -> None:
    walk(db, cast.gus, steps=1)
    accounts.start_sign_in(db, cast.gus, "a phone", GUEST)
    before = own(db, cast.gus)
    later()
    merge(db, cast.gus, cast.lea)
    db.expire_all()
    guest = db.get_one(Person, cast.gus)
    assert guest.merged_into_id == cast.lea
    assert (before.closed_at, before.merged_into_id) == (clock.now(), enrolment(db, cast.lea))
    assert sole(db, SignIn, SignIn.person_id == cast.gus).ended_at == clock.now()  # type: ignore[attr-defined]
    trace = db.scalars(select(StepEvent).where(StepEvent.verb == Verb.MERGED)).one()
    assert (trace.enrolment_id, trace.by_id) == (enrolment(db, cast.lea), cast.lea)
    audit = db.scalars(select(AuditEvent).where(AuditEvent.verb == "person.merge")).one()
    assert (audit.object, audit.by_id) == (f"person:{cast.gus}", cast.lea)


def test_what_the_guest_did_stays_in_the_ledger_and_folds_as_before(db: Session, cast: Cast) -> None:
    walk(db, cast.gus, steps=4)
    number = enrolment(db, cast.gus)
    events = count(db, StepEvent, StepEvent.enrolment_id == number)
    merge(db, cast.gus, cast.lea)
    assert count(db, StepEvent, StepEvent.enrolment_id == number) == events
    assert learning.refold(db, number) == 0


def test_done_again_changes_nothing_even_the_other_way_round(db: Session, cast: Cast) -> None:
    walk(db, cast.gus, steps=3)
    walk(db, cast.lea, steps=1)
    merge(db, cast.gus, cast.lea)
    models = (StepEvent, Enrolment, Note, Result, AttemptAnswer, AuditEvent)
    before = [count(db, model) for model in models]
    merge(db, cast.gus, cast.lea)
    merge(db, cast.lea, cast.gus)
    assert [count(db, model) for model in models] == before


def test_a_chain_ends_as_if_each_had_joined_the_last(db: Session, cast: Cast) -> None:
    done = walk(db, cast.gus, steps=5)
    later()
    walk(db, cast.noe, steps=2)
    merge(db, cast.gus, cast.noe)
    merge(db, cast.noe, cast.lea)
    merge(db, cast.gus, cast.lea)  # it has
    db.expire_all()
    assert set(progress(db, cast.lea)) == set(done)
    assert {row.completed_at for row in progress(db, cast.lea).values()} == {NOON}
    assert set(db.scalars(select(Person.merged_into_id).where(Person.id.in_((cast.gus, cast.noe))))) == {cast.lea}
    joined = select(Enrolment.merged_into_id).where(Enrolment.closed_at.is_not(None))
    assert set(db.scalars(joined)) == {enrolment(db, cast.lea)}
    assert learning.refold(db, enrolment(db, cast.lea)) == 0


def test_one_joins_neither_oneself_nor_somebody_closed(db: Session, cast: Cast) -> None:
    merge(db, cast.gus, cast.lea)
    db.get_one(Person, cast.tess).erased_at = clock.now()
    db.get_one(Person, cast.tarik).disabled_at = clock.now()
    db.flush()
    for source, target in ((cast.lea, cast.lea), (cast.gus, cast.noe), (cast.noe, cast.gus)):
        with pytest.raises(Refused):
            merge(db, source, target)
    for closed in (cast.tess, cast.tarik):
        with pytest.raises(Refused):
            merge(db, cast.noe, closed)
        with pytest.raises(Refused):
            merge(db, closed, cast.noe)
    with pytest.raises(Missing):
        merge(db, cast.noe, 10**9)


def write(db: Session, person_id: int, uid: str, text: str) -> None:
    writing.save_notes(db, person_id, DEMO, {(uid, "notes"): text})


@pytest.mark.parametrize(
    ("guest_last", "guest", "account", "current"),
    [
        (True, "du téléphone", "du bureau", "du téléphone"),
        (False, "du téléphone", "du bureau", "du bureau"),
        (True, "", "du bureau", "du bureau"),
        (False, "du téléphone", "", "du téléphone"),
    ],
)
def test_of_two_texts_the_newest_written_one_is_current_and_the_other_is_kept(
    db: Session, cast: Cast, guest_last: bool, guest: str, account: str, current: str
) -> None:
    uid = learning.enrol(db, cast.gus, DEMO, None)
    learning.enrol(db, cast.lea, DEMO, None)
    assert uid
    for person, text in sorted(
        [(cast.gus, guest), (cast.lea, account)], key=lambda who: (who[0] == cast.gus) is guest_last
    ):
        write(db, person, uid, "un essai")
        later()
        write(db, person, uid, text)
        later()
    texts = count(db, Note)
    merge(db, cast.gus, cast.lea)
    assert written.texts(db, cast.lea, uid) == {"notes": current}
    assert count(db, Note, Note.person_id == cast.lea) == texts
    assert count(db, Note, Note.person_id == cast.lea, Note.superseded_at.is_(None)) == 1


def test_tries_at_a_quiz_unite_and_right_once_is_right_for_good(db: Session, cast: Cast) -> None:
    walk(db, cast.gus)
    walk(db, cast.lea, steps=1)
    tried = {
        row.step_uid: reads.tried(db, enrolment(db, cast.gus), row.step_uid) for row in progress(db, cast.gus).values()
    }
    merge(db, cast.gus, cast.lea)
    assert any(tried.values())
    for uid, answers in tried.items():
        assert reads.tried(db, enrolment(db, cast.lea), uid) == answers


def test_results_unite_with_their_axes_and_answers_and_old_addresses_answer(db: Session, cast: Cast) -> None:
    learning.enrol(db, cast.gus, DEMO, LONG)
    walk(db, cast.gus)
    learning.enrol(db, cast.lea, DEMO, LONG)
    later()
    walk(db, cast.lea)
    old, own_one = reads.sittings(db, cast.gus)[0], reads.sittings(db, cast.lea)[0]
    learning.choose_axis(db, cast.gus, old.id, "C")
    merge(db, cast.gus, cast.lea)
    latest, copy = reads.sittings(db, cast.lea)
    assert (latest.id, copy.at) == (own_one.id, old.at)  # the latest sitting is the latest by its date
    before, after = reads.own_result(db, cast.lea, old.id), reads.own_result(db, cast.lea, copy.id)
    assert (before.answers, before.slug, before.step_uid) == (after.answers, after.slug, after.step_uid)
    assert before.chosen == after.chosen == "C"
    with pytest.raises(Missing):
        reads.own_result(db, cast.noe, old.id)


def test_of_two_bilans_the_account_s_stands_and_the_other_is_replaced(db: Session, cast: Cast) -> None:
    walk(db, cast.gus)
    summaries.give_name(db, cast.gus, "Gus")
    later()
    walk(db, cast.lea)
    theirs = sole(db, Summary, Summary.enrolment_id == enrolment(db, cast.gus))
    mine = sole(db, Summary, Summary.enrolment_id == enrolment(db, cast.lea))
    later()
    merge(db, cast.gus, cast.lea)
    db.expire_all()
    assert (theirs.replaced_at, theirs.replaced_by_id) == (clock.now(), mine.id)  # type: ignore[attr-defined]
    assert reads.summaries(db, enrolment(db, cast.lea)) == {12: mine}
    assert [held.format_minutes for held in reads.held(db, cast.lea)[1]] == [12]


def test_the_bilan_of_a_guest_is_found_in_the_account_and_not_issued_twice(db: Session, cast: Cast) -> None:
    walk(db, cast.gus)
    summaries.give_name(db, cast.gus, "Gus")
    merge(db, cast.gus, cast.noe)
    merge(db, cast.noe, cast.lea)
    only = sole(db, Summary)
    assert reads.summaries(db, enrolment(db, cast.lea)) == {12: only}
    assert [(held.enrolment_id, held.format_minutes) for held in reads.held(db, cast.lea)[1]] == [
        (enrolment(db, cast.lea), 12)
    ]
    summaries.give_name(db, cast.lea, "Léa")
    assert count(db, Summary) == 1


def test_what_two_people_finish_together_issues_the_bilan(db: Session, cast: Cast) -> None:
    with db.begin_nested() as whole:
        everything = walk(db, cast.gus)
        whole.rollback()
    learning.enrol(db, cast.gus, DEMO, None)
    walk(db, cast.gus, steps=4)
    learning.enrol(db, cast.lea, DEMO, None)
    for uid in everything[4:]:
        demo_step(db, cast.lea, DEMO, uid)
    assert count(db, Summary) == 0
    merge(db, cast.gus, cast.lea)
    assert set(reads.summaries(db, enrolment(db, cast.lea))) == {12}


def test_the_name_and_the_profile_fill_only_what_is_empty(db: Session, cast: Cast) -> None:
    now = clock.now()
    db.add(Profile(person_id=cast.gus, actor="associations", region="bretagne", updated_at=now))
    db.add(Profile(person_id=cast.lea, actor="medias", updated_at=now))
    db.get_one(Person, cast.gus).name = "Gus"
    db.get_one(Person, cast.noe).name = None
    db.flush()
    merge(db, cast.gus, cast.lea)
    db.expire_all()
    profile = db.get_one(Profile, cast.lea)
    assert (profile.actor, profile.region) == ("medias", "bretagne")
    assert db.get_one(Person, cast.lea).name == "Lea"
    db.get_one(Person, cast.lea).name = "Léa"
    db.flush()
    merge(db, cast.lea, cast.noe)
    db.expire_all()
    assert db.get_one(Person, cast.noe).name == "Léa"
    assert db.get_one(Profile, cast.noe).region == "bretagne"


def test_measured_time_and_self_placement_follow(db: Session, cast: Cast) -> None:
    for person in (cast.gus, cast.lea):
        learning.enrol(db, person, DEMO, None)
        number, now = enrolment(db, person), clock.now()
        db.add(TimeInterval(enrolment_id=number, step_uid="demo-lecture", key="tab", from_at=now, seconds=60))
        for moment, objective in ((Moment.ENTRY, "o1"), (Moment.EXIT, "o1"), (Moment.ENTRY, f"of {person}")):
            level = Mastery.NOT_YET if person == cast.gus else Mastery.ALONE
            row = Placement(enrolment_id=number, objective_uid=objective, moment=moment, level=level, at=now)
            db.add(row)
        later()
    db.flush()
    merge(db, cast.gus, cast.lea)
    db.expire_all()
    number = enrolment(db, cast.lea)
    assert [row.seconds for row in db.scalars(select(TimeInterval).where(TimeInterval.enrolment_id == number))] == [
        60
    ] * 2
    placed = {(p.objective_uid, p.moment): p.level for p in db.scalars(select(Placement))}
    assert count(db, Placement, Placement.enrolment_id == number) == len(placed) == 4
    assert placed["o1", Moment.ENTRY] is Mastery.NOT_YET
    assert placed["o1", Moment.EXIT] is Mastery.ALONE


def test_a_device_that_still_writes_for_the_guest_is_told(db: Session, cast: Cast) -> None:
    (uid, *_) = walk(db, cast.gus, steps=2)
    merge(db, cast.gus, cast.lea)
    with pytest.raises(Refused, match="reprises dans un compte"):
        write(db, cast.gus, uid, "trop tard")
    with pytest.raises(Refused, match="reprises dans un compte"):
        learning.complete_step(db, cast.gus, DEMO, uid, {}, key="too late")
    with pytest.raises(Refused, match="reprises dans un compte"):
        learning.enrol(db, cast.gus, DEMO, None)
    with pytest.raises(Refused, match="reprises dans un compte"):
        summaries.give_name(db, cast.gus, "Gus")


def test_forgetting_idle_guests_keeps_what_joined_an_account(engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        learning.enrol(db, cast.gus, DEMO, LONG)
        walk(db, cast.gus)
        summaries.give_name(db, cast.gus, "Gus")
        accounts.start_sign_in(db, cast.gus, "a phone", GUEST)
        merge(db, cast.gus, cast.lea)
        db.commit()
    clock.freeze(NOON + timedelta(days=1000))
    assert worker.forget_idle_guests(engines) == 0
    with Session(engines.read) as db:
        summary = reads.summaries(db, enrolment(db, cast.lea))[LONG]
        assert (summary.snapshot["name"], summary.withdrawn_at) == ("Gus", None)
        assert len(reads.sittings(db, cast.lea)) == 1


def test_a_guest_takes_along_the_guests_who_joined_them_when_erased(engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        learning.enrol(db, cast.gus, DEMO, LONG)
        walk(db, cast.gus)
        summaries.give_name(db, cast.gus, "Gus")
        other = accounts.become_guest(db, "fr")
        accounts.start_sign_in(db, other, "a laptop", GUEST)
        merge(db, cast.gus, other)
        db.commit()
    clock.freeze(NOON + timedelta(days=729))
    assert worker.forget_idle_guests(engines) == 0  # a bilan is kept 24 months, wherever it hangs
    clock.freeze(NOON + timedelta(days=731))
    assert worker.forget_idle_guests(engines) == 1
    assert worker.forget_idle_guests(engines) == 0
    with Session(engines.read) as db:
        assert count(db, Person, Person.erased_at.is_not(None)) == 2
        assert count(db, Note) == count(db, Result) == 0
        assert sole(db, Summary).snapshot["name"] == ""  # type: ignore[attr-defined]


def test_equal_dates_fold_the_same_whoever_joins_first(db: Session, cast: Cast) -> None:
    credited = []
    for order in ((0, 1), (1, 0)):
        people = [accounts.become_guest(db, "fr") for _number in range(3)]
        for minutes, who in enumerate(people[:2], 1):
            learning.enrol(db, who, DEMO, None)
            data = {"minutes": minutes, "task_digest": f"digest {minutes}"}
            row = {"step_uid": "demo-lecture", "verb": Verb.COMPLETED, "at": NOON, "by_id": who, "key": "a click"}
            db.add(StepEvent(enrolment_id=enrolment(db, who), data=data, **row))
            db.flush()
        for rank in order:
            merge(db, people[rank], people[2])
        folded = progress(db, people[2])["demo-lecture"]
        credited.append((folded.minutes_credited, folded.task_digest))
    assert credited == [(1, "digest 2")] * 2
