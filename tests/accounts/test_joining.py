"""A guest signs in to an account: what they did is asked about, joined or left, never twice and never by another."""

import re
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.actions import accounts, learning, writing
from app.db import Engines
from app.models import AuditEvent, Person, Profile, SignIn, StepProgress
from tests.build import DEMO, enrolment, walk
from tests.cast import PASSWORD, Cast, address
from tests.client import Client


def begun(client: Client, cast: Cast, engines: Engines, steps: int = 3) -> Client:
    """Gus has done some steps on this device."""
    with Session(engines.write) as db:
        walk(db, cast.gus, steps=steps)
        db.commit()
    return client.sign_in(cast.gus)


def sign_in(client: Client, **more: str) -> str:
    """Where the right password leads."""
    answer = client.post("/connexion", email=address("lea"), password=PASSWORD, suite="/kits", **more)
    assert answer.status_code == 303
    return str(answer.location)


def hidden(html: str) -> dict[str, str | list[str]]:
    return dict(re.findall(r'<input type="hidden" name="(pour|suite|garder)" value="([^"]*)">', html))


def steps(engines: Engines, person_id: int) -> int:
    with Session(engines.read) as db:
        number = enrolment(db, person_id)
        return db.scalar(select(func.count()).where(StepProgress.enrolment_id == number)) or 0


def device(client: Client) -> str:
    cookie = client.web.get_cookie("session")
    assert cookie
    return cookie.value


def test_the_right_password_leads_to_a_question_that_counts(client: Client, cast: Cast, engines: Engines) -> None:
    begun(client, cast, engines)
    question = client.get(sign_in(client)).text
    assert "Reprendre ces 3 étapes dans votre compte" in question
    assert "le tour des étapes" in question
    assert "3 étapes terminées" in question
    assert "dans le carnet" in question
    assert "90 jours" in question
    assert address("lea") in question
    assert "Bonjour Lea" not in client.get("/mon-chemin").text  # nobody is signed in until the answer


def test_to_take_joins_the_steps_and_opens_the_account(client: Client, cast: Cast, engines: Engines) -> None:
    begun(client, cast, engines)
    question = client.get(sign_in(client, keep="1")).text
    before = device(client)
    answer = client.send("/connexion/reprendre", hidden(question) | {"choice": "join"})
    assert (answer.status_code, answer.location) == (303, "/kits")
    assert "Max-Age=7776000" in answer.headers["Set-Cookie"]
    assert device(client) != before
    assert "Bonjour Lea" in client.get("/mon-chemin").text
    assert steps(engines, cast.lea) == 3
    with Session(engines.read) as db:
        assert db.get_one(Person, cast.gus).merged_into_id == cast.lea
        assert db.scalar(select(func.count()).where(AuditEvent.verb == "guest.leave")) == 0


def test_to_leave_opens_the_account_and_closes_the_guest_here(client: Client, cast: Cast, engines: Engines) -> None:
    begun(client, cast, engines)
    question = client.get(sign_in(client)).text
    answer = client.send("/connexion/reprendre", hidden(question) | {"choice": "leave"})
    assert (answer.status_code, answer.location) == (303, "/kits")
    assert "Bonjour Lea" in client.get("/mon-chemin").text
    with Session(engines.read) as db:
        assert db.get_one(Person, cast.gus).merged_into_id is None
        assert all(row.ended_at for row in db.scalars(select(SignIn).where(SignIn.person_id == cast.gus)))
        trace = db.scalars(select(AuditEvent).where(AuditEvent.verb == "guest.leave")).one()
        assert (trace.object, trace.by_id) == (f"person:{cast.gus}", cast.lea)


def test_a_guest_who_has_done_nothing_is_asked_nothing(client: Client, cast: Cast, engines: Engines) -> None:
    client.sign_in(cast.gus)
    assert sign_in(client) == "/kits"
    assert "Bonjour Lea" in client.get("/mon-chemin").text


