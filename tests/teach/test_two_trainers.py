"""Two trainers, two cohorts, a member of both: nothing of the other's, at any address and with any number."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.actions import assignments, cohorts, learning, memberships, sessions, writing
from app.actions.sessions import WantedSession
from app.config import Settings
from app.db import Base, Engines
from app.models import (
    AuditEvent,
    Cohort,
    CohortLink,
    CohortMessage,
    Comment,
    Invitation,
    Message,
    Shared,
    Sharing,
    token_hash,
)
from app.models.assigned import Dates, Wanted
from tests.build import DEMO
from tests.cast import Cast
from tests.client import Client
from tests.conftest import NOON

SECRET = "zzsecret"
"""In every word of Tarik's cohort."""
STEP = "demo-lecture"
HELD = {"token"}
"""Secrets: whoever holds one may open what it opens."""
WORDS = {"slug": DEMO, "uid": STEP}
"""Of the courses, the same for everybody."""
OWN = {"teach.unshare", "teach.create_card"}
"""Takes back one’s own; cards are for guests: both answer the same whatever the number, and nothing moves."""
BODY: dict[str, str | list[str]] = {
    "name": "Autre",
    "zone": "Europe/Paris",
    "email": "tess@balises.example",
    "text": "Bonjour",
    "subject": "Bonjour",
    "copy_name": "Copie",
    "copy_starts_on": "2027-01-04",
    "starts_on": "2026-12-01",
    "ends_on": "2026-12-18",
    "title": "Atelier",
    "on": "2026-12-03",
    "at": "14:00",
    "minutes": "60",
    "place": "Salle 2",
    "due_on": "2026-12-18",
    "pathway": DEMO,
    "parcours": DEMO,
    "format": "24",
    "due_days": "10",
    "reason": "Fait sur papier",
    "addresses": "a@b.fr",
    "verdict": "valid",
    "what": "notes",
    "uid": STEP,
    "confirm": "oui",
    "suite": "/",
}
"""What would satisfy most forms: a refusal is not for want of a field."""
PICKED = (
    "membership",
    "memberships",
    "members",
    "membres",
    "people",
    "personnes",
    "person",
    "choisis",
    "cohorte",
    "invitation",
)
"""Names under which a form may send numbers."""


@pytest.fixture
def settings(sqlite_settings: Settings) -> Settings:
    """On one database: the finders are the same, their own tests run on both."""
    return sqlite_settings


Ids = dict[str, int]


@pytest.fixture
def both(engines: Engines, cast: Cast) -> tuple[Ids, Ids]:
    """What the addresses of Tarik's cohort, then of Tess's, may hold. Léa is in both, and shows a text to his alone."""
    with Session(engines.write) as db:
        learning.enrol(db, cast.lea, DEMO, 24)
        writing.save_notes(db, cast.lea, DEMO, {(STEP, "seul"): f"texte {SECRET}"})
        found = _cohort(db, cast.tarik, cast.lea, SECRET), _cohort(db, cast.tess, cast.lea, "jardins")
        told = {"person_id": cast.lea, "cohort_id": found[0]["number"], "uid": STEP}
        db.add(Sharing(**told, what=Shared.NOTES, given_at=NOON))
        db.add(Comment(**told, by_id=cast.tarik, text=f"mot {SECRET}", key="a comment", at=NOON))
        db.commit()
    return found


def _cohort(db: Session, trainer: int, member: int, word: str) -> Ids:
    """A cohort with everything that an address may name."""
    number = cohorts.create_cohort(db, trainer, cohorts.Wanted(f"Groupe {word}", "Europe/Paris"), key=f"key {word}")
    membership = memberships.join(db, number, member, name=f"Léa {word}", structure=f"Association {word}")
    asked = Wanted(DEMO, 24, Dates(date(2026, 11, 25), date(2026, 12, 18)))
    workshop = WantedSession(f"Atelier {word}", date(2026, 12, 3), time(14), 60, place=f"Salle {word}")
    secret = {"created_at": NOON, "created_by": trainer, "expires_at": NOON + timedelta(days=30)}
    hashed = {"token_hash": token_hash(word)}
    invitation = Invitation(cohort_id=number, email=f"{word}@exemple.fr", name=f"Invité {word}", **hashed, **secret)
    link = CohortLink(cohort_id=number, code_hash=token_hash(f"code {word}"), uses_left=30, **hashed, **secret)
    message = CohortMessage(cohort_id=number, text=f"Message {word}", offset_days=-7, key=f"key {word}")
    db.add_all([invitation, link, message])
    db.flush()
    return {
        "number": number,
        "membership": membership.id,
        "given": assignments.assign(db, trainer, number, asked, key=f"key {word}"),
        "event": sessions.create_session(db, trainer, number, workshop, key=f"key {word}"),
        "invitation": invitation.id,
        "link": link.id,
        "message": message.id,
        "trainer": trainer,
    }


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("teach.")]


