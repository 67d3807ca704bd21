"""What is said without anybody asking, on both databases: due dates, commitments, the week; never twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app import clock
from app.actions import (
    assignments,
    cohorts,
    comments,
    delivery,
    digests,
    mailed,
    memberships,
    messages,
    reminding,
    roles,
    sharing,
    trainers,
    writing_to,
)
from app.actions.assignments import Dates
from app.db import Engines
from app.errors import Refused
from app.letters import HIDDEN, letter
from app.models import (
    ASKED_FOR,
    Assignment,
    Cohort,
    CohortTrainer,
    Invitation,
    MailKind,
    Membership,
    Message,
    Outcome,
    Person,
    PlanItem,
    Role,
    RoleGrant,
    Shared,
    Sharing,
    Silent,
    token_hash,
)
from app.reads import assignments as assigned
from app.reads import coming, mail
from tests.actions.test_sharing import place_of
from tests.build import walk
from tests.cast import Cast, address

DUE = date(2026, 12, 18)
READ = "demo-lecture"
NINE = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
"""Nine o'clock in Paris."""


@pytest.fixture
def cohort(engines: Engines, cast: Cast) -> int:
    """Léa and Noé are in it, and are asked the demonstration by the 18th of December."""
    with Session(engines.write) as db, db.begin():
        number = cohorts.create_cohort(db, cast.tarik, cohorts.Wanted("Lundi", "Europe/Paris"), key="a cohort")
        for person in (cast.lea, cast.noe):
            memberships.join(db, number, person, name="x")
        dates = Dates(clock.now().date(), due_on=DUE)
        assignments.assign(db, cast.tarik, number, assignments.Wanted("demo", 12, dates), key="asked")
    return number


def said(engines: Engines, kind: MailKind) -> list[tuple[str, str]]:
    """Cause and address of what waits or left."""
    with Session(engines.read) as db:
        rows = db.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)).all()
    return [(row.cause, row.address) for row in rows]


def remind(engines: Engines, day: date) -> list[str]:
    """To whom, that day; twice is once."""
    clock.freeze(NINE.replace(month=day.month, day=day.day))
    with Session(engines.write) as db, db.begin():
        db.execute(delete(Message).where(Message.kind != MailKind.REMINDER))
        db.execute(update(Message).values(created_at=clock.now() - timedelta(days=1)))
    with Session(engines.write) as db, db.begin():
        reminding.remind(db)
    with Session(engines.write) as db, db.begin():
        assert reminding.remind(db) == 0
        rows = db.scalars(select(Message).where(Message.created_at == clock.now())).all()
        return sorted(row.address for row in rows)


def test_an_assignment_is_said_once_to_each_member_and_to_who_joins_later(
    engines: Engines, cast: Cast, cohort: int
) -> None:
    assert {to for _cause, to in said(engines, MailKind.ASSIGNMENT)} == {address("lea"), address("noe")}
    with Session(engines.write) as db, db.begin():
        memberships.join(db, cohort, cast.aude, name="Aude")
    with Session(engines.read) as db:
        rows = db.scalars(select(Message).where(Message.kind == MailKind.ASSIGNMENT).order_by(Message.id)).all()
    assert [row.address for row in rows][2:] == [address("aude")]
    assert (rows[0].data["cohort"], rows[0].data["due"], rows[0].data["format"]) == ("Lundi", "2026-12-18", 12)
    assert rows[0].data["pathway"]


def test_who_has_not_finished_is_reminded_seven_days_before_on_the_eve_and_once_late(
    engines: Engines, cast: Cast, cohort: int
) -> None:
    with Session(engines.write) as db, db.begin():
        walk(db, cast.noe)
    days = {n: remind(engines, date(2026, 12, n)) for n in (10, 11, 12, 16, 17, 18, 19, 20, 21)}
    assert {n: people for n, people in days.items() if people} == {n: [address("lea")] for n in (11, 17, 19)}


def test_who_has_an_extension_is_reminded_of_their_own_day(engines: Engines, cast: Cast, cohort: int) -> None:
    with Session(engines.write) as db, db.begin():
        number = db.scalars(select(Assignment.id)).one()
        lea = db.scalars(select(Membership.id).where(Membership.person_id == cast.lea)).one()
        assignments.extend(db, cast.tarik, cohort, number, [lea], date(2026, 12, 21))
    assert remind(engines, date(2026, 12, 11)) == [address("noe")]
    assert remind(engines, date(2026, 12, 14)) == [address("lea")]


