"""The follow-up as its trainer reads it: in words, filtered, sorted, unfolded; and nothing of anyone else's."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import enrolments, memberships
from app.actions.cohorts import Wanted, create_cohort
from app.db import Engines
from app.models import Assignment, Invitation, Membership, Note
from app.reads import courses
from tests.build import DEMO, walk
from tests.cast import Cast
from tests.client import Client
from tests.conftest import NOON


@pytest.fixture
def cohort(engines: Engines, cast: Cast) -> int:
    """Tarik's: Léa did three steps over two days, Noé none, one person is invited."""
    with Session(engines.write) as db:
        number = create_cohort(db, cast.tarik, Wanted("Les maisons", "Europe/Paris"), key="a cohort")
        assigns(db, number, cast.tarik)
        clock.freeze(NOON - timedelta(days=1))
        walk(db, cast.lea, steps=3)
        memberships.join(db, number, cast.lea, name="Léa Martin", structure="La Maison bleue")
        memberships.join(db, number, cast.noe, name="Noé")
        enrolments.change_format(db, cast.noe, DEMO, 12, key="less")
        clock.freeze(NOON)
        who = {"email": "zoe@balises.example", "token_hash": "zoe", "expires_at": NOON + timedelta(days=30)}
        db.add(Invitation(cohort_id=number, created_at=NOON, created_by=cast.tarik, **who))
        db.commit()
    return number


def assigns(db: Session, number: int, by: int, format_minutes: int = 24) -> None:
    reading = courses.pathway(db, DEMO, None)
    asked = {"pathway_id": reading.pathway_id, "edition_id": reading.edition_id, "format_minutes": format_minutes}
    dates = {"starts_on": NOON.date(), "due_on": NOON.date() + timedelta(days=23)}
    db.add(Assignment(cohort_id=number, created_at=NOON, created_by=by, key="asked", **asked, **dates))


def text(page: str) -> str:
    return " ".join(page.replace("\u00a0", " ").replace("\u202f", " ").split())


def test_the_follow_up_says_where_each_person_is_in_words(client: Client, cast: Cast, cohort: int) -> None:
    page = text(client.sign_in(cast.tarik).get(f"/cohortes/{cohort}").text)
    assert "<b>0 sur 3</b>a terminé" in page
    assert "<b>23 jours</b>avant le 18 décembre 2026" in page
    assert "Léa Martin" in page
    assert "La Maison bleue" in page
    assert "a choisi 12 min" in page
    assert "hier" in page
    assert '2<span class="wd"> sur </span><span class="sl" aria-hidden="true">/</span>5</td>' in page
    assert 'zoe@balises.example <span class="tag none">Invitation non ouverte</span>' in page


def test_filters_say_how_many_and_show_them_alone(client: Client, cast: Cast, cohort: int) -> None:
    client.sign_in(cast.tarik)
    page = text(client.get(f"/cohortes/{cohort}?etat=pas-commence").text)
    assert "Toutes 3</a>" in page
    assert "Pas commencé 1</a>" in page
    assert "Noé" in page
    assert "Léa Martin" not in page
    assert "Personne ici." in client.get(f"/cohortes/{cohort}?etat=termine").text


def test_a_module_unfolds_to_its_steps_and_folds_again(client: Client, cast: Cast, cohort: int) -> None:
    client.sign_in(cast.tarik)
    folded = client.get(f"/cohortes/{cohort}").text
    assert "module=decouvrir" in folded
    unfolded = text(client.get(f"/cohortes/{cohort}?module=decouvrir").text)
    assert unfolded.count('role="columnheader"') > folded.count('role="columnheader"') + 3
    assert unfolded.count('l4">fait</td>') == 2


def test_a_header_sorts_then_turns_the_order(client: Client, cast: Cast, cohort: int) -> None:
    client.sign_in(cast.tarik)
    by_name = client.get(f"/cohortes/{cohort}").text
    assert by_name.index("Léa Martin") < by_name.index("Noé") < by_name.index("zoe@")
    turned = client.get(f"/cohortes/{cohort}?tri=nom&ordre=inverse").text
    assert turned.index("Léa Martin") > turned.index("Noé") > turned.index("zoe@")
    assert 'aria-sort="descending"' in turned


def test_nothing_of_what_a_learner_wrote_or_measured_is_on_the_page(
    client: Client, cast: Cast, engines: Engines, cohort: int
) -> None:
    with Session(engines.read) as db:
        written = list(db.scalars(select(Note.text).where(Note.person_id == cast.lea)))
    assert written
    page = client.sign_in(cast.tarik).get(f"/cohortes/{cohort}").text
    assert [said for said in written if said in page] == []


def test_another_trainer_finds_nothing(client: Client, cast: Cast, cohort: int) -> None:
    assert client.sign_in(cast.tess).get(f"/cohortes/{cohort}").status_code == 404


@pytest.mark.parametrize("query", ["?page=0", "?page=99999999999", "?page=x", "?etat=rien", "?module=x&tri=x&ordre=x"])
def test_what_an_address_may_not_ask_is_not_asked(client: Client, cast: Cast, cohort: int, query: str) -> None:
    assert client.sign_in(cast.tarik).get(f"/cohortes/{cohort}{query}").status_code == 200


def test_ticked_people_are_written_to_or_given_longer(
    client: Client, cast: Cast, engines: Engines, cohort: int
) -> None:
    tarik = client.sign_in(cast.tarik)
    page = tarik.get(f"/cohortes/{cohort}").text
    with Session(engines.read) as db:
        lea = db.scalars(select(Membership.id).filter_by(person_id=cast.lea)).one()
        given = db.scalars(select(Assignment.id)).one()
    assert f'name="m" value="{lea}" aria-label="Choisir Léa Martin"' in page
    assert page.count('name="m"') == 2
    written = tarik.get(f"/cohortes/{cohort}/ecrire?m={lea}").text
    assert f'value="{lea}" checked' in written
    at = f"/cohortes/{cohort}/attributions/{given}"
    longer = tarik.get(f"{at}?m={lea}").text
    assert f'value="{lea}" checked' in longer
    assert longer.count('name="member"') == 1
    refused = tarik.post(f"{at}/report", member=[str(lea)], among="1", until="")
    assert refused.status_code == 422
    assert refused.text.count('name="member"') == 1
    assert tarik.post(f"{at}/report", member=[str(lea)], among="1", until="2027-01-10").status_code == 303
    assert tarik.get(f"{at}?m=x&m=999999").status_code == 200
