"""A kit taken away: each sheet and tool as one A4, each tool as a spreadsheet, the whole in one file."""

import io
import zipfile
from xml.etree import ElementTree

import pypdf
import pytest
from sqlalchemy.orm import Session

from app.actions import authoring
from app.config import ROOT, Settings
from app.content import course, folder
from app.db import Engines
from app.i18n import set_lang
from app.learn import documents, pages
from app.models import DocumentKind
from app.outside import pdf
from app.reads import courses
from app.steps import KINDS
from tests.build import demo_files
from tests.cast import Cast
from tests.client import Client

TOOL = "/kits/kit-demo/outils/carte-de-pret"
SITE = "https://parcours.cooperer-sur-nos-territoires.example.org"
"""As long an address as any."""
LABEL = "Le besoin, en une phrase"
"""Of the field that a sheet recalls."""


@pytest.fixture
def every_kit(engines: Engines, settings: Settings) -> Engines:
    """The kits that ship."""
    with Session(engines.write) as db:
        files, problems = folder.read(ROOT / "courses")
        assert problems == []
        authoring.load(db, course.load_course(files, KINDS), settings.media_dir)
        db.commit()
    return engines


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split())


def cells(content: bytes) -> list[str]:
    """The texts of a spreadsheet, and nothing that it would compute."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        words = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314  # ours
    return [node.text or "" for node in words.iter() if node.tag.endswith("}t")]


def test_each_sheet_and_tool_that_ships_is_one_a4_of_which_typst_says_nothing(every_kit: Engines) -> None:
    made = 0
    with Session(every_kit.read) as db:
        for slug, kit in courses.published(db, DocumentKind.KIT).items():
            card = pages.kit(db, slug).card
            papers = [
                ("sheet", documents.sheet_words(pages.sheet(db, None, slug, line.url.rsplit("/", 1)[1], SITE)))
                for line in card.sheets
                if line.ready
            ]
            papers += [
                ("tool", documents.tool_words(pages.tool(db, None, slug, each["slug"])))
                for each in kit.content.get("tools", ())
            ]
            for template, words in papers:
                content, warnings = pdf.compiled(template, words)
                document = pypdf.PdfReader(io.BytesIO(content))
                assert warnings == [], words["title"]
                assert len(document.pages) == 1, words["title"]
                sides = sorted(round(float(side)) for side in document.pages[0].mediabox[2:])
                assert sides == [595, 842], words["title"]
                assert words["heading"].split()[0] in text_of(content)
                made += 1
    assert made > 20


def paragraphs(content: bytes) -> list[str]:
    """The words of an OpenDocument text, cell by cell."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        root = ElementTree.fromstring(file.read("content.xml"))  # noqa: S314  # ours
    return ["".join(node.itertext()) for node in root.iter() if node.tag.endswith(("}p", "}h"))]


