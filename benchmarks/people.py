"""A site full of learners midway, so that what is measured is a page with a history behind it."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app import clock
from app.actions import authoring
from app.config import Settings
from app.content import course, folder
from app.db import Engines
from app.models import Enrolment, Person, SignIn, StepEvent, StepProgress, Verb, token_hash
from app.reads import courses
from app.steps import KINDS

BEHIND = 5
"""Steps that everybody has done already."""


@dataclass(frozen=True)
class Site:
    slug: str
    secrets: tuple[str, ...]
    """Cookies, one a learner."""
    steps: tuple[courses.StepRow, ...]
    """Of the pathway's shortest format."""


def fill(engines: Engines, settings: Settings, slug: str, people: int) -> Site:
    """Load the courses of the repository and enrol so many learners in that pathway."""
    with Session(engines.write) as db:
        files, problems = folder.read(settings.courses_dir)
        if problems:
            raise SystemExit("\n".join(map(str, problems)))
        authoring.load(db, course.load_course(files, KINDS), settings.media_dir)
        reading = courses.pathway(db, slug, None)
        minutes = min(format.minutes for format in reading.doc.formats)
        steps = tuple(r for r in courses.steps(db, reading.edition_id, None) if r.format_minutes <= minutes and r.ready)
        tokens = tuple(secrets.token_urlsafe(32) for _ in range(people))
        _insert(db, reading, minutes, steps[:BEHIND], tokens)
        db.commit()
    return Site(slug, tokens, steps)


def _insert(
    db: Session, reading: courses.Reading, minutes: int, done: tuple[courses.StepRow, ...], tokens: tuple[str, ...]
) -> None:
    now = clock.now()
    began = now - timedelta(days=3)
    numbers = range(1, len(tokens) + 1)
    db.execute(
        insert(Person),
        [
            {"id": n, "email": f"bench{n}@balises.example", "name": f"Personne {n}", "claimed_at": began}
            | {"lang": "fr", "created_at": began}
            for n in numbers
        ],
    )
    db.execute(
        insert(SignIn),
        [
            {"person_id": n, "token_hash": token_hash(token), "started_at": now, "last_seen_at": now}
            | {"expires_at": now + timedelta(days=90)}
            for n, token in zip(numbers, tokens, strict=True)
        ],
    )
    db.execute(
        insert(Enrolment),
        [
            {"id": n, "person_id": n, "pathway_id": reading.pathway_id, "edition_id": reading.edition_id}
            | {"format_minutes": minutes, "started_at": began}
            for n in numbers
        ],
    )
    ledger = [(n, row) for n in numbers for row in done]
    db.execute(
        insert(StepEvent),
        [
            {"enrolment_id": n, "step_uid": row.uid, "verb": Verb.COMPLETED, "at": began, "by_id": n}
            | {"key": f"{row.uid}:bench", "data": _data(row, reading)}
            for n, row in ledger
        ],
    )
    db.execute(
        insert(StepProgress),
        [
            {"enrolment_id": n, "step_uid": row.uid, "completed_at": began, "minutes_credited": row.minutes}
            | {"task_digest": row.task_digest}
            for n, row in ledger
        ],
    )


def _data(row: courses.StepRow, reading: courses.Reading) -> dict[str, object]:
    return {"minutes": row.minutes, "task_digest": row.task_digest, "edition": reading.edition_id}
