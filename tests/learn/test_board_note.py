"""The note to one's board: begun in one's own words, kept under the bilan's code, one A4, a file to edit at work."""

import io
import zipfile
from xml.etree import ElementTree

import pypdf
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import attestations, writing
from app.actions.merging import merge
from app.db import Engines
from app.errors import Missing
from app.learn.pages.board_note import board_fields
from app.models import Note, Summary
from app.outside import odt, pdf
from app.reads import learning
from tests.build import DEMO, walk
from tests.cast import Cast
from tests.client import Client
from tests.learn.test_format import said

HERE = f"/parcours/{DEMO}/bilan/note"
PHRASE = {"note.besoin": "Les familles n’ont aucun lieu ouvert le mercredi.", "note.avant": "2026-12-20"}
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


@pytest.fixture
def lea(client: Client, cast: Cast, engines: Engines) -> Client:
    with Session(engines.write) as db:
        walk(db, cast.lea)
        db.commit()
    return client.sign_in(cast.lea)


def annex(engines: Engines) -> dict[str, dict[str, str]]:
    with Session(engines.read) as db:
        return dict(db.scalars(select(Summary)).one().annex["words"])


def test_it_begins_with_the_words_of_the_bilan(lea: Client, engines: Engines) -> None:
    words, page = annex(engines), said(lea, HERE)
    assert words["need"]["text"] in page
    assert words["ask"]["text"] in page
    assert lea.get(HERE).text.count("btn main") == 1
    with Session(engines.read) as db:
        assert db.scalars(select(Note).where(Note.field == "besoin", Note.uid.not_like("demo%"))).first() is None


def test_what_is_written_stays_and_is_in_the_notebook(lea: Client, engines: Engines) -> None:
    for _time in range(2):
        assert lea.send(HERE, {**PHRASE}).status_code == 303
    for page in (said(lea, HERE), said(lea, "/mon-chemin/carnet"), lea.get("/mon-chemin/carnet.md").text):
        assert "aucun lieu ouvert le mercredi" in page
        assert "20" in page
    with Session(engines.read) as db:
        code = db.scalars(select(Summary.code)).one()
        assert len(db.scalars(select(Note).where(Note.uid == code)).all()) == 2


def test_a_refused_note_keeps_what_was_typed(lea: Client) -> None:
    refused = lea.send(HERE, {"note.besoin": "x" * 601, "note.avant": "demain"})
    assert refused.status_code == 422
    assert "x" * 601 in refused.text
    assert "Cette date n’existe pas" in refused.text


def test_an_emptied_field_stays_empty(lea: Client, engines: Engines) -> None:
    assert lea.send(HERE, {**PHRASE, "note.besoin": ""}).status_code == 303
    assert annex(engines)["need"]["text"] not in said(lea, HERE)


def test_it_follows_a_corrected_bilan(lea: Client, cast: Cast, engines: Engines) -> None:
    lea.send(HERE, {**PHRASE})
    with Session(engines.write) as db:
        attestations.correct_own(db, cast.lea, DEMO, 12, "Léa Martin")
        db.commit()
    assert "aucun lieu ouvert" in said(lea, HERE)


def test_both_texts_are_kept_when_two_people_become_one(db: Session, cast: Cast) -> None:
    for person, text in ((cast.lea, "Du compte"), (cast.noe, "De Noé")):
        walk(db, person)
        writing.save_board_note(db, person, DEMO, 12, {"besoin": text})
    merge(db, cast.noe, cast.lea)
    db.expire_all()
    code = learning.own_summaries(db, cast.lea, DEMO)[12].code
    assert {note.text for note in db.scalars(select(Note).where(Note.uid == code))} == {"Du compte", "De Noé"}


def test_nobody_writes_where_they_hold_no_bilan(lea: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.write) as db, pytest.raises(Missing):
        writing.save_board_note(db, cast.noe, DEMO, 12, {"besoin": "x"})
    assert lea.get(f"{HERE}?format=24").status_code == 404


def test_the_pdf_is_one_a4_that_can_be_heard_and_read(lea: Client) -> None:
    lea.send(HERE, {**PHRASE, "note.demande": "Une heure pour en parler."})
    answer = lea.get(f"{HERE}.pdf")
    assert answer.content_type == "application/pdf"
    document = pypdf.PdfReader(io.BytesIO(answer.data))
    assert len(document.pages) == 1
    assert [round(float(side)) for side in document.pages[0].mediabox[2:]] == [595, 842]
    assert document.trailer["/Root"]["/Lang"] == "fr"
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = " ".join(document.pages[0].extract_text().split())
    for words in (
        "conseil d’administration",
        "Les familles n’ont aucun lieu",
        "Ce que je vous demande",
        "Fiche jointe",
    ):
        assert words in text


def test_typst_has_nothing_to_say_and_the_longest_note_is_one_page() -> None:
    longest = [(each.label, ["Éloïse\u202f; d’Œuvre, " * ((each.max or 20) // 21)]) for each in board_fields()]
    words = {"lang": "fr", "title": "Note", "heading": "Note", "from": "Léa", "sheet": "FA1", "nature": "#strong[x]"}
    content, warnings = pdf.compiled("note", {**words, "parts": longest})
    assert warnings == []
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) == 1


def test_the_odt_opens_as_text_with_its_headings(lea: Client) -> None:
    lea.send(HERE, {**PHRASE, "note.compris": "Un & deux\nTrois <4>\x0b"})
    answer = lea.get(f"{HERE}.odt")
    assert answer.content_type == odt.MIME
    with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
        first = file.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert file.read("mimetype").decode() == odt.MIME
        trees = {name: ElementTree.fromstring(file.read(name)) for name in file.namelist() if name.endswith(".xml")}  # noqa: S314
    listed = {entry.attrib[key] for entry in trees["META-INF/manifest.xml"] for key in entry.attrib if "path" in key}
    assert listed == {"/", "content.xml", "styles.xml", "meta.xml"}
    content = trees["content.xml"]
    levels = [heading.attrib[f"{TEXT}outline-level"] for heading in content.iter(f"{TEXT}h")]
    assert levels[0] == "1"
    assert set(levels[1:]) == {"2"}
    lines = [paragraph.text for paragraph in content.iter(f"{TEXT}p")]
    assert {"Un & deux", "Trois <4>"} <= set(lines)


def test_the_same_note_is_the_same_file(lea: Client) -> None:
    assert lea.get(f"{HERE}.odt").data == lea.get(f"{HERE}.odt").data
