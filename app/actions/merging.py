"""Two people become one: what a guest did joins an account. Copies are appended, the source is closed for good."""

from collections.abc import Mapping

from sqlalchemy import String, cast, delete, insert, literal, select, update
from sqlalchemy.orm import Session

from app import clock
from app.actions.learning import refold
from app.actions.summaries import issue_if_finished
from app.actions.uniting import unite
from app.db import insert_if_absent, upsert
from app.errors import Missing, Refused
from app.i18n import _
from app.models import (
    COUNTS,
    Attempt,
    AttemptAnswer,
    AveragePart,
    AxisChoice,
    Enrolment,
    Moment,
    Note,
    OneTimeLink,
    Person,
    Placement,
    PlanItem,
    Profile,
    Result,
    ResultAnswer,
    ResultAxis,
    SignIn,
    StepEvent,
    StepVoice,
    TimeInterval,
    Verb,
    record,
)
from app.reads import courses, learning

COPY = "merged:"
"""What the key of a copy begins with; the number of the first row of all follows, so that a copy of a copy is known."""


def merge(db: Session, source_id: int, target_id: int) -> None:
    """Join what `source` did, wrote and holds to `target`, and close `source`; done twice, it is done once.

    Raises Missing, Refused.
    """
    pair = _both_open(db, source_id, target_id)
    if pair is None:
        return
    source, target = pair
    theirs, own = _enrolments(db, source_id), _enrolments(db, target_id)
    into = {found.id: _join(db, found, target_id, own.get(found.pathway_id)) for found in theirs.values()}
    _copy_results(db, source_id, target_id, {number: enrolment.id for number, enrolment in into.items()})
    _move_notes(db, source_id, target_id)
    _move_voices(db, source_id, target_id)
    _fill_profile(db, source_id, target_id)
    unite(db, source_id, target_id, COPY)
    target.name, target.lang = target.name or source.name, target.lang or source.lang
    _close(db, source, target_id, into)
    for enrolment in into.values():
        refold(db, enrolment.id)
        issue_if_finished(db, enrolment)
    record(db, "person.merge", f"person:{source_id}", by=target_id)


def _both_open(db: Session, source_id: int, target_id: int) -> tuple[Person, Person] | None:
    """Both, locked in the order of their numbers; None when they are one already. Raises Missing, Refused."""
    if source_id == target_id:
        raise Refused(_("On ne réunit pas une personne avec elle-même."))
    people: dict[int, Person] = {}
    for number in sorted((source_id, target_id)):
        person = db.get(Person, number, with_for_update={"key_share": True}, populate_existing=True)
        if person is None:
            raise Missing
        if person.merged_into_id is not None and _now(db, source_id) == _now(db, target_id):
            return None
        if person.merged_into_id or person.disabled_at or person.erased_at:
            raise Refused(_("Ces étapes ne sont plus à reprendre : elles ont été réunies ailleurs, ou effacées."))
        people[number] = person
    return people[source_id], people[target_id]


def _now(db: Session, person_id: int) -> int | None:
    """Whom that person has become."""
    found = db.execute(select(Person.id, Person.merged_into_id).where(Person.id == person_id)).one_or_none()
    return (found.merged_into_id or found.id) if found else None


def _enrolments(db: Session, person_id: int) -> dict[int, Enrolment]:
    """Their open ones by pathway, locked."""
    query = select(Enrolment).where(Enrolment.person_id == person_id, Enrolment.closed_at.is_(None))
    locked = query.order_by(Enrolment.id).with_for_update().execution_options(populate_existing=True)
    return {found.pathway_id: found for found in db.scalars(locked)}


def _join(db: Session, source: Enrolment, target_id: int, target: Enrolment | None) -> Enrolment:
    """The target's enrolment with the longer format and the earlier start, and a copy of what counts in the source."""
    if target is None:
        target = _begin(db, source, target_id)
    target.format_minutes = _format(db, source, target)
    target.started_at = min(source.started_at, target.started_at)
    _copy_events(db, source, target)
    _copy_attempts(db, source, target)
    _move_rows(db, TimeInterval, source, target)
    _move_rows(db, PlanItem, source, target)
    _move_placements(db, source, target)
    _replace_summaries(db, source, target)
    return target


