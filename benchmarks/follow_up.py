"""`python -m benchmarks.follow_up [--postgresql]`: the follow-up of cohorts of 30, 300, 3 000 and 10 000 members.

Each line: milliseconds of the page in this process (median and worst of some), SQL statements with the door's, bytes
of the page and bytes as sent. Goals: under 300 ms, 8 statements, 100 KB.
"""

import argparse
import gzip
import os
import random
import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from app import assets, clock, create_app, schema
from app.actions import accounts, authoring
from app.actions.cohorts import Wanted, create_cohort
from app.config import Settings
from app.content import course, folder
from app.db import Engines, open_engines
from app.models import Assignment, Enrolment, Invitation, Membership, Person, Role, StepProgress
from app.reads import courses
from app.steps import KINDS
from benchmarks.bench import SLUG, _environ, _postgresql

SIZES = (30, 300, 3_000, 10_000)
TIMES = 7
PATHS = {
    "by name": "",
    "late": "?etat=en-retard",
    "by forecast": "?tri=prevision",
    "by activity": "?tri=activite&ordre=inverse",
    "a module, page 2": "?module={module}&page=2",
}
GOAL_MS, GOAL_SQL, GOAL_BYTES = 300, 8, 100_000


@dataclass(frozen=True)
class Line:
    size: int
    name: str
    median: float
    worst: float
    statements: int
    bytes: int
    sent: int

    @property
    def good(self) -> bool:
        return self.median < GOAL_MS and self.statements <= GOAL_SQL and self.bytes < GOAL_BYTES


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the follow-up of large cohorts.")
    parser.add_argument("--postgresql", action="store_true", help="on a throw-away PostgreSQL instead of SQLite")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="members, separated by commas")
    asked = parser.parse_args()
    sizes = [int(size) for size in asked.sizes.split(",")]
    with ExitStack() as stack:
        there = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="balises-follow-up-")))
        url = stack.enter_context(_postgresql(there)) if asked.postgresql else f"sqlite:///{there}/balises.db"
        settings = Settings.from_env(_environ(there, url))
        schema.upgrade(settings)
        assets.build(settings.assets_dir)
        engines = open_engines(settings)
        stack.callback(engines.dispose)
        secret, cohorts, module = fill(engines, settings, sizes)
        print(f"{'PostgreSQL' if asked.postgresql else 'SQLite'}, {os.cpu_count()} cores")
        print(f"{'members':>8}  {'page':18}{'median ms':>10}{'worst ms':>10}{'SQL':>5}{'bytes':>9}{'sent':>8}")
        lines = [
            measure(settings, secret, size, name, f"/cohortes/{number}{path.format(module=module)}")
            for size, number in cohorts.items()
            for name, path in PATHS.items()
        ]
    for line in lines:
        print(
            f"{line.size:8}  {line.name:18}{line.median:10.1f}{line.worst:10.1f}{line.statements:5}{line.bytes:9}"
            f"{line.sent:8}{'' if line.good else '  over the goal'}"
        )
    return 0 if all(line.good for line in lines) else 1


def fill(engines: Engines, settings: Settings, sizes: list[int]) -> tuple[str, dict[int, int], str]:
    """A trainer with a cohort of each size, midway in the 4 h format: their cookie, the cohorts, a module."""
    with Session(engines.write) as db:
        files, problems = folder.read(settings.courses_dir)
        if problems:
            raise SystemExit("\n".join(map(str, problems)))
        authoring.load(db, course.load_course(files, KINDS), settings.media_dir)
        trainer = accounts.create_person(db, "t@balises.example", "x", name="T", role=Role.TRAINER, by=None).id
        secret = accounts.start_sign_in(db, trainer, "bench", timedelta(days=1))
        reading = courses.pathway(db, SLUG, None)
        steps = [r for r in courses.steps(db, reading.edition_id, None) if r.format_minutes <= 240 and not r.optional]
        cohorts, first = {}, 1000
        for size in sizes:
            cohorts[size] = create_cohort(db, trainer, Wanted(f"De {size}", "Europe/Paris"), key=f"bench-{size}")
            _members(db, cohorts[size], trainer, first, size, reading, steps)
            first += size
        db.commit()
    with engines.write.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engines.write.dialect.name == "postgresql":
            connection.execute(text("analyze"))
    return secret, cohorts, steps[0].module_slug


def _members(
    db: Session,
    cohort: int,
    trainer: int,
    first: int,
    size: int,
    reading: courses.Reading,
    steps: list[courses.StepRow],
) -> None:
    now, chance = clock.now(), random.Random(size)
    today = now.date()
    db.add(
        Assignment(
            cohort_id=cohort,
            pathway_id=reading.pathway_id,
            edition_id=reading.edition_id,
            format_minutes=240,
            starts_on=today - timedelta(days=40),
            due_days=35,
            created_at=now,
            created_by=trainer,
            key="bench",
        )
    )
    people, enrolments, memberships, progress = [], [], [], []
    for n in range(first, first + size):
        joined = now - timedelta(days=chance.randrange(60))
        people.append({"id": n, "name": f"P {n}", "claimed_at": joined, "lang": "fr", "created_at": joined})
        enrolments.append(
            {"id": n, "person_id": n, "pathway_id": reading.pathway_id, "edition_id": reading.edition_id}
            | {"format_minutes": chance.choice((240, 240, 720, 120)), "started_at": joined}
        )
        name = f"{chance.choice(('Élodie', 'Inès', 'Zoé', 'Malik', 'Jean'))} {chance.choice('ABCDEF')}{n}"
        memberships.append({"cohort_id": cohort, "person_id": n, "name": name, "joined_at": joined})
        pace, last = chance.choice((1, 2, 4)), chance.randrange(30)
        progress += [
            {"enrolment_id": n, "step_uid": row.uid, "minutes_credited": row.minutes, "task_digest": row.task_digest}
            | {"completed_at": now - timedelta(days=last + rank // pace)}
            for rank, row in enumerate(steps[: chance.randrange(len(steps) + 1)])
        ]
    for table, rows in ((Person, people), (Enrolment, enrolments), (Membership, memberships), (StepProgress, progress)):
        if rows:
            db.execute(insert(table), rows)
    invited = [
        {"cohort_id": cohort, "email": f"i{cohort}-{n}@balises.example", "token_hash": f"{cohort}-{n}"}
        | {"created_at": now, "created_by": trainer, "expires_at": now + timedelta(days=30)}
        for n in range(size // 10)
    ]
    db.execute(insert(Invitation), invited)


def measure(settings: Settings, secret: str, size: int, name: str, path: str) -> Line:
    app = create_app(settings)
    engines: Engines = app.extensions["engines"]
    client = app.test_client()
    client.set_cookie("session", secret)
    sent: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    for engine in (engines.read, engines.write):
        event.listen(engine, "before_cursor_execute", count)
    spent, page = [], b""
    for _visit in range(TIMES + 1):
        sent.clear()
        before = time.perf_counter()
        answer = client.get(path)
        spent.append((time.perf_counter() - before) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code}")
        page = answer.data
    engines.dispose()
    statements = sum(not statement.startswith(("BEGIN", "PRAGMA")) for statement in sent)
    warm = spent[1:]
    return Line(size, name, statistics.median(warm), max(warm), statements, len(page), len(gzip.compress(page)))


if __name__ == "__main__":
    raise SystemExit(main())
