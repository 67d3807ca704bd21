"""What tests stand on: the demonstration courses, loaded by the real importer, and steps done by the real verbs."""

from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from app.actions import authoring, learning
from app.actions.demo import demo_step
from app.config import ROOT
from app.content import course, folder
from app.content.course import Course
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


def load_demo(db: Session, media: Path) -> None:
    done = authoring.load(db, demo_course(), media)
    assert done.ok, [*map(str, done.problems), *done.blocked]


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