def test_a_single_note_is_worth_a_question(client: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.write) as db:
        uid = learning.enrol(db, cast.gus, DEMO, None)
        writing.save_notes(db, cast.gus, DEMO, {(str(uid), "notes"): "une idée"})
        db.commit()
    client.sign_in(cast.gus)
    question = client.get(sign_in(client)).text
    assert "Reprendre dans votre compte ce que vous avez fait" in question
    assert "1 note dans le carnet" in question


def test_what_one_said_of_one_s_organisation_is_worth_a_question_and_follows(
    client: Client, cast: Cast, engines: Engines
) -> None:
    client.sign_in(cast.gus).post("/mon-profil", actor="associations")
    question = client.get(sign_in(client)).text
    assert "ce que vous avez dit de votre organisation" in question
    client.send("/connexion/reprendre", hidden(question) | {"choice": "join"})
    with Session(engines.read) as db:
        assert db.get_one(Profile, cast.lea).actor == "associations"


def test_the_answer_counts_for_this_device_and_this_guest_alone(
    client: Client, cast: Cast, engines: Engines, app: object
) -> None:
    begun(client, cast, engines)
    question = sign_in(client)
    posted = hidden(client.get(question).text) | {"choice": "join"}
    copy = Client(client.web.application, client.settings, engines).sign_in(cast.gus)  # the same guest elsewhere
    other = Client(client.web.application, client.settings, engines)
    with Session(engines.write) as db:
        stranger = accounts.become_guest(db, "fr")
        db.commit()
    for thief in (copy, other, other.sign_in(stranger)):
        assert thief.get(question).location.startswith("/connexion?")
        assert thief.send("/connexion/reprendre", posted).location.startswith("/connexion?")
        assert "Bonjour Lea" not in thief.get("/mon-chemin").text
    with Session(engines.read) as db:
        assert db.get_one(Person, cast.gus).merged_into_id is None


def test_the_answer_counts_once_and_for_ten_minutes(client: Client, cast: Cast, engines: Engines) -> None:
    begun(client, cast, engines)
    posted = hidden(client.get(sign_in(client)).text) | {"choice": "leave"}
    secret = device(client)
    clock.freeze(clock.now() + timedelta(minutes=10))
    assert client.send("/connexion/reprendre", posted).location.startswith("/connexion?")
    posted = hidden(client.get(sign_in(client)).text) | {"choice": "leave"}
    assert client.send("/connexion/reprendre", posted).location == "/kits"
    client.web.set_cookie("session", secret)  # the old cookie again, with the old answer
    replay = client.send("/connexion/reprendre", posted | {"choice": "join"})
    assert replay.location.startswith("/connexion?")
    with Session(engines.read) as db:
        assert db.get_one(Person, cast.gus).merged_into_id is None


def test_a_changed_password_or_a_changed_answer_opens_nothing(client: Client, cast: Cast, engines: Engines) -> None:
    begun(client, cast, engines)
    posted = hidden(client.get(sign_in(client)).text) | {"choice": "join"}
    number, until, seal = str(posted["pour"]).split(".")
    lies = (f"{cast.ada}.{until}.{seal}", f"{number}.{int(until) + 60}.{seal}", f"{number}.{until}.", "", "é.1.2")
    for lie in (*lies, f"{number}.{until}.{'0' * 64}"):
        assert client.send("/connexion/reprendre", posted | {"pour": lie}).location.startswith("/connexion?")
    with Session(engines.write) as db:
        db.get_one(Person, cast.lea).password_hash = "another"
        db.commit()
    assert client.send("/connexion/reprendre", posted).location.startswith("/connexion?")
    assert "Bonjour Lea" not in client.get("/mon-chemin").text


def test_no_answer_is_no_consent(client: Client, cast: Cast, engines: Engines) -> None:
    begun(client, cast, engines)
    posted = hidden(client.get(sign_in(client)).text)
    for choice in ("", "both"):
        assert client.send("/connexion/reprendre", posted | {"choice": choice}).location.startswith("/connexion?")
    assert steps(engines, cast.gus) == 3
    without_token = client.web.post("/connexion/reprendre", data=posted | {"choice": "join"})
    assert without_token.status_code == 403
