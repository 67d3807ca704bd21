"""A published pathway is archived: nobody begins it any more, whoever has begun it finishes it; it comes back."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from app.actions import assignments, cohorts, memberships, structure, withdrawing
from app.config import Settings
from app.db import Engines
from app.errors import Missing, Refused
from app.models import AuditEvent, Document, DocumentKind, Enrolment
from app.models.assigned import Dates, Wanted
from app.reads import courses
from tests.author.test_publication import words, write
from tests.build import DEMO, enrolment, walk
from tests.cast import Cast
from tests.client import Client
from tests.conftest import NOON
from tests.learn.test_diagnostic import ANSWERS, DOOR

HERE = "/parcours/demo"
PAGE = "/atelier/parcours/demo/publication"
ARCHIVE = "/atelier/parcours/demo/archive"
ASKED = Wanted(DEMO, 12, Dates(NOON.date(), date(2026, 12, 18)))
LISTS = ("/", "/parcours", "/nouveautes.atom", "/par-ou-commencer", "/autodiagnostics")
"""Where a pathway is offered, or what leads to it."""


@pytest.fixture
def aude(client: Client, cast: Cast) -> Client:
    return client.sign_in(cast.aude)


@pytest.fixture
def visitor(app: Flask, engines: Engines, settings: Settings) -> Client:
    return Client(app, settings, engines)


@pytest.fixture
def proposing(settings: Settings, engines: Engines, cast: Cast, built_assets: object) -> Client:
    """Aude, where only administrators publish."""
    return Client(create_app(replace(settings, publishing="admins")), settings, engines).sign_in(cast.aude)


def archived(engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db, db.begin():
        withdrawing.archive_pathway(db, DEMO, by=cast.aude)


def offered(client: Client) -> list[str]:
    """The lists that name the pathway, or its self-diagnostic."""
    return [path for path in LISTS if HERE in (page := client.get(path).text) or DOOR in page]


def trail(db: Session) -> list[str]:
    found = db.scalars(select(AuditEvent.verb).where(AuditEvent.object == "pathways/demo").order_by(AuditEvent.id))
    return [verb for verb in found if verb.startswith("pathway.")]


def test_it_leaves_every_list_and_comes_back_to_each(aude: Client, visitor: Client, engines: Engines) -> None:
    before = offered(visitor)
    assert len(before) >= 4
    for _click in range(2):
        assert aude.post(ARCHIVE).location == f"{PAGE}#archive"
    assert offered(visitor) == []
    for _click in range(2):
        back = aude.post(f"{ARCHIVE}/fin")
    assert "Ce parcours est de nouveau proposé." in words(aude.get(str(back.location)).text)
    assert offered(visitor) == before
    with Session(engines.read) as db:
        assert trail(db) == ["pathway.archive", "pathway.reinstate"]


def test_a_newcomer_reads_that_it_is_archived_and_begins_nothing(visitor: Client, engines: Engines, cast: Cast) -> None:
    archived(engines, cast)
    page = visitor.get(HERE)
    said = words(page.text)
    assert page.status_code == 200
    assert "Ce parcours est archivé" in said
    assert "Commencer" not in said.split("<main")[1].split("</main>")[0]
    assert f"{HERE}/etapes/" not in said
    refused = visitor.post(f"{HERE}/inscription", format="12")  # from a page opened before
    assert refused.status_code == 422
    assert "il ne se commence plus" in words(refused.text)
    assert visitor.get(f"{HERE}/etapes/demo-lecture").location == HERE
    with Session(engines.read) as db:
        assert db.scalars(select(Enrolment)).all() == []


def test_who_is_midway_finishes_it_and_keeps_every_page(client: Client, engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        walk(db, cast.lea, steps=3)
        db.commit()
    archived(engines, cast)
    lea = client.sign_in(cast.lea)
    assert "Le vôtre continue" in words(lea.get(HERE).text)
    for path in ("/autodiagnostics", "/par-ou-commencer"):
        assert DOOR not in lea.get(path).text
    assert str(lea.get("/continuer").location).startswith(f"{HERE}/etapes/")
    assert "Reprendre" in lea.get("/").text
    assert f"{HERE}/etapes/" in lea.get("/").text
    assert lea.post(f"{HERE}/format", format="24").status_code == 303
    with Session(engines.write) as db:
        walk(db, cast.lea)
        db.commit()
    for path in (f"{HERE}/bilan", f"{HERE}/bilan/attestation", "/mon-chemin", "/mon-chemin/carnet", HERE):
        assert lea.get(path).status_code == 200, path
    assert HERE in lea.get("/mon-chemin").text
    assert HERE not in lea.get("/parcours").text


def test_a_result_of_its_self_diagnostic_stays_and_begins_nothing(
    visitor: Client, engines: Engines, cast: Cast
) -> None:
    result = str(visitor.post(f"{DOOR}/resultats", **ANSWERS).location)
    assert "Commencer le parcours" in words(visitor.get(result).text)
    archived(engines, cast)
    page = visitor.get(result)
    assert page.status_code == 200
    assert "Commencer le parcours" not in words(page.text)
    assert visitor.get(DOOR).status_code == 200  # « Répondre de nouveau »


def test_no_cohort_is_given_it_and_those_that_have_it_go_on(db: Session, settings: Settings, cast: Cast) -> None:
    wanted = [cohorts.Wanted(name, "Europe/Paris") for name in ("Une", "Deux")]
    cohort, other = (cohorts.create_cohort(db, cast.tarik, each, key=each.name) for each in wanted)
    memberships.join(db, cohort, cast.lea, name="Léa")
    assignments.assign(db, cast.tarik, cohort, ASKED, key="before")
    withdrawing.archive_pathway(db, DEMO, by=cast.aude)
    memberships.join(db, cohort, cast.noe, name="Noé")
    assert courses.found(db, DEMO, cast.noe) is None
    assert enrolment(db, cast.lea)
    with pytest.raises(Refused, match="publié"):
        assignments.assign(db, cast.tarik, other, ASKED, key="after")
    withdrawing.reinstate_pathway(db, DEMO, by=cast.aude)
    assignments.assign(db, cast.tarik, other, ASKED, key="after")


def test_a_trainer_is_not_offered_it(client: Client, engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        number = cohorts.create_cohort(db, cast.tarik, cohorts.Wanted("Une", "Europe/Paris"), key="a cohort")
        db.commit()
    tarik = client.sign_in(cast.tarik)
    assert 'value="demo"' in tarik.get(f"/cohortes/{number}/attribuer").text
    archived(engines, cast)
    assert 'value="demo"' not in tarik.get(f"/cohortes/{number}/attribuer").text


def test_the_workshop_says_whom_it_touches_then_that_it_is_archived(aude: Client, engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        walk(db, cast.lea, steps=3)
        number = cohorts.create_cohort(db, cast.tarik, cohorts.Wanted("Une", "Europe/Paris"), key="a cohort")
        assignments.assign(db, cast.tarik, number, ASKED, key="k")
        db.commit()
    before = words(aude.get(PAGE).text)
    assert "1 personne est en route : elle garde ses pages et peut terminer, bilan compris." in before
    assert "1 cohorte le suit" in before
    assert "archivé</span>" not in aude.get("/atelier").text
    aude.post(ARCHIVE)
    assert "Depuis le 25 novembre 2026" in words(aude.get(PAGE).text)
    assert "1 personne est en route" in words(aude.get(PAGE).text)
    assert "archivé</span>" in aude.get("/atelier").text
    assert "Archivé le 25 novembre 2026" in words(aude.get("/atelier/parcours/demo").text)


def test_publishing_an_edition_does_not_bring_it_back(
    aude: Client, visitor: Client, engines: Engines, cast: Cast
) -> None:
    archived(engines, cast)
    write(engines, cast, "pathways/demo/10-decouvrir/10-la-meme-rue.md", "title: ", "title: Relu, ")
    page = aude.get(PAGE).text
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert aude.post("/atelier/parcours/demo/editions", seen=seen, note="Relu.").status_code == 303
    assert offered(visitor) == []
    aude.post(f"{ARCHIVE}/fin")
    assert "Édition 2" in words(visitor.get(HERE).text)


def test_what_was_never_published_is_not_archived(db: Session, cast: Cast) -> None:
    slug = structure.create_pathway(db, "Un brouillon", "2h", by=cast.aude)
    for name in (slug, "absent"):
        with pytest.raises(Missing):
            withdrawing.archive_pathway(db, name, by=cast.aude)
        with pytest.raises(Missing):
            withdrawing.reinstate_pathway(db, name, by=cast.aude)
    assert db.scalars(select(Document.archived_at).filter_by(kind=DocumentKind.PATHWAY, slug=slug)).one() is None


def test_who_only_proposes_does_not_archive(proposing: Client, engines: Engines) -> None:
    assert proposing.post(ARCHIVE).status_code == 403
    assert proposing.post(f"{ARCHIVE}/fin").status_code == 403
    assert "Archiver le parcours" not in proposing.get(PAGE).text
    with Session(engines.read) as db:
        assert trail(db) == []
