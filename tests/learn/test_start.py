"""« Par où commencer ? »: five optional questions, a self-diagnostic, and where to begin with the reasons."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.config import Settings
from app.db import Engines
from app.models import Person, Profile, Result, StepProgress
from tests.build import load, load_demo, walk, whole_course
from tests.cast import Cast, make_cast
from tests.client import Client
from tests.conftest import NOON
from tests.learn.test_budgets import MOST, cost
from tests.learn.test_diagnostic import ANSWERS, plain

HERE = "/par-ou-commencer"
DOOR = "/autodiagnostics/ma-maturite"
PATHWAY = "/parcours/alliances-territoires"
UIDS = (
    *("ma-q1-defis", "ma-q2-projet", "ma-q3-attentes", "ma-q4-actifs", "ma-q5-familles", "ma-q6-essai"),
    *("ma-q7-suivi", "ma-q8-effets", "ma-q9-acteurs", "ma-q10-dialogue"),
)
ACTS = "3332112233"
"""Axis A is the lowest, then G: « Vous êtes en action », whose need asks for 4 h, or 12 h with more time."""


@pytest.fixture
def cast(engines: Engines, settings: Settings, noon: object) -> Cast:
    """Everybody, and the site's real courses."""
    with Session(engines.write) as db:
        load(db, whole_course(), settings.media_dir)
        found = make_cast(db)
        db.commit()
    return found


@pytest.fixture
def visitor(client: Client) -> Client:
    return client


def sit(client: Client, answers: str = ACTS, key: str = "k" * 32) -> str:
    sent = client.post(f"{DOOR}/resultats", key=key, **dict(zip(UIDS, answers, strict=True)))
    assert sent.status_code == 303, sent.text
    return str(sent.location)


def count(engines: Engines, model: type) -> int:
    with Session(engines.read) as db:
        return db.scalar(select(func.count()).select_from(model)) or 0


def test_home_leads_to_five_questions_that_nobody_has_to_answer(visitor: Client, engines: Engines) -> None:
    assert f'href="{HERE}">Par où commencer' in plain(visitor.get("/").text)
    people = count(engines, Person)
    page = plain(visitor.get(HERE).text)
    for rank, ask in enumerate(("Qui êtes-vous", "Quel domaine", "Où agissez-vous", "Qu’est-ce qui", "Quel temps"), 1):
        assert f"Question {rank} sur 5, facultative" in page
        assert ask in page
    assert "Passer aux 10 questions" in page
    sent = visitor.post(HERE, actor="", domain="", chemin="", time="")
    assert (sent.status_code, sent.location) == (303, DOOR)
    assert (count(engines, Person), count(engines, Profile)) == (people, 0)


def test_the_chemin_chooses_the_self_diagnostic_and_the_answers_are_the_profile(
    visitor: Client, engines: Engines
) -> None:
    sent = visitor.post(HERE, actor="associations", chemin="transformer-modele-socio-economique", time="une-journee")
    assert sent.location == "/autodiagnostics/mon-modele"
    with Session(engines.read) as db:
        profile = db.scalars(select(Profile)).one()
        assert (profile.actor, profile.time, profile.domain) == ("associations", "une-journee", None)
    assert '<option value="associations" selected>' in visitor.get(HERE).text
    assert visitor.post(HERE, chemin="").location == DOOR  # « je ne sais pas encore »


def test_each_chemin_leads_to_its_own_self_diagnostic(visitor: Client) -> None:
    chemins = {
        "piloter-partenariats-strategiques": "ma-maturite",
        "transformer-modele-socio-economique": "mon-modele",
        "accelerer-innovation-societale": "ma-triple-innovation",
        "mobiliser-projet-de-territoire": "mon-territoire",
    }
    for chemin, slug in chemins.items():
        assert visitor.post(HERE, chemin=chemin).location == f"/autodiagnostics/{slug}"


