"""In a real browser, by somebody who read no guide: a pathway from nothing to learners, changed while one is midway."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from app.actions import accounts
from app.models import Role
from tests.learn.walker import Walker, faults_on_every_screen
from tests.serving import Live, device

TITLE, SLUG = "Accueillir une personne nouvelle", "accueillir-une-personne-nouvelle"
TREES = "/atelier/parcours"
PATHWAY = f"/parcours/{SLUG}"
PROSE = "Une personne nouvelle retient surtout qui lui a parlé en premier. " * 12
DIAGNOSTIC = "notre-accueil-aujourd-hui"
OBJECTIVES = ("préparer un accueil", "poser trois questions", "dire qui fait quoi")


@pytest.fixture
def desk(request: pytest.FixtureRequest, browser: Browser, site: Live) -> Iterator[Page]:
    """Of somebody who writes, without script if the test says so."""
    script = getattr(request, "param", True)
    with Session(site.engines.write) as db:
        email = f"aude-{script}@balises.example"
        who = accounts.create_person(db, email, "x", name="Aude", role=Role.AUTHOR, by=None).id
        secret = accounts.start_sign_in(db, who, "a test", timedelta(days=1))
        db.commit()
    with device(browser, 1280, url=site.url, script=script) as page:
        page.context.add_cookies([{"name": "session", "value": secret, "url": site.url}])
        yield page


@pytest.fixture
def phone(browser: Browser, site: Live) -> Iterator[Page]:
    """Of a learner without an account."""
    with device(browser, 390, script=False, url=site.url) as page:
        yield page


def fill(page: Page, **words: str) -> None:
    """What is typed, by the place of its input: two low lines for a dot."""
    for name, text in words.items():
        page.locator(f'[name="{name.replace("__", ".")}"]').last.fill(text)


def choose(page: Page, name: str, value: str) -> None:
    box = page.locator(f'[name="{name}"]').last
    if box.evaluate("box => box.tagName") == "SELECT":
        box.select_option(value)
    else:
        page.locator(f'[name="{name}"][value="{value}"]').last.check()


def press(page: Page, name: str | re.Pattern[str]) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()


def add(page: Page, act: str) -> None:
    with page.expect_navigation():
        page.locator(f'button[name="act"][value="{act}"]').click()


def save(page: Page) -> None:
    """What is written, said to be ready where it is a step."""
    ready = page.locator('input[type=checkbox][name="ready"]')
    if ready.count():
        ready.check()
    press(page, "Enregistrer")


def step(page: Page, slug: str, module: int, title: str, kind: str, minutes: int) -> None:
    """A new step, in its editor."""
    page.goto(f"{TREES}/{slug}")
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("Ajouter une étape")).nth(module).click()
    fill(page, title=title, minutes=str(minutes))
    choose(page, "kind", kind)
    press(page, "Ajouter l’étape")


def test_a_pathway_from_nothing_to_learners(desk: Page, phone: Page, site: Live) -> None:
    write_it(desk, TITLE, SLUG, DIAGNOSTIC)
    assert faults_on_every_screen(desk) == []
    publish(desk, SLUG, "")
    walker = begin(phone, site)
    walker.do()  # the reading is done: the quiz is open
    change(desk, SLUG, "Qui parle en premier", "key", "La première voix compte double.")
    publish(desk, SLUG, "Un chiffre était faux.", correctif=True)
    change(desk, SLUG, "Vrai ou faux ?", "questions.0.ask", "On présente toute l’équipe.")
    publish(desk, SLUG, "Une question est plus claire.")
    phone.goto(f"{PATHWAY}/etapes/{reading(phone)}")
    assert "La première voix compte double." in phone.content()  # the correctif reaches who is midway
    assert "Un chiffre était faux." in phone.content()
    phone.goto("/continuer")
    assert "On présente toute l’équipe." not in phone.content()  # the edition does not: it is offered
    phone.goto(f"{PATHWAY}/edition")
    assert "Une question est plus claire." in phone.content()
    phone.goto("/continuer")
    walker.walk()
    phone.wait_for_url(f"**{PATHWAY}/bilan")


@pytest.mark.parametrize("desk", [False], ids=["no script"], indirect=True)
def test_all_of_it_without_javascript(desk: Page) -> None:
    slug = "accueillir-sans-script"
    write_it(desk, "Accueillir sans script", slug, "demo")
    change(desk, slug, "Qui parle en premier", "key", "Une phrase essayée.", "Aperçu")
    expect(desk.locator("#preview .key")).to_have_text("Une phrase essayée.")
    desk.goto(f"{TREES}/{slug}")
    with desk.expect_navigation():
        desk.get_by_role("link", name="Qui parle en premier", exact=True).click()
    expect(desk.locator("[name=key]")).to_have_value("La première voix compte.")  # it was looked at only
    desk.goto(f"{TREES}/{slug}")
    steps = desk.locator(".step .what > a").all_inner_texts()
    press(desk, "Descendre : Qui parle en premier")
    assert desk.locator(".step .what > a").all_inner_texts()[:2] == [steps[1], steps[0]]
    press(desk, "Annuler")
    assert desk.locator(".step .what > a").all_inner_texts() == steps
    publish(desk, slug, "")
    desk.goto(f"/parcours/{slug}")
    expect(desk.get_by_role("heading", name="Accueillir sans script")).to_be_visible()


def write_it(page: Page, title: str, slug: str, diagnostic: str) -> None:
    page.goto("/atelier")
    page.locator("#title").fill(title)
    choose(page, "formats", "20min")
    press(page, "Créer le parcours")
    for module in ("Avant", "Le jour même"):
        fill(page, title=module)
        press(page, "Ajouter le module")
    step(page, slug, 0, "Qui parle en premier", "reading", 6)
    fill(page, key="La première voix compte.", body=PROSE, takeaway="Qui accueillera ?", sources="Histoire inventée.")
    save(page)
    step(page, slug, 0, "Vrai ou faux ?", "quiz", 5)
    for rank in range(4):
        add(page, "add:questions:truefalse")
        place = f"questions.{rank}"
        for key, words in (
            ("ask", f"On présente l’équipe, question {rank + 1}."),
            ("explain", "On le fait dès l’entrée."),
        ):
            page.locator(f'[name="{place}.{key}"]').fill(words)
        for key in ("feedback_right", "feedback_wrong"):
            page.locator(f'[name="{place}.{key}"]').fill("C’est la première chose à faire.")
        choose(page, f"{place}.answer", "yes")
    save(page)
    if diagnostic == DIAGNOSTIC:
        diagnose(page)
    step(page, slug, 1, "Où en sommes-nous ?", "diagnostic", 4)
    choose(page, "diagnostic", diagnostic)
    save(page)
    step(page, slug, 1, "Notre accueil", "exercise", 5)
    fill(page, body="Écrivez ce que vous ferez.")
    add(page, "add:fields")
    page.locator('[name="fields.0.label"]').fill("Ce que nous ferons")
    save(page)
    front(page, slug)


def diagnose(page: Page) -> None:
    """A self-diagnostic of two axes, a question each, every level; what it names of the site is chosen in lists."""
    page.goto("/atelier")
    page.locator("#text-title").fill("Notre accueil aujourd’hui")
    choose(page, "kind", "diagnostic")
    press(page, re.compile("^Créer$"))
    fill(page, summary="Deux questions.", minutes="4", sources="Histoire inventée.", provenance="Écrit pour ce test.")
    choose(page, "kit", "kit-demo")
    for rank, words in enumerate(("Préparer", "Accueillir")):
        add(page, "add:axes")
        fill(page, **{f"axes__{rank}__name": words, f"axes__{rank}__low": f"{words} manque encore."})
        choose(page, f"axes.{rank}.module", "avant")
        choose(page, f"axes.{rank}.sheet", "demo-f1")
    for rank, letter in enumerate("AB"):
        add(page, "add:questions")
        choose(page, f"questions.{rank}.axis", letter)
        answers = "\n".join(f"Réponse {points}" for points in range(4))
        fill(
            page,
            **{f"questions__{rank}__ask": f"Qui accueille, axe {letter} ?", f"questions__{rank}__options": answers},
        )
    for rank in range(4):  # they are there, with where they begin
        choose(page, f"levels.{rank}.format", "20min")
        fill(page, **{f"levels__{rank}__{key}": "Un conseil." for key in ("text", "discuss", "discuss_with")})
    save(page)
    expect(page.locator(".faults")).to_have_count(0)
    assert faults_on_every_screen(page) == []


def front(page: Page, slug: str) -> None:
    page.goto(f"{TREES}/{slug}")
    with page.expect_navigation():
        page.get_by_role("link", name="Écrire la présentation").first.click()
    fill(page, summary="Accueillir sans se précipiter.", audience="Toute équipe.", sources="Histoire inventée.")
    fill(page, provenance="Écrit pour ce test. Ce parcours n’est pas officiel.")
    for rank, words in enumerate(OBJECTIVES):
        add(page, "add:objectives")
        page.locator(f'[name="objectives.{rank}.text"]').fill(words)
        choose(page, f"objectives.{rank}.format", "20min")
        page.locator(f'[name="objectives.{rank}.evidence"]').last.select_option(index=1)
    save(page)


def publish(page: Page, slug: str, note: str, *, correctif: bool = False) -> None:
    page.goto(f"{TREES}/{slug}/publication")
    if note:
        fill(page, note=note)
    if correctif:
        page.locator('[name="correctif"]').check()
    press(page, re.compile("Publier l’édition"))
    assert "publiée" in page.locator('[role="status"]').first.inner_text()


def change(page: Page, slug: str, title: str, name: str, words: str, button: str = "Enregistrer") -> None:
    """Another text at one place of a step."""
    page.goto(f"{TREES}/{slug}")
    with page.expect_navigation():
        page.get_by_role("link", name=title, exact=True).click()
    page.locator(f'[name="{name}"]').fill(words)
    press(page, button)


def begin(page: Page, site: Live) -> Walker:
    page.goto(PATHWAY)
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Commencer")).first.click()
    return Walker(page, site.url, site.engines, SLUG)


def reading(page: Page) -> str:
    """The uid of the first step."""
    page.goto(PATHWAY)
    found = page.locator(f'main a[href*="{PATHWAY}/etapes/"]').all()
    uids = [
        (link.get_attribute("href") or "").rsplit("/", 1)[1]
        for link in found
        if link.inner_text().startswith("Qui parle")
    ]
    return uids[0].split("#")[0]
