"""A change of format as one meets it: seen first, made in one press, taken back as easily."""

import re

import pytest
from sqlalchemy.orm import Session

from app.actions import learning
from app.actions.demo import demo_step
from app.db import Engines
from app.models.progress import Progress
from app.reads import courses
from tests.build import DEMO, walk
from tests.cast import Cast
from tests.client import Client

HERE = f"/parcours/{DEMO}"
SPACES = re.compile(r"[\u00a0\u202f ]+")


def said(client: Client, path: str) -> str:
    """What a page says, its spaces made plain, its tags left out."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return SPACES.sub(" ", re.sub(r"<[^>]+>", "", answer.text))


def step(engines: Engines, person_id: int, kind: str, format_minutes: int) -> str:
    with Session(engines.read) as db:
        reading = courses.pathway(db, DEMO, person_id)
        rows = courses.steps(db, reading.edition_id, None)
    return next(row.uid for row in rows if row.kind == kind and row.format_minutes == format_minutes and row.ready)


@pytest.fixture
def lea(client: Client, cast: Cast, engines: Engines) -> Client:
    """Léa, two steps into the shortest format."""
    with Session(engines.write) as db:
        walk(db, cast.lea, steps=2)
        db.commit()
    return client.sign_in(cast.lea)


def test_the_preview_says_what_is_done_what_is_left_and_what_is_added(lea: Client, engines: Engines) -> None:
    page = said(lea, f"{HERE}/format?vers=24")
    assert "Passer de 12 min à 24 min" in page
    assert "2 étapes sur 12 déjà faites, 18 min restantes." in page
    assert "Ce que 24 min ajoute" in page
    assert "Nos trois lignes" in page
    assert "Ce qui ne compterait plus" not in page
    assert lea.get(f"{HERE}/format").text.count("btn main") == 1


def test_the_preview_down_says_what_leaves_the_count_and_can_still_be_read(
    lea: Client, cast: Cast, engines: Engines
) -> None:
    lea.post(f"{HERE}/format", format="24")
    with Session(engines.write) as db:
        uid = step(engines, cast.lea, "exercise", 24)
        demo_step(db, cast.lea, DEMO, uid)
        db.commit()
    page = lea.get(f"{HERE}/format?vers=12").text
    assert "Ce qui ne compterait plus" in page
    assert f'href="{HERE}/etapes/{uid}"' in page.split("Ce qui ne compterait plus")[1]
    assert "Ce que 12\u00a0min ne demande pas" in page
    lea.post(f"{HERE}/format", format="12")
    assert "elle comptera de nouveau" in said(lea, f"{HERE}/etapes/{uid}")


def test_a_switch_leads_back_to_the_step_that_asked_for_it_else_to_the_next_one(
    lea: Client, cast: Cast, engines: Engines
) -> None:
    uid = step(engines, cast.lea, "exercise", 24)
    page = lea.get(f"{HERE}/etapes/{uid}").text
    link = re.search(r'href="(/parcours/demo/format\?[^"]+)"', page)
    assert link
    assert "pour faire cette étape" in page
    preview = lea.get(link[1].replace("&amp;", "&")).text
    suite = re.search(r'name="suite" value="([^"]*)"', preview)
    assert suite
    assert suite[1] == f"{HERE}/etapes/{uid}"
    done = lea.post(f"{HERE}/format", format="24", suite=suite[1])
    assert (done.status_code, done.location) == (303, suite[1])
    assert "pour faire cette étape" not in lea.get(suite[1]).text
    back = lea.post(f"{HERE}/format", format="12", suite="https://ailleurs.example/")
    assert back.location == lea.get("/continuer").location


def test_a_format_that_cannot_be_taken_is_refused_with_a_sentence_and_another_is_proposed(lea: Client) -> None:
    assert "arrive bientôt" in said(lea, f"{HERE}/format?vers=48")
    assert "n’a pas ce format" in said(lea, f"{HERE}/format?vers=9")
    refused = lea.post(f"{HERE}/format", format="48")
    assert refused.status_code == 422
    assert "arrive bientôt" in refused.text
    assert "format 12\u00a0min" in lea.get(f"{HERE}/etapes/demo-lecture").text


def test_who_has_not_begun_is_led_to_the_pathway(client: Client) -> None:
    assert client.get(f"{HERE}/format?vers=24").location == HERE


def test_a_step_of_a_longer_format_is_read_in_full_and_noted_but_not_done(
    lea: Client, cast: Cast, engines: Engines
) -> None:
    for kind in ("exercise", "quiz", "case", "diagnostic"):
        uid = step(engines, cast.lea, kind, 24)
        page = lea.get(f"{HERE}/etapes/{uid}").text
        assert page.count("btn main") == 1, kind
        assert "Passer à 24\u00a0min pour faire cette étape" in page
        saved = lea.send(f"{HERE}/etapes/{uid}/notes", {f"{uid}.mes-notes": f"Vu d’avance : {kind}"})
        assert saved.status_code == 303
        assert f"Vu d’avance : {kind}" in lea.get(f"{HERE}/etapes/{uid}").text
        assert lea.post(f"{HERE}/etapes/{uid}/completion").status_code == 422


def test_the_questions_of_a_quiz_outside_the_format_are_read_and_not_answered(
    lea: Client, cast: Cast, engines: Engines
) -> None:
    uid = step(engines, cast.lea, "quiz", 24)
    page = lea.get(f"{HERE}/etapes/{uid}").text
    questions = re.findall(r'<section class="panel stack g3" id="([a-z0-9-]+)"', page)
    assert questions
    assert 'name="check"' not in page
    inputs = re.findall(rf'<(?:input|select)[^>]*name="(?:{"|".join(questions)})"[^>]*>', page)
    assert inputs
    assert all("disabled" in field for field in inputs)
    refused = lea.send(f"{HERE}/etapes/{uid}/essais", {questions[0]: "a", "check": questions[0]})
    assert refused.status_code == 422


def test_a_bilan_stays_when_one_goes_on_to_a_longer_format(client: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.write) as db:
        walk(db, cast.lea)
        db.commit()
    lea = client.sign_in(cast.lea)
    code = re.search(r"[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}", lea.get(f"{HERE}/bilan").text)
    assert code
    assert "Il vous reste 12 min pour le format 24 min" in said(lea, f"{HERE}/bilan")
    lea.post(f"{HERE}/format", format="24")
    assert "Où j’en suis" in said(lea, f"{HERE}/bilan")
    assert f"{HERE}/bilan?format=12" in lea.get(f"{HERE}/bilan").text
    assert f"{HERE}/bilan?format=12" in lea.get("/mon-chemin").text
    assert code[0] in lea.get(f"{HERE}/bilan?format=12").text


STATES = {"begun": (12, 0, 12), "midway": (12, 3, 12), "longer": (12, 3, 24), "back": (24, 6, 12)}


@pytest.mark.parametrize("state", STATES)
def test_every_screen_that_shows_progress_shows_the_same(
    client: Client, cast: Cast, engines: Engines, state: str
) -> None:
    first, steps, then = STATES[state]
    with Session(engines.write) as db:
        learning.enrol(db, cast.lea, DEMO, first)
        walk(db, cast.lea, steps=steps)
        db.commit()
    lea = client.sign_in(cast.lea)
    lea.post(f"{HERE}/format", format=str(then))
    screens_agree(lea, engines, cast.lea)


def screens_agree(client: Client, engines: Engines, person_id: int) -> None:
    """Home, catalogue, pathway, step, Mon chemin, bilan and preview say the same numbers, those of the one rule."""
    with Session(engines.read) as db:
        reading = courses.pathway(db, DEMO, person_id)
        progress = Progress(courses.steps(db, reading.edition_id, reading.enrolment_id), reading.format_minutes or 0)
    truth = {(str(progress.done), str(progress.total))}
    here = client.get("/continuer").location
    for path in ("/", HERE, "/mon-chemin", f"{HERE}/bilan", f"{HERE}/format", here):
        page = SPACES.sub(" ", client.get(path).text)
        found = set(re.findall(r"(\d+) étapes? terminées? sur (\d+)", page))
        if path == f"{HERE}/format":
            assert truth <= found, path
        else:
            assert found == truth, path
    assert f">{progress.done} étape{'s' * (progress.done > 1)} terminée" in SPACES.sub(
        " ", client.get("/parcours").text
    )
    left = f"{progress.left_minutes} min"
    for path in (HERE, "/mon-chemin", here, f"{HERE}/format"):
        assert left in said(client, path), path
