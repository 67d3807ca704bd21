"""In a real browser: begun on a phone without an account, continued on a laptop by the link, joined to an account."""

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from app.actions import accounts
from tests.build import DEMO
from tests.cast import HASH, PASSWORD, address
from tests.learn.walker import Walker, faults, faults_on_every_screen
from tests.serving import Live, device


@pytest.fixture(scope="module")
def site(site: Live) -> Live:
    with Session(site.engines.write) as db:
        accounts.create_person(db, address("lea"), HASH, name="Léa", role=None, by=None)
        db.commit()
    return site


def begin(page: Page, site: Live, steps: int) -> str:
    """The address where to go on."""
    page.goto(f"{site.url}/parcours/{DEMO}")
    with page.expect_navigation():
        page.get_by_role("button", name="Commencer").click()
    walker = Walker(page, site.url, site.engines, DEMO)
    for _step in range(steps):
        walker.do()
    return page.url


def link(page: Page) -> str:
    page.get_by_role("button", name="Continuer ailleurs").click()
    shown = page.locator(".address a")
    assert page.locator(".square svg").bounding_box()["width"] > 200  # type: ignore[index]
    assert shown.inner_text() == shown.get_attribute("href")
    return shown.inner_text()


def test_begun_on_a_phone_and_continued_on_a_laptop_without_script(browser: Browser, site: Live) -> None:
    with device(browser, 390) as phone, device(browser, 1280, script=False) as laptop:
        here = begin(phone, site, 3)
        laptop.goto(link(phone))
        laptop.get_by_role("button", name="Continuer ici").click()
        expect(laptop).to_have_url(here)
        walker = Walker(laptop, site.url, site.engines, DEMO)
        walker.do()
        phone.goto(f"{site.url}/continuer")  # the first device stays, and goes on where the other stopped
        expect(phone).to_have_url(laptop.url)


def test_a_double_click_opens_it_once(browser: Browser, site: Live) -> None:
    with device(browser, 390) as phone, device(browser, 1280) as laptop:
        here = begin(phone, site, 1)
        laptop.goto(link(phone))
        laptop.get_by_role("button", name="Continuer ici").dblclick()
        expect(laptop).to_have_url(here)  # the second press breaks off the first one's way there


def test_what_a_guest_did_joins_the_account_after_the_question(browser: Browser, site: Live) -> None:
    with device(browser, 390) as phone:
        here = begin(phone, site, 2)
        phone.goto(f"{site.url}/connexion")
        phone.get_by_label("Adresse électronique").fill(address("lea"))
        phone.get_by_label("Mot de passe").fill(PASSWORD)
        with phone.expect_navigation():
            phone.locator("form button.main").click()
        assert "Reprendre ces 2 étapes dans votre compte" in phone.locator("h1").inner_text().replace("\xa0", " ")
        assert faults(phone) == []
        phone.get_by_role("button", name="Reprendre").click()
        phone.get_by_role("heading", name="Bonjour Léa").wait_for()
        phone.goto(f"{site.url}/continuer")
        expect(phone).to_have_url(here)


def test_axe_finds_nothing_and_nothing_sticks_out(browser: Browser, site: Live) -> None:
    found = {}
    with device(browser, 390) as one, device(browser, 390) as other:
        begin(one, site, 1)
        one.goto(f"{site.url}/continuer/ailleurs")
        found["elsewhere"] = faults_on_every_screen(one)
        url = link(one)
        found["link"] = faults_on_every_screen(one)
        one.goto(url)
        found["already here"] = faults_on_every_screen(one)
        other.goto(url)
        found["visitor"] = faults_on_every_screen(other)
        begin(other, site, 1)
        other.goto(url)
        found["two guests"] = faults_on_every_screen(other)
        with other.expect_navigation():
            other.get_by_role("button", name="Réunir").click()
        other.goto(url)
        found["over"] = faults_on_every_screen(other)
        other.goto(f"{site.url}/mon-chemin")
        found["journey"] = faults_on_every_screen(other)
        other.goto(f"{site.url}/connexion")
        found["sign in"] = faults_on_every_screen(other)
    assert {name: said for name, said in found.items() if said} == {}
