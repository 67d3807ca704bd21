"""The profile: all optional, entries of the lists alone, written by one verb, seen by its owner alone."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import merging, profiles
from app.actions.notebook import write_notes
from app.db import Engines
from app.errors import Refused
from app.models import Profile
from app.steps.fields import Field
from tests.cast import Cast
from tests.client import Client
from tests.learn.test_budgets import MOST, cost

HERE = "/mon-profil"


def kept(engines: Engines, person_id: int) -> Profile | None:
    with Session(engines.read) as db:
        return db.scalar(select(Profile).where(Profile.person_id == person_id))


@pytest.mark.parametrize("name", ["lea", "gus"])
def test_with_or_without_an_account_one_says_what_one_likes_and_takes_it_back(
    client: Client, cast: Cast, engines: Engines, name: str
) -> None:
    me = getattr(cast, name)
    client.sign_in(me)
    assert client.post(HERE, actor="associations", region="guadeloupe", time="deux-heures", level="").status_code == 303
    found = kept(engines, me)
    assert found is not None
    assert (found.actor, found.region, found.time, found.level) == ("associations", "guadeloupe", "deux-heures", None)
    assert '<option value="associations" selected>' in client.get(HERE).text
    client.post(HERE, actor="")
    found = kept(engines, me)
    assert found is not None
    assert (found.actor, found.region) == (None, "guadeloupe")


def test_a_value_that_is_in_no_list_is_refused_and_the_rest_is_kept_on_the_page(
    client: Client, cast: Cast, engines: Engines
) -> None:
    answer = client.sign_in(cast.lea).post(HERE, actor="associations", region="atlantide")
    assert answer.status_code == 422
    assert 'aria-describedby="region-err"' in answer.text
    assert '<option value="associations" selected>' in answer.text
    assert kept(engines, cast.lea) is None


@pytest.mark.parametrize("values", [{"actor": "bretagne"}, {"shoe": "42"}, {"time": "20"}, {"chemin": "x" * 200}])
def test_the_verb_itself_knows_the_lists(db: Session, cast: Cast, values: dict[str, str]) -> None:
    with pytest.raises(Refused):
        profiles.fill_profile(db, cast.lea, values)


def test_a_device_still_open_says_nothing_for_who_has_joined_an_account(db: Session, cast: Cast) -> None:
    merging.merge(db, cast.gus, cast.lea)
    with pytest.raises(Refused, match="reprises dans un compte"):
        profiles.tell_profile(db, cast.gus, {"actor": "associations"})


def test_an_exercise_fills_it_by_the_same_verb_and_a_free_text_does_not(db: Session, cast: Cast) -> None:
    asked = {
        ("a", "profil"): Field(name="profil", label="Profil", fills="actor"),
        ("a", "region"): Field(name="region", label="Région", fills="region"),
    }
    write_notes(db, cast.lea, {("a", "profil"): "associations", ("a", "region"): "chez nous"}, asked)
    found = db.scalars(select(Profile)).one()
    assert (found.actor, found.region) == ("associations", None)


def test_its_labels_are_in_the_readers_language(client: Client, cast: Cast) -> None:
    client.sign_in(cast.lea)
    client.post("/langue", lang="en")
    page = client.get(HERE).text
    assert "Very small company" in page
    assert "I prefer not to say" in page


def test_it_leads_back_where_one_came_from_and_nowhere_else(app: Flask, client: Client, cast: Cast) -> None:
    client.sign_in(cast.lea)
    assert client.post(HERE, suite="/parcours/demo").location == "/parcours/demo"
    assert client.post(HERE, suite="https://ailleurs.example").location == "/mon-chemin"
    assert HERE in client.get("/mon-chemin").text
    assert len(cost(app, client, HERE)) <= MOST
