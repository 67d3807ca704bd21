"""In a real browser: show a text to one’s trainer, read what they say of it, answer, take it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from app.actions import accounts, learning
from tests.actions.test_sharing import PHRASE, asked, make_cohort, place_of, write
from tests.build import DEMO
from tests.cast import Cast, make_cast
from tests.learn.walker import faults_on_every_screen
from tests.serving import Live, device

STEP = f"/parcours/{DEMO}/etapes/{PHRASE}"


def test_a_text_is_shown_commented_answered_and_taken_back(browser: Browser, site: Live) -> None:
    with Session(site.engines.write) as db:
        cast: Cast = make_cast(db)
        learning.enrol(db, cast.lea, DEMO, None)
        write(db, cast.lea, "Les voisins du 12 peignent le mur.")
        number = make_cohort(db, cast.tarik, "Maisons de quartier", cast.lea)
        asked(db, number, cast.tarik)
        place = place_of(db, number, cast.lea)
        db.commit()
    member = f"/cohortes/{number}/personnes/{place}"
    with signed_in(browser, site, cast.lea) as lea, signed_in(browser, site, cast.tarik) as tarik:
        lea.goto(STEP)
        lea.locator(f'article textarea[name^="{PHRASE}."]').first.fill("Tapé juste avant de partager.")
        with lea.expect_navigation():
            lea.get_by_role("button", name="Partager avec Tarik (Maisons de quartier)").click()
        lea.get_by_text("Partagé avec Tarik (Maisons de quartier)").wait_for()
        assert faults_on_every_screen(lea) == []
        tarik.goto(member)
        tarik.get_by_text("Tapé juste avant de partager.").wait_for()
        tarik.get_by_label("Votre commentaire").fill("Plus court, et c’est parfait.")
        with tarik.expect_navigation():
            tarik.get_by_role("button", name="À revoir").click()
        assert faults_on_every_screen(tarik) == []
        lea.reload()
        lea.get_by_text("Plus court, et c’est parfait.").wait_for()
        with lea.expect_navigation():
            lea.get_by_role("link", name="Lire et répondre").click()
        assert faults_on_every_screen(lea) == []
        lea.get_by_label("Votre réponse").fill("Je coupe la fin.")
        with lea.expect_navigation():
            lea.get_by_role("button", name="Répondre").click()
        lea.goto(STEP)
        with lea.expect_navigation():
            lea.get_by_role("button", name="Ne plus partager").click()
        tarik.reload()
        expect(tarik.get_by_text("Tapé juste avant")).to_have_count(0)
        expect(tarik.get_by_text("Je coupe la fin")).to_have_count(0)
        for page in (f"/cohortes/{number}/ecrire", f"/cohortes/{number}/moyennes", f"{member}/{DEMO}/demo-lecture"):
            tarik.goto(page)
            assert faults_on_every_screen(tarik) == [], page


@contextmanager
def signed_in(browser: Browser, site: Live, person: int) -> Iterator[Page]:
    with Session(site.engines.write) as db:
        secret = accounts.start_sign_in(db, person, "a test", timedelta(days=1))
        db.commit()
    with device(browser, 1280, url=site.url) as page:
        page.context.add_cookies([{"name": "session", "value": secret, "url": site.url}])
        yield page
