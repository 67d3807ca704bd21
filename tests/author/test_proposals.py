"""Where only administrators publish: who writes proposes, once; who also administers publishes what was proposed."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from app.actions import roles
from app.config import Settings
from app.db import Engines
from app.models import AuditEvent, Proposal, Role
from tests.author.test_publication import PAGE, POST, number_of, numbers, reask, reword, seen, words, write
from tests.cast import Cast, address
from tests.client import Client
from tests.learn.test_budgets import cost

PROPOSE = "/atelier/parcours/demo/propositions"
KIT = "kits/kit-demo/kit.md"


@pytest.fixture
def site(settings: Settings, cast: Cast, built_assets: object) -> Flask:
    return create_app(replace(settings, publishing="admins"))


@pytest.fixture
def aude(site: Flask, settings: Settings, engines: Engines, cast: Cast) -> Client:
    """Who writes."""
    return Client(site, settings, engines).sign_in(cast.aude)


@pytest.fixture
def both(site: Flask, settings: Settings, engines: Engines, cast: Cast) -> Client:
    """Ada, who administers, and writes too."""
    with Session(engines.write) as db:
        roles.grant_role(db, address("ada"), Role.AUTHOR, by=cast.ada)
        db.commit()
    return Client(site, settings, engines).sign_in(cast.ada)


def waiting(engines: Engines) -> list[tuple[str, bool, bool]]:
    with Session(engines.read) as db:
        rows = db.scalars(select(Proposal).order_by(Proposal.id))
        return [(row.note, row.correctif, row.ended_at is None) for row in rows]


def test_who_writes_proposes_and_does_not_publish(aude: Client, engines: Engines, cast: Cast) -> None:
    reask(engines, cast)
    page = words(aude.get(PAGE).text)
    assert "Proposer l’édition 2" in page
    assert "Publier l’édition 2" not in page
    assert aude.post(POST, seen=seen(page), note="Plus clair.").status_code == 403
    assert aude.post("/atelier/parcours/demo/editions/1/retrait").status_code == 403
    assert numbers(engines) == [1]


def test_a_proposal_is_made_once_and_published_by_who_administers(
    aude: Client, both: Client, engines: Engines, cast: Cast
) -> None:
    reword(engines, cast)
    for _turn in range(2):
        answer = aude.post(PROPOSE, seen=seen(aude.get(PAGE).text), note="Un mot est juste.", correctif="yes")
        assert answer.status_code == 303
    assert waiting(engines) == [("Un mot est juste.", True, True)]
    assert "Aude propose de publier ce brouillon" in words(aude.get(PAGE).text)
    assert "proposé par Aude" in words(aude.get("/atelier").text)
    page = both.get(PAGE).text
    assert 'value="Un mot est juste."' in words(page)
    assert re.search(r'name="correctif" value="yes" checked', page)
    assert both.post(POST, seen=seen(page), note="Un mot est juste.", correctif="yes").status_code == 303
    assert numbers(engines) == [1, 2]
    assert waiting(engines) == [("Un mot est juste.", True, False)]
    assert "propose de publier" not in words(aude.get(PAGE).text)
    with Session(engines.read) as db:
        asked = select(AuditEvent.verb).where(AuditEvent.verb.like("content.p%")).order_by(AuditEvent.id)
        verbs = list(db.scalars(asked))
    assert verbs == ["content.propose", "content.publish"]


def test_what_changed_since_is_said_and_proposed_again(aude: Client, engines: Engines, cast: Cast) -> None:
    reword(engines, cast)
    old = seen(aude.get(PAGE).text)
    aude.post(PROPOSE, seen=old, note="Un mot.")
    reask(engines, cast)
    page = words(aude.get(PAGE).text)
    assert "Il a changé depuis" in page
    assert aude.post(PROPOSE, seen=old, note="Un mot.").status_code == 409
    assert aude.post(PROPOSE, seen=seen(page), note="Deux mots.").status_code == 303
    assert [each[2] for each in waiting(engines)] == [False, True]


def test_a_proposal_is_withdrawn_and_asks_its_note(aude: Client, engines: Engines, cast: Cast) -> None:
    reask(engines, cast)
    answer = aude.post(PROPOSE, seen=seen(aude.get(PAGE).text), note="  ")
    assert answer.status_code == 422
    assert "Dites en une phrase ce qui change" in words(answer.text)
    aude.post(PROPOSE, seen=seen(aude.get(PAGE).text), note="Plus clair.")
    for _turn in range(2):
        assert aude.post(f"{PROPOSE}/fin").status_code == 303
    assert [each[2] for each in waiting(engines)] == [False]
    assert numbers(engines) == [1]


def test_a_kit_is_proposed_too(aude: Client, both: Client, engines: Engines, cast: Cast) -> None:
    write(engines, cast, KIT, "summary: ", "summary: Relu. ")
    number = number_of(engines, KIT)
    page = f"/atelier/textes/{number}/publication"
    assert aude.post(page, seen=seen(aude.get(page).text)).status_code == 403
    assert aude.post(f"/atelier/textes/{number}/propositions", seen=seen(aude.get(page).text)).status_code == 303
    assert "propose de publier" in words(both.get(page).text)
    assert both.post(page, seen=seen(both.get(page).text)).status_code == 303
    assert waiting(engines) == [("", False, False)]
    assert aude.post(f"/atelier/textes/{number}/propositions/fin").status_code == 303


def test_where_authors_publish_nothing_is_proposed(client: Client, engines: Engines, cast: Cast) -> None:
    reask(engines, cast)
    page = words(client.sign_in(cast.aude).get(PAGE).text)
    assert "Publier l’édition 2" in page
    assert "Proposer" not in page


def test_it_costs_no_more_than_before(site: Flask, aude: Client, engines: Engines, cast: Cast) -> None:
    reword(engines, cast)
    aude.post(PROPOSE, seen=seen(aude.get(PAGE).text), note="Un mot.")
    assert len(cost(site, aude, PAGE)) <= 8
    assert len(cost(site, aude, "/atelier")) <= 8
