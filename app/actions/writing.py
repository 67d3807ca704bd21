"""What goes into the notebook, and from where: a step’s page, a kit’s tool."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.actions.enrolments import own_enrolment
from app.actions.notebook import write_notes
from app.actions.summaries import hold
from app.content.kits import ToolDoc
from app.content.translation import reread
from app.errors import Missing
from app.models import (
    DocumentKind,
)
from app.reads import courses, learning
from app.steps.diagnostic import SURPRISE
from app.steps.live import PRESENT

FREE = ("notes", SURPRISE, PRESENT)
"""Fields that no author declares: « Mes notes » of any step, « ce qui me surprend » of a diagnostic, « J’y étais »."""


def save_notes(db: Session, person_id: int, slug: str, texts: Mapping[tuple[str, str], str]) -> None:
    """Write in the notebook what a step's page holds: its own fields and those that it recalls.

    `texts`: (step uid, field) -> text. Raises Missing, Refused.
    """
    enrolment = own_enrolment(db, person_id, slug)
    write_on_steps(db, person_id, courses.enrolled(db, enrolment).edition_id, texts)


def write_on_steps(
    db: Session, person_id: int, edition_id: int, texts: Mapping[tuple[str, str], str]
) -> dict[str, dict[str, str]]:
    """Write on steps of an edition what their fields, or anybody’s, take; the rest is left out.

    Returns what is now written on those steps, field -> text, by uid.
    """
    contents = courses.step_contents(db, edition_id, {uid for uid, _field in texts})
    fields = {(uid, field.name): field for uid, found in contents.items() for field in found.doc.fields}
    known = {(u, f): text for (u, f), text in texts.items() if (u, f) in fields or (u in contents and f in FREE)}
    return write_notes(db, person_id, known, fields)


def save_tool(db: Session, person_id: int, slug: str, name: str, texts: Mapping[str, str]) -> None:
    """Write in the notebook what a kit's tool holds, by cell. Raises Missing, Refused."""
    hold(db, person_id)
    kit = courses.published(db, DocumentKind.KIT, slug).get(slug)
    held = next((each for each in kit.content.get("tools", ()) if each["slug"] == name), None) if kit else None
    if held is None:
        raise Missing
    doc = reread(ToolDoc, held["doc"])
    known = {cell.name for cell in doc.cells()}
    write_notes(db, person_id, {(doc.uid, cell): text for cell, text in texts.items() if cell in known}, {})


def save_board_note(db: Session, person_id: int, slug: str, format_minutes: int, texts: Mapping[str, str]) -> None:
    """Write in the notebook, under the code of that bilan, the note to one’s board. Raises Missing, Refused."""
    hold(db, person_id)
    held = learning.own_summaries(db, person_id, slug).get(format_minutes)
    if held is None:
        raise Missing
    write_notes(db, person_id, {(held.code, field): text for field, text in texts.items()}, {})
