"""In a real browser: nobody loses a word, a quiz is written by keyboard alone, nothing that is typed ever runs."""

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.content import editing, text
from app.models import Draft
from app.steps import KINDS
from tests.cast import make_cast
from tests.content.test_pictures import png
from tests.learn.typist import Typist
from tests.learn.walker import faults_on_every_screen
from tests.serving import Live, device, reload_overtaken, wait_until
from tests.teach.test_browser_help import signed_in

HOSTILE = (
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "<svg onload=window.ran=1><script>window.ran=1</script></svg>",
    "[a](javascript:window.ran=1) [b](JaVaScRiPt&colon;window.ran=1) [c](data:text/html,<script>window.ran=1</script>)",
    "![x](javascript:window.ran=1 'y\" onerror=window.ran=1')",
    '<div hx-get="/atelier" hx-trigger="load" hx-on:load="window.ran=1">x</div>',
    "<style>@import 'javascript:window.ran=1';*{display:none!important}</style>",
    "</textarea><script>window.ran=1</script>",
    '"><img src=x onerror=window.ran=1>',
    "{{ 7*7 }}<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    "::: exemple <img src=x onerror=window.ran=1>\n:::",
    "[^1]\n\n[^1]: <script>window.ran=1</script>",
    "<a id=seen name=elements href=x>clobber</a><form id=text-form><input name=submit></form>",
)


@pytest.fixture(scope="module")
def people(site: Live) -> tuple[int, int]:
    """Aude and another author."""
    with Session(site.engines.write) as db:
        cast = make_cast(db)
        from app.actions import accounts
        from app.models import Role
        from tests.cast import HASH

        yann = accounts.create_person(db, "yann@balises.example", HASH, name="Yann", role=Role.AUTHOR, by=None).id
        db.commit()
    return cast.aude, yann


def draft(site: Live, like: str) -> int:
    with Session(site.engines.read) as db:
        query = select(Draft.id).where(Draft.text.like(like), Draft.path.like("pathways/demo/%")).order_by(Draft.path)
        return db.scalars(query).all()[0]


def said(site: Live, at: int) -> str:
    with Session(site.engines.read) as db:
        return db.scalars(select(Draft.text).filter_by(id=at)).one() or ""


def test_two_authors_on_one_step_neither_loses_a_word(browser: Browser, site: Live, people: tuple[int, int]) -> None:
    at = draft(site, "%kind: reading%")
    address = f"/atelier/textes/{at}"
    with signed_in(browser, site, people[0]) as aude, signed_in(browser, site, people[1]) as yann:
        aude.goto(address)
        yann.goto(address)
        aude.get_by_label("L’idée clé").fill("Les mots d’Aude.")
        aude.get_by_text("Enregistré à").wait_for()
        assert "Les mots d’Aude." in said(site, at)
        yann.get_by_label("L’idée clé").fill("Les mots de Yann.")
        yann.get_by_text("Aude a écrit ce texte entre-temps").wait_for()
        assert "Les mots de Yann." not in said(site, at)
        with yann.expect_navigation():
            yann.get_by_role("button", name="Enregistrer").first.click()
        assert "Les mots de Yann." in yann.get_by_label("Votre texte").input_value()
        assert "Les mots d’Aude." in yann.get_by_label("Écrit par Aude").input_value()
        assert faults_on_every_screen(yann) == []
        with yann.expect_navigation():
            yann.get_by_role("button", name="Enregistrer mon texte").click()
        assert "Les mots de Yann." in said(site, at)
        yann.goto(f"{address}/versions")
        expect(yann.get_by_text("Les mots d’Aude.")).to_have_count(1)
        assert faults_on_every_screen(yann) == []
        assert faults_on_every_screen(aude) == []


