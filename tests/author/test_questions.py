"""Questions in GIFT through the real pages: looked at first, added once, out again; nothing hostile ever runs."""

import io
import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import workshop
from app.content import gift
from app.content.text import read
from app.db import Engines
from app.models import Draft, DraftVersion
from tests.author.test_publication import number_of, words
from tests.author.test_text import said
from tests.cast import Cast
from tests.client import Client
from tests.learn.test_budgets import cost

GIFT = """::Un::[plain]Qui <b>appelle</b> ?{=Inès#Oui. ~Samir}

Racontez. {}

Vrai ? {TRUE}
"""


@pytest.fixture
def aude(client: Client, cast: Cast) -> Client:
    return client.sign_in(cast.aude)


@pytest.fixture
def quiz(engines: Engines, cast: Cast) -> int:
    with Session(engines.read) as db:
        query = select(Draft.id).where(Draft.path.like("pathways/demo/%"), Draft.text.like("%\nkind: quiz\n%"))
        return db.scalars(query).all()[0]


def asked(engines: Engines, at: int) -> list[str]:
    root = read(said(engines, at), "x.md").root
    assert root is not None
    return [each["ask"] for each in root.plain()["questions"]]


def hidden(page: str, name: str) -> str:
    return unescape(re.search(rf'type="hidden" name="{name}" value="([^"]*)"', page)[1])  # type: ignore[index]


def test_a_text_is_looked_at_then_added_once(aude: Client, engines: Engines, quiz: int) -> None:
    address, before = f"/atelier/textes/{quiz}/questions", said(engines, quiz)
    answer = aude.post(f"{address}/apercu", gift=GIFT)
    page = words(answer.text)
    assert answer.status_code == 200
    assert "2 questions seraient ajoutées" in page
    assert "Ligne 3 : une question à réponse libre n’a pas de place dans un quiz" in page
    assert "Qui &lt;b&gt;appelle&lt;/b&gt; ?" in page
    assert "2 questions seront à compléter" in page
    assert said(engines, quiz) == before

    here = asked(engines, quiz)
    sent = {"gift": hidden(answer.text, "gift"), "seen": hidden(answer.text, "seen")}
    answer = aude.post(address, **sent)
    assert (answer.status_code, answer.location) == (303, f"/atelier/textes/{quiz}#questions.{len(here)}")
    assert asked(engines, quiz) == [*here, "Qui <b>appelle</b> ?", "Vrai ?"]
    assert f'id="questions.{len(here)}"' in aude.get(f"/atelier/textes/{quiz}").text
    with Session(engines.read) as db:
        assert db.scalars(select(DraftVersion.text).filter_by(draft_id=quiz)).all() == [before]

    again = aude.post(address, **sent)
    assert (again.status_code, again.location) == (303, answer.location)
    assert len(asked(engines, quiz)) == len(here) + 2


def test_a_file_goes_before_what_is_pasted_and_is_read_whatever_its_bytes(
    aude: Client, engines: Engines, quiz: int
) -> None:
    address, before = f"/atelier/textes/{quiz}/questions/apercu", said(engines, quiz)

    def send(content: bytes) -> tuple[int, str]:
        data = {"_token": aude.token(), "gift": "Collée ? {T}", "file": (io.BytesIO(content), "x.txt")}
        answer = aude.web.post(address, data=data)
        return answer.status_code, words(answer.text)

    status, page = send("\ufeffDu fichier ? {T}\r\n".encode())
    assert (status, "Du fichier ?" in page, "Collée" in page) == (200, True, False)
    assert "Collée" in send(b"")[1]
    for content in ("été {T}".encode("latin-1"), b"\xff\xfe\x00", b"PK\x03\x04\x00\xff"):
        status, page = send(content)
        assert (status, "pas du texte en UTF-8" in page) == (422, True)
    for text in ("", "   ", "bonjour", "q {T}\x07", "{" * 300):
        answer = aude.post(address, gift=text)
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True), text
    assert said(engines, quiz) == before


def test_what_somebody_wrote_meanwhile_is_shown_again_first(
    aude: Client, engines: Engines, cast: Cast, quiz: int
) -> None:
    address = f"/atelier/textes/{quiz}/questions"
    sent = {"gift": GIFT, "seen": hidden(aude.post(f"{address}/apercu", gift=GIFT).text, "seen")}
    with Session(engines.write) as db:
        draft = db.get_one(Draft, quiz)
        text = (draft.text or "").replace("title: ", "title: Entre-temps, ")
        workshop.write_text(db, quiz, text, seen=draft.version, by=cast.aude)
        db.commit()
    answer = aude.post(address, **sent)
    assert answer.status_code == 422
    assert "Le texte a changé entre-temps : voici ce qui s’ajouterait maintenant." in words(answer.text)
    assert said(engines, quiz) == text
    assert aude.post(address, gift=GIFT, seen=hidden(answer.text, "seen")).status_code == 303
    assert "title: Entre-temps, " in said(engines, quiz)
    with Session(engines.read) as db:  # within ten minutes of her own typing
        assert text in db.scalars(select(DraftVersion.text).filter_by(draft_id=quiz)).all()


def test_what_goes_out_comes_back_and_what_gift_cannot_say_is_said(aude: Client, engines: Engines, quiz: int) -> None:
    page = words(aude.get(f"/atelier/textes/{quiz}/questions").text)
    answer = aude.get(f"/atelier/textes/{quiz}/questions.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="')
    assert [each["ask"] for each in gift.read(answer.text).questions] == asked(engines, quiz)
    for line in answer.text.split("\n"):
        if line.startswith("// "):
            assert words(line.removeprefix("// ")) in page
    assert "// Question" in answer.text


def test_only_a_quiz_has_questions_in_gift(aude: Client, engines: Engines, quiz: int) -> None:
    link = "Importer ou exporter des questions (GIFT)"
    assert link in aude.get(f"/atelier/textes/{quiz}").text
    for path in ("pathways/demo/pathway.md", "diagnostics/demo/diagnostic.md", "pathways/demo/10-decouvrir/module.md"):
        at = number_of(engines, path)
        assert link not in aude.get(f"/atelier/textes/{at}").text
        assert aude.get(f"/atelier/textes/{at}/questions").status_code == 404
        assert aude.post(f"/atelier/textes/{at}/questions", gift=GIFT, seen="1").status_code == 404


def test_a_text_that_no_form_holds_is_left_alone(aude: Client, engines: Engines, cast: Cast, quiz: int) -> None:
    with Session(engines.write) as db:
        draft = db.get_one(Draft, quiz)
        text = (draft.text or "").replace("title: ", "inconnue: x\ntitle: ")
        workshop.write_text(db, quiz, text, seen=draft.version, by=cast.aude)
        db.commit()
        version = draft.version
    assert "ne tient pas dans un formulaire" in words(aude.get(f"/atelier/textes/{quiz}/questions").text)
    assert aude.post(f"/atelier/textes/{quiz}/questions", gift=GIFT, seen=str(version)).status_code == 422
    assert said(engines, quiz) == text


def test_the_page_keeps_its_budget(app: Flask, aude: Client, quiz: int) -> None:
    address = f"/atelier/textes/{quiz}/questions"
    assert len(cost(app, aude, address)) <= 8
