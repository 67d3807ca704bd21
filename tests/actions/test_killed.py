"""The power goes out at any moment of a last step: the step and its bilan are both kept, or neither."""

import json
import os
import subprocess
import sys
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import ROOT, Settings
from app.db import Engines
from app.models import Summary
from app.reads import written
from app.reads.attestations import Standing, by_code
from tests.build import DEMO, enrolment, walk
from tests.cast import Cast

LAST_STEP = """
import itertools, json, os, signal, sys
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
client = Client(app, settings, engines).sign_in(asked["person"])

def dies_at(number):
    count = itertools.count()
    def die(*_):
        if next(count) == number:
            os.kill(os.getpid(), signal.SIGKILL)
    event.listen(Engine, "after_cursor_execute", die)
    event.listen(Engine, "commit", die)
    event.listen(Session, "after_commit", die)
    os._exit(0 if client.post(asked["path"], key=f"click-{number:016d}", **asked["fields"]).status_code == 303 else 1)

def kept():
    mine = [(StepEvent, asked["last"]), (StepProgress, asked["last"])]
    with Session(engines.read) as db:
        of = [select(func.count()).where(m.enrolment_id == asked["enrolment"], m.step_uid == uid) for m, uid in mine]
        of.append(select(func.count()).where(Summary.enrolment_id == asked["enrolment"]))
        return [db.scalar(query) for query in of]

client.get(asked["path"].rpartition("/")[0])  # read once what each death would read anew
for number in itertools.count():
    engines.dispose()
    child = os.fork()
    if not child:
        dies_at(number)
    end = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps([end, kept()]), flush=True)
    if end != -signal.SIGKILL:
        break
"""
"""Sends the last step from its page, killed at its first statement, then at its second, until one answers."""


def test_a_last_step_killed_at_any_statement_keeps_the_step_and_its_bilan_or_neither(
    engines: Engines, cast: Cast, settings: Settings, environ: Callable[[str], dict[str, str]]
) -> None:
    with Session(engines.write) as db:
        *done, last = walk(db, cast.noe)
        walk(db, cast.lea, steps=len(done))
        fields = {f"{last}.{name}": text for name, text in written.texts(db, cast.noe, last).items()}
        number = enrolment(db, cast.lea)
        db.commit()
    path = f"/parcours/{DEMO}/etapes/{last}/completion"
    asked = {"person": cast.lea, "path": path, "fields": fields, "last": last, "enrolment": number}
    ran = subprocess.run(
        [sys.executable, "-c", LAST_STEP],
        cwd=ROOT,
        env=os.environ | environ(settings.database_url),
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    *killed, answered = map(json.loads, ran.stdout.splitlines())
    before, after = [0, 0, 0], [1, 1, 1]
    assert answered == [0, after], ran.stderr
    states = [kept for _end, kept in killed]
    assert states == [before] * states.count(before) + [after] * states.count(after)
    assert states.count(before) > 10, states
    assert states.count(after) > 0, "nobody died after the commit, and sent it again"
    with Session(engines.read) as db:
        found = by_code(db, db.scalars(select(Summary.code).where(Summary.enrolment_id == number)).one())
        assert found
        assert found.standing is Standing.VALID
