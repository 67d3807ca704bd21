"""The sessions of a cohort, as its trainer and its members see them."""

from datetime import date

import icalendar
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import assignments, cohorts, memberships, roles
from app.actions.assignments import Dates
from app.db import Engines
from app.models import CohortEvent, Role
from tests.build import DEMO
from tests.cast import Cast, address
from tests.client import Client

LIVE = f"/parcours/{DEMO}/etapes/demo-debout"
FIELDS: dict[str, str | list[str]] = {
    "title": "Atelier : lire nos autodiagnostics",
    "on": "2026-12-03",
    "at": "14:00",
    "minutes": "120",
    "place": "Maison des associations",
    "link": "https://exemple.fr/salle",
    "replay": "",
    "step": "demo-debout",
}


@pytest.fixture
def houses(engines: Engines, cast: Cast) -> int:
    """Tarik's cohort follows the demonstration; Léa is in it."""
    with Session(engines.write) as db:
        number = cohorts.create_cohort(db, cast.tarik, cohorts.Wanted("Les maisons", "Europe/Paris"), key="a cohort")
        asked = assignments.Wanted(DEMO, 24, Dates(date(2026, 11, 25), date(2026, 12, 18)))
        assignments.assign(db, cast.tarik, number, asked, key="an assignment")
        memberships.join(db, number, cast.lea, name="Léa")
        db.commit()
    return number


def number_of(engines: Engines) -> int:
    with Session(engines.read) as db:
        return db.scalars(select(CohortEvent.id)).one()


def test_a_session_is_planned_moved_removed_and_put_back(
    client: Client, cast: Cast, houses: int, engines: Engines
) -> None:
    tarik, path = client.sign_in(cast.tarik), f"/cohortes/{houses}/seances"
    assert "Pas encore de séance" in tarik.get(path).text
    shown = tarik.send(path, FIELDS, follow=True).text
    assert "3\xa0décembre 2026 à 14\xa0h\xa000" in shown
    assert "Deux minutes debout" in shown
    number = number_of(engines)
    assert 'value="14:00"' in tarik.get(f"{path}/{number}").text
    moved = tarik.send(f"{path}/{number}", FIELDS | {"at": "16:30"}, follow=True).text
    assert "16\xa0h\xa030" in moved
    assert tarik.post(f"{path}/{number}/fin").location == f"{path}#supprimees"
    assert "Rétablir" in tarik.get(path).text
    assert tarik.get(f"{path}/{number}").status_code == 404
    assert "Rétablir" not in tarik.send(f"{path}/{number}/retour", {}, follow=True).text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "Donnez un nom"),
        ({"on": ""}, "quel jour"),
        ({"on": "2026-02-30"}, "Cette date"),
        ({"at": "midi"}, "quelle heure"),
        ({"at": "14:00+02:00"}, "quelle heure"),
        ({"minutes": "0"}, "combien de minutes"),
        ({"minutes": "²"}, "combien de minutes"),
        ({"place": "x" * 201}, "trop long"),
        ({"link": "javascript:alert(1)"}, "https://"),
        ({"step": "demo-lecture"}, "Ce direct"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: Client, cast: Cast, houses: int, wrong: dict[str, str], said: str
) -> None:
    answer = client.sign_in(cast.tarik).send(f"/cohortes/{houses}/seances", FIELDS | wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{({**FIELDS, **wrong})["minutes"]}"' in answer.text


def test_a_member_reads_the_cohort_s_date_on_the_live_step_and_takes_it_away(
    client: Client, cast: Cast, houses: int, engines: Engines
) -> None:
    client.sign_in(cast.tarik).send(f"/cohortes/{houses}/seances", FIELDS)
    own = f"/cohortes/{houses}/seances/{number_of(engines)}.ics"
    assert client.get(own).status_code == 200
    client.sign_in(cast.lea)
    page = client.get(LIVE).text
    assert "3\xa0décembre 2026 à 14\xa0h\xa000" in page
    assert "Maison des associations" in page
    assert "Les maisons" in page
    for path in (f"{LIVE}.ics", own):
        answer = client.get(path)
        [event] = icalendar.Calendar.from_ical(answer.text).walk("VEVENT")
        assert (answer.status_code, event["dtstart"].dt.isoformat()) == (200, "2026-12-03T13:00:00+00:00")
    client.sign_in(cast.noe)
    assert "Maison des associations" not in client.get(LIVE).text
    assert client.get(own).status_code == 404
    with Session(engines.write) as db, db.begin():
        roles.revoke_role(db, address("tarik"), Role.TRAINER, by=cast.ada)
    assert client.sign_in(cast.tarik).get(own).status_code == 404
