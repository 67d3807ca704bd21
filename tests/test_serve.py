"""`flask serve`: two processes, started and ended together; and the static files in front."""

import gzip
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psutil
import pytest
from sqlalchemy.orm import Session

from app import assets, worker
from app.config import ROOT, Settings
from app.db import Engines
from app.models import Person, SignIn
from tests.serving import Live, answers, free_port, wait_until

SERVE = "import os, sys; from app.config import Settings; from app.serve import serve;"
SERVE += "sys.exit(serve(Settings.from_env(os.environ)))"


@pytest.fixture
def house(sqlite_settings: Settings, environ: Callable[[str], dict[str, str]], built_assets: Path) -> dict[str, str]:
    """The environment of a site that is ready to be served."""
    return environ(sqlite_settings.database_url) | {"PORT": str(free_port())}


def test_serving_starts_both_and_ends_both(house: dict[str, str]) -> None:
    with _serving(house) as process:
        children = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        assert process.wait(30) == 0
        assert not any(map(_alive, children))


def test_connections_left_open_by_others_keep_nobody_waiting(house: dict[str, str]) -> None:
    here = ("127.0.0.1", int(house["PORT"]))
    with _serving(house), ExitStack() as stack:
        for _browser in range(60):
            idle = stack.enter_context(socket.create_connection(here, timeout=5))
            idle.sendall(b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert idle.recv(100).startswith(b"HTTP/1.1 404")
        assert answers(f"http://127.0.0.1:{here[1]}")


def test_a_worker_that_dies_is_started_again(house: dict[str, str]) -> None:
    with _serving(house) as process:
        first = _worker(process)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: _worker(process) not in (0, first))


def test_a_worker_alone_works_until_it_is_told_to_stop(house: dict[str, str]) -> None:
    command = [sys.executable, "-m", "flask", "--app", "app.wsgi", "worker"]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | house, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = iter(process.stderr.readline, "")
        assert any("ready" in line for line in said)
        process.terminate()
        assert process.wait(30) == 0


def test_a_web_that_dies_ends_everything(house: dict[str, str]) -> None:
    with _serving(house) as process:
        web = next(child for child in psutil.Process(process.pid).children() if "granian" in " ".join(child.cmdline()))
        own = web.children(recursive=True)
        web.kill()
        assert process.wait(30) not in (0, None)
        wait_until(lambda: not any(map(_alive, own)))


def test_an_empty_database_stops_the_start_with_the_command(house: dict[str, str], tmp_path: Path) -> None:
    ended = _run(house | {"DATABASE_URL": f"sqlite:///{tmp_path}/new.db"})
    assert ended.returncode == 1
    assert "flask --app app.wsgi schema upgrade" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_no_key_to_sign_with_stops_the_start_with_the_command(house: dict[str, str], tmp_path: Path) -> None:
    ended = _run(house | {"SIGNING_KEY_FILE": str(tmp_path / "none")})
    assert ended.returncode == 1
    assert "flask --app app.wsgi keys new" in ended.stderr
    (tmp_path / "none").write_text("no key")
    assert "holds no private key" in _run(house | {"SIGNING_KEY_FILE": str(tmp_path / "none")}).stderr


def test_a_wrong_setting_stops_the_start_with_a_sentence(house: dict[str, str]) -> None:
    command = [sys.executable, "-m", "flask", "--app", "app.wsgi", "serve"]
    environ = os.environ | house | {"PORT": "eighty"}
    ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert ended.stderr.startswith("PORT is « eighty »")
    assert "Traceback" not in ended.stderr


def test_a_database_away_does_not_stop_the_start(house: dict[str, str]) -> None:
    away = house | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing", "DATABASE_POOL_SECONDS": "1"}
    with _serving(away) as process:
        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(f"http://127.0.0.1:{away['PORT']}/", timeout=20)
        assert refusal.value.code == 503
        assert int(refusal.value.headers["Retry-After"]) > 0
        refusal.value.close()
        assert process.poll() is None


