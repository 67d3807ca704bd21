"""Who administers finds an attestation by its code, has it under another name, or revokes it and says why."""

from urllib.parse import quote

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Engines
from app.models import AuditEvent, Summary
from app.reads.attestations import in_groups
from tests.build import walk
from tests.cast import Cast
from tests.client import Client
from tests.learn.test_diagnostic import plain

HERE = "/administration/attestations"


@pytest.fixture
def code(engines: Engines, cast: Cast) -> str:
    """Of Léa's attestation."""
    with Session(engines.write) as db:
        walk(db, cast.lea)
        db.commit()
        return db.scalars(select(Summary.code)).one()


def traced(engines: Engines) -> list[tuple[str, int | None]]:
    with Session(engines.read) as db:
        events = select(AuditEvent).where(AuditEvent.verb.startswith("attestation.")).order_by(AuditEvent.id)
        return [(event.verb, event.by_id) for event in db.scalars(events)]


def test_a_name_is_corrected_and_the_journal_says_by_whom(
    client: Client, cast: Cast, code: str, engines: Engines
) -> None:
    ada = client.sign_in(cast.ada)
    assert "Voir ce que lit qui vérifie" in plain(
        ada.get(f"{HERE}?code={in_groups(code).lower().replace(' ', '+')}").text
    )
    refused = ada.post(f"{HERE}/correction", code=code, name=" ")
    assert (refused.status_code, 'aria-describedby="name-err"' in refused.text) == (422, True)
    done = ada.send(f"{HERE}/correction", {"code": code, "name": "Léa Martin-Dubreuil"}, follow=True)
    assert "Voici la nouvelle, avec son code." in plain(done.text)
    assert "Léa Martin-Dubreuil" in done.text
    assert "Attestation remplacée" in client.get(f"/verifier/{code}").text
    assert "remplacée" in ada.get(f"{HERE}?code={code}").text
    assert traced(engines) == [("attestation.correct", cast.ada)]


def test_one_is_revoked_once_with_its_reason(client: Client, cast: Cast, code: str, engines: Engines) -> None:
    ada = client.sign_in(cast.ada)
    for wrong in ("", "parce que"):
        refused = ada.post(f"{HERE}/revocation", code=code, reason=wrong)
        assert (refused.status_code, "Dites pourquoi." in refused.text) == (422, True)
    for _time in range(2):
        done = ada.send(f"{HERE}/revocation", {"code": code, "reason": "identity"}, follow=True)
        assert "L’attestation est révoquée." in plain(done.text)
    assert "révoquée : elle ne concerne pas la personne nommée" in plain(done.text)
    assert 'action="/administration/attestations/' not in done.text
    assert "elle ne concerne pas la personne nommée" in plain(client.get(f"/verifier/{code}").text)
    assert traced(engines) == [("attestation.revoke", cast.ada)]


@pytest.mark.parametrize("typed", ["K7QF", "Z" * 16, "é" * 80])
def test_a_code_that_nothing_bears_is_said_beside_it(client: Client, cast: Cast, typed: str) -> None:
    answer = client.sign_in(cast.ada).get(f"{HERE}?code={quote(typed)}")
    assert answer.status_code == 422
    assert "Aucune attestation de ce site ne porte ce code." in plain(answer.text)
    assert 'aria-describedby="code-err code-help"' in answer.text