def test_days_after_joining_are_counted_from_each_arrival(engines: Engines, cast: Cast, cohort: int) -> None:
    with Session(engines.write) as db, db.begin():
        db.execute(update(Assignment).values(due_on=None, due_days=20))
    clock.freeze(NINE.replace(day=5))
    with Session(engines.write) as db, db.begin():
        memberships.join(db, cohort, cast.aude, name="Aude")
    assert remind(engines, date(2026, 12, 8)) == [address("lea"), address("noe")]
    assert remind(engines, date(2026, 12, 18)) == [address("aude"), address("lea"), address("noe")]  # they are late


@pytest.mark.parametrize("gone", ["withdrawn", "archived", "left"])
def test_nobody_is_reminded_of_what_is_asked_no_more(engines: Engines, cast: Cast, cohort: int, gone: str) -> None:
    with Session(engines.write) as db, db.begin():
        if gone == "withdrawn":
            db.execute(update(Assignment).values(withdrawn_at=clock.now()))
        elif gone == "archived":
            db.execute(update(Cohort).values(archived_at=clock.now()))
        else:
            memberships.leave(db, cast.lea, cohort)
            memberships.leave(db, cast.noe, cohort)
    assert remind(engines, date(2026, 12, 11)) == []


def test_a_reminder_that_waited_says_nothing_to_who_finished_meanwhile(
    engines: Engines, cast: Cast, cohort: int
) -> None:
    remind(engines, date(2026, 12, 11))
    with Session(engines.write) as db, db.begin():
        walk(db, cast.lea)
    with Session(engines.write) as db, db.begin():
        left = {message.address: message.dropped_at for message in iter(lambda: delivery.claim(db), None) if message}
    assert left[address("lea")]
    assert left[address("noe")] is None


@pytest.mark.parametrize("withdrawn", [True, False])
def test_an_invitation_withdrawn_before_it_left_is_not_sent(
    engines: Engines, cast: Cast, cohort: int, withdrawn: bool
) -> None:
    with Session(engines.write) as db, db.begin():
        db.execute(delete(Message))
        row = {"cohort_id": cohort, "email": "ines@x.example", "created_at": clock.now(), "created_by": cast.tarik}
        lasts = {"expires_at": clock.now() + timedelta(days=7), "withdrawn_at": clock.now() if withdrawn else None}
        db.add(Invitation(**row, **lasts, token_hash=token_hash("secret")))
        data = {"token": "secret"}
        messages.post(db, MailKind.INVITATION, cause="i:1", address="ines@x.example", lang="fr", data=data)
    with Session(engines.write) as db, db.begin():
        message = delivery.claim(db)
        assert message
        assert (message.dropped_at is not None) == withdrawn


def ask(engines: Engines) -> int:
    with Session(engines.write) as db, db.begin():
        return reminding.ask_plans(db)


@pytest.fixture
def plan(engines: Engines, cast: Cast) -> int:
    """Léa's bilan, issued today, with its commitment, without a day of its own."""
    with Session(engines.write) as db, db.begin():
        walk(db, cast.lea)
        db.execute(update(PlanItem).values(due_on=None))
        return db.scalars(select(PlanItem.id)).first() or 0


def test_a_commitment_is_asked_after_by_mail_when_the_page_asks_and_at_three_months(
    engines: Engines, cast: Cast, plan: int, noon: datetime
) -> None:
    asked = []
    for days in range(110):
        clock.freeze(noon + timedelta(days=days))
        if ask(engines):
            asked.append(days)
            assert ask(engines) == 0
    assert asked == [15, 92]
    assert {to for _cause, to in said(engines, MailKind.PLAN)} == {address("lea")}


def test_who_answered_meanwhile_is_not_asked(engines: Engines, cast: Cast, plan: int, noon: datetime) -> None:
    clock.freeze(noon + timedelta(days=15))
    assert ask(engines) == 1
    with Session(engines.write) as db, db.begin():
        db.execute(update(PlanItem).values(outcome=Outcome.DONE, outcome_at=clock.now()))
    with Session(engines.write) as db, db.begin():
        message = delivery.claim(db)
        assert message
        assert message.dropped_at


def digest(engines: Engines, when: datetime) -> int:
    clock.freeze(when)
    with Session(engines.write) as db, db.begin():
        return digests.digest(db)


