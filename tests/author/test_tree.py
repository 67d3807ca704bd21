"""The tree of a pathway on screen: what it says, what its buttons do, what they answer."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import structure
from app.actions.structure import WantedStep
from app.config import Settings
from app.db import Engines
from app.models import Draft
from app.reads import drafts
from tests.cast import Cast
from tests.client import Client
from tests.learn.test_budgets import cost

TREE = "/atelier/parcours/demo"
MOST = 8


@pytest.fixture
def aude(client: Client, cast: Cast) -> Client:
    return client.sign_in(cast.aude)


@pytest.fixture
def numbers(engines: Engines, cast: Cast) -> dict[str, int]:
    """Of each text of the demonstration, by the end of its path."""
    with Session(engines.read) as db:
        return {each.path.split("/", 2)[2]: each.id for each in drafts.within(db, "pathways/demo/")}


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ").replace("&#39;", "’")


def arranging(number: int, verb: str = "") -> str:
    return f"{TREE}/rangement/{number}{verb}"


def test_the_tree_says_the_minutes_of_each_format_beside_what_it_announces(aude: Client) -> None:
    page = plain(aude.get(TREE).text)
    assert "12 min sur 12" in page
    assert "juste (11–13)" in page
    assert "Brouillon de l’édition 2. Tout est enregistré à mesure, la dernière fois le" in page
    assert "3 min, dès 12 min, Lecture" in page


def test_the_minutes_that_the_text_takes_stand_beside_those_announced_where_they_differ(
    aude: Client, numbers: dict[str, int], engines: Engines
) -> None:
    step = numbers["10-decouvrir/10-la-meme-rue.md"]
    before = plain(aude.get(TREE).text)
    with Session(engines.write) as db:
        draft = db.get_one(Draft, step)
        draft.text = f"{draft.text}\n{'mot ' * 1700}\n"
        db.commit()
    page = plain(aude.get(TREE).text)
    line = page[page.index(f'id="t{step}"') :].split("</li>")[0]
    assert re.search(r"3 min \(estimé 1[3-9] min\), dès 12 min, Lecture", line)
    assert not re.search(r"estimé 1[3-9] min", before)


def test_a_format_too_long_or_too_short_says_by_how_much(aude: Client, numbers: dict[str, int]) -> None:
    step = numbers["10-decouvrir/10-la-meme-rue.md"]
    aude.post(arranging(step, "/copie"))
    assert "trop long de 2 min (11–13)" in plain(aude.get(TREE).text)  # 15, accepted up to 13
    aude.post(arranging(numbers["10-decouvrir/module.md"], "/retrait"))
    assert "trop court de" in plain(aude.get(TREE).text)


def test_moving_says_the_new_rank_and_is_undone_by_one_button(aude: Client, numbers: dict[str, int]) -> None:
    step = numbers["10-decouvrir/20-besoin-ou-solution.md"]
    answer = aude.post(arranging(step, "/rang"), sens="monter")
    assert answer.status_code == 303
    assert str(answer.location).endswith(f"#h{step}")
    page = plain(aude.get(str(answer.location)).text)
    assert "Étape déplacée : 1 sur 7." in page
    home = numbers["10-decouvrir/module.md"]
    assert f'name="module" value="{home}"' in page
    assert 'name="rank" value="2"' in page
    back = aude.post(arranging(step, "/place"), module=str(home), rank="2")
    assert "Étape déplacée : 2 sur 7." in plain(aude.get(str(back.location)).text)


def test_moving_to_another_module_names_it(aude: Client, numbers: dict[str, int]) -> None:
    step = numbers["10-decouvrir/20-besoin-ou-solution.md"]
    answer = aude.post(arranging(step, "/place"), module=str(numbers["20-agir/module.md"]), rank="3")
    assert "Étape déplacée dans « Agir » : 3 sur 10." in plain(aude.get(str(answer.location)).text)


def test_a_rank_that_is_no_number_is_refused_and_nothing_moves(aude: Client, numbers: dict[str, int]) -> None:
    step = numbers["10-decouvrir/20-besoin-ou-solution.md"]
    for rank in ("", "-1", "x", "1e9", "9999"):
        answer = aude.post(arranging(step, "/place"), module=str(numbers["20-agir/module.md"]), rank=rank)
        assert answer.status_code == 422, rank
    assert aude.post(arranging(step, "/place"), module="999999", rank="1").status_code == 404


def test_what_is_taken_away_is_listed_and_given_back(aude: Client, numbers: dict[str, int]) -> None:
    step = numbers["10-decouvrir/20-besoin-ou-solution.md"]
    gone = plain(aude.get(str(aude.post(arranging(step, "/retrait")).location)).text)
    assert "Étape retirée : « Besoin ou solution ? »." in gone
    assert "Retirés" in gone
    assert gone.count(f"{arranging(step)}/retour") == 2  # « Annuler », and the list
    back = plain(aude.get(str(aude.post(arranging(step, "/retour")).location)).text)
    assert "« Besoin ou solution ? » est de nouveau là, 2 sur 7." in back
    assert "Retirés" not in back


def test_a_move_leaves_nothing_in_the_list_of_what_was_taken_away(aude: Client, numbers: dict[str, int]) -> None:
    aude.post(arranging(numbers["10-decouvrir/20-besoin-ou-solution.md"], "/rang"), sens="monter")
    aude.post(arranging(numbers["20-agir/module.md"], "/rang"), sens="monter")
    assert "Retirés" not in aude.get(TREE).text


def test_a_new_module_then_a_new_step(aude: Client, engines: Engines) -> None:
    answer = aude.post(f"{TREE}/modules", title="  Tenir   la durée ")
    page = plain(aude.get(str(answer.location)).text)
    assert "Module ajouté : « Tenir la durée »." in page
    with Session(engines.read) as db:
        module = db.scalars(select(Draft.id).where(Draft.path.like("pathways/demo/30-tenir-la-duree/module.md"))).one()
    form = f"{TREE}/modules/{module}/etape"
    assert "Dans le module 3" in plain(aude.get(form).text)
    refused = aude.post(f"{form}s", title="Un rendez-vous", kind="live", format="12min", minutes="beaucoup")
    assert refused.status_code == 422
    assert 'value="Un rendez-vous"' in refused.text
    assert 'value="live" checked' in refused.text
    assert aude.post(f"{form}s", title="x", kind="live", format="99h", minutes="5").status_code == 422
    made = aude.post(f"{form}s", title="Un rendez-vous", kind="live", format="12min", minutes="5")
    assert str(made.location).startswith("/atelier/textes/")  # to be written
    assert "Un rendez-vous" in plain(aude.get(str(made.location)).text)
    assert "en cours d’écriture" in aude.get(TREE).text


def buttons(page: str, number: int) -> str:
    """Where the button that moves a line up leads."""
    found = re.search(rf'id="h{number}"[^>]* formaction="([^"]+)"', page)
    assert found
    return found[1]


def rows(page: str) -> list[str]:
    """The lines of the tree, in order."""
    return re.findall(r'id="t([0-9]+)"', page)


def hidden_key(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_double_click_moves_one_place(aude: Client, numbers: dict[str, int]) -> None:
    number = numbers["10-decouvrir/30-aide-memoire.md"]
    up = buttons(aude.get(TREE).text, number)
    first = aude.post(up, sens="monter")
    once = rows(aude.get(TREE).text)
    again = aude.post(up, sens="monter")
    assert (first.status_code, again.status_code) == (303, 303)
    assert rows(aude.get(TREE).text) == once
    aude.post(buttons(aude.get(TREE).text, number), sens="monter")
    assert rows(aude.get(TREE).text) != once


def test_a_double_click_makes_one_module_one_step_one_copy(
    aude: Client, numbers: dict[str, int], engines: Engines
) -> None:
    def many() -> int:
        with Session(engines.read) as db:
            return len(drafts.within(db, "pathways/demo/"))

    before = many()
    for _twice in range(2):
        made = aude.post(f"{TREE}/modules", title="Tenir")
    module = re.search(r"#t([0-9]+)", str(made.location))
    assert module
    form = f"{TREE}/modules/{module[1]}/etape"
    said = {"key": hidden_key(aude.get(form).text), "kind": "reading", "format": "12min", "minutes": "5"}
    places = [aude.post(f"{form}s", title=title, **said).location for title in ("Une", "Une", "Deux")]
    assert places[0] == places[1] != places[2]
    assert many() == before + 3
    for number, size in (  # a step goes with its English
        (numbers["10-decouvrir/20-besoin-ou-solution.md"], 2),
        (int(module[1]), 3),
    ):
        now = many()
        key = hidden_key(aude.get(arranging(number)).text)
        copies = [aude.post(arranging(number, "/copie"), key=key).location for _twice in range(2)]
        assert copies[0] == copies[1]
        assert many() == now + size
        aude.post(arranging(number, "/copie"), key="another form")
        assert many() == now + 2 * size


def test_another_title_is_asked_within_its_bounds(aude: Client, numbers: dict[str, int]) -> None:
    step = numbers["10-decouvrir/20-besoin-ou-solution.md"]
    assert aude.post(arranging(step, "/titre"), title=" ").status_code == 422
    assert aude.post(arranging(step, "/titre"), title="x" * 161).status_code == 422
    answer = aude.post(arranging(step, "/titre"), title="<b>Besoin</b> & co")
    page = aude.get(str(answer.location)).text
    assert "&lt;b&gt;Besoin&lt;/b&gt; &amp; co" in page
    assert "<b>Besoin" not in page


def test_what_cannot_be_read_is_marked_and_not_copied(aude: Client, numbers: dict[str, int], engines: Engines) -> None:
    step = numbers["10-decouvrir/20-besoin-ou-solution.md"]
    assert "à corriger" not in aude.get(TREE).text
    with Session(engines.write) as db:
        db.get_one(Draft, step).text = "---\ntitle: [\n---\n"
        db.commit()
    page = aude.get(TREE).text
    assert "à corriger" in page
    assert "Sans titre" in page
    assert aude.post(arranging(step, "/copie")).status_code == 422
    assert aude.post(arranging(step, "/titre"), title="Autre").status_code == 422
    assert aude.post(arranging(step, "/rang"), sens="descendre").status_code == 303


def test_what_is_of_another_pathway_does_not_exist_here(
    aude: Client, numbers: dict[str, int], engines: Engines
) -> None:
    aude.post("/atelier/parcours", title="Ailleurs", formats="2h")
    step = numbers["10-decouvrir/20-besoin-ou-solution.md"]
    for verb in ("rang", "place", "titre", "copie", "retrait", "retour"):
        path = f"/atelier/parcours/ailleurs/rangement/{step}/{verb}"
        assert aude.post(path, title="x", rank="1", module="1").status_code == 404, verb
    assert aude.get(f"/atelier/parcours/ailleurs/rangement/{step}").status_code == 404
    assert aude.get(f"{TREE}/rangement/{numbers['pathway.md']}").status_code == 404


def test_a_pathway_never_published_is_taken_away_and_given_back(aude: Client) -> None:
    assert "Retirer ce parcours" not in aude.get(TREE).text
    assert aude.post(f"{TREE}/retrait").status_code == 422
    made = str(aude.post("/atelier/parcours", title="Un essai", formats="2h").location)
    assert "Retirer ce parcours" in aude.get(made).text
    gone = aude.post(f"{made}/retrait")
    page = plain(aude.get(str(gone.location)).text)
    assert "Parcours retiré : « Un essai »." in page
    assert aude.get(made).status_code == 404
    assert aude.post(f"{made}/modules", title="x").status_code == 404
    assert aude.post(f"{made}/retour").status_code == 303
    assert aude.get(made).status_code == 200


def test_a_tree_costs_eight_statements_at_most_and_no_more_when_it_grows(
    app: Flask, aude: Client, cast: Cast, engines: Engines, settings: Settings, numbers: dict[str, int]
) -> None:
    step = numbers["10-decouvrir/20-besoin-ou-solution.md"]
    pages = (TREE, "/atelier", arranging(step), f"{TREE}/modules/{numbers['20-agir/module.md']}/etape")
    before = {path: len(cost(app, aude, path)) for path in pages}
    assert max(before.values()) <= MOST
    with Session(engines.write) as db:
        home = structure.create_module(db, "demo", "Un module", by=cast.aude)
        for rank in range(30):
            structure.create_step(db, "demo", home.id, WantedStep("quiz", f"Étape {rank}", "12min", 1), by=cast.aude)
        structure.create_pathway(db, "Autre", "2h", by=cast.aude)
        db.commit()
    assert {path: len(cost(app, aude, path)) for path in pages} == before
