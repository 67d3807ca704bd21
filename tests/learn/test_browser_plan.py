"""In a real browser: finish, decide, write to one's board, take it away; and what axe says of each page."""

from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from app import clock
from app.models import PlanItem
from tests.build import DEMO
from tests.learn.test_browser_tools import sheets_of_paper
from tests.learn.walker import Walker, faults_on_every_screen
from tests.serving import Live, device

HERE = f"/parcours/{DEMO}/bilan"


def finish(page: Page, site: Live) -> None:
    """Without an account until the name."""
    page.goto(f"/parcours/{DEMO}")
    with page.expect_navigation():
        page.get_by_role("button", name="Commencer").click()
    Walker(page, site.url, site.engines, DEMO).walk()
    page.locator("#name").fill("Samira Benali")
    with page.expect_navigation():
        page.get_by_role("button", name="Établir mon bilan").click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_from_the_last_step_to_a_note_in_hand(browser: Browser, site: Live, tmp_path: Path, script: bool) -> None:
    with device(browser, 390, script=script, url=site.url) as page:
        finish(page, site)
        expect(page.locator(".lines .qr").first, "a phone does not photograph itself").to_be_hidden()
        page.emulate_media(media="print")
        expect(page.locator(".lines .qr").first, "paper is photographed").to_be_visible()
        page.emulate_media(media="null")
        page.get_by_role("link", name="Modifier mon plan d’action").click()
        near = page.locator("fieldset").first
        near.get_by_label("Ce que je demande, ou ce que je fais").fill("Une heure pour relire la convention à deux")
        far = page.locator("section", has_text="D’ici 18 mois").locator("fieldset").last
        far.get_by_label("Ce qui aura changé").fill("Un lieu ouvert le mercredi")
        with page.expect_navigation():
            page.get_by_role("button", name="Enregistrer mon plan").click()
        page.get_by_text("Une heure pour relire la convention à deux").wait_for()
        page.get_by_text("Un lieu ouvert le mercredi").wait_for()
        page.get_by_role("link", name="Note à mon conseil d’administration").click()
        page.get_by_role("textbox", name="Ce que je vous demande").fill("De voter le principe d’un partenariat.")
        with page.expect_navigation():
            page.get_by_role("button", name="Enregistrer la note").click()
        expect(page.locator("article").get_by_text("De voter le principe")).to_have_count(1)
        for name, end in (("Télécharger (PDF)", "pdf"), ("À modifier au bureau (ODT)", "odt")):
            with page.expect_download() as taken:
                page.get_by_role("link", name=name).click()
            assert taken.value.suggested_filename == f"note-{DEMO}.{end}"
            taken.value.save_as(tmp_path / f"note.{end}")
        text = " ".join(pypdf.PdfReader(tmp_path / "note.pdf").pages[0].extract_text().split())
        assert "De voter le principe d’un partenariat." in text
        if script:
            assert sheets_of_paper(page) == (1, False)


def test_axe_finds_nothing_from_the_bilan_to_the_note(browser: Browser, site: Live) -> None:
    with device(browser, 390, url=site.url) as page:
        finish(page, site)
        with Session(site.engines.write) as db:  # 20 days ago
            db.execute(update(PlanItem).values(begun_at=clock.now() - timedelta(days=20), due_on=None))
            db.commit()
        found = {}
        for path in (HERE, f"{HERE}/plan", f"{HERE}/note", "/", "/mon-chemin"):
            page.goto(path)
            if wrong := faults_on_every_screen(page):
                found[path] = wrong
            if page.locator("main .btn.main").count() > 1:
                found[f"{path}, main buttons"] = page.locator("main .btn.main").all_inner_texts()
        page.get_by_role("button", name="on en parle").click()
        page.get_by_text("on en parle, le").wait_for()
        if wrong := faults_on_every_screen(page):
            found["answered"] = wrong
    assert found == {}
