"""What is said once for all is the same for all: to each person, language and theme their own page, in any order."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import create_app
from app.actions import learning, writing
from app.config import Settings
from app.db import Engines
from app.i18n import set_lang
from app.steps import fields
from app.web import templates
from tests.build import DEMO, walk
from tests.cast import Cast
from tests.client import Client

HERE = f"/parcours/{DEMO}"
PAGES = (
    f"{HERE}/etapes/demo-lecture",
    f"{HERE}/etapes/demo-phrase",
    f"{HERE}/etapes/demo-quiz",
    HERE,
    "/mon-chemin",
    "/",
)
OWN = {"lea": "Les mots de Léa", "noe": "Words that Noé wrote"}
SECRETS = re.compile(r'name="(_token|key)" value="[^"]*"')


@pytest.fixture(autouse=True)
def in_french() -> Iterator[None]:
    yield
    set_lang("fr")


@pytest.fixture
def people(cast: Cast, engines: Engines) -> dict[str, int]:
    """Léa has done what she could, Noé begins; each has written on the same steps."""
    with Session(engines.write) as db:
        walk(db, cast.lea)
        learning.enrol(db, cast.noe, DEMO, None)
        for name, person in (("lea", cast.lea), ("noe", cast.noe)):
            texts = {("demo-lecture", "seul"): OWN[name], ("demo-phrase", "besoin"): OWN[name]}
            writing.save_notes(db, person, DEMO, texts)
        db.commit()
    return {"lea": cast.lea, "noe": cast.noe}


def seen(app: Flask, settings: Settings, who: int | None, lang: str, theme: str) -> list[str]:
    device = Client(app, settings, app.extensions["engines"])
    if who is not None:
        device.sign_in(who)
    device.web.set_cookie("lang", lang)
    device.web.set_cookie("theme", theme)
    return [SECRETS.sub("", device.get(path).text) for path in PAGES]


def test_a_page_is_the_same_whoever_came_before(app: Flask, people: dict[str, int], settings: Settings) -> None:
    devices = [
        (people["lea"], "fr", "light"),
        (people["noe"], "en", "dark"),
        (None, "en", ""),
        (people["noe"], "fr", ""),
    ]
    alone = []
    for device in devices:
        templates.url_for.cache_clear()
        fields.form_class.cache_clear()
        first = create_app(settings)
        alone.append(seen(first, settings, *device))
        first.extensions["engines"].dispose()
    for device, pages in [*zip(devices, alone, strict=True), *zip(devices[::-1], alone[::-1], strict=True)]:
        assert seen(app, settings, *device) == pages
    lea, noe, visitor, _again = ("".join(pages) for pages in alone)
    assert OWN["lea"] in lea
    assert OWN["noe"] in noe
    assert OWN["noe"] not in lea + visitor
    assert OWN["lea"] not in noe + visitor
    assert 'data-theme="light"' in lea
    assert 'data-theme="dark"' in noe
    assert "data-theme" not in visitor
    assert "Écouter" in lea
    assert "Écouter" not in noe + visitor


def test_what_is_constant_is_said_as_a_template_is_compiled(app: Flask) -> None:
    source = '{{ _("Écouter") }}{{ icon("check") }}{{ url_for("learn.home") }}'
    with app.test_request_context("/"):
        compiled = app.jinja_env.compile(source, raw=True)
        assert "call(" not in compiled
        assert "<svg" in compiled
        set_lang("en")
        assert "Listen" in app.jinja_env.compile(source, raw=True)


def test_what_has_a_value_in_it_is_said_each_time(app: Flask) -> None:
    source = '{{ _("Étape %(n)s sur %(total)s", n=n, total=3) }} {{ url_for("learn.summary", slug=n) }} {{ csrf() }}'
    with app.test_request_context("/"):
        template = app.jinja_env.from_string(source)
        one, two = template.render(n="un"), template.render(n="deux")
    assert one.startswith("Étape un sur 3 /parcours/un/bilan")
    assert two.startswith("Étape deux sur 3 /parcours/deux/bilan")
    assert one.split("value=")[1] != two.split("value=")[1]


def test_a_name_of_the_template_s_own_is_left_to_it(app: Flask) -> None:
    source = (
        '{% macro icon(name) %}({{ name }}){% endmacro %}{% set url_for = icon %}{{ icon("check") }}{{ url_for("x") }}'
    )
    with app.test_request_context("/"):
        assert app.jinja_env.from_string(source).render() == "(check)(x)"
