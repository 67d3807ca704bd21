"""The power goes out at any moment of a last step: the step and its bilan are both kept, or neither."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app import clock
from app.config import ROOT, Settings
from app.db import Engines
from app.models import Person, Summary
from app.reads import written
from app.reads.attestations import Standing, by_code
from tests.build import DEMO, enrolment, walk
from tests.cast import Cast

LAST_STEP = """
import itertools, json, os, random, signal, sys, time
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session
from app import create_app
from app.config import Settings
from app.models import StepEvent, StepProgress, Summary
from tests.client import Client
asked = json.load(sys.stdin)
settings = Settings.from_env(os.environ)
app = create_app(settings)
engines = app.extensions["engines"]
client, spare = Client(app, settings, engines), asked["enrolments"]

def become(person):
    client.sign_in(person)
    client.get(asked["path"].rpartition("/")[0])  # read once what each death would read anew

def send(number):
    answer = client.post(asked["path"], key=f"click-{number:016d}", **asked["fields"])
    os._exit(0 if answer.status_code == 303 else 1)

def dies_at(number):
    count = itertools.count()
    def die(*_):
        if next(count) == number:
            os.kill(os.getpid(), signal.SIGKILL)
    event.listen(Engine, "after_cursor_execute", die)
    event.listen(Engine, "commit", die)
    event.listen(Session, "after_commit", die)
    send(number)

def says_when_it_commits(number, pipe):
    event.listen(Engine, "commit", lambda *_: os.write(pipe, b"!"))
    send(number)

def end_of(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

def kept(enrolment):
    mine = [(StepEvent, asked["last"]), (StepProgress, asked["last"])]
    with Session(engines.read) as db:
        of = [select(func.count()).where(m.enrolment_id == enrolment, m.step_uid == uid) for m, uid in mine]
        of.append(select(func.count()).where(Summary.enrolment_id == enrolment))
        return [db.scalar(query) for query in of]

person, enrolment = spare.pop()
become(person)
for number in itertools.count(0, asked["stride"]):
    engines.dispose()
    child = os.fork()
    if not child:
        dies_at(number)
    end = end_of(child)
    print(json.dumps(["statement", end, kept(enrolment)]), flush=True)
    if end != -signal.SIGKILL:
        break

number, done = 10**6, True
for number in range(10**6, 10**6 + asked["commits"]):
    if done and not spare:
        break
    if done:
        person, enrolment = spare.pop()
        become(person)
    engines.dispose()
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        says_when_it_commits(number, writes)
    os.close(writes)
    os.read(reads, 1)
    time.sleep(random.uniform(0, random.choice(asked["within"])))
    os.kill(child, signal.SIGKILL)
    os.close(reads)
    end, state = end_of(child), kept(enrolment)
    done = bool(state[0])
    print(json.dumps(["commit", end, state]), flush=True)
"""
"""Sends the last step from its page, killed at its first statement, then at a later one, until one answers.

Then it is others' turn: each is killed at a random moment of the database's own COMMIT, until their step is kept.
"""

COMMITS = int(os.environ.get("COMMITS", "6"))
"""Deaths inside a COMMIT; `make soak` asks for hundreds."""
STRIDE = 3 if COMMITS < 100 else 1
WITHIN = (0.002, 0.01, 0.04)
"""Seconds after the order to commit: a quick disk, a slow one, a busy machine."""
BEFORE, AFTER = [0, 0, 0], [1, 1, 1]


def test_a_last_step_killed_at_any_moment_keeps_the_step_and_its_bilan_or_neither(
    engines: Engines, cast: Cast, settings: Settings, environ: Callable[[str], dict[str, str]], built_assets: object
) -> None:
    with Session(engines.write) as db:
        *done, last = walk(db, cast.noe)
        people = [cast.lea, *(_somebody(db) for _death in range(max(2, COMMITS // 3)))]
        for person in people:
            walk(db, person, steps=len(done))
        fields = {f"{last}.{name}": text for name, text in written.texts(db, cast.noe, last).items()}
        numbers = [(person, enrolment(db, person)) for person in reversed(people)]
        db.commit()
    path = f"/parcours/{DEMO}/etapes/{last}/completion"
    asked = {"enrolments": numbers, "path": path, "fields": fields, "last": last}
    ran = subprocess.run(
        [sys.executable, "-c", LAST_STEP],
        cwd=ROOT,
        env=os.environ | environ(settings.database_url),
        input=json.dumps(asked | {"stride": STRIDE, "commits": COMMITS, "within": WITHIN}),
        capture_output=True,
        text=True,
        timeout=3000,
    )
    assert ran.returncode == 0, ran.stderr
    seen = [json.loads(line) for line in ran.stdout.splitlines()]
    *killed, answered = [rest for where, *rest in seen if where == "statement"]
    assert answered == [0, AFTER], ran.stderr
    states = [kept for _end, kept in killed]
    assert states == [BEFORE] * states.count(BEFORE) + [AFTER] * states.count(AFTER)
    assert states.count(BEFORE) > 5, states
    inside = [(end, kept) for where, end, kept in seen if where == "commit"]
    assert inside
    assert all(kept in (BEFORE, AFTER) for _end, kept in inside), inside
    assert all(kept == AFTER for end, kept in inside if end == 0), "answered, and not kept"
    with Session(engines.read) as db:
        if engines.read.dialect.name == "sqlite":
            assert db.scalar(text("pragma integrity_check")) == "ok"
        found = by_code(db, db.scalars(select(Summary.code).where(Summary.enrolment_id == numbers[-1][1])).one())
        assert found
        assert found.standing is Standing.VALID
    print(Counter((end, str(kept)) for end, kept in inside))


def _somebody(db: Session) -> int:
    person = Person(claimed_at=clock.now(), created_at=clock.now(), lang="fr", name="Essai")
    db.add(person)
    db.flush()
    return person.id
