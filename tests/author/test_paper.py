"""A module as one document: every word of it, what it states at its end, nothing that no reader should see."""

import io
import re
import zipfile
from datetime import timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pypdf
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import reviews, workshop
from app.author import choices, pages, papers
from app.author.pages.text import schema_of
from app.content import blocks, editing, passages
from app.content import text as texts
from app.content.blocks import Block
from app.db import Engines
from app.errors import Missing
from app.i18n import typo
from app.models import Draft, ReviewLink
from app.outside import odt, pdf
from tests.author.test_publication import number_of, write
from tests.cast import Cast
from tests.client import Client
from tests.content.test_text import LINES, QUICK
from tests.learn.test_budgets import MOST, cost

MODULE = "pathways/demo/10-decouvrir/module.md"
STEP = "pathways/demo/10-decouvrir/10-la-meme-rue.md"
ODD = (
    *('#strong[x] $x$ \\ "b" `a` @b <c> //d /*e*/ = f', "<script>alert(1)</script>&amp;", "'; --", "王小明 🌿 \u0600"),
    *(
        "x" * 400,
        "https://exemple.org/" + "a/" * 120,
        "- a\n- b",
        "Éloïse\u202f; d’Œuvre\u00a0: «\u00a0à\u00a0»",
        "[[nom]]",
    ),
)


@pytest.fixture
def aude(client: Client, cast: Cast) -> Client:
    return client.sign_in(cast.aude)


@pytest.fixture
def module(engines: Engines, cast: Cast) -> int:
    return number_of(engines, MODULE)


@pytest.fixture
def token(engines: Engines, cast: Cast) -> str:
    with Session(engines.write) as db:
        found = reviews.open_review(db, "demo", "Le laboratoire", 30, by=cast.aude)
        db.commit()
    return found


def spaced(text: str) -> str:
    return " ".join(text.split())