def _begin(db: Session, source: Enrolment, target_id: int) -> Enrolment:
    names = ("pathway_id", "edition_id", "format_minutes", "started_at")
    values = {"person_id": target_id, **{name: getattr(source, name) for name in names}}
    insert_if_absent(db, Enrolment, values)
    return _enrolments(db, target_id)[source.pathway_id]


def _format(db: Session, source: Enrolment, target: Enrolment) -> int:
    """The longer one where the target's edition offers it, else the target's."""
    edition = courses.enrolled(db, target).edition_id
    offered = {format.minutes for format in courses.formats(db, [edition]).get(edition, ()) if format.offered}
    longer = source.format_minutes > target.format_minutes and source.format_minutes in offered
    return source.format_minutes if longer else target.format_minutes


def _copy_events(db: Session, source: Enrolment, target: Enrolment) -> None:
    """What counts, credited at its own date with its own minutes; and one trace that the two were joined."""
    query = select(StepEvent).where(StepEvent.enrolment_id == source.id, StepEvent.verb.in_(COUNTS))
    copies = [
        {
            "enrolment_id": target.id,
            "step_uid": event.step_uid,
            "verb": Verb.CREDITED,
            "at": event.at,
            "by_id": event.by_id,
            "key": f"{COPY}{event.first}",
            "origin_id": event.id,
            "data": {**event.data, "first": event.first},
        }
        for event in db.scalars(query)
    ]
    if copies:
        db.execute(insert(StepEvent), copies)
    db.add(
        StepEvent(
            enrolment_id=target.id,
            verb=Verb.MERGED,
            at=clock.now(),
            by_id=target.person_id,
            key=f"joined:{source.id}",
            data={"enrolment": source.id, "format_minutes": target.format_minutes},
        )
    )


def _copy_attempts(db: Session, source: Enrolment, target: Enrolment) -> None:
    attempts = list(db.scalars(select(Attempt).where(Attempt.enrolment_id == source.id).order_by(Attempt.id)))
    copies = {
        row.id: Attempt(enrolment_id=target.id, key=_copy_key(row), **_values(row, "step_uid", "score", "passed", "at"))
        for row in attempts
    }
    db.add_all(copies.values())
    db.flush()
    answers = db.scalars(select(AttemptAnswer).where(AttemptAnswer.attempt_id.in_(copies)))
    db.add_all(
        AttemptAnswer(attempt_id=copies[row.attempt_id].id, **_values(row, "question_uid", "choice", "correct"))
        for row in answers
    )


def _copy_key(row: Attempt | Result) -> str:
    return row.key if row.key.startswith(COPY) else f"{COPY}{row.id}"


def _values(row: object, *names: str) -> dict[str, object]:
    return {name: getattr(row, name) for name in names}


def _move_rows(db: Session, model: type[TimeInterval] | type[PlanItem], source: Enrolment, target: Enrolment) -> None:
    """All of them follow, under keys of their own: the target may have the same ones."""
    mine = update(model).where(model.enrolment_id == source.id)
    key = literal(COPY).concat(cast(model.id, String))
    db.execute(mine.values(enrolment_id=target.id, key=key), execution_options={"synchronize_session": False})


def _move_placements(db: Session, source: Enrolment, target: Enrolment) -> None:
    """On each objective, the first one said at entry and the last one said at exit."""
    own = {_about(row): row for row in db.scalars(select(Placement).where(Placement.enrolment_id == target.id))}
    for row in list(db.scalars(select(Placement).where(Placement.enrolment_id == source.id))):
        there = own.get(_about(row))
        if there is None:
            row.enrolment_id = target.id
            continue
        first, last = sorted((row, there), key=lambda each: (each.at, each.level))
        kept = first if row.moment is Moment.ENTRY else last
        there.level, there.at = kept.level, kept.at
        db.delete(row)


def _about(row: Placement) -> tuple[str, Moment]:
    return row.objective_uid, row.moment


def _replace_summaries(db: Session, source: Enrolment, target: Enrolment) -> None:
    """Of two for one format the target's stands; one that the target lacks stays, and is found through the source."""
    standing = learning.summaries(db, target.id)
    for minutes, summary in learning.summaries(db, source.id).items():
        if (other := standing.get(minutes)) is not None:
            summary.replaced_at, summary.replaced_by_id = clock.now(), other.id
            written = update(Note).where(Note.person_id == source.person_id, Note.uid == summary.code)
            db.execute(written.values(uid=other.code))


