"""« Mes notes » beside questions: without script they go with the answers, with script by themselves."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.db import Engines
from app.learn import forms
from app.learn.pages.shapes import StepAsked
from app.models import Note
from app.reads import courses
from app.steps.fields import Field
from tests.build import DEMO
from tests.client import Client
from tests.learn.test_browser_kinds import begun, step
from tests.serving import Live, device

WORDS = "À relire avec Samia."


def kind_of(engines: Engines, kind: str) -> str:
    """The address of the first step of that kind of the demonstration."""
    with Session(engines.read) as db:
        rows = courses.steps(db, courses.pathway(db, DEMO, None).edition_id, None)
    return f"/parcours/{DEMO}/etapes/{next(row.uid for row in rows if row.kind == kind and row.ready)}"


def kept(engines: Engines) -> list[str]:
    with Session(engines.read) as db:
        return list(db.scalars(select(Note.text).filter_by(field="notes")))


@pytest.mark.parametrize("kind", ["quiz", "diagnostic"])
def test_notes_beside_questions_are_kept_with_the_answers(client: Client, engines: Engines, kind: str) -> None:
    client.post(f"/parcours/{DEMO}/inscription", format="24")
    address = kind_of(engines, kind)
    page = client.get(address).text
    name = re.search(rf'<textarea id="mes-notes" name="([^"]+)"[^>]* form="{kind}"', page)
    assert name
    asked = set(re.findall(r'<input type="radio" name="([^"]+)" value="([^"]+)"', page))
    answers = dict(sorted(asked)) | {name[1]: WORDS}
    answer = client.send(f"{address}/{'essais' if kind == 'quiz' else 'resultats'}", answers)
    assert answer.status_code == 303
    assert kept(engines) == [WORDS]
    assert WORDS in client.get(address).text


def test_a_try_that_is_refused_shows_the_notes_again(client: Client, engines: Engines) -> None:
    client.post(f"/parcours/{DEMO}/inscription", format="24")
    address = kind_of(engines, "quiz")
    refused = client.send(f"{address}/essais", {f"{address.rpartition('/')[2]}.mes-notes": WORDS})
    assert refused.status_code == 422
    assert WORDS in refused.text
    assert kept(engines) == []


def test_what_is_kept_beside_the_notes_neither_goes_nor_stops_an_answer(app: Flask) -> None:
    boxes = Field(name="boites", label="Mes boîtes", type="choices", options=("Une", "Deux"))
    gone = Field(name="piste", label="Ma piste", type="choice", options=("Ici", "Ailleurs"))
    asked = StepAsked("demo-quiz", {"boites": boxes, "piste": gone}, {}, (), {"boites": "Une\nDeux", "piste": "Partie"})
    with app.test_request_context():
        form = forms.beside(asked, MultiDict({"demo-quiz.mes-notes": WORDS}))
        assert [form.own[name].data for name in ("boites", "piste")] == [["Une", "Deux"], "Partie"]
        assert form.own["mes-notes"].validate(form.own)
        assert form.texts("demo-quiz") == {("demo-quiz", "notes"): WORDS}
        assert forms.beside(asked, MultiDict()).texts("demo-quiz") == {}


def test_notes_too_long_beside_an_answer_are_said_and_shown_again(client: Client, engines: Engines) -> None:
    client.post(f"/parcours/{DEMO}/inscription", format="24")
    address = kind_of(engines, "quiz")
    page = client.get(address).text
    answers = dict(re.findall(r'<input type="radio" name="([^"]+)" value="([^"]+)"', page))
    long = {f"{address.rpartition('/')[2]}.mes-notes": f"{WORDS} " * 300}
    refused = client.send(f"{address}/essais", {**answers, **long})
    assert refused.status_code == 422
    assert "5000 au plus" in refused.text
    assert WORDS in refused.text
    assert kept(engines) == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_notes_beside_a_quiz_are_not_lost(browser: Browser, site: Live, script: bool) -> None:
    with device(browser, 1280, script=script) as page:
        step(begun(page, site), site, "demo-quiz")
        notes = page.get_by_label("Visibles par vous seulement")
        if script:
            with page.expect_response("**/notes"):
                notes.fill(WORDS)
        else:
            notes.fill(WORDS)
            page.locator("#quiz section").first.locator("label.pick").first.click()
            with page.expect_navigation():
                page.locator("#quiz section").first.get_by_role("button", name="Vérifier").click()
        step(page, site, "demo-quiz")
        expect(notes).to_have_value(WORDS)
