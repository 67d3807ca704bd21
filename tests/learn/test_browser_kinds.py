"""In a real browser: a film, a live step, « Écouter » with voices of this device alone, « Imprimer » any kind."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from app.reads import courses
from tests.build import DEMO
from tests.learn.walker import SENTENCE, Walker, faults
from tests.serving import Live, device

FILM, LIVE = "demo-film", "demo-debout"


def begun(page: Page, site: Live, minutes: int = 24) -> Page:
    """Somebody in the format of so many minutes."""
    page.set_default_timeout(30_000)
    page.goto(f"{site.url}/parcours/{DEMO}")
    page.locator(f"input[name=format][value='{minutes}']").check(force=True)
    with page.expect_navigation():
        page.get_by_role("button", name="Commencer").click()
    return page


def step(page: Page, site: Live, uid: str) -> Page:
    page.goto(f"{site.url}/parcours/{DEMO}/etapes/{uid}")
    return page


def test_a_film_plays_with_its_captions_and_asks_nothing_of_anybody_else(page: Page, site: Live) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    step(begun(page, site), site, FILM)
    seen = page.evaluate(
        """async () => {
        const film = document.querySelector('video');
        film.muted = true;
        await film.play();
        while (film.currentTime < 1) await new Promise(done => setTimeout(done, 100));
        film.currentTime = 16;
        await new Promise(done => film.addEventListener('seeked', done, { once: true }));
        const [french] = film.textTracks;
        return [Math.round(film.duration), french.language, french.mode, french.cues.length, film.currentTime >= 16];
    }"""
    )
    assert seen == [24, "fr", "showing", 5, True]
    assert {url.split("/")[2] for url in asked} == {site.url.split("/")[2]}
    assert refused == []
    folded = page.locator("details.fold:has(.prose)")
    assert folded.get_attribute("open") is None, "on a phone the text starts folded"
    folded.locator("summary").click()
    expect(page.get_by_text("Douze photos y apparaissent")).to_be_visible()


def test_a_film_without_javascript_has_its_player_and_its_text_open(browser: Browser, site: Live) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR", java_script_enabled=False)
    page = step(context.new_page(), site, FILM)
    expect(page.locator("video[controls]")).to_be_visible()
    expect(page.get_by_text("Douze photos y apparaissent")).to_be_visible()
    expect(page.get_by_role("group", name="Lecture à voix haute")).to_be_hidden()
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light"), (320, "dark")])
def test_axe_finds_nothing_in_a_film_nor_a_live_step(browser: Browser, site: Live, width: int, scheme: Any) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale="fr-FR", color_scheme=scheme, reduced_motion="reduce"
    )
    page = begun(context.new_page(), site)
    found = {uid: said for uid in (FILM, LIVE) if (said := faults(step(page, site, uid)))}
    context.close()
    assert found == {}


def test_on_a_phone_an_answer_that_is_right_keeps_its_width(browser: Browser, site: Live) -> None:
    with device(browser, 320) as page:
        step(begun(page, site), site, "demo-quiz")
        answer = page.locator("#demo-q-single .pick", has_text="vingt caisses")
        words = answer.locator("span:not(.push)")
        before = words.bounding_box()
        answer.click()
        page.locator("#verifier-demo-q-single").click()
        expect(answer.get_by_text("Juste")).to_be_visible()
        after = words.bounding_box()
        assert before is not None
        assert after is not None
        assert after["width"] >= before["width"] * 0.95


def test_a_half_answer_is_still_there_when_another_is_checked(browser: Browser, site: Live) -> None:
    with device(browser, 390) as page:
        step(begun(page, site), site, "demo-quiz")
        first = page.locator("#demo-q-order select").first
        first.select_option(index=2)
        half = first.input_value()
        page.locator("#demo-q-single .pick").first.click()
        page.locator("#verifier-demo-q-single").click()
        expect(page.locator("#demo-q-single .note")).to_be_visible()
        expect(first).to_have_value(half)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_quiz_answered_in_one_go_is_checked_from_the_bar_and_nothing_chosen_is_lost(
    browser: Browser, site: Live, script: bool
) -> None:
    with device(browser, 390, script=script) as page:
        walker = Walker(step(begun(page, site), site, "demo-quiz"), site.url, site.engines, DEMO)
        bar = page.get_by_role("button", name="encore 3 bonnes réponses")
        bar.click()
        expect(page.locator("#demo-q-single .err")).to_contain_text("Choisissez une réponse, puis vérifiez.")
        for question in walker.quizzes["demo-quiz"].questions:
            walker.choose(question)
        bar.click()
        expect(page.locator("#turn").get_by_role("button", name="Terminé, suite")).to_be_visible()
        expect(page.locator("#quiz .note.ok")).to_have_count(4)


def test_who_is_interrupted_in_a_self_diagnostic_finds_the_answers_and_the_question(
    browser: Browser, site: Live
) -> None:
    with device(browser, 390, url=site.url) as page:
        page.goto("/autodiagnostics/demo")
        for _question in range(2):
            page.locator("[data-question]:visible .pick").nth(1).click()
            page.get_by_role("button", name="Question suivante").click()
        page.goto("/kits")
        page.goto("/autodiagnostics/demo")
        expect(page.locator("[data-question]:visible .kicker")).to_contain_text("Question 3 sur 4")
        expect(page.locator("#demo-r-besoin :checked")).to_have_value("1")
        for last in (False, True):
            page.locator("[data-question]:visible .pick").nth(1).click()
            if not last:
                page.get_by_role("button", name="Question suivante").click()
        with page.expect_navigation():
            page.get_by_role("button", name="Voir mon résultat").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.goto("/autodiagnostics/demo")
        expect(page.locator("[data-question]:visible .kicker")).to_contain_text("Question 1 sur 4")
        expect(page.locator("[data-question] :checked")).to_have_count(0)


def test_what_is_typed_under_a_result_waits_for_who_follows_its_links(browser: Browser, site: Live) -> None:
    with device(browser, 390) as page:
        step(begun(page, site), site, "demo-diagnostic")
        for question in range(4):
            page.locator("[data-question]:visible .pick").nth(1).click()
            if question < 3:
                page.get_by_role("button", name="Question suivante").click()
        with page.expect_navigation():
            page.get_by_role("button", name="Voir mon résultat").click()
        result, surprise = page.url, page.locator("#surprise")
        surprise.fill(SENTENCE)
        page.goto(f"{site.url}/kits")
        page.goto(result)
        expect(surprise).to_have_value(SENTENCE)
        with page.expect_navigation():
            page.locator("form.yours button.main").click()
        page.goto(result)
        expect(page.get_by_text("Mes réflexes de voisinage").first).to_be_visible()
        assert page.evaluate("sessionStorage.length") == 0


def test_the_lines_that_somebody_wrote_are_recalled_as_lines(browser: Browser, site: Live) -> None:
    with device(browser, 390) as page:
        begun(page, site).locator("article textarea").first.fill("Un lieu\nUne date")
        with page.expect_navigation():
            page.locator("#turn .main").click()
        own = step(page, site, "demo-phrase").locator(".own").first
        expect(own).to_be_visible()
        assert own.inner_text() == "Un lieu\nUne date"


def test_on_a_tablet_the_minutes_go_on_with_the_name_of_the_next_step(browser: Browser, site: Live) -> None:
    with device(browser, 768) as page:
        going = begun(page, site).locator("#turn .main")
        expect(going).to_contain_text("Besoin ou solution")
        box, lines = going.bounding_box(), going.evaluate("e => parseFloat(getComputedStyle(e).lineHeight)")
        assert box is not None
        assert box["height"] < 4 * lines


def test_on_the_narrowest_phone_what_is_pressed_has_room(browser: Browser, site: Live) -> None:
    with device(browser, 320) as page:
        step(begun(page, site, 12), site, "demo-quiz-regles")
        longer = page.get_by_role("link", name="Passer à 24 min").bounding_box()
        assert longer is not None
        assert longer["width"] > 200
        page.goto(f"{site.url}/mon-chemin")
        tops = page.evaluate(
            "[...document.querySelectorAll('.nav a')].map(a => Math.round(a.getBoundingClientRect().top))"
        )
        assert len(tops) == 3
        assert len(set(tops)) == 1


# « Écouter »

VOICES = """
window.said = [];
const remote = { name: 'Nuage', lang: 'fr-FR', localService: false, default: true };
const local = [['Ava', 'en-GB'], ['Denise', 'fr_FR']].map(([name, lang]) => ({ name, lang, localService: true }));
const speech = new EventTarget();
Object.assign(speech, {
  voices: VOICES_HERE, queue: [],
  getVoices() { return this.voices; },
  speak(part) { window.said.push([part.text, part.voice && part.voice.name]); this.queue.push(part); },
  cancel() { this.queue = []; window.said.push('cancel'); },
  ended() { this.queue.shift().onend(); },
});
Object.defineProperty(window, 'speechSynthesis', { value: speech });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