def test_what_no_server_took_comes_back_on_this_device(browser: Browser, site: Live, people: tuple[int, int]) -> None:
    at = draft(site, "%kind: exercise%")
    with signed_in(browser, site, people[0]) as page:
        page.goto(f"/atelier/textes/{at}")
        page.route("**/brouillon", lambda route: route.abort())
        page.get_by_label("L’idée clé").fill("Écrit hors ligne.")
        page.get_by_text("Pas encore enregistré").wait_for()
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/atelier")
        page.unroute("**/brouillon")
        page.goto(f"/atelier/textes/{at}")
        with page.expect_navigation():
            page.get_by_role("button", name="Le reprendre").click()
        assert page.get_by_label("L’idée clé").input_value() == "Écrit hors ligne."
        assert "Écrit hors ligne." in said(site, at)
        page.reload()
        expect(page.get_by_role("button", name="Le reprendre")).to_be_hidden()


def test_a_page_made_before_the_words_were_kept_gives_them_back(
    browser: Browser, site: Live, people: tuple[int, int]
) -> None:
    at = draft(site, "%kind: exercise%")
    with signed_in(browser, site, people[0]) as page:
        page.goto(f"/atelier/textes/{at}")
        box = page.get_by_label("L’idée clé")
        reload_overtaken(page, "**/brouillon", lambda: box.fill("Gardé entre-temps."))
        assert "Gardé entre-temps." in said(site, at)
        with page.expect_navigation():
            page.get_by_role("button", name="Le reprendre").click()
        expect(box).to_have_value("Gardé entre-temps.")
        page.reload()
        expect(box).to_have_value("Gardé entre-temps.")
        expect(page.get_by_role("button", name="Le reprendre")).to_be_hidden()


def test_a_quiz_of_four_questions_is_written_by_keyboard_alone(
    browser: Browser, site: Live, people: tuple[int, int]
) -> None:
    with signed_in(browser, site, people[0]) as page:
        page.set_viewport_size({"width": 1280, "height": 720})  # a small laptop: the box of the words is tall on it
        keys = Typist(page, site.url, site.engines, "demo")
        page.goto("/atelier/parcours/demo")
        keys.skip()
        keys.enter("a[href*='/modules/'][href$='/etape']", most=60)
        keys.reach("[name=title]")
        page.keyboard.type("Qui décide ?")
        keys.reach("[name=kind]")
        keys.press("ArrowDown", 2)  # reading, video, quiz
        keys.reach("[name=minutes]")
        keys.press("Control+A")
        page.keyboard.type("4")
        keys.follow()
        at = int(page.url.split("/textes/")[1].split("#")[0])
        more(keys, 0, "single", "Qui décide ?")
        for rank, (answer, comment) in enumerate((("Personne", "Relisez."), ("Tout le monde", "Oui."))):
            keys.enter('[value="add:questions.0.options"]', most=40)
            fill_in(keys, f"questions.0.options.{rank}.text", answer)
            if rank:
                keys.reach(f'[type=checkbox][name="questions.0.options.{rank}.right"]')
                keys.press("Space")
            fill_in(keys, f"questions.0.options.{rank}.feedback", comment)
        fill_in(keys, "questions.0.explain", "Chacun pour sa part.")
        for rank in (1, 2, 3):
            more(keys, rank, "truefalse", f"Vrai, la phrase {rank} ?")
            keys.reach(f'[name="questions.{rank}.answer"]')
            keys.press("ArrowDown")
            for name, typed in (("feedback_right", "Oui."), ("feedback_wrong", "Non."), ("explain", "On l’a lu.")):
                fill_in(keys, f"questions.{rank}.{name}", typed)
        keys.enter("#text-form button.main[type=submit]", most=40)
    doc, problems = text.parse(said(site, at), KINDS["quiz"].Content, "pathways/demo/10-m/10-q.md")
    assert problems == []
    assert doc is not None
    plain = editing.plain_of(KINDS["quiz"].Content, text.read(said(site, at), "x.md"))["questions"]
    assert [each["ask"] for each in plain] == ["Qui décide ?", *(f"Vrai, la phrase {rank} ?" for rank in (1, 2, 3))]
    assert [option.get("right") for option in plain[0]["options"]] == [None, "yes"]