def test_the_worker_closes_expired_sign_ins(engines: Engines, noon: datetime) -> None:
    with Session(engines.write) as db:
        db.add(Person(id=1, created_at=noon))
        db.flush()
        for name, end in (("past", noon - timedelta(hours=1)), ("coming", noon + timedelta(hours=1))):
            moments = {"started_at": noon, "last_seen_at": noon, "expires_at": end}
            db.add(SignIn(token_hash=name, person_id=1, **moments))
        db.commit()
    assert worker.close_expired_sign_ins(engines) == 1
    assert worker.close_expired_sign_ins(engines) == 0
    with Session(engines.read) as db:
        ended = {sign_in.token_hash: sign_in.ended_at for sign_in in db.query(SignIn)}
    assert ended == {"past": noon - timedelta(hours=1), "coming": None}


def test_a_static_file_is_kept_for_ever_and_comes_compressed(live: Live) -> None:
    url = live.url + assets.Assets.load(live.settings.assets_dir).url("app.css")
    with urllib.request.urlopen(url) as plain:
        text = plain.read()
        assert plain.headers["Cache-Control"] == "max-age=315360000, public, immutable"
        assert plain.headers["X-Content-Type-Options"] == "nosniff"
        assert plain.headers["Access-Control-Allow-Origin"] is None
    for encoding in ("gzip", "br"):
        asked = urllib.request.Request(url, headers={"Accept-Encoding": encoding})
        with urllib.request.urlopen(asked) as packed:
            assert packed.headers["Content-Encoding"] == encoding
            assert packed.headers["Vary"] == "Accept-Encoding"
            data = packed.read()
            assert len(data) < len(text)
            if encoding == "gzip":
                assert gzip.decompress(data) == text


def test_assets_are_named_by_their_content(tmp_path: Path) -> None:
    source, folder = _source(tmp_path), tmp_path / "static"
    first = assets.build(folder, source)
    assert first == assets.build(folder, source) == assets.Assets.load(folder)
    css = (folder / first.names["app.css"]).read_text()
    assert css.index("tokens") < css.index("base")
    assert f'url("{first.names["img/logo.svg"]}")' in css
    assert "url(data:" in css
    assert (folder / first.names["app.js"]).read_text() == "one()\n;\ntwo()\n;\n"
    (source / "css" / "20-base.css").write_text("/* base */ b { color: red }")
    second = assets.build(folder, source)
    assert second.names["app.css"] != first.names["app.css"]
    assert second.names["app.js"] == first.names["app.js"]
    assert (folder / first.names["app.css"]).exists()  # a page may still be open with it
    os.utime(folder / first.names["app.css"], (0, 0))
    assets.build(folder, source)
    assert not (folder / first.names["app.css"]).exists()


def test_a_stylesheet_that_refers_to_nothing_is_refused(tmp_path: Path) -> None:
    source = _source(tmp_path)
    (source / "css" / "20-base.css").write_text("b { background: url('../img/gone.svg') }")
    with pytest.raises(assets.WrongAsset, match=r"static/css/20-base.css refers to ../img/gone.svg"):
        assets.build(tmp_path / "static", source)


def test_an_asset_that_is_not_built_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(assets.WrongAsset, match=r"flask --app app\.wsgi assets"):
        assets.Assets.load(tmp_path)
    with pytest.raises(assets.WrongAsset, match=r"static/img/new.svg is not in the build"):
        assets.Assets({}).url("img/new.svg")


def _source(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    for name, text in {
        "css/10-tokens.css": "/* tokens */ a { color: red }",
        "css/20-base.css": "/* base */ b { background: url(../img/logo.svg), url(data:image/png;base64,AA) }",
        "js/behaviours/one.js": "one()",
        "js/behaviours/two.js": "two()",
        "img/logo.svg": "<svg/>",
    }.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text)
    return source


@contextmanager
def _serving(environ: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", SERVE], cwd=ROOT, env=os.environ | environ)
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{environ['PORT']}") or process.poll() is not None)
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _run(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", SERVE]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environ, capture_output=True, text=True, timeout=60)


def _worker(process: subprocess.Popen[bytes]) -> int:
    children = psutil.Process(process.pid).children()
    return next((child.pid for child in children if _alive(child) and "app.worker" in child.cmdline()), 0)


def _alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
