"""Every screen of the workshop in each of its states: axe finds nothing, nothing sticks out, no key is caught."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect
from sqlalchemy.orm import Session

from app.actions import roles, structure
from app.content import archive
from app.models import Role
from tests.actions.test_editions import EXERCISE, KIT_STEP, QUIZ, READING, edited
from tests.author.test_improve import learners
from tests.author.test_publication import number_of, write
from tests.build import load_demo
from tests.cast import Cast, address, make_cast
from tests.learn.typist import look
from tests.serving import Live, device, serving
from tests.teach.test_browser_help import signed_in

TREE = "/atelier/parcours/demo"
KIT = "kits/kit-demo/kit.md"
LONG = "Accueillir, informer et accompagner celles et ceux qui viennent d’arriver dans l’intercommunalité"
REMARK = "Cette phrase dit deux choses à la fois : ne faut-il pas la couper ?"


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: Path,
    environ: Callable[[str], dict[str, str]],
    built_assets: Path,
) -> Iterator[Live]:
    """Where only administrators publish: Aude proposes, Ada, who writes too, publishes."""
    path = tmp_path_factory.mktemp("live") / "balises.db"
    path.write_bytes(sqlite_template.read_bytes())
    with serving(environ(f"sqlite:///{path}") | {"PUBLISHING": "admins"}) as found:
        yield found


@pytest.fixture(scope="module")
def cast(site: Live) -> Cast:
    """Everybody, and a workshop where something happened: learners, words changed, a long title, things removed."""
    with Session(site.engines.write) as db:
        load_demo(db, site.settings.media_dir)
        found = make_cast(db)
        roles.grant_role(db, address("ada"), Role.AUTHOR, by=found.ada)
        slug = structure.create_pathway(db, LONG, "12h", by=found.aude)
        for title in (LONG, "Un module de trop", "Un autre"):
            last = structure.create_module(db, slug, title, by=found.aude)
        structure.remove(db, slug, last.id)
        db.commit()
    learners(site.engines, 8, seconds=300)
    write(site.engines, found, EXERCISE, "  label: ", "  label: Autrement, ")
    write(site.engines, found, READING, "title: ", f"title: {LONG}, ")
    write(site.engines, found, KIT, "summary: Deux", "summary: Toujours deux")
    return found


@pytest.fixture(scope="module")
def desk(browser: Browser, site: Live, cast: Cast) -> Iterator[Page]:
    """Aude’s."""
    with signed_in(browser, site, cast.aude) as page:
        yield page


def press(page: Page, name: str, within: str = "main") -> None:
    with page.expect_navigation():
        page.locator(within).get_by_role("button", name=name).first.click()


def text(site: Live, path: str) -> str:
    return f"/atelier/textes/{number_of(site.engines, path)}"


def test_the_workshop_and_its_trees(desk: Page, site: Live) -> None:
    look(desk, "/atelier")
    look(desk, TREE)
    desk.goto("/atelier")
    with desk.expect_navigation():
        desk.get_by_role("link", name=LONG).click()
    look(desk)
    with desk.expect_navigation():
        desk.get_by_role("link", name="Ranger : Un module de trop").click()
    look(desk)
    look(desk, f"{TREE}/rangement/{number_of(site.engines, READING)}")


def test_publication_that_is_refused_proposed_and_done(browser: Browser, desk: Page, site: Live, cast: Cast) -> None:
    desk.goto("/atelier")
    with desk.expect_navigation():
        desk.get_by_role("link", name=LONG).click()
    with desk.expect_navigation():
        desk.get_by_role("link", name="Publier…").click()
    expect(desk.get_by_text("points à corriger")).to_be_visible()
    expect(desk.get_by_text("à remplir : « Résumé »")).to_be_visible()
    look(desk)
    for path, note in (
        (f"{TREE}/publication", "Une question est plus claire."),
        (f"{text(site, KIT)}/publication", ""),
    ):
        look(desk, path)
        if note:
            desk.get_by_label("Ce qui change dans cette édition").fill(note)
        press(desk, "Proposer")
        expect(desk.get_by_text("propose de publier")).to_be_visible()
        look(desk)
    look(desk, "/atelier")
    with signed_in(browser, site, cast.ada) as ada:
        for path in (f"{TREE}/publication", f"{text(site, KIT)}/publication"):
            look(ada, path)
            press(ada, "Publier")
            expect(ada.get_by_role("status").first).to_be_visible()
            look(ada)


def test_an_archive_that_is_refused_and_one_that_is_looked_at(desk: Page) -> None:
    def send(content: bytes) -> None:
        file: FilePayload = {"name": "x.zip", "mimeType": "application/zip", "buffer": content}
        desk.get_by_label("Archive ZIP").set_input_files(file)
        press(desk, "Vérifier l’archive")

    look(desk, "/atelier/import")
    send(b"<html>")
    expect(desk.get_by_role("alert")).to_be_visible()
    look(desk)
    changed = edited((READING, "minutes: 3", "minutes: trois"), (QUIZ, "kind: quiz", "kind: jeu"))
    changed["pathways/demo/20-agir/90-anticonstitutionnellementintercommunal.md"] = changed[READING]
    send(archive.pack({path: content for path, content in changed.items() if path.startswith("pathways/")}))
    expect(desk.get_by_role("button", name="Prendre cette archive")).to_be_visible()
    look(desk)


def test_questions_taken_from_gift(desk: Page, site: Live) -> None:
    look(desk, f"{text(site, QUIZ)}/questions")
    desk.get_by_label("Ou des questions collées ici").fill("Qui appelle ? {=Inès#Oui. ~Samir}\n\nRacontez. {}")
    press(desk, "Montrer ce qui s’ajouterait")
    look(desk)


def test_a_draft_read_over(browser: Browser, desk: Page, site: Live) -> None:
    look(desk, f"{TREE}/relecture")
    desk.get_by_label("Pour qui").fill(LONG)
    press(desk, "Faire un lien")
    look(desk)
    secret = desk.locator("code").inner_text().removeprefix(site.url)
    with device(browser, 1280, url=site.url) as reader:
        look(reader, secret)
        press(reader, "D’accord avec ces textes")
        expect(reader.get_by_role("alert")).to_be_visible()
        look(reader)
        reader.get_by_label("Votre nom").fill("Inès M.")
        press(reader, "D’accord avec ces textes")
        with reader.expect_navigation():
            reader.get_by_role("link", name=LONG).click()
        reader.locator("summary").nth(2).click()
        reader.get_by_label("Votre remarque").nth(2).fill(REMARK)
        press(reader, "Envoyer la remarque", "details[open]")
        expect(reader.get_by_role("alert")).to_be_visible()
        look(reader)
        reader.get_by_label("Votre nom").nth(2).fill("Inès M.")
        press(reader, "Envoyer la remarque", "details[open]")
        look(reader)
    desk.goto(f"{TREE}/relecture")
    desk.get_by_label("Votre réponse").fill("Coupée, merci.")
    press(desk, "Répondre et marquer réglée")
    look(desk)


def test_what_learners_made_of_it_and_words_replaced(desk: Page) -> None:
    look(desk, f"{TREE}/suivi")
    look(desk, f"{TREE}/remplacer")
    for words, shown in (("introuvable", "nulle part"), ("voisins", "endroits")):
        desk.get_by_label("Chercher").fill(words)
        desk.get_by_label("Mettre à la place").fill("voisines et voisins")
        press(desk, "Montrer chaque endroit")
        expect(desk.get_by_text(shown).first).to_be_visible()
        look(desk)
    press(desk, "Remplacer aux")
    look(desk)


def test_a_text_with_its_versions_and_what_is_tried(desk: Page, site: Live) -> None:
    look(desk, text(site, KIT_STEP))
    look(desk, f"{text(site, READING)}/versions")
    desk.goto(TREE)
    press(desk, "Essayer")
    look(desk)
