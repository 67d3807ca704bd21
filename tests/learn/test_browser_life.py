"""In a real browser: a guest’s whole life, from a phone to a laptop, a longer format, an account, another device."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.build import DEMO
from tests.learn.walker import Walker
from tests.serving import Live, device

HERE = f"/parcours/{DEMO}"
SECRET = "un sentier au soleil"


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_nothing_is_lost_from_a_phone_to_an_account_elsewhere(browser: Browser, site: Live, script: bool) -> None:
    address = f"gus-{'avec' if script else 'sans'}@balises.example"
    with (
        device(browser, 390, script=script) as phone,
        device(browser, 1280, script=script) as laptop,
        device(browser, 1280, script=script) as elsewhere,
    ):
        phone.goto(f"{site.url}{HERE}")
        press(phone, "Commencer")
        walker = Walker(phone, site.url, site.engines, DEMO)
        walker.do()
        walker.do()
        here = phone.url
        press(phone, "Continuer ailleurs")

        laptop.goto(phone.locator(".address a").inner_text())  # what the square holds
        press(laptop, "Continuer ici")
        expect(laptop).to_have_url(here)
        laptop.goto(f"{site.url}{HERE}/format?vers=24")
        press(laptop, "Passer à 24\u00a0min")
        walker = Walker(laptop, site.url, site.engines, DEMO)
        walker.do()
        here = laptop.url

        laptop.goto(f"{site.url}/inscription")
        laptop.locator("#email").fill(address)
        laptop.locator("#password").fill(SECRET)
        with laptop.expect_navigation():
            laptop.locator("form button.main").click()
        expect(laptop.locator(".guest")).to_have_count(0)

        elsewhere.goto(f"{site.url}/connexion?suite=/continuer")
        elsewhere.locator("#email").fill(address)
        elsewhere.locator("#password").fill(SECRET)
        with elsewhere.expect_navigation():
            elsewhere.locator("form button.main").click()
        expect(elsewhere).to_have_url(here)
        elsewhere.goto(f"{site.url}/mon-chemin")
        expect(elsewhere.locator("main")).to_contain_text("3 étapes terminées sur")
