"""« Mes repères » as one meets them: one line that offers, one page of a minute, both moments on the bilan."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import clock
from app.actions import learning
from app.db import Engines
from tests.actions.test_placements import NEED, PHRASE, RULES
from tests.build import DEMO, walk
from tests.cast import Cast
from tests.client import Client
from tests.conftest import NOON
from tests.learn.test_budgets import MOST, cost
from tests.learn.test_format import said

HERE = f"/parcours/{DEMO}"


@pytest.fixture
def lea(client: Client, cast: Cast, engines: Engines) -> Client:
    with Session(engines.write) as db:
        learning.enrol(db, cast.lea, DEMO, 12)
        db.commit()
    return client.sign_in(cast.lea)


def go_on(engines: Engines, person_id: int, steps: int | None = None) -> None:
    with Session(engines.write) as db:
        walk(db, person_id, steps=steps)
        db.commit()


def answer(client: Client, moment: str, **levels: str) -> int:
    known = {"need": NEED, "phrase": PHRASE, "rules": RULES}
    fields: dict[str, str | list[str]] = {f"niveau.{known[name]}": level for name, level in levels.items()}
    return client.send(f"{HERE}/reperes", {"moment": moment, **fields}).status_code


def test_one_line_offers_it_at_the_beginning_and_a_link_skips_it(lea: Client, cast: Cast, engines: Engines) -> None:
    assert f'href="{HERE}/reperes?moment=entree"' in lea.get(HERE).text
    page = lea.get(f"{HERE}/reperes?moment=entree").text
    assert page.count("<fieldset") == 3
    assert page.count('type="radio"') == 12
    assert "écrire les règles d’un prêt" not in page
    assert re.search(rf'href="{HERE}/etapes/[^"]+">Passer', page)
    assert page.count("btn main") == 1
    go_on(engines, cast.lea, 2)
    assert "reperes" not in lea.get(HERE).text


def test_who_has_answered_is_not_asked_again_and_sees_the_answer(lea: Client) -> None:
    assert answer(lea, "entree", need="not_yet", phrase="with_help") == 303
    assert "reperes" not in lea.get(HERE).text
    page = lea.get(f"{HERE}/reperes?moment=entree").text
    assert re.findall(r'value="(\w+)" checked', page) == ["not_yet", "with_help"]
    assert page.count("Retirer ma réponse") == 2
    assert answer(lea, "entree", need="withdrawn", phrase="withdrawn") == 303
    assert "Retirer ma réponse" not in lea.get(f"{HERE}/reperes?moment=entree").text
    assert f'href="{HERE}/reperes?moment=entree"' in lea.get(HERE).text
    assert "checked" not in lea.get(f"{HERE}/reperes?moment=sortie").text


def test_a_refused_answer_keeps_what_was_chosen(lea: Client) -> None:
    posted = lea.send(f"{HERE}/reperes", {"moment": "entree", f"niveau.{NEED}": "alone", f"niveau.{RULES}": "alone"})
    assert posted.status_code == 422
    assert "Cet objectif n’est pas, ou plus, dans votre format" in posted.text
    assert 'value="alone" checked' in posted.text
    assert answer(lea, "entree") == 422


def test_the_bilan_shows_both_beside_the_traces(lea: Client, cast: Cast, engines: Engines) -> None:
    answer(lea, "entree", need="not_yet")
    go_on(engines, cast.lea, 3)
    assert f'href="{HERE}/reperes?moment=sortie"' in lea.get(f"{HERE}/bilan").text
    assert "avant le bilan" in said(lea, f"{HERE}/bilan")
    answer(lea, "sortie", need="can_explain")
    assert "reperes" not in lea.get(f"{HERE}/bilan").text
    go_on(engines, cast.lea)
    page = said(lea, f"{HERE}/bilan")
    assert "À l’entrée : pas encore · À la fin : je peux l’expliquer" in page
    assert "Traces :" in page
    assert "tteint" not in page


def test_what_is_said_after_the_bilan_is_shown_with_its_date_and_what_it_states_stays(
    app: Flask, lea: Client, cast: Cast, engines: Engines
) -> None:
    answer(lea, "entree", need="not_yet")
    go_on(engines, cast.lea)
    assert f'href="{HERE}/reperes?moment=sortie"' in lea.get(f"{HERE}/bilan").text
    assert "avant le bilan" not in said(lea, f"{HERE}/bilan")  # it is there, and changes no more
    clock.freeze(NOON + timedelta(hours=14))
    answer(lea, "entree", need="alone")
    answer(lea, "sortie", need="can_explain")
    page = said(lea, f"{HERE}/bilan")
    assert "À l’entrée : pas encore (puis « sans aide », le 26 novembre 2026)" in page
    assert "À la fin : je peux l’expliquer (dit le 26 novembre 2026)" in page
    assert len(cost(app, lea, f"{HERE}/bilan")) <= MOST
    assert len(cost(app, lea, HERE)) <= MOST
    assert len(cost(app, lea, f"{HERE}/reperes")) <= MOST


def test_it_says_nothing_of_lea_to_anybody_else(lea: Client, cast: Cast, engines: Engines) -> None:
    answer(lea, "entree", need="not_yet")
    noe = Client(lea.web.application, lea.settings, engines).sign_in(cast.noe)
    assert noe.get(f"{HERE}/reperes").status_code == 404
    assert answer(noe, "entree", need="not_yet") == 404
