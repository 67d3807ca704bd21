"""In a real browser: a step is said to help or not, with script and without, and nothing else is lost or sent by it."""

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import StepVoice
from tests.build import DEMO
from tests.learn.walker import faults_on_every_screen
from tests.serving import Live, device

STEPS = f"/parcours/{DEMO}/etapes"
HELPED, UNCLEAR = "Cette étape m’a été utile", "Ce n’est pas clair"


def begin(page: Page) -> None:
    page.goto(f"/parcours/{DEMO}")
    page.locator("form[action$='/inscription'] button[type=submit]").first.click()
    page.wait_for_url(f"**{STEPS}/**")


def words(site: Live, uid: str) -> list[str]:
    with Session(site.engines.read) as db:
        return list(db.scalars(select(StepVoice.note).where(StepVoice.step_uid == uid)))


@pytest.mark.parametrize("script", [True, False])
def test_two_buttons_then_a_word_then_nothing(browser: Browser, site: Live, *, script: bool) -> None:
    with device(browser, 390, script=script, url=site.url) as page:
        begin(page)
        page.goto(f"{STEPS}/demo-lecture")
        page.get_by_role("button", name=UNCLEAR).click()
        expect(page.get_by_role("button", name=UNCLEAR)).to_have_attribute("aria-pressed", "true")
        page.get_by_label("Un mot pour dire pourquoi").fill("La fin va trop vite")
        page.get_by_role("button", name="Envoyer ce mot").click()
        expect(page.get_by_text("votre réponse et votre mot sont enregistrés")).to_be_visible()
        page.get_by_role("button", name=HELPED).click()
        expect(page.get_by_role("button", name=HELPED)).to_have_attribute("aria-pressed", "true")
        expect(page.get_by_label("Un mot pour dire pourquoi")).to_have_value("La fin va trop vite")
        if script:
            assert faults_on_every_screen(page) == []
        page.get_by_role("button", name="Retirer ma réponse").click()
        expect(page.get_by_role("button", name=HELPED)).to_have_attribute("aria-pressed", "false")
        expect(page.get_by_label("Un mot pour dire pourquoi")).to_have_count(0)


def test_on_a_quiz_what_is_ticked_stays_and_the_focus_too(browser: Browser, site: Live) -> None:
    with device(browser, 1280, url=site.url) as page:
        begin(page)
        page.goto(f"{STEPS}/demo-quiz")
        ticked = page.locator("#quiz input[type=radio]").first
        ticked.check()
        page.get_by_role("button", name=HELPED).click()
        expect(page.get_by_role("button", name=HELPED)).to_have_attribute("aria-pressed", "true")
        expect(page.get_by_role("button", name=HELPED)).to_be_focused()
        expect(page.locator("#live")).to_contain_text("votre réponse est enregistrée")
        expect(ticked).to_be_checked()


def test_typing_a_word_sends_nothing_and_enter_in_a_field_says_nothing(browser: Browser, site: Live) -> None:
    uid = "demo-phrase"
    with device(browser, 1280, url=site.url) as page:
        begin(page)
        page.goto(f"{STEPS}/{uid}")
        page.locator("article input[type=date]").press("Enter")
        page.wait_for_url("**#discret")
        assert words(site, uid) == []
        page.get_by_role("button", name=HELPED).click()
        page.get_by_label("Un mot pour dire pourquoi").fill("Pas encore")
        with page.expect_response("**/notes"):
            page.locator("[name='demo-phrase.besoin']").fill("Ce que je cherche")
        assert words(site, uid) == [""]
        page.locator("#turn").get_by_role("button", name="Enregistrer sans terminer").click()
        expect(page.get_by_label("Un mot pour dire pourquoi")).to_have_value("Pas encore")
        assert words(site, uid) == ["Pas encore"]