@pytest.fixture
def listener(browser: Browser) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 700}, locale="fr-FR", reduced_motion="reduce")

    def listen(voices: str) -> Page:
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.add_init_script(f"(() => {{ {VOICES.replace('VOICES_HERE', voices)} }})()")
        return page

    yield listen
    context.close()


@pytest.mark.parametrize("voices", ["[]", "[remote]", "[remote, local[0]]"])
def test_without_a_local_voice_of_the_language_there_is_nothing_to_press(
    listener: Any, site: Live, voices: str
) -> None:
    page = step(listener(voices), site, "demo-lecture")
    expect(page.get_by_role("button", name="Imprimer")).to_be_visible()
    expect(page.get_by_role("button", name="Écouter")).to_be_hidden()


def spoken(page: Page) -> list[Any]:
    return [said for said in page.evaluate("window.said") if said != "cancel"]


def test_listening_follows_the_text_with_a_voice_of_this_device_only(listener: Any, site: Live) -> None:
    page = step(listener("[remote, ...local]"), site, "demo-lecture")
    before = page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]")
    page.get_by_role("button", name="Écouter").press("Enter")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    assert page.locator("h1.spoken").inner_text() == "La même rue"
    count = 0
    while page.evaluate("speechSynthesis.queue.length") and count < 200:
        expect(page.locator(".spoken")).to_have_count(1)
        assert page.evaluate("CSS.highlights.get('spoken').size") == 1
        box = page.locator(".spoken").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] > 0
        assert box["y"] < 700
        page.evaluate("speechSynthesis.ended()")
        count += 1
    heard = spoken(page)
    assert {voice for _text, voice in heard} == {"Denise"}
    texts = [text for text, _voice in heard]
    assert "« Achetons un vidéoprojecteur », dit Marc." in [text.replace("\u00a0", " ") for text in texts]
    assert not any("Imprimer" in text or "Une phrase suffit" in text for text in texts)
    assert len(texts) == len(set(texts)), "nothing is read twice"
    expect(page.locator(".spoken")).to_have_count(0)
    expect(page.get_by_role("button", name="Écouter")).to_be_visible()
    expect(page.get_by_role("button", name="Arrêter")).to_be_hidden()
    assert page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == before


