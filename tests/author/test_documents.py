"""Kits, self-diagnostics and examples begun in the workshop: once for a double click, given back as they were."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import authoring, documents, structure, workshop
from app.config import Settings
from app.db import Engines
from app.errors import Missing, Refused
from app.models import AuditEvent, Document, DocumentKind, Draft
from app.reads import drafts
from tests.actions.test_parallel import at_once
from tests.build import demo_course, load_demo
from tests.cast import Cast, make_cast
from tests.client import Client
from tests.learn.test_budgets import cost

MOST = 8
KINDS = pytest.mark.parametrize("kind", list(documents.ALONE))


@pytest.fixture
def writer(db: Session, settings: Settings) -> int:
    load_demo(db, settings.media_dir)
    return make_cast(db).aude


@pytest.fixture
def aude(client: Client, cast: Cast) -> Client:
    return client.sign_in(cast.aude)


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ").replace("&#39;", "’")


def kit(db: Session) -> int:
    return db.scalars(select(Draft.id).filter_by(path="kits/kit-demo/kit.md")).one()


def folder(db: Session, prefix: str) -> dict[str, str]:
    db.flush()
    return {each.path.removeprefix(prefix): each.text or "" for each in drafts.within(db, prefix)}


@KINDS
def test_a_document_begins_with_its_title_and_asked_twice_is_one(db: Session, writer: int, kind: DocumentKind) -> None:
    made = [documents.create_document(db, kind, "L’été à deux", by=by).id for by in (writer, writer, writer + 1)]
    assert made[0] == made[1] != made[2]
    made_of = folder(db, f"{kind}s/l-ete-a-deux/")
    assert made_of.keys() == {f"{kind}.md"}
    assert made_of[f"{kind}.md"].startswith("---\ntitle: L’été à deux\n")
    assert folder(db, f"{kind}s/l-ete-a-deux-2/")
    first = db.get_one(Draft, made[0])
    workshop.write_text(db, first.id, "---\ntitle: L’été à deux\nsummary: Oui.\n---\n", seen=first.version, by=writer)
    again = documents.create_document(db, kind, "L’été à deux", by=writer)
    assert again.path.startswith(f"{kind}s/l-ete-a-deux-3/")  # what is written in is another


def test_what_holds_something_already_is_another(db: Session, writer: int) -> None:
    front = documents.create_document(db, DocumentKind.KIT, "Un kit", by=writer)
    documents.create_page(db, front.id, "sheet", "Une fiche", by=writer)
    assert documents.create_document(db, DocumentKind.KIT, "Un kit", by=writer).id != front.id
    slug = structure.create_pathway(db, "Un parcours", "2h", by=writer)
    structure.create_module(db, slug, "Un module", by=writer)
    assert structure.create_pathway(db, "Un parcours", "2h", by=writer) != slug


def test_two_clicks_at_once_make_one(engines: Engines, cast: Cast) -> None:
    at_once(engines, lambda db, _n: documents.create_document(db, DocumentKind.CASE, "Ensemble", by=cast.aude).id)
    with Session(engines.read) as db:
        assert db.scalar(select(func.count()).select_from(Document).where(Document.slug.like("ensemble%"))) == 1


@pytest.mark.parametrize("kind", documents.PAGES)
def test_a_page_goes_to_the_end_of_its_kit_once(db: Session, writer: int, kind: str) -> None:
    pages = [documents.create_page(db, kit(db), kind, "Une liste", by=writer).id for _click in range(2)]
    assert pages[0] == pages[1]
    made = db.get_one(Draft, pages[0])
    assert made.path == "kits/kit-demo/40-une-liste.md"
    assert ("code: DF3\n" in (made.text or "")) is (kind == "sheet")
    assert ("kind: tool\n" in (made.text or "")) is (kind == "tool")
    uid = re.search(r"^uid: (\w+)$", made.text or "", re.M)
    assert uid
    said = folder(db, "kits/kit-demo/")["kit.md"]
    assert (f"- title: Une liste\n  uid: {uid[1]}\n" in said) is (kind == "tool")
    other = documents.create_page(db, kit(db), kind, "Une liste", by=writer + 1)
    assert other.path == "kits/kit-demo/50-une-liste-2.md"


def test_the_first_sheet_of_a_new_kit_has_a_code(db: Session, writer: int) -> None:
    front = documents.create_document(db, DocumentKind.KIT, "Un kit", by=writer)
    codes = [documents.create_page(db, front.id, "sheet", title, by=writer).text for title in ("Une", "Deux")]
    assert [re.findall(r"code: (\w+)", text or "") for text in codes] == [["F1"], ["F2"]]


def test_pages_are_asked_of_a_kit_alone(db: Session, writer: int) -> None:
    case = documents.create_document(db, DocumentKind.CASE, "Un exemple", by=writer)
    sheet = documents.create_page(db, kit(db), "sheet", "Une", by=writer)
    step = db.scalars(select(Draft.id).where(Draft.path.like("pathways/demo/10-%/module.md"))).one()
    for number in (case.id, sheet.id, step, 999_999):
        with pytest.raises(Missing):
            documents.create_page(db, number, "sheet", "Une", by=writer)


@KINDS
def test_what_was_never_published_is_taken_away_once_and_given_back_whole(
    db: Session, writer: int, kind: DocumentKind
) -> None:
    front = documents.create_document(db, kind, "Un essai", by=writer)
    if kind is DocumentKind.KIT:
        documents.create_page(db, front.id, "sheet", "Une fiche", by=writer)
        lost = documents.create_page(db, front.id, "sheet", "Une de trop", by=writer)
        documents.remove_document(db, lost.id, by=writer)
    prefix = front.path.rsplit("/", 1)[0] + "/"
    before = folder(db, prefix)
    for _click in range(2):
        documents.remove_document(db, front.id, by=writer)
    assert folder(db, prefix) == {}
    assert [draft.id for _document, draft in drafts.removed_fronts(db)] == [front.id]
    for _click in range(2):
        documents.restore_document(db, front.id, by=writer)
    assert folder(db, prefix) == before
    acts = db.scalars(select(AuditEvent.verb).where(AuditEvent.object == prefix.rstrip("/")))
    assert list(acts) == ["document.remove", "document.restore"]


def test_a_page_goes_and_comes_back_with_its_translation(db: Session, settings: Settings, writer: int) -> None:
    before = folder(db, "kits/kit-demo/")
    page = db.scalars(select(Draft.id).filter_by(path="kits/kit-demo/30-carte-de-pret.md")).one()
    for _click in range(2):
        documents.remove_document(db, page, by=writer)
    left = {path: text for path, text in before.items() if not path.startswith("30-")}
    assert folder(db, "kits/kit-demo/") == left
    said = [plain(each.message) for each in drafts.course(db, settings.media_dir).problems]
    assert any("n’a pas d’outil « demo-t1 »" in each for each in said)
    assert authoring.load(db, demo_course(), settings.media_dir).ahead == ["kits/kit-demo"]
    assert folder(db, "kits/kit-demo/") == left  # the disk does not bring it back
    for _click in range(2):
        documents.restore_document(db, page, by=writer)
    assert folder(db, "kits/kit-demo/") == before


def test_what_was_published_stays(db: Session, writer: int) -> None:
    with pytest.raises(Refused, match="publié"):
        documents.remove_document(db, kit(db), by=writer)
    assert "kit.md" in folder(db, "kits/kit-demo/")


def test_a_page_of_a_kit_that_is_gone_waits_for_its_kit(db: Session, writer: int) -> None:
    front = documents.create_document(db, DocumentKind.KIT, "Un kit", by=writer)
    page = documents.create_page(db, front.id, "sheet", "Une fiche", by=writer)
    documents.remove_document(db, front.id, by=writer)
    with pytest.raises(Missing):
        documents.restore_document(db, page.id, by=writer)


@KINDS
def test_the_workshop_begins_it_and_says_what_it_lacks(aude: Client, kind: DocumentKind) -> None:
    made = aude.post("/atelier/textes", kind=kind.value, title="  Un   début ")
    assert made.status_code == 303
    page = plain(aude.get(str(made.location)).text)
    assert "<h1" in page
    assert "Un début" in page
    assert "À écrire avant de publier." in page
    publication = plain(aude.get(f"{made.location}/publication").text)
    assert "À corriger" in publication
    assert 'name="seen"' not in publication  # nothing to publish yet
    assert aude.post(f"{made.location}/essais").status_code == 422  # with a sentence
    assert "Un début" in plain(aude.get("/atelier").text)


def test_a_name_that_is_made_at_the_first_word_is_not_asked_for(aude: Client, engines: Engines) -> None:
    made = aude.post("/atelier/textes", title="Notre accueil", kind="diagnostic")
    for address in (made.location, f"{made.location}/publication"):
        page = plain(aude.get(str(address)).text)
        assert "Axes" in page
        assert "« Nom technique »" not in page
        assert '">Nom technique</a>' not in page


def test_a_document_without_a_title_or_of_no_kind_is_refused(aude: Client, engines: Engines) -> None:
    before = aude.get("/atelier").text.count("<li>")
    empty = aude.post("/atelier/textes", kind="case", title=" ")
    assert empty.status_code == 422
    assert 'href="#text-title"' in empty.text
    assert 'value="case" checked' in empty.text
    assert aude.post("/atelier/textes", kind="pathway", title="Un titre").status_code == 422
    assert aude.post("/atelier/textes", kind="case", title="x" * 161).status_code == 422
    assert aude.get("/atelier").text.count("<li>") == before


def test_taken_away_it_is_said_and_given_back_by_one_button(aude: Client) -> None:
    made = str(aude.post("/atelier/textes", kind="case", title="Un essai").location)
    answer = aude.post(f"{made}/retrait")
    page = plain(aude.get(str(answer.location)).text)
    assert "« Un essai » est retiré." in page
    assert f'formaction="{made}/retour"' in page
    assert aude.get(made).status_code == 404
    assert str(aude.post(f"{made}/retour").location) == made
    assert aude.get(made).status_code == 200


def test_a_kit_says_which_page_was_taken_away_and_gives_it_back(aude: Client, engines: Engines, cast: Cast) -> None:
    with Session(engines.read) as db:
        front = f"/atelier/textes/{kit(db)}"
    assert "Retirer ce texte" not in aude.get(front).text  # it was published
    made = str(aude.post(f"{front}/pages", kind="sheet", title="Une fiche de plus").location)
    assert "Une fiche de plus" in aude.get(front).text
    gone = plain(aude.get(str(aude.post(f"{made}/retrait").location)).text)
    assert "Fiche retirée : « Une fiche de plus »." in gone
    assert gone.count(f"{made}/retour") == 2  # « Annuler », and the list
    assert str(aude.post(f"{made}/retour").location) == made
    assert "Retirés" not in aude.get(front).text
    long = aude.post(f"{front}/pages", kind="tool", title="x" * 161)
    assert long.status_code == 422
    assert "x" * 161 in long.text
    assert aude.post(f"{front}/pages", kind="step", title="Une").status_code == 422


def test_a_self_diagnostic_names_its_sheets_by_their_kit(aude: Client, engines: Engines, cast: Cast) -> None:
    with Session(engines.read) as db:
        number = db.scalars(select(Draft.id).filter_by(path="diagnostics/demo/diagnostic.md")).one()
    page = plain(aude.get(f"/atelier/textes/{number}").text)
    choices = page[page.index('<select name="axes.0.sheet"') :].split("</select>")[0]
    assert '<option value="demo-f1" selected>Kit de démonstration : entre voisins : Dire le besoin</option>' in choices
    assert "demo-t1" not in choices  # a tool is no sheet


def test_a_page_of_the_shelf_costs_the_same_with_more(aude: Client, app: Flask, engines: Engines, cast: Cast) -> None:
    with Session(engines.read) as db:
        numbers = [kit(db), db.scalars(select(Draft.id).filter_by(path="diagnostics/demo/diagnostic.md")).one()]
    addresses = ["/atelier", *(f"/atelier/textes/{number}" for number in numbers)]
    before = [len(cost(app, aude, address)) for address in addresses]
    for rank in range(6):
        for kind in documents.ALONE:
            aude.post("/atelier/textes", kind=kind.value, title=f"Un {rank}")
        page = aude.post(f"{addresses[1]}/pages", kind="sheet", title=f"Une {rank}")
        aude.post(f"{page.location}/retrait")
    assert [len(cost(app, aude, address)) for address in addresses] == before
    assert max(before) <= MOST
