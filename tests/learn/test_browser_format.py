"""In a real browser: the demonstration midway, to the next format and back, with script and without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from sqlalchemy.orm import Session

from tests.actions.test_editions import edited, publish, with_one_more
from tests.build import DEMO
from tests.learn.walker import Walker, faults_on_every_screen
from tests.serving import Live, device

HERE = f"/parcours/{DEMO}"
NEXT = "pathways/demo/20-agir/50-un-atelier-entre-voisins.md"


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def phone(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="fr-FR", java_script_enabled=request.param
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


def test_a_format_is_changed_midway_from_a_step_of_the_longer_one_and_back(phone: BrowserContext, site: Live) -> None:
    page = phone.new_page()
    page.goto(f"{site.url}{HERE}")
    with page.expect_navigation():
        page.get_by_role("button", name="Commencer").click()
    walker = Walker(page, site.url, site.engines, DEMO)
    walker.do()
    walker.do()
    here = page.url
    page.goto(f"{site.url}{HERE}/etapes/demo-regles")
    page.locator("#turn").get_by_role("link", name="Passer à 24\u00a0min pour faire cette étape").click()
    page.get_by_text("2 étapes sur 12 déjà faites").wait_for()
    walker.go(page.get_by_role("button", name="Passer à 24\u00a0min"))
    page.wait_for_url("**/etapes/demo-regles")
    walker.do()
    expect(page.get_by_text("Étape").first).to_be_visible()
    page.goto(f"{site.url}{HERE}/format?vers=12")
    page.get_by_role("heading", name="Ce qui ne compterait plus").wait_for()
    walker.go(page.get_by_role("button", name="Passer à 12\u00a0min"))
    expect(page).to_have_url(here)
    page.goto(f"{site.url}{HERE}/etapes/demo-regles")
    page.get_by_text("elle comptera de nouveau").wait_for()


def test_axe_finds_nothing_on_what_changes(browser: Browser, site: Live) -> None:
    with device(browser, 390) as page:
        page.goto(f"{site.url}{HERE}")
        with page.expect_navigation():
            page.get_by_role("button", name="Commencer").click()
        Walker(page, site.url, site.engines, DEMO).do()
        with Session(site.engines.write) as db:
            publish(
                db,
                site.settings,
                edited((NEXT, "title: ", "title: À neuf, "), files=with_one_more()),
                note="Une étape.",
            )
            db.commit()
        found = {}
        for path in (
            *(HERE, f"{HERE}/format", f"{HERE}/format?vers=48", f"{HERE}/edition", "/mon-chemin", f"{HERE}/bilan"),
            *(f"{HERE}/etapes/{uid}" for uid in ("demo-regles", "demo-quiz-regles", "demo-diagnostic", "demo-en-plus")),
        ):
            page.goto(site.url + path)
            if said := faults_on_every_screen(page):
                found[path] = said
    assert found == {}, found