def test_a_pause_comes_back_to_the_same_sentence_and_a_stop_to_the_start(listener: Any, site: Live) -> None:
    page = step(listener("local"), site, "demo-lecture")
    page.get_by_role("button", name="Écouter").click()
    for _sentence in range(3):
        page.evaluate("speechSynthesis.ended()")
    here = spoken(page)[-1]
    page.get_by_role("button", name="Pause").click()
    assert page.evaluate("window.said.at(-1)") == "cancel"
    expect(page.locator(".spoken")).to_have_count(1)
    page.get_by_role("button", name="Reprendre la lecture").click()
    assert spoken(page)[-1] == here
    page.keyboard.press("Escape")
    expect(page.locator(".spoken")).to_have_count(0)
    assert page.evaluate("speechSynthesis.queue.length") == 0
    assert page.evaluate("document.activeElement.textContent.trim()") == "Écouter"
    page.get_by_role("button", name="Écouter").click()
    assert spoken(page)[-1][0] == "La même rue"
    page.get_by_role("button", name="Arrêter").click()
    assert page.evaluate("window.said.at(-1)") == "cancel"
    assert faults(page) == []


def test_a_local_voice_that_goes_away_is_not_replaced_by_a_remote_one(listener: Any, site: Live) -> None:
    page = step(listener("[remote, ...local]"), site, "demo-lecture")
    page.get_by_role("button", name="Écouter").click()
    page.evaluate("() => { speechSynthesis.voices = speechSynthesis.voices.filter(v => !v.localService); }")
    page.evaluate("speechSynthesis.ended()")
    assert len(spoken(page)) == 1
    expect(page.get_by_role("group", name="Lecture à voix haute")).to_be_hidden()


# « Imprimer »


def test_every_kind_prints_its_text_and_no_button(browser: Browser, site: Live) -> None:
    """On paper: neither menu nor button nor player, fields as lines or with what is written, addresses of links."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR")
    page = begun(context.new_page(), site)
    with Session(site.engines.read) as db:
        rows = courses.steps(db, courses.pathway(db, DEMO, None).edition_id, None)
    first_of = {row.kind: row.uid for row in reversed(rows) if row.ready}
    assert len(first_of) == 9
    for kind, uid in first_of.items():
        step(page, site, uid)
        box = page.locator("article textarea[form=turn]:visible").first
        words = f"{SENTENCE} " * 12
        if box.count():
            box.fill(words.strip()[:190])
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        shown = page.evaluate(
            """() => [...document.querySelectorAll('button, nav, header.top, .turn, .side, video, audio')]
            .filter(e => e.checkVisibility()).map(e => e.outerHTML.slice(0, 80))"""
        )
        assert shown == [], kind
        expect(page.locator("h1"), kind).to_be_visible()
        cut = page.evaluate(
            """() => [...document.querySelectorAll('article textarea')]
            .filter(e => e.scrollHeight > e.clientHeight + 1).length"""
        )
        assert cut == 0, f"{kind}: words are cut"
        closed = page.locator("article details:not([open]):not(.noprint)").count()
        assert closed == 0, kind
        if kind == "diagnostic":
            expect(page.locator("[data-question]:visible")).to_have_count(4)
        if kind == "resource":
            after = "getComputedStyle(document.querySelector('article a[href^=http]'), '::after').content"
            assert "https://example.org/" in page.evaluate(after) or "attr(href)" in page.evaluate(after)
        if kind == "live":
            expect(page.locator("article a[href='https://example.org/direct']")).to_be_visible()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        page.emulate_media(media="null")
        paper = page.pdf(format="A4", prefer_css_page_size=True)
        assert paper.startswith(b"%PDF"), kind
        assert paper.count(b"/Type /Page\n") <= 2, kind
    context.close()
