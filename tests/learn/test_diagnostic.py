"""A self-diagnostic at the door: no account, no pathway begun; the result is one's own and leads somewhere."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import clock
from app.config import Settings
from app.db import Engines
from app.learn.views import diagnostics as doors
from app.models import DocumentKind, Enrolment, Person, Result, StepProgress
from app.reads import acting, courses
from tests.build import DEMO, walk
from tests.cast import Cast
from tests.client import Client
from tests.conftest import NOON

DOOR = "/autodiagnostics/demo"
STEP = "demo-diagnostic"
ANSWERS = {"demo-r-besoin": "0", "demo-r-voisins": "3", "demo-r-ecrit": "3", "demo-r-revoir": "x"}


AXIS = {"Dire": ("demo-r-besoin", "demo-r-voisins"), "Convenir": ("demo-r-ecrit", "demo-r-revoir")}


def plain(page: str) -> str:
    return page.replace("\u202f", " ").replace("\xa0", " ")


def count(engines: Engines, model: type) -> int:
    with Session(engines.read) as db:
        return db.scalar(select(func.count()).select_from(model)) or 0


def test_reading_a_diagnostic_leaves_no_trace_and_answering_it_makes_a_guest(client: Client, engines: Engines) -> None:
    people = count(engines, Person)
    assert DOOR in client.get("/autodiagnostics").text
    assert "restent sur cet appareil" in client.get(DOOR).text
    assert (count(engines, Person), count(engines, Result)) == (people, 0)
    answer = client.post(f"{DOOR}/resultats", key="k" * 32, **ANSWERS)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "À discuter avec" in page
    assert f"/parcours/{DEMO}/inscription" in page
    assert count(engines, Person) == people + 1
    assert count(engines, Enrolment) == 0
    assert answer.location in client.get("/autodiagnostics").text


def test_sittings_at_the_door_are_bounded_by_person_and_by_place(
    client: Client, engines: Engines, app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "SITTINGS_BY_PERSON", 2)
    monkeypatch.setattr(doors, "SITTINGS_BY_PLACE", 4)

    def sit(who: Client, key: str) -> TestResponse:
        return who.post(f"{DOOR}/resultats", key=key * 32, **ANSWERS)

    assert [sit(client, key).status_code for key in "abcd"] == [303, 303, 303, 429]  # the first made the guest
    refused = sit(client, "e")
    assert "Beaucoup d’autodiagnostics viennent d’être faits d’ici" in refused.text
    assert int(refused.headers["Retry-After"]) > 0
    assert [sit(Client(app, settings, engines), "a").status_code for _person in range(2)] == [303, 429]
    assert count(engines, Result) == 4


def test_a_click_repeated_keeps_one_sitting_and_another_sitting_is_kept_too(client: Client, engines: Engines) -> None:
    first, again = (client.post(f"{DOOR}/resultats", key="k" * 32, **ANSWERS) for _ in range(2))
    assert first.location == again.location
    other = client.post(f"{DOOR}/resultats", key="l" * 32, **ANSWERS)
    assert other.location != first.location
    assert count(engines, Result) == 2
    shelf = client.get("/autodiagnostics").text
    assert first.location in shelf
    assert other.location in shelf


def test_a_question_left_out_is_said_and_what_was_answered_stays(client: Client, engines: Engines) -> None:
    people = count(engines, Person)
    refused = client.post(f"{DOOR}/resultats", **{"demo-r-besoin": "2"})
    assert refused.status_code == 422
    assert "Il reste des questions sans réponse : 2, 3, 4." in plain(refused.text)
    assert 'name="demo-r-besoin" value="2" checked' in refused.text
    assert (count(engines, Person), count(engines, Result)) == (people, 0)


def test_taken_at_the_door_it_is_done_in_the_pathway_once_the_surprise_is_written(
    client: Client, engines: Engines
) -> None:
    result = client.post(f"{DOOR}/resultats", **ANSWERS).location
    client.post(f"/parcours/{DEMO}/inscription", format="24")
    begun = client.get(f"/parcours/{DEMO}/etapes/{STEP}").text
    assert result in begun
    assert count(engines, StepProgress) == 0
    assert "(2 min)</span></span>" in plain(client.get(result).text)  # the minutes go on with the name of the step
    assert client.post(f"{result}/completion", surprise=" ").status_code == 422
    done = client.post(f"{result}/completion", surprise="Nos voisins en savent plus.")
    assert done.status_code == 303, done.text
    assert count(engines, StepProgress) == 1
    assert "Nos voisins en savent plus." in client.get(result).text


def test_nobody_reads_the_result_of_another(app: Flask, cast: Cast, engines: Engines, settings: Settings) -> None:
    lea, noe = (Client(app, settings, engines).sign_in(n) for n in (cast.lea, cast.noe))
    result = lea.post(f"{DOOR}/resultats", **ANSWERS).location
    assert lea.get(result).status_code == 200
    assert noe.get(result).status_code == 404
    assert result not in noe.get("/autodiagnostics").text


def test_of_close_axes_the_learner_chooses_and_the_choice_is_kept(client: Client) -> None:
    low = dict.fromkeys(ANSWERS, "1")
    result = client.post(f"{DOOR}/resultats", **low).location
    page = client.get(result).text
    assert "à un point près : choisissez" in plain(page)
    assert "Commencer par Dire" in page
    assert "Commencer par Convenir" in page
    chosen = client.post(f"{result}/axe", axe="C")
    assert (chosen.status_code, chosen.location) == (303, f"{result}#commencer")
    page = client.get(result).text
    assert "vous avez choisi Convenir" in page
    assert "Commencer plutôt par Dire" in page
    assert 'name="axe" value="C"' not in page
    assert client.post(f"{result}/axe", axe="Z").status_code == 422
    assert "vous avez choisi Convenir" in client.get(result).text


def test_there_is_no_diagnostic_by_that_name(client: Client) -> None:
    assert client.get("/autodiagnostics/rien").status_code == 404
    assert client.post("/autodiagnostics/rien/resultats").status_code == 404


def test_asked_in_a_longer_format_the_result_leads_back_to_the_way(client: Client) -> None:
    result = client.post(f"{DOOR}/resultats", **ANSWERS).location
    client.post(f"/parcours/{DEMO}/inscription", format="12")
    page = client.get(result).text
    assert "Reprendre mon chemin" in page
    assert f"{result}/completion" not in page


def test_a_bilan_says_with_which_kits_to_act_and_why_and_keeps_it(client: Client, engines: Engines, cast: Cast) -> None:
    assert client.sign_in(cast.lea).post(f"{DOOR}/resultats", key="l" * 32, **ANSWERS).status_code == 303
    with Session(engines.write) as db:
        walk(db, cast.lea)
        db.commit()

    def act() -> str:
        page = client.get(f"/parcours/{DEMO}/bilan").text
        return page.split('id="agir"')[1].split("</section>")[0]

    issued = act()
    assert "est votre axe à travailler d’abord, d’après votre autodiagnostic." in issued
    assert "/kits/kit-demo</small>" in issued
    assert issued.count('class="qr small"') == issued.count("<li>") <= 3
    low = "Convenir" if "Dire" in issued else "Dire"
    clock.freeze(NOON + timedelta(days=200))
    client.sign_in(cast.lea)
    other = dict.fromkeys(ANSWERS, "3") | dict.fromkeys(AXIS[low], "0")
    assert client.post(f"{DOOR}/resultats", key="m" * 32, **other).status_code == 303
    assert act() == issued


def test_who_sat_no_diagnostic_acts_with_the_kit_of_the_pathway_and_of_the_chosen_chemin(
    engines: Engines, cast: Cast
) -> None:
    with Session(engines.read) as db:
        kits = courses.published(db, DocumentKind.KIT)
        (kit,) = acting.acts(db, cast.gus, kits, "kit-demo", None, NOON)
        assert (kit.kit, kit.why) == ("kit-demo", "pathway")
        chemin = kits["kit-demo"].content["kit"]["chemin"]
        (kit,) = acting.acts(db, cast.gus, kits, "nowhere", chemin, NOON)
        assert (kit.kit, kit.why) == ("kit-demo", "chemin")
        two = kits | {"another-kit": kits["kit-demo"]}
        assert len(acting.acts(db, cast.gus, two, "kit-demo", chemin, NOON)) == 1, (
            "a kit of that chemin is there already"
        )
