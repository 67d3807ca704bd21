"""« Mon compte », on both databases: what one changes asks for the password, and what it ends is over everywhere."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.devices import device
from app.actions import learning, passwords
from app.config import Settings
from app.db import Engines
from app.models import AuditEvent, Person, SignIn, Summary
from tests.build import DEMO, walk
from tests.cast import PASSWORD, Cast, address
from tests.client import Client

SECRET = "un sentier au soleil"
Device = Callable[[int], Client]


@pytest.fixture
def device_of(app: Flask, settings: Settings, engines: Engines) -> Device:
    return lambda person_id: Client(app, settings, engines).sign_in(person_id)


def copy_of(client: Client, app: Flask, settings: Settings, engines: Engines) -> Client:
    """Somebody who holds the same cookie."""
    copied, thief = client.web.get_cookie("session"), Client(app, settings, engines)
    assert copied is not None
    thief.web.set_cookie("session", copied.value)
    return thief


def is_in(client: Client) -> bool:
    return client.get("/mon-compte").status_code == 200


def test_changing_the_password_ends_every_other_sign_in_and_renews_this_one(
    app: Flask, cast: Cast, device_of: Device, settings: Settings, engines: Engines
) -> None:
    here, phone, noe = device_of(cast.lea), device_of(cast.lea), device_of(cast.noe)
    thief = copy_of(here, app, settings, engines)
    answer = here.post("/mon-compte/mot-de-passe", current_password=PASSWORD, password=SECRET)
    assert (answer.status_code, answer.location) == (303, "/mon-compte?fait=mot-de-passe")
    assert "Le mot de passe est changé" in here.get(answer.location).text
    assert is_in(here)
    assert is_in(noe)
    assert not is_in(phone)
    assert not is_in(thief)
    visitor = Client(app, settings, engines)
    assert visitor.post("/connexion", email=address("lea"), password=PASSWORD).status_code == 422
    assert visitor.post("/connexion", email=address("lea"), password=SECRET).status_code == 303
    with Session(engines.read) as db:
        trace = db.scalars(select(AuditEvent).where(AuditEvent.verb == "password.change")).one()
    assert (trace.object, trace.by_id, trace.data) == (f"person:{cast.lea}", cast.lea, {})


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [("pas le bon mot", SECRET, "current_password"), ("", SECRET, "current_password"), (PASSWORD, "court", "password")],
)
def test_a_password_is_not_changed_without_the_current_one_nor_for_a_poor_one(
    cast: Cast, device_of: Device, current: str, new: str, field: str
) -> None:
    here, phone = device_of(cast.lea), device_of(cast.lea)
    answer = here.post("/mon-compte/mot-de-passe", current_password=current, password=new)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert '<details class="more" open>' in answer.text
    assert SECRET not in answer.text
    assert is_in(phone)
    assert is_in(here)


def test_guessing_the_current_password_is_slowed_down(cast: Cast, device_of: Device) -> None:
    here = device_of(cast.lea)
    for _try in range(10):
        here.post("/mon-compte/mot-de-passe", current_password="pas le bon mot", password=SECRET)
    assert here.post("/mon-compte/adresse", email="x@y.example", email_password=PASSWORD).status_code == 429
    assert here.post("/mon-compte/mot-de-passe", current_password=PASSWORD, password=SECRET).status_code == 429


def test_the_address_is_changed_with_the_password(cast: Cast, device_of: Device, engines: Engines) -> None:
    here = device_of(cast.lea)
    wrong = here.post("/mon-compte/adresse", email="lea@neuve.example", email_password="pas le bon mot")
    assert wrong.status_code == 422
    assert 'value="lea@neuve.example"' in wrong.text
    done = here.post("/mon-compte/adresse", email=" LEA@neuve.example", email_password=PASSWORD)
    assert done.location == "/mon-compte?fait=adresse"
    with Session(engines.read) as db:
        assert db.get_one(Person, cast.lea).email == "lea@neuve.example"
    assert is_in(here)


@pytest.mark.parametrize("email", [address("noe"), address("NOE").upper(), "lea", ""])
def test_an_address_taken_or_wrong_changes_nothing(cast: Cast, device_of: Device, engines: Engines, email: str) -> None:
    answer = device_of(cast.lea).post("/mon-compte/adresse", email=email, email_password=PASSWORD)
    assert answer.status_code == 422
    assert 'href="#email"' in answer.text
    with Session(engines.read) as db:
        assert db.get_one(Person, cast.lea).email == address("lea")


def test_the_name_is_changed_and_issues_the_bilan_that_waited(cast: Cast, device_of: Device, engines: Engines) -> None:
    with Session(engines.write) as db:
        db.get_one(Person, cast.lea).name = None
        learning.enrol(db, cast.lea, DEMO, 24)
        walk(db, cast.lea)
        db.commit()
    here = device_of(cast.lea)
    assert here.post("/mon-compte/nom", name=" ").status_code == 422
    assert here.post("/mon-compte/nom", name="  Léa  la Marcheuse ").location == "/mon-compte?fait=nom"
    with Session(engines.read) as db:
        assert db.get_one(Person, cast.lea).name == "Léa la Marcheuse"
        assert db.scalars(select(Summary)).one().snapshot["name"] == "Léa la Marcheuse"


def test_one_device_is_closed_and_twice_is_once(cast: Cast, device_of: Device, engines: Engines) -> None:
    here, phone, noe = device_of(cast.lea), device_of(cast.lea), device_of(cast.noe)
    with Session(engines.read) as db:
        mine, other, hers = db.scalars(select(SignIn.id).order_by(SignIn.id)).all()
    for _click in range(2):
        assert here.post(f"/mon-compte/connexions/{other}/fin").location == "/mon-compte?fait=connexion"
    assert not is_in(phone)
    assert here.post(f"/mon-compte/connexions/{hers}/fin").status_code == 404
    assert is_in(noe)
    assert here.post(f"/mon-compte/connexions/{mine}/fin").location == "/"
    assert not is_in(here)


@pytest.mark.parametrize("everywhere", [False, True])
def test_everything_is_closed_here_too_or_not(
    app: Flask, cast: Cast, device_of: Device, settings: Settings, engines: Engines, everywhere: bool
) -> None:
    here, phone, noe = device_of(cast.lea), device_of(cast.lea), device_of(cast.noe)
    thief = copy_of(here, app, settings, engines)
    here.post("/mon-compte/connexions/fin", **({"ici": "aussi"} if everywhere else {}))
    assert not is_in(phone)
    assert is_in(noe)
    assert is_in(here) is is_in(thief) is not everywhere


def test_a_copied_cookie_is_dead_after_signing_out(
    app: Flask, cast: Cast, device_of: Device, settings: Settings, engines: Engines
) -> None:
    here = device_of(cast.lea)
    thief = copy_of(here, app, settings, engines)
    assert is_in(thief)
    here.post("/deconnexion")
    assert not is_in(thief)


def test_the_page_says_which_device_is_here_and_when_there_is_no_other(cast: Cast, device_of: Device) -> None:
    here = device_of(cast.lea)
    alone = here.get("/mon-compte").text
    assert alone.count("cet appareil") == 1
    assert "Aucun autre appareil" in alone
    assert "/mon-compte/connexions/fin" not in alone
    device_of(cast.lea)
    device_of(cast.noe)
    two = here.get("/mon-compte").text
    assert two.count('<li><span class="what">') == 2
    assert two.count("cet appareil") == 1
    assert "/mon-compte/connexions/fin" in two


def test_a_sign_in_past_its_date_is_not_shown(cast: Cast, device_of: Device, client: Client) -> None:
    client.post("/connexion", email=address("lea"), password=PASSWORD)
    clock.freeze(clock.now() + timedelta(hours=13))
    here = device_of(cast.lea)
    assert "Aucun autre appareil" in here.get("/mon-compte").text


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1", "Safari, iPhone"),
        (
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15",
            "Safari, Mac",
        ),
        ("a test", "Appareil inconnu"),
        ("", "Appareil inconnu"),
    ],
)
def test_a_device_has_a_name_that_people_know(agent: str, words: str) -> None:
    assert device(agent) == words


def test_a_sign_in_begun_with_the_old_password_does_not_outlive_it(db: Session, engines: Engines, cast: Cast) -> None:
    """The password is right when it is checked, and changed before the session is written."""
    with Session(engines.read) as reading:
        proof = passwords.check(reading, address("lea"), PASSWORD)
    assert proof is not None
    db.get_one(Person, cast.lea).password_hash = passwords.digest(SECRET)
    db.flush()
    assert not passwords.hold(db, proof)


def test_an_old_digest_is_renewed_by_signing_in(
    client: Client, cast: Cast, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    stronger = passwords.PasswordHasher(time_cost=3, memory_cost=19_456, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", stronger)
    assert client.post("/connexion", email=address("lea"), password=PASSWORD).status_code == 303
    with Session(engines.read) as db:
        renewed = db.get_one(Person, cast.lea).password_hash
    assert renewed is not None
    assert "t=3" in renewed
    assert client.post("/deconnexion").status_code == 303
    assert client.post("/connexion", email=address("lea"), password=PASSWORD).status_code == 303
