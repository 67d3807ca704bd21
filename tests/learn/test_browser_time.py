"""In a real browser: beats arrive while a step is open and when it is left; two tabs count once."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import TimeInterval
from app.models.measured import Interval, length
from tests.build import DEMO
from tests.serving import Live, wait_until


def found(site: Live) -> list[Interval]:
    with Session(site.engines.read) as db:
        rows = db.scalars(select(TimeInterval).order_by(TimeInterval.id)).all()
        return [Interval(row.enrolment_id, row.step_uid, row.from_at, row.seconds) for row in rows]


def test_beats_arrive_and_two_tabs_count_once(page: Page, site: Live) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{site.url}/parcours/{DEMO}")
    page.get_by_role("button", name="Commencer").click()
    page.wait_for_url("**/etapes/*")
    step = page.url
    wait_until(lambda: len(found(site)) == 1)
    other = page.context.new_page()
    other.goto(step)
    wait_until(lambda: len(found(site)) == 2)
    other.wait_for_timeout(2500)
    other.mouse.move(30, 30)
    for tab in (page, other):
        tab.goto(f"{site.url}/mon-chemin")
    wait_until(lambda: sum(each.seconds >= 2 for each in found(site)) == 2)
    one, two = found(site)
    assert (length([one, two]) or 0) < one.seconds + two.seconds
    assert "moins d’une minute" in page.reload().text().replace("\u00a0", " ")  # type: ignore[union-attr]
    page.goto(step)
    assert Axe().run(page).response["violations"] == []
    page.goto(f"{site.url}/temps-mesure")
    assert Axe().run(page).response["violations"] == []
    assert errors == []