def _copy_results(db: Session, source_id: int, target_id: int, into: Mapping[int, int]) -> None:
    results = list(db.scalars(select(Result).where(Result.person_id == source_id).order_by(Result.id)))
    same = ("step_uid", "diagnostic_uid", "revision_id", "total", "out_of", "level", "at")
    copies = {
        row.id: Result(
            person_id=target_id,
            key=_copy_key(row),
            enrolment_id=into.get(row.enrolment_id or 0, row.enrolment_id),
            **_values(row, *same),
        )
        for row in results
    }
    db.add_all(copies.values())
    db.flush()
    for part in db.scalars(select(AveragePart).where(AveragePart.result_id.in_(copies))).all():
        db.add(AveragePart(result_id=copies[part.result_id].id, average_id=part.average_id))
    for axis in db.scalars(select(ResultAxis).where(ResultAxis.result_id.in_(copies))).all():
        db.add(ResultAxis(result_id=copies[axis.result_id].id, **_values(axis, "axis", "points", "out_of")))
    for choice in db.scalars(select(AxisChoice).where(AxisChoice.result_id.in_(copies))).all():
        db.add(AxisChoice(result_id=copies[choice.result_id].id, **_values(choice, "axis", "at")))
    for answer in db.scalars(select(ResultAnswer).where(ResultAnswer.result_id.in_(copies))).all():
        db.add(ResultAnswer(result_id=copies[answer.result_id].id, **_values(answer, "question_uid", "points")))


def _move_notes(db: Session, source_id: int, target_id: int) -> None:
    """Every version follows; of two current texts the newest written one stays current, the other is a version."""
    current = select(Note).where(Note.person_id.in_((source_id, target_id)), Note.superseded_at.is_(None))
    pairs: dict[tuple[str, str], list[Note]] = {}
    for note in db.scalars(current.order_by(Note.id).with_for_update()):
        pairs.setdefault((note.uid, note.field), []).append(note)
    for notes in pairs.values():
        for older in sorted(notes, key=lambda note: (note.text != "", note.at, note.id))[:-1]:
            older.superseded_at = clock.now()
    db.flush()
    db.execute(update(Note).where(Note.person_id == source_id).values(person_id=target_id))


def _move_voices(db: Session, source_id: int, target_id: int) -> None:
    """On each step the target's own stands; where it said nothing, what the source said is theirs."""
    said = select(StepVoice.step_uid).where(StepVoice.person_id == target_id)
    mine = StepVoice.person_id == source_id
    db.execute(update(StepVoice).where(mine, StepVoice.step_uid.not_in(said)).values(person_id=target_id))
    db.execute(delete(StepVoice).where(mine))


_SAID = ("actor", "size", "role", "domain", "level", "region", "chemin", "time")


def _fill_profile(db: Session, source_id: int, target_id: int) -> None:
    """What the target did not say, the source may have."""
    theirs, own = db.get(Profile, source_id), db.get(Profile, target_id)
    lacking = {n: v for n in _SAID if (v := getattr(theirs, n, None)) and not getattr(own, n, None)}
    if lacking:
        row = {"person_id": target_id, "updated_at": clock.now(), **lacking}
        upsert(db, Profile, row, keys=["person_id"], update=[*lacking, "updated_at"])


def _close(db: Session, source: Person, target_id: int, into: Mapping[int, Enrolment]) -> None:
    """The source opens nothing any more; it and whoever it took over point straight to the target."""
    now = clock.now()
    source.merged_into_id = target_id
    db.flush()
    _point(db, Person, source.id, target_id)
    for number, target in into.items():
        own = db.get_one(Enrolment, number)
        own.closed_at, own.merged_into_id = now, target.id
        db.flush()
        _point(db, Enrolment, number, target.id)
    open_ones = (SignIn.person_id == source.id, SignIn.ended_at.is_(None))
    db.execute(update(SignIn).where(*open_ones).values(ended_at=now))
    unused = (OneTimeLink.person_id == source.id, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now)
    db.execute(update(OneTimeLink).where(*unused).values(expires_at=now))


def _point(db: Session, model: type[Person] | type[Enrolment], before: int, now: int) -> None:
    db.execute(update(model).where(model.merged_into_id == before).values(merged_into_id=now))
