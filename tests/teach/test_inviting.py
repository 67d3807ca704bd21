"""The page where one invites: a link for the room, a list looked at first, who has answered, taking back."""

import io
import re

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import accounts, cohorts
from app.actions.cohorts import Wanted
from app.config import Settings
from app.db import Engines
from app.models import AuditEvent, CohortLink, Invitation
from tests.cast import Cast
from tests.client import Client
from tests.conftest import NOON


@pytest.fixture
def tarik(client: Client, cast: Cast) -> Client:
    return client.sign_in(cast.tarik)


@pytest.fixture
def cohort(engines: Engines, cast: Cast) -> int:
    with Session(engines.write) as db:
        number = cohorts.create_cohort(db, cast.tarik, Wanted("Les maisons", "Europe/Paris"), key="the first one")
        db.commit()
    return number


@pytest.fixture
def place(cohort: int) -> str:
    return f"/cohortes/{cohort}/inviter"


def count(engines: Engines, model: type) -> int:
    with Session(engines.read) as db:
        return db.scalar(select(func.count()).select_from(model)) or 0


def send_file(client: Client, place: str, content: bytes) -> tuple[int, str]:
    fields = {"_token": client.token(), "addresses": "", "file": (io.BytesIO(content), "liste.csv")}
    answer = client.web.post(f"{place}/verification", data=fields, content_type="multipart/form-data")
    return answer.status_code, answer.text.replace("\xa0", " ").replace("\u202f", " ")


def lines(page: str) -> str:
    return re.findall(r"<textarea name=\"lines\" hidden>(.*?)</textarea>", page, re.S)[0].replace("&#34;", '"')


def test_a_link_is_made_shown_again_printed_replaced_and_closed(tarik: Client, place: str, engines: Engines) -> None:
    assert tarik.get(f"{place}/affiche").status_code == 404
    for wrong in ({"days": "0", "uses": "3"}, {"days": "30", "uses": "many"}, {}):
        answer = tarik.send(f"{place}/lien", dict(wrong))
        assert (answer.status_code, 'aria-invalid="true"' in answer.text) == (422, True)
    tarik.post(f"{place}/lien", days="30", uses="12")
    first = re.findall(r"/rejoindre/[\w-]{22}", tarik.get(place).text)[0]
    assert first in tarik.get(place).text
    assert first in tarik.get(f"{place}/affiche").text
    assert tarik.get(first).status_code == 200
    tarik.post(f"{place}/lien", days="30", uses="12")
    assert tarik.get(first).status_code == 410
    tarik.post(f"{place}/lien/fermeture")
    tarik.post(f"{place}/lien/fermeture")
    assert tarik.get(f"{place}/affiche").status_code == 404
    with Session(engines.read) as db:
        assert db.scalar(select(func.count()).where(CohortLink.revoked_at.is_(None))) == 0
        verbs = db.scalars(
            select(AuditEvent.verb).where(AuditEvent.verb.like("cohort.link%")).order_by(AuditEvent.id)
        ).all()
    assert verbs == ["cohort.link", "cohort.link", "cohort.link_revoke"]


def test_a_list_is_looked_at_before_anything_is_written_then_confirmed_twice(
    tarik: Client, place: str, engines: Engines
) -> None:
    content = "nom;email;ville\nLéa <b>Roux</b>;lea@asso.example;Lyon\n;pas une adresse;\n;lea@asso.example;".encode(
        "cp1252"
    )
    status, page = send_file(tarik, place, content)
    assert status == 200
    for words in ("rien n’est encore enregistré", "Ligne 3, pas une adresse", "déjà à la ligne 2", "de côté : ville"):
        assert words in page
    assert count(engines, Invitation) == 0
    text = lines(page).replace("&lt;", "<").replace("&gt;", ">")
    for _twice in range(2):
        assert tarik.post(f"{place}/invitations", lines=text).status_code == 303
        assert count(engines, Invitation) == 1
    page = tarik.get(place).text
    assert "Léa &lt;b&gt;Roux&lt;/b&gt;, lea@asso.example" in page
    assert page.count("/rejoindre/") >= 1


def test_pasted_addresses_go_the_same_way_and_nothing_pasted_is_said_so(tarik: Client, place: str) -> None:
    page = tarik.post(f"{place}/verification", addresses="a@asso.example, b@asso.example").text
    assert lines(page).count("@") == 2
    assert tarik.post(f"{place}/verification", addresses=" ").status_code == 422


