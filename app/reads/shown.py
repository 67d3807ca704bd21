"""What a member shows to the trainers of one cohort, and the threads about it: nothing else of theirs is read here."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Text, and_, case, cast, exists, literal, select, union_all
from sqlalchemy.orm import Session

from app import clock
from app.content.diagnostics import DiagnosticDoc
from app.content.translation import reread
from app.errors import Missing
from app.i18n import ORIGINAL, get_lang
from app.models import (
    CohortTrainer,
    Comment,
    Enrolment,
    Membership,
    Person,
    Shared,
    Sharing,
    StepEvent,
    Verb,
)
from app.models.recommendation import Score, axis_word, level_name, score
from app.reads import bilan, courses, diagnostics, kits
from app.reads.sharing import Mark, Word, called


@dataclass(frozen=True)
class Axis:
    name: str
    points: int
    out_of: int
    word: str


@dataclass(frozen=True)
class Item:
    """One thing shown."""

    what: Shared
    uid: str
    given_at: datetime
    title: str = ""
    lang: str = ORIGINAL
    answers: tuple[tuple[str, str], ...] = ()
    """What is asked, what was written: of notes."""
    at: datetime | None = None
    """When it was written, or answered."""
    level: str = ""
    axes: tuple[Axis, ...] = ()
    words: tuple[Word, ...] = ()


@dataclass
class _Named:
    """A step or a self-diagnostic, and what of it may be read."""

    title: str
    lang: str
    answers: list[tuple[str, str]] = field(default_factory=list)
    at: datetime | None = None
    doc: DiagnosticDoc | None = None
    scored: Score | None = None


@dataclass
class _Told:
    given: dict[tuple[Shared, str], datetime] = field(default_factory=dict)
    words: dict[str, list[Word]] = field(default_factory=dict)
    marks: dict[tuple[int, str], Mark] = field(default_factory=dict)


def shown(db: Session, cohort_id: int, person_id: int) -> tuple[tuple[Item, ...], dict[tuple[int, str], Mark]]:
    """What they show there today, in order; and their steps that a trainer of that cohort said done, by (pathway, uid).

    Who said it elsewhere, and why, is between them and that trainer.
    """
    told = _told(db, cohort_id, person_id)
    of_notes = [uid for what, uid in told.given if what is Shared.NOTES]
    of_results = [uid for what, uid in told.given if what is not Shared.NOTES]
    notes = _notes(db, person_id, of_notes)
    results = _results(db, person_id, of_results)
    items = []
    for (what, uid), at in told.given.items():
        here = notes.get(uid) if what is Shared.NOTES else results.get(uid)
        named = here or _Named("", ORIGINAL)
        scored = named.scored if what is Shared.RESULT else None
        items.append(
            Item(
                what=what,
                uid=uid,
                given_at=at,
                title=named.title,
                lang=named.lang,
                answers=tuple(named.answers),
                at=named.at if what is not Shared.AVERAGE else None,
                level=level_name(scored.level) if scored else "",
                axes=_axes(named, scored) if scored else (),
                words=tuple(sorted(told.words.get(uid, ()), key=lambda w: w.at)) if what is Shared.NOTES else (),
            )
        )
    return tuple(items), told.marks


def titles(db: Session, person_id: int, uids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Of these steps and tools in which they have written something: title and its language."""
    return {uid: (named.title, named.lang) for uid, named in _notes(db, person_id, uids).items()} if uids else {}


def is_shown(db: Session, cohort_id: int, person_id: int, what: Shared, uid: str) -> bool:
    """Whether their trainers may read it now."""
    query = select(Sharing.id).where(*_open(cohort_id, person_id), Sharing.what == what, Sharing.uid == uid)
    return db.scalar(query.join(Membership, _present()).limit(1)) is not None


def membership(db: Session, person_id: int, cohort_id: int) -> Membership:
    """One's own place in a cohort. Raises Missing once one has left."""
    found = db.scalar(select(Membership).filter_by(cohort_id=cohort_id, person_id=person_id, left_at=None))
    if found is None:
        raise Missing
    return found


def _open(cohort_id: int, person_id: int) -> tuple[ColumnElement[bool], ...]:
    return Sharing.cohort_id == cohort_id, Sharing.person_id == person_id, Sharing.ended_at.is_(None)


def _present() -> ColumnElement[bool]:
    """Leaving ends every sharing; this holds even where it did not."""
    here = (Membership.cohort_id == Sharing.cohort_id, Membership.person_id == Sharing.person_id)
    return and_(*here, Membership.left_at.is_(None))