def test_a_chemin_without_a_self_diagnostic_of_its_own_says_so(
    app: Flask, settings: Settings, engines: Engines, noon: object
) -> None:
    """The demonstration alone: one chemin of the four."""
    with Session(engines.write) as db:
        load_demo(db, settings.media_dir)
        db.commit()
    client = Client(app, settings, engines)
    here = client.post(HERE, chemin="mobiliser-projet-de-territoire").location
    assert here == "/autodiagnostics/demo"
    assert "n’a pas encore son autodiagnostic" in client.get(here).text
    page = plain(client.get(client.post(f"{here}/resultats", **ANSWERS).location).text)
    assert "c’est le chemin de cet autodiagnostic. Vous aviez choisi « Se mobiliser autour d’un Projet" in page
    client.post(HERE, chemin="piloter-partenariats-strategiques")
    assert "n’a pas encore son autodiagnostic" not in client.get(here).text


def test_what_is_in_no_list_is_refused_and_the_rest_stays(visitor: Client, engines: Engines) -> None:
    people = count(engines, Person)
    refused = visitor.post(HERE, actor="associations", region="atlantide")
    assert refused.status_code == 422
    assert 'aria-describedby="region-err"' in refused.text
    assert '<option value="associations" selected>' in refused.text
    assert (count(engines, Person), count(engines, Profile)) == (people, 0)


@pytest.mark.parametrize(
    ("time", "format", "reason"),
    [
        ("deux-heures", "2 h", "Il suit d’abord le temps que vous avez : « Deux heures, en plusieurs fois »."),
        ("une-journee", "4 h", "Il tient dans le temps que vous avez, et il répond à votre besoin"),
        ("plus", "4 h", "Le format 12 h vous irait aussi : il arrive bientôt"),
        ("", "4 h", "Il répond à votre besoin d’aujourd’hui : « Valoriser ses pratiques »."),
    ],
)
def test_time_first_then_need_decide_the_format_and_the_result_says_which(
    visitor: Client, time: str, format: str, reason: str
) -> None:
    visitor.post(HERE, chemin="piloter-partenariats-strategiques", time=time)
    page = plain(visitor.get(sit(visitor)).text)
    assert f"Le format {format}." in page
    assert reason in page
    assert "« Piloter ses partenariats stratégiques » : c’est le chemin que vous avez choisi." in page
    assert "Action est votre axe le plus bas." in page
    assert "Une fiche pour demain" in page
    assert "FA2" in page
    assert "C’est la fiche de votre axe le plus bas, « Action »." in page
    assert "À discuter avec : votre partenaire principal" in page
    assert "Revoir mes réponses" in page
    assert f"Commencer le parcours ({format})" in page


def test_after_the_format_that_there_was_time_for_the_next_is_a_sequel(
    visitor: Client, cast: Cast, engines: Engines
) -> None:
    with Session(engines.write) as db:
        walk(db, cast.lea, "alliances-territoires")
        db.commit()
    visitor.sign_in(cast.lea).post(HERE, time="deux-heures")
    page = plain(visitor.get(sit(visitor)).text)
    assert "Le format 4 h.</strong> C’est la suite de ce que vous avez déjà terminé." in page
    assert "dans le temps que vous avez" not in page


def test_when_too_much_is_unknown_where_to_look_comes_first(visitor: Client) -> None:
    page = plain(visitor.get(sit(visitor, "xxx2112233")).text)
    page = page[page.index("D’abord, ce que vous ne savez pas encore") :]
    assert page.index("Savez-vous nommer les défis") < page.index("Où chercher :") < page.index("Un chemin, un")
    assert page.count("les fiches Repères") == 1  # not said again among data, tools and skills
    known = plain(visitor.get(sit(visitor, "xx32112233", key="l" * 32)).text)
    assert "D’abord, ce que vous ne savez pas encore" not in known