def more(keys: Typist, rank: int, shape: str, ask: str) -> None:
    """One more question."""
    keys.enter(f'[value="add:questions:{shape}"]', most=40)
    fill_in(keys, f"questions.{rank}.ask", ask)


def fill_in(keys: Typist, name: str, typed: str) -> None:
    keys.reach(f'[name="{name}"]', most=40)
    keys.page.keyboard.type(typed)


def harmless(page: Page, word: str) -> None:
    """Nothing ran, and nothing in the preview could."""
    assert page.evaluate("window.ran") is None, word
    inside = ":is(script, iframe, style, form, [hx-get], [onerror], [onload])"
    expect(page.locator(f"#preview {inside}"), word).to_have_count(0)
    expect(page.locator('#preview a[href^="javascript" i], #preview a[href^="data" i]'), word).to_have_count(0)


def test_what_is_typed_never_runs_even_without_the_policy(
    browser: Browser, site: Live, people: tuple[int, int]
) -> None:
    at = draft(site, "%kind: reading%")
    with signed_in(browser, site, people[0]) as found:
        cookies = found.context.cookies()
    context = browser.new_context(bypass_csp=True, locale="fr-FR", base_url=site.url)
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/atelier/textes/{at}")
    for word in HOSTILE:
        flat = " ".join(word.split("\n"))
        for name in ("title", "key", "takeaway", "sources", "fields.0.label", "fields.0.help", "note"):
            box = page.locator(f'[name="{name}"]').first
            if box.count():
                box.evaluate("(e, v) => { e.value = v }", flat)
        page.locator("[name=body]").fill(word)
        with page.expect_navigation():
            page.get_by_role("button", name="Aperçu").click()
        harmless(page, word)
        with page.expect_navigation():
            page.get_by_role("button", name="Enregistrer").first.click()
        harmless(page, word)
    for some in (HOSTILE[:4], HOSTILE[4:8], HOSTILE[8:], HOSTILE):  # as one types: put in the page by script
        with page.expect_response("**/apercu"):
            page.locator("[name=body]").fill("\n\n".join(some))
        page.wait_for_timeout(150)
        harmless(page, some[0])
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer").first.click()
    assert all(word in said(site, at) for word in HOSTILE if "\n" not in word)
    for shown in ("?vue=brut", "/versions", ""):  # every word is there, as it was typed
        page.goto(f"/atelier/textes/{at}{shown}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.ran") is None, shown
    context.close()


def test_what_comes_from_a_word_processor_is_kept_clean(browser: Browser, site: Live, people: tuple[int, int]) -> None:
    at = draft(site, "%kind: exercise%")
    word = (
        "<html xmlns:o='urn:x'><head><style>p{color:red}</style></head><body><!--StartFragment-->"
        "<h1 style='mso-x:1'>Le titre</h1><p class=MsoNormal>Un <b>mot</b> et un "
        "<a href='https://exemple.org/a'>lien</a>,"
        " <a href='javascript:x()'>rien</a>.<o:p></o:p></p><ul><li>un</li><li>deux</li></ul>"
        "<script>x()</script></body></html>"
    )
    with signed_in(browser, site, people[0]) as page:
        page.goto(f"/atelier/textes/{at}")
        page.locator("[name=body]").fill("")
        page.locator("[name=body]").evaluate(
            """(area, html) => {
                const data = new DataTransfer(); data.setData('text/html', html); data.setData('text/plain', 'x');
                area.focus();
                const paste = { clipboardData: data, bubbles: true, cancelable: true };
                area.dispatchEvent(new ClipboardEvent('paste', paste));
            }""",
            word,
        )
        assert page.locator("[name=body]").input_value() == (
            "## Le titre\n\nUn **mot** et un [lien](https://exemple.org/a), rien.\n\n- un\n- deux"
        )
        page.get_by_role("button", name="Encadré").click()
        assert page.locator("[name=body]").input_value().endswith("::: exemple Titre\n\n:::")


