"""What a text names of the site is chosen among what is there; nothing of it is typed."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import documents
from app.author import choices
from app.config import Settings
from app.content import text
from app.content.diagnostics import DiagnosticDoc
from app.db import Engines
from app.models import DocumentKind, Draft
from tests.cast import Cast
from tests.client import Client


@pytest.fixture
def aude(client: Client, cast: Cast) -> Client:
    return client.sign_in(cast.aude)


def opened(aude: Client, engines: Engines, like: str) -> str:
    with Session(engines.read) as db:
        at = db.scalars(select(Draft.id).where(Draft.path.like(like)).order_by(Draft.path)).first()
    return aude.get(f"/atelier/textes/{at}").text


def options(page: str, name: str) -> list[str]:
    """What may be chosen in the first list of that name."""
    found = re.search(rf'<select name="{re.escape(name)}".*?</select>', page, re.S)
    assert found, name
    return re.findall(r'<option value="([^"]*)"', found[0])


def test_what_a_kit_recalls_is_chosen_among_what_steps_ask(aude: Client, engines: Engines) -> None:
    sheet = opened(aude, engines, "kits/kit-demo/10-dire-le-besoin.md")
    assert "demo-phrase.besoin" in options(sheet, "rappel")
    tool = opened(aude, engines, "kits/kit-demo/30-carte-de-pret.md")
    assert "demo-phrase.besoin" in options(tool, "fields.0.start")
    assert "demo-t1.objets" not in options(tool, "fields.0.start")  # what a tool asks is recalled by nothing


def test_a_recording_is_chosen_among_those_beside_the_step(settings: Settings) -> None:
    beside = [f"pathways/demo/10-decouvrir/files/{name}" for name in ("film.mp4", "voix.vtt", "vue.png", "plan.svg")]
    here = "pathways/demo/10-decouvrir/25-film.md"
    held = choices.held(here, {}, {}, [*beside, "pathways/demo/20-agir/files/autre.mp4"])
    assert [[value for value, _label in held[name]] for name in ("recordings", "captions", "posters")] == [
        ["files/film.mp4"],
        ["files/voix.vtt"],
        ["files/vue.png"],
    ]


def test_where_the_site_holds_nothing_yet_nothing_is_typed(aude: Client, engines: Engines) -> None:
    where = str(aude.post("/atelier/textes", kind="diagnostic", title="Notre rue").location)
    aude.post(where, seen="1", title="Notre rue", act="add:questions")
    assert options(aude.get(where).text, "questions.0.axis") == [""]
    aude.post(where, seen="3", title="Notre rue", **{"axes.0.name": "Dire", "questions.0.ask": "Oui ?"})
    assert options(aude.get(where).text, "questions.0.axis") == ["", "A"]


def test_a_self_diagnostic_begins_with_every_level_and_says_only_what_each_lacks(db: Session, cast: Cast) -> None:
    made = documents.create_document(db, DocumentKind.DIAGNOSTIC, "Notre rue", by=cast.aude)
    tree = text.read(made.text or "", made.path)
    said = re.findall(r"- slug: ([a-z-]+)\n  min_percent: (\d+)\n", made.text or "")
    assert said == [("pas-encore-engage", "0"), ("premiers-pas", "25"), ("actif", "50"), ("pionnier", "75")]
    assert "min_axis_percent: 50" in (made.text or "")
    flaws = text.flaws(tree, DiagnosticDoc)
    assert [said for loc, said in flaws if loc == ("levels",)] == []  # enough are written
    assert [said for loc, said in flaws if loc == ("levels", 3, "format")] != []
