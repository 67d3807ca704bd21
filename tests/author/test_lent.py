"""A module of another pathway taken in the workshop: shown, counted, named where it is written, replaced by a copy."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import authoring
from app.config import Settings
from app.content.course import load_course
from app.content.trying import tried
from app.db import Engines
from app.learn.pages.parts import led
from app.models import Draft
from app.reads import drafts
from app.steps import KINDS
from tests.actions.test_editions import READING
from tests.author.test_publication import number_of, words, write
from tests.build import DEMO
from tests.cast import Cast
from tests.client import Client
from tests.content.test_lent import ACT, USE, course, files
from tests.learn.test_budgets import cost

TREE = "/atelier/parcours/voisins"


@pytest.fixture
def aude(client: Client, cast: Cast, engines: Engines, settings: Settings) -> Client:
    """The demonstration lends both its modules to « voisins », published."""
    with Session(engines.write) as db:
        assert authoring.load(db, course(), settings.media_dir).ok
        db.commit()
    return client.sign_in(cast.aude)


def texts(engines: Engines, prefix: str = "pathways/voisins/") -> dict[str, str]:
    with Session(engines.read) as db:
        return {each.path: each.text or "" for each in drafts.within(db, prefix)}


def test_the_tree_shows_what_is_taken_and_who_takes(aude: Client) -> None:
    page = words(aude.get(TREE).text)
    assert page.count("repris de « Démonstration : le tour des étapes »") == 2
    assert "La même rue" in page
    assert "24 min sur 24" in page
    assert "Utilisé aussi dans : voisins." in words(aude.get("/atelier/parcours/demo").text)


def test_who_writes_there_is_told_whom_it_touches(aude: Client, engines: Engines) -> None:
    page = words(aude.get(f"/atelier/textes/{number_of(engines, READING)}").text)
    assert "Ce module est utilisé aussi dans : voisins." in page
    assert "Donner sa propre copie à « voisins »" in page
    other = words(aude.get(f"/atelier/textes/{number_of(engines, 'pathways/voisins/pathway.md')}").text)
    assert "Ce module est utilisé aussi" not in other


def test_a_change_there_is_published_here_when_its_author_says_so(aude: Client, engines: Engines, cast: Cast) -> None:
    write(engines, cast, READING, "title: ", "title: Relu, ")
    page = words(aude.get(f"{TREE}/publication").text)
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert seen is not None
    assert "Relu, La même rue" in words(aude.get(TREE).text)
    write(engines, cast, READING, "Relu, ", "Relu deux fois, ")
    assert aude.post(f"{TREE}/editions", seen=seen[1], note="Un mot.").status_code == 409
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', aude.get(f"{TREE}/publication").text)
    assert seen is not None
    assert aude.post(f"{TREE}/editions", seen=seen[1], note="Un mot.").status_code == 303
    assert "Relu deux fois, " in aude.get("/parcours/voisins").text
    assert "Relu deux fois, " not in aude.get("/parcours/demo").text


def test_a_module_is_taken_once_from_the_tree(aude: Client, engines: Engines) -> None:
    number = number_of(engines, ACT)
    aude.post(f"{TREE}/rangement/{number}/retrait")
    page = aude.get(TREE).text
    assert 'value="demo/agir"' in page
    assert 'value="demo/decouvrir"' not in page  # it is there already
    for _turn in range(2):
        assert aude.post(f"{TREE}/modules/reprises", use="demo/agir").status_code == 303
    taken = [text for path, text in texts(engines).items() if path.endswith("/module.md")]
    assert sorted(taken) == ["---\nuse: demo/agir\n---\n", "---\nuse: demo/decouvrir\n---\n"]
    for wrong in ("", "demo/absent", "voisins/decouvrir", "../../x"):
        assert aude.post(f"{TREE}/modules/reprises", use=wrong).status_code == 422, wrong


def test_a_copy_takes_its_place_and_what_is_said_of_it(aude: Client, engines: Engines, settings: Settings) -> None:
    """Other uids, the same words; evidence and recalls follow, so that the whole is still in order."""
    number = number_of(engines, USE)
    assert aude.post(f"{TREE}/modules/{number}/copie").status_code == 303
    after = texts(engines)
    fronts = [path for path in after if path.endswith("/module.md")]
    assert [after[path].startswith("---\nuse:") for path in sorted(fronts)] == [False, True]
    assert "(copie)" not in "".join(after[path] for path in fronts)
    assert "demo-lecture" not in after["pathways/voisins/pathway.md"]
    assert aude.post(f"{TREE}/modules/{number_of(engines, ACT)}/copie").status_code == 303
    with Session(engines.read) as db:
        found = drafts.course(db, settings.media_dir)
    assert [str(each) for each in found.problems] == []
    assert "repris de" not in aude.get(TREE).text
    assert aude.post(f"{TREE}/modules/{number}/copie").status_code == 404


def test_what_is_lent_is_not_taken_away_nor_written_there(aude: Client, engines: Engines) -> None:
    lender = number_of(engines, "pathways/demo/10-decouvrir/module.md")
    answer = aude.post(f"/atelier/parcours/demo/rangement/{lender}/retrait")
    assert answer.status_code == 422
    assert "repris dans voisins" in answer.text
    reference = number_of(engines, USE)
    assert aude.post(f"{TREE}/rangement/{reference}/titre", title="Autre").status_code == 422
    assert aude.post(f"{TREE}/rangement/{reference}/copie").status_code == 422
    step = {"title": "Une étape", "kind": "reading", "format": "12min", "minutes": "3"}
    assert aude.post(f"{TREE}/modules/{reference}/etapes", **step).status_code == 422
    page = words(aude.get(f"{TREE}/rangement/{reference}").text)
    assert "Remplacer par une copie" in page
    assert "Changer le titre" not in page
    assert aude.post(f"{TREE}/rangement/{reference}/rang", sens="descendre").status_code == 303
    assert [path for path in texts(engines) if path.endswith("module.md")][-1].endswith("decouvrir/module.md")


def test_it_is_tried_and_read_over(aude: Client, engines: Engines, settings: Settings) -> None:
    answer = aude.post(f"{TREE}/essais")
    assert answer.status_code == 303
    assert "La même rue" in aude.web.get(answer.location).text
    with Session(engines.read) as db:
        readable = drafts.readable(db, settings.media_dir)
    found = tried(readable, "pathway", "voisins", KINDS)
    unit = found.course.unit("pathway", "voisins")
    assert unit is not None
    assert unit.problems == ()
    assert len(unit.documents) == 3


def test_it_goes_out_and_comes_back_as_it_is(aude: Client, engines: Engines, settings: Settings) -> None:
    with Session(engines.read) as db:
        kept = drafts.files(db, settings.media_dir)
    assert kept[USE] == b"---\nuse: demo/decouvrir\n---\n"
    assert load_course(kept, KINDS).problems == ()


def test_its_links_keep_their_reader_in_the_pathway_that_is_followed(
    aude: Client, engines: Engines, settings: Settings
) -> None:
    said, links = files(), b"---\n\n[Q](20-besoin-ou-solution.md), [E](../20-agir/10-ma-phrase.md).\n\n"
    for path in (READING, READING.replace(".md", ".en.md")):
        said[path] = said[path].replace(b"---\n\n", links, 1)
    with Session(engines.write) as db:
        assert authoring.load(db, load_course(said, KINDS), settings.media_dir).ok
        db.commit()
    for slug in ("demo", "voisins"):
        page = aude.get(f"/parcours/{slug}/etapes/demo-lecture").text
        for step in ("demo-quiz", "demo-phrase"):
            assert f'<a href="/parcours/{slug}/etapes/{step}">' in page


def test_a_link_to_what_is_not_in_the_pathway_leads_where_it_is() -> None:
    html = '<a href="/parcours/demo/etapes/ici">a</a> <a href="/parcours/demo/etapes/ailleurs">b</a> <a href="/kits/x">'
    there = html.replace("demo/etapes/ici", "voisins/etapes/ici")
    assert led(html, "voisins", {"ici"}) == there


def test_the_tree_costs_no_more_than_eight_statements(app: Flask, aude: Client, engines: Engines) -> None:
    for path in (
        TREE,
        f"/atelier/parcours/{DEMO}",
        f"{TREE}/publication",
        f"{TREE}/rangement/{number_of(engines, USE)}",
    ):
        assert len(cost(app, aude, path)) <= 8, path
    with Session(engines.read) as db:
        number = db.scalars(select(Draft.id).where(Draft.path == READING)).one()
    assert len(cost(app, aude, f"/atelier/textes/{number}")) <= 8
