"""The bilan on paper: A4, in one's own words, with the plan as it is today and the kit to act with."""

import io
from dataclasses import replace

import pypdf
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import clock
from app.actions import learning
from app.db import Engines
from app.i18n import speaking
from app.learn import pages, papers
from app.learn.pages.pieces import Issued
from app.learn.pages.shapes import SummaryPage
from app.models import Person
from app.outside import pdf
from app.policy import Me
from tests.build import DEMO, walk
from tests.cast import Cast
from tests.client import Client
from tests.conftest import NOON
from tests.learn.test_budgets import MOST, cost
from tests.learn.test_diagnostic import plain
from tests.learn.test_kit_files import text_of

HERE = f"/parcours/{DEMO}/bilan"


@pytest.fixture
def lea(client: Client, cast: Cast, engines: Engines) -> Client:
    with Session(engines.write) as db:
        walk(db, cast.lea)
        learning.enrol(db, cast.noe, DEMO, 12)
        db.commit()
    return client.sign_in(cast.lea)


def test_it_is_an_a4_that_can_be_heard_and_says_what_the_page_says(lea: Client, app: Flask) -> None:
    lea.send(f"{HERE}/plan", {"n1.pour": "18_months", "n1.quoi": "Un lieu ouvert le mercredi"})
    answer = lea.get(f"{HERE}.pdf")
    assert answer.content_type == "application/pdf"
    document = pypdf.PdfReader(io.BytesIO(answer.data))
    assert len(document.pages) <= 2
    assert [round(float(side)) for side in document.pages[0].mediabox[2:]] == [595, 842]
    assert document.trailer["/Root"]["/Lang"] == "fr"
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = " ".join(" ".join(page.extract_text() for page in document.pages).split())
    for words in (
        "Dans mes mots",
        "Un lieu ouvert le mercredi",
        "Pour demander",
        "Temps crédité",
        "DF1",
        "/kits/kit-demo",
    ):
        assert words in text
    assert len(cost(app, lea, f"{HERE}.pdf")) <= MOST


def page_of(db: Session, number: int) -> SummaryPage:
    person = db.get_one(Person, number)
    me = Me(person.id, False, person.name, person.email, "fr", person.zone, 1, clock.now())
    return pages.summary(db, me, "https://b.example", DEMO)


def test_typst_has_nothing_to_say_whatever_is_written(lea: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.read) as db:
        page = page_of(db, cast.lea)
    for odd in ("Éloïse\u202f; d’Œuvre", 'A \\ "b" #strong[x] $x$', "x" * 300, "王小明\nligne"):
        words = papers.bilan(replace(page, keep=odd, need=odd * 3, kits=page.kits if "x" in odd else ()))
        assert pdf.compiled("bilan", words)[1] == []


def test_it_says_what_is_left_until_the_next_format_and_each_thing_in_its_language(
    lea: Client, cast: Cast, engines: Engines
) -> None:
    lea.send(f"{HERE}/plan", {"n1.pour": "15_days", "n1.avec": "Mme Arnaud", "n1.quoi": "Une heure à deux"})
    with Session(engines.read) as db:
        said = papers.bilan(page_of(db, cast.lea))
        with speaking("en"):
            english = papers.bilan(page_of(db, cast.lea))
    assert plain(said["next"]) == "Il vous reste 12 min pour le format 24 min : tout ce que vous avez fait y compte."
    assert said["plan_label"] == "Mon engagement dans les 15 jours"
    assert plain(said["plan"][0][0][0]) == "J’appelle :"
    assert english["plan"][0][0][0] == "I will call:"
    assert any("« " in plain(placed) for _stated, placed in said["objectives"])


def test_it_says_which_shorter_one_it_follows(lea: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.read) as db:
        page = page_of(db, cast.lea)
    assert papers.bilan(page)["follows"] == []
    older = Issued("fr", page.pathway, "12 min", 1, NOON, "/")
    words = papers.bilan(replace(page, rank=2, issued=(older, replace(older, rank=3))))
    assert [plain(line) for line in words["follows"]] == [
        "Il fait suite au bilan du format 12 min, établi le 25 novembre 2026."
    ]
    assert "Il fait suite au bilan du format" in text_of(pdf.document("bilan", words))


def test_there_is_none_before_it_is_issued(lea: Client, cast: Cast) -> None:
    assert lea.sign_in(cast.noe).get(f"{HERE}.pdf").status_code == 404
