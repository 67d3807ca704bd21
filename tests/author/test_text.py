"""One text in its form: shown in words, written without loss, wrong beside its field, never over somebody else's."""

import re
from html import unescape
from html.parser import HTMLParser
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.author import words
from app.author.boxes import place_of
from app.author.posting import FIELDS
from app.config import Settings
from app.content import editing, folder, text
from app.content.editing import Input
from app.content.parsed import schema_for
from app.db import Engines
from app.models import Draft, DraftVersion
from app.outside import store
from app.steps import KINDS
from tests.cast import Cast
from tests.client import Client
from tests.content.test_editing import FILES, TEXTS, posted
from tests.content.test_pictures import SECRET, drawing, png, seen, sent, with_exif
from tests.learn.test_budgets import counted

MOST = 8
"""Statements of an author's page."""


class Form(HTMLParser):
    """What a browser would send of the form of a text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str | list[str]] = {}
        self.area: str | None = None
        self.chooser = ""
        self.inside = False
        self.feed(html)

    def add(self, name: str, value: str) -> None:
        known = self.fields.get(name, [])
        self.fields[name] = [*(known if isinstance(known, list) else [known]), value]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name = said.get("name") or ""
        if tag == "form":
            action = said.get("action") or ""
            self.inside = said.get("id") == "text-form" or ("textes" in action and not action.endswith("/pages"))
        if not self.inside or (not name and tag != "option"):
            return
        if tag == "input" and not (said.get("type") in ("checkbox", "radio") and "checked" not in said):
            self.add(name, said.get("value") or "")
        elif tag == "select":
            self.chooser, self.first = name, True
        elif tag == "option" and self.chooser and ("selected" in said or self.first):
            if self.first:
                self.add(self.chooser, said.get("value") or "")
            else:
                known = self.fields[self.chooser]
                assert isinstance(known, list)
                known[-1] = said.get("value") or ""
            self.first = False
        elif tag == "textarea":
            self.area = name
            self.add(name, "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.chooser = ""
        elif tag == "textarea":
            if self.area is not None:
                known = self.fields[self.area]
                assert isinstance(known, list)
                known[-1] = known[-1].removeprefix("\n").replace("\n", "\r\n")
            self.area = None

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            known = self.fields[self.area]
            assert isinstance(known, list)
            known[-1] += data


def number(engines: Engines, path: str) -> int:
    with Session(engines.read) as db:
        return db.scalars(select(Draft.id).where(Draft.path.like(path), Draft.text.is_not(None))).all()[0]


def said(engines: Engines, at: int) -> str:
    with Session(engines.read) as db:
        return db.scalars(select(Draft.text).filter_by(id=at)).one() or ""


@pytest.fixture
def aude(client: Client, cast: Cast) -> Client:
    return client.sign_in(cast.aude)


@pytest.fixture
def quiz(engines: Engines, cast: Cast) -> int:
    with Session(engines.read) as db:
        found = db.scalars(select(Draft).where(Draft.path.like("pathways/demo/%"), Draft.text.like("%kind: quiz%")))
        return found.all()[0].id


def typed(client: Client, at: int, **changes: str) -> dict[str, str | list[str]]:
    page = client.get(f"/atelier/textes/{at}")
    assert page.status_code == 200
    return {**Form(page.text).fields, **changes}


def every_input(inputs: tuple[Input, ...]) -> list[Input]:
    found = []
    for each in inputs:
        found.append(each)
        for item in each.items:
            found += every_input(item.inputs)
    return found


def test_every_key_of_every_text_that_ships_has_words() -> None:
    from app.author.pages.text import FAMILIES

    nameless = set()
    for path in TEXTS:
        tree = text.read(FILES[path].decode(), path)
        schema = schema_for(path, tree, KINDS)
        assert schema is not None
        family = FAMILIES.get(schema, "step")
        for each in every_input(editing.inputs(schema, tree)):
            place = place_of(each)
            if each.shape != "fixed" and words.words(family, place).label == place:
                nameless.add((family, place))
    assert nameless == set()


def test_the_form_of_the_longest_text_may_be_sent() -> None:
    sizes = {}
    for path in TEXTS:
        tree = text.read(FILES[path].decode(), path)
        schema = schema_for(path, tree, KINDS)
        assert schema is not None
        sizes[path] = len(posted(editing.inputs(schema, tree)))
    assert max(sizes.values()) * 2 < FIELDS


def test_every_text_of_the_demonstration_is_saved_unchanged_byte_for_byte(aude: Client, engines: Engines) -> None:
    with Session(engines.read) as db:
        drafts = db.scalars(select(Draft).where(Draft.text.is_not(None))).all()
    assert drafts
    for draft in drafts:
        if not draft.path.startswith(("pathways/demo/", "kits/", "cases/demo", "diagnostics/")):
            continue
        fields = typed(aude, draft.id)
        assert ("raw" in fields) == (folder.language(draft.path) != "fr"), draft.path
        assert aude.send(f"/atelier/textes/{draft.id}", fields).status_code == 303, draft.path
        assert said(engines, draft.id) == draft.text, draft.path
    with Session(engines.read) as db:
        assert db.scalars(select(DraftVersion)).all() == []


def test_a_question_is_added_by_a_button_with_a_name_of_its_own(aude: Client, engines: Engines, quiz: int) -> None:
    count = said(engines, quiz).count("ask: ")
    answer = aude.send(f"/atelier/textes/{quiz}", typed(aude, quiz, act="add:questions:truefalse"))
    assert answer.status_code == 303
    assert answer.location.endswith(f"/atelier/textes/{quiz}#questions.{count}")
    assert "type: truefalse" in said(engines, quiz)
    page = aude.get(f"/atelier/textes/{quiz}")
    assert f'id="questions.{count}"' in page.text
    added = dict(editing.plain_of(KINDS["quiz"].Content, text.read(said(engines, quiz), "x.md")))["questions"][-1]
    assert re.fullmatch(r"[a-z][a-z0-9]{9}", added["uid"])


def test_what_is_wrong_stands_beside_its_field_and_is_kept(aude: Client, engines: Engines, quiz: int) -> None:
    assert aude.send(f"/atelier/textes/{quiz}", typed(aude, quiz, minutes="beaucoup")).status_code == 303
    page = unescape(aude.get(f"/atelier/textes/{quiz}").text)
    beside = page.split('id="minutes-says"')[1].split("</div>")[0]
    assert "un nombre entier est attendu" in beside
    assert 'value="beaucoup"' in page
    assert '<a href="#minutes">' in page


def test_two_authors_on_one_text_see_both(app: Flask, aude: Client, engines: Engines, quiz: int) -> None:
    mine, theirs = typed(aude, quiz, title="Le titre d’Aude"), typed(aude, quiz, title="Un autre titre")
    assert aude.send(f"/atelier/textes/{quiz}", theirs).status_code == 303
    answer = aude.send(f"/atelier/textes/{quiz}", mine)
    assert answer.status_code == 409
    shown = unescape(answer.text)
    assert "title: Le titre d’Aude" in shown
    assert "title: Un autre titre" in shown
    assert "title: Un autre titre" in said(engines, quiz)
    again = Form(answer.text).fields
    assert aude.send(f"/atelier/textes/{quiz}", again).status_code == 303
    assert "title: Le titre d’Aude" in said(engines, quiz)
    with Session(engines.read) as db:
        kept = [version.text for version in db.scalars(select(DraftVersion))]
    assert any("title: Un autre titre" in each for each in kept)


def test_a_text_that_cannot_be_read_opens_as_it_is(aude: Client, engines: Engines, quiz: int) -> None:
    broken = "---\ntitle: [\n---\n\nDu texte\n"
    seen = str(typed(aude, quiz)["seen"][0])
    assert aude.send(f"/atelier/textes/{quiz}", {"seen": seen, "raw": broken.replace("\n", "\r\n")}).status_code == 303
    assert said(engines, quiz) == broken
    page = aude.get(f"/atelier/textes/{quiz}")
    assert "Ligne" in unescape(page.text)
    assert Form(page.text).fields["raw"] == [broken.replace("\n", "\r\n")]


def test_a_translation_opens_whole_and_is_not_called_wrong(aude: Client, engines: Engines) -> None:
    path = "pathways/demo/10-decouvrir/10-la-meme-rue.en.md"
    page = aude.get(f"/atelier/textes/{number(engines, path)}").text
    assert "Une traduction a les clés de l’original" in page
    assert "ne tient pas dans un formulaire" not in page


def test_a_quiz_that_asks_nothing_yet_promises_nothing(aude: Client, engines: Engines, quiz: int) -> None:
    assert "Terminé avec" in aude.get(f"/atelier/textes/{quiz}").text
    steps = f"/atelier/parcours/demo/modules/{number(engines, 'pathways/demo/10-decouvrir/module.md')}/etapes"
    made = aude.post(steps, title="Neuf", kind="quiz", format="12min", minutes="3")
    assert made.status_code == 303
    page = aude.web.get(made.location)
    assert page.status_code == 200
    assert "Terminé avec" not in page.text


def test_a_key_that_no_form_knows_is_not_lost(aude: Client, engines: Engines, quiz: int) -> None:
    strange = said(engines, quiz).replace("kind: quiz\n", "kind: quiz\ncolour: red\n")
    aude.send(f"/atelier/textes/{quiz}", {"seen": str(typed(aude, quiz)["seen"][0]), "raw": strange})
    fields = typed(aude, quiz)
    assert "raw" in fields
    aude.send(f"/atelier/textes/{quiz}", fields)
    assert "colour: red" in said(engines, quiz)


def test_a_preview_shows_what_is_typed_and_writes_nothing(aude: Client, engines: Engines, quiz: int) -> None:
    before = said(engines, quiz)
    fields = typed(aude, quiz, body="::: exemple Une maison\nDes *voisins*.\n:::")
    answer = aude.send(f"/atelier/textes/{quiz}/apercu", fields)
    assert answer.status_code == 200
    assert "<em>voisins</em>" in answer.text
    assert "::: exemple Une maison" in answer.text
    assert said(engines, quiz) == before


def test_a_preview_shows_each_question_that_can_be_read(aude: Client, engines: Engines, quiz: int) -> None:
    """As a learner meets them, closed; its right answer is folded beside it. What is broken is left out."""
    fields = typed(aude, quiz, **{"questions.0.ask": "Qui parle <b>en premier</b> ?", "questions.1.ask": ""})
    page = aude.send(f"/atelier/textes/{quiz}/apercu", fields).text
    shown = page[page.index('id="preview-box"') :]
    asked = re.findall(r"<legend>1\. ([^<]*)<|for=\"[^\"]*\">1\. ([^<]*)<", shown)
    assert [next(filter(None, found)) for found in asked] == ["Qui parle &lt;b&gt;en premier&lt;/b&gt;\u202f?"]
    inputs = re.findall(r"<(?:input|select) [^>]*>", shown)
    assert inputs
    assert all("disabled" in each for each in inputs)  # nothing of it goes with the form around
    assert shown.count("Réponse attendue") == len(re.findall(r'name="questions\.[0-9]+\.uid"', page)) - 1
    with Session(engines.read) as db:
        diagnostic = db.scalars(select(Draft.id).where(Draft.path == "diagnostics/demo/diagnostic.md")).one()
    page = aude.get(f"/atelier/textes/{diagnostic}").text
    shown = page[page.index('id="preview-box"') :]
    assert "Question 1 sur 4, Dire" in shown.replace("\u00a0", " ")
    assert "Je ne sais pas." in shown


def test_a_text_costs_as_many_statements_whatever_it_holds(app: Flask, aude: Client, engines: Engines) -> None:
    counts = {}
    for path in (
        "pathways/demo/pathway.md",
        "pathways/demo/10-%/1%.md",
        "taxonomy/%",
        "diagnostics/%",
        "kits/%/kit.md",
    ):
        at = number(engines, path)
        aude.get(f"/atelier/textes/{at}")
        with counted(app) as sent:
            aude.get(f"/atelier/textes/{at}")
        counts[path] = len(sent)
    assert max(counts.values()) <= MOST, counts


def test_what_is_typed_is_kept_as_one_types_and_says_its_version(aude: Client, engines: Engines, quiz: int) -> None:
    fields = typed(aude, quiz, title="En train d’écrire")
    answer = aude.send(f"/atelier/textes/{quiz}/brouillon", fields)
    assert answer.get_json() == {"version": int(fields["seen"][0]) + 1}
    assert "title: En train d’écrire" in said(engines, quiz)
    late = aude.send(f"/atelier/textes/{quiz}/brouillon", {**fields, "title": "Trop tard"})
    assert (late.status_code, late.get_json()) == (409, {"by": "Aude"})
    assert "Trop tard" not in said(engines, quiz)


def test_what_is_removed_from_a_list_comes_back_in_one_click(aude: Client, engines: Engines, quiz: int) -> None:
    """With all that was typed beside it; offered as long as nothing else is written."""
    address = f"/atelier/textes/{quiz}"
    fields = typed(aude, quiz, act="remove:questions.0", **{"questions.1.ask": "Autrement dit ?"})
    after = aude.send(address, fields).location.split("#")[0]
    page = aude.get(after).text
    assert "Retiré de la liste." in page
    undo = re.search(r'action="([^"]+/retour)"', page)
    assert undo is not None
    assert "Retiré de la liste." not in aude.get(address).text
    shorter = said(engines, quiz)
    aude.post(undo[1])
    whole = said(engines, quiz)
    assert whole != shorter
    assert "Autrement dit ?" in whole
    assert whole.count("ask: ") == shorter.count("ask: ") + 1
    assert "Retiré de la liste." not in aude.get(after).text  # something was written since
    for odd in ("0", "x", "²", "9" * 12):
        assert aude.get(f"{address}?retire={odd}").status_code == 200


def test_what_is_removed_comes_back_from_the_versions(aude: Client, engines: Engines, quiz: int) -> None:
    aude.send(f"/atelier/textes/{quiz}", typed(aude, quiz, title="Avant de retirer"))
    before = said(engines, quiz)
    aude.send(f"/atelier/textes/{quiz}", typed(aude, quiz, act="remove:questions.0"))
    assert said(engines, quiz).count("ask: ") == before.count("ask: ") - 1
    page = aude.get(f"/atelier/textes/{quiz}/versions")
    assert re.search(r'class="went".*?ask: ', page.text, re.S)
    back = re.findall(rf"/atelier/textes/{quiz}/versions/[0-9]+/retour", page.text)
    assert aude.post(back[0]).status_code == 303
    assert said(engines, quiz) == before


def test_what_differs_is_said_with_signs() -> None:
    from app.content import differing

    found = differing.lines("a\nb\nc\nd\ne\n", "a\nb\nc\nD\ne\n")
    assert [(line.mark, line.text) for line in found] == [
        ("…", ""), ("", "b"), ("", "c"), ("-", "d"), ("+", "D"), ("", "e"),
    ]  # fmt: skip
    assert differing.lines("a\n", "a\n") == ()


def test_a_picture_joins_the_folder_and_the_end_of_the_text(aude: Client, engines: Engines, quiz: int) -> None:
    address = f"/atelier/textes/{quiz}/images"

    def send(**changes: str) -> int:
        files = {"picture": (BytesIO(png()), "../../x.html")}
        fields = {**typed(aude, quiz, **changes), "_token": aude.token()}
        return aude.web.post(address, data={**fields, **files}).status_code

    before = said(engines, quiz)
    assert send(alt="") == 422
    assert said(engines, quiz) == before
    for _again in range(2):
        assert send(alt="Deux [voisins] et une échelle") == 303
    text_now = said(engines, quiz)
    assert text_now.count("![Deux voisins et une échelle](files/deux-voisins-et-une-echelle.png)") == 2
    with Session(engines.read) as db:
        kept = db.scalars(select(Draft).where(Draft.path.like("pathways/demo/%/files/deux-voisins%"))).all()
    assert [draft.text for draft in kept] == [None]
    page = aude.get(f"/atelier/textes/{quiz}")
    shown = re.findall(r'<img src="(/media/[0-9a-f]{64}\.png)" alt="Deux voisins et une échelle"', page.text)
    answer = aude.web.get(shown[0], buffered=True)
    assert (answer.status_code, answer.mimetype, answer.headers["X-Content-Type-Options"]) == (
        200,
        "image/png",
        "nosniff",
    )
    assert "faults" not in page.text


def test_a_photograph_straight_from_a_phone_is_drawn_smaller_at_the_cursor(
    aude: Client, engines: Engines, settings: Settings, quiz: int
) -> None:
    """Heavier than any other request may be; what it said of the place and the day stays with its author."""
    photo = sent(drawing(4000, 3000), "JPEG", exif=with_exif(6)) + b"\0" * 3_000_000
    assert len(photo) > settings.max_request_bytes
    start = "Un début, \U0001f33f long,\nqui va.\n\n"
    body = f"{start}Puis la suite.\n\nLa fin."
    places = {"0": 0, "13": 1, str(len(start)): 1, str(len(start) + 1): 2, "": 3, "x": 3, "9999": 3}
    for place, rank in places.items():
        fields = typed(aude, quiz, body=body, alt="Une échelle", place=place)
        data = {**fields, "_token": aude.token(), "picture": (BytesIO(photo), "IMG_1.jpg")}
        assert aude.web.post(f"/atelier/textes/{quiz}/images", data=data).status_code == 303
        parts = said(engines, quiz).rstrip().split("\n\n")[-4:]
        assert parts.index("![Une échelle](files/une-echelle.jpg)") == rank, place
    with Session(engines.read) as db:
        sha256 = db.scalars(select(Draft.sha256).where(Draft.path.like("%/une-echelle.jpg"))).one()
    held = store.get(settings.media_dir, sha256)
    assert held is not None
    assert seen(held).size == (1200, 1600)
    assert SECRET not in held


def test_the_pages_of_a_kit_are_reached_from_the_workshop(aude: Client, engines: Engines) -> None:
    kit, sheet = number(engines, "kits/%/kit.md"), number(engines, "kits/%/1%.md")
    assert f'href="/atelier/textes/{kit}"' in aude.get("/atelier").text
    assert f'href="/atelier/textes/{sheet}"' in aude.get(f"/atelier/textes/{kit}").text
