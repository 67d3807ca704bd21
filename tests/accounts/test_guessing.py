"""Guessing passwords, on both databases: what is counted cannot be raced, cannot be spoofed, and tells nothing."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from statistics import median

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from app import clock
from app.config import Settings
from app.db import Engines
from app.models import Person, RateCount
from tests.cast import PASSWORD, Cast, address
from tests.client import Client

WRONG = "pas le bon mot de passe"


def test_twenty_wrong_tries_at_once_count_twenty(app: Flask, cast: Cast, settings: Settings, engines: Engines) -> None:
    def guess(_number: int) -> int:
        return Client(app, settings, engines).post("/connexion", email=address("lea"), password=WRONG).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = Counter(pool.map(guess, range(20)))
    assert statuses == {422: 10, 429: 10}
    with Session(engines.read) as db:
        counts = {row.bucket.split(":")[0]: row.count for row in db.scalars(select(RateCount))}
    assert counts == {"account": 20, "place": 10}  # who is stopped by the first is not counted by the second


def test_the_answer_to_a_known_and_to_an_unknown_address_is_the_same(client: Client) -> None:
    answers = []
    for email in (address("lea"), address("personne")):
        answer = client.post("/connexion", email=email, password=WRONG)
        text = answer.text.replace(email, "…")
        answers.append((answer.status_code, [line for line in text.splitlines() if "_token" not in line]))
    assert answers[0] == answers[1]


def test_it_takes_as_long(client: Client, engines: Engines, cast: Cast) -> None:
    """One hash each, also for who has no password or a closed account; the middle of five tries."""
    with Session(engines.write) as db:
        db.get_one(Person, cast.noe).password_hash = None
        db.get_one(Person, cast.tess).disabled_at = clock.now()
        db.commit()
    took: dict[str, list[float]] = {name: [] for name in ("lea", "personne", "noe", "tess")}
    for _round in range(5):
        for name, times in took.items():
            start = time.thread_time()
            assert client.post("/connexion", email=address(name), password=WRONG).status_code == 422
            times.append(time.thread_time() - start)
    known = median(took["lea"])
    assert all(known / 2 < median(times) < known * 2 for times in took.values()), took


@pytest.mark.parametrize("path", ["/connexion", "/inscription"])
def test_a_place_is_braked_whatever_the_addresses_tried(
    client: Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.accounts.views.tries.TRIES_BY_PLACE", 5)
    for number in range(5):
        assert client.post(path, email=address("lea"), password=f"{WRONG} {number}").status_code == 422
    assert client.post(path, email=address("personne"), password=WRONG).status_code == 429


def test_a_header_that_anyone_can_write_changes_no_place(
    app: Flask, settings: Settings, engines: Engines, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.accounts.views.tries.TRIES_BY_PLACE", 3)
    assert settings.trusted_proxies == 0
    assert [tried(app, settings, engines, f"203.0.113.{n}") for n in range(5)] == [422] * 3 + [429] * 2


def test_behind_a_trusted_proxy_only_what_it_added_counts(
    app: Flask, settings: Settings, engines: Engines, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `app.wsgi` does with TRUSTED_PROXIES=1."""
    monkeypatch.setattr("app.accounts.views.tries.TRIES_BY_PLACE", 3)
    monkeypatch.setattr(app, "wsgi_app", ProxyFix(app.wsgi_app, x_for=1))
    settings = replace(settings, trusted_proxies=1)
    spoofed = [tried(app, settings, engines, f"198.51.100.{n}, 203.0.113.7") for n in range(5)]
    assert spoofed == [422] * 3 + [429] * 2
    assert tried(app, settings, engines, "203.0.113.8") == 422


def test_a_home_of_many_addresses_is_one_place(
    app: Flask, settings: Settings, engines: Engines, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.accounts.views.tries.TRIES_BY_PLACE", 3)
    client = Client(app, settings, engines)
    for n, status in enumerate([422] * 3 + [429] * 2):
        client.web.environ_base["REMOTE_ADDR"] = f"2001:db8:1:2::{n}"
        assert client.post("/connexion", email=address(f"x{n}"), password=WRONG).status_code == status
    client.web.environ_base["REMOTE_ADDR"] = "2001:db8:1:3::1"
    assert client.post("/connexion", email=address("x"), password=WRONG).status_code == 422


def test_the_right_password_is_stopped_as_well_once_there_were_too_many(client: Client) -> None:
    for _try in range(10):
        client.post("/connexion", email=address("lea"), password=WRONG)
    assert client.post("/connexion", email=f" {address('LEA').upper()}", password=PASSWORD).status_code == 429


def tried(app: Flask, settings: Settings, engines: Engines, forwarded: str) -> int:
    client = Client(app, settings, engines)
    client.web.environ_base["HTTP_X_FORWARDED_FOR"] = forwarded
    return client.post("/connexion", email=address(f"x{hash(forwarded)}"), password=WRONG).status_code
