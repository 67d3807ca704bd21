"""In a real browser: a pathway made, arranged and undone by its author, by keyboard, by hand and without script."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy.orm import Session

from app.actions import accounts
from app.models import Role
from tests.learn.walker import faults_on_every_screen
from tests.serving import Live, device

TREE = "/atelier/parcours/demo"


@pytest.fixture(scope="module")
def aude(site: Live) -> int:
    with Session(site.engines.write) as db:
        found = accounts.create_person(db, "aude@balises.example", "x", name="Aude", role=Role.AUTHOR, by=None).id
        db.commit()
    return found


@pytest.fixture(params=["script", "no script"])
def desk(request: pytest.FixtureRequest, browser: Browser, site: Live, aude: int) -> Iterator[Page]:
    """Aude’s, at the tree of the demonstration."""
    with device(browser, 1280, script=request.param == "script", url=site.url) as page:
        sign_in(page, site, aude)
        page.goto(TREE)
        yield page


def titles(page: Page) -> list[list[str]]:
    lists = page.locator("ol.steps").all()
    return [[each.inner_text() for each in found.locator(".step .what > a").all()] for found in lists]


def told(page: Page) -> str:
    return page.locator("#dit").inner_text().replace("\u202f", " ").replace("\xa0", " ")


def sign_in(page: Page, site: Live, person: int) -> None:
    with Session(site.engines.write) as db:
        secret = accounts.start_sign_in(db, person, "a test", timedelta(days=1))
        db.commit()
    page.context.add_cookies([{"name": "session", "value": secret, "url": site.url}])


def faults(page: Page) -> list[str]:
    """What looks at the page is a script: without any, its twin has been looked at."""
    scripted = page.locator("[data-behaviour=theme]").get_attribute("hidden") is None
    return faults_on_every_screen(page) if scripted else []


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    target.focus()
    with page.expect_navigation():
        page.keyboard.press(key)


def test_a_step_moves_by_its_buttons_which_keep_the_focus_and_comes_back(desk: Page) -> None:
    before = titles(desk)
    button = desk.get_by_role("button", name="Descendre : La même rue")
    name = button.get_attribute("id")
    press(desk, button)
    assert titles(desk)[0][:2] == [before[0][1], before[0][0]]
    assert told(desk) == "Étape déplacée : 2 sur 7."
    assert desk.evaluate("document.activeElement.id") == name
    assert desk.evaluate("document.activeElement.getAttribute('aria-describedby')") == "dit"
    with desk.expect_navigation():
        desk.keyboard.press("Enter")  # once more, without looking for it
    assert told(desk) == "Étape déplacée : 3 sur 7."
    press(desk, desk.get_by_role("button", name="Annuler"))
    press(desk, desk.get_by_role("button", name="Monter : La même rue"))
    assert titles(desk) == before


def test_past_the_end_of_its_module_a_step_goes_to_the_next_and_says_which(desk: Page) -> None:
    before = titles(desk)
    press(desk, desk.get_by_role("button", name="Descendre : La rue en images"))
    assert told(desk) == "Étape déplacée dans « Agir » : 1 sur 10."
    press(desk, desk.get_by_role("button", name="Annuler"))
    assert titles(desk) == before


def test_what_is_taken_away_is_given_back_by_one_button(desk: Page) -> None:
    before = titles(desk)
    press(desk, desk.get_by_role("link", name="Ranger : Ouvrir le kit"))
    assert faults(desk) == []
    press(desk, desk.get_by_role("button", name="Retirer l’étape"))
    assert told(desk) == "Étape retirée : « Ouvrir le kit »."
    assert [len(each) for each in titles(desk)] == [len(before[0]), len(before[1]) - 1]
    assert faults(desk) == []
    press(desk, desk.get_by_role("button", name="Annuler"))
    assert titles(desk) == before


def test_a_pathway_is_made_by_keyboard_alone(desk: Page) -> None:
    desk.goto("/atelier")
    desk.get_by_label("Titre du parcours").focus()
    desk.keyboard.type("Prendre soin du quartier")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    assert faults(desk) == []
    for title in ("Voir", "Faire"):
        desk.get_by_label("Titre du module").focus()
        desk.keyboard.type(title)
        with desk.expect_navigation():
            desk.keyboard.press("Enter")
    tree = desk.url.split("?")[0]
    press(desk, desk.get_by_role("link", name="Ajouter une étape au module 2"))
    assert faults(desk) == []
    desk.get_by_label("Titre de l’étape").focus()
    desk.keyboard.type("Qui fait quoi")
    desk.keyboard.press("Tab")
    for _again in range(2):  # reading, video, quiz
        desk.keyboard.press("ArrowDown")
    for _again in range(2):  # past the format, to the minutes
        desk.keyboard.press("Tab")
    desk.keyboard.press("Control+A")
    desk.keyboard.type("12")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    desk.wait_for_url("**/atelier/textes/**")
    desk.goto(tree)
    assert titles(desk) == [[], ["Qui fait quoi"]]
    assert "12 min, dès 2 h, Quiz" in desk.locator(".step").inner_text().replace("\xa0", " ").replace("\u202f", " ")
    assert "trop court de 96 min (108–132)" in desk.locator(".bars").inner_text().replace("\xa0", " ")


def test_a_refused_form_says_what_to_correct_and_keeps_what_was_typed(desk: Page) -> None:
    press(desk, desk.get_by_role("link", name="Ajouter une étape au module 1"))
    desk.get_by_role("radio", name="Direct").check()
    desk.get_by_label("Titre de l’étape").fill(" ")  # the browser lets it pass
    press(desk, desk.get_by_role("button", name="Ajouter l’étape"))
    assert "Donnez un titre." in desk.get_by_role("alert").inner_text()
    expect(desk.get_by_role("radio", name="Direct")).to_be_checked()
    assert faults(desk) == []


def test_a_step_is_dragged_to_another_place(browser: Browser, site: Live, aude: int) -> None:
    with device(browser, 1280, url=site.url) as page:
        sign_in(page, site, aude)
        page.goto(TREE)
        before = titles(page)
        with page.expect_navigation():
            page.locator(".step").filter(has_text="Aide-mémoire").drag_to(
                page.locator(".step").filter(has_text="La même rue")
            )
        assert titles(page)[0][:2] == [before[0][2], before[0][0]]
        with page.expect_navigation():
            page.locator(".step").filter(has_text="Aide-mémoire").drag_to(page.locator("details.mod summary").nth(1))
        assert titles(page)[1][-1] == before[0][2]
        for name in ("Annuler", "Descendre : Aide-mémoire du bon voisin", "Descendre : Aide-mémoire du bon voisin"):
            press(page, page.get_by_role("button", name=name))
        assert titles(page) == before