def test_every_kind_of_text_passes_on_every_screen(browser: Browser, site: Live, people: tuple[int, int]) -> None:
    with Session(site.engines.read) as db:
        paths = (
            "pathways/demo/pathway.md",
            "pathways/demo/%/module.md",
            "diagnostics/%",
            "kits/%",
            "cases/%",
            "taxonomy/intents%",
        )
        numbers = [
            db.scalars(select(Draft.id).where(Draft.path.like(path), Draft.text.is_not(None))).first() for path in paths
        ]
    with signed_in(browser, site, people[0]) as page:
        for at in [*numbers, draft(site, "%kind: quiz%")]:
            page.goto(f"/atelier/textes/{at}")
            assert faults_on_every_screen(page) == [], at


def test_all_of_it_goes_without_javascript(browser: Browser, site: Live, people: tuple[int, int]) -> None:
    at = draft(site, "%kind: milestone%")
    with signed_in(browser, site, people[0]) as found:
        cookies = found.context.cookies()
    with device(browser, 390, url=site.url, script=False) as page:
        page.context.add_cookies(cookies)  # type: ignore[arg-type]
        page.goto(f"/atelier/textes/{at}")
        page.get_by_label("L’idée clé").fill("Sans script.")
        page.get_by_role("button", name="Aperçu").click()
        expect(page.locator("#preview .key")).to_have_text("Sans script.")
        assert "Sans script." not in said(site, at)
        with page.expect_navigation():
            page.get_by_role("button", name="Ajouter une question à la personne").click()
        page.locator("fieldset.item").last.get_by_label("Question posée").fill("Et demain ?")
        page.get_by_role("button", name="Enregistrer").first.click()
        wait_until(lambda: "Et demain ?" in said(site, at))
        assert "name: et-demain" in said(site, at)
        assert "Sans script." in said(site, at)


def test_a_picture_dropped_or_pasted_waits_for_its_words_and_goes_where_the_cursor_is(
    browser: Browser, site: Live, people: tuple[int, int]
) -> None:
    at = draft(site, "%kind: reading%")
    with signed_in(browser, site, people[0]) as page:
        page.goto(f"/atelier/textes/{at}")
        body, add = page.locator("textarea[name=body]"), page.get_by_text("Ajouter une image")
        expect(page.locator("[name=place]")).to_have_count(1)
        body.fill("Un début \U0001f33f.\n\nLa fin.")
        body.evaluate("area => area.setSelectionRange(3, 3)")
        for event, held in (("drop", "dataTransfer"), ("paste", "clipboardData")):
            add.evaluate("summary => { summary.parentElement.open = false; }")
            page.locator("#picture").evaluate("input => { input.value = ''; }")
            body.evaluate(DROPPED, [event, held, list(png())])
            expect(page.get_by_label("Ce que l’on y voit")).to_be_focused()
            assert page.locator("#picture").evaluate("input => input.files[0].name") == "photo.png"
        expect(page.locator("#live")).to_contain_text("décrivez-la")
        page.get_by_label("Ce que l’on y voit").fill("Une photo")
        page.get_by_role("button", name="Ajouter l’image là où est le curseur").click()
        wait_until(lambda: "files/une-photo.png" in said(site, at))
        assert said(site, at).rstrip().endswith("Un début \U0001f33f.\n\n![Une photo](files/une-photo.png)\n\nLa fin.")
        expect(page.locator("#preview img")).to_have_attribute("alt", "Une photo")


DROPPED = """(area, [kind, held, bytes]) => {
  const files = new DataTransfer();
  files.items.add(new File([new Uint8Array(bytes)], 'photo.png', { type: 'image/png' }));
  const event = new Event(kind, { bubbles: true, cancelable: true });
  Object.defineProperty(event, held, { value: files });
  area.dispatchEvent(event);
}"""
