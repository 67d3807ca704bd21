"""In Chromium with the policy bypassed: what is uploaded never runs, and is never served as a page."""

import io
import struct
import zipfile
from collections.abc import Iterator, Mapping
from itertools import cycle

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Response, expect

from app.content import archive, course, editing, text
from app.content.outline import said
from app.outside import store
from app.steps import KINDS
from tests.actions.test_editions import FRONT, QUIZ, READING, edited
from tests.author.test_browser_text import HOSTILE, people
from tests.author.test_publication import number_of
from tests.build import demo_files
from tests.serving import Live
from tests.teach.test_browser_help import signed_in

__all__ = ["people"]

SPOKEN = (
    *("title", "key", "takeaway", "summary", "audience", "provenance", "label", "help", "ask", "explain", "text"),
    *("feedback_right", "feedback_wrong"),
)
"""Keys whose words are read, wherever they stand."""
WRITTEN = [word for word in HOSTILE if not word.startswith(("[a](", "![x]("))]
"""What a body may hold: its links and its images are refused when they are not of a kind that we serve."""
RUNS = "window.ran=1"
INSIDE = [
    f"<script>{RUNS}</script>",
    f'<foreignObject><script xmlns="http://www.w3.org/1999/xhtml">{RUNS}</script></foreignObject>',
    f'<use href="data:image/svg+xml,&lt;svg id=a onload={RUNS}/>#a"/>',
    f'<a href="javascript:{RUNS}"><rect width="9" height="9"/></a>',
    '<rect width="9" height="9" style="background:url(javascript:parent.ran=1)"/>',
    f'<rect width="9" height="9" onclick="{RUNS}"/>',
    f'<animate onbegin="{RUNS}" attributeName="x" dur="1s"/>',
    f'<image href="x" onerror="{RUNS}"/>',
]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"{}>{}</svg>'
FIGURES = [SVG.format("", inside) for inside in INSIDE] + [
    SVG.format(f' onload="{RUNS}"', ""),
    f'<!DOCTYPE svg [<!ENTITY x "<script>{RUNS}</script>">]>' + SVG.format("", "&x;"),
    f'<html xmlns="http://www.w3.org/1999/xhtml"><script>{RUNS}</script></html>',
]
PAGE = f"<!doctype html><html><body><script>{RUNS}</script></body></html>".encode()
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", 9, 9) + b"\x08\x02\0\0\0" + PAGE
"""A picture to who reads its first bytes only, a page to who looks for one."""


@pytest.fixture
def desk(browser: Browser, site: Live, people: tuple[int, int]) -> Iterator[Page]:
    """Aude’s, her browser deaf to our policy; no answer but a page of ours may be one."""
    with signed_in(browser, site, people[0]) as found:
        cookies = found.context.cookies()
    context = browser.new_context(bypass_csp=True, locale="fr-FR", base_url=site.url)
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page, wrong = context.new_page(), list[str]()

    def look(answer: Response) -> None:
        kind, path = answer.headers.get("content-type", ""), answer.url.removeprefix(site.url)
        if "svg" in kind and not path.startswith("/static/"):
            wrong.append(f"{path}: {kind}")
        if "/media/" in path and (not kind.startswith(("image/", "video/")) or "nosniff" not in str(answer.headers)):
            wrong.append(f"{path}: {kind}")

    page.on("response", look)
    page.on("dialog", lambda dialog: dialog.accept())
    yield page
    context.close()
    assert wrong == []


def harmless(page: Page, path: str = "") -> None:
    """On the page that is there, or on that one, nothing ran and nothing could."""
    if path:
        page.goto(path)
    page.wait_for_load_state("load")  # each picture that there is has come, or has failed to
    assert page.evaluate("new Promise(done => setTimeout(() => done(window.ran ?? null), 50))") is None, page.url
    assert page.evaluate("document.querySelectorAll('main :is(iframe, object, embed, style, script)').length") == 0
    handlers = "[...document.querySelectorAll('main *')].flatMap(e => e.getAttributeNames()).filter(n => /^on/.test(n))"
    assert page.evaluate(handlers) == [], page.url
    links = "[...document.querySelectorAll('main [href]')].map(e => e.href).filter(h => /^(javascript|data):/i.test(h))"
    assert page.evaluate(links) == [], page.url


def send(page: Page, content: bytes) -> None:
    page.goto("/atelier/import")
    file: FilePayload = {"name": "x.zip", "mimeType": "application/zip", "buffer": content}
    page.get_by_label("Archive ZIP").set_input_files(file)
    with page.expect_navigation():
        page.get_by_role("button", name="Vérifier l’archive").click()
    harmless(page)


def take(page: Page, files: Mapping[str, bytes]) -> None:
    """That archive as the draft."""
    send(page, archive.pack({path: content for path, content in files.items() if path.startswith("pathways/")}))
    with page.expect_navigation():
        page.get_by_role("button", name="Prendre cette archive").click()
    harmless(page)


def tried(page: Page) -> None:
    page.goto("/atelier/parcours/demo")
    with page.expect_navigation():
        page.get_by_role("button", name="Essayer").click()
    harmless(page)


