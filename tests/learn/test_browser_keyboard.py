"""By keyboard alone: the whole 2 h format, its bilan, what stands around. Nothing clicks, fills or moves the focus."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from app.actions import accounts
from tests.cast import HASH, PASSWORD
from tests.learn.test_browser import ALLIANCES, STEPS_2H, site
from tests.learn.typist import WORDS, Typist
from tests.serving import Live

__all__ = ["site"]


@pytest.fixture
def typist(browser: Browser, site: Live, request: pytest.FixtureRequest) -> Iterator[Typist]:
    """A visitor without a mouse, at a desk unless the test says otherwise."""
    width, scheme = getattr(request, "param", (1280, "light"))
    context = browser.new_context(
        viewport={"width": width, "height": 800}, locale="fr-FR", color_scheme=scheme, reduced_motion="reduce"
    )
    context.set_default_timeout(10_000)
    context.add_init_script("window.print = () => { document.title = 'printed'; }")
    page = context.new_page()
    page.goto(site.url)
    yield Typist(page, site.url, site.engines, ALLIANCES)
    context.close()


@pytest.mark.parametrize("typist", [(390, "dark")], indirect=True)
def test_the_whole_two_hours_by_keyboard_alone(typist: Typist) -> None:
    page = typist.page
    typist.begin()
    met = typist.walk()
    assert len(set(met)) == STEPS_2H
    assert typist.stops < STEPS_2H * 23  # two of them say whether the step helped
    typist.at(page.locator("h1"))
    typist.reach("#name", most=3)
    page.keyboard.type("Gus")
    typist.enter(".noprint button.main", most=1)
    typist.at(page.locator("h1"))
    expect(page.locator("h1")).to_contain_text("Gus")
    expect(page.get_by_text("Numéro du bilan")).to_be_visible()
    expect(page.get_by_text(WORDS).nth(2)).to_be_visible()
    typist.reach("[data-print]", most=4)
    typist.press("Enter")
    assert page.title() == "printed"
    typist.enter("a.btn[href*='/kits/']", most=12)
    page.wait_for_url("**/kits/kit-piloter-partenariats**")


def test_the_skip_link_leads_to_what_the_page_is_about(typist: Typist, site: Live) -> None:
    typist.skip()
    typist.reach("main a.btn.main", most=1)
    typist.follow()
    typist.skip()
    typist.enter("#choix button.main", most=4)
    typist.page.goto(f"{site.url}/parcours/{ALLIANCES}/etapes/a1-odd17")
    typist.skip()
    typist.at(typist.page.locator("h1"))
    typist.reach("article textarea", most=1)


def test_theme_and_language_are_within_reach(typist: Typist) -> None:
    root = typist.page.locator("html")
    typist.reach("[data-behaviour=theme]")
    typist.press("Space")
    expect(root).to_have_attribute("data-theme", "dark")
    typist.press("Enter")
    expect(root).to_have_attribute("data-theme", "light")
    typist.reach("a.ico", most=1, key="Shift+Tab")
    typist.follow()
    typist.skip()
    typist.enter("button[value=en]", most=2)
    expect(root).to_have_attribute("lang", "en")


def test_filters_lead_to_what_they_found(typist: Typist, site: Live) -> None:
    typist.page.goto(f"{site.url}/parcours")
    typist.skip()
    typist.reach("[name=temps]", most=1)
    typist.press("ArrowRight")
    typist.reach("#chemin", most=1)
    typist.press("ArrowDown")
    typist.enter(".filters button", most=2)
    typist.page.wait_for_url("**temps=20&chemin=piloter-partenariats-strategiques**")
    typist.enter("#resultats a", most=1)
    assert "temps" not in typist.page.url


def test_a_refused_sign_in_says_where_and_the_menu_closes_behind(typist: Typist, site: Live) -> None:
    page = typist.page
    with Session(site.engines.write) as db:
        accounts.create_person(db, "clavier@balises.example", HASH, name="Camille", role=None, by=None)
        db.commit()
    page.goto(f"{site.url}/connexion")
    typist.skip()
    typist.reach("#email", most=1)
    typist.follow()
    typist.at(page.get_by_role("alert"))
    typist.reach("a[href='#email']", most=1)
    typist.press("Enter")
    typist.at(page.locator("#email"))
    page.keyboard.type("clavier@balises.example")
    typist.reach("#password", most=1)
    page.keyboard.type(PASSWORD)
    typist.follow()
    menu = page.locator("details.me")
    typist.reach("details.me summary")
    typist.press("Enter")
    expect(menu).to_have_attribute("open", "")
    typist.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    typist.at(menu.locator("summary"))
    typist.press("Enter")
    typist.reach("details.me button", most=3)
    typist.tab()
    expect(menu).not_to_have_attribute("open", "")
    typist.reach("details.me summary", most=1, key="Shift+Tab")
    typist.press("Enter")
    typist.enter("details.me button", most=3)
    expect(page.get_by_role("link", name="Se connecter")).to_be_visible()


def test_what_is_refused_or_saved_is_where_the_focus_is(typist: Typist, site: Live) -> None:
    page = typist.page
    typist.begin()
    typist.at(page.locator("h1"))
    typist.reach("#turn button.main", most=20)
    typist.follow()
    typist.at(page.locator("#manque"))
    typist.reach("article textarea", most=3)
    page.keyboard.type(WORDS)
    typist.reach("#turn button.quiet", most=20)
    typist.follow()
    page.wait_for_url("**#discret")
    typist.at(page.locator("#discret"))
    expect(page.locator("#discret")).to_contain_text("Enregistré")


def test_why_not_a_hundred_opens_onto_what_is_missing(typist: Typist, site: Live) -> None:
    page = typist.page
    typist.begin()
    typist.do()
    page.goto(f"{site.url}/parcours/{ALLIANCES}")
    typist.skip()
    typist.reach("#choix summary", most=8)
    typist.press("Enter")
    typist.enter("#choix details a", most=1)
    typist.at(page.locator("h1"))
    page.go_back()
    module = page.locator(".trail details").first
    typist.reach(".trail summary", most=30)
    typist.press("Enter")
    expect(module).not_to_have_attribute("open", "")
    typist.reach(".trail summary", most=1)


def test_enter_on_an_answer_checks_that_answer_without_script_too(browser: Browser, site: Live) -> None:
    context = browser.new_context(locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/parcours/{ALLIANCES}")
    page.get_by_role("button", name="Commencer").click()
    page.goto(f"{site.url}/parcours/{ALLIANCES}/etapes/a1-idees")
    page.locator("#a1-idees-chiffre input").first.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#quiz .note")).to_have_count(1)
    expect(page.locator("#a1-idees-chiffre .note")).to_be_visible()
    context.close()
