"""In a real browser: from home to a result with its reasons, then inside the first step; what is printed on one A4."""

import io
from datetime import timedelta

import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.actions import accounts
from app.models import Note
from app.reads import diagnostics
from tests.build import load, walk, whole_course
from tests.cast import make_cast
from tests.learn.test_browser_tools import sheets_of_paper
from tests.learn.walker import faults
from tests.serving import Live, device

SCREENS = [(390, "dark"), (1280, "light")]
BEGINS = "1111110022"
"""Gestion is the lowest axis; the need asks for 4 h."""


@pytest.fixture(scope="module")
def site(live: Live) -> Live:
    """The real courses."""
    with Session(live.engines.write) as db:
        load(db, whole_course(), live.settings.media_dir)
        db.commit()
    return live


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def following(page: Page) -> None:
    """With script one question is shown at a time; without, all of them stand on the page."""
    button = page.get_by_role("button", name="Question suivante")
    if button.count() and button.is_visible():
        button.click()


def sit(page: Page, answers: str) -> None:
    questions = page.locator("[data-question]")
    expect(questions).to_have_count(len(answers))
    for rank, points in enumerate(answers):
        questions.nth(rank).locator(f"input[value='{points}']").check()
        following(page)
    press(page, "Voir mon résultat")


def words(page: Page) -> str:
    return page.locator("main").inner_text().replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize(
    ("width", "scheme", "script"), [(390, "dark", True), (1280, "light", True), (390, "light", False)]
)
def test_from_home_to_the_first_step_by_five_questions_and_ten(
    browser: Browser, site: Live, width: int, scheme: str, script: bool
) -> None:
    with device(browser, width, scheme, script=script, url=site.url) as page:
        page.goto("/")
        assert not script or faults(page) == []
        with page.expect_navigation():
            page.get_by_role("link", name="Par où commencer").click()
        page.wait_for_url("**/par-ou-commencer")
        answers = {"actor": "associations", "domain": "education", "level": "local", "chemin": "", "time": ""}
        for name in answers:
            if name in ("chemin", "time"):
                kept = "Piloter ses partenariats" if name == "chemin" else "Deux heures"
                page.locator(f"#{name} label", has_text=kept).click()
            else:
                page.locator(f"#{name}").select_option(answers[name])
            assert not script or faults(page) == []
            following(page)
        press(page, "Passer aux 10 questions")
        page.wait_for_url("**/autodiagnostics/ma-maturite")
        assert not script or faults(page) == []
        sit(page, BEGINS)
        said = words(page)
        for sentence in (
            "Vous faites vos premiers pas",
            "c’est le chemin que vous avez choisi",
            "Le format 2 h. Il suit d’abord le temps que vous avez : « Deux heures, en plusieurs fois ».",
            "Votre besoin, « Faire ses premiers pas », irait jusqu’au format 4 h",
            "Gestion est votre axe le plus bas.",
            "le module 5, Agir et piloter",
            "FA4",
            "À discuter avec : votre bureau ou votre équipe",
            "Revoir mes réponses",
        ):
            assert sentence in said
        assert "0 sur 6, à construire" in said
        assert not script or faults(page) == []
        expect(page.locator("main .btn.main:visible")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not script or sheets_of_paper(page) == (2, False)
        result = page.url
        press(page, "Commencer le parcours (2")
        page.wait_for_url("**/parcours/alliances-territoires/etapes/**")
        assert "Étape 1 sur" in page.locator("body").inner_text()
        page.goto(result)
        page.locator("#surprise").fill("Personne ne suit nos partenariats.")
        with page.expect_navigation():
            page.locator("form.yours button.main").click()
        page.wait_for_url("**/etapes/**")
        page.goto("/mon-chemin")
        assert "1 étape terminée sur" in words(page)


def test_of_two_close_axes_one_is_chosen_in_one_tap(browser: Browser, site: Live) -> None:
    with device(browser, 390, "dark", url=site.url) as page:
        page.goto("/autodiagnostics/ma-maturite")
        sit(page, "2" * 10)
        assert "Vision et Action sont vos axes les plus bas, à un point près : choisissez." in words(page)
        assert faults(page) == []
        press(page, "Commencer par Action")
        assert "Action et Vision sont vos axes les plus bas, à un point près : vous avez choisi Action." in words(page)
        page.reload()
        assert "vous avez choisi Action" in words(page)
        assert faults(page) == []


def test_what_is_not_known_comes_first_and_passes_axe(browser: Browser, site: Live) -> None:
    for width, scheme in SCREENS:
        with device(browser, width, scheme, url=site.url) as page:
            page.goto("/autodiagnostics/ma-maturite")
            sit(page, "xxxx222222")
            assert "D’abord, ce que vous ne savez pas encore" in words(page)
            assert faults(page) == []
            page.goto("/autodiagnostics")
            assert faults(page) == []


def test_each_self_diagnostic_is_blank_on_one_a4(browser: Browser, site: Live) -> None:
    with Session(site.engines.read) as db:
        slugs = [each.found.slug for each in diagnostics.shelf(db, None)]
    assert len(slugs) == 5
    for script in (True, False):
        with device(browser, 1280, script=script, url=site.url) as page:
            for slug in slugs:
                page.goto(f"/autodiagnostics/{slug}")
                assert (slug, sheets_of_paper(page)) == (slug, (1, False))


def test_a_bilan_of_full_sentences_is_printed_on_one_a4(browser: Browser, site: Live) -> None:
    sentence = "Soixante familles sans jardin ne trouvent aucun lieu gratuit et chauffé le samedi après-midi en hiver."
    with Session(site.engines.write) as db:
        lea = make_cast(db).lea
        walk(db, lea, "alliances-territoires", steps=13)
        said = (Note.person_id == lea, Note.text.contains(" "))
        db.execute(update(Note).where(*said).values(text=sentence))
        walk(db, lea, "alliances-territoires")
        secret = accounts.start_sign_in(db, lea, "a test", timedelta(days=1))
        db.commit()
    with device(browser, 390, url=site.url) as page:
        page.context.add_cookies([{"name": "session", "value": secret, "url": site.url}])
        page.goto("/parcours/alliances-territoires/bilan")
        expect(page.locator("article").get_by_text(sentence)).to_have_count(6)
        assert sheets_of_paper(page) == (1, False)
        paper = page.request.get("/parcours/alliances-territoires/bilan.pdf").body()
    assert len(pypdf.PdfReader(io.BytesIO(paper)).pages) == 1
