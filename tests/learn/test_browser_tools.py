"""In a real browser: a kit's tools are filled by hand or by keyboard, kept while typing, printed on one A4."""

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from app.models import DocumentKind
from app.reads import courses
from tests.build import load, whole_course
from tests.learn.walker import faults
from tests.serving import Live, device

WORDS = "L’association du quartier et deux voisins, tous les mardis"


@pytest.fixture(scope="module")
def site(live: Live) -> Live:
    """The real kits."""
    with Session(live.engines.write) as db:
        load(db, whole_course(), live.settings.media_dir)
        db.commit()
    return live


@pytest.fixture(scope="module")
def tools(site: Live) -> list[str]:
    with Session(site.engines.read) as db:
        kits = courses.published(db, DocumentKind.KIT).values()
        return [f"/kits/{kit.slug}/outils/{tool['slug']}" for kit in kits for tool in kit.content["tools"]]


def sheets_of_paper(page: Page) -> tuple[int, bool]:
    """How many, and whether they lie on their side."""
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    paper = page.pdf(prefer_css_page_size=True)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    box = paper.split(b"/MediaBox [")[1].split(b"]")[0].split()
    return paper.count(b"/Type /Page\n"), float(box[2]) > float(box[3])


def test_each_tool_blank_and_filled_is_one_a4(browser: Browser, site: Live, tools: list[str]) -> None:
    assert len(tools) == 9
    with device(browser, 1280, url=site.url) as page:
        for tool in tools:
            page.goto(f"{tool}?mots=non")
            lying = "landscape" in (page.locator("article").get_attribute("class") or "")
            assert sheets_of_paper(page) == (1, lying), f"{tool}, blank"
            page.emulate_media(media="print")
            tall = page.locator("article").evaluate("page => page.offsetHeight * 25.4 / 96")
            page.emulate_media(media="null")
            assert tall > (180 if lying else 260), f"{tool}, room to write by hand"
            page.goto(tool)
            for box in page.locator("article textarea").all():
                box.fill(WORDS)
            for choice in page.locator("article select").all():
                choice.select_option(index=1)
            assert sheets_of_paper(page) == (1, lying), f"{tool}, filled"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark"), (320, "light")])
def test_axe_finds_nothing_on_a_tool(browser: Browser, site: Live, tools: list[str], width: int, scheme: str) -> None:
    with device(browser, width, scheme, url=site.url) as page:
        for tool in (tools[0], tools[-1]):
            for address in (tool, f"{tool}?mots=non"):
                page.goto(address)
                assert faults(page) == [], address


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_what_is_typed_in_a_tool_is_kept(browser: Browser, site: Live, tools: list[str], script: bool) -> None:
    with device(browser, 390, script=script, url=site.url) as page:
        page.goto(tools[0])
        page.locator("table textarea").first.fill(WORDS)
        page.locator("#turn button.main").click()
        page.locator("[data-saved]:has-text('Enregistré')").wait_for()
        if script:  # a session is open: from now on it is kept while typing
            page.locator("table textarea").nth(1).fill("Tout seul")
            page.locator("[data-saved]:has-text('Enregistré')").wait_for()
            page.wait_for_timeout(6000)
        page.reload()
        assert page.locator("table textarea").first.input_value() == WORDS
        if script:
            assert page.locator("table textarea").nth(1).input_value() == "Tout seul"
