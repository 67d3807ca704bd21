"""A draft tried in a real browser: from the editor, with what is being typed, then to the end on a phone."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import accounts
from app.models import Draft, Role
from tests.learn.walker import Walker, faults_on_every_screen
from tests.serving import Live, device


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_what_is_typed_is_tried_to_its_bilan_on_a_phone(browser: Browser, site: Live, script: bool) -> None:
    with Session(site.engines.write) as db:
        who = accounts.create_person(db, f"aude-{script}@balises.example", "x", name="Aude", role=Role.AUTHOR, by=None)
        secret = accounts.start_sign_in(db, who.id, "a test", timedelta(days=1))
        number = db.scalars(select(Draft.id).where(Draft.path.like("pathways/demo/%la-meme-rue.md"))).one()
        db.commit()
    with device(browser, 1280, script=script, url=site.url) as desk:
        desk.context.add_cookies([{"name": "session", "value": secret, "url": site.url}])
        desk.goto(f"/atelier/textes/{number}")
        desk.locator("[name=title]").fill("La rue essayée")
        with desk.expect_popup() as opened:
            desk.get_by_role("button", name="Essayer").click()
        tried = opened.value
        tried.wait_for_url("**/essai/*/parcours/demo/etapes/*")
        expect(tried.get_by_role("heading", name="La rue essayée")).to_be_visible()
        if script:  # the page stays open, and goes on keeping what is typed
            expect(desk.get_by_text("Enregistré à")).to_be_visible()
        first = tried.url.split("/etapes/")[0]
        phone = tried.get_by_role("button", name="À la largeur d’un téléphone")
        expect(phone).to_be_visible() if script else expect(phone).to_be_hidden()
    with device(browser, 390, script=script, url=site.url) as page:
        page.goto(first)
        if script:
            assert faults_on_every_screen(page) == []
        with page.expect_navigation():
            page.get_by_role("button", name="Commencer, sans compte").click()
        walker = Walker(page, site.url, site.engines, "demo")
        if script:
            walker.walk()
            page.wait_for_url(f"{first}/bilan")
        else:
            walker.do()
            page.wait_for_url(f"{first}/etapes/demo-quiz")
        expect(page.get_by_text("Rien n’en est gardé ni compté")).to_be_visible()