def _told(db: Session, cohort_id: int, person_id: int) -> _Told:
    """What is shown, the words about it and the steps that a trainer marked, in one statement."""
    gives = (
        select(
            literal("given").label("row"),
            literal(0).label("number"),
            cast(Sharing.what, Text).label("text"),
            literal("").label("who"),
            Sharing.uid.label("uid"),
            Sharing.given_at.label("at"),
        )
        .join(Membership, _present())
        .where(*_open(cohort_id, person_id))
    )
    verdict = case((Comment.by_id == person_id, literal("own")), else_=literal("word"))
    words = (
        select(verdict, Comment.id, Comment.text, called(), Comment.uid, Comment.at)
        .join(Person, Person.id == Comment.by_id)
        .where(Comment.cohort_id == cohort_id, Comment.person_id == person_id)
    )
    verdicts = select(
        literal("verdict"), Comment.id, cast(Comment.verdict, Text), literal(""), Comment.uid, Comment.at
    ).where(Comment.cohort_id == cohort_id, Comment.person_id == person_id, Comment.verdict.is_not(None))
    marks = (
        select(literal("mark"), Enrolment.pathway_id, cast(StepEvent.data, Text), called(), StepEvent.step_uid)
        .add_columns(StepEvent.at)
        .join(Enrolment, Enrolment.id == StepEvent.enrolment_id)
        .join(Person, Person.id == StepEvent.by_id)
        .where(Enrolment.person_id == person_id, Enrolment.closed_at.is_(None))
        .where(StepEvent.verb.in_((Verb.COMPLETED_BY_TRAINER, Verb.CREDITED)))
        .where(exists().where(CohortTrainer.cohort_id == cohort_id, CohortTrainer.person_id == StepEvent.by_id))
    )
    found, verdict_of, told = [], {}, _Told()
    for row in db.execute(union_all(gives, words, verdicts, marks).order_by("at", "number")):
        if row.row == "given":
            told.given[(Shared(row.text), row.uid)] = row.at
        elif row.row == "verdict":
            verdict_of[row.number] = row.text
        elif row.row == "mark":
            if (reason := json.loads(row.text).get("reason")) is not None:
                told.marks.setdefault((row.number, row.uid), Mark(row.who, row.at, reason))
        else:
            found.append(row)
    for row in found:
        word = Word(row.who, row.row == "own", row.text, verdict_of.get(row.number, ""), row.at)
        told.words.setdefault(row.uid, []).append(word)
    return told


def _notes(db: Session, person_id: int, uids: Collection[str]) -> dict[str, _Named]:
    found = _on_steps(db, person_id, uids)
    return found | _in_tools(db, person_id, [uid for uid in uids if uid not in found])


def _on_steps(db: Session, person_id: int, uids: Collection[str]) -> dict[str, _Named]:
    """What is written in the fields of these steps; « Mes notes » and what has no field stay with their author."""
    lists = courses.terms(db)
    terms = {
        name: tuple((term.slug, term.labels.get(get_lang()) or term.labels[ORIGINAL]) for term in entries)
        for name, entries in lists.items()
    }
    found: dict[str, _Named] = {}
    for note in bilan.written_everywhere(db, person_id, terms, uids=uids):
        if note.field is None:
            continue
        here = found.setdefault(note.uid, _Named(note.step, note.lang))
        here.answers.append((note.field.label, note.text))
        here.at = max(here.at or note.at, note.at)
    return found


def _in_tools(db: Session, person_id: int, uids: Collection[str]) -> dict[str, _Named]:
    """What is written in these tools of kits."""
    if not uids:
        return {}
    return {
        each.uid: _Named(
            each.title,
            each.lang,
            [(asked, bilan.as_read(cell, text, {})) for asked, cell, text, _at in each.boxes],
            max(at for *_box, at in each.boxes),
        )
        for each in kits.filled(db, kits.written(db, person_id, uids))
    }


def _results(db: Session, person_id: int, uids: Collection[str]) -> dict[str, _Named]:
    """The latest sitting of each of these self-diagnostics: its level and its axes, never its answers."""
    found = {}
    for sat in diagnostics.latest(db, person_id, clock.now(), uids):
        doc = reread(DiagnosticDoc, sat.found.content)
        found[doc.uid] = _Named(doc.title, sat.found.lang, at=sat.at, doc=doc, scored=score(doc, sat.answers))
    return found


def _axes(named: _Named, scored: Score) -> tuple[Axis, ...]:
    names = {axis.code: axis.name for axis in named.doc.axes} if named.doc else {}
    return tuple(Axis(names[axis.code], axis.points, axis.out_of, axis_word(axis)) for axis in scored.axes)
