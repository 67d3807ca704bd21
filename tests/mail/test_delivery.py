"""Mails leave once for each cause, by a real server; what fails is tried again, later each time."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock, worker
from app.actions import accounts, delivery, messages
from app.config import Settings
from app.db import Engines
from app.models import TO_ANY_ADDRESS, MailKind, MailStop, Message, Person
from tests.build import prove
from tests.cast import HASH
from tests.post import Box, post_office
from tests.serving import free_port

LEA = "lea@balises.example"


@pytest.fixture
def box_port() -> int:
    return free_port()


@pytest.fixture
def sending(settings: Settings, box_port: int) -> Settings:
    return replace(
        settings, smtp_host="127.0.0.1", smtp_port=box_port, smtp_security="none", mail_from="Balises <b@site.example>"
    )


@pytest.fixture
def box(box_port: int) -> Iterator[Box]:
    with post_office(box_port) as found:
        yield found


def post(engines: Engines, kind: MailKind = MailKind.TRAINER, cause: str = "trainer:1", address: str = LEA) -> None:
    data = {"cohort": "Lundi", "trainer": "Tarik", "text": "Bonjour à vous\nÀ demain"}
    with Session(engines.write) as db, db.begin():
        if kind not in TO_ANY_ADDRESS:
            prove(db, address)
        messages.post(db, kind, cause=cause, address=address, lang="fr", data=data, reply_to="tarik@balises.example")


def one(engines: Engines) -> Message:
    with Session(engines.read) as db:
        return db.scalars(select(Message)).one()


def test_a_mail_says_the_same_in_two_forms_and_may_be_stopped(engines: Engines, sending: Settings, box: Box) -> None:
    post(engines)
    assert worker.deliver(engines, sending) == 1
    mail, row = box.mails[0], one(engines)
    assert mail["Message-ID"] == row.message_id
    assert (mail["From"], mail["To"], mail["Reply-To"]) == ("Balises <b@site.example>", LEA, "tarik@balises.example")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith(f"<{sending.public_url}/desinscription/{row.id}/")
    assert mail["Subject"] == "Tarik vous écrit (Lundi)"
    for form in ("plain", "html"):
        assert "Bonjour à vous" in box.last(form)
        assert f"{sending.public_url}/mon-chemin" in box.last(form)
    assert row.sent_at
    assert worker.deliver(engines, sending) == 0


def test_a_mail_is_in_its_reader_s_language(engines: Engines, sending: Settings, box: Box) -> None:
    post(engines)
    with Session(engines.write) as db, db.begin():
        db.execute(update(Message).values(lang="en"))
    worker.deliver(engines, sending)
    assert box.mails[0]["Subject"] == "A message from Tarik (Lundi)"
    assert 'lang="en"' in box.last("html")


def test_what_the_server_refuses_waits_longer_each_time_then_is_given_up(
    engines: Engines, sending: Settings, box: Box, noon: object
) -> None:
    box.answer = "451 later"
    post(engines)
    for wait in delivery.WAITS:
        worker.deliver(engines, sending)
        assert one(engines).due_at == clock.now() + wait
        assert worker.deliver(engines, sending) == 0
        clock.freeze(clock.now() + wait)
    worker.deliver(engines, sending)
    row = one(engines)
    assert row.gave_up_at
    assert "451 later" in (row.error or "")
    box.answer = "250 OK"
    with Session(engines.write) as db, db.begin():
        person = accounts.create_person(db, "ada@x.example", HASH, name="", role=None, by=None).id
        assert delivery.resend(db, row.id, by=person)
    assert worker.deliver(engines, sending) == 1
    assert box.mails[0]["Message-ID"] == row.message_id


def test_an_address_that_nobody_has_is_given_up_at_once(engines: Engines, sending: Settings, box: Box) -> None:
    box.refuse = "lea"
    post(engines)
    post(engines, address="noe@balises.example")
    assert worker.deliver(engines, sending) == 1
    with Session(engines.read) as db:
        given_up = db.scalars(select(Message.address).where(Message.gave_up_at.is_not(None))).all()
    assert given_up == [LEA]


def test_a_server_that_is_away_costs_one_try_and_no_mail(engines: Engines, sending: Settings, noon: object) -> None:
    post(engines)
    post(engines, address="noe@balises.example")
    assert worker.deliver(engines, sending) == 0
    with Session(engines.read) as db:
        assert sorted(db.scalars(select(Message.tries))) == [0, 1]


def test_nothing_leaves_to_whom_unsubscribed_meanwhile(engines: Engines, sending: Settings, box: Box) -> None:
    post(engines)
    with Session(engines.write) as db, db.begin():
        db.add(MailStop(address=LEA, kind=MailKind.TRAINER, at=clock.now()))
    assert worker.deliver(engines, sending) == 0
    assert (one(engines).dropped_at is not None, box.raw) == (True, [])


GOES_ANYWHERE = {
    MailKind.INVITATION: True,
    MailKind.RESET: True,
    MailKind.SET_UP: True,
    MailKind.CONFIRM: True,
    MailKind.SIGN_IN: True,
    MailKind.TEST: True,
    MailKind.ASSIGNMENT: False,
    MailKind.REMINDER: False,
    MailKind.DIGEST: False,
    MailKind.TRAINER: False,
    MailKind.COMMENT: False,
    MailKind.ANSWER: False,
    MailKind.PLAN: False,
}
"""What may go to an address that somebody else may have typed."""


@pytest.mark.parametrize("kind", MailKind)
def test_an_address_that_was_never_confirmed_receives_only_what_proves_it_or_was_asked_for_or_invites(
    engines: Engines, kind: MailKind
) -> None:
    message = Message(kind=kind, address=LEA)
    said: list[bool] = []
    with Session(engines.write) as db, db.begin():
        said.append(delivery.reaches(db, message))  # nobody has it
        person = accounts.create_person(db, LEA, HASH, name="", role=None, by=None)
        said.append(delivery.reaches(db, message))  # somebody typed it
        prove(db, LEA)
        message.person_id = person.id
        assert delivery.reaches(db, message)
        db.execute(update(Person).values(disabled_at=clock.now()))
        said.append(delivery.reaches(db, message))
        message.person_id = None
        said.append(delivery.reaches(db, message))
    assert said == [GOES_ANYWHERE[kind]] * 4


def test_whose_address_changed_meanwhile_is_not_written_to_at_the_one_before(
    engines: Engines, sending: Settings, box: Box
) -> None:
    post(engines)
    with Session(engines.write) as db, db.begin():
        db.execute(update(Person).values(email="lea@elsewhere.example", email_confirmed_at=None))
    assert worker.deliver(engines, sending) == 0
    assert (one(engines).dropped_at is not None, box.raw) == (True, [])


def test_what_could_not_leave_for_a_week_stays(engines: Engines, sending: Settings, box: Box, noon: object) -> None:
    post(engines)
    clock.freeze(clock.now() + timedelta(days=8))
    assert worker.deliver(engines, sending) == 0
    assert (one(engines).dropped_at, box.raw) == (clock.now(), [])


def test_the_secret_of_a_link_is_made_on_leaving_kept_between_tries_and_gone_once_sent(
    engines: Engines, sending: Settings, box: Box, noon: object
) -> None:
    with Session(engines.write) as db, db.begin():
        accounts.create_person(db, LEA, HASH, name="", role=None, by=None)
    post(engines, MailKind.RESET, "reset:1")
    assert "token" not in one(engines).data
    box.answer = "451 later"
    worker.deliver(engines, sending)
    token = one(engines).data["token"]
    box.answer = "250 OK"
    clock.freeze(clock.now() + timedelta(minutes=1))
    worker.deliver(engines, sending)
    assert f"{sending.public_url}/mot-de-passe/{token}" in box.last()
    assert "token" not in one(engines).data
    assert "List-Unsubscribe" not in box.mails[0]


def test_a_link_asked_for_an_address_without_account_goes_nowhere(
    engines: Engines, sending: Settings, box: Box
) -> None:
    post(engines, MailKind.RESET, "reset:1", "nobody@x.example")
    assert worker.deliver(engines, sending) == 0
    assert (one(engines).dropped_at is not None, box.raw) == (True, [])


def test_a_mail_that_cannot_be_written_does_not_stop_the_others(engines: Engines, sending: Settings, box: Box) -> None:
    post(engines, address="two@x.example, three@x.example")
    post(engines)
    assert worker.deliver(engines, sending) == 1
    assert box.to == [[LEA]]


def test_two_workers_share_the_mails_and_send_none_twice(engines: Engines, sending: Settings, box: Box) -> None:
    for number in range(40):
        post(engines, cause=f"trainer:{number}")
    workers = [threading.Thread(target=worker.deliver, args=(engines, sending)) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(60)
    assert len({mail["Message-ID"] for mail in box.mails}) == len(box.raw) == 40


def test_without_a_server_everything_waits(engines: Engines, settings: Settings) -> None:
    post(engines)
    assert worker.deliver(engines, settings) == 0
    assert one(engines).tries == 0
