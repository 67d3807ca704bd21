"""Signing in and out, on both databases: rows end, cookies change, a guest is warned, nothing leaves this site."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import accounts, passwords
from app.db import Engines
from app.errors import Refused
from app.models import AuditEvent, RateCount, SignIn, token_hash
from tests.cast import PASSWORD, Cast, address, make_cast
from tests.client import Client


@pytest.fixture
def cast(engines: Engines, noon: object) -> Cast:
    """Everybody, without any course: signing in needs none."""
    with Session(engines.write) as db:
        found = make_cast(db)
        db.commit()
    return found


def cookie(client: Client) -> str:
    found = client.web.get_cookie("session")
    assert found is not None
    return found.value


def sign_ins(engines: Engines, person_id: int) -> list[SignIn]:
    with Session(engines.read) as db:
        return list(db.scalars(select(SignIn).where(SignIn.person_id == person_id).order_by(SignIn.id)))


def test_the_cookie_changes_when_a_person_signs_in(client: Client) -> None:
    client.get("/connexion")
    before = cookie(client)
    answer = client.post("/connexion", email=f" {address('lea').upper()} ", password=PASSWORD, suite="/kits")
    assert (answer.status_code, answer.location) == (303, "/kits")
    assert cookie(client) != before


def test_only_the_digest_of_the_cookie_is_kept(client: Client, cast: Cast, engines: Engines) -> None:
    client.post("/connexion", email=address("lea"), password=PASSWORD)
    row = sign_ins(engines, cast.lea)[-1]
    assert row.token_hash == token_hash(cookie(client))
    assert cookie(client) not in row.token_hash


def test_a_sign_in_kept_on_the_device_lasts_and_another_one_does_not(
    client: Client, cast: Cast, engines: Engines
) -> None:
    kept = client.post("/connexion", email=address("lea"), password=PASSWORD, keep="1")
    assert "Max-Age=7776000" in kept.headers["Set-Cookie"]
    assert "HttpOnly" in kept.headers["Set-Cookie"]
    assert "SameSite=Lax" in kept.headers["Set-Cookie"]
    client.post("/deconnexion")
    short = client.post("/connexion", email=address("lea"), password=PASSWORD)
    assert "Max-Age" not in short.headers["Set-Cookie"]
    first, second = sign_ins(engines, cast.lea)
    assert first.ended_at is not None
    assert second.expires_at - second.started_at == accounts.SHORT


def test_an_expired_sign_in_recognises_nobody(client: Client, cast: Cast) -> None:
    client.sign_in(cast.lea)
    assert client.get("/mon-chemin/carnet").status_code == 200
    clock.freeze(clock.now() + timedelta(days=1, seconds=1))
    answer = client.get("/mon-chemin/carnet")
    assert (answer.status_code, answer.location) == (303, "/connexion?suite=/mon-chemin/carnet")


def test_acting_prolongs_a_sign_in_every_five_minutes_at_most(client: Client, cast: Cast, engines: Engines) -> None:
    client.sign_in(cast.lea)
    start = clock.now()
    for minutes, seen in ((4, 0), (6, 6), (9, 6), (30, 30)):
        clock.freeze(start + timedelta(minutes=minutes))
        client.post("/langue", lang="fr")
        row = sign_ins(engines, cast.lea)[0]
        assert row.last_seen_at == start + timedelta(minutes=seen)
        assert row.expires_at == row.last_seen_at + timedelta(days=1)


def test_reading_writes_nothing(client: Client, cast: Cast, engines: Engines) -> None:
    client.sign_in(cast.lea)
    before = sign_ins(engines, cast.lea)[0].last_seen_at
    clock.freeze(clock.now() + timedelta(hours=2))
    client.get("/mon-chemin")
    assert sign_ins(engines, cast.lea)[0].last_seen_at == before


def test_a_disabled_person_is_recognised_no_more(client: Client, cast: Cast, engines: Engines) -> None:
    from app.models import Person

    client.sign_in(cast.lea)
    with Session(engines.write) as db:
        db.get_one(Person, cast.lea).disabled_at = clock.now()
        db.commit()
    assert client.get("/mon-chemin/carnet").status_code == 303
    assert client.post("/connexion", email=address("lea"), password=PASSWORD).status_code != 303


def test_a_guest_who_did_nothing_signs_in_at_once(client: Client, cast: Cast, engines: Engines) -> None:
    client.sign_in(cast.gus)
    assert "sans compte sur cet appareil" in client.get("/connexion").text
    answer = client.post("/connexion", email=address("lea"), password=PASSWORD, suite="/kits")
    assert (answer.status_code, answer.location) == (303, "/kits")
    assert sign_ins(engines, cast.gus)[0].ended_at is not None
    with Session(engines.read) as db:
        trace = db.scalars(select(AuditEvent).where(AuditEvent.verb == "guest.leave")).one()
    assert (trace.object, trace.by_id) == (f"person:{cast.gus}", cast.lea)


def test_an_invalid_form_keeps_the_address_and_never_the_password(client: Client) -> None:
    empty = client.post("/connexion", email="", password="")
    assert empty.status_code == 422
    assert 'href="#email"' in empty.text
    wrong = client.post("/connexion", email=address("lea"), password="un secret faux")
    assert address("lea") in wrong.text
    assert "un secret faux" not in wrong.text


def test_succeeding_gives_the_tries_back(client: Client, engines: Engines) -> None:
    for _ in range(9):
        client.post("/connexion", email=address("noe"), password="pas le bon mot de passe")
    assert client.post("/connexion", email=address("noe"), password=PASSWORD).status_code == 303
    with Session(engines.read) as db:
        buckets = db.scalars(select(RateCount.bucket)).all()
    assert not [bucket for bucket in buckets if bucket.startswith("account:")]
    assert not [bucket for bucket in buckets if address("noe") in bucket]


def test_the_brake_opens_with_the_next_window(client: Client) -> None:
    for _ in range(11):
        answer = client.post("/connexion", email=address("noe"), password="pas le bon mot de passe")
    assert answer.status_code == 429
    assert "Trop d’essais" in answer.text
    clock.freeze(clock.now() + timedelta(seconds=int(answer.headers["Retry-After"])))
    assert client.post("/connexion", email=address("noe"), password=PASSWORD).status_code == 303


def test_choosing_a_language_is_kept_for_the_person_and_on_the_device(client: Client, cast: Cast) -> None:
    client.sign_in(cast.lea)
    answer = client.post("/langue", lang="en", suite="/kits")
    assert (answer.status_code, answer.location) == (303, "/kits")
    preference = client.web.get_cookie("lang")
    assert preference is not None
    assert preference.value == "en"
    client.web.delete_cookie("lang")
    assert '<html lang="en"' in client.get("/kits").text


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    assert client.post("/langue", lang="xx").status_code == 303
    assert client.web.get_cookie("lang") is None


@pytest.mark.parametrize("email", ["", "lea", "lea@", "@x.fr", "lea@x", "a b@x.fr", "lea@x..fr", "x" * 300 + "@x.fr"])
def test_an_address_that_is_not_one_is_refused(email: str) -> None:
    with pytest.raises(Refused) as refusal:
        accounts.clean_email(email)
    assert refusal.value.field == "email"


def test_a_password_is_as_typed_on_any_keyboard(engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        hashed = passwords.digest("forêt-forêt-forêt")
        zoe = accounts.create_person(db, "zoe@balises.example", hashed, name="Zoé", role=None, by=None).id
        db.commit()
    with Session(engines.read) as db:
        found = passwords.check(db, "zoe@balises.example", "fore\u0302t-fore\u0302t-fore\u0302t")
        assert found is not None
        assert found.person_id == zoe
        assert passwords.check(db, "zoe@balises.example", "foret-foret-foret") is None
        assert passwords.check(db, "personne@balises.example", "forêt-forêt-forêt") is None


def test_a_short_password_is_refused() -> None:
    with pytest.raises(Refused, match="8"):
        passwords.digest("court")
