"""Every screen of who administers in each of its states: axe finds nothing, nothing sticks out, no key is caught."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import messages
from app.models import MailKind, Summary
from tests.actions.test_sharing import make_cohort
from tests.build import walk
from tests.cast import Cast, make_cast
from tests.learn.typist import look
from tests.serving import Live
from tests.teach.test_browser_help import signed_in

HOME = "/administration"
LONG = "L’équipe d’accueil et d’accompagnement des habitantes et des habitants de l’intercommunalité"


@pytest.fixture(scope="module")
def cast(site: Live) -> Cast:
    """Everybody, a cohort with a long name, and mails that wait."""
    with Session(site.engines.write) as db:
        found = make_cast(db)
        make_cohort(db, found.tarik, LONG, found.lea)
        data = {"cohort": LONG, "trainer": "Tarik", "text": "Bonjour,\n\nà lundi."}
        messages.post(db, MailKind.TRAINER, cause="c:1", address="lea@balises.example", lang="fr", data=data)
        messages.post(db, MailKind.RESET, cause="c:2", address="noe@balises.example", lang="fr", data={})
        db.commit()
    return found


@pytest.fixture(scope="module")
def desk(browser: Browser, site: Live, cast: Cast) -> Iterator[Page]:
    """Ada’s."""
    with signed_in(browser, site, cast.ada) as page:
        yield page


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name).first.click()


def follow(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name=name).first.click()


def test_people_found_invited_and_given_a_link(desk: Page) -> None:
    look(desk, HOME)
    look(desk, f"{HOME}/personnes?q=personne-de-ce-nom")
    look(desk, f"{HOME}/personnes")
    desk.get_by_label("Adresse", exact=True).fill("pas une adresse")
    press(desk, "Créer le compte")
    expect(desk.get_by_role("alert")).to_be_visible()
    look(desk)
    desk.get_by_label("Adresse", exact=True).fill(f"{'accueil-' * 6}intercommunalite@balises.example")
    desk.get_by_label("Nom (facultatif)").fill(LONG)
    press(desk, "Créer le compte")
    look(desk)
    press(desk, "Faire un lien")
    look(desk)
    press(desk, "Fermer le compte")
    look(desk)
    look(desk, f"{HOME}/personnes")


def test_mails_the_journal_and_cohorts(desk: Page) -> None:
    look(desk, f"{HOME}/courriels")
    follow(desk, "Mot de passe")
    look(desk)
    press(desk, "Montrer le lien")
    look(desk)
    desk.goto(f"{HOME}/courriels")
    desk.get_by_role("navigation", name="État des courriels").get_by_role("link").last.click()
    look(desk)
    look(desk, f"{HOME}/journal")
    look(desk, f"{HOME}/journal?personne=999999")
    look(desk, f"{HOME}/cohortes")
    follow(desk, LONG)
    look(desk)


def test_an_attestation_found_and_revoked(desk: Page, site: Live, cast: Cast) -> None:
    with Session(site.engines.write) as db:
        walk(db, cast.lea)
        db.commit()
        code = db.scalars(select(Summary.code)).one()
    look(desk, f"{HOME}/attestations")
    desk.get_by_label("Code de l’attestation").fill(code)
    press(desk, "Chercher")
    look(desk)
    press(desk, "Révoquer l’attestation")
    expect(desk.get_by_role("alert")).to_be_visible()
    look(desk)
    desk.get_by_label("la personne l’a demandé").check()
    press(desk, "Révoquer l’attestation")
    look(desk)
