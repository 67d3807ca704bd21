"""The laws of the house that no tool checks: doors, names, lengths, settings, words, kinds."""

import ast
import dataclasses
import importlib
import inspect
import re
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from flask import Flask
from jinja2 import StrictUndefined, UndefinedError

from app import clock
from app.config import ROOT, Settings
from app.steps import KINDS
from tests.build import demo_course

COUNTING_GETS = {"attest.verification"}
"""Law 6: the GETs that may cause one row, a rate counter, on the writing engine."""
WITHOUT_TOKEN = {"accounts.stop_mail"}
"""The one exception: one-click unsubscription, whose signed address is its token."""
VIEW_LINES = 20
FILE_LINES = 370
"""« Seldom over 300 »: past this, a file is two rooms."""
TEMPLATE_LINES = 90


@pytest.fixture
def settings(sqlite_settings: Settings) -> Settings:
    """On one database: nothing here depends on which."""
    return sqlite_settings


def views(app: Flask) -> dict[str, object]:
    return {name: view for name, view in app.view_functions.items() if name != "static"}


def sources(folder: str = "app") -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def test_every_view_says_who_may_enter(app: Flask) -> None:
    assert [name for name, view in views(app).items() if not hasattr(view, "capability")] == []


def test_only_the_listed_post_goes_without_a_token(app: Flask) -> None:
    assert {name for name, view in views(app).items() if getattr(view, "signed", False)} == WITHOUT_TOKEN


def test_one_name_crosses_the_house(app: Flask) -> None:
    """Law 8: endpoint = view = page = shape = template, for every page that a GET shows."""
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    without_a_page = {"learn.resume", "learn.media"}
    for endpoint in rules:
        area, name = endpoint.split(".")
        assert views(app)[endpoint].__name__ == name  # type: ignore[attr-defined]
        if endpoint not in without_a_page and not name.startswith("export_"):  # a file, not a page
            assert (ROOT / "templates" / area / f"{name}.html").is_file(), endpoint
            if "page=" in inspect.getsource(inspect.unwrap(views(app)[endpoint])):  # type: ignore[arg-type]
                page = getattr(importlib.import_module(f"app.{area}.pages"), name, None)
                assert page, f"{endpoint} shows another page than pages.{name}()"
                assert f"pages.{name}(" in inspect.getsource(inspect.unwrap(views(app)[endpoint]))  # type: ignore[arg-type]
                shown = get_type_hints(page)["return"]
                shapes = {shape.__name__ for shape in get_args(shown) or (shown,)} - {"NoneType"}
                assert shapes == {f"{name.title().replace('_', '')}Page"}, endpoint


def test_a_change_is_a_post_and_a_get_never_has_a_verb(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        unsafe = {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())
        assert not (unsafe and "GET" in (rule.methods or set())), rule
        assert unsafe <= {"POST"}, rule


def test_only_the_listed_gets_count_their_visitors(app: Flask) -> None:
    gets = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    counting = {name for name in gets if "door.wait(" in inspect.getsource(inspect.unwrap(views(app)[name]))}  # type: ignore[arg-type]
    assert counting == COUNTING_GETS


def test_views_are_short(app: Flask) -> None:
    long = {}
    for name, view in views(app).items():
        lines = inspect.getsource(inspect.unwrap(view)).splitlines()  # type: ignore[arg-type]
        if len(lines) > VIEW_LINES:
            long[name] = len(lines)
    assert long == {}


def test_files_and_templates_are_rooms_not_halls() -> None:
    long = {p.name: n for p in sources() if (n := len(p.read_text().splitlines())) > FILE_LINES}
    assert long.keys() <= {"pieces.py", "shapes.py", "markdown.py"}  # two lists of fields, one grammar
    lengths = {str(p): len(p.read_text().splitlines()) for p in (ROOT / "templates").rglob("*.html")}
    assert {path: lines for path, lines in lengths.items() if lines > TEMPLATE_LINES} == {}


def test_nobody_commits_but_the_door_and_the_commands() -> None:
    allowed = {"app/web/door.py", "app/cli/speaking.py", "app/worker.py", "app/schema.py"}
    found = {str(p.relative_to(ROOT)) for p in sources() if ".commit()" in p.read_text()}
    assert found <= allowed


def test_only_the_clock_reads_the_clock() -> None:
    read = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(")
    found = {str(p.relative_to(ROOT)) for p in sources() if read.search(p.read_text())}
    assert found <= {"app/clock.py", "app/assets.py"}
    assert clock.now().tzinfo is not None


def test_no_kind_is_tested_by_name_outside_the_registry() -> None:
    names = rf"[\"'](?:{'|'.join(KINDS)})[\"']"
    tested = re.compile(rf"(?:step|row|page|content|line|found)\.kind\s*(?:[!=]=\s*|(?:not\s+)?in\s*[(\[{{]\s*){names}")
    files = [*sources(), *(ROOT / "templates").rglob("*.html")]
    assert {str(p.relative_to(ROOT)) for p in files if tested.search(p.read_text())} == set()


def test_no_role_is_tested_outside_the_policy() -> None:
    found = {str(p.relative_to(ROOT)) for p in sources() if re.search(r"if .*\brole\s*==", p.read_text())}
    assert found <= {"app/policy.py"}


def test_no_page_has_inline_style_script_or_event() -> None:
    inline = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|hx-on|javascript:", re.I)
    found = {str(p): inline.findall(p.read_text()) for p in (ROOT / "templates").rglob("*.html")}
    assert {path: hits for path, hits in found.items() if hits} == {}


def test_what_a_browser_shows_is_waited_for() -> None:
    """`expect(…)` waits for the page that a click leads to; a bare look may still see the page that it leaves."""
    looked = re.compile(r"^\s*assert .*\.(?:is_\w+|count)\(\)", re.M)
    found = {str(p): looked.findall(p.read_text()) for p in sources("tests") if p.name.startswith("test_browser")}
    assert {name: looks for name, looks in found.items() if looks} == {}


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text()
    names = {field.name.upper() for field in dataclasses.fields(Settings)}
    assert {name for name in names if f"`{name}`" not in text} == set()


def test_undefined_names_raise_in_templates(app: Flask) -> None:
    assert app.jinja_env.undefined is StrictUndefined
    with app.test_request_context("/"), pytest.raises(UndefinedError):
        app.jinja_env.from_string("{{ nothing_of_that_name }}").render()


def test_every_template_compiles(app: Flask) -> None:
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)


def test_every_kind_has_its_schema_its_template_and_an_example_in_the_demonstration() -> None:
    shown = {part.doc.kind for module in demo_course().of("module") for part in module.parts}  # type: ignore[attr-defined]
    assert shown == set(KINDS)
    for name, kind in KINDS.items():
        assert kind.Content.model_fields["kind"].annotation is not None
        assert kind.label()
        assert (ROOT / "templates" / "steps" / f"{name}.html").is_file()


def test_modules_say_why_they_exist() -> None:
    silent = []
    for path in sources():
        doc = ast.get_docstring(ast.parse(path.read_text()))
        if not doc or len(doc.splitlines()) > 3:
            silent.append(str(path.relative_to(ROOT)))
    assert silent == []


def test_the_readme_names_the_two_commands_and_shows_real_pictures() -> None:
    text = (ROOT / "README.md").read_text()
    assert "make run" in text
    assert "make test" in text
    pictures = re.findall(r"\((docs/screenshots/[a-z]+\.png)\)", text)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)
