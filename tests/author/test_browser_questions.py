"""In a real browser: questions come in from GIFT without JavaScript, and nothing that is in it ever runs."""

from playwright.sync_api import Browser, expect

from tests.author.test_browser_text import HOSTILE, draft, people, said
from tests.learn.walker import faults_on_every_screen
from tests.serving import Live, device, wait_until
from tests.teach.test_browser_help import signed_in

__all__ = ["people"]


def escaped(words: str) -> str:
    return "".join(f"\\{each}" if each in "\\~=#{}:" else each for each in words.replace("\n", " "))


EVIL = "".join(
    f"::{escaped(each)}::[{shape}]{escaped(each)} fin {{={escaped(each)}#{escaped(each)} ~b####{escaped(each)}}}\n\n"
    for each in HOSTILE
    for shape in ("html", "plain")
)


def test_questions_come_in_without_javascript_and_with_words_to_read(
    browser: Browser, site: Live, people: tuple[int, int]
) -> None:
    at = draft(site, "%kind: quiz%")
    with signed_in(browser, site, people[0]) as page:
        cookies = page.context.cookies()
        page.goto(f"/atelier/textes/{at}")
        page.get_by_role("link", name="Importer ou exporter des questions (GIFT)").click()
        page.get_by_label("Ou des questions collées ici").fill("Qui appelle ? {=Inès#Oui. ~Samir}\n\nRacontez. {}")
        page.get_by_role("button", name="Montrer ce qui s’ajouterait").click()
        expect(page.get_by_role("heading", name="1 question serait ajoutée")).to_be_visible()
        assert faults_on_every_screen(page) == []
    with device(browser, 390, url=site.url, script=False) as page:
        page.context.add_cookies(cookies)  # type: ignore[arg-type]
        page.goto(f"/atelier/textes/{at}/questions")
        gift = {"name": "x.txt", "mimeType": "text/plain", "buffer": b"Et demain ? {=Oui ~Non}"}
        page.get_by_label("Fichier GIFT").set_input_files(gift)  # type: ignore[arg-type]
        page.get_by_role("button", name="Montrer ce qui s’ajouterait").click()
        expect(page.get_by_role("heading", name="1 question serait ajoutée")).to_be_visible()
        assert "Et demain ?" not in said(site, at)
        page.get_by_role("button", name="Ajouter cette question au brouillon").click()
        wait_until(lambda: "Et demain ?" in said(site, at))
        expect(page.locator("[name$='.ask']").last).to_have_value("Et demain ?")


def test_nothing_hostile_in_gift_runs_even_without_the_policy(
    browser: Browser, site: Live, people: tuple[int, int]
) -> None:
    at = draft(site, "%kind: quiz%")
    with signed_in(browser, site, people[0]) as found:
        cookies = found.context.cookies()
    context = browser.new_context(bypass_csp=True, locale="fr-FR", base_url=site.url)
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"/atelier/textes/{at}/questions")
    page.get_by_label("Ou des questions collées ici").fill(EVIL)
    page.get_by_role("button", name="Montrer ce qui s’ajouterait").click()
    expect(page.get_by_role("heading", name="seraient ajoutées")).to_be_visible()
    inside = ":is(script, iframe, style, svg:not(.i), img, [hx-get], [onerror], [onload])"
    expect(page.locator(f".found {inside}")).to_have_count(0)
    assert page.evaluate("window.ran") is None
    page.get_by_role("button", name="questions au brouillon").click()
    expect(page.locator("#text-form")).to_be_visible()
    assert page.evaluate("window.ran") is None
    page.goto(f"/atelier/textes/{at}/questions")
    assert page.evaluate("window.ran") is None
    assert all(escaped(each)[:20] in page.request.get(f"/atelier/textes/{at}/questions.txt").text() for each in HOSTILE)
    context.close()
