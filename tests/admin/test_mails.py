"""Who administers reads the outbox, has a mail tried again, and hands over links where no mail leaves."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock, create_app
from app.actions import delivery, messages
from app.config import Settings
from app.db import Engines
from app.letters import letter
from app.models import AuditEvent, MailKind, Message, OneTimeLink
from tests.cast import Cast, address
from tests.client import Client


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    return client.sign_in(cast.ada)


@pytest.fixture
def sending(settings: Settings, engines: Engines, cast: Cast, built_assets: object) -> Iterator[Client]:
    """Ada, on a site that sends mail."""
    app: Flask = create_app(replace(settings, smtp_host="127.0.0.1", mail_from="b@site.example"))
    yield Client(app, settings, engines).sign_in(cast.ada)
    app.extensions["engines"].dispose()


def post(engines: Engines, kind: MailKind = MailKind.TRAINER, email: str = "lea@balises.example") -> int:
    data = {"cohort": "Lundi", "trainer": "Tarik", "text": "<b>Bonjour</b>"}
    with Session(engines.write) as db, db.begin():
        messages.post(db, kind, cause="c:1", address=email, lang="fr", data=data)
        return db.scalars(select(Message.id)).one()


def test_somebody_who_is_invited_receives_a_link_and_the_page_says_so(sending: Client, engines: Engines) -> None:
    made = sending.post("/administration/personnes", email="zoe@asso.example", name="Zoé", role="trainer")
    assert "Un courriel lui porte un lien" in sending.get(made.headers["Location"]).text
    with Session(engines.read) as db:
        row = db.scalars(select(Message)).one()
    assert (row.kind, row.address, row.data) == (MailKind.SET_UP, "zoe@asso.example", {})
    with Session(engines.write) as db, db.begin():
        message = delivery.claim(db)
        assert message
        assert message.dropped_at is None
        words = letter(message.kind, "fr", message.data, "https://site.example").text
        delivery.sent(db, message.id)
    assert re.search(r"https://site.example/mot-de-passe/[\w-]{22}", words)
    rights = f"{made.headers['Location'].split('?')[0]}/droits"
    given = sending.post(rights, role=["trainer", "author"])
    assert "Un courriel lui porte" not in sending.get(given.headers["Location"]).text  # the first one still opens
    with Session(engines.write) as db, db.begin():
        db.execute(update(OneTimeLink).values(expires_at=clock.now()))
    given = sending.post(rights, role=["trainer"])
    assert "Un courriel lui porte" not in sending.get(given.headers["Location"]).text  # nothing new is given
    given = sending.post(rights, role=["trainer", "author"])
    assert "Un courriel lui porte un lien" in sending.get(given.headers["Location"]).text
    with Session(engines.read) as db:
        assert [row.kind for row in db.scalars(select(Message))] == [MailKind.SET_UP] * 2


def test_a_mail_is_read_with_its_words_and_its_address(ada: Client, engines: Engines) -> None:
    number = post(engines)
    assert "1</span>" in ada.get("/administration/courriels").text
    page = ada.get(f"/administration/courriels/{number}").text
    assert "lea@balises.example" in page
    assert "&lt;b&gt;Bonjour&lt;/b&gt;" in page
    assert "n’envoie pas de courriel" in ada.get("/administration").text


def test_without_a_server_a_link_is_shown_on_asking_works_and_leaves_a_trace(
    app: Flask, ada: Client, cast: Cast, engines: Engines, settings: Settings
) -> None:
    number = post(engines, MailKind.RESET)
    path = f"/administration/courriels/{number}"
    assert "/mot-de-passe/…" in ada.get(path).text
    shown = ada.post(f"{path}/lien").text
    found = re.search(rf"{settings.public_url}(/mot-de-passe/[\w-]{{22}})", shown)
    assert found
    assert found[1] in ada.post(f"{path}/lien").text
    assert found[1] not in ada.get(path).text
    assert Client(app, settings, engines).get(found[1]).status_code == 200
    with Session(engines.read) as db:
        verbs = db.scalars(
            select(AuditEvent.verb).where(AuditEvent.object == f"message:{number}").order_by(AuditEvent.id)
        ).all()
    assert verbs == ["mail.show_link"] * 2


def test_no_link_is_shown_for_an_address_without_account(ada: Client, engines: Engines) -> None:
    number = post(engines, MailKind.RESET, "nobody@balises.example")
    assert ada.post(f"/administration/courriels/{number}/lien").status_code == 422


def test_a_site_that_sends_shows_no_link_and_tries_again(sending: Client, engines: Engines) -> None:
    number = post(engines, MailKind.RESET)
    path = f"/administration/courriels/{number}"
    with Session(engines.write) as db, db.begin():
        db.execute(update(Message).values(gave_up_at=clock.now(), error="550 nobody", tries=6))
    assert "550 nobody" in sending.get("/administration/courriels?etat=abandonnes").text
    assert sending.post(f"{path}/lien").status_code == 404
    assert sending.post(f"{path}/renvoi").location == f"{path}?fait=renvoi"
    with Session(engines.read) as db:
        row = db.scalars(select(Message)).one()
    assert (row.gave_up_at, row.tries) == (None, 0)


def test_a_test_goes_to_who_asks_once_a_click(sending: Client, engines: Engines) -> None:
    for _click in range(2):
        sending.post("/administration/courriels/essai", key="one-click")
    with Session(engines.read) as db:
        assert [(row.kind, row.address) for row in db.scalars(select(Message))] == [(MailKind.TEST, address("ada"))]
