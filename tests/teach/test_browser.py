"""In a real browser, without JavaScript as with it: a cohort made, set, given a session; and what axe says of it."""

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from app.actions import accounts
from app.models import Role
from tests.cast import HASH, PASSWORD
from tests.learn.walker import faults_on_every_screen
from tests.serving import Live, device


def sign_in(page: Page, site: Live, name: str) -> None:
    """A trainer, made for this walk."""
    email = f"{name}@exemple.fr"
    with Session(site.engines.write) as db:
        for who in (email, f"collegue-{email}"):
            accounts.create_person(db, who, HASH, name=who.split("@")[0], role=Role.TRAINER, by=None)
        db.commit()
    page.goto("/connexion?suite=/cohortes")
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    press(page, "Se connecter", last=True)


def press(page: Page, name: str, last: bool = False) -> None:
    buttons = page.locator("main").get_by_role("button", name=name)
    with page.expect_navigation():
        (buttons.last if last else buttons.first).click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_cohort_is_made_set_and_given_a_session(browser: Browser, site: Live, script: bool) -> None:
    found = {}

    def look(name: str) -> None:
        if script and (wrong := faults_on_every_screen(page)):
            found[name] = wrong
        if page.locator("main .btn.main").count() > 1:
            found[f"{name}, main buttons"] = page.locator("main .btn.main").all_inner_texts()

    with device(browser, 390, script=script, url=site.url) as page:
        sign_in(page, site, "tarik-script" if script else "tarik-sans")
        look("no cohort")
        page.get_by_label("Nom de la cohorte").fill("Maisons de quartier")
        press(page, "Créer la cohorte")
        page.get_by_role("link", name="Ajouter une séance").click()
        page.wait_for_url("**/seances")
        look("no session")
        page.get_by_label("Nom de la séance").fill("Atelier : lire nos autodiagnostics")
        page.locator("#on").fill("2030-12-03")
        page.locator("#at").fill("14:00")
        page.locator("#link").fill("javascript:alert(1)")
        press(page, "Ajouter la séance")
        look("refused")
        assert page.get_by_label("Nom de la séance").input_value() == "Atelier : lire nos autodiagnostics"
        page.locator("#link").fill("https://exemple.fr/salle")
        press(page, "Ajouter la séance")
        page.get_by_text("3 décembre 2030 à 14 h 00").wait_for()
        look("a session")
        page.get_by_role("link", name="Modifier").click()
        page.wait_for_url("**/seances/*")
        look("one session")
        press(page, "Supprimer la séance")
        look("removed")
        press(page, "Rétablir")
        page.get_by_role("link", name="Maisons de quartier").click()
        page.get_by_role("link", name="Réglages").click()
        page.wait_for_url("**/reglages")
        look("settings")
        page.locator("#zone").select_option("Indian/Reunion")
        press(page, "Enregistrer")
        page.locator("#email").fill(f"collegue-tarik-{'script' if script else 'sans'}@exemple.fr")
        press(page, "Ajouter")
        expect(page.get_by_role("button", name="Retirer")).to_have_count(1)
        press(page, "Archiver la cohorte")
        look("archived")
        press(page, "Restaurer la cohorte")
        page.locator("#copy_starts_on").fill("2031-01-06")
        press(page, "Dupliquer la cohorte")
        look("a copy")
    assert found == {}
