"""What becomes of an enrolment once begun: another format, another edition. Each verb done twice is done once."""

import hashlib
from collections.abc import Sequence
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app import clock
from app.actions.summaries import issue_format, issue_if_finished, moved
from app.db import insert_all_if_absent, insert_if_absent
from app.errors import Missing, Refused
from app.i18n import _, minutes
from app.models import Document, DocumentKind, Edition, Enrolment, Person, StepEvent, Verb
from app.models.progress import Progress
from app.reads import assignments, courses

KEY_MAX = 64


def own_enrolment(db: Session, person_id: int, slug: str) -> Enrolment:
    """Their open enrolment in a pathway, locked until the end of the transaction. Raises Missing, Refused."""
    enrolment = db.scalar(_own(), {"person": person_id, "slug": slug}, execution_options={"populate_existing": True})
    if enrolment is None and db.scalar(select(Person.merged_into_id).where(Person.id == person_id)):
        raise Refused(moved())
    if enrolment is None:
        raise Missing
    return enrolment


@cache
def _own() -> Select[Enrolment]:
    return (
        select(Enrolment)
        .join(Document, Document.id == Enrolment.pathway_id)
        .where(Document.kind == DocumentKind.PATHWAY, Document.slug == bindparam("slug"))
        .where(Enrolment.person_id == bindparam("person"), Enrolment.closed_at.is_(None))
        .with_for_update(of=Enrolment)
    )


def event_key(name: str, key: str) -> str:
    """A form's key, told apart by what it does: the same form sent twice is the same event."""
    whole = f"{name}:{key}"
    return whole if len(whole) <= KEY_MAX else hashlib.sha256(whole.encode()).hexdigest()


def change_format(db: Session, person_id: int, slug: str, format_minutes: int | None, *, key: str) -> str | None:
    """Take a longer or a shorter format, at any moment: nothing done is lost, progress is what it would have been.

    Returns the uid of the step to go to, None when all are done. Raises Missing, Refused.
    """
    enrolment = own_enrolment(db, person_id, slug)
    if not _is_done(db, enrolment, key := event_key("@format", key)) and format_minutes != enrolment.format_minutes:
        chosen = _offered(db, courses.enrolled(db, enrolment).edition_id, format_minutes)
        _take(db, [enrolment], chosen, by=person_id, key=key)
        issue_if_finished(db, enrolment)
    return next_step(db, enrolment)


def widen(db: Session, enrolments: Sequence[Enrolment], format_minutes: int, *, by: int, key: str) -> None:
    """The same done for many by who leads them, to a longer format that their editions offer; everything is kept.

    `enrolments`: of one pathway, locked. Each is widened once by a `key`: who then takes a shorter one keeps it.
    """
    key = event_key("@format", key)
    keyed = select(StepEvent.enrolment_id).where(StepEvent.key == key)
    already = set(db.scalars(keyed.where(StepEvent.enrolment_id.in_([each.id for each in enrolments]))))
    shorter = [each for each in enrolments if each.format_minutes < format_minutes and each.id not in already]
    _take(db, shorter, format_minutes, by=by, key=key)
    done = assignments.finished(db, [each.id for each in shorter], format_minutes)
    for enrolment in shorter:
        if enrolment.id in done:
            issue_if_finished(db, enrolment)


def _take(db: Session, enrolments: Sequence[Enrolment], format_minutes: int, *, by: int, key: str) -> None:
    """The trace of each change, then the change."""
    changed = [{"from": each.format_minutes, "to": format_minutes} for each in enrolments]
    common = {"verb": Verb.FORMAT_CHANGED, "at": clock.now(), "by_id": by, "key": key}
    rows = [{"enrolment_id": each.id, **common, "data": data} for each, data in zip(enrolments, changed, strict=True)]
    insert_all_if_absent(db, StepEvent, rows)
    for each in enrolments:
        each.format_minutes = format_minutes
    db.flush()


