"""The outbox: one mail for a cause and an address, none to whom wants none."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import messages
from app.models import MailKind, MailStop, Message


def post(
    db: Session, kind: MailKind = MailKind.TRAINER, cause: str = "trainer:1", address: str = "lea@x.example"
) -> bool:
    return messages.post(db, kind, cause=cause, address=address, lang=None, data={"text": "Bonjour"})


def test_a_cause_said_twice_is_one_mail(db: Session, noon: object) -> None:
    assert post(db)
    assert not post(db)
    assert not post(db, address=" LEA@x.example ")
    assert post(db, cause="trainer:2")
    assert post(db, address="noe@x.example")
    rows = db.scalars(select(Message).order_by(Message.id)).all()
    assert [(row.cause, row.address) for row in rows] == [
        ("trainer:1", "lea@x.example"),
        ("trainer:2", "lea@x.example"),
        ("trainer:1", "noe@x.example"),
    ]
    assert {(row.lang, row.tries, row.due_at, row.sent_at) for row in rows} == {("fr", 0, clock.now(), None)}


def test_every_mail_has_a_message_id_of_its_own(db: Session) -> None:
    for number in range(3):
        post(db, cause=f"trainer:{number}")
    ids = db.scalars(select(Message.message_id)).all()
    assert len(set(ids)) == 3
    assert all(re.fullmatch(r"<[0-9a-f]{32}@localhost>", each) for each in ids)


def test_who_wants_no_more_mail_of_a_kind_gets_the_others(db: Session) -> None:
    db.add(MailStop(address="lea@x.example", kind=MailKind.TRAINER, at=clock.now()))
    db.flush()
    assert not post(db)
    assert post(db, MailKind.COMMENT)


def test_nobody_is_deprived_of_what_they_ask_for(db: Session) -> None:
    db.add(MailStop(address="lea@x.example", kind=MailKind.RESET, at=clock.now()))
    db.flush()
    assert post(db, MailKind.RESET)
