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
from tests.cast import Cast
from tests.client import Client

TOOL = "/kits/kit-demo/outils/carte-de-pret"


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
                ("sheet", documents.sheet_words(pages.sheet(db, None, slug, line.url.rsplit("/", 1)[1])))
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


def test_a_tool_takes_its_words_to_the_pdf_and_to_the_spreadsheet(client: Client, cast: Cast) -> None:
    client.sign_in(cast.lea)
    boxes = [part.split('"')[0] for part in client.get(TOOL).text.split('<textarea class="few" id="')[1:]]
    client.post(f"{TOOL}/notes", **{boxes[0]: "=2+3 l’échelle « d’Aïcha »"})
    for path in (f"{TOOL}.pdf", f"{TOOL}.xlsx"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "no-store"
    assert "=2+3 l’échelle" in text_of(client.get(f"{TOOL}.pdf").data)
    assert any(words.startswith("=2+3 l’échelle") for words in cells(client.get(f"{TOOL}.xlsx").data))
    assert "=2+3" not in text_of(client.get(f"{TOOL}.pdf?mots=non").data)
    assert not any("=2+3" in words for words in cells(client.get(f"{TOOL}.xlsx?mots=non").data))


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
    assert all(".." not in name and not name.startswith("/") for name in others)
    assert not any("secret" in text_of(archive.read(name)) for name in others if name.endswith(".pdf"))
    assert client.get("/kits/kit-demo.zip").data == client.get("/kits/kit-demo.zip").data
    client.post("/langue", lang="en")
    assert "read-me-first.html" in zipfile.ZipFile(io.BytesIO(client.get("/kits/kit-demo.zip").data)).namelist()


@pytest.mark.parametrize("path", ["/kits/nulle-part.zip", "/kits/kit-demo/nulle-part.pdf", f"{TOOL}x.xlsx"])
def test_what_is_not_there_is_a_404(client: Client, path: str) -> None:
    set_lang("fr")
    assert client.get(path).status_code == 404
