"""In a real browser: the settings of the site by keyboard, without script; the pages that say them, in every state."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from app.actions import accounts
from app.models import Role
from tests.cast import HASH, address
from tests.learn.walker import faults_on_every_screen
from tests.serving import Live, device

LEGAL = "## Qui dirige la publication\n\nJeanne Le Goff.\n\n## Hébergeur\n\n- Nuage Libre\n- 3 rue du Port, Kerlann"


@pytest.fixture(scope="module")
def ada(site: Live) -> str:
    """The secret of an administrator's device."""
    with Session(site.engines.write) as db:
        person = accounts.create_person(db, address("ada"), HASH, name="Ada", role=Role.ADMIN, by=None)
        secret = accounts.start_sign_in(db, person.id, "a test", timedelta(days=1))
        db.commit()
    return secret


def come_in(page: Page, site: Live, secret: str) -> None:
    page.context.add_cookies([{"name": "session", "value": secret, "url": site.url}])
    page.goto(f"{site.url}/administration")
    page.get_by_role("link", name="Réglages du site").click()
    expect(page.get_by_role("heading", level=1, name="Réglages du site")).to_be_visible()


def test_the_settings_are_saved_by_keyboard_and_said_at_the_foot(browser: Browser, site: Live, ada: str) -> None:
    with device(browser, 1280) as page:
        come_in(page, site, ada)
        page.get_by_label("Nom de l’organisme").focus()
        page.keyboard.press("Control+A")
        page.keyboard.type("Ville de Kerlann")
        page.keyboard.press("Tab")
        page.keyboard.type("Jeanne Le Goff, directrice")
        page.keyboard.press("Tab")
        page.keyboard.type("bonjour@kerlann.example")
        page.keyboard.press("Tab")  # the choice of who may make an account: an arrow goes to the next one
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.type("Les mentions de Kerlann.")
        page.get_by_role("button", name="Enregistrer les réglages").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").filter(has_text="C’est enregistré")).to_be_visible()
        expect(page.locator(".foot")).to_contain_text("Ville de Kerlann")
        expect(page.locator("input[name=sign_up][value=invited]")).to_be_checked()
        page.get_by_role("link", name="Voir les mentions légales").click()
        expect(page.locator("article .stack")).to_contain_text("Les mentions de Kerlann.")


def test_what_is_refused_stays_to_be_corrected_without_script(browser: Browser, site: Live, ada: str) -> None:
    with device(browser, 390, script=False) as page:
        come_in(page, site, ada)
        page.get_by_label("Nom de l’organisme").fill("Ville de Kerlann")
        page.get_by_label("Totalement conforme").check()
        page.locator("#accessibility").fill("Un texte long à taper.")
        page.get_by_role("button", name="Enregistrer les réglages").click()
        expect(page.get_by_role("alert").get_by_role("link")).to_have_attribute("href", "#audited_on")
        expect(page.locator("#accessibility")).to_have_value("Un texte long à taper.")
        page.get_by_label("Jour de l’audit").fill("2026-01-15")
        page.get_by_role("button", name="Enregistrer les réglages").click()
        expect(page.locator(".foot")).to_contain_text("totalement conforme")


def test_axe_finds_nothing_in_any_state(browser: Browser, site: Live, ada: str) -> None:
    with device(browser, 390) as page, device(browser, 390) as visitor:
        come_in(page, site, ada)
        found = {}
        for name, show in states(site, page, visitor):
            shown = show()
            if wrong := faults_on_every_screen(shown):
                found[name] = wrong
    assert found == {}


def states(site: Live, page: Page, visitor: Page) -> Iterator[tuple[str, Callable[[], Page]]]:
    def settings(**typed: str) -> Page:
        page.goto(f"{site.url}/administration/site")
        page.get_by_label("Qui est invité").check()
        page.get_by_label("Partiellement conforme").check()
        for name, text in {
            "organisation": "Kerlann",
            "contact": "1 quai Nord",
            "audited_on": "2026-01-15",
            **typed,
        }.items():
            page.locator(f"#{name}").fill(text)
        with page.expect_navigation():
            page.get_by_role("button", name="Enregistrer les réglages").click()
        return page

    def seen(path: str) -> Page:
        visitor.goto(site.url + path)
        return visitor

    yield "refused", lambda: settings(organisation="", audited_on="", legal="# Non", accessibility="[x](y)")
    yield "saved, with nothing written", lambda: settings(legal="", privacy="", accessibility="")
    for path in ("/mentions-legales", "/donnees-personnelles", "/accessibilite", "/inscription", "/connexion"):
        yield f"{path}, empty", lambda path=path: seen(path)  # type: ignore[misc]
    yield "saved, written", lambda: settings(legal=LEGAL, privacy=LEGAL, accessibility=LEGAL)
    for path in ("/mentions-legales", "/donnees-personnelles", "/accessibilite"):
        yield f"{path}, written", lambda path=path: seen(path)  # type: ignore[misc]
