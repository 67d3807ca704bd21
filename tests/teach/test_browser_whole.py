"""From an empty page to an assigned cohort of thirty; three people accept by three doors; the follow-up says each."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, letters
from app.actions import accounts, learning
from app.i18n import in_zone
from app.models import MailKind, Message
from tests.build import DEMO, walk
from tests.cast import make_cast
from tests.learn.walker import Walker, faults_on_every_screen
from tests.serving import Live, device

ZOE = "zoe@exemple.fr"
LIST = "\n".join([ZOE, *(f"membre{n}@exemple.fr" for n in range(2, 31))])


def test_a_cohort_of_thirty_is_invited_assigned_joined_and_followed(browser: Browser, site: Live) -> None:
    with Session(site.engines.write) as db:
        cast = make_cast(db)
        zoe = accounts.create_person(db, ZOE, None, name="Zoé Briand", role=None, by=None)
        zoe.email_confirmed_at = clock.now()
        learning.enrol(db, zoe.id, DEMO, 24)
        walk(db, zoe.id, steps=4)
        member = zoe.id
        db.commit()
    with ExitStack() as devices:
        tarik = devices.enter_context(own_device(browser, site, 1280, cast.tarik))
        code, link = prepare(tarik)
        guest = devices.enter_context(device(browser, 390, url=site.url))
        joins_midway(guest, site, link)
        room = devices.enter_context(device(browser, 390, url=site.url))
        joins_by_code(room, code)
        mailed = devices.enter_context(own_device(browser, site, 390, member))
        mailed.goto(mailed_path(site, ZOE))
        press(mailed, "Rejoindre la cohorte")
        mailed.wait_for_url("**/etapes/**")
        follow_up_is_right(tarik)
        tarik.set_viewport_size({"width": 390, "height": 844})
        follow_up_is_right(tarik)
        assert faults_on_every_screen(tarik) == []
        tarik.get_by_role("link", name="Invitation non ouverte 29").click()
        expect(tarik.get_by_text("membre30@exemple.fr")).to_be_visible()
        expect(tarik.get_by_text("Gus Midi")).to_have_count(0)


def prepare(page: Page) -> tuple[str, str]:
    """What a trainer does before the first workshop: the code to say aloud, and the address of the link."""
    page.goto("/cohortes")
    page.get_by_label("Nom de la cohorte").fill("Maisons de quartier")
    press(page, "Créer la cohorte")
    page.get_by_role("link", name="Attribuer un parcours").first.click()
    page.locator("label.pick").filter(has=page.locator("input[value='12']")).click()
    page.locator("#due_on").fill((today() + timedelta(days=21)).isoformat())
    press(page, "Voir ce que cela change")
    press(page, "Attribuer à la cohorte")
    page.get_by_role("link", name="Inviter").first.click()
    page.get_by_label("Des adresses à coller").fill(LIST)
    press(page, "Vérifier la liste")
    press(page, "Inviter ces 30 personnes")
    press(page, "Faire le lien et le code")
    return page.locator(".code").first.inner_text(), page.locator(".address a").inner_text()


def joins_midway(page: Page, site: Live, link: str) -> None:
    """A guest who has begun and opens the link of the room: what they did stays."""
    page.goto(f"/parcours/{DEMO}")
    page.get_by_role("button", name=re.compile("Commencer")).first.click()
    page.wait_for_url("**/etapes/**")
    Walker(page, site.url, site.engines, DEMO).do()
    page.goto(link)
    page.get_by_label("Votre nom").fill("Gus Midi")
    press(page, "Rejoindre la cohorte")


def joins_by_code(page: Page, code: str) -> None:
    page.goto("/rejoindre")
    page.get_by_label("Code reçu").fill(code.lower())
    press(page, "Chercher")
    expect(page.get_by_text("Aucune décision de subvention")).to_be_visible()
    page.get_by_label("Votre nom").fill("Ana Roux")
    press(page, "Rejoindre la cohorte")


def mailed_path(site: Live, address: str) -> str:
    """Where the button of their invitation leads, in the mail that waits for the worker."""
    with Session(site.engines.read) as db:
        said = db.scalars(select(Message).filter_by(kind=MailKind.INVITATION, address=address)).one()
        letter = letters.letter(said.kind, said.lang, said.data, site.url)
    found = re.search(rf"{re.escape(site.url)}(/rejoindre/[\w-]+)", letter.text)
    assert found is not None
    return found.group(1)


def follow_up_is_right(page: Page) -> None:
    """32 people: 29 who have not come, and three, each with what they did of the format asked."""
    page.goto("/cohortes")
    page.get_by_role("link", name="Maisons de quartier").click()
    page.wait_for_url(re.compile(r"/cohortes/\d+$"))
    assert "32 personnes" in words(page.locator("main").inner_text())
    row = rows(page)
    assert "Pas commencé" in row("Ana Roux")
    assert "0 min sur 12 min" in row("Ana Roux")
    assert "aujourd’hui" in row("Gus Midi")
    assert re.search(r"[1-9] min sur 12 min", row("Gus Midi"))
    assert "a choisi" not in row("Zoé Briand")
    assert re.search(r"[1-9]\d? min sur 12 min", row("Zoé Briand"))
    assert "Pas commencé" not in row("Zoé Briand")
    assert "Invitation non ouverte" in row("membre30@exemple.fr")
    assert ZOE not in page.content()


def rows(page: Page) -> Callable[[str], str]:
    return lambda name: words(page.get_by_role("row").filter(has_text=name).inner_text())


@contextmanager
def own_device(browser: Browser, site: Live, width: int, person: int) -> Iterator[Page]:
    """Somebody’s own, where they are signed in."""
    with Session(site.engines.write) as db:
        secret = accounts.start_sign_in(db, person, "a test", timedelta(days=1))
        db.commit()
    with device(browser, width, url=site.url) as page:
        page.context.add_cookies([{"name": "session", "value": secret, "url": site.url}])
        yield page


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name).first.click()


def today() -> date:
    return in_zone(clock.now(), "Europe/Paris").date()


def words(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")
