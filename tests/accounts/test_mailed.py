"""What comes by mail, on both databases: a new password, a sign-in, a proof; and what one wants no more of."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app import clock
from app.actions import delivery, messages
from app.config import Settings
from app.db import Engines
from app.models import MailKind, MailStop, Message, OneTimeLink, Person, RateCount
from tests.build import walk
from tests.cast import Cast, address
from tests.client import Client

SECRET = "un sentier au soleil"


def link(engines: Engines, settings: Settings) -> str:
    """What the mail that is about to leave says to open."""
    with Session(engines.write, expire_on_commit=False) as db:
        message = delivery.claim(db)
        db.commit()
    assert message
    assert message.dropped_at is None
    found = re.search(rf"^{settings.public_url}(/\S+)$", delivery.mail(message, settings).text, re.M)
    assert found
    return found[1]


def prove(engines: Engines, number: int) -> None:
    """They opened a link sent to their address, some day."""
    with Session(engines.write) as db, db.begin():
        db.execute(update(Person).where(Person.id == number).values(email_confirmed_at=clock.now()))


def person(engines: Engines, number: int) -> Person:
    with Session(engines.read) as db:
        return db.get_one(Person, number)


@pytest.mark.parametrize("path", ["/mot-de-passe-oublie", "/connexion/lien"])
def test_whoever_has_the_address_the_answer_and_its_work_are_the_same(
    client: Client, engines: Engines, path: str
) -> None:
    said = []
    for email in (address("lea"), "nobody@balises.example"):
        with Session(engines.write) as db, db.begin():
            db.execute(delete(Message))
            db.execute(delete(RateCount))
        answer = client.post(path, email=email, key="k" * 16)
        with Session(engines.read) as db:
            row = db.scalars(select(Message)).one()
            links = db.scalars(select(OneTimeLink)).all()
        said.append((answer.status_code, answer.location, row.kind, row.person_id, row.data, row.cause, links))
    assert said[0] == said[1]
    assert said[0][:2] == (303, f"{path}?fait=oui")


def test_a_forgotten_password_is_replaced_and_the_address_proved(
    client: Client, cast: Cast, engines: Engines, settings: Settings
) -> None:
    client.post("/mot-de-passe-oublie", email=address("lea"))
    path = link(engines, settings)
    assert client.get(path).status_code == 200
    assert client.post(path, password=SECRET).location == "/mon-compte?fait=mot-de-passe"
    assert person(engines, cast.lea).email_confirmed_at


def test_a_double_click_is_one_mail_and_too_many_wait(client: Client, engines: Engines) -> None:
    for _click in range(2):
        client.post("/connexion/lien", email=address("lea"), key="same-key")
    with Session(engines.read) as db:
        assert len(db.scalars(select(Message)).all()) == 1
    answers = [client.post("/connexion/lien", email=address("lea")).status_code for _ in range(4)]
    assert answers == [303, 303, 303, 429]


def test_a_scanner_that_opens_the_link_uses_nothing_and_a_click_signs_in_once(
    app: Flask, client: Client, cast: Cast, engines: Engines, settings: Settings
) -> None:
    prove(engines, cast.lea)
    client.post("/connexion/lien", email=address("lea"))
    path = link(engines, settings)
    for _scan in range(3):
        assert address("lea") in Client(app, settings, engines).get(path).text
    assert client.post(path).location == "/mon-chemin"
    assert address("lea") in client.get("/mon-compte").text
    assert client.post(path).status_code in (200, 303)
    other = Client(app, settings, engines)
    assert other.post(path).status_code == 200
    assert other.get("/mon-compte").status_code == 303


def test_a_sign_in_link_is_over_after_a_quarter_of_an_hour(
    client: Client, engines: Engines, settings: Settings
) -> None:
    client.post("/connexion/lien", email=address("lea"))
    path = link(engines, settings)
    clock.freeze(clock.now() + timedelta(minutes=15))
    assert client.get(path).status_code == client.post(path).status_code == 410


def test_a_link_to_an_address_never_proved_ends_what_somebody_else_opened_with_it(
    app: Flask, client: Client, engines: Engines, settings: Settings
) -> None:
    stranger, email = Client(app, settings, engines), "ines@balises.example"
    stranger.post("/inscription", email=email, password="un mot du passant")
    link(engines, settings)  # the proof that was asked at once
    client.post("/connexion/lien", email=email)
    path = link(engines, settings)
    places = [client.post(path).location for _click in range(2)]
    assert all(place.startswith("/mot-de-passe/") for place in places)
    assert client.get(places[0]).status_code == 410  # the second click made another
    assert "n’avait jamais été confirmée" in client.get(places[1]).text
    assert stranger.get("/mon-compte").status_code == 200
    assert client.post(places[1], password=SECRET).location == "/mon-compte?fait=mot-de-passe"
    assert stranger.get("/mon-compte").status_code == 303
    assert stranger.post("/connexion", email=email, password="un mot du passant").status_code == 422
    assert "Elle n’est pas encore confirmée" not in client.get("/mon-compte").text
    assert client.post(path).status_code == 410  # the link that led there, too


def test_whoever_is_signed_in_there_already_enters(client: Client, engines: Engines, settings: Settings) -> None:
    client.post("/inscription", email="ines@balises.example", password=SECRET)
    link(engines, settings)
    client.post("/connexion/lien", email="ines@balises.example")
    assert client.post(link(engines, settings)).location == "/mon-chemin"
    assert "Elle n’est pas encore confirmée" not in client.get("/mon-compte").text


def test_what_a_guest_did_is_asked_about_when_a_link_signs_in(
    client: Client, cast: Cast, engines: Engines, settings: Settings
) -> None:
    with Session(engines.write) as db, db.begin():
        walk(db, cast.gus, steps=1)
    prove(engines, cast.lea)
    client.sign_in(cast.gus).post("/connexion/lien", email=address("lea"))
    answer = client.post(link(engines, settings))
    assert answer.location.startswith("/connexion/reprendre?")
    assert address("lea") in client.get(answer.location).text


def test_signing_up_asks_to_confirm_and_the_click_does(client: Client, engines: Engines, settings: Settings) -> None:
    client.post("/inscription", email="ines@balises.example", password=SECRET)
    assert "pas encore confirmée" in client.get("/mon-compte").text
    path = link(engines, settings)
    assert "pas encore confirmée" in client.get("/mon-compte").text
    assert client.get(path).status_code == 200
    assert client.post(path).location == "/mon-compte?fait=confirmee"
    assert "pas encore confirmée" not in client.get("/mon-compte").text


def test_a_link_sent_to_an_address_that_they_left_proves_nothing(
    client: Client, cast: Cast, engines: Engines, settings: Settings
) -> None:
    client.sign_in(cast.lea).post("/mon-compte/adresse/confirmation")
    path, new = link(engines, settings), {"email": "other@balises.example", "email_confirmed_at": None}
    with Session(engines.write) as db, db.begin():
        db.execute(update(Person).where(Person.id == cast.lea).values(**new))
    client.post(path)
    assert person(engines, cast.lea).email_confirmed_at is None


def stop_link(engines: Engines, settings: Settings) -> str:
    with Session(engines.write, expire_on_commit=False) as db, db.begin():
        messages.post(db, MailKind.TRAINER, cause="t:1", address=address("lea"), lang="fr", data={})
        message = db.scalars(select(Message)).one()
    return delivery.mail(message, settings).stop.removeprefix(settings.public_url)


def stops(engines: Engines) -> list[tuple[str, MailKind]]:
    with Session(engines.read) as db:
        return [(row.address, row.kind) for row in db.scalars(select(MailStop))]


def test_one_click_of_a_mail_program_stops_a_kind_of_mail(
    app: Flask, cast: Cast, engines: Engines, settings: Settings
) -> None:
    path, program = stop_link(engines, settings), app.test_client()
    assert program.get(path).status_code == 200
    assert stops(engines) == []
    for _again in range(2):
        answer = program.post(
            path,
            data={"List-Unsubscribe": "One-Click"},
            headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"},
        )
        assert answer.status_code == 200
    assert stops(engines) == [(address("lea"), MailKind.TRAINER)]


def test_an_address_that_we_did_not_sign_stops_nothing(
    app: Flask, cast: Cast, engines: Engines, settings: Settings
) -> None:
    path = stop_link(engines, settings)
    wrong = path[:-1] + ("0" if path[-1] != "0" else "1")
    assert app.test_client().post(wrong).status_code == 404
    assert stops(engines) == []


def test_one_chooses_what_one_receives(client: Client, cast: Cast, engines: Engines) -> None:
    client.sign_in(cast.lea).post("/mon-compte/courriels", kind=["reminder", "trainer"])
    assert MailKind.REMINDER not in {kind for _a, kind in stops(engines)}
    assert (address("lea"), MailKind.PLAN) in stops(engines)
    assert MailKind.DIGEST not in {kind for _a, kind in stops(engines)}
    assert 'value="answer"' not in client.get("/mon-compte").text  # for who leads a cohort
    client.post("/mon-compte/courriels", kind=["reminder", "plan"])
    assert (address("lea"), MailKind.PLAN) not in stops(engines)
    assert (address("lea"), MailKind.TRAINER) in stops(engines)


def test_who_leads_a_cohort_asks_for_each_answer_and_has_none_at_once_before(
    client: Client, cast: Cast, engines: Engines
) -> None:
    box = re.compile(r'name="kind" value="answer"( checked)?')

    def checked() -> bool:
        found = box.search(client.get("/mon-compte").text)
        assert found
        return bool(found[1])

    client.sign_in(cast.tarik)
    assert not checked()
    client.post("/mon-compte/courriels", kind=["answer"])
    assert checked()
    client.post("/mon-compte/courriels", kind=["digest"])
    assert not checked()