def test_six_months_later_it_is_offered_again_and_every_sitting_is_kept(
    visitor: Client, cast: Cast, engines: Engines
) -> None:
    offered = "Plus de six mois ont passé"
    lea = visitor.sign_in(cast.lea)
    first = sit(lea)
    lea.post(f"{PATHWAY}/inscription", format="120")
    step = plain(lea.get(first).text).split("?recommencer=oui")[0].rsplit('"', 1)[1]
    pages = ("/autodiagnostics", DOOR, first, "/mon-chemin", step)
    clock.freeze(NOON.replace(year=2027, month=5, day=24))
    lea.sign_in(cast.lea)
    assert [offered in lea.get(path).text for path in pages] == [False] * 5
    clock.freeze(NOON.replace(year=2027, month=5, day=25))
    lea.sign_in(cast.lea)
    assert [offered in lea.get(path).text for path in pages] == [True] * 5
    second = sit(lea, key="l" * 32)
    assert count(engines, Result) == 2
    assert [offered in lea.get(path).text for path in (*pages, second)] == [False] * 6
    shown = lea.get("/mon-chemin").text
    assert first in shown
    assert second in shown


def test_taken_at_the_door_its_step_is_begun_then_done_with_what_surprises(visitor: Client, engines: Engines) -> None:
    result = sit(visitor)
    assert "Vos réponses comptent déjà dans ce parcours" in visitor.get(result).text
    begun = visitor.post(f"{PATHWAY}/inscription", format="120")
    assert f"{PATHWAY}/etapes/" in begun.location
    asking = plain(visitor.get(result).text)
    assert "Ce qui me surprend" in asking
    assert "Commencer le parcours" not in asking
    assert "Vous suivez le format 2 h." in asking  # 4 h are advised
    step = asking.split("?recommencer=oui")[0].rsplit('"', 1)[1]
    assert result in visitor.get(step).text
    done = visitor.post(f"{result}/completion", surprise="Nous en faisons plus que je ne pensais.")
    assert done.status_code == 303
    assert count(engines, StepProgress) == 1


def test_its_pages_cost_six_statements_at_most_for_whoever_has_begun(app: Flask, visitor: Client) -> None:
    visitor.post(HERE, chemin="mobiliser-projet-de-territoire", time="deux-heures")
    result = sit(visitor)
    pages = (HERE, "/autodiagnostics", DOOR, result)
    found = {path: len(cost(app, visitor, path)) for path in pages}
    visitor.post(f"{PATHWAY}/inscription", format="120")
    visitor.post(f"{result}/completion", surprise="Tout.")
    for turn in range(8):
        clock.freeze(NOON + timedelta(days=turn))
        sit(visitor, key=f"{turn}" * 32)
    after = {path: len(cost(app, visitor, path)) for path in pages}
    assert max(*found.values(), *after.values()) <= MOST, (found, after)


def test_a_sheet_that_is_not_written_yet_leaves_another_and_says_so(visitor: Client) -> None:
    here = "/autodiagnostics/mon-modele"
    asked = re.findall(r'name="([a-z0-9-]+)" value="x"', visitor.get(here).text)
    low = {uid: "0" if rank in (4, 5) else "2" for rank, uid in enumerate(asked)}  # Ressources financières: FB3
    page = plain(visitor.get(visitor.post(f"{here}/resultats", **low).location).text)
    assert "Ressources financières est votre axe le plus bas." in page
    assert "La fiche de « Ressources financières » est en cours d’écriture" in page
    assert "FB1" in page
    assert "arrive bientôt : commencez par la fiche." in page
    assert "Ouvrir la fiche" in page
    assert "Commencer le parcours" not in page


def test_the_step_of_a_pathway_not_begun_leads_to_it(visitor: Client) -> None:
    steps = set(re.findall(rf"{PATHWAY}/etapes/[a-z0-9-]+", visitor.get(PATHWAY).text))
    assert any(f'href="{DOOR}"' in visitor.get(path).text for path in steps)


def test_an_announced_pathway_leads_to_its_self_diagnostic(visitor: Client) -> None:
    page = visitor.get("/parcours/qualifier-modele-socio-economique").text
    assert "Ce parcours arrive bientôt" in page
    assert 'href="/autodiagnostics/mon-modele"' in page
    assert "/autodiagnostics/" not in visitor.get(PATHWAY).text.split("<main")[1].split("</main")[0]