@pytest.mark.parametrize("content", [b"\x89PNG\x00\x01", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0", b"nom;email\n"])
def test_a_file_that_is_no_list_gets_a_sentence_beside_its_field(tarik: Client, place: str, content: bytes) -> None:
    status, page = send_file(tarik, place, content)
    assert (status, 'id="file-err"' in page) == (422, True)


@pytest.mark.parametrize("text", ["", "\x00", '"', "nom\n", "email;nom\n;=x"])
def test_what_comes_back_broken_writes_nothing(tarik: Client, place: str, engines: Engines, text: str) -> None:
    assert tarik.post(f"{place}/invitations", lines=text).status_code in (303, 422)
    assert count(engines, Invitation) == 0


def test_an_invitation_is_taken_back_and_given_again(tarik: Client, place: str, engines: Engines) -> None:
    tarik.post(f"{place}/invitations", lines="zoe@asso.example")
    with Session(engines.read) as db:
        number = db.scalars(select(Invitation.id)).one()
    link = re.findall(r"/rejoindre/[\w-]{22}", tarik.get(place).text)[0]
    done = tarik.post(f"{place}/{number}/retrait")
    assert tarik.get(link).status_code == 410
    assert f"{place}/{number}/retablissement" in tarik.get(done.location).text
    assert "zoe@" not in tarik.get(place).text
    tarik.post(f"{place}/{number}/retablissement")
    assert tarik.get(link).status_code == 200
    tarik.post(f"{place}/{number}/retrait")
    tarik.post(f"{place}/invitations", lines="zoe@asso.example")
    assert tarik.post(f"{place}/{number}/retablissement").status_code == 422


def test_how_many_stand_where_is_said_in_the_plural(tarik: Client, place: str, engines: Engines) -> None:
    tarik.post(f"{place}/invitations", lines="zoe@asso.example\nana@asso.example\nmax@asso.example")
    with Session(engines.write) as db:
        for found in db.scalars(select(Invitation).order_by(Invitation.id).limit(2)):
            found.accepted_at = NOON
        db.commit()
    assert "1 en attente, 2 acceptées" in tarik.get(place).text.replace("\xa0", " ")


def test_a_refused_line_is_said_in_english_as_in_french(
    tarik: Client, cast: Cast, place: str, engines: Engines
) -> None:
    for lang, said in (("fr", "Ligne 1, pas une adresse : "), ("en", "Row 1, pas une adresse: ")):
        with Session(engines.write) as db, db.begin():
            accounts.choose_language(db, cast.tarik, lang)
        page = tarik.post(f"{place}/verification", addresses="pas une adresse").text
        assert said in page.replace("\xa0", " ")


def test_an_invitation_whose_date_has_passed_is_extended(tarik: Client, place: str, engines: Engines) -> None:
    tarik.post(f"{place}/invitations", lines="zoe@asso.example")
    with Session(engines.write) as db:
        found = db.scalars(select(Invitation)).one()
        found.expires_at, number = NOON, found.id
        db.commit()
    assert "date passée" in tarik.get(place).text
    assert "/rejoindre/" not in tarik.get(place).text
    assert tarik.post(f"{place}/{number}/renvoi").status_code == 303
    assert "en attente" in tarik.get(place).text


def test_nothing_of_another_cohort_is_moved_by_its_number(
    app: Flask, cast: Cast, engines: Engines, settings: Settings, tarik: Client, place: str
) -> None:
    tarik.post(f"{place}/invitations", lines="zoe@asso.example")
    with Session(engines.write) as db:
        other = cohorts.create_cohort(db, cast.tess, Wanted("Les autres", "Europe/Paris"), key="the other one")
        number = db.scalars(select(Invitation.id)).one()
        db.commit()
    tess = Client(app, settings, engines).sign_in(cast.tess)
    for verb in ("renvoi", "retrait", "retablissement"):
        assert tess.post(f"/cohortes/{other}/inviter/{number}/{verb}").status_code == 404
        assert tess.post(f"{place}/{number}/{verb}").status_code == 404
    with Session(engines.read) as db:
        assert db.scalars(select(Invitation.withdrawn_at)).all() == [None]