def numbered(app: Flask) -> Iterator[tuple[Rule, list[str]]]:
    """The addresses that hold numbers, and the names of these."""
    for rule in rules(app):
        names = [name for name in sorted(rule.arguments) if name not in WORDS]
        if names and not HELD & rule.arguments:
            yield rule, names


def test_every_number_of_an_address_is_known_here(app: Flask, both: tuple[Ids, Ids]) -> None:
    unknown = {rule.rule for rule, names in numbered(app) if not both[0].keys() >= set(names)}
    assert unknown == set(), "add what it names to `_cohort`"
    assert len(list(numbered(app))) > 10


def test_nothing_of_tarik_s_cohort_is_there_for_tess_and_nothing_of_it_moves(
    app: Flask, settings: Settings, engines: Engines, cast: Cast, both: tuple[Ids, Ids]
) -> None:
    his, hers = both
    tess = Client(app, settings, engines).sign_in(cast.tess)
    before, wrong = everything(engines, his["number"]), {}
    for rule, names in numbered(app):
        for owners in product((his, hers), repeat=len(names)):
            if all(owner is hers for owner in owners):
                continue  # her own
            ids = {name: owner[name] for name, owner in zip(names, owners, strict=True)}
            answer = ask(app, tess, rule, ids, BODY)
            if (answer.status_code != 404 and rule.endpoint not in OWN) or SECRET in answer.text:
                wrong[f"{rule.endpoint} {ids}"] = answer.status_code
    assert wrong == {}
    assert everything(engines, his["number"]) == before


def test_her_own_pages_say_nothing_of_his_cohort_even_of_who_is_in_both(
    app: Flask, settings: Settings, engines: Engines, cast: Cast, both: tuple[Ids, Ids]
) -> None:
    """Forms of her own cohort are sent with his numbers in them, and lead to no row of his."""
    his, hers = both
    tess = Client(app, settings, engines).sign_in(cast.tess)
    before, said = everything(engines, his["number"]), {}
    picked = {name: [str(his.get(name, his["membership"]))] for name in PICKED} | {"cohorte": [str(his["number"])]}
    for rule in sorted(rules(app), key=lambda rule: "POST" in (rule.methods or ())):
        if not HELD & rule.arguments:
            answer = ask(app, tess, rule, {name: hers[name] for name in rule.arguments - WORDS.keys()}, BODY | picked)
            if SECRET in answer.text or answer.status_code >= 500:
                said[rule.endpoint] = answer.status_code
    assert said == {}
    assert everything(engines, his["number"]) == before


def test_the_numbers_are_good_tarik_opens_each_of_his_pages(
    app: Flask, settings: Settings, engines: Engines, cast: Cast, both: tuple[Ids, Ids]
) -> None:
    """But for the card of a link, whose secret this site's key makes: not of a row made here."""
    tarik, closed = Client(app, settings, engines).sign_in(cast.tarik), {}
    for rule, _names in numbered(app):
        if "GET" in (rule.methods or ()) and not rule.rule.startswith("/mes-cohortes"):
            ids = {name: both[0][name] for name in rule.arguments - WORDS.keys()}
            if (status := ask(app, tarik, rule, ids, {}).status_code) not in (200, 303):
                closed[rule.endpoint] = status
    assert closed == {"teach.invite_card": 404}


def ask(app: Flask, client: Client, rule: Rule, ids: Ids, body: dict[str, str | list[str]]):  # type: ignore[no-untyped-def]
    with app.test_request_context():
        values = {**ids, **{name: word for name, word in WORDS.items() if name in rule.arguments}}
        path = app.url_map.bind("").build(
            rule.endpoint, values, method="GET" if "GET" in (rule.methods or ()) else "POST"
        )
    return client.get(path) if "GET" in (rule.methods or ()) else client.send(path, dict(body))


def everything(engines: Engines, cohort: int) -> dict[str, list[object]]:
    """Every row of a cohort, its mails and its traces."""
    with Session(engines.read) as db:
        tables = {table.name: table for table in Base.metadata.sorted_tables if "cohort_id" in table.c}
        found = {name: _rows(db, select(table).where(table.c.cohort_id == cohort)) for name, table in tables.items()}
        found["cohort"] = _rows(db, select(Cohort.__table__).where(Cohort.id == cohort))
        found["trace"] = _rows(db, select(AuditEvent.verb).where(AuditEvent.object == f"cohort:{cohort}"))
        found["message"] = _rows(db, select(Message.address).where(Message.address.contains(SECRET)))
    return found


def _rows(db: Session, query) -> list[object]:  # type: ignore[no-untyped-def]
    return sorted(map(str, db.execute(query)))