def opened(content: bytes) -> str:
    """The words of an ODT, each of its files being whole."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.namelist()[0] == "mimetype"
        assert file.read("mimetype").decode() == odt.MIME
        trees = {name: ElementTree.fromstring(file.read(name)) for name in file.namelist() if name.endswith(".xml")}  # noqa: S314
    return spaced(" ".join(trees["content.xml"].itertext()))


def heard(content: bytes) -> str:
    document = pypdf.PdfReader(io.BytesIO(content))
    assert document.trailer["/Root"]["/Lang"] == "fr"
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return "".join(page.extract_text() for page in document.pages)


@pytest.mark.parametrize("folder", ["10-decouvrir", "20-agir"])
def test_every_word_of_a_module_is_in_it(aude: Client, engines: Engines, folder: str) -> None:
    answer = aude.get(f"/atelier/textes/{number_of(engines, f'pathways/demo/{folder}/module.md')}/module.odt")
    assert answer.content_type == odt.MIME
    text = opened(answer.data)
    with Session(engines.read) as db:
        query = select(Draft).where(Draft.path.like(f"pathways/demo/{folder}/%.md"), ~Draft.path.like("%.en.md"))
        steps = db.scalars(query).all()
    assert len(steps) > 3
    for step in steps:
        tree = texts.read(step.text or "", step.path)
        schema = schema_of(step.path, tree)
        assert schema is not None
        for said in passages.of_inputs(editing.inputs(schema, tree)):
            if f"step:{said.within}" not in choices.PLACES and f"module:{said.within}" not in choices.PLACES:
                for line in said.words.split("\n"):
                    assert spaced(typo(line)) in text, (step.path, said.place)
        for block in blocks.of_body(tree.body):
            for words in (*block.lines, *block.heads, *(cell for row in block.rows for cell in row)):
                assert words.startswith("[[") or spaced(words) in text, (step.path, words)
        for word in re.findall(r"[A-Za-zÀ-ÿ]{4,}", re.sub(r"\]\([^)]*\)|:::\s*\w+|\[\[.*?\]\]", " ", tree.body)):
            assert word in text, (step.path, word)


def test_the_pdf_says_the_same_with_its_accents_and_its_narrow_spaces(aude: Client, app: Flask, module: int) -> None:
    answer = aude.get(f"/atelier/textes/{module}/module.pdf")
    assert answer.content_type == "application/pdf"
    text = heard(answer.data)
    assert "Besoin ou solution\u202f?" in text
    words = spaced(text)
    for said in (
        "Découvrir",
        "« Achetons un vidéoprojecteur », dit Marc.",
        "Question 1 · Un seul choix",
        "Lecture · 3 min · dès 12 min",
        "Faits à vérifier",
    ):
        assert said in words
    for name in ("module.pdf", "module.odt"):
        address = f"/atelier/textes/{module}/{name}"
        assert len(cost(app, aude, address)) <= MOST
    assert aude.get(address).data == aude.get(address).data


def test_what_it_states_is_a_table_at_its_end(aude: Client, engines: Engines, cast: Cast, module: int) -> None:
    facts = "facts:\n- claim: Un sur trois\n  source: Le rapport\n  on: 2025-03-01\n  review: 2027-01-02\n"
    write(engines, cast, STEP, "takeaway:", f"{facts}- claim: Deux\n  source: L’autre\ntakeaway:")
    with Session(engines.read) as db:
        last = pages.paper(db, module).blocks[-1]
    assert last.heads == ("Étape", "Ce qui est affirmé", "Source", "Date de la source", "À revoir le")
    spring, winter = "1er\u00a0mars 2025", "2\u00a0janvier 2027"
    assert last.rows == (("1", "Un sur trois", "Le rapport", spring, winter), ("1", "Deux", "L’autre", "", ""))
    assert "Un sur trois Le rapport" in opened(aude.get(f"/atelier/textes/{module}/module.odt").data)
    assert "Un sur trois" in heard(aude.get(f"/atelier/textes/{module}/module.pdf").data)


def test_hostile_words_stay_words_and_typst_has_nothing_to_say(engines: Engines, cast: Cast, module: int) -> None:
    with Session(engines.read) as db:
        paper = pages.paper(db, module)
    for odd in ODD:
        some = (
            *(Block(kind, (odd,)) for kind in (*blocks.LEVELS, "text", "small")),  # type: ignore[arg-type]
            *(Block(kind, (odd, "b")) for kind in ("items", "steps")),  # type: ignore[arg-type]
            Block("table", rows=((odd, odd, "", "", ""), ("a", "b", "c", "d", odd)), heads=("A", "B", "C", "D", odd)),
        )
        whole = papers.Paper(odd, "x", tuple(blocks.levelled(some)))
        content, warnings = pdf.compiled("module", papers.module(whole))
        assert warnings == []
        assert opened(papers.module_odt(whole)).count(spaced(odd)) >= 8
        if odd.isascii() and len(odd) < 100:
            assert odd.split("\n")[0] in spaced(heard(content)).replace("‐", "-")
    assert pdf.compiled("module", papers.module(paper))[1] == []


def test_a_text_that_cannot_be_read_is_there_as_far_as_it_can(
    aude: Client, engines: Engines, cast: Cast, module: int
) -> None:
    write(engines, cast, STEP, "title: ", "note: Entre nous seulement\ntitle: ")
    assert "Entre nous" not in opened(aude.get(f"/atelier/textes/{module}/module.odt").data)
    write(engines, cast, STEP, "title: ", "title: [\ntitle: ")
    text = opened(aude.get(f"/atelier/textes/{module}/module.odt").data)
    assert "Entre nous" not in text
    assert "Lundi, 20 h. Au club photo, Lina prépare l’exposition" in text


def test_who_holds_the_link_of_a_review_takes_its_modules_and_no_other(
    client: Client, engines: Engines, module: int, token: str
) -> None:
    page = client.get(f"/relecture/{token}").text
    for name, kind in (("module.pdf", "application/pdf"), ("module.odt", odt.MIME)):
        address = f"/relecture/{token}/{module}/{name}"
        assert address in page
        assert client.get(address).content_type == kind
    with Session(engines.read) as db:
        other = db.scalars(select(Draft.id).where(Draft.path.like("kits/%"), Draft.text.is_not(None))).all()[0]
        step = db.scalars(select(Draft.id).filter_by(path=STEP)).one()
    for number in (other, step, 999_999):
        assert client.get(f"/relecture/{token}/{number}/module.pdf").status_code == 404
    with Session(engines.write) as db:
        db.scalars(select(ReviewLink)).one().expires_at = clock.now() - timedelta(seconds=1)
        db.commit()
    for name in ("module.pdf", "module.odt"):
        assert client.get(f"/relecture/{token}/{module}/{name}").status_code == 404


def test_a_review_of_one_pathway_never_opens_another(engines: Engines, cast: Cast, module: int) -> None:
    with Session(engines.read) as db, pytest.raises(Missing):
        pages.paper(db, module, "autre")


def test_a_module_past_all_measure_is_refused_with_a_sentence(
    aude: Client, engines: Engines, cast: Cast, module: int
) -> None:
    with Session(engines.write) as db:
        query = select(Draft).where(Draft.path.like("pathways/demo/10-%/%0-%.md"), ~Draft.path.like("%.en.md"))
        for draft in db.scalars(query).all()[:3]:
            text = f"{draft.text}\n" + "mot " * 60_000
            workshop.write_text(db, draft.id, text, seen=draft.version, by=cast.aude)
        db.commit()
    answer = aude.get(f"/atelier/textes/{module}/module.pdf")
    assert answer.status_code == 422
    assert "trop long pour un seul document" in answer.text


def test_levels_of_headings_are_never_skipped(engines: Engines, cast: Cast, module: int) -> None:
    write(engines, cast, STEP, "Lundi, 20 h.", "#### Trop bas\n\nLundi, 20 h.")
    with Session(engines.read) as db:
        found = [
            blocks.LEVELS.index(each.kind) for each in pages.paper(db, module).blocks if each.kind in blocks.LEVELS
        ]
    assert all(after <= before + 1 for before, after in pairwise(found))
    kinds = ["title", "sub", "sub", "heading", "sub", "part", "sub"]
    some = [Block(kind, ("x",)) for kind in kinds]  # type: ignore[arg-type]
    assert [each.kind for each in blocks.levelled(some)] == [
        *("title", "heading", "part", "heading", "part", "part", "sub")
    ]


def test_what_leads_to_a_list_stays_with_it() -> None:
    """Wherever the bottom of the page falls."""
    for lines in range(39, 46):
        body = [*(Block("text", (f"Ligne {n}",)) for n in range(lines)), Block("text", ("Sources :",))]
        paper = papers.Paper("x", "x", (Block("title", ("x",)), *body, Block("items", ("Le rapport", "Le guide"))))
        sheets = pypdf.PdfReader(io.BytesIO(papers.module_pdf(paper))).pages
        assert ["Le rapport" in each for sheet in sheets if "Sources" in (each := sheet.extract_text())] == [True]
    with zipfile.ZipFile(io.BytesIO(papers.module_odt(paper))) as file:
        assert '<text:p text:style-name="Lead">Sources :</text:p>' in file.read("content.xml").decode()
        assert re.search(r'name="Lead"[^/]*keep-with-next="always"', file.read("styles.xml").decode())


MARKS = st.lists(
    st.sampled_from(
        [
            "- ",
            "1. ",
            "  - x",
            "> ",
            "## ",
            "| a | b |",
            "|---|---|",
            "::: astuce",
            ":::",
            "[^1]",
            "[^1]: n",
            "***",
            "a",
        ]
    )
    | LINES,
    max_size=12,
).map("\n".join)


@given(MARKS)
@QUICK
def test_whatever_a_body_says_makes_whole_files(body: str) -> None:
    found = blocks.of_body(body)
    assert all(block.lines or block.heads for block in found)
    paper = papers.Paper("x", "x", tuple(blocks.levelled([Block("title", ("x",)), *found])))
    opened(papers.module_odt(paper))


def test_a_body_is_its_words_in_order() -> None:
    body = """Un [lien](https://exemple.org/a), <https://exemple.org/b>, un mot[^1].

## Titre

- un
- deux

  encore
  - nid

1. a

| A | B |
|---|---|
| 1 | *2* |

::: devinez Quoi ?
Rien.
:::

![Une rue](files/x.svg "La rue, au matin.")

[^1]: La source.
"""
    assert blocks.of_body(body) == [
        Block("text", ("Un lien (https://exemple.org/a), https://exemple.org/b, un mot[1].",)),
        Block("part", ("Titre",)),
        Block("items", ("un", "deux\nencore", "– nid")),
        Block("steps", ("a",)),
        Block("table", rows=(("1", "2"),), heads=("A", "B")),
        Block("text", ("Quoi\u202f?",)),
        Block("text", ("Rien.",)),
        Block("text", ("Figure\u00a0: Une rue",)),
        Block("text", ("La rue, au matin.",)),
        Block("steps", ("La source.",)),
    ]
