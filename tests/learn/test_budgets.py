"""A page costs as many statements whatever there is to show, and a learner's page six at most, the door's included."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app import create_app
from app.actions import accounts, attestations, authoring, learning, passages
from app.config import Settings
from app.content import course
from app.db import Engines
from app.models import Agreed, SigningKey, Summary
from app.reads import courses
from app.steps import KINDS
from tests.actions.test_editions import READING, edited, publish, with_one_more
from tests.build import DEMO, demo_files, load_demo, walk
from tests.cast import PASSWORD, Cast, address, make_cast
from tests.client import Client
from tests.conftest import NOON

MOST = 6
MANY = 12
ATTESTATION = "/parcours/demo/bilan/attestation"
TOOL = "/kits/kit-demo/outils/carte-de-pret"
PUBLIC = (
    "/",
    "/parcours",
    "/parcours/demo",
    "/kits",
    "/kits/kit-demo",
    TOOL,
    "/exemples/demo-voisins",
    "/par-ou-commencer",
    "/autodiagnostics",
    "/autodiagnostics/demo",
)
OWN = (
    *(
        *PUBLIC,
        "/mon-chemin",
        "/mon-chemin/carnet",
        "/parcours/demo/bilan",
        "/parcours/demo/bilan/plan",
        "/continuer",
        "/continuer/ailleurs",
        "/mon-compte",
    ),
    "/parcours/demo/format",
)


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The SELECTs, INSERTs, UPDATEs and DELETEs that the application sends meanwhile."""
    sent: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.split(None, 1)[0].upper() in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
            sent.append(statement)

    engines: Engines = app.extensions["engines"]
    for engine in (engines.read, engines.write):
        event.listen(engine, "before_cursor_execute", count)
    yield sent
    for engine in (engines.read, engines.write):
        event.remove(engine, "before_cursor_execute", count)


def copies(number: int) -> dict[str, bytes]:
    """The demonstration pathway again, under other names and uids."""
    files = {}
    for path, content in demo_files().items():
        if path.startswith("pathways/demo/") and path.endswith(".md"):
            text = (
                content.decode().replace("demo-", f"copie{number}-").replace(f"copie{number}-voisins", "demo-voisins")
            )
            files[path.replace("pathways/demo/", f"pathways/copie-{number}/")] = text.encode()
        elif path.startswith("pathways/demo/"):
            files[path.replace("pathways/demo/", f"pathways/copie-{number}/")] = content
    return files


def test_no_page_costs_more_than_six_statements_nor_more_with_more_to_show(
    app: Flask, settings: Settings, engines: Engines, noon: object
) -> None:
    with Session(engines.write) as db:
        load_demo(db, settings.media_dir)
        cast = make_cast(db)
        learning.enrol(db, cast.lea, DEMO, 24)
        walk(db, cast.lea)
        reading = courses.pathway(db, DEMO, cast.lea)
        steps = [row.uid for row in courses.steps(db, reading.edition_id, None) if row.ready]
        db.commit()
    lea, visitor = Client(app, settings, engines).sign_in(cast.lea), Client(app, settings, engines)
    visitor.get(f"/parcours/{DEMO}")  # a page with a form gives its cookie, and the door looks for it from then on
    pages = [*OWN, "/parcours/demo/bilan/note", result(lea)]
    pages += [f"/parcours/{DEMO}/etapes/{uid}" for uid in steps]
    before = {path: cost(app, lea, path) for path in pages} | {f"visitor {p}": cost(app, visitor, p) for p in PUBLIC}
    assert {path: len(sent) for path, sent in before.items() if len(sent) > MOST} == {}
    with Session(engines.write) as db:
        more = {path: content for number in range(MANY) for path, content in copies(number).items()}
        done = authoring.load(db, course.load_course(demo_files() | more, KINDS), settings.media_dir)
        assert done.ok, [*map(str, done.problems)]
        for number in range(MANY):
            walk(db, cast.lea, f"copie-{number}", steps=2)
        db.commit()
    after = {path: cost(app, lea, path) for path in pages} | {f"visitor {p}": cost(app, visitor, p) for p in PUBLIC}
    assert {path: len(sent) for path, sent in after.items()} == {path: len(sent) for path, sent in before.items()}


def test_pages_of_another_edition_cost_no_more(app: Flask, settings: Settings, engines: Engines, noon: object) -> None:
    """With correctifs that have reached her and a newer edition on offer, and on what has left her edition."""
    with Session(engines.write) as db:
        load_demo(db, settings.media_dir)
        cast = make_cast(db)
        walk(db, cast.lea, steps=2)
        for words in ("une", "deux"):
            files = edited((READING, "title: ", f"title: {words} "))
            publish(db, settings, files, note=words, correctif=True)
        publish(db, settings, with_one_more())
        rows = courses.steps(db, courses.pathway(db, DEMO, cast.lea).edition_id, None)
        db.commit()
    lea = Client(app, settings, engines).sign_in(cast.lea)
    pages = [*OWN, "/parcours/demo/edition", "/parcours/demo/etapes/demo-en-plus/ancienne"]
    pages += [f"/parcours/demo/etapes/{row.uid}" for row in rows if row.ready]
    assert {path: sent for path in pages if len(sent := cost(app, lea, path)) > MOST} == {}