def test_the_week_of_a_trainer_is_said_on_monday_once_with_numbers_alone(
    engines: Engines, cast: Cast, cohort: int
) -> None:
    with Session(engines.write) as db, db.begin():
        walk(db, cast.lea, steps=2)
        db.execute(delete(Message))
    monday = datetime(2026, 11, 30, 6, 30, tzinfo=UTC)
    assert digest(engines, monday - timedelta(hours=1)) == 0
    assert [digest(engines, monday), digest(engines, monday + timedelta(hours=3))] == [1, 0]
    with Session(engines.read) as db:
        row = db.scalars(select(Message)).one()
    assert row.address == address("tarik")
    assert row.data == {
        "cohorts": [{"name": "Lundi", "members": 2, "joined": 2, "active": 1, "steps": 2, "answers": 0}]
    }
    assert digest(engines, monday + timedelta(days=7)) == 0


def test_where_monday_begins_on_our_sunday_the_week_is_said_once_too(engines: Engines, cast: Cast, cohort: int) -> None:
    with Session(engines.write) as db, db.begin():
        walk(db, cast.lea, steps=2)
        db.execute(update(Person).where(Person.id == cast.tarik).values(zone="Pacific/Noumea"))
    sunday = datetime(2026, 11, 29, 20, tzinfo=UTC)  # Monday, 7 o'clock in Nouméa
    assert [digest(engines, sunday + timedelta(hours=hours)) for hours in (-1, 0, 1, 4, 12)] == [0, 1, 0, 0, 0]


def test_answers_that_wait_for_a_trainer_are_counted_in_their_week(engines: Engines, cast: Cast, cohort: int) -> None:
    with Session(engines.write) as db, db.begin():
        walk(db, cast.lea, steps=1)
        place = place_of(db, cohort, cast.lea)
        sharing.share(db, cast.lea, cohort, Shared.NOTES, READ)
        comments.comment(db, cast.tarik, cohort, place, READ, "Plus court ?", verdict=None, key="c" * 16)
        for number in range(2):
            comments.answer(db, cast.lea, cohort, READ, "Comme cela ?", key=f"answer-{number:09d}")
    monday = datetime(2026, 11, 30, 6, 30, tzinfo=UTC)

    def week() -> tuple[int, str]:
        with Session(engines.write) as db, db.begin():
            db.execute(delete(Message))
        digest(engines, monday)
        with Session(engines.read) as db:
            row = db.scalars(select(Message).where(Message.address == address("tarik"))).one()
        words = letter(row.kind, "fr", row.data, "https://site.example").text
        return row.data["cohorts"][0]["answers"], words.replace("\N{NO-BREAK SPACE}", " ")

    answers, words = week()
    assert answers == 1  # the last word of one thread
    assert "1 réponse à lire" in words
    with Session(engines.write) as db, db.begin():
        comments.comment(db, cast.tarik, cohort, place, READ, "Voilà", verdict=None, key="d" * 16)
    assert week()[0] == 0
    with Session(engines.write) as db, db.begin():
        comments.answer(db, cast.lea, cohort, READ, "Merci", key="answer-000000002")
        sharing.unshare(db, cast.lea, cohort, Shared.NOTES, READ)
    assert week()[0] == 0


def test_an_address_that_nobody_proved_receives_only_what_its_owner_asks_for_and_invitations(
    engines: Engines, cast: Cast, cohort: int, plan: int, noon: datetime
) -> None:
    """The same happens twice: while Léa and Noé have proved that their addresses are theirs, then when neither has."""

    def happen() -> set[tuple[MailKind, str]]:
        with Session(engines.write) as db, db.begin():
            db.execute(delete(Message))
            places = [place_of(db, cohort, person) for person in (cast.lea, cast.noe)]
            asked = db.scalars(select(Assignment)).one()
            reminding.announce(db, asked, Membership.left_at.is_(None))
            if reached:
                writing_to.write_to(db, cast.tarik, cohort, places, "Bonjour", key="a letter")
            for kind in (*ASKED_FOR, MailKind.INVITATION):
                messages.post(db, kind, cause="x", address=address("lea"), lang="fr", data={HIDDEN: "t"})
        for days in (15, 16):
            clock.freeze(noon + timedelta(days=days))
            with Session(engines.write) as db, db.begin():
                reminding.remind(db)
                reminding.ask_plans(db)
                digests.digest(db)
        with Session(engines.read) as db:
            return {(row.kind, row.address) for row in db.scalars(select(Message))}

    asked_for = {(kind, address("lea")) for kind in (*ASKED_FOR, MailKind.INVITATION)}
    reached = True
    told = {kind for kind, to in happen() if to in (address("lea"), address("noe"))}
    assert {MailKind.ASSIGNMENT, MailKind.TRAINER, MailKind.PLAN} <= told
    with Session(engines.write) as db, db.begin():
        db.execute(
            update(Person).where(Person.email.in_([address("lea"), address("noe")])).values(email_confirmed_at=None)
        )
    clock.freeze(noon)
    reached = False
    assert {each for each in happen() if each[1] in (address("lea"), address("noe"))} == asked_for
    with Session(engines.write) as db:
        places = [place_of(db, cohort, person) for person in (cast.lea, cast.noe)]
        with pytest.raises(Refused):
            writing_to.write_to(db, cast.tarik, cohort, places, "Bonjour", key="another letter")