def spiked() -> dict[str, bytes]:
    """The demonstration, something hostile after all that is read of it; there is nothing wrong with it."""
    words, found = cycle(" ".join(word.split("\n")) for word in HOSTILE), dict(demo_files())

    def spike(value: object, key: str = "") -> object:
        if isinstance(value, dict):
            return {name: spike(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [spike(inner) for inner in value]
        return f"{value} {next(words)}" if key in SPOKEN else value

    for path in [path for path in found if path.startswith("pathways/") and path.endswith(".md")]:
        content = found[path].decode()
        kind = said(path, content).get("kind", "")
        if path.endswith(".en.md"):
            del found[path]
        elif kind in KINDS:
            schema = KINDS[kind].Content
            plain = spike(editing.plain_of(schema, text.read(content, path)))
            assert isinstance(plain, dict)
            found[path] = (editing.written(schema, plain, path)).encode()
    found[READING] += "\n\n".join(["", *WRITTEN, ""]).encode()
    assert course.load_course(found, KINDS).problems == ()
    return found


def test_an_archive_of_hostile_words_is_words_until_its_learners(desk: Page, site: Live) -> None:
    take(desk, spiked())
    for path in (READING, QUIZ, FRONT):
        harmless(desk, f"/atelier/textes/{number_of(site.engines, path)}")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Aperçu").click()
    harmless(desk)
    tried(desk)
    harmless(desk, "/atelier/parcours/demo/publication")
    desk.get_by_label("Ce qui change").fill(HOSTILE[0])
    with desk.expect_navigation():
        desk.get_by_role("button", name="Publier l’édition").click()
    harmless(desk)
    harmless(desk, "/parcours/demo")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Commencer").click()
    harmless(desk)
    harmless(desk, "/parcours/demo/etapes/demo-lecture")
    for word in ("<script>window.ran=1</script>", "<img src=x onerror=window.ran=1>"):
        expect(desk.get_by_text(word).first).to_be_visible()  # it is read, as it was written
    harmless(desk, "/parcours/demo/etapes/demo-quiz")
    harmless(desk, "/atelier/parcours/demo/suivi")


def test_an_archive_of_tricks_is_refused_in_words_that_do_not_run(desk: Page, site: Live) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name in (f"pathways/<img src=x onerror={RUNS}>/pathway.md", f"../<script>{RUNS}</script>.svg", "x.html"):
            made.writestr(name, PAGE)
    send(desk, held.getvalue())
    expect(desk.get_by_role("alert")).to_contain_text("<img src=x onerror=")
    tricks = (
        (READING, "kind: reading", f'"<script>{RUNS}</script>": &a [*a]\nkind: <img src=x onerror={RUNS}>'),
        (QUIZ, "kind: quiz", f"kind: quiz\nnote: !!python/object/apply:os.system ['<script>{RUNS}</script>']"),
        (FRONT, "rank: 900", f"rank: <svg onload={RUNS}>\n<<: {{title: <script>{RUNS}</script>}}"),
    )
    take(desk, edited(*tricks))
    for path in (READING, QUIZ, FRONT):
        for shown in ("", "?vue=brut", "/versions"):
            harmless(desk, f"/atelier/textes/{number_of(site.engines, path)}{shown}")
    harmless(desk, "/atelier/parcours/demo/publication")
    harmless(desk, "/atelier")
    take(desk, demo_files())


def test_a_figure_or_a_picture_that_is_something_else_is_never_shown(desk: Page, site: Live) -> None:
    folder, marks = READING.rsplit("/", 1)[0], ""
    files = dict(demo_files())
    for rank, figure in enumerate(FIGURES):
        files[f"{folder}/files/trick-{rank}.svg"] = figure.encode()
        marks += f'\n![Une figure, rang {rank}](files/trick-{rank}.svg "Dite")\n'
    for name, content in (("page.png", PAGE), ("head.png", PNG)):
        files[f"{folder}/files/{name}"] = content
        marks += f"\n![Une image, {name}](files/{name})\n"
    files[READING] += marks.encode()
    take(desk, files)
    at = f"/atelier/textes/{number_of(site.engines, READING)}"
    harmless(desk, at)
    with desk.expect_navigation():
        desk.get_by_role("button", name="Aperçu").click()
    harmless(desk)
    tried(desk)
    harmless(desk, "/atelier/parcours/demo/publication")
    expect(desk.get_by_text("à corriger").first).to_be_visible()
    for name, content in (("x.svg", FIGURES[0].encode()), ("x.png", PAGE), ("x.png", PNG)):
        desk.goto(at)
        desk.get_by_text("Ajouter une image").first.click()
        picture: FilePayload = {"name": name, "mimeType": "image/png", "buffer": content}
        desk.locator("[name=picture]").set_input_files(picture)
        desk.locator("[name=alt]").fill(HOSTILE[1])
        with desk.expect_navigation():
            desk.locator("button[formaction$='/images']").click()
        expect(desk.get_by_role("alert")).to_be_visible()
        harmless(desk)
    take(desk, demo_files())


@pytest.mark.parametrize("content", [PAGE, PNG, FIGURES[0].encode()], ids=["page", "png", "svg"])
def test_whatever_is_kept_is_served_as_what_its_name_says_or_not_at_all(desk: Page, site: Live, content: bytes) -> None:
    kept = store.put(site.settings.media_dir, content)
    for ending in ("svg", "html", "htm", "xml", "xhtml", "md", "pdf", "zip", "svgz"):
        assert desk.request.get(f"/media/{kept}.{ending}").status == 404, ending
    for ending, kind in store.TYPES.items():
        answer = desk.request.get(f"/media/{kept}.{ending}")
        assert answer.headers["content-type"].split(";")[0] == kind
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "html" not in kind
        assert "svg" not in kind
    desk.goto(f"/media/{kept}.png")
    assert desk.evaluate("window.ran") is None
