"""A site where accounts are made by invitation: every door by which an account is made, open to who was invited."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.actions import accounts, cohorts, invitations, learning, lists, memberships
from app.actions import site as verbs
from app.actions.cohorts import Wanted
from app.actions.invitations import By
from app.config import Settings
from app.db import Engines
from app.errors import Refused
from app.models import CohortLink, Invitation, Person, SignUp, opening
from app.reads import site as reads
from tests.build import DEMO, walk
from tests.cast import HASH, Cast, address
from tests.client import Client

NEW, SECRET = "zoe@balises.example", "un sentier au soleil"
CLOSED = "un compte se crée sur invitation"


def ask(engines: Engines, cast: Cast, how: SignUp) -> None:
    with Session(engines.write) as db:
        now = reads.current(db)
        verbs.save(db, replace(now, organisation="Kerlann", contact="1 quai Nord", sign_up=how), by=cast.ada)
        db.commit()


@pytest.fixture(autouse=True)
def invited_only(app: Flask, cast: Cast) -> None:
    ask(app.extensions["engines"], cast, SignUp.INVITED)


@pytest.fixture
def room(engines: Engines, cast: Cast, settings: Settings) -> str:
    """The link of a cohort, for everybody in the room."""
    by = By(cast.tarik, "Tarik", address("tarik"), "fr", settings.secret_key)
    with Session(engines.write) as db:
        number = cohorts.create_cohort(db, cast.tarik, Wanted("Les maisons", "Europe/Paris"), key="the first one")
        invitations.open_link(db, by, number, 30, 3)
        invitations.invite(db, by, number, lists.read_table(b"zoe@balises.example;Zoe;La Ruche"))
        link = db.scalars(select(CohortLink.id)).one()
        db.commit()
    return f"/rejoindre/{opening.token(settings.secret_key, opening.LINK, link)}"


@pytest.fixture
def personal(engines: Engines, settings: Settings, room: str) -> str:
    """What Zoé was sent."""
    with Session(engines.read) as db:
        number = db.scalars(select(Invitation.id)).one()
    return f"/rejoindre/{opening.token(settings.secret_key, opening.INVITATION, number)}"


def exists(engines: Engines, email: str = NEW) -> bool:
    with Session(engines.read) as db:
        return db.scalar(select(Person.id).where(Person.email == email)) is not None


def sign_up(client: Client, suite: str = "/kits") -> int:
    return client.post("/inscription", email=NEW, password=SECRET, suite=suite).status_code


def test_a_visitor_makes_no_account_and_is_told_how_to_be_invited(client: Client, engines: Engines) -> None:
    page = client.get("/inscription?suite=/kits")
    assert page.status_code == 200
    assert CLOSED in page.text
    assert "1 quai Nord" in page.text
    assert 'name="password"' not in page.text
    refused = client.post("/inscription", email=NEW, password=SECRET, suite="/kits")
    assert refused.status_code == 422
    assert CLOSED in refused.text
    assert not exists(engines)
    assert 'href="/inscription' not in client.get("/connexion").text


def test_a_guest_learns_keeps_what_they_did_and_sees_no_link_that_leads_nowhere(
    client: Client, cast: Cast, engines: Engines
) -> None:
    with Session(engines.write) as db:
        learning.enrol(db, cast.gus, DEMO, 24)
        walk(db, cast.gus)
        db.commit()
    gus = client.sign_in(cast.gus)
    gus.post(f"/parcours/{DEMO}/bilan", name="Gus")
    for path in ("/mon-chemin", f"/parcours/{DEMO}/bilan", f"/parcours/{DEMO}", "/connexion"):
        page = gus.get(path)
        assert page.status_code == 200
        assert 'href="/inscription' not in page.text, path
    assert "Continuer ailleurs" in gus.get("/mon-chemin").text
    assert sign_up(gus) == 422
    assert not exists(engines)


def test_a_guest_who_joined_a_cohort_makes_their_account(
    client: Client, cast: Cast, room: str, engines: Engines
) -> None:
    gus = client.sign_in(cast.gus)
    assert gus.post(room, name="Gus").status_code == 303
    assert 'href="/inscription' in gus.get("/mon-chemin").text
    assert 'name="password"' in gus.get("/inscription").text
    assert sign_up(gus) == 303
    assert exists(engines)


def test_who_left_the_cohort_or_was_removed_may_still(client: Client, cast: Cast, room: str, engines: Engines) -> None:
    gus = client.sign_in(cast.gus)
    gus.post(room, name="Gus")
    with Session(engines.write) as db:
        memberships.leave(db, cast.gus, db.scalars(select(CohortLink.cohort_id)).one())
        db.commit()
    assert sign_up(gus) == 303


@pytest.mark.parametrize("which", ["room", "personal"])
def test_who_holds_a_link_makes_their_account_on_the_way(
    client: Client, engines: Engines, request: pytest.FixtureRequest, which: str
) -> None:
    link: str = request.getfixturevalue(which)
    assert f'href="/inscription?suite={link}"' in client.get(f"/connexion?suite={link}").text
    assert 'name="password"' in client.get(f"/inscription?suite={link}").text
    assert sign_up(client, link) == 303
    assert exists(engines)
    assert client.get(link).status_code == 200


@pytest.mark.parametrize("which", ["room", "personal"])
def test_a_link_that_opens_nothing_any_more_opens_no_account(
    client: Client, engines: Engines, request: pytest.FixtureRequest, which: str
) -> None:
    link: str = request.getfixturevalue(which)
    with Session(engines.write) as db:
        for model in (CohortLink, Invitation):
            db.execute(update(model).values(expires_at=clock.now() - timedelta(days=1)))
        db.commit()
    for held in (link, "/rejoindre/" + "x" * 22, "/rejoindre"):
        assert sign_up(client, held) == 422
    assert not exists(engines)


def test_who_administers_makes_accounts_and_they_open(client: Client, cast: Cast, engines: Engines) -> None:
    ada = client.sign_in(cast.ada)
    assert ada.post("/administration/personnes", email=NEW, name="Zoé", role="").status_code == 303
    assert exists(engines)
    with Session(engines.write) as db:
        accounts.create_person(db, "max@balises.example", HASH, name="Max", role=None, by=None)  # by command
        db.commit()


def test_accounts_that_exist_come_in_even_through_the_wrong_door(client: Client, cast: Cast) -> None:
    answer = client.post("/inscription", email=address("lea"), password="une phrase assez longue")
    assert answer.status_code == 303
    assert client.get("/mon-compte").status_code == 200


def test_a_second_click_of_who_was_invited_is_the_same(client: Client, cast: Cast, room: str, engines: Engines) -> None:
    gus = client.sign_in(cast.gus)
    gus.post(room, name="Gus")
    before = gus.web.get_cookie("session")
    assert before is not None
    for _click in range(2):
        gus.web.set_cookie("session", before.value)
        assert sign_up(gus) == 303
        assert gus.get("/mon-compte").status_code == 200


def test_the_rule_is_the_database_s_not_what_a_page_remembers(cast: Cast, engines: Engines) -> None:
    with Session(engines.write) as db, pytest.raises(Refused, match=CLOSED):
        accounts.sign_up(db, NEW, HASH, "fr", guest=None)


def test_an_open_site_is_as_before(app: Flask, client: Client, cast: Cast, engines: Engines) -> None:
    ask(app.extensions["engines"], cast, SignUp.OPEN)
    assert 'href="/inscription' in client.get("/connexion").text
    assert sign_up(client) == 303
    assert exists(engines)