def test_a_tool_takes_its_words_to_the_pdf_to_the_text_and_to_the_spreadsheet(client: Client, cast: Cast) -> None:
    client.sign_in(cast.lea)
    boxes = [part.split('"')[0] for part in client.get(TOOL).text.split('<textarea class="few" id="')[1:]]
    client.post(f"{TOOL}/notes", **{boxes[0]: "=2+3 l’échelle « d’Aïcha »"})
    for path in (f"{TOOL}.pdf", f"{TOOL}.odt", f"{TOOL}.xlsx"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "no-store"
    assert "=2+3 l’échelle" in text_of(client.get(f"{TOOL}.pdf").data)
    assert any(words.startswith("=2+3 l’échelle") for words in cells(client.get(f"{TOOL}.xlsx").data))
    assert any(words.startswith("=2+3 l’échelle") for words in paragraphs(client.get(f"{TOOL}.odt").data))
    assert not any("=2+3" in words for words in paragraphs(client.get(f"{TOOL}.odt?mots=non").data))
    assert {"Objet", "Date et signature"} <= set(paragraphs(client.get(f"{TOOL}.odt?mots=non").data))
    assert f"{TOOL}.odt" in client.get(TOOL).text
    assert "=2+3" not in text_of(client.get(f"{TOOL}.pdf?mots=non").data)
    assert not any("=2+3" in words for words in cells(client.get(f"{TOOL}.xlsx?mots=non").data))


def test_what_may_be_chosen_is_read_in_each_file_and_a_short_choice_takes_one_line(every_kit: Engines) -> None:
    kit = "kit-piloter-partenariats"
    with Session(every_kit.read) as db:
        board, accord, families = (
            pages.tool(db, None, kit, name, with_words=False)
            for name in ("tableau-de-bord", "accord-d-intention", "grille-des-quatre-familles")
        )
    said = " / ".join(
        ("Oui, avant de commencer", "Oui, après l’essai", "Non, nous avons vérifié", "Nous demandons conseil")
    )
    assert said in cells(documents.tool_workbook(accord))
    assert any(words.endswith("\nOui / En partie / Non") for words in cells(documents.tool_workbook(families)))
    assert "Oui / En partie / Non" in paragraphs(documents.tool_text(families))
    assert "☐ Continuer\u2003☐ Changer quelque chose\u2003☐ Arrêter" in paragraphs(documents.tool_text(board))


def test_a_row_of_a_spreadsheet_is_as_tall_as_its_words(every_kit: Engines) -> None:
    with Session(every_kit.read) as db:
        page = pages.tool(db, None, "kit-piloter-partenariats", "grille-des-quatre-familles", with_words=False)
    content, parts = documents.tool_workbook(page), documents.tool_words(page)["parts"]
    longest = max((row[0] for part in parts if part["table"] for row in part["rows"]), key=len)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    across = float(sheet.split("<col ")[1].split('width="')[1].split('"')[0])
    row = sheet.split(f"<v>{cells(content).index(longest)}</v>")[0].rsplit("<row ", 1)[1]
    assert float(row.split('ht="')[1].split('"')[0]) >= 15 * len(longest) / across, longest


def test_a_kit_is_one_file_with_an_index_that_leads_to_every_page_and_to_nobodys_words(
    client: Client, cast: Cast
) -> None:
    client.sign_in(cast.lea)
    box = client.get(TOOL).text.split('<textarea class="few" id="')[1].split('"')[0]
    client.post(f"{TOOL}/notes", **{box: "le secret de Léa"})
    archive = zipfile.ZipFile(io.BytesIO(client.get("/kits/kit-demo.zip").data))
    assert archive.testzip() is None
    index = archive.read("a-lire-d-abord.html").decode()
    others = [name for name in archive.namelist() if not name.endswith(".html")]
    assert len(others) >= 4
    assert all(f'href="{name}"' in index for name in others)
    parts = ("Méthode", "Exemples", "Données", "Outils", "Compétences", "/exemples/demo-voisins", "/kits/kit-demo")
    assert [part for part in parts if part not in index] == []
    assert all(".." not in name and not name.startswith("/") for name in others)
    assert not any("secret" in text_of(archive.read(name)) for name in others if name.endswith(".pdf"))
    assert client.get("/kits/kit-demo.zip").data == client.get("/kits/kit-demo.zip").data
    client.post("/langue", lang="en")
    assert "read-me-first.html" in zipfile.ZipFile(io.BytesIO(client.get("/kits/kit-demo.zip").data)).namelist()


def test_a_blank_page_is_set_once_and_ones_own_words_each_time(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    real = pdf.document
    monkeypatch.setattr(pdf, "document", lambda template, words: made.append(template) or real(template, words))
    for _time in range(2):
        for path in (f"{TOOL}.pdf", "/kits/kit-demo/ecrire-un-pret.pdf"):
            assert client.get(path).status_code == 200
    assert made == ["tool", "sheet"]
    client.send(f"{TOOL}/notes", {"demo-t1.casse": "On répare"})
    assert "On répare" in text_of(client.get(f"{TOOL}.pdf").data)
    assert "On répare" not in text_of(client.get(f"{TOOL}.pdf?mots=non").data)


def test_the_file_of_a_kit_asks_what_the_pathway_asks_today(
    client: Client, engines: Engines, settings: Settings
) -> None:
    def asked() -> str:
        archive = zipfile.ZipFile(io.BytesIO(client.get("/kits/kit-demo.zip").data))
        return " ".join(text_of(archive.read(name)) for name in archive.namelist() if "fiches/" in name)

    before = "Ce dont notre quartier a besoin"
    files = demo_files()
    held = [path for path, content in files.items() if path.startswith("pathways/") and LABEL.encode() in content]
    assert LABEL in asked()
    changed = {path: files[path].decode().replace(LABEL, before).encode() for path in held}
    with Session(engines.write) as db:
        done = authoring.load(db, course.load_course(files | changed, KINDS), settings.media_dir)
        assert done.ok, [*map(str, done.problems), *done.blocked]
        db.commit()
    assert before in asked()
    assert LABEL not in asked()


@pytest.mark.parametrize("path", ["/kits/nulle-part.zip", "/kits/kit-demo/nulle-part.pdf", f"{TOOL}x.xlsx"])
def test_what_is_not_there_is_a_404(client: Client, path: str) -> None:
    set_lang("fr")
    assert client.get(path).status_code == 404
