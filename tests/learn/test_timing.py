"""Beats: capped by the server's own clock, monotonic, without another trace, seen by their owner alone."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.actions import erasure, learning, timing
from app.db import Engines
from app.errors import Missing
from app.models import SignIn, StepEvent, TimeInterval
from app.models.measured import LONGEST
from tests.actions.test_parallel import at_once
from tests.build import DEMO
from tests.cast import Cast
from tests.client import Client
from tests.conftest import NOON
from tests.learn.test_budgets import MOST, cost
from tests.learn.test_format import said

STEP = "demo-lecture"
KEY = "first-interval"
HERE = f"/parcours/{DEMO}/etapes/{STEP}"


def after(seconds: int) -> None:
    clock.freeze(NOON + timedelta(seconds=seconds))


@pytest.fixture
def db(db: Session, cast: Cast) -> Session:
    learning.enrol(db, cast.lea, DEMO, 12)
    return db


def beat(db: Session, person_id: int, seconds: int, key: str = KEY) -> int:
    timing.beat(db, person_id, DEMO, STEP, key, seconds)
    return db.scalars(select(TimeInterval.seconds).where(TimeInterval.key == key)).one()


def test_the_first_beat_opens_and_carries_no_time(db: Session, cast: Cast) -> None:
    assert beat(db, cast.lea, 500) == 0
    assert db.scalars(select(TimeInterval.from_at)).one() == NOON


def test_a_later_beat_lengthens_up_to_what_the_server_saw_pass(db: Session, cast: Cast) -> None:
    beat(db, cast.lea, 0)
    after(60)
    assert beat(db, cast.lea, 45) == 45
    assert beat(db, cast.lea, 9000) == 60


def test_a_late_or_repeated_beat_changes_nothing(db: Session, cast: Cast) -> None:
    beat(db, cast.lea, 0)
    after(60)
    beat(db, cast.lea, 50)
    assert beat(db, cast.lea, 20) == 50
    assert beat(db, cast.lea, 50) == 50
    assert db.scalar(select(func.count()).select_from(TimeInterval)) == 1


def test_a_day_holds_so_many_intervals_and_those_that_run_go_on(
    db: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timing, "MOST_A_DAY", 2)
    for key in ("one-interval", "two-interval", "three-interval"):
        timing.beat(db, cast.lea, DEMO, STEP, key, 0)
    assert set(db.scalars(select(TimeInterval.key))) == {"one-interval", "two-interval"}
    after(60)
    assert beat(db, cast.lea, 60, "one-interval") == 60
    after(24 * 3600 + 1)
    assert beat(db, cast.lea, 0, "three-interval") == 0


def test_one_interval_counts_two_hours_at_most(db: Session, cast: Cast) -> None:
    beat(db, cast.lea, 0)
    after(9999)
    assert beat(db, cast.lea, 9999) == LONGEST


def test_a_key_belongs_to_one_step(db: Session, cast: Cast) -> None:
    beat(db, cast.lea, 0)
    after(60)
    timing.beat(db, cast.lea, DEMO, "demo-quiz", KEY, 60)
    assert db.scalars(select(TimeInterval.seconds)).all() == [0]


def test_nobody_counts_on_somebody_elses_pathway_nor_on_a_step_that_is_not_there(db: Session, cast: Cast) -> None:
    for person, uid in ((cast.noe, STEP), (cast.lea, "nowhere")):
        with pytest.raises(Missing):
            timing.beat(db, person, DEMO, uid, KEY, 0)


def test_it_is_erased_with_the_guest(db: Session, cast: Cast) -> None:
    learning.enrol(db, cast.gus, DEMO, 12)
    beat(db, cast.gus, 0)
    erasure._erase(db, [cast.gus])
    assert db.scalar(select(func.count()).select_from(TimeInterval)) == 0


def test_the_same_beat_at_once_makes_one_interval(engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        learning.enrol(db, cast.lea, DEMO, 12)
        db.commit()
    at_once(engines, lambda db, number: beat(db, cast.lea, number))
    with Session(engines.read) as db:
        assert db.scalar(select(func.count()).select_from(TimeInterval)) == 1


@pytest.fixture
def lea(client: Client, cast: Cast, engines: Engines) -> Client:
    with Session(engines.write) as db:
        learning.enrol(db, cast.lea, DEMO, 12)
        db.commit()
    return client.sign_in(cast.lea)


def test_a_beat_is_no_sign_of_life_and_leaves_no_event(lea: Client, engines: Engines) -> None:
    after(3600)
    assert lea.post(f"{HERE}/temps", key=KEY, seconds="0").status_code == 204
    with Session(engines.read) as db:
        assert set(db.scalars(select(SignIn.last_seen_at))) == {NOON}
        assert db.scalar(select(func.count()).select_from(StepEvent)) == 0


def test_the_step_and_mon_chemin_say_it_or_that_it_was_not_measured(app: Flask, lea: Client) -> None:
    assert "Temps sur cette étape : non mesuré." in said(lea, HERE)
    assert "non mesuré" in said(lea, "/mon-chemin")
    lea.post(f"{HERE}/temps", key=KEY, seconds="0")
    lea.post(f"{HERE}/temps", key="another-tab", seconds="0")
    assert "non mesuré" in said(lea, HERE)
    after(30)
    lea.post(f"{HERE}/temps", key=KEY, seconds="30")
    assert "moins d’une minute sur cette étape." in said(lea, HERE)
    after(720)
    for key in (KEY, "another-tab"):
        lea.post(f"{HERE}/temps", key=key, seconds="720")
    assert "12 min sur cette étape." in said(lea, HERE)
    assert re.search(r"Mon temps.*12 min", said(lea, "/mon-chemin"), re.S)
    assert 'href="/temps-mesure"' in lea.get("/donnees-personnelles").text
    assert max(len(cost(app, lea, path)) for path in (HERE, "/mon-chemin")) <= MOST


def test_it_is_on_no_bilan_no_export_and_nobody_elses_page(lea: Client, cast: Cast, engines: Engines) -> None:
    lea.post(f"{HERE}/temps", key=KEY, seconds="0")
    after(47 * 60)
    lea.post(f"{HERE}/temps", key=KEY, seconds=str(47 * 60))
    assert "47 min" in said(lea, HERE)
    for path in (f"/parcours/{DEMO}/bilan", f"/parcours/{DEMO}", "/mon-chemin/carnet", "/mon-chemin/carnet.md"):
        assert "47 min" not in said(lea, path)
    noe = Client(lea.web.application, lea.settings, engines).sign_in(cast.noe)
    assert "47 min" not in said(noe, HERE) + said(noe, "/mon-chemin")


def test_what_no_page_sends_is_refused(lea: Client) -> None:
    for seconds in ("", "-1", "1.5", "99999", "deux"):
        assert lea.post(f"{HERE}/temps", key=KEY, seconds=seconds).status_code == 422
    assert lea.web.post(f"{HERE}/temps", data={"key": KEY, "seconds": "1"}).status_code == 403
