"""In a real browser: the third click is inside the first step; from home to a verified attestation; no script."""

import re
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Person
from app.outside import qr
from tests.build import load, whole_course
from tests.learn.test_browser_start import BEGINS, following, press, sit, words
from tests.learn.walker import SENTENCE, Walker, faults_on_every_screen
from tests.serving import Live, device, reload_overtaken

ALLIANCES = "alliances-territoires"
PHONE = {"width": 390, "height": 844}
STEPS_2H = 14


@pytest.fixture(scope="module")
def site(live: Live) -> Live:
    """The real courses, all of them."""
    with Session(live.engines.write) as db:
        load(db, whole_course(), live.settings.media_dir)
        db.commit()
    return live


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, locale="fr-FR")
    context.set_default_timeout(10_000)
    yield context
    context.close()


def begin(page: Page, site: Live, slug: str) -> Walker:
    page.goto(f"{site.url}/parcours/{slug}")
    with page.expect_navigation():
        page.get_by_role("button", name="Commencer").click()
    return Walker(page, site.url, site.engines, slug)


def test_the_third_click_is_inside_the_first_step_with_no_form_filled(phone: BrowserContext, site: Live) -> None:
    page = phone.new_page()
    page.goto(site.url)
    page.get_by_role("link", name="Commencer").first.click()
    page.get_by_role("button", name="Commencer").click()
    page.wait_for_url("**/etapes/a1-odd17")
    assert page.locator("h1").inner_text().startswith("Réussir à plusieurs")


def test_from_home_to_a_verified_attestation_on_a_phone_without_an_account(
    browser: Browser, phone: BrowserContext, site: Live, tmp_path: Path
) -> None:
    """« Par où commencer ? », the 2 h stopped and found again, the bilan, a sheet, a note, a PDF, its address."""
    page = phone.new_page()
    errors = listen(page)
    page.goto(site.url)
    with page.expect_navigation():
        page.get_by_role("link", name="Par où commencer").click()
    choose(page)
    sit(page, BEGINS)
    for reason in (
        "c’est le chemin que vous avez choisi",
        "le temps que vous avez",
        "Gestion est votre axe le plus bas.",
    ):
        assert reason in words(page)
    press(page, "Commencer le parcours (2")
    walker = Walker(page, site.url, site.engines, ALLIANCES)
    first = walker.uid()
    walker.do()
    here = page.url
    page.close()
    page = walker.page = phone.new_page()
    errors += listen(page)
    page.goto(f"{site.url}/continuer")
    expect(page).to_have_url(here)
    assert len({first, *walker.walk()}) == STEPS_2H
    page.get_by_label("Le nom à porter sur le bilan").fill("Gus Ménard")
    press(page, "Établir mon bilan")
    bilan = page.url
    expect(page.get_by_text(SENTENCE).nth(2)).to_be_attached()
    assert "2 h, durée prévue" in words(page)
    assert "La fiche que votre autodiagnostic conseille : FA4" in words(page)
    with page.expect_navigation():
        page.locator("#agir ~ ul a[href^='/kits/kit-piloter-partenariats/']").click()
    expect(page.locator("article .own", has_text=SENTENCE).first).to_be_attached()
    assert page.locator("h1").inner_text() == "Suivre et évaluer à deux"
    page.goto(bilan)
    page.get_by_role("link", name="Note à mon conseil d’administration").click()
    page.get_by_role("textbox", name="Ce que je vous demande").fill("De voter le principe d’un partenariat.")
    press(page, "Enregistrer la note")
    note = printed(page, tmp_path)
    assert "De voter le principe d’un partenariat." in note
    assert SENTENCE in note
    page.goto(bilan)
    with page.expect_navigation():
        page.get_by_role("link", name="Mon attestation de suivi").click()
    paper, address = printed(page, tmp_path), page.locator("article .address").inner_text()
    assert "Gus Ménard" in paper
    assert address in paper.replace(" ", "")
    squared = page.locator("article .qr path").evaluate_all("all => all.map(each => each.getAttribute('d'))")
    url = f"http://{address}"
    assert squared == re.findall(r' d="([^"]+)"', qr.svg(url)), "the square leads elsewhere"
    stranger = browser.new_page(viewport=PHONE, locale="fr-FR")
    stranger.goto(url)
    stranger.get_by_role("heading", name="Attestation authentique").wait_for()
    assert "Faire ses premiers pas" in words(stranger)
    stranger.close()
    with Session(site.engines.read) as db:
        assert set(db.scalars(select(Person.claimed_at).where(Person.name == "Gus Ménard"))) == {None}
    assert errors == []