def test_an_answer_is_told_at_once_to_the_trainer_who_asked_for_it_while_it_is_shown_and_they_lead(
    engines: Engines, cast: Cast, cohort: int
) -> None:
    with Session(engines.write) as db, db.begin():
        walk(db, cast.lea, steps=1)
        trainers.add_trainer(db, cast.tarik, cohort, address("tess"))
        sharing.share(db, cast.lea, cohort, Shared.NOTES, READ)
        db.execute(delete(Message))

    def answer(number: int) -> list[tuple[str, str]]:
        for _twice in range(2):
            with Session(engines.write) as db, db.begin():
                comments.answer(db, cast.lea, cohort, READ, "Comme cela ?", key=f"answer-{number:09d}")
        return said(engines, MailKind.ANSWER)

    assert answer(1) == []
    with Session(engines.write) as db, db.begin():
        mailed.choose(db, address("tarik"), ["answer"], [MailKind.ANSWER])
        mailed.choose(db, address("lea"), ["answer"], [MailKind.ANSWER])  # who leads nothing
    assert [to for _cause, to in answer(2)] == [address("tarik")]
    with Session(engines.write) as db, db.begin():
        message = db.scalars(select(Message).where(Message.kind == MailKind.ANSWER)).one()
        words = letter(message.kind, "fr", message.data, "https://site.example").text
        assert "Comme cela ?" not in words  # what is said stays on the site
        assert f"/cohortes/{cohort}/personnes/{place_of(db, cohort, cast.lea)}#{READ}" in words
        assert comments.still_followed(db, message)
        for undo in (
            update(CohortTrainer).where(CohortTrainer.person_id == cast.tarik).values(until=clock.now()),
            update(Sharing).values(ended_at=clock.now()),
            update(RoleGrant).where(RoleGrant.person_id == cast.tarik).values(ended_at=clock.now()),
        ):
            with db.begin_nested() as here:
                db.execute(undo)
                assert not comments.still_followed(db, message)
                here.rollback()
        mailed.stop(db, address("tarik"), MailKind.ANSWER)
        assert not comments.still_followed(db, message)
        assert MailKind.ANSWER in mail.stopped(db, address("tarik"))
    assert len(answer(3)) == 1


def test_a_mail_that_waited_does_not_go_to_an_address_that_was_left(engines: Engines, cast: Cast, cohort: int) -> None:
    with Session(engines.write) as db, db.begin():
        db.execute(delete(Message))
        writing_to.write_to(db, cast.tarik, cohort, [place_of(db, cohort, cast.lea)], "Bonjour", key="a letter")
        db.execute(update(Person).where(Person.id == cast.lea).values(email="ailleurs@balises.example"))
    with Session(engines.write) as db, db.begin():
        message = delivery.claim(db)
        assert message
        assert message.dropped_at


