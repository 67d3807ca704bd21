"""The follow-up in a window: filtered, unfolded, taken away; axe finds nothing on a desk or a phone, light or dark."""

from datetime import timedelta

from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from app.actions import accounts, memberships
from app.actions.cohorts import Wanted, create_cohort
from app.models import Invitation
from tests.build import walk
from tests.cast import make_cast
from tests.conftest import NOON
from tests.learn.walker import faults_on_every_screen
from tests.serving import Live, device
from tests.teach.test_cohort_page import assigns

COLON = """lang => {
  document.documentElement.lang = lang
  return getComputedStyle(document.querySelector('.heat .by'), '::before').content
}"""


def test_a_trainer_sees_who_is_where(browser: Browser, site: Live) -> None:
    with Session(site.engines.write) as db:
        cast = make_cast(db)
        number = create_cohort(db, cast.tarik, Wanted("Les maisons", "Europe/Paris"), key="a cohort")
        assigns(db, number, cast.tarik)
        walk(db, cast.lea, steps=4)
        walk(db, cast.aude)
        for person, name in ((cast.lea, "Léa Martin"), (cast.noe, "Noé Le Goff"), (cast.aude, "Aude Élan")):
            memberships.join(db, number, person, name=name, structure="La Maison bleue")
        who = {"email": "zoe@balises.example", "token_hash": "zoe", "expires_at": NOON + timedelta(days=900)}
        db.add(Invitation(cohort_id=number, created_at=NOON, created_by=cast.tarik, **who))
        secret = accounts.start_sign_in(db, cast.tarik, "a test", timedelta(days=1))
        db.commit()
    with device(browser, 1280, url=site.url) as page:
        page.context.add_cookies([{"name": "session", "value": secret, "url": site.url}])
        page.goto(f"/cohortes/{number}")
        found = {"all": faults_on_every_screen(page)}
        page.get_by_role("link", name="2. Agir").click()
        found["unfolded"] = faults_on_every_screen(page)
        page.get_by_role("link", name="Pas commencé 1").click()
        expect(page.get_by_role("rowheader", name="Noé Le Goff")).to_be_visible()
        expect(page.get_by_role("rowheader", name="Léa Martin")).to_have_count(0)
        with page.expect_download() as taken:
            page.get_by_role("button", name="En CSV").click()
        assert taken.value.suggested_filename == "suivi.csv"
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"/cohortes/{number}")
        invited = page.get_by_role("row").filter(has_text="zoe@balises.example")
        expect(invited.get_by_role("cell").first.get_by_text("–")).to_be_visible()
        asked = page.locator("#attribues .what").bounding_box()
        assert asked is not None
        assert asked["width"] > 200
        assert page.evaluate(COLON, "fr").endswith(' : "')
        assert page.evaluate(COLON, "en") == '"Avancement: "'
    assert {state: said for state, said in found.items() if said} == {}
