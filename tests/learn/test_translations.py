"""Pages in the reader's language; what is not translated is shown in its own, marked as such."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.actions import authoring, learning
from app.config import Settings
from app.content.course import load_course
from app.db import Engines
from app.i18n import set_lang
from app.steps import KINDS
from tests.build import DEMO, demo_files, walk
from tests.cast import Cast, make_cast
from tests.client import Client
from tests.learn.test_budgets import MOST, cost


@pytest.fixture(autouse=True)
def in_french() -> Iterator[None]:
    set_lang("fr")
    yield
    set_lang("fr")


HALF = ("module.md", "10-la-meme-rue.md", "pathway.md")
"""What is translated in a site where the work has only begun."""
STEP = f"/parcours/{DEMO}/etapes"


def begun() -> dict[str, bytes]:
    files = demo_files()
    kept = tuple(name.replace(".md", ".en.md") for name in HALF)
    return {path: content for path, content in files.items() if not path.endswith(".en.md") or path.endswith(kept)}


@pytest.fixture
def half(app: Flask, engines: Engines, settings: Settings, noon: object) -> Callable[[str], Client]:
    """Léa's device in a language, where half is translated."""
    with Session(engines.write) as db:
        assert authoring.load(db, load_course(begun(), KINDS), settings.media_dir).ok
        lea = make_cast(db).lea
        learning.enrol(db, lea, DEMO, 24)
        walk(db, lea)
        db.commit()

    def device(lang: str) -> Client:
        client = Client(app, settings, engines).sign_in(lea)
        client.web.set_cookie("lang", lang)
        return client

    return device


@pytest.fixture
def english(client: Client, cast: Cast) -> Client:
    client.web.set_cookie("lang", "en")
    return client


def test_a_translated_pathway_is_in_english_from_the_card_to_the_kit(english: Client, cast: Cast) -> None:
    for path, words in {
        "/parcours": "Demonstration: a tour of the steps",
        f"/parcours/{DEMO}": "tell a need from a solution",
        f"{STEP}/demo-lecture": "What does the photo club need?",
        f"{STEP}/demo-exemple": "The projector in the cupboard",
        "/kits/kit-demo": "Saying the need",
        "/kits/kit-demo/dire-le-besoin": "Cross out the objects",
        "/exemples/demo-voisins": "The projector in the cupboard",
    }.items():
        page = english.get(path).text
        assert words in page, path
        assert 'lang="fr"' not in page.replace('href="/langue', "").split("<main", 1)[1], path
        assert "Not translated yet" not in page, path
        assert not re.search(r"[\s\u202f];", page.split("<main", 1)[1]), path
    assert re.search("</small>[;.]</span></li>", english.get(f"/parcours/{DEMO}").text), "no line begins with it"


def test_what_is_not_translated_is_marked_as_french(half: Callable[[str], Client]) -> None:
    client = half("en")
    step = client.get(f"{STEP}/demo-quiz").text
    assert '<article class="read" lang="fr">' in step
    assert "Not translated yet: shown in French." in step
    assert '<span lang="fr">Besoin ou solution' in step
    assert "The same street" in step, "the outline says each step in its language"
    assert "Not translated yet" not in client.get(f"{STEP}/demo-lecture").text
    pathway = client.get(f"/parcours/{DEMO}").text
    assert "Discover" in pathway
    assert re.search(r'<span lang="fr">Ma phrase et mon premier appel</span></a><small[^>]*>[^<]*, in French', pathway)
    kits = client.get("/kits").text
    assert '<span lang="fr">Kit de démonstration' in kits
    assert "in French" in kits
    for path in ("/kits/kit-demo", "/kits/kit-demo/dire-le-besoin", "/exemples/demo-voisins"):
        page = client.get(path).text
        assert 'lang="fr"' in page.split("<main", 1)[1], path
        assert "Not translated yet" in page, path


def test_nothing_is_marked_in_french(half: Callable[[str], Client]) -> None:
    client = half("fr")
    for path in (
        "/parcours",
        f"/parcours/{DEMO}",
        f"{STEP}/demo-quiz",
        "/kits",
        "/mon-chemin",
        f"/parcours/{DEMO}/bilan",
    ):
        page = client.get(path).text
        assert "Pas encore traduit" not in page, path
        assert "en français" not in page, path
        assert 'span lang="' not in page, path


def test_every_page_answers_in_the_other_language_at_the_same_cost(half: Callable[[str], Client], app: Flask) -> None:
    french, english = half("fr"), half("en")
    own = re.findall(r"/resultats/\d+", french.get("/mon-chemin").text)
    steps = sorted(set(re.findall(rf"{STEP}/[\w-]+", french.get(f"/parcours/{DEMO}").text)))
    public = ("/", "/parcours", f"/parcours/{DEMO}", "/kits", "/kits/kit-demo", "/kits/kit-demo/dire-le-besoin")
    mine = ("/mon-chemin", "/mon-chemin/carnet", f"/parcours/{DEMO}/bilan")
    for path in (*public, *mine, *own, *steps):
        assert len(cost(app, english, path)) == len(cost(app, french, path)) <= MOST, path


def test_a_quiz_answered_in_french_goes_on_in_english(client: Client, cast: Cast, engines: Engines) -> None:
    client.sign_in(cast.lea)
    client.post(f"/parcours/{DEMO}/inscription", format="12")
    page = client.get(f"{STEP}/demo-quiz").text
    options = re.findall(r'name="demo-q-single" value="(\w+)"', page)
    client.post(f"{STEP}/demo-quiz/essais", **{"demo-q-single": options[1]}, check="demo-q-single", key="k")
    client.web.set_cookie("lang", "en")
    page = client.get(f"{STEP}/demo-quiz").text
    assert re.findall(r'name="demo-q-single" value="(\w+)"', page) == options
    assert f'value="{options[1]}" checked' in page
    assert "Yes. We know who, what and when." in page


def test_a_note_written_in_french_is_one_s_own_in_english(half: Callable[[str], Client]) -> None:
    french, english = half("fr"), half("en")
    french.post(f"{STEP}/demo-lecture/notes", **{"demo-lecture.seul": "Ouvrir le mercredi"})
    assert "Ouvrir le mercredi" in english.get(f"{STEP}/demo-lecture").text
    notebook = english.get("/mon-chemin/carnet").text
    assert "What my organisation cannot manage alone" in notebook
    assert "Ouvrir le mercredi" in notebook
