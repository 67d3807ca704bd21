"""What is signed stays what it says: any change is seen, by anyone; corrected, revoked, withdrawn say so."""

import base64
import copy
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import clock
from app.actions import attestations, keys, learning
from app.config import Settings
from app.db import Engines, erasure, issuer
from app.errors import Missing, Refused
from app.models import Agreed, AuditEvent, Consent, Person, Revocation, Summary, statement
from app.outside import sign
from app.reads import attestations as reads
from app.reads.attestations import Standing
from tests.build import DEMO, walk
from tests.cast import Cast


@pytest.fixture
def code(engines: Engines, cast: Cast) -> str:
    """Léa's."""
    with Session(engines.write) as db:
        learning.enrol(db, cast.lea, DEMO, 24)
        walk(db, cast.lea)
        db.commit()
        return db.scalars(select(Summary.code)).one()


def found(db: Session, code: str) -> reads.Attestation:
    attestation = reads.by_code(db, code)
    assert attestation is not None
    return attestation


def test_a_finished_pathway_is_attested_and_signed(db: Session, cast: Cast, code: str, settings: Settings) -> None:
    summary = found(db, code).summary
    assert found(db, code).standing is Standing.VALID
    assert summary.snapshot["name"] == "Lea"
    assert summary.snapshot["site"] == settings.public_url
    assert sum(summary.snapshot["evidence"].values()) > 0
    assert summary.statement["purpose"] == "balises/attestation/1"
    assert summary.statement["key"] == summary.key_id


@pytest.mark.parametrize("field", ["name", "organisation", "site", "pathway", "edition", "finished_at", "objectives"])
def test_any_altered_field_is_seen(db: Session, code: str, field: str) -> None:
    summary = found(db, code).summary
    with erasure(db):
        summary.snapshot = {**summary.snapshot, field: "autre"}
    assert found(db, code).standing is Standing.ALTERED


@pytest.mark.parametrize(
    "change", [{"credited_minutes": 9999}, {"steps": 99}, {"evidence": {"quiz": 50}}, {"more": 1}, {"version": 1}]
)
def test_any_altered_count_is_seen(db: Session, code: str, change: dict[str, object]) -> None:
    summary = found(db, code).summary
    with erasure(db):
        summary.snapshot = {**summary.snapshot, **change}
    assert found(db, code).standing is Standing.ALTERED


def test_another_code_or_another_day_is_seen(db: Session, code: str) -> None:
    summary = found(db, code).summary
    with erasure(db):
        summary.issued_at += timedelta(seconds=1)
    assert found(db, code).standing is Standing.ALTERED
    with erasure(db):
        summary.issued_at -= timedelta(seconds=1)
        summary.code = "0" * 16
    assert found(db, "0" * 16).standing is Standing.ALTERED


def test_no_signature_is_no_attestation(db: Session, code: str) -> None:
    with erasure(db):
        found(db, code).summary.signature = None
    assert found(db, code).standing is Standing.ALTERED


def test_another_instance_s_does_not_verify(db: Session, code: str, tmp_path: Path) -> None:
    """Signed as well as ours, by a key that this site never published."""
    summary = found(db, code).summary
    theirs = sign.make(tmp_path / "their_key")
    forged = statement(summary.code, summary.issued_at, summary.snapshot, theirs.id)
    assert sign.verifies(theirs.public, theirs.sign(forged), forged)
    with erasure(db):
        summary.signature = theirs.sign(forged)
    assert found(db, code).standing is Standing.ALTERED


def test_an_old_key_still_proves_after_rotation(db: Session, cast: Cast, code: str, settings: Settings) -> None:
    before = found(db, code).summary.key_id
    after = keys.rotate(db, settings.signing_key_file)
    assert found(db, code).standing is Standing.VALID
    walk(db, cast.noe)
    noe = db.scalars(select(Summary).where(Summary.code != code)).one()
    assert noe.key_id == after.id != before
    assert found(db, noe.code).standing is Standing.VALID
    retired = {key.key_id: key.retired_at for key in reads.keys(db)}
    assert retired[before or ""] is not None
    assert retired[after.id] is None


