"""Workers die at any moment: every mail is received, under one name; a copy only where one died after its receipt."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import messages
from app.config import ROOT, Settings
from app.db import Engines
from app.models import MailKind, Message
from tests.build import prove
from tests.post import post_office
from tests.serving import free_port

MAILS = int(os.environ.get("MAILS", "30"))
KILLS = MAILS // 3

WORKERS = """
import json, os, random, signal, sys, time
from datetime import timedelta
from sqlalchemy.orm import Session
from app import worker
from app.actions import delivery
from app.config import Settings
from app.db import open_engines
delivery.LEASE = timedelta(seconds=2)
settings = Settings.from_env(os.environ)
dice = random.Random(int(sys.argv[2]))
kills, wanted = 0, int(sys.argv[1])

def born():
    child = os.fork()
    if not child:
        engines = open_engines(settings)
        while True:
            try:
                worker.deliver(engines, settings)
            except Exception as error:
                if not (worker.is_away(error) or worker.is_busy(error)):
                    raise
            time.sleep(0.02)
    return child

alive = [born(), born()]
engines = open_engines(settings)
deadline = time.monotonic() + 240
while time.monotonic() < deadline:
    time.sleep(dice.uniform(0.005, 0.15))
    if kills < wanted:
        gone = dice.randrange(2)
        os.kill(alive[gone], signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(alive[gone], 0)[1]) == -signal.SIGKILL, "a worker died by itself"
        alive[gone], kills = born(), kills + 1
    else:
        from app.models import Message
        with Session(engines.read) as db:
            if not db.query(Message).filter(Message.sent_at.is_(None)).count():
                break
for child in alive:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
print(json.dumps(kills))
"""
"""Two workers in a loop; one of them is killed at random, and born again, as often as wanted."""


def test_every_mail_is_received_under_one_name_while_workers_are_killed(
    engines: Engines, settings: Settings, environ: Callable[[str], dict[str, str]]
) -> None:
    with Session(engines.write) as db, db.begin():
        prove(db, *(f"member{number}@x.example" for number in range(MAILS)))
        for number in range(MAILS):
            data = {"cohort": "Lundi", "trainer": "Tarik", "text": f"Mot {number}"}
            address = f"member{number}@x.example"
            messages.post(db, MailKind.TRAINER, cause="trainer:1", address=address, lang="fr", data=data)
    port = free_port()
    smtp = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_SECURITY": "none", "MAIL_FROM": "b@site.example"}
    engines.dispose()
    with post_office(port) as box:
        ran = subprocess.run(
            [sys.executable, "-c", WORKERS, str(KILLS), "5"],
            cwd=ROOT,
            env=os.environ | environ(settings.database_url) | smtp,
            capture_output=True,
            text=True,
            timeout=300,
        )
    assert ran.returncode == 0, ran.stderr
    with Session(engines.read) as db:
        rows = db.scalars(select(Message)).all()
    assert all(row.sent_at for row in rows), "a mail never left"
    received = Counter((mail["To"], mail["Message-ID"]) for mail in box.mails)
    assert received.keys() == {(row.address, row.message_id) for row in rows}
    copies = received.total() - len(rows)
    assert copies <= json.loads(ran.stdout), "a copy without a death"
