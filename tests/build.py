"""What tests stand on: the demonstration courses, loaded by the real importer, and steps done by the real verbs."""

from functools import cache
from pathlib import Path
from typing import cast

from sqlalchemy import Engine, Table, insert, select, update
from sqlalchemy.orm import Session

from app import clock
from app.actions import authoring, learning
from app.actions.demo import demo_step
from app.config import ROOT
from app.content import course, folder
from app.content.course import Course
from app.db import Base
from app.models import AuditEvent, Document, Person
from app.reads import courses
from app.steps import KINDS

DEMO = "demo"
PARTS = ("taxonomy/", "pathways/demo/", "diagnostics/demo/", "kits/kit-demo/", "cases/demo-voisins/")


@cache
def demo_files() -> dict[str, bytes]:
    """The files of the demonstration pathway and of what it uses."""
    files, problems = folder.read(ROOT / "courses")
    assert not problems
    return {path: content for path, content in files.items() if path.startswith(PARTS)}


@cache
def demo_course() -> Course:
    return course.load_course(demo_files(), KINDS)


@cache
def whole_course() -> Course:
    """Everything that ships."""
    return course.load_folder(ROOT / "courses", KINDS)


def load_demo(db: Session, media: Path) -> None:
    load(db, demo_course(), media)


_rows: dict[object, dict[Table, list[dict[str, object]]]] = {}


def load(db: Session, found: Course, media: Path) -> None:
    """Load a course by the real importer; into a database still empty of courses, as it did the first time.

    What the importer wrote is the same rows each time: copying them is six times quicker than publishing again. They
    keep their numbers, which the sequences of the same PostgreSQL database have left behind.
    """
    engine = cast(Engine, db.get_bind())
    where = "sqlite" if engine.dialect.name == "sqlite" else str(engine.url)
    key = (where, id(found), str(media), f"{clock.now():%Y-%m-%d %H}")
    empty = db.scalar(select(Document.id).limit(1)) is None and db.scalar(select(AuditEvent.id).limit(1)) is None
    if empty and key in _rows:
        for table, rows in _rows[key].items():
            db.execute(table.insert(), rows)
        return
    done = authoring.load(db, found, media)
    assert done.ok, [*map(str, done.problems), *done.blocked]
    if empty:
        db.flush()
        kept = {table: [row._asdict() for row in db.execute(table.select())] for table in _written()}
        _rows[key] = {table: rows for table, rows in kept.items() if rows}


def _written() -> list[Table]:
    """Where the importer writes: content, and its trace."""
    models = [mapper.class_ for mapper in Base.registry.mappers]
    names = {model.__tablename__ for model in models if model.__module__ == Document.__module__} | {"audit_event"}
    return [table for table in Base.metadata.sorted_tables if table.name in names]


def walk(db: Session, person_id: int, slug: str = DEMO, steps: int | None = None) -> list[str]:
    """Begin a pathway and do its steps in order, all of them unless told how many. Returns their uids."""
    uid = learning.enrol(db, person_id, slug, None)
    done: list[str] = []
    while uid is not None and (steps is None or len(done) < steps):
        done.append(uid)
        uid = demo_step(db, person_id, slug, uid)
    return done


def enrolment(db: Session, person_id: int, slug: str = DEMO) -> int:
    number = courses.pathway(db, slug, person_id).enrolment_id
    assert number is not None
    return number


def prove(db: Session, *addresses: str) -> None:
    """Each address is proved to be somebody's."""
    there = set(db.scalars(select(Person.email).where(Person.email.in_(addresses))))
    new = [{"email": each, "created_at": clock.now()} for each in addresses if each not in there]
    if new:
        db.execute(insert(Person), new)
    db.execute(update(Person).where(Person.email.in_(addresses)).values(email_confirmed_at=clock.now()))
