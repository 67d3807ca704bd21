"""Signing up, on both databases: an address and a password, on the guest's own row, once whoever clicks twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import accounts, learning, passwords
from app.config import Settings
from app.db import Engines
from app.errors import Refused
from app.models import Person, SignIn
from tests.build import DEMO, walk
from tests.cast import HASH, PASSWORD, Cast, address
from tests.client import Client

NEW = "zoe@balises.example"
SECRET = "un sentier au soleil"


def people(engines: Engines) -> int:
    with Session(engines.read) as db:
        return db.scalar(select(func.count()).select_from(Person)) or 0


def test_a_visitor_signs_up_and_goes_on_where_they_were(client: Client, engines: Engines) -> None:
    assert 'name="suite" value="/kits"' in client.get("/inscription?suite=/kits").text
    answer = client.post("/inscription", email=f" {NEW.upper()} ", password=SECRET, suite="/kits")
    assert (answer.status_code, answer.location) == (303, "/kits")
    assert NEW in client.get("/mon-compte").text
    with Session(engines.read) as db:
        zoe = db.scalars(select(Person).where(Person.email == NEW)).one()
    assert (zoe.name, zoe.lang) == (None, "fr")
    assert zoe.claimed_at is not None


def test_a_guest_keeps_their_row_and_all_they_did(client: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.write) as db:
        learning.enrol(db, cast.gus, DEMO, 24)
        walk(db, cast.gus, steps=2)
        db.commit()
    client.sign_in(cast.gus)
    before, cookie = people(engines), client.web.get_cookie("session")
    assert "créez un compte" in client.get("/mon-chemin").text
    assert client.post("/inscription", email=NEW, password=SECRET).location == "/mon-chemin"
    assert people(engines) == before
    assert "2 étapes terminées" in client.get("/mon-chemin").text.replace("\u00a0", " ")
    assert client.web.get_cookie("session") != cookie
    with Session(engines.read) as db:
        assert db.get_one(Person, cast.gus).email == NEW


def test_a_copy_of_the_guest_s_cookie_opens_no_account(
    app: Flask, client: Client, cast: Cast, settings: Settings, engines: Engines
) -> None:
    client.sign_in(cast.gus)
    elsewhere, thief = Client(app, settings, engines).sign_in(cast.gus), Client(app, settings, engines)
    copied = client.web.get_cookie("session")
    assert copied is not None
    thief.web.set_cookie("session", copied.value)
    client.post("/inscription", email=NEW, password=SECRET)
    assert client.get("/mon-compte").status_code == 200
    assert thief.get("/mon-compte").status_code == elsewhere.get("/mon-compte").status_code == 303


def test_an_address_taken_is_said_and_leads_to_signing_in(client: Client, cast: Cast, engines: Engines) -> None:
    before = people(engines)
    answer = client.post("/inscription", email=address("lea"), password="une autre phrase", suite="/kits")
    assert answer.status_code == 422
    assert "Un compte existe déjà" in answer.text
    assert "/connexion?suite=/kits" in answer.text
    assert 'id="email" name="email" type="email" autocomplete="username" value="lea@balises.example"' in answer.text
    assert "une autre phrase" not in answer.text
    assert people(engines) == before


def test_signing_up_again_with_one_s_password_is_coming_in(client: Client, engines: Engines) -> None:
    """A second click finds the account of the first."""
    token = client.token()
    for _click in range(2):
        before = client.web.get_cookie("session")
        client.web.post("/inscription", data={"_token": token, "email": NEW, "password": SECRET})
        assert client.get("/mon-compte").status_code == 200
        assert before is not None
        client.web.set_cookie("session", before.value)
    with Session(engines.read) as db:
        assert db.scalar(select(func.count()).where(Person.email == NEW)) == 1


def test_a_guest_is_not_taken_into_an_existing_account_unasked(client: Client, cast: Cast) -> None:
    client.sign_in(cast.gus)
    answer = client.post("/inscription", email=address("lea"), password=PASSWORD)
    assert answer.status_code == 422
    assert client.get("/mon-compte").status_code == 303


@pytest.mark.parametrize(
    "password",
    [
        *("", "court", "1234567", "motdepasse", "MotDePasse", "azertyuiop", "password1", "aaaaaaaa", " " * 9),
        *("balises2026", "BALISES!", NEW, "zoe-12345", "z" + "é" * 128),
    ],
)
def test_a_password_that_anyone_would_try_is_refused(client: Client, engines: Engines, password: str) -> None:
    before = people(engines)
    answer = client.post("/inscription", email=NEW, password=password)
    assert answer.status_code == 422
    assert 'href="#password"' in answer.text
    assert 'href="#email"' not in answer.text
    assert people(engines) == before


@pytest.mark.parametrize(
    "password", ["les oies", "8 lettres", "mot de passe de Zoé", "é" * 64 + "a" * 63 + "b", "🦊🐻🐼🦊🐻🐼🦊🐻"]
)
def test_a_sentence_is_a_password(password: str) -> None:
    assert passwords.clean(password, NEW)


def test_accents_typed_apart_count_once() -> None:
    assert passwords.clean("e\u0301ab" * 42, NEW) == "éab" * 42
    with pytest.raises(Refused, match="128"):
        passwords.clean("e\u0301ab" * 43, NEW)


def test_an_invalid_address_is_said_beside_it(client: Client) -> None:
    answer = client.post("/inscription", email="zoe@", password=SECRET)
    assert answer.status_code == 422
    assert 'href="#email"' in answer.text
    assert 'value="zoe@"' in answer.text


def test_who_has_an_account_is_led_on(client: Client, cast: Cast, engines: Engines) -> None:
    client.sign_in(cast.lea)
    before = people(engines)
    assert client.get("/inscription?suite=/kits").location == "/kits"
    assert client.post("/inscription", email=NEW, password=SECRET, suite="/kits").location == "/kits"
    assert people(engines) == before


def test_signing_up_leaves_this_site_for_no_other(client: Client) -> None:
    answer = client.post("/inscription", email=NEW, password=SECRET, suite="//evil.example")
    assert answer.location == "/mon-chemin"


def test_probing_addresses_is_slowed_down(client: Client) -> None:
    for _try in range(10):
        assert client.post("/inscription", email=address("lea"), password="une autre phrase").status_code == 422
    answer = client.post("/inscription", email=address("lea"), password=PASSWORD)
    assert answer.status_code == 429
    assert "Réessayez dans" in answer.text
    assert int(answer.headers["Retry-After"]) > 0


def test_twelve_who_want_one_address_at_once_are_one(engines: Engines, cast: Cast) -> None:
    def sign_up(_number: int) -> int | None:
        with Session(engines.write) as db:
            try:
                found = accounts.sign_up(db, NEW, HASH, "fr", guest=None)
            except Refused:
                return None
            db.commit()
            return found

    with ThreadPoolExecutor(12) as pool:
        made = [found for found in pool.map(sign_up, range(12)) if found]
    assert len(made) == 1


def test_a_guest_who_signs_up_twice_at_once_has_one_account(engines: Engines, cast: Cast) -> None:
    def sign_up(number: int) -> bool:
        with Session(engines.write) as db:
            try:
                accounts.sign_up(db, f"zoe{number}@balises.example", HASH, "fr", guest=cast.gus)
            except Refused:
                return False
            db.commit()
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(sign_up, range(8))) == 1


def test_the_sign_ins_of_the_guest_have_ended(engines: Engines, cast: Cast, db: Session) -> None:
    import datetime

    accounts.start_sign_in(db, cast.gus, "a phone", datetime.timedelta(days=1))
    accounts.sign_up(db, NEW, HASH, "fr", guest=cast.gus)
    assert db.scalars(select(SignIn.ended_at).where(SignIn.person_id == cast.gus)).one() is not None
