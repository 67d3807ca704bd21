"""A kit's tools: read by anyone, filled in on the page, kept in the notebook."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import merging
from app.config import Settings
from app.content import course
from app.db import Engines
from app.models import Note, Person
from app.steps import KINDS
from tests.build import demo_files
from tests.cast import Cast
from tests.client import Client

TOOL = "/kits/kit-demo/outils/carte-de-pret"
FILE = "kits/kit-demo/30-carte-de-pret.md"


def notes(engines: Engines) -> dict[str, str]:
    with Session(engines.read) as db:
        rows = db.scalars(select(Note).where(Note.uid == "demo-t1", Note.superseded_at.is_(None)))
        return {row.field: row.text for row in rows}


def test_a_visitor_reads_a_tool_and_becomes_a_guest_at_the_first_save(client: Client, engines: Engines) -> None:
    with Session(engines.read) as db:
        before = len(list(db.scalars(select(Person.id))))
    assert client.get(TOOL).status_code == 200
    fields: dict[str, str | list[str]] = {"demo-t1.objets-1-objet": "Une échelle", "demo-t1.objets-1-etat": "Usé"}
    saved = client.send(f"{TOOL}/notes", fields)
    assert (saved.status_code, saved.location) == (303, f"{TOOL}#discret")
    assert notes(engines) == {"objets-1-objet": "Une échelle", "objets-1-etat": "Usé"}
    page = client.get(TOOL)
    assert "Une échelle" in page.text
    assert '<option value="Usé" selected>' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    with Session(engines.read) as db:
        assert len(list(db.scalars(select(Person.id)))) == before + 1


def test_the_blank_page_of_a_tool_shows_no_words_and_saves_none(client: Client) -> None:
    client.send(f"{TOOL}/notes", {"demo-t1.casse": "On répare"})
    blank = client.get(f"{TOOL}?mots=non").text
    assert "On répare" not in blank
    assert "<form id=" not in blank
    assert 'data-behaviour="autosave"' not in blank


def test_a_cell_that_is_refused_keeps_every_word_and_saves_none(client: Client, engines: Engines) -> None:
    fields: dict[str, str | list[str]] = {
        "demo-t1.casse": "On répare",
        "demo-t1.objets-2-retour": "31/02/2026",
        "demo-t1.objets-1-objet": "x" * 121,
    }
    again = client.send(f"{TOOL}/notes", fields)
    assert again.status_code == 422
    assert all(said in again.text for said in ("On répare", "31/02/2026", "x" * 121, "Cette date n’existe pas"))
    assert notes(engines) == {}


def test_each_rewritten_cell_keeps_its_version(
    client: Client, engines: Engines, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.send(f"{TOOL}/notes", {"demo-t1.casse": "On répare"})
    monkeypatch.setattr("app.clock.now", lambda: noon + timedelta(hours=1))
    client.send(f"{TOOL}/notes", {"demo-t1.casse": "Chacun paie la moitié"})
    with Session(engines.read) as db:
        texts = list(db.scalars(select(Note.text).where(Note.uid == "demo-t1").order_by(Note.id)))
    assert texts == ["On répare", "Chacun paie la moitié"]
    assert notes(engines) == {"casse": "Chacun paie la moitié"}


def test_an_empty_tool_starts_with_the_words_of_the_way_and_an_emptied_field_stays_empty(
    client: Client, engines: Engines, cast: Cast
) -> None:
    with Session(engines.write) as db:
        now = datetime.fromisoformat("2026-01-01T12:00:00+00:00")
        need = {"uid": "demo-phrase", "field": "besoin", "text": "Un écran pour le 12 mai", "begun_at": now, "at": now}
        db.add(Note(person_id=cast.lea, **need))
        db.commit()
    client.sign_in(cast.lea)
    assert ">Un écran pour le 12 mai</textarea>" in client.get(TOOL).text.replace("\xa0", " ")
    client.send(f"{TOOL}/notes", {"demo-t1.besoin": "", "demo-t1.casse": "On répare"})
    assert ">Un écran pour le 12 mai</textarea>" not in client.get(TOOL).text.replace("\xa0", " ")


def test_words_of_the_way_too_long_for_a_tool_end_at_a_whole_word(client: Client, engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        now = datetime.fromisoformat("2026-01-01T12:00:00+00:00")
        need = {"uid": "demo-phrase", "field": "besoin", "text": "voisinage " * 60, "begun_at": now, "at": now}
        db.add(Note(person_id=cast.lea, **need))
        db.commit()
    client.sign_in(cast.lea)
    assert f">{' '.join(['voisinage'] * 29)}…</textarea>" in client.get(TOOL).text


def test_nobody_reads_what_another_wrote_in_a_tool(client: Client, cast: Cast, app: Flask, settings: Settings) -> None:
    client.sign_in(cast.lea)
    client.send(f"{TOOL}/notes", {"demo-t1.casse": "On répare"})
    noe = Client(app, settings, client.engines).sign_in(cast.noe)
    assert "On répare" not in noe.get(TOOL).text


def test_a_kit_and_its_sheet_lead_to_the_tool(client: Client) -> None:
    assert f'href="{TOOL}"' in client.get("/kits/kit-demo").text
    assert f'href="{TOOL}"' in client.get("/kits/kit-demo/ecrire-un-pret").text
    assert client.get("/kits/kit-demo/outils/absent").status_code == 404


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("  lines: 2\n", "", "un tableau demande"),
        ("start: demo-phrase.besoin", "start: demo-phrase.rien", "cette étape n’a pas ce champ"),
        ("sheet: demo-f2", "sheet: demo-f9", "n’a pas de fiche « demo-f9 »"),
        ("    - Neuf\n    - Usé\n", "    - Neuf\n", "au moins deux"),
        ("uid: demo-t1", "uid: demo-t9", "n’a pas d’outil « demo-t1 »"),
        ("- name: objets", "- name: objets-pretes-entre-voisins-x", "trop long"),
    ],
)
def test_a_tool_that_cannot_be_used_is_refused_with_its_place(before: str, after: str, said: str) -> None:
    files = dict(demo_files())
    assert before in files[FILE].decode()
    files[FILE] = files[FILE].decode().replace(before, after, 1).encode()
    problems = course.load_course(files, KINDS).problems
    assert any(said in str(problem).replace("\xa0", " ") for problem in problems), [*map(str, problems)]


def test_what_is_written_in_a_tool_is_read_and_exported_with_the_notebook(client: Client) -> None:
    fields: dict[str, str | list[str]] = {"demo-t1.objets-1-objet": "Une échelle", "demo-t1.casse": "On répare"}
    client.send(f"{TOOL}/notes", fields)
    assert 'href="/mon-chemin/carnet"' in client.get("/mon-chemin").text
    text = client.get("/mon-chemin/carnet").text
    assert "Une échelle" in text
    assert f'href="{TOOL}"' in text
    assert "> Une échelle" in client.get("/mon-chemin/carnet.md").text
    assert "> On répare" in client.get("/mon-chemin/carnet.md").text


def test_nobody_else_reads_what_was_written_in_a_tool(
    client: Client, app: Flask, settings: Settings, engines: Engines, cast: Cast
) -> None:
    client.sign_in(cast.lea).send(f"{TOOL}/notes", {"demo-t1.casse": "Mot de Léa"})
    for who in (None, cast.noe, cast.tess):
        other = Client(app, settings, engines)
        if who:
            other.sign_in(who)
        for page in (TOOL, "/mon-chemin", "/mon-chemin/carnet", "/mon-chemin/carnet.md"):
            assert "Mot de Léa" not in other.get(page).text


def test_a_page_left_open_too_long_gives_the_words_back_and_saves_them_when_sent_again(
    client: Client, engines: Engines
) -> None:
    client.send(f"{TOOL}/notes", {"demo-t1.casse": "On répare"})
    stale = client.web.post(f"{TOOL}/notes", data={"_token": "of yesterday", "demo-t1.casse": "On rachète à deux"})
    assert stale.status_code == 403
    assert "On rachète à deux" in stale.text
    assert notes(engines) == {"casse": "On répare"}
    assert client.send(f"{TOOL}/notes", {"demo-t1.casse": "On rachète à deux"}).status_code == 303
    assert notes(engines)["casse"] == "On rachète à deux"


def test_what_a_guest_wrote_in_a_tool_joins_the_account_whose_own_words_stay(
    client: Client, engines: Engines, cast: Cast
) -> None:
    for person, words in (
        (cast.lea, {"casse": "On répare"}),
        (cast.gus, {"casse": "Rien", "objets-1-objet": "Échelle"}),
    ):
        client.sign_in(person).send(f"{TOOL}/notes", {f"demo-t1.{name}": text for name, text in words.items()})
    with Session(engines.write) as db:
        merging.merge(db, cast.gus, cast.lea)
        db.commit()
    with Session(engines.read) as db:
        of_lea = select(Note).where(Note.uid == "demo-t1", Note.person_id == cast.lea)
        every = {(note.field, note.text) for note in db.scalars(of_lea)}
    page = client.sign_in(cast.lea).get(TOOL).text
    assert {("casse", "On répare"), ("casse", "Rien"), ("objets-1-objet", "Échelle")} == every
    assert "Échelle" in page
