"""In a real browser: signing up by keyboard, the account's pages in every state, with and without script."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from app.actions import accounts
from app.models import Purpose
from tests.build import DEMO
from tests.cast import HASH, address
from tests.learn.walker import faults_on_every_screen
from tests.serving import Live, device

SECRET = "un sentier au soleil"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile/15E148 Safari/604.1"


@pytest.fixture(scope="module")
def site(site: Live) -> Live:
    with Session(site.engines.write) as db:
        accounts.create_person(db, address("lea"), HASH, name="Léa", role=None, by=None)
        db.commit()
    return site


def tab_to(page: Page, selector: str) -> None:
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} is not reached by keyboard")


def test_a_guest_signs_up_by_keyboard_and_is_where_they_were(browser: Browser, site: Live) -> None:
    with device(browser, 1280) as page:
        page.goto(f"{site.url}/parcours/{DEMO}")
        page.get_by_role("button", name="Commencer").click()
        page.wait_for_url("**/etapes/*")
        where = page.url
        tab_to(page, ".guest a[href^='/inscription']")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/inscription" in url)
        tab_to(page, "#email")
        page.keyboard.type("gus@balises.example")
        tab_to(page, "#password")
        page.keyboard.type(SECRET)
        assert page.locator("#password").get_attribute("type") == "password"
        tab_to(page, "button[aria-controls=password]")
        page.keyboard.press("Space")
        assert page.locator("#password").get_attribute("type") == "text"
        assert page.get_by_role("button", name="Afficher").get_attribute("aria-pressed") == "true"
        page.keyboard.press("Enter")
        page.wait_for_url(where)
        expect(page.locator(".guest")).to_have_count(0)
        page.goto(f"{site.url}/mon-compte")
        expect(page.locator("main strong", has_text="gus@balises.example")).to_have_count(1)


def test_the_whole_life_of_a_password_without_script(browser: Browser, site: Live) -> None:
    with device(browser, 390, script=False) as page:
        page.goto(f"{site.url}/inscription?suite=/mon-compte")
        expect(page.get_by_role("button", name="Afficher")).to_have_count(0)
        page.get_by_label("Adresse électronique").fill("mia@balises.example")
        page.get_by_label("Mot de passe").fill(SECRET)
        page.get_by_role("button", name="Créer mon compte").click()
        page.locator(".more summary").last.click()
        page.locator("#current_password").fill(SECRET)
        page.locator("#password").fill("une autre phrase à moi")
        page.get_by_role("button", name="Changer le mot de passe").click()
        expect(page.get_by_text("Le mot de passe est changé")).to_have_count(1)
        with page.expect_navigation():
            page.get_by_role("button", name="Se déconnecter").last.click()
        page.goto(link(site, "mia@balises.example"))
        page.locator("#password").fill("encore une autre phrase")
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.locator("main strong", has_text="mia@balises.example")).to_have_count(1)


def test_axe_finds_nothing_in_any_state(browser: Browser, site: Live) -> None:
    with device(browser, 390) as page, device(browser, 390, agent=PHONE) as phone:
        found = {}
        for name, show in states(site, page, phone, "zoe@balises.example"):
            show()
            if wrong := faults_on_every_screen(page):
                found[name] = wrong
    assert found == {}


def states(site: Live, page: Page, phone: Page, email: str) -> Iterator[tuple[str, Callable[[], object]]]:
    """Every page of the account, one state after the other."""

    def sign_up(email: str, password: str, where: Page = page) -> None:
        where.goto(f"{site.url}/inscription?suite=/mon-compte")
        where.locator("#email").fill(email)
        where.locator("#password").fill(password)
        with where.expect_navigation():
            where.locator("button.main").click()

    def change(password: str) -> None:
        if not page.locator("#current_password").is_visible():
            page.locator(".more summary").last.click()
        page.locator("#current_password").fill(SECRET)
        page.locator("#password").fill(password)
        with page.expect_navigation():
            page.locator("#password").press("Enter")

    def open_all() -> None:
        page.goto(f"{site.url}/mon-compte")
        for summary in page.locator(".more summary").all():
            summary.click()

    used = link(site, address("lea"))
    newer = link(site, address("lea"))
    yield "sign up", lambda: page.goto(f"{site.url}/inscription")
    yield "empty", lambda: sign_up("", "")
    yield "common", lambda: sign_up(email, "motdepasse")
    yield "known", lambda: sign_up(address("lea"), "une autre phrase")
    yield "sign in", lambda: page.goto(f"{site.url}/connexion?fait=mot-de-passe")
    yield "link", lambda: page.goto(newer)
    yield "link replaced", lambda: page.goto(used)
    yield "link unknown", lambda: page.goto(f"{site.url}/mot-de-passe/{'x' * 22}")
    yield "one device", lambda: sign_up(email, SECRET)
    yield "two devices", lambda: (sign_up(email, SECRET, phone), open_all())
    yield "poor password", lambda: change("court")
    yield "changed", lambda: change("une autre phrase à moi")
    yield "menu", lambda: page.locator(".me summary").click()


def link(site: Live, email: str) -> str:
    with Session(site.engines.write) as db:
        token = accounts.issue_link(db, Purpose.RESET, email, by=None)
        db.commit()
    return f"{site.url}/mot-de-passe/{token}"
