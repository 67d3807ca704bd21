"""Three people join one cohort from three doors: the link, midway as a guest; the code said aloud; a personal link."""

import re
from datetime import timedelta

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import accounts, assignments, cohorts, invitations, lists
from app.actions.assignments import Dates
from app.actions.cohorts import Wanted
from app.actions.invitations import By
from app.i18n import in_zone
from app.models import Invitation, Membership, StepProgress
from tests.build import DEMO
from tests.cast import make_cast
from tests.learn.walker import Walker
from tests.serving import Live


def test_three_people_join_by_the_link_the_code_and_a_personal_link(site: Live, browser: Browser) -> None:
    with Session(site.engines.write) as db:
        cast = make_cast(db)
        number = cohorts.create_cohort(db, cast.tarik, Wanted("Les maisons", "Europe/Paris"), key="the first one")
        today = in_zone(clock.now(), "Europe/Paris").date()
        asked = assignments.Wanted(DEMO, 12, Dates(today, due_days=30))
        assignments.assign(db, cast.tarik, number, asked, key="the first assignment")
        by = By(cast.tarik, "Tarik", "tarik@balises.example", "fr", site.settings.secret_key)
        invitations.open_link(db, by, number, 30, 40)
        invitations.invite(db, by, number, lists.read_table(b"zoe@asso.example;Zo\xc3\xa9 B;La Ruche"))
        db.commit()
    trainer = signed_in(browser, site, cast.tarik)
    trainer.goto(f"{site.url}/cohortes/{number}/inviter")
    shown = trainer.content()
    personal, link = sorted(set(re.findall(r"/rejoindre/[\w-]{22}", shown)), key=shown.index, reverse=True)
    code = trainer.locator(".code").first.inner_text()
    trainer.context.close()

    guest = visitor(browser)
    guest.goto(f"{site.url}/parcours/{DEMO}")
    with guest.expect_navigation():
        guest.get_by_role("button", name=re.compile("Commencer")).first.click()
    Walker(guest, site.url, site.engines, DEMO).do()
    guest.goto(site.url + link)
    guest.get_by_label("Votre nom").fill("Gus Midway")
    guest.get_by_role("button", name="Rejoindre la cohorte").click()
    guest.wait_for_url(f"**/parcours/{DEMO}/etapes/**")
    guest.goto(f"{site.url}/mon-chemin")
    guest.get_by_role("link", name="Mes cohortes").click()
    expect(guest.get_by_role("heading", name="Les maisons")).to_be_visible()

    room = visitor(browser)
    room.goto(f"{site.url}/rejoindre")
    room.get_by_label("Code reçu").fill(code.lower())
    room.get_by_role("button", name="Chercher").press("Enter")
    expect(room.get_by_text("Aucune décision de subvention")).to_be_visible()
    room.get_by_label("Votre nom").fill("Ana Code")
    room.get_by_label("Votre nom").press("Enter")
    room.wait_for_url("**/etapes/**")

    mail = visitor(browser)
    with mail.expect_response("**/ouverture") as told:
        mail.goto(site.url + personal)
    assert told.value.status == 204
    assert mail.get_by_label("Votre nom").input_value() == "Zoé B"
    mail.get_by_role("button", name="Rejoindre la cohorte").click()
    mail.wait_for_url("**/etapes/**")

    with Session(site.engines.read) as db:
        members = db.execute(select(Membership.name, Membership.structure).order_by(Membership.id))
        found = members.all()
        assert [tuple(row) for row in found] == [("Gus Midway", ""), ("Ana Code", ""), ("Zoé B", "La Ruche")]
        assert db.scalars(select(Invitation.opened_at)).one() is not None
        assert len(db.scalars(select(StepProgress)).all()) == 1
    for page in (guest, room, mail):
        page.context.close()


def visitor(browser: Browser) -> Page:
    return browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR").new_page()


def signed_in(browser: Browser, site: Live, person_id: int) -> Page:
    page = visitor(browser)
    page.context.add_cookies([{"name": "session", "value": _secret(site, person_id), "url": site.url}])
    return page


def _secret(site: Live, person_id: int) -> str:
    with Session(site.engines.write) as db:
        found = accounts.start_sign_in(db, person_id, "a test", timedelta(days=1))
        db.commit()
    return found
