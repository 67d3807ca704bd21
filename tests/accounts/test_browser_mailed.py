"""In a real browser: a password is forgotten on a site that sends no mail; who administers hands the link over."""

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from app.actions import accounts
from app.models import Role
from tests.cast import HASH, PASSWORD, address
from tests.learn.walker import faults_on_every_screen
from tests.serving import Live, device


@pytest.fixture(scope="module")
def site(live: Live) -> Live:
    with Session(live.engines.write) as db:
        accounts.create_person(db, address("lea"), HASH, name="Léa", role=None, by=None)
        accounts.create_person(db, address("ada"), HASH, name="Ada", role=Role.ADMIN, by=None)
        db.commit()
    return live


def sign_in(page: Page, site: Live, name: str) -> None:
    page.goto(f"{site.url}/connexion")
    page.get_by_label("Adresse électronique").fill(address(name))
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/mon-chemin")


def test_a_forgotten_password_comes_back_without_script_by_the_hand_of_who_administers(
    browser: Browser, site: Live
) -> None:
    with device(browser, 390, script=False) as phone, device(browser, 1280) as laptop:
        phone.goto(f"{site.url}/connexion")
        phone.get_by_role("link", name="Mot de passe oublié").click()
        phone.get_by_label("Adresse électronique").fill(address("lea"))
        phone.get_by_role("button", name="Recevoir le lien").click()
        assert "Si un compte porte cette adresse" in phone.locator("main").inner_text()
        sign_in(laptop, site, "ada")
        for path in ("/mot-de-passe-oublie", "/administration", "/administration/journal", "/mon-compte"):
            laptop.goto(f"{site.url}{path}")
            assert faults_on_every_screen(laptop) == [], path
        laptop.goto(f"{site.url}/administration/courriels")
        assert faults_on_every_screen(laptop) == []
        laptop.get_by_role("link", name="Nouveau mot de passe").click()
        laptop.get_by_role("button", name="Montrer le lien").click()
        assert faults_on_every_screen(laptop) == []
        phone.goto(laptop.locator("code.address").inner_text())
        phone.get_by_label("Nouveau mot de passe", exact=True).fill("un sentier au soleil")
        phone.get_by_role("button", name="Enregistrer et me connecter").click()
        assert address("lea") in phone.locator("main").inner_text()
        assert "confirmée" in phone.locator("main").inner_text()