def issue_shorter(db: Session, person_id: int, slug: str, format_minutes: int | None) -> None:
    """The bilan of a shorter format completed on the way, for who asks; twice is once. Raises Missing, Refused."""
    enrolment = own_enrolment(db, person_id, slug)
    edition = courses.enrolled(db, enrolment).edition_id
    chosen = _offered(db, edition, format_minutes)
    name = db.scalar(select(Person.name).where(Person.id == person_id))
    done = Progress(courses.steps(db, edition, enrolment.id), chosen).finished
    if not done or chosen >= enrolment.format_minutes or name is None:
        raise Refused(_("Ce bilan ne peut pas encore être établi : il reste des étapes, ou votre nom."))
    issue_format(db, enrolment, chosen)


def _offered(db: Session, edition_id: int, format_minutes: int | None) -> int:
    """A format that the edition has and that is open. Raises Refused."""
    formats = courses.formats(db, [edition_id]).get(edition_id, ())
    found = next((format for format in formats if format.minutes == format_minutes), None)
    if found is None:
        raise Refused(_("Votre édition de ce parcours n’a pas ce format. Choisissez-en un autre."))
    if not found.offered:
        label = minutes(found.minutes)
        raise Refused(_("Le format %(format)s arrive bientôt : il ne peut pas encore être choisi.", format=label))
    return found.minutes


def move_edition(
    db: Session, person_id: int, slug: str, number: int | None, *, key: str, format_minutes: int | None = None
) -> str | None:
    """Accept a newer edition: what is done stays done and counted, what is written stays. Never backwards.

    `format_minutes`: the format taken with it, as an assignment asks; None: one's own.
    Returns the uid of the step to go to, None when all are done. Raises Missing, Refused.
    """
    enrolment = own_enrolment(db, person_id, slug)
    reading = courses.enrolled(db, enrolment)
    if not _is_done(db, enrolment, key := event_key("@edition", key)) and number != reading.edition:
        edition = _newer(db, reading, number)
        chosen = format_minutes or enrolment.format_minutes
        _check_format(db, edition.id, chosen)
        _record(db, enrolment, Verb.EDITION_MOVED, key, {"from": enrolment.edition_id, "to": edition.id})
        enrolment.edition_id = edition.id
        db.flush()
        if chosen != enrolment.format_minutes:
            _take(db, [enrolment], chosen, by=person_id, key=event_key("@with", key))
        issue_if_finished(db, enrolment)
    return next_step(db, enrolment)


def _newer(db: Session, reading: courses.Reading, number: int | None) -> Edition:
    """An edition on offer that is newer than the one read. Raises Refused."""
    found = db.scalar(select(Edition).filter_by(pathway_id=reading.pathway_id, number=number, withdrawn_at=None))
    if found is None:
        raise Refused(_("Cette édition n’est pas, ou plus, proposée. Vous restez sur la vôtre."))
    if found.number < reading.edition:
        raise Refused(_("On ne revient pas à une édition plus ancienne : vous restez sur la vôtre."))
    return found


def _check_format(db: Session, edition_id: int, format_minutes: int) -> None:
    formats = courses.formats(db, [edition_id]).get(edition_id, ())
    if not any(format.offered and format.minutes == format_minutes for format in formats):
        label = minutes(format_minutes)
        raise Refused(_("Cette édition n’ouvre pas votre format %(format)s : restez sur la vôtre.", format=label))


def _is_done(db: Session, enrolment: Enrolment, key: str) -> bool:
    return db.scalar(select(StepEvent.id).filter_by(enrolment_id=enrolment.id, key=key)) is not None


def _record(db: Session, enrolment: Enrolment, verb: Verb, key: str, data: dict[str, int]) -> None:
    """The trace of an act on the enrolment as a whole."""
    values = {
        "enrolment_id": enrolment.id,
        "verb": verb,
        "at": clock.now(),
        "by_id": enrolment.person_id,
        "key": key,
        "data": data,
    }
    insert_if_absent(db, StepEvent, values)


def next_step(db: Session, enrolment: Enrolment) -> str | None:
    """The uid of the first required step not done, None when all are."""
    rows = courses.steps(db, courses.enrolled(db, enrolment).edition_id, enrolment.id)
    following = Progress(rows, enrolment.format_minutes).next
    return following.uid if following else None
