"""What a bilan is made of, before it is issued and when it is."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app import clock
from app.content.documents import ObjectiveDoc, PathwayDoc
from app.content.translation import reread
from app.db import fetch
from app.i18n import day, get_lang
from app.models import (
    Document,
    DocumentKind,
    EditionModule,
    Enrolment,
    Moment,
    Note,
    Profile,
    Revision,
    Step,
    StepText,
)
from app.models.progress import Progress
from app.reads import courses, editions, learning
from app.reads.acting import Act, acts
from app.reads.courses import Reading
from app.reads.frozen import Rows
from app.reads.language import step_words
from app.reads.learning import Placed
from app.steps import KINDS
from app.steps.fields import Field, Terms
from app.steps.fields import words as in_words


@dataclass(frozen=True)
class Written:
    """A current note with the field and the step where it was written."""

    edition_id: int
    uid: str
    lang: str
    """Of the names of its step and field."""
    step: str
    name: str
    field: Field | None
    """None: « Mes notes », and what has no field of the content."""
    format_minutes: int
    raw: str
    """As stored."""
    text: str
    """As read: a date in words, a term by its label."""
    at: datetime


def written(db: Session, person_id: int, edition_id: int) -> list[Written]:
    """What that person wrote on the steps of an edition, in the order of the pathway."""
    query = _notes().where(EditionModule.edition_id == edition_id, Note.person_id == person_id)
    return _written(db.execute(query).all(), {})


def written_everywhere(
    db: Session, person_id: int, terms: Terms | None = None, uids: Collection[str] | None = None
) -> list[Written]:
    """The same for every pathway that the person follows, and on the steps that have left it, first.

    `terms`: to read slugs by their labels. `uids`: of the only steps to read.
    """
    known: dict[str, object] = {"person": person_id} | ({} if uids is None else {"uids": list(uids)})
    return _written(fetch(db, _everywhere(get_lang(), uids is not None), known), terms or {})


@lru_cache(8)
def _everywhere(_lang: str, some: bool) -> Rows:
    """Of `person`, on the steps `uids` where only some are read. Built once for a language: `step_words` knows it."""
    reading = editions.reading(bindparam("person"))
    said, module, here = aliased(Step), aliased(Revision), aliased(EditionModule)
    in_edition = and_(here.revision_id == said.revision_id, here.edition_id == reading.c.edition_id)
    step = (
        select(said.id)
        .join(module, module.id == said.revision_id)
        .join(Document, Document.id == module.document_id)
        .outerjoin(here, in_edition)
        .where(said.uid == Note.uid, Document.home_id == reading.c.pathway_id)
        .order_by(case((here.edition_id.is_(None), 1), else_=0), said.id.desc())
        .limit(1)
        .correlate(Note, reading)
        .scalar_subquery()
    )
    query = (
        _words(reading.c.edition_id)
        .select_from(Note)
        .join(reading, literal(True))
        .join(Step, Step.id == step)
        .join(StepText, step_words())
        .outerjoin(
            EditionModule,
            and_(EditionModule.revision_id == Step.revision_id, EditionModule.edition_id == reading.c.edition_id),
        )
        .order_by(reading.c.edition_id, func.coalesce(EditionModule.position, 0), Step.position, Note.id)
    )
    query = query.where(Note.person_id == bindparam("person"))
    return query.where(Note.uid.in_(bindparam("uids", expanding=True))) if some else query


def _notes() -> Rows:
    return (
        _words(EditionModule.edition_id)
        .select_from(EditionModule)
        .join(Step, Step.revision_id == EditionModule.revision_id)
        .join(StepText, step_words())
        .join(Note, Note.uid == Step.uid)
        .order_by(EditionModule.edition_id, EditionModule.position, Step.position, Note.id)
    )


def _words(edition_id: ColumnElement[int] | InstrumentedAttribute[int]) -> Rows:
    return select(
        edition_id.label("edition_id"),
        Note.uid,
        Note.field,
        Note.text,
        Note.at,
        Step.kind,
        Step.format_minutes,
        StepText.lang,
        StepText.title,
        StepText.content,
    ).where(Note.superseded_at.is_(None), Note.text != "")


def _written(rows: Iterable[Row[Any]], terms: Terms) -> list[Written]:
    found = []
    for row in rows:
        fields = {field.name: field for field in reread(KINDS[row.kind.value].Content, row.content).fields}
        field = fields.get(row.field)
        text = as_read(field, row.text, terms) if field else row.text
        found.append(
            Written(
                row.edition_id,
                row.uid,
                row.lang,
                row.title,
                row.field,
                field,
                row.format_minutes,
                row.text,
                text,
                row.at,
            )
        )
    return found


def as_read(field: Field, raw: str, terms: Terms) -> str:
    """What was written, as a person reads it: a date in words, a term by its label."""
    if field.type == "date" and (found := as_date(raw)):
        return day(found)
    return in_words(field, raw, terms)


def slots(notes: Sequence[Written], format_minutes: int | None) -> dict[str, Written]:
    """Texts by their place in the bilan of a format (any when None); a later step wins over an earlier one."""
    return {
        note.field.slot: note
        for note in notes
        if note.field is not None
        and note.field.slot
        and (format_minutes is None or note.format_minutes <= format_minutes)
    }


def annex(db: Session, enrolment: Enrolment, reading: Reading, progress: Progress) -> dict[str, Any]:
    """What an issued bilan keeps for its owner alone: own words by slot, where they placed themself, the traces."""
    placed = learning.placements(db, enrolment.id)
    traced = objectives(reading.doc, progress.format_minutes, progress, learning.only_marked(db, enrolment.id))
    return {
        **words(db, enrolment.person_id, reading.edition_id, progress.format_minutes),
        "placements": [
            {"uid": objective.uid, **{moment.value: _kept(placed.get((objective.uid, moment))) for moment in Moment}}
            for objective in own_objectives(reading.doc, progress.format_minutes)
        ],
        "kits": [vars(act) for act in _acts(db, enrolment.person_id, reading.doc.kit)],
        "evidence": [list(each.evidence) for each in traced],
    }


def _acts(db: Session, person_id: int, kit: str) -> tuple[Act, ...]:
    chemin = db.scalar(select(Profile.chemin).where(Profile.person_id == person_id))
    return acts(db, person_id, courses.published(db, DocumentKind.KIT), kit, chemin, clock.now())


def _kept(placed: Placed | None) -> dict[str, str] | None:
    return {"level": placed.level.value, "at": placed.at.isoformat()} if placed else None


def words(db: Session, person_id: int, edition_id: int, format_minutes: int) -> dict[str, Any]:
    """Own words by slot, as an issued bilan keeps them."""
    found = slots(written(db, person_id, edition_id), format_minutes)
    return {"words": {slot: {"text": note.text, "raw": note.raw, "uid": note.uid} for slot, note in found.items()}}


def own_objectives(doc: PathwayDoc, format_minutes: int) -> tuple[ObjectiveDoc, ...]:
    """The objectives of a format, in order."""
    minutes = {format.name: format.minutes for format in doc.formats}
    return tuple(objective for objective in doc.objectives if minutes[objective.format] <= format_minutes)


@dataclass(frozen=True)
class Traced:
    """An objective with its evidence: steps done that hold traces, by title and language."""

    uid: str
    text: str
    evidence: tuple[tuple[str, str], ...]


def objectives(doc: PathwayDoc, format_minutes: int, progress: Progress, marked: Collection[str] = ()) -> list[Traced]:
    """The objectives of a format, each with its evidence. `marked`: the steps done on a trainer's word alone."""
    done = {row.uid: (row.title, row.lang) for row in progress.required if row.done and row.uid not in marked}
    return [
        Traced(objective.uid, objective.text, tuple(done[uid] for uid in objective.evidence if uid in done))
        for objective in own_objectives(doc, format_minutes)
    ]


def as_date(text: str) -> date | None:
    """A date as a field of type `date` writes it; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
