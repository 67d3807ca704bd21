"""« J'ai 20 minutes » as one meets it: next steps that fit, one button, another pathway one click away."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import clock
from app.actions import authoring
from app.config import Settings
from app.content import course
from app.db import Engines
from app.steps import KINDS
from tests.build import DEMO, demo_files, walk
from tests.cast import Cast
from tests.client import Client
from tests.conftest import NOON
from tests.learn.test_budgets import MOST, copies, cost
from tests.learn.test_format import said

HERE = "/mon-chemin/seance"


@pytest.fixture
def lea(client: Client, cast: Cast, engines: Engines) -> Client:
    """Léa, two steps into the shortest format of the demonstration."""
    with Session(engines.write) as db:
        walk(db, cast.lea, steps=2)
        db.commit()
    return client.sign_in(cast.lea)


def test_it_says_how_many_steps_and_minutes_and_leads_to_the_first(lea: Client) -> None:
    page = lea.get(f"{HERE}?minutes=10").text
    listed = re.findall(r'<li class="kit">.*?href="(/parcours/demo/etapes/[^"]+)"', page)
    asked = [int(found) for found in re.findall(r"(\d+)\u00a0min</small>", page)]
    assert f"Maintenant : {len(listed)} étapes, {sum(asked)} min" in said(lea, f"{HERE}?minutes=10")
    assert sum(asked) <= 10
    assert re.search(r'<a class="btn main" href="([^"]+)"', page)[1] == listed[0]  # type: ignore[index]
    assert page.count("btn main") == 1


def test_in_the_evening_it_says_so(lea: Client) -> None:
    clock.freeze(NOON + timedelta(hours=7))
    assert "Ce soir :" in said(lea, HERE)


def test_any_other_time_is_the_usual_twenty_minutes(lea: Client) -> None:
    for address in (HERE, f"{HERE}?minutes=15", f"{HERE}?minutes=000", f"{HERE}?parcours=nulle-part"):
        assert "J’ai 20 min" in said(lea, address)
    assert lea.get(f"{HERE}?minutes=%00").status_code == 400


def test_nobody_who_has_begun_nothing_is_led_nowhere(client: Client, cast: Cast) -> None:
    assert 'href="/parcours">Voir les parcours' in client.get(HERE).text
    assert 'href="/parcours">Voir les parcours' in client.sign_in(cast.noe).get(HERE).text


def test_who_has_finished_is_led_to_the_bilan(client: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.write) as db:
        walk(db, cast.lea)
        db.commit()
    page = client.sign_in(cast.lea).get(HERE).text
    assert "Tout est fait" in page
    assert 'class="btn main" href="/parcours/demo/bilan"' in page


def test_it_is_offered_where_one_goes_on_and_to_nobody_else(lea: Client) -> None:
    for path in ("/", "/mon-chemin", f"/parcours/{DEMO}"):
        page = lea.get(path).text
        for minutes in (10, 20, 40):
            assert f'href="{HERE}?minutes={minutes}&amp;parcours=demo"' in page, path
    visitor = Client(lea.web.application, lea.settings, lea.engines)
    assert HERE not in "".join(visitor.get(path).text for path in ("/", "/mon-chemin", f"/parcours/{DEMO}"))


def test_the_pathway_worked_on_last_comes_first_and_another_is_one_click_away(
    app: Flask, lea: Client, cast: Cast, engines: Engines, settings: Settings
) -> None:
    with Session(engines.write) as db:
        files = demo_files() | copies(1) | copies(2)
        assert authoring.load(db, course.load_course(files, KINDS), settings.media_dir).ok
        clock.freeze(NOON + timedelta(hours=1))
        walk(db, cast.lea, "copie-1", steps=1)
        clock.freeze(NOON + timedelta(hours=2))
        walk(db, cast.lea, steps=1)
        db.commit()
    page = lea.get(HERE).text
    assert '<li class="kit">' in page
    assert "/parcours/demo/etapes/" in page
    assert f'href="{HERE}?minutes=20&amp;parcours=copie-1"' in page
    assert "copie-2" not in page
    assert "/parcours/copie-1/etapes/" in lea.get(f"{HERE}?minutes=20&parcours=copie-1").text
    assert len(cost(app, lea, HERE)) <= MOST