def test_what_a_trainer_sees_coming_is_what_leaves_whatever_the_day_of_the_look(
    engines: Engines, cast: Cast, cohort: int
) -> None:
    """Léa at her own date, Noé and Ada at the cohort’s; Aude has finished, Tess wants no reminder, Gus no address."""
    others = {cast.aude: "Aude", cast.tess: "Tess", cast.gus: "Gus", cast.ada: "Ada"}
    with Session(engines.write) as db, db.begin():
        for person, name in others.items():
            memberships.join(db, cohort, person, name=name)
        walk(db, cast.aude)
        mailed.stop(db, address("tess"), MailKind.REMINDER)
        number = db.scalars(select(Assignment.id)).one()
        assignments.extend(db, cast.tarik, cohort, number, [place_of(db, cohort, cast.lea)], date(2026, 12, 22))
        for person, name in ((cast.lea, "Léa"), (cast.noe, "Noé")):
            db.execute(update(Membership).where(Membership.person_id == person).values(name=name))
        db.execute(update(Person).where(Person.id == cast.ada).values(email_confirmed_at=None))
    named = {address("lea"): "Léa", address("noe"): "Noé"}

    def seen(day: date) -> tuple[set[tuple[date, str]], dict[Silent, tuple[str, ...]]]:
        clock.freeze(NINE.replace(month=day.month, day=day.day) - timedelta(hours=1))
        with Session(engines.read) as db:
            mails, silent = coming.reminders(db, db.get_one(Cohort, cohort), number)
        return {(mail.day, name) for mail in mails for name in mail.names}, silent

    days = [date(2026, 11, 27) + timedelta(days=n) for n in range(30)]
    looked = [seen(day)[0] for day in days[:1]]
    left: set[tuple[date, str]] = set()
    for day in days:
        expected, _silent = seen(day)
        now = {(day, named[to]) for to in remind(engines, day)}
        assert now == {each for each in expected if each[0] == day}, day
        left |= now
    assert left == looked[0]
    assert len(left) == 6
    assert seen(days[0])[1] == {
        Silent.FINISHED: ("Aude",),
        Silent.NO_ADDRESS: ("Gus",),
        Silent.UNPROVED: ("Ada",),
        Silent.STOPPED: ("Tess",),
        Silent.SAID: ("Léa", "Noé"),
    }


def test_who_is_said_to_receive_an_announcement_receives_it(engines: Engines, cast: Cast, cohort: int) -> None:
    with Session(engines.write) as db, db.begin():
        for person, name in ((cast.tess, "Tess"), (cast.gus, "Gus"), (cast.ada, "Ada"), (cast.aude, "Aude")):
            memberships.join(db, cohort, person, name=name)
        walk(db, cast.aude)
        mailed.stop(db, address("tess"), MailKind.ASSIGNMENT)
        db.execute(update(Person).where(Person.id == cast.ada).values(email_confirmed_at=None))
        given = db.scalars(select(Assignment)).one()
        found = assigned.effects(db, cohort, given.pathway_id, given.format_minutes)
        db.execute(delete(Message))
        reminding.announce(db, given, Membership.left_at.is_(None))
        left = db.scalars(select(Person.id).join(Message, Message.address == Person.email)).all()
        names = db.scalars(select(Membership.name).where(Membership.person_id.in_(left)))
        assert sorted(names) == sorted(found.told)
    assert len(found.told) == 2
    assert found.silent == {
        Silent.FINISHED: ("Aude",),
        Silent.NO_ADDRESS: ("Gus",),
        Silent.UNPROVED: ("Ada",),
        Silent.STOPPED: ("Tess",),
    }


def test_the_day_that_a_week_is_announced_for_is_the_day_it_leaves(engines: Engines, cast: Cast, cohort: int) -> None:
    with Session(engines.write) as db, db.begin():
        walk(db, cast.lea, steps=2)
        db.execute(delete(Message))
    monday, next_one, before = date(2026, 11, 30), date(2026, 12, 7), True
    for hours in range(0, 24 * 8, 5):
        clock.freeze(datetime(2026, 11, 25, 12, tzinfo=UTC) + timedelta(hours=hours))
        with Session(engines.read) as db:
            (tarik,) = coming.digests(db, cohort)
        if digest(engines, clock.now()):
            assert (before, clock.now().date()) == (True, monday)
            before = False
        else:
            assert tarik.day == (monday if before else next_one)
    assert not before


def test_who_may_lead_no_more_is_told_nothing_of_a_cohort_that_nobody_has_taken_over(
    engines: Engines, cast: Cast, cohort: int
) -> None:
    with Session(engines.write) as db, db.begin():
        walk(db, cast.lea, steps=2)
        sharing.share(db, cast.lea, cohort, Shared.NOTES, READ)
        mailed.choose(db, address("tarik"), ["answer"], [MailKind.ANSWER])
        roles.revoke_role(db, address("tarik"), Role.TRAINER, by=cast.ada)
        comments.answer(db, cast.lea, cohort, READ, "Comme cela ?", key="an answer")
        assert coming.digests(db, cohort) == ()
    assert said(engines, MailKind.ANSWER) == []
    assert digest(engines, datetime(2026, 11, 30, 6, 30, tzinfo=UTC)) == 0
    with Session(engines.write) as db, db.begin():
        roles.grant_role(db, address("tarik"), Role.TRAINER, by=cast.ada)
    assert digest(engines, datetime(2026, 11, 30, 7, tzinfo=UTC)) == 1
