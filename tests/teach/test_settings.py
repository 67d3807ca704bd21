"""The settings of a cohort, as a trainer sees them."""

import re
from unicodedata import normalize

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import cohorts
from app.actions.cohorts import Wanted
from app.db import Engines
from app.models import Cohort
from tests.cast import Cast, address
from tests.client import Client


@pytest.fixture
def houses(engines: Engines, cast: Cast) -> int:
    with Session(engines.write) as db:
        number = cohorts.create_cohort(db, cast.tarik, Wanted("Les maisons", "Europe/Paris"), key="a cohort")
        db.commit()
    return number


def test_settings_are_kept_and_said(client: Client, cast: Cast, houses: int) -> None:
    tarik, path = client.sign_in(cast.tarik), f"/cohortes/{houses}/reglages"
    assert '<option value="Europe/Paris" selected>' in tarik.get(path).text
    wanted = {"name": "Maisons  de quartier", "zone": "Indian/Reunion", "starts_on": "2026-12-01", "ends_on": ""}
    answer = tarik.send(path, wanted, follow=True)
    assert "C’est enregistré." in answer.text
    assert 'value="Maisons de quartier"' in answer.text
    assert '<option value="Indian/Reunion" selected>' in answer.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "", "zone": "Europe/Paris"}, "Donnez un nom"),
        ({"name": "x" * 121, "zone": "Europe/Paris"}, "trop long"),
        ({"name": "Les maisons", "zone": "Mars/Olympus"}, "fuseau"),
        ({"name": "Les maisons", "zone": "Europe/Paris", "starts_on": "demain"}, "date"),
        ({"name": "Gardé", "zone": "Europe/Paris", "starts_on": "2027-01-02", "ends_on": "2027-01-01"}, "avant de"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: Client, cast: Cast, houses: int, wrong: dict[str, str], said: str
) -> None:
    answer = client.sign_in(cast.tarik).send(f"/cohortes/{houses}/reglages", dict(wrong))
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{wrong["name"]}"' in answer.text


def test_cities_are_named_and_ranked_in_the_language_of_the_reader(client: Client, cast: Cast, houses: int) -> None:
    path = f"/cohortes/{houses}/reglages"
    french = client.sign_in(cast.tarik).get(path).text
    ocean = re.findall(
        r"<option[^>]*>([^<]+)<", french.split('<optgroup label="Océan Indien">')[1].split("</optgroup>")[0]
    )
    assert ocean == sorted(ocean, key=lambda city: normalize("NFKD", city))
    assert len(set(ocean)) == len(ocean)
    assert '<option value="Indian/Reunion">La Réunion</option>' in french
    client.web.set_cookie("lang", "en")
    assert '<option value="Europe/Brussels">Brussels</option>' in client.get(path).text


def test_an_archived_cohort_shows_no_form_but_the_way_back_and_refuses_an_old_page(
    client: Client, cast: Cast, houses: int
) -> None:
    tarik, path = client.sign_in(cast.tarik), f"/cohortes/{houses}/reglages"
    assert tarik.post(f"/cohortes/{houses}/archive").status_code == 303
    page = tarik.get(path).text
    assert "Restaurer la cohorte" in page
    assert 'name="zone"' not in page
    late = tarik.post(path, name="Autre", zone="Europe/Paris")
    assert late.status_code == 422
    assert "archivée" in late.text
    assert tarik.post(f"/cohortes/{houses}/archive/fin").status_code == 303
    assert 'name="zone"' in tarik.get(path).text


def test_a_colleague_is_added_by_address_and_one_may_stop_leading(client: Client, cast: Cast, houses: int) -> None:
    tarik = client.sign_in(cast.tarik)
    unknown = tarik.post(f"/cohortes/{houses}/formateurs", email=address("lea"))
    assert unknown.status_code == 422
    assert address("lea") in unknown.text
    added = tarik.send(f"/cohortes/{houses}/formateurs", {"email": address("tess")}, follow=True)
    assert "anime aussi" in added.text
    left = tarik.post(f"/cohortes/{houses}/formateurs/{cast.tarik}/fin")
    assert (left.status_code, left.location) == (303, "/cohortes")
    assert tarik.get(f"/cohortes/{houses}/reglages").status_code == 404


def test_a_copy_is_made_once_for_a_double_click(client: Client, cast: Cast, houses: int, engines: Engines) -> None:
    tarik, path = client.sign_in(cast.tarik), f"/cohortes/{houses}/copie"
    wrong = tarik.post(path, copy_name="Encore", copy_starts_on="")
    assert wrong.status_code == 422
    assert 'value="Encore"' in wrong.text
    fields = {"copy_name": "Encore", "copy_starts_on": "2027-01-04", "key": "one-click-only"}
    made = {tarik.post(path, **fields).location for _ in range(2)}
    assert len(made) == 1
    with Session(engines.read) as db:
        assert len(db.scalars(select(Cohort)).all()) == 2