def listen(page: Page) -> list[str]:
    """What goes wrong in its script, as it happens."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    return errors


def choose(page: Page) -> None:
    """Answer the five questions of « Par où commencer ? »."""
    for name, value in (("actor", "associations"), ("domain", "education"), ("level", "local")):
        page.locator(f"#{name}").select_option(value)
        following(page)
    for name, label in (("chemin", "Piloter ses partenariats"), ("time", "Deux heures")):
        page.locator(f"#{name} label", has_text=label).click()
        following(page)
    press(page, "Passer aux 10 questions")


def printed(page: Page, folder: Path) -> str:
    """The words of the one page that « Télécharger (PDF) » gives."""
    with page.expect_download() as taken:
        page.get_by_role("link", name="Télécharger (PDF)").click()
    taken.value.save_as(folder / "taken.pdf")
    pages = pypdf.PdfReader(folder / "taken.pdf").pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


@pytest.mark.parametrize("slug", [ALLIANCES, "demo"])
def test_a_whole_format_without_javascript(browser: Browser, site: Live, slug: str) -> None:
    context = browser.new_context(viewport=PHONE, locale="fr-FR", java_script_enabled=False)
    context.set_default_timeout(10_000)
    walker = begin(context.new_page(), site, slug)
    walker.walk()
    expect(walker.page.get_by_role("button", name="Établir mon bilan")).to_have_count(1)
    context.close()


def test_what_is_typed_is_saved_while_typing(phone: BrowserContext, site: Live) -> None:
    page = phone.new_page()
    begin(page, site, ALLIANCES)
    box = page.locator("[form=turn][name='a1-odd17.seul']")
    with page.expect_response("**/notes"):
        box.press_sequentially("Garder les enfants le soir")
    page.get_by_text("Enregistré dans votre carnet").first.wait_for()
    page.reload()
    assert box.input_value() == "Garder les enfants le soir"


def test_a_page_made_before_the_words_were_saved_gives_them_back(phone: BrowserContext, site: Live) -> None:
    page = phone.new_page()
    begin(page, site, ALLIANCES)
    box = page.locator("[form=turn][name='a1-odd17.seul']")
    status = page.locator("article [data-saved]")
    reload_overtaken(page, "**/notes", lambda: box.fill("Porter les courses"))
    expect(box).to_have_value("Porter les courses")
    expect(status).to_contain_text("Enregistré dans votre carnet à")  # once more, by itself
    page.reload()
    expect(box).to_have_value("Porter les courses")


def test_a_first_visit_is_light_and_asks_nothing_of_anybody_else(browser: Browser, site: Live) -> None:
    for path in ("/", f"/parcours/{ALLIANCES}", f"/parcours/{ALLIANCES}/etapes/a1-envie"):
        context = browser.new_context(viewport=PHONE, locale="fr-FR")
        page = context.new_page()
        weights: dict[str, int] = {}
        asked: set[str] = set()

        def weigh(request: Request, weights: dict[str, int] = weights) -> None:
            sizes = request.sizes()
            weights[request.url] = sizes["responseBodySize"] + sizes["responseHeadersSize"]

        page.on("request", lambda request, asked=asked: asked.add(request.url))
        page.on("requestfinished", weigh)
        page.goto(site.url + path, wait_until="networkidle")
        assert {url for url in asked if not url.startswith((f"{site.url}/", "data:"))} == set()
        assert len(weights) <= 8
        assert sum(weights.values()) <= 100_000
        assert {cookie["name"] for cookie in context.cookies()} <= {"session", "theme", "lang"}
        context.close()


def states(site: Live, page: Page) -> Iterator[str]:
    """Every page in every state, one after the other, as one learner meets them."""
    for path in ("/", "/parcours", "/parcours?temps=20&profil=medias&chemin=mobiliser-projet-de-territoire"):
        page.goto(site.url + path)
        yield path
    for path in (
        "/kits",
        "/kits/kit-demo",
        "/kits/kit-piloter-partenariats",
        "/kits/kit-piloter-partenariats/nommer-l-enjeu-commun",
    ):
        page.goto(site.url + path)
        yield path
    for path in ("/mon-chemin", "/connexion", "/langue", "/nowhere", "/accessibilite", "/mentions-legales"):
        page.goto(site.url + path)
        yield path
    for path in (
        "/donnees-personnelles",
        "/exemples/silver-geek",
        f"/parcours/{ALLIANCES}",
        f"/parcours/{ALLIANCES}/etapes/a1-idees",
    ):
        page.goto(site.url + path)
        yield f"visitor {path}"
    walker = begin(page, site, "demo")
    while not page.url.endswith("/bilan"):
        here = walker.uid()
        yield here
        if page.locator("#quiz").count():
            page.locator("#quiz button[name=check]").first.click()
            page.locator("#quiz .err").first.wait_for()
            yield f"{here} refused"
        elif page.locator("#turn button.main").count():
            with page.expect_navigation():
                page.locator("#turn button.main").click()
            if page.locator("#manque").count():
                yield f"{here} refused"
            elif walker.uid() != here:
                continue
        walker.do()
    yield "bilan without a name"
    page.get_by_role("button", name="Établir mon bilan").click()
    page.locator("#name-err").wait_for()
    yield "bilan refused"
    for path in (f"/parcours/{ALLIANCES}", "/mon-chemin", "/mon-chemin/carnet", "/"):
        page.goto(site.url + path)
        yield f"learner {path}"
    page.get_by_role("link", name="Commencer").first.click()
    with page.expect_navigation():
        page.get_by_role("button", name="Commencer").click()
    for uid in (
        "a1-envie",
        "a1-idees",
        "a2-carte",
        "a2-maturite",
        "a3-exemple",
        "a4-besoin",
        "a5-pas",
        "a6-kit",
        "a6-jalon-2h",
    ):
        page.goto(f"{site.url}/parcours/{ALLIANCES}/etapes/{uid}")
        yield uid
    page.goto(f"{site.url}/parcours/{ALLIANCES}/etapes/a2-maturite")
    Walker(page, site.url, site.engines, ALLIANCES).fill()
    questions = page.locator("[data-question]")
    for rank in range(questions.count()):
        questions.nth(rank).locator("input[type=radio]").nth(4 if rank < 3 else rank % 4).check()
        if rank + 1 < questions.count():
            page.get_by_role("button", name="Question suivante").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Voir mon résultat").click()
    yield "result"
    page.locator("form.yours button.main").click()
    page.locator("#surprise-err").wait_for()
    yield "result refused"
    page.goto(f"{site.url}/parcours/{ALLIANCES}/bilan")
    yield "midway"


def test_axe_finds_nothing_and_nothing_sticks_out(browser: Browser, site: Live) -> None:
    with device(browser, 390) as page:
        found = {state: said for state in states(site, page) if (said := faults_on_every_screen(page))}
    assert found == {}, found
