"""What whoever holds a code reads, and what the learner does with their own."""

import io
import json
from datetime import timedelta

import pypdf
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.actions import attestations, learning
from app.attest import documents, pages, views
from app.config import Settings
from app.db import Engines, erasure
from app.models import Person, RateCount, Revocation, Summary
from app.outside import pdf, sign
from app.policy import Me
from app.reads.attestations import by_code, in_groups
from tests.build import DEMO, walk
from tests.cast import Cast
from tests.client import Client
from tests.conftest import NOON

OWN = "/parcours/demo/bilan/attestation"


@pytest.fixture
def code(engines: Engines, cast: Cast) -> str:
    """Léa's."""
    with Session(engines.write) as db:
        learning.enrol(db, cast.lea, DEMO, 24)
        walk(db, cast.lea)
        db.commit()
        return db.scalars(select(Summary.code)).one()


def test_a_code_typed_any_way_leads_to_its_page(client: Client, code: str) -> None:
    typed = in_groups(code).lower().replace(" ", "-").replace("0", "o").replace("1", "l")
    assert client.get(f"/verifier?code={typed}").location == f"/verifier/{code}"
    assert client.get(f"/verifier/{typed}").location == f"/verifier/{code}"
    short = client.get("/verifier?code=K7QF")
    assert short.status_code == 422
    assert 'value="K7QF"' in short.text


def test_every_page_leads_to_the_verification(client: Client) -> None:
    for path in ("/", "/parcours", "/kits", "/nulle-part"):
        assert '<a href="/verifier">Vérifier une attestation</a>' in client.get(path).text, path


def test_a_stranger_reads_the_signed_facts_without_the_name(client: Client, code: str) -> None:
    answer = client.get(f"/verifier/{code}")
    assert answer.status_code == 200
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "Attestation authentique" in answer.text
    assert "Lea" not in answer.text
    for name, said in (("lea", "Oui."), ("Noé", "Non.")):
        compared = client.post(f"/verifier/{code}", name=name)
        assert compared.status_code == 200
        assert said in compared.text
    assert client.post(f"/verifier/{code}", name=" ").status_code == 422


def test_the_name_is_shown_when_they_agree_and_until_they_no_longer_do(
    client: Client, app: Flask, settings: Settings, engines: Engines, cast: Cast, code: str
) -> None:
    lea = Client(app, settings, engines).sign_in(cast.lea)
    assert lea.post("/attestations/nom", show="oui", suite=OWN).location == OWN
    assert "Lea" in client.get(f"/verifier/{code}").text
    lea.post("/attestations/nom", show="non", suite=OWN)
    assert "Lea" not in client.get(f"/verifier/{code}").text


def test_an_unknown_code_says_so(client: Client, code: str) -> None:
    answer = client.get("/verifier/" + "Z" * 16)
    assert answer.status_code == 404
    assert "Code inconnu" in answer.text
    for odd in ("/verifier/%F0%9F%98%80", "/verifier/" + "a" * 200, "/verifier/'%20or%201=1", "/verifier/x"):
        assert client.web.get(odd, follow_redirects=True).status_code == 404


def test_replaced_revoked_withdrawn_and_altered_say_so(client: Client, engines: Engines, cast: Cast, code: str) -> None:
    with Session(engines.write) as db:
        minutes = db.scalars(select(Summary.format_minutes)).one()
        new = attestations.correct_own(db, cast.lea, DEMO, minutes, "Léa Martin")
        db.commit()
    replaced = client.get(f"/verifier/{code}").text
    assert "Attestation remplacée" in replaced
    assert f'href="/verifier/{new}"' in replaced
    with Session(engines.write) as db:
        attestations.revoke(db, new, Revocation.MISTAKE, by=None)
        db.commit()
    revoked = client.get(f"/verifier/{new}").text
    assert "Attestation révoquée" in revoked
    assert "établie par erreur" in revoked
    with Session(engines.write) as db, erasure(db):
        found = db.scalars(select(Summary).where(Summary.code == new)).one()
        found.snapshot = {**found.snapshot, "credited_minutes": 720}
        db.flush()
        db.commit()
    altered = client.get(f"/verifier/{new}").text
    assert "ne correspond pas à sa signature" in altered
    assert "Heures créditées" not in altered
    with Session(engines.write) as db, erasure(db):
        db.scalars(select(Summary).where(Summary.code == new)).one().withdrawn_at = clock.now()
        db.flush()
        db.commit()
    assert "Attestation retirée" in client.get(f"/verifier/{new}").text


