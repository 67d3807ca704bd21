"""A password lost, on both databases: a command prints a link, which gives another one, once, within the hour."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import accounts
from app.config import Settings
from app.db import Engines
from app.errors import Refused
from app.models import AuditEvent, OneTimeLink, Person, Purpose
from tests.cast import PASSWORD, Cast, address
from tests.client import Client

SECRET = "un sentier au soleil"


@pytest.fixture
def link(engines: Engines, cast: Cast) -> str:
    return issued(engines)


def issued(engines: Engines, purpose: Purpose = Purpose.RESET) -> str:
    with Session(engines.write) as db:
        token = accounts.issue_link(db, purpose, address("lea"), by=None)
        db.commit()
    return f"/mot-de-passe/{token}"


def test_reading_the_link_uses_nothing(client: Client, link: str, engines: Engines) -> None:
    for _look in range(3):
        page = client.get(link)
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
    with Session(engines.read) as db:
        assert db.scalars(select(OneTimeLink.used_at)).one() is None


@pytest.mark.parametrize("purpose", [Purpose.RESET, Purpose.SET_UP])
def test_the_link_gives_a_password_ends_every_sign_in_and_signs_in(
    app: Flask, client: Client, cast: Cast, settings: Settings, engines: Engines, purpose: Purpose
) -> None:
    link, phone = issued(engines, purpose), Client(app, settings, engines).sign_in(cast.lea)
    answer = client.post(link, password=SECRET)
    assert (answer.status_code, answer.location) == (303, "/mon-compte?fait=mot-de-passe")
    assert address("lea") in client.get("/mon-compte").text
    assert phone.get("/mon-compte").status_code == 303
    other = Client(app, settings, engines)
    assert other.post("/connexion", email=address("lea"), password=PASSWORD).status_code == 422
    assert other.post("/connexion", email=address("lea"), password=SECRET).status_code == 303
    with Session(engines.read) as db:
        verbs = db.scalars(
            select(AuditEvent.verb).where(AuditEvent.object == f"person:{cast.lea}").order_by(AuditEvent.id)
        ).all()
    assert verbs[-2:] == ["link.issue", "password.reset"]


def test_a_poor_password_leaves_the_link_open(client: Client, link: str) -> None:
    for poor in ("court", "motdepasse", address("lea")):
        assert client.post(link, password=poor).status_code == 422
    assert client.post(link, password=SECRET).status_code == 303


def test_a_link_used_too_old_replaced_or_unknown_says_so_and_what_to_do(
    app: Flask, client: Client, link: str, settings: Settings, engines: Engines
) -> None:
    visitor = Client(app, settings, engines)
    newer = issued(engines)
    assert visitor.get(link).status_code == visitor.post(link, password=SECRET).status_code == 410
    assert client.post(newer, password=SECRET).status_code == 303
    again = visitor.post(newer, password="encore une autre phrase")
    assert again.status_code == 410
    assert "déjà servi" in again.text
    late = issued(engines)
    clock.freeze(clock.now() + timedelta(minutes=60))
    assert visitor.post(late, password=SECRET).status_code == 410
    assert "Son temps est passé" in visitor.get(late).text
    unknown = visitor.get("/mot-de-passe/" + "x" * 22)
    assert unknown.status_code == 404
    assert "Nous ne le connaissons pas" in unknown.text
    assert visitor.get("/mot-de-passe/x").status_code == 404


def test_a_second_click_lands_where_the_first_one_did(client: Client, link: str) -> None:
    client.get(link)
    before, token = client.web.get_cookie("session"), client.token()
    assert before is not None
    for _click in range(2):
        client.web.set_cookie("session", before.value)
        answer = client.web.post(link, data={"_token": token, "password": SECRET})
        assert answer.location == "/mon-compte?fait=mot-de-passe"
        assert client.get("/mon-compte").status_code == 200


def test_a_guest_s_answers_are_asked_about_where_they_sign_in(client: Client, cast: Cast, link: str) -> None:
    client.sign_in(cast.gus)
    answer = client.post(link, password=SECRET)
    assert answer.location == "/connexion?fait=mot-de-passe"
    assert "Le mot de passe est changé" in client.get(answer.location).text
    assert client.get("/mon-chemin/carnet").status_code == 200


def test_changing_the_password_or_the_address_closes_the_links(
    app: Flask, cast: Cast, settings: Settings, engines: Engines
) -> None:
    here, visitor = Client(app, settings, engines).sign_in(cast.lea), Client(app, settings, engines)
    link = issued(engines)
    here.post("/mon-compte/adresse", email="lea@neuve.example", email_password=PASSWORD)
    assert visitor.get(link).status_code == 410
    with Session(engines.write) as db:
        token = accounts.issue_link(db, Purpose.RESET, "lea@neuve.example", by=None)
        db.commit()
    here.post("/mon-compte/mot-de-passe", current_password=PASSWORD, password=SECRET)
    assert visitor.get(f"/mot-de-passe/{token}").status_code == 410


def test_trying_links_is_slowed_down(client: Client, cast: Cast) -> None:
    for _try in range(100):
        client.post("/mot-de-passe/" + "x" * 22, password=SECRET)
    assert client.post("/mot-de-passe/" + "x" * 22, password=SECRET).status_code == 429


def test_nobody_else_gets_a_link(db: Session, cast: Cast) -> None:
    db.get_one(Person, cast.noe).disabled_at = clock.now()
    db.flush()
    for email in (address("noe"), "personne@balises.example", ""):
        with pytest.raises(Refused):
            accounts.issue_link(db, Purpose.RESET, email, by=None)


def test_the_command_prints_the_whole_link_and_nothing_else_on_its_output(
    app: Flask, client: Client, settings: Settings
) -> None:
    said = app.test_cli_runner().invoke(args=["person", "reset-link", address("lea").upper()])
    assert said.exit_code == 0
    assert said.stdout.startswith(f"{settings.public_url}/mot-de-passe/")
    assert client.get(said.stdout.strip().removeprefix(settings.public_url)).status_code == 200
    assert "60 minutes" in said.stderr.replace("\u00a0", " ")
    first = app.test_cli_runner().invoke(args=["person", "set-up-link", address("lea")])
    assert client.get(first.stdout.strip().removeprefix(settings.public_url)).status_code == 200
    unknown = app.test_cli_runner().invoke(args=["person", "reset-link", "personne@balises.example"])
    assert unknown.exit_code == 1
    assert "personne@balises.example" in unknown.stderr
    assert unknown.stdout == ""


def test_the_log_of_a_refused_post_does_not_hold_the_secret(
    client: Client, link: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="balises.web"):
        assert client.web.post(link, data={"_token": "stale", "password": SECRET}).status_code == 403
    assert "/mot-de-passe/…" in caplog.text
    assert link.rsplit("/", 1)[1] not in caplog.text