def test_an_attestation_costs_as_much_once_replaced_and_among_many_keys(
    app: Flask, settings: Settings, engines: Engines, cast: Cast
) -> None:
    """Its verification counts who tries codes: that statement is in the six."""
    with Session(engines.write) as db:
        walk(db, cast.lea)
        held = db.scalars(select(Summary)).one()
        code, format_minutes = held.code, held.format_minutes
        db.commit()
    lea, visitor = Client(app, settings, engines).sign_in(cast.lea), Client(app, settings, engines)
    visitor.get("/verifier/" + code)  # a form gives its cookie
    paths = ("/verifier", "/verifier?code=" + code, "/verifier/" + code, "/cles", "/cles.json")
    own = [ATTESTATION + end for end in ("", ".json", ".pdf")]

    def costs() -> dict[str, int]:
        found = {path: len(cost(app, lea, path)) for path in (*paths, *own)}
        return found | {f"visitor {path}": len(cost(app, visitor, path)) for path in paths}

    before = costs()
    assert {path: sent for path, sent in before.items() if sent > MOST} == {}
    with Session(engines.write) as db:
        for number in range(MANY):
            attestations.correct_own(db, cast.lea, DEMO, format_minutes, f"Léa {number}")
            made = {"key_id": f"old{number}", "public_key": f"public{number}", "since": NOON, "retired_at": NOON}
            db.add(SigningKey(**made))
        attestations.agree(db, cast.lea, Agreed.NAME_ON_VERIFICATION, yes=True)
        db.commit()
    assert "Attestation remplacée" in visitor.get("/verifier/" + code).text
    assert f"public{MANY - 1}" in visitor.get("/cles").text
    assert costs() == before


def cost(app: Flask, client: Client, path: str) -> list[str]:
    """Of a page whose published texts this process has read already: it keeps them, they never change."""
    client.get(path)
    with counted(app) as sent:
        assert client.get(path).status_code in (200, 303), path
    return list(sent)


def result(client: Client) -> str:
    page = client.get("/mon-chemin").text
    return "/resultats/" + page.split("/resultats/")[1].split('"')[0]


def test_the_questions_about_two_people_cost_six_statements_at_most(
    app: Flask, settings: Settings, engines: Engines, noon: object
) -> None:
    with Session(engines.write) as db:
        load_demo(db, settings.media_dir)
        cast = make_cast(db)
        other = accounts.become_guest(db, "fr")
        walk(db, cast.gus, steps=3)
        walk(db, other, steps=2)
        token = passages.make_passage(db, cast.gus)
        db.commit()
    laptop = Client(app, settings, engines).sign_in(other)
    assert len(cost(app, laptop, f"/continuer/{token}")) <= MOST
    asked = laptop.post("/connexion", email=address("lea"), password=PASSWORD)
    assert len(cost(app, laptop, str(asked.location))) <= MOST


def test_what_is_published_is_read_once_by_a_process_in_a_constant_number_of_statements(
    app: Flask, settings: Settings, engines: Engines, noon: object
) -> None:
    with Session(engines.write) as db:
        load_demo(db, settings.media_dir)
        cast = make_cast(db)
        learning.enrol(db, cast.lea, DEMO, 24)
        db.commit()

    def first_and_second(path: str) -> tuple[int, int]:
        fresh = create_app(settings)  # as a process that has read nothing yet
        client = Client(fresh, settings, fresh.extensions["engines"]).sign_in(cast.lea)
        found = []
        for _visit in range(2):
            with counted(fresh) as sent:
                assert client.get(path).status_code == 200
            found.append(len(sent))
        fresh.extensions["engines"].dispose()
        return found[0], found[1]

    few = {path: first_and_second(path) for path in ("/", "/parcours", "/mon-chemin", f"/parcours/{DEMO}")}
    assert all(second < first <= second + 6 for first, second in few.values()), few
    with Session(engines.write) as db:
        more = {path: content for number in range(MANY) for path, content in copies(number).items()}
        authoring.load(db, course.load_course(demo_files() | more, KINDS), settings.media_dir)
        for number in range(MANY):
            learning.enrol(db, cast.lea, f"copie-{number}", 24)
        db.commit()
    assert {path: first_and_second(path) for path in few} == few