def test_codes_are_not_guessed_nor_names_looked_for(
    client: Client, engines: Engines, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "CODES_BY_PLACE", 3)
    guesses = [client.get(f"/verifier/{n:016d}").status_code for n in range(5)]
    assert guesses == [404, 404, 404, 429, 429]
    assert int(client.get(f"/verifier/{code}").headers["Retry-After"]) > 0
    with Session(engines.read) as db:  # the one row that a GET may cause
        assert db.scalar(select(func.count()).select_from(RateCount)) == 1
    answers = [client.post(f"/verifier/{code}", name=f"Name {n}").status_code for n in range(views.NAMES_BY_PLACE + 1)]
    assert answers == [200] * views.NAMES_BY_PLACE + [429]
    clock.freeze(NOON + timedelta(minutes=31))
    assert client.get(f"/verifier/{code}").status_code == 200


def test_the_learner_corrects_their_name(client: Client, engines: Engines, cast: Cast, code: str) -> None:
    client.sign_in(cast.lea)
    page = client.get(OWN)
    assert in_groups(code) in page.text
    assert "Lea" in page.text
    refused = client.post(OWN, name=" ")
    assert refused.status_code == 422
    assert "Écrivez le nom" in refused.text
    assert client.post(OWN, name="Léa Martin").status_code == 303
    again = client.get(OWN).text
    assert "Léa Martin" in again
    assert in_groups(code) not in again
    with Session(engines.read) as db:
        assert db.get_one(Person, cast.lea).name == "Léa Martin"


def test_the_signature_is_checked_without_this_site(client: Client, cast: Cast, code: str) -> None:
    client.sign_in(cast.lea)
    mine = json.loads(client.get(f"{OWN}.json").text)
    published = {key["key"]: key["ed25519"] for key in json.loads(client.get("/cles.json").text)}
    public = published[mine["statement"]["key"]]
    assert public in client.get("/cles").text
    assert sign.verifies(public, mine["signature"], mine["statement"])
    mine["statement"]["says"]["name"] = "Noé"
    assert not sign.verifies(public, mine["signature"], mine["statement"])


def words_of(content: bytes) -> str:
    return " ".join(pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text().split(" "))


def test_the_pdf_is_one_a4_that_can_be_heard_and_read(client: Client, cast: Cast, code: str) -> None:
    client.sign_in(cast.lea)
    answer = client.get(f"{OWN}.pdf")
    assert answer.content_type == "application/pdf"
    document = pypdf.PdfReader(io.BytesIO(answer.data))
    assert len(document.pages) == 1
    assert [round(float(side)) for side in document.pages[0].mediabox[2:]] == [595, 842]
    assert document.trailer["/Root"]["/Lang"] == "fr"
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = words_of(answer.data)
    for words in ("Attestation de suivi", "Lea", in_groups(code), "Étapes terminées", "Heures créditées", "\u00a0»"):
        assert words in text
    assert "ni un diplôme ni une certification" in text


def test_typst_has_nothing_to_say_and_any_name_is_set(
    engines: Engines, settings: Settings, cast: Cast, code: str
) -> None:
    with Session(engines.read) as db:
        person, found = db.get_one(Person, cast.lea), by_code(db, code)
        assert found
        me = Me(person.id, False, person.name, person.email, "fr", person.zone, 1, clock.now())
        page = pages.attestation(db, me, settings, DEMO, None)
    words = documents.words(page)
    names = ("Éloïse\u202f; d’Œuvre", "Łukasz Ελένη", "王小明", 'A 👩‍👧 \\ "b" #strong[x] $x$', "x" * 120)
    for name in names:
        content, warnings = pdf.compiled("attestation", {**words, "name": name})
        assert warnings == []
        if name == names[0]:
            assert name in words_of(content)
        if "#" in name:
            assert "#strong[x] $x$" in words_of(content)
    long = {**words, "objectives": [words["objectives"][0] * 4] * 5, "provenance": words["provenance"] * 2}
    assert len(pypdf.PdfReader(io.BytesIO(pdf.document("attestation", long))).pages) == 1
