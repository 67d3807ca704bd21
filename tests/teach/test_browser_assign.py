"""A pathway is assigned by keyboard alone, then without a script: said, confirmed, moved, taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app import clock
from app.actions import accounts, learning, memberships
from app.actions.cohorts import Wanted, create_cohort
from app.i18n import in_zone
from app.models import Assignment, Enrolment, Extension, Membership, Role
from tests.build import DEMO, walk
from tests.cast import HASH
from tests.learn.typist import Typist
from tests.learn.walker import faults_on_every_screen
from tests.serving import Live, device

NAMES = ("Léa Martin", "Noé Le Goff", "Gus Élan")
NUMBERS = count(1)


@pytest.fixture
def cohort(site: Live) -> tuple[int, int]:
    """A trainer's cohort: one person midway in 12 minutes, one in 24, one who has begun nothing."""
    with Session(site.engines.write) as db:
        trainer, *people = (new_person(db, name) for name in ("Tarik", *NAMES))
        number = create_cohort(db, trainer, Wanted("Maisons de quartier", "Europe/Paris"), key="a cohort")
        walk(db, people[0], steps=3)
        learning.enrol(db, people[1], DEMO, 24)
        for person, name in zip(people, NAMES, strict=True):
            memberships.join(db, number, person, name=name)
        db.commit()
    return number, trainer


def new_person(db: Session, name: str) -> int:
    """Somebody new at each test; Tarik leads cohorts."""
    email = f"{next(NUMBERS)}@exemple.fr"
    role = Role.TRAINER if name == "Tarik" else None
    return accounts.create_person(db, email, HASH, name=name, role=role, by=None).id


def today() -> date:
    return in_zone(clock.now(), "Europe/Paris").date()


def only_what_is_offered_is_there(page: Page) -> None:
    """As if another pathway, without the format of 24 minutes, were chosen then left."""
    page.locator("#pathway").evaluate("each => { each.add(new Option('Ailleurs', 'ailleurs')) }")
    page.locator("#pathway option").last.evaluate("each => { each.dataset.formats = '12' }")
    longer = page.locator("input[name=format][value='24']")
    longer.check()
    page.locator("#pathway").select_option("ailleurs")
    expect(longer).to_be_hidden()
    expect(longer).not_to_be_checked()
    page.locator("#pathway").select_option(index=0)
    expect(longer).to_be_visible()
    page.reload()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_pathway_is_assigned_by_keyboard_alone(
    browser: Browser, site: Live, cohort: tuple[int, int], width: int
) -> None:
    number, trainer = cohort
    found: dict[str, list[str]] = {}
    with trainer_at(browser, site, trainer, width) as page:
        hand = Typist(page, site.url, site.engines, DEMO)

        def look(name: str) -> None:
            found[name] = faults_on_every_screen(page)

        page.goto(f"/cohortes/{number}")
        look("nothing assigned")
        page.goto(f"/cohortes/{number}")
        hand.enter("a[href$='/attribuer']", most=45)
        look("a choice")
        if width == 1280:
            only_what_is_offered_is_there(page)
        hand.reach("#pathway")
        hand.enter("form.panel button[type=submit]")
        look("refused")
        hand.reach("[role=alert] a[href='#format']", most=25)
        hand.press("Enter")
        hand.reach("input[name=format]")
        hand.press("Space")
        for _arrow in range(4):
            if page.locator("input[name=format]:checked").get_attribute("value") == "24":
                break
            hand.press("ArrowRight")
        hand.reach("#due_on")
        hand.write_date(today() + timedelta(days=2))
        hand.enter("form.panel button[type=submit]")
        look("before confirming")
        assert written(site, number) == 0
        expect(page.get_by_text("24 min en 3 jours")).to_be_visible()
        hand.skip()
        stop = hand.reach("#avant button.main")
        assert stop.text == "Attribuer à 3 personnes"
        hand.follow()
        page.wait_for_url(f"**/cohortes/{number}#attribues")
        look("assigned")
        page.goto(page.url)
        hand.reach("#attribues a[href*='/attributions/']", most=60)
        hand.follow()
        look("one assignment")
        hand.reach("input[name=member]", most=30)
        hand.press("Space")
        hand.reach("#until")
        hand.write_date(today() + timedelta(days=30))
        hand.enter("form[action$='/report'] button:not([name])")
        look("given longer")
        expect(page.get_by_role("status").first).to_contain_text("L’échéance est changée")
    assert {state: said for state, said in found.items() if said} == {}
    assert written(site, number) == 1
    with Session(site.engines.read) as db:
        assert (
            db.scalar(select(func.count()).select_from(Extension).where(Extension.assignment_id.in_(of(number)))) == 1
        )
        own = select(Membership.person_id).filter_by(cohort_id=number)
        formats = db.scalars(select(Enrolment.format_minutes).where(Enrolment.person_id.in_(own)))
        assert sorted(formats) == [24, 24, 24]


@pytest.mark.parametrize("width", [1280, 390])
def test_the_same_without_a_script(browser: Browser, site: Live, cohort: tuple[int, int], width: int) -> None:
    number, trainer = cohort
    with trainer_at(browser, site, trainer, width, script=False) as page:
        page.goto(f"/cohortes/{number}")
        page.get_by_role("link", name="Attribuer un parcours").first.click()
        page.locator("label.pick").filter(has=page.locator("input[value='24']")).click()
        page.locator("#due_on").fill((today() - timedelta(days=1)).isoformat())
        press(page, "Voir ce que cela change")
        assert "déjà passée" in page.locator("#due_on-err").inner_text()
        page.locator("#due_on").fill("")
        page.locator("#due_days").fill("20")
        press(page, "Voir ce que cela change")
        assert "1 personne passe de 12 min à 24 min" in words(page.locator("#avant").inner_text())
        assert page.locator("input[name=format]:checked").get_attribute("value") == "24"
        assert written(site, number) == 0
        press(page, "Attribuer à 3 personnes")
        assert written(site, number) == 1
        asked = page.locator("#attribues")
        assert "20 jours après l’arrivée" in words(asked.inner_text())
        press(page, "Retirer")
        assert "Retiré le" in words(asked.inner_text())
        press(page, "Rétablir")
        asked.get_by_role("link", name="Modifier").click()
        page.get_by_label("Noé Le Goff").check()
        page.locator("#until").fill((today() + timedelta(days=40)).isoformat())
        press(page, "Reporter")
        expect(page.locator(".check").get_by_text("reportée au")).to_have_count(1)


@contextmanager
def trainer_at(browser: Browser, site: Live, person: int, width: int, *, script: bool = True) -> Iterator[Page]:
    """The trainer's own screen, already signed in."""
    with Session(site.engines.write) as db:
        secret = accounts.start_sign_in(db, person, "a test", timedelta(days=1))
        db.commit()
    with device(browser, width, script=script, url=site.url) as page:
        page.context.add_cookies([{"name": "session", "value": secret, "url": site.url}])
        yield page


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name).first.click()


def of(number: int) -> Select[int]:
    """What is asked of a cohort and runs."""
    return select(Assignment.id).filter_by(cohort_id=number, withdrawn_at=None)


def written(site: Live, number: int) -> int:
    with Session(site.engines.read) as db:
        return len(db.scalars(of(number)).all())


def words(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")
