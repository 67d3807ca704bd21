"""« Continuer ailleurs »: a link that opens once, for ten minutes, the same guest on another device."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.actions import links
from app.config import Settings
from app.db import Engines
from app.models import OneTimeLink, Person, Purpose, SignIn, StepProgress, token_hash
from tests.build import enrolment, walk
from tests.cast import Cast, address
from tests.client import Client


@pytest.fixture
def phone(app: Flask, settings: Settings, engines: Engines, cast: Cast) -> Client:
    """Gus has done three steps on it."""
    with Session(engines.write) as db:
        walk(db, cast.gus, steps=3)
        db.commit()
    return Client(app, settings, engines).sign_in(cast.gus)


@pytest.fixture
def laptop(client: Client) -> Client:
    return client


def make(phone: Client) -> str:
    """The path of a new link."""
    page = phone.post("/continuer/ailleurs")
    assert page.status_code == 200
    found = re.search(r'href="http://localhost:8000(/continuer/[A-Za-z0-9_-]{22})"', page.text)
    assert found
    return found[1]


def steps(engines: Engines, person_id: int) -> int:
    with Session(engines.read) as db:
        number = enrolment(db, person_id)
        return db.scalar(select(func.count()).where(StepProgress.enrolment_id == number)) or 0


def begin(client: Client, engines: Engines, number: int) -> int:
    """Somebody else begins on this device without an account, and does some steps."""
    client.post("/parcours/demo/inscription")
    with Session(engines.write) as db:
        guest = db.scalars(select(Person.id).order_by(Person.id.desc())).first()
        assert guest
        walk(db, guest, steps=number)
        db.commit()
    return guest


def test_the_link_is_shown_in_full_beside_its_square_and_kept_nowhere(phone: Client, engines: Engines) -> None:
    page = phone.post("/continuer/ailleurs")
    token = re.findall(r"/continuer/([A-Za-z0-9_-]{22})", page.text)[-1]
    assert page.text.count(f"http://localhost:8000/continuer/{token}") == 2  # to follow and to read
    assert re.search(r'role="img" aria-label="[^"]+"><svg viewBox=', page.text)
    assert "10 minutes" in page.text
    assert "une seule fois" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    with Session(engines.read) as db:
        row = db.scalars(select(OneTimeLink)).one()
    assert row.token_hash == token_hash(token)
    assert row.expires_at - row.created_at == timedelta(minutes=10)


def test_the_banner_and_mon_chemin_offer_it_to_a_guest_alone(phone: Client, laptop: Client, cast: Cast) -> None:
    assert phone.get("/kits").text.count('action="/continuer/ailleurs"') == 1
    assert phone.get("/mon-chemin").text.count('action="/continuer/ailleurs"') == 2
    assert 'action="/continuer/ailleurs"' not in laptop.sign_in(cast.lea).get("/mon-chemin").text


def test_another_device_goes_on_with_the_same_guest_and_the_first_one_stays(
    phone: Client, laptop: Client, cast: Cast, engines: Engines
) -> None:
    path = make(phone)
    shown = laptop.get(path).text
    assert "3 étapes terminées" in shown
    assert "Continuer ici" in shown
    answer = laptop.post(path)
    assert (answer.status_code, answer.location) == (303, "/continuer")
    assert laptop.get("/continuer").location == phone.get("/continuer").location
    with Session(engines.read) as db:
        open_ones = select(func.count()).where(SignIn.person_id == cast.gus, SignIn.ended_at.is_(None))
        assert db.scalar(open_ones) == 2


def test_looking_uses_nothing_and_using_it_is_for_once(phone: Client, laptop: Client, app: Flask) -> None:
    path = make(phone)
    for _look in range(3):
        assert laptop.get(path).status_code == 200
    assert laptop.post(path).status_code == 303
    third = Client(app, laptop.settings, laptop.engines)
    for answer in (third.get(path), third.post(path)):
        assert answer.status_code == 410
        assert "Il a déjà servi, ou ses 10 minutes sont passées" in answer.text
        assert "Continuer ailleurs" in answer.text
    assert third.get("/continuer").location == "/parcours"


def test_it_ends_after_ten_minutes_or_when_another_is_made(phone: Client, laptop: Client) -> None:
    first = make(phone)
    second = make(phone)
    assert laptop.get(first).status_code == 410
    clock.freeze(clock.now() + timedelta(minutes=9, seconds=59))
    assert laptop.get(second).status_code == 200
    clock.freeze(clock.now() + timedelta(seconds=1))
    assert laptop.get(second).status_code == 410
    assert laptop.post(second).status_code == 410


def test_the_first_device_itself_does_not_use_it_up(phone: Client, laptop: Client) -> None:
    path = make(phone)
    assert "déjà chez vous" in phone.get(path).text
    assert phone.post(path).location == "/continuer"
    assert laptop.post(path).status_code == 303


def test_it_opens_no_account(phone: Client, laptop: Client, cast: Cast, engines: Engines) -> None:
    path = make(phone)
    with Session(engines.write) as db:
        db.get_one(Person, cast.gus).claimed_at = clock.now()  # the guest has signed up meanwhile
        token = links.issue(db, Purpose.CONTINUE, cast.lea, timedelta(minutes=10))
        db.commit()
    for dead in (path, f"/continuer/{token}"):
        assert laptop.get(dead).status_code == 410
        assert laptop.post(dead).status_code == 410
    assert laptop.get("/continuer").location == "/parcours"


def test_an_account_is_told_to_sign_in_elsewhere(client: Client, cast: Cast, engines: Engines) -> None:
    client.sign_in(cast.lea)
    page = client.get("/continuer/ailleurs").text
    assert "http://localhost:8000/connexion" in page
    assert address("lea") in page
    assert client.post("/continuer/ailleurs").status_code == 303
    with Session(engines.read) as db:
        assert db.scalar(select(func.count()).select_from(OneTimeLink)) == 0


def test_a_device_with_an_account_is_asked_then_takes_the_steps(
    phone: Client, laptop: Client, cast: Cast, engines: Engines
) -> None:
    path = make(phone)
    laptop.sign_in(cast.lea)
    assert "Reprendre ces 3 étapes dans votre compte" in laptop.get(path).text
    assert laptop.post(path).location == path  # no answer is no consent
    assert laptop.post(path, choice="leave").location == "/continuer"
    assert laptop.post(path, choice="join").location == "/continuer"
    assert steps(engines, cast.lea) == 3
    assert "Bonjour Lea" in laptop.get("/mon-chemin").text
    assert phone.get("/continuer").location == "/parcours"  # there, one signs in from now on
    assert laptop.post(path, choice="join").location == "/continuer"  # a double click
    assert laptop.get(path).location == "/continuer"
    assert phone.post(path).status_code == 410


def test_a_device_with_another_guest_is_asked_then_unites_both(
    phone: Client, laptop: Client, cast: Cast, engines: Engines
) -> None:
    path = make(phone)
    other = begin(laptop, engines, 5)
    shown = laptop.get(path).text
    assert "3 étapes terminées" in shown
    assert "5 étapes terminées" in shown
    assert laptop.post(path).location == path
    assert laptop.post(path, choice="join").location == "/continuer"
    assert steps(engines, cast.gus) == 5
    assert laptop.get("/continuer").location == phone.get("/continuer").location
    with Session(engines.read) as db:
        assert db.get_one(Person, other).merged_into_id == cast.gus


def test_a_device_may_leave_what_another_guest_did_on_it(
    phone: Client, laptop: Client, cast: Cast, engines: Engines
) -> None:
    path = make(phone)
    other = begin(laptop, engines, 2)
    assert laptop.post(path, choice="leave").location == "/continuer"
    assert steps(engines, cast.gus) == 3
    with Session(engines.read) as db:
        assert db.get_one(Person, other).merged_into_id is None


def test_another_guest_who_did_nothing_gives_way(phone: Client, laptop: Client, cast: Cast, engines: Engines) -> None:
    path = make(phone)
    laptop.post("/parcours/demo/inscription")
    assert "Réunir" not in laptop.get(path).text
    assert laptop.post(path).location == "/continuer"
    assert laptop.get("/continuer").location == phone.get("/continuer").location


def test_another_site_cannot_open_it(phone: Client, laptop: Client) -> None:
    path = make(phone)
    assert laptop.web.post(path).status_code == 403
    assert laptop.get(path).status_code == 200


def test_a_double_click_or_a_lost_answer_opens_it_for_the_same_browser_alone(
    phone: Client, laptop: Client, cast: Cast, engines: Engines, app: Flask
) -> None:
    path = make(phone)
    laptop.get(path)
    before = laptop.web.get_cookie("session")
    assert before
    assert laptop.post(path).status_code == 303
    laptop.web.set_cookie("session", before.value)  # the answer never arrived
    assert laptop.post(path).location == "/continuer"
    assert laptop.get("/continuer").location == phone.get("/continuer").location
    with Session(engines.read) as db:
        assert db.scalar(select(func.count()).where(SignIn.person_id == cast.gus)) == 2
    assert Client(app, laptop.settings, engines).post(path).status_code == 410
