"""A trainer assigns on screen: said before confirmed, refused beside the field, moved, given longer, taken back."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.actions import assignments, cohorts, enrolments, learning, mailed, memberships
from app.config import Settings
from app.db import Engines
from app.models import Assignment, AuditEvent, Cohort, Enrolment, Extension, MailKind, Membership
from app.models.assigned import Dates, Wanted
from app.teach import forms
from tests.build import DEMO, walk
from tests.cast import Cast, address
from tests.client import Client
from tests.conftest import NOON
from tests.learn.test_budgets import cost, counted

FORM = {"pathway": DEMO, "format": "24", "starts_on": "2026-11-25", "due_on": "2026-11-27", "due_days": ""}


@pytest.fixture
def cohort(engines: Engines, cast: Cast) -> int:
    """Léa is midway in 12 minutes, Noé in 24, Gus has begun nothing."""
    with Session(engines.write) as db:
        number = cohorts.create_cohort(db, cast.tarik, cohorts.Wanted("Les maisons", "Europe/Paris"), key="a cohort")
        walk(db, cast.lea, steps=3)
        learning.enrol(db, cast.noe, DEMO, 24)
        for person, name in ((cast.lea, "Léa"), (cast.noe, "Noé"), (cast.gus, "Gus")):
            memberships.join(db, number, person, name=name)
        db.commit()
    return number


def rows(engines: Engines) -> int:
    with Session(engines.read) as db:
        return sum(db.scalar(select(func.count()).select_from(each)) or 0 for each in (Assignment, Enrolment))


def words(html: str) -> str:
    return html.replace("\u00a0", " ").replace("\u202f", " ")


def test_it_is_said_before_it_is_confirmed_and_nothing_is_written(
    client: Client, engines: Engines, cast: Cast, cohort: int
) -> None:
    tarik = client.sign_in(cast.tarik)
    with Session(engines.write) as db, db.begin():
        mailed.stop(db, address("noe"), MailKind.ASSIGNMENT)
    before = rows(engines)
    answer = tarik.post(f"/cohortes/{cohort}/attribuer", **FORM)
    said = words(answer.text)
    assert answer.status_code == 200
    assert "24 min en 3 jours : 10 min par jour." in said
    assert "1 personne passe de 12 min à 24 min et garde tout." in said
    assert "1 personne est déjà en 24 min : rien ne change pour elle." in said
    assert "1 personne commence en 24 min." in said
    assert "Attribuer à 3 personnes" in said
    told = re.sub(r"<[^>]*>|\s", "", said)
    assert "Larecevront:1personneLéa" in told
    assert "Sansadresse:1personneGus" in told
    assert "Neveutplusdecescourriels:1personneNoé" in told
    assert rows(engines) == before
    for _twice in range(2):
        answer = tarik.post(f"/cohortes/{cohort}/attributions", key="one-click", **FORM)
        assert (answer.status_code, answer.location) == (303, f"/cohortes/{cohort}#attribues")
    assert "24 min, du 25 novembre 2026 au 27 novembre 2026" in words(tarik.get(f"/cohortes/{cohort}").text)
    with Session(engines.read) as db:
        assert set(db.scalars(select(Enrolment.format_minutes))) == {24}
        assert db.scalar(select(func.count()).select_from(AuditEvent).filter_by(verb="assignment.create")) == 1


def test_what_is_refused_stands_beside_its_field_and_what_was_typed_stays(
    client: Client, cast: Cast, cohort: int
) -> None:
    tarik = client.sign_in(cast.tarik)
    wrong = {
        "due_on": ({"due_on": "2026-11-24"}, "Cette échéance est déjà passée"),
        "starts_on": ({"starts_on": "hier"}, "Cette date n’existe pas"),
        "due_days": ({"due_on": "", "due_days": "beaucoup"}, "en chiffres"),
        "format": ({"format": "48"}, "arrive bientôt"),
        "pathway": ({"pathway": "autre"}, "Choisissez un parcours publié"),
    }
    for field, (change, sentence) in wrong.items():
        for door in ("attribuer", "attributions"):
            answer = tarik.post(f"/cohortes/{cohort}/{door}", **FORM | change)
            said = words(answer.text)
            assert answer.status_code == 422, field
            assert sentence in said.split(f'id="{field}-err"')[1].split("</p>")[0], field
            assert 'value="2026-11-25"' in said or field == "starts_on"


def test_what_is_missing_is_said_all_at_once(client: Client, cast: Cast, cohort: int) -> None:
    said = words(
        client.sign_in(cast.tarik).post(f"/cohortes/{cohort}/attribuer", **FORM | {"format": "", "due_on": ""}).text
    )
    assert "Choisissez un format." in said.split('id="format-err"')[1].split("</p>")[0]
    assert "Donnez une échéance, et une seule" in said.split('id="due_on-err"')[1].split("</p>")[0]


def test_dates_move_one_person_has_longer_and_a_withdrawal_is_taken_back(
    client: Client, engines: Engines, cast: Cast, cohort: int
) -> None:
    tarik = client.sign_in(cast.tarik)
    tarik.post(f"/cohortes/{cohort}/attributions", key="one-click", **FORM)
    with Session(engines.read) as db:
        number = db.scalars(select(Assignment.id)).one()
        lea = db.scalars(select(Membership.id).filter_by(person_id=cast.lea)).one()
    at = f"/cohortes/{cohort}/attributions/{number}"
    answer = tarik.send(f"{at}/dates", {"starts_on": "2026-11-25", "due_on": "2026-12-18"}, follow=True)
    assert "Les dates sont changées." in words(answer.text)
    answer = tarik.send(f"{at}/report", {"member": [str(lea)], "until": "2027-01-10"}, follow=True)
    assert "reportée au 10 janvier 2027" in words(answer.text)
    answer = tarik.post(f"{at}/report", member=[str(lea)], until="2020-01-01")
    assert answer.status_code == 422
    assert f'value="{lea}" checked' in answer.text
    assert "déjà passée" in words(answer.text).split('id="until-err"')[1].split("</p>")[0]
    assert "au moins une personne" in words(tarik.post(f"{at}/report", until="2027-01-10").text)
    tarik.post(f"{at}/report", member=[str(lea)], back="1")
    with Session(engines.read) as db:
        assert db.scalar(select(func.count()).select_from(Extension)) == 0
        assert db.scalars(select(Assignment.due_on)).one() == date(2026, 12, 18)
    tarik.post(f"{at}/retrait")
    assert "Rétablir" in tarik.get(f"/cohortes/{cohort}").text
    assert "Retiré le" in tarik.get(at).text
    tarik.post(f"{at}/retour")
    assert "Rétablir" not in tarik.get(f"/cohortes/{cohort}").text


def test_pages_of_an_assignment_cost_the_same_for_one_member_and_for_many(
    app: Flask, client: Client, engines: Engines, cast: Cast, cohort: int
) -> None:
    tarik = client.sign_in(cast.tarik)
    tarik.post(f"/cohortes/{cohort}/attributions", key="one-click", **FORM)
    with Session(engines.read) as db:
        number = db.scalars(select(Assignment.id)).one()

    def costs() -> list[int]:
        found = []
        for path in (f"/cohortes/{cohort}/attribuer", f"/cohortes/{cohort}/attributions/{number}"):
            tarik.get(path)
            with counted(app) as sent:
                assert tarik.get(path).status_code == 200
            found.append(len(sent))
        return found

    before = costs()
    with Session(engines.write) as db:
        memberships.join(db, cohort, cast.aude, name="Aude")
        memberships.join(db, cohort, cast.ada, name="Ada")
        db.commit()
    assert costs() == before
    assert max(before) <= 6


def test_learners_read_who_asks_what_and_until_when(
    app: Flask, client: Client, settings: Settings, engines: Engines, cast: Cast, cohort: int
) -> None:
    lea = Client(app, settings, engines).sign_in(cast.lea)
    before = {path: cost(app, lea, path) for path in ("/", "/parcours", "/mon-chemin", "/parcours/demo")}
    client.sign_in(cast.tarik).post(f"/cohortes/{cohort}/attributions", key="one-click", **FORM)
    for path in ("/mon-chemin", "/parcours/demo"):
        assert "Attribué par Tarik, à finir pour le 27 novembre 2026." in words(lea.get(path).text)
    with Session(engines.write) as db:
        other = cohorts.create_cohort(db, cast.tess, cohorts.Wanted("Autre", "Europe/Paris"), key="a cohort")
        dates = Dates(date(2026, 11, 25), None, 10)
        assignments.assign(db, cast.tess, other, Wanted(DEMO, 12, dates), key="one-click")
        member = memberships.join(db, other, cast.lea, name="Léa").id
        number = db.scalars(select(Assignment.id).filter_by(cohort_id=other)).one()
        db.commit()
    text = words(lea.get("/mon-chemin").text)
    assert "Attribué par Tess en 12 min, à finir pour le 5 décembre 2026." in text
    assert text.index("Tarik, à finir") < text.index("Tess en 12")
    with Session(engines.write) as db:
        assignments.extend(db, cast.tess, other, number, [member], date(2027, 1, 10))
        db.commit()
    assert "à finir pour le 10 janvier 2027." in words(lea.get("/parcours/demo").text)
    assert {path: len(cost(app, lea, path)) for path in before} == {path: len(sent) for path, sent in before.items()}
    with Session(engines.write) as db:
        db.get_one(Cohort, other).archived_at = NOON
        enrolments.change_format(db, cast.lea, DEMO, 12, key="shorter")
        walk(db, cast.lea)
        db.commit()
    text = words(lea.get("/parcours/demo").text)
    assert "Tess" not in text
    assert "Attribué par Tarik en 24 min, à finir pour le 27 novembre 2026." in text
    with Session(engines.write) as db:
        memberships.leave(db, cast.lea, cohort)
        db.commit()
    assert "Attribué" not in lea.get("/parcours/demo").text


def test_whoever_is_ticked_is_meant_however_many_the_site_has_known() -> None:
    ticked = MultiDict([("member", "7"), ("member", "12345678901"), ("member", "x"), ("member", "²")])
    assert forms.members(ticked) == {7, 12345678901}