def test_a_key_file_gone_stops_nobody_from_finishing(db: Session, cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "key"
    made = sign.make(path)
    path.unlink()
    assert sign.key(path).id == made.id
    with pytest.raises(sign.WrongKey, match="keys new"):
        sign.key(tmp_path / "never")


def test_the_key_is_its_owner_s_alone_and_new_is_said_once(db: Session, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "key"
    key, done = keys.new(db, path)
    assert done
    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.new(db, path) == (key, False)


def test_a_correction_replaces_in_one_transaction(db: Session, cast: Cast, code: str) -> None:
    old = found(db, code).summary
    new = attestations.correct_own(db, cast.lea, DEMO, old.format_minutes, " Léa  Martin ")
    assert found(db, code).standing is Standing.REPLACED
    assert found(db, code).replaced_by == new
    assert found(db, new).standing is Standing.VALID
    assert found(db, new).summary.snapshot == {**old.snapshot, "name": "Léa Martin"}
    assert db.get_one(Person, cast.lea).name == "Léa Martin"
    assert attestations.correct_own(db, cast.lea, DEMO, old.format_minutes, "Léa Martin") == new  # twice is once
    with pytest.raises(Refused):
        attestations.correct_own(db, cast.lea, DEMO, old.format_minutes, "  ")
    with pytest.raises(Missing):
        attestations.correct_own(db, cast.noe, DEMO, old.format_minutes, "Noé")


def test_corrections_at_once_leave_one_that_stands(engines: Engines, cast: Cast, code: str) -> None:
    with Session(engines.read) as db:
        minutes = found(db, code).summary.format_minutes
    start = threading.Barrier(8)

    def once(_number: int) -> None:
        start.wait()
        with Session(engines.write) as db:
            attestations.correct_own(db, cast.lea, DEMO, minutes, "Léa Martin")
            db.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(once, range(8)))
    with Session(engines.read) as db:
        assert db.scalar(select(func.count()).select_from(Summary)) == 2
        assert db.scalar(select(func.count()).where(Summary.replaced_at.is_(None))) == 1


def test_a_revoked_one_says_so_once_and_is_not_corrected(db: Session, cast: Cast, code: str) -> None:
    minutes = found(db, code).summary.format_minutes
    assert attestations.revoke(db, reads.in_groups(code).lower(), Revocation.MISTAKE, by=cast.ada)
    assert not attestations.revoke(db, code, Revocation.FRAUD, by=cast.ada)
    db.expire_all()
    assert found(db, code).standing is Standing.REVOKED
    assert found(db, code).summary.reason == "mistake"
    with pytest.raises(Refused, match="révoquée"):
        attestations.correct_own(db, cast.lea, DEMO, minutes, "Léa Martin")
    event = db.scalars(select(AuditEvent).where(AuditEvent.verb == "attestation.revoke")).one()
    assert (event.by_id, event.data) == (cast.ada, {"reason": "mistake"})
    with pytest.raises(Refused, match="inconnu"):
        attestations.revoke(db, "0" * 16, Revocation.MISTAKE, by=None)


def test_one_issued_before_the_site_signed_says_so_and_is_signed_when_asked(db: Session, cast: Cast, code: str) -> None:
    summary = found(db, code).summary
    with erasure(db):
        summary.signature = summary.key_id = None
        summary.snapshot = {key: value for key, value in summary.snapshot.items() if key != "site"} | {"version": 1}
    assert found(db, code).standing is Standing.UNSIGNED
    new = attestations.correct_own(db, cast.lea, DEMO, summary.format_minutes, "Lea")
    assert found(db, new).standing is Standing.VALID
    assert found(db, new).summary.snapshot["site"] == issuer(db).site


def test_agreeing_is_done_once_and_undone(db: Session, cast: Cast, code: str) -> None:
    shown = Agreed.NAME_ON_VERIFICATION
    assert not found(db, code).named
    for _time in range(2):
        attestations.agree(db, cast.lea, shown, yes=True)
    assert db.scalar(select(func.count()).select_from(Consent)) == 1
    assert found(db, code).named
    for _time in range(2):
        attestations.agree(db, cast.lea, shown, yes=False)
    assert not found(db, code).named
    assert db.scalar(select(func.count()).select_from(Consent)) == 1


def test_what_the_database_itself_refuses(db: Session, code: str) -> None:
    """A signature is no fate: it is written once, with the rest."""
    with pytest.raises(IntegrityError, match="write-once"):
        db.execute(update(Summary).where(Summary.code == code).values(signature="x"))


@pytest.mark.parametrize("typed", ["k7qf 2m9d-r4tx.8hbw", "K7QF2M9DR4TX8HBW", " k7qf  2m9d r4tx 8hbw "])
def test_a_code_is_read_whatever_its_spelling(typed: str) -> None:
    assert reads.as_code(typed) == "K7QF2M9DR4TX8HBW"
    assert reads.as_code("oOiIlL") == "001111"


@pytest.mark.parametrize("typed", ["Léa Martin", "lea martin", "MARTIN Léa", " Le\u0301a-Martin ", "Lea  MARTIN"])
def test_a_name_is_the_same_whatever_its_spelling(typed: str) -> None:
    assert reads.same_name("Léa Martin", typed)
    assert not reads.same_name("Léa Martin", "Léa")
    assert not reads.same_name("", "")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=12),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=6), inside, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=6), _JSON, max_size=4), st.text(max_size=6), _JSON)
def test_for_any_statement_any_change_breaks_the_signature(says: dict[str, Any], name: str, value: object) -> None:
    try:
        same = sign.canonical({**copy.deepcopy(says), name: value}) == sign.canonical(says)
    except UnicodeEncodeError:
        return
    signature = _KEY.sign(says)
    assert sign.verifies(_KEY.public, signature, says)
    assert sign.verifies(_KEY.public, signature, {**says, name: value}) is same
    assert not sign.verifies(_KEY.public, base64.b64encode(bytes(64)).decode(), says)


def _key() -> sign.Key:
    secret = Ed25519PrivateKey.generate()
    return sign.Key(secret, base64.b64encode(secret.public_key().public_bytes_raw()).decode())


_KEY = _key()


def test_erasure_withdraws(db: Session, engines: Engines, cast: Cast, code: str) -> None:
    with erasure(db):
        found(db, code).summary.withdrawn_at = clock.now()
    assert found(db, code).standing is Standing.WITHDRAWN
