"""The trace is read by numbers and sealed; whoever changes or takes out a line is found out."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from app import clock
from app.actions import sealing
from app.admin.pages import acts
from app.db import Engines
from app.models import AuditEvent, AuditSeal, record
from tests.cast import Cast
from tests.client import Client

APP = Path(acts.__file__).parents[2]


def act(engines: Engines, *verbs: str) -> None:
    with Session(engines.write) as db, db.begin():
        for verb in verbs:
            record(db, verb, "cohort:1", by=None, n=1)


def seal(engines: Engines, most: int = 500) -> int:
    with Session(engines.write) as db, db.begin():
        return sealing.seal(db, most)


@pytest.fixture
def sealed(engines: Engines, noon: object) -> list[int]:
    act(engines, "a", "b", "c", "d")
    clock.freeze(clock.now() + timedelta(minutes=2))
    assert [seal(engines, 3), seal(engines), seal(engines)] == [3, 1, 0]
    with Session(engines.read) as db:
        return list(db.scalars(db.query(AuditEvent.id).order_by(AuditEvent.id).statement))


def check(engines: Engines) -> sealing.Chain:
    with Session(engines.read) as db:
        return sealing.check(db)


def tamper(engines: Engines, *statements: object) -> None:
    """As who owns the database could, its guards put aside."""
    with engines.write.begin() as connection:
        if connection.dialect.name == "sqlite":
            names = connection.execute(text("select name from sqlite_master where type = 'trigger'")).scalars().all()
            for name in names:
                connection.execute(text(f'drop trigger "{name}"'))
        else:
            connection.execute(text("set local session_replication_role = replica"))
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


def test_an_act_of_this_minute_waits_and_the_chain_holds(engines: Engines, sealed: list[int]) -> None:
    act(engines, "e")
    assert seal(engines) == 0
    found = check(engines)
    assert (found.sealed, found.waiting, found.broken) == (4, 1, None)


def test_a_changed_line_is_found(engines: Engines, sealed: list[int]) -> None:
    tamper(engines, update(AuditEvent).where(AuditEvent.id == sealed[1]).values(by_id=None, verb="z"))
    assert check(engines).broken == sealed[1]


def test_a_line_taken_out_with_its_seal_is_found(engines: Engines, sealed: list[int]) -> None:
    gone = sealed[1]
    tamper(
        engines, delete(AuditSeal).where(AuditSeal.event_id == gone), delete(AuditEvent).where(AuditEvent.id == gone)
    )
    assert check(engines).broken == sealed[2]


def test_a_number_seen_late_is_sealed_after_the_others(engines: Engines, sealed: list[int]) -> None:
    late = AuditEvent(id=sealed[-1] + 2, at=clock.now(), by_id=None, verb="late", object="x", data={})
    with Session(engines.write) as db, db.begin():
        db.add(late)
    clock.freeze(clock.now() + timedelta(minutes=2))
    assert seal(engines) == 1
    with Session(engines.write) as db, db.begin():
        db.add(AuditEvent(id=sealed[-1] + 1, at=clock.now() - timedelta(minutes=3), verb="slow", object="x", data={}))
    assert seal(engines) == 1
    found = check(engines)
    assert (found.sealed, found.broken) == (6, None)


def test_the_log_is_filtered_and_goes_on(client: Client, cast: Cast, engines: Engines) -> None:
    act(engines, *["cohort.create"] * 60)
    ada = client.sign_in(cast.ada)
    first = ada.get("/administration/journal?verbe=cohort.create").text
    assert first.count("<tr>") == 51
    more = first.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert ada.get(more).text.count("<tr>") == 11
    about = ada.get(f"/administration/journal?personne={cast.lea}").text
    assert about.count("<tr>") == 2
    assert "créer un compte" in about
    assert "lea@" not in about
    assert ada.get("/administration/journal?personne=zz&avant=-1").status_code == 200


def test_every_act_of_the_code_has_words() -> None:
    written = "".join(path.read_text("utf-8") for path in APP.rglob("*.py"))
    verbs = set(re.findall(r'\brecord\(\s*db,\s*"([a-z_.]+)"', written))
    assert len(verbs) > 60
    assert not [verb for verb in verbs if acts.said(verb) == verb]
