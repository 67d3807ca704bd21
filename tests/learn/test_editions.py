"""Editions as a learner meets them: what is corrected, what is offered, what has left; no old address is lost."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.config import Settings
from app.db import Engines
from app.models import Document, DocumentKind, Edition, Publication
from tests.actions.test_editions import (
    EXERCISE,
    KIT_STEP,
    READING,
    REASKED,
    REWORDED,
    Files,
    edited,
    publish,
    uid_of,
    with_one_more,
    without_kit_step,
)
from tests.build import DEMO, walk
from tests.cast import Cast
from tests.client import Client
from tests.learn.test_format import said, screens_agree

HERE = f"/parcours/{DEMO}"


@pytest.fixture
def lea(client: Client, cast: Cast, engines: Engines) -> Client:
    """Léa, who has finished the shortest format on the first edition."""
    with Session(engines.write) as db:
        walk(db, cast.lea)
        db.commit()
    return client.sign_in(cast.lea)


@pytest.fixture
def publish_now(engines: Engines, settings: Settings) -> object:
    def go(files: Files, note: str = "", *, correctif: bool = False) -> None:
        with Session(engines.write) as db:
            publish(db, settings, files, note=note, correctif=correctif)
            db.commit()

    return go


def test_a_correctif_says_what_it_corrects_where_it_corrects_it(lea: Client, publish_now) -> None:  # type: ignore[no-untyped-def]
    publish_now(REWORDED, "le titre de la première étape", correctif=True)
    corrected = "Corrigé le 25 novembre 2026 : le titre de la première étape"
    assert corrected in said(lea, HERE)
    assert corrected in said(lea, f"{HERE}/etapes/{uid_of(READING)}")
    assert corrected not in said(lea, f"{HERE}/etapes/{uid_of(EXERCISE)}")
    assert "la consigne a changé" not in said(lea, HERE)
    assert "Une nouvelle édition" not in said(lea, HERE)


def test_a_new_edition_is_offered_quietly_with_what_it_changes(lea: Client, publish_now) -> None:  # type: ignore[no-untyped-def]
    publish_now(with_one_more(), "Une étape de plus, pour ouvrir deux fois le kit.")
    for path in (HERE, "/mon-chemin", f"{HERE}/etapes/{uid_of(READING)}"):
        page = said(lea, path)
        assert "ouvelle édition est parue le 25 novembre 2026" in page, path
        assert f'href="{HERE}/edition"' in lea.get(path).text, path
    offer = said(lea, f"{HERE}/edition")
    assert "Une étape de plus, pour ouvrir deux fois le kit." in offer
    assert "5 étapes terminées sur 5 aujourd’hui, 5 sur 6 dans la nouvelle édition." in offer
    assert "nouvelle étape" in offer
    assert "de 3 min à 2 min" in offer
    assert lea.get(f"{HERE}/edition").text.count("btn main") == 1
    assert lea.get("/continuer").location == f"{HERE}/bilan"
    moved = lea.post(f"{HERE}/edition", edition="2")
    assert (moved.status_code, moved.location) == (303, f"{HERE}/etapes/demo-en-plus")
    assert lea.get(f"{HERE}/edition").location == HERE
    assert "5 étapes terminées sur 6" in said(lea, HERE)
    assert f"{HERE}/bilan?format=12" in lea.get("/mon-chemin").text
    assert "Numéro du bilan" in said(lea, f"{HERE}/bilan?format=12")


def test_a_changed_task_says_so_and_is_redone_with_what_was_written(lea: Client, publish_now) -> None:  # type: ignore[no-untyped-def]
    publish_now(REASKED)
    assert "la consigne a changé" in said(lea, f"{HERE}/edition")
    lea.post(f"{HERE}/edition", edition="2")
    uid = uid_of(EXERCISE)
    page = lea.get(f"{HERE}/etapes/{uid}").text
    assert "La consigne a changé." in page
    assert "Refaire cette étape" in page
    assert page.count("btn main") == 1
    fields = dict(re.findall(rf'<textarea[^>]*name="({uid}\.[a-z-]+)"[^>]*>([^<]*)</textarea>', page))
    fields |= dict(re.findall(rf'<input[^>]*type="date"[^>]*name="({uid}\.[a-z-]+)" value="([^"]*)"', page))
    assert any(fields.values())
    assert lea.send(f"{HERE}/etapes/{uid}/completion", {**fields, "key": "the same page"}).status_code == 303
    page = lea.get(f"{HERE}/etapes/{uid}").text
    assert "La consigne a changé." not in page
    assert "Terminée" in page


def test_an_offer_that_cannot_be_accepted_says_why(client: Client, cast: Cast, engines: Engines, publish_now) -> None:  # type: ignore[no-untyped-def]
    client.sign_in(cast.noe).post(f"{HERE}/inscription", format="24")
    publish_now(edited(("pathways/demo/20-agir/70-jalon-24.md", "minutes: 1\n", "minutes: 1\nready: no\n")))
    assert "n’ouvre pas votre format 24 min" in said(client, f"{HERE}/edition")
    assert "Passer à la nouvelle édition" not in client.get(f"{HERE}/edition").text
    refused = client.post(f"{HERE}/edition", edition="2")
    assert refused.status_code == 422
    assert "n’ouvre pas votre format" in refused.text
    assert client.post(f"{HERE}/edition", edition="9").status_code == 422


def test_a_step_that_has_left_leads_on_and_is_read_again_by_who_did_it(  # type: ignore[no-untyped-def]
    lea: Client, cast: Cast, engines: Engines, app, settings: Settings, publish_now
) -> None:
    uid = uid_of(KIT_STEP)
    publish_now(without_kit_step())
    assert lea.get(f"{HERE}/etapes/{uid}").status_code == 200
    lea.post(f"{HERE}/edition", edition="2")
    old = lea.get(f"{HERE}/etapes/{uid}")
    assert (old.status_code, old.location) == (303, f"{HERE}/etapes/{uid}/ancienne")
    page = said(lea, old.location)
    assert "Cette étape n’est plus dans votre édition." in page
    assert "elle reste à vous, la voici" in page
    visitor = Client(app, settings, engines)
    assert "Cette étape n’est plus dans ce parcours." in said(visitor, visitor.get(f"{HERE}/etapes/{uid}").location)
    assert visitor.get(f"{HERE}/etapes/nowhere").status_code == 404
    assert visitor.get(f"{HERE}/etapes/nowhere/ancienne").status_code == 404
    typed = lea.send(f"{HERE}/etapes/{uid}/completion", {f"{uid}.mes-notes": "Une longue phrase à ne pas perdre"})
    assert typed.status_code == 422
    assert "Une longue phrase à ne pas perdre" in typed.text
    assert lea.get("/continuer").status_code == 303


def test_a_step_to_come_says_in_which_edition_it_is(lea: Client, publish_now) -> None:  # type: ignore[no-untyped-def]
    publish_now(with_one_more())
    coming = lea.get(f"{HERE}/etapes/demo-en-plus").location
    assert "plus récente que la vôtre" in said(lea, coming)
    assert f'href="{HERE}/edition"' in lea.get(coming).text


def test_the_result_of_a_diagnostic_that_has_left_can_still_be_read(  # type: ignore[no-untyped-def]
    lea: Client, cast: Cast, engines: Engines, publish_now
) -> None:
    lea.post(f"{HERE}/format", format="24")
    with Session(engines.write) as db:
        walk(db, cast.lea)
        db.commit()
    result = re.search(r"/resultats/\d+", lea.get("/mon-chemin").text)
    assert result
    gone = "pathways/demo/10-decouvrir/40-mes-reflexes."  # and its translation
    longer = edited((EXERCISE, "minutes: 3", "minutes: 4"))
    files = {path: content for path, content in longer.items() if not path.startswith(gone)}
    publish_now(files)
    moved = lea.post(f"{HERE}/edition", edition="2")
    assert moved.status_code == 303
    page = said(lea, result[0])
    assert "Cette étape n’est plus dans votre édition." in page
    assert lea.post(f"{result[0]}/completion", surprise="Un texte à garder").status_code == 422


@pytest.mark.parametrize("state", ["correctif", "offered", "moved", "longer"])
def test_every_screen_agrees_whatever_the_edition(  # type: ignore[no-untyped-def]
    client: Client, cast: Cast, engines: Engines, publish_now, state: str
) -> None:
    with Session(engines.write) as db:
        walk(db, cast.noe, steps=3)
        db.commit()
    noe = client.sign_in(cast.noe)
    publish_now(REWORDED, "Relu.", correctif=True)
    if state != "correctif":
        publish_now(with_one_more())
    if state in ("moved", "longer"):
        assert noe.post(f"{HERE}/edition", edition="3").status_code == 303
    if state == "longer":
        assert noe.post(f"{HERE}/format", format="24").status_code == 303
    screens_agree(noe, engines, cast.noe)


def test_a_pathway_that_is_withdrawn_leads_to_the_others_and_stays_open_to_who_is_midway(  # type: ignore[no-untyped-def]
    client: Client, cast: Cast, engines: Engines, app, settings: Settings
) -> None:
    with Session(engines.write) as db:
        walk(db, cast.noe, steps=3)
        db.scalars(select(Edition)).one().withdrawn_at = clock.now()
        db.commit()
    visitor = Client(app, settings, engines)
    for path in (HERE, f"{HERE}/etapes/{uid_of(READING)}"):
        assert visitor.get(path).location == "/parcours"
    assert HERE not in visitor.get("/parcours").text
    screens_agree(client.sign_in(cast.noe), engines, cast.noe)


def test_an_address_that_was_published_leads_somewhere_once_it_is_withdrawn(client: Client, engines: Engines) -> None:
    page = client.get("/kits/kit-demo").text
    sheet = next(name for name in re.findall(r'"/kits/kit-demo/([^"]+)"', page) if not name.startswith("outils/"))
    with Session(engines.write) as db:
        for kind, slug in ((DocumentKind.CASE, "demo-voisins"), (DocumentKind.KIT, "kit-demo")):
            query = select(Publication).join(Document).where(Document.kind == kind, Document.slug == slug)
            for publication in db.scalars(query):
                publication.withdrawn_at = clock.now()
        db.commit()
    for path, instead in (
        ("/exemples/demo-voisins", "/parcours"),
        ("/kits/kit-demo", "/kits"),
        (f"/kits/kit-demo/{sheet}", "/kits"),
        ("/kits/kit-demo/outils/carte-de-pret", "/kits"),
    ):
        assert client.get(path).location == instead
        assert client.get(instead).status_code == 200
    for path in ("/exemples/nowhere", "/kits/nowhere", "/kits/kit-demo/nowhere", "/kits/kit-demo/outils/nowhere"):
        assert client.get(path).status_code == 404


def test_an_issued_bilan_names_the_pathway_and_the_traces_as_they_were(lea: Client, publish_now) -> None:  # type: ignore[no-untyped-def]
    before = said(lea, f"{HERE}/bilan")
    assert "Démonstration : le tour des étapes" in before.replace("\u00a0", " ")
    changed = edited(
        (READING, "title: ", "title: Relu, "), ("pathways/demo/pathway.md", "title: 'Démon", "title: 'Autre démon")
    )
    publish_now(changed, "les titres", correctif=True)
    assert "Relu, " in said(lea, f"{HERE}/etapes/{uid_of(READING)}")
    after = said(lea, f"{HERE}/bilan").replace("\u00a0", " ")
    assert "Autre démon" not in after.split("Bilan de parcours", 1)[1]
    assert "Relu, " not in after
