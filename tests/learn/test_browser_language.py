"""In a real browser: a pathway begun in French and finished in English; a day said in each."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.build import DEMO
from tests.learn.walker import SENTENCE, Walker, faults
from tests.serving import Live


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def test_the_language_changes_midway_and_everything_stays(phone: Page, site: Live) -> None:
    page = phone
    page.goto(f"{site.url}/parcours/{DEMO}")
    with page.expect_navigation():
        page.get_by_role("button", name="Commencer").click()
    walker = Walker(page, site.url, site.engines, DEMO)
    walker.do()
    chosen = walker.quizzes["demo-quiz"].questions[0].right_values()[0]
    page.locator(f"input[value='{chosen}']").check()
    with page.expect_response(lambda answer: answer.request.method == "GET" and "/etapes/" in answer.url):
        page.locator("#verifier-demo-q-single").click()
    page.get_by_text("C’est juste.").wait_for()
    page.get_by_role("link", name="English version").click()
    page.get_by_role("button", name="English").click()
    page.wait_for_url("**/etapes/demo-quiz")
    assert page.locator("h1").inner_text() == "Need or solution?"
    expect(page.locator(f"input[value='{chosen}']")).to_be_checked()
    page.get_by_text("That’s right.").wait_for()
    assert faults(page) == []
    walker.answer(walker.quizzes["demo-quiz"])
    walker.go(page.locator("#turn button.main"))
    walker.walk()
    expect(page.get_by_text("distinguer")).to_have_count(0)
    expect(page.get_by_text("tell a need from a solution")).to_have_count(1)
    expect(page.get_by_text(SENTENCE).nth(1), "one's own words stay as they are").to_be_attached()
    assert faults(page) == []


@pytest.mark.parametrize(("lang", "words"), [("fr", "lundi 1er mars 2027"), ("en", "Monday 1 March 2027")])
def test_a_day_is_said_as_its_readers_say_it(phone: Page, site: Live, lang: str, words: str) -> None:
    phone.context.add_cookies([{"name": "lang", "value": lang, "url": site.url}])
    phone.goto(f"{site.url}/parcours/{DEMO}")
    with phone.expect_navigation():
        phone.locator("main form button.main").first.click()
    phone.goto(f"{site.url}/parcours/{DEMO}/etapes/demo-phrase")
    phone.locator("input[type=date]").fill("2027-03-01")
    expect(phone.locator("input[type=date] + output")).to_have_text(words)
