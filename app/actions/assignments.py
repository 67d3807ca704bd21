"""What is asked of a cohort: assigned, received, moved, extended, withdrawn. Each verb done twice is done once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session, aliased

from app import clock
from app.actions import enrolments, learning, reminding
from app.db import upsert
from app.errors import Missing, Refused
from app.i18n import _, in_zone, minutes
from app.models import Assignment, Cohort, Document, Edition, Enrolment, Extension, Membership, Person, record
from app.models.assigned import Dates, Wanted
from app.reads import assignments as reads
from app.reads import courses, editions, teaching

DAYS_MAX = 730
"""Nobody is given longer than two years."""


@dataclass(frozen=True)
class Checked:
    """What was asked, found possible."""

    cohort: Cohort
    pathway_id: int
    edition_id: int
    format_minutes: int


def check(db: Session, person_id: int, cohort_id: int, wanted: Wanted, *, lock: bool = False) -> Checked:
    """Whether it can be assigned, which writes nothing. Raises Missing, Refused."""
    cohort = _open_cohort(db, person_id, cohort_id, lock=lock)
    reading = courses.found(db, wanted.slug, None) if wanted.slug else None
    if reading is None:
        raise Refused(_("Choisissez un parcours publié dans la liste."), field="pathway")
    formats = courses.formats(db, [reading.edition_id]).get(reading.edition_id, ())
    found = next((format for format in formats if format.minutes == wanted.format_minutes), None)
    if found is None:
        raise Refused(_("Ce parcours n’a pas ce format : choisissez-en un autre."), field="format")
    if not found.offered:
        said = minutes(found.minutes)
        raise Refused(_("Le format %(format)s de ce parcours arrive bientôt.", format=said), field="format")
    _check_dates(cohort, wanted.dates, None)
    running = select(Assignment.id).filter_by(cohort_id=cohort.id, pathway_id=reading.pathway_id, withdrawn_at=None)
    if db.scalar(running) is not None:
        raise Refused(_("Ce parcours est déjà attribué à la cohorte : modifiez cette attribution."), field="pathway")
    return Checked(cohort, reading.pathway_id, reading.edition_id, found.minutes)


def _open_cohort(db: Session, person_id: int, cohort_id: int, *, lock: bool = True) -> Cohort:
    """One that they lead and that is not archived, locked. Raises Missing, Refused."""
    cohort = teaching.led_cohort(db, person_id, cohort_id, lock=lock)
    if cohort.archived_at is not None:
        raise Refused(_("Cette cohorte est archivée : restaurez-la d’abord."))
    return cohort


def today(cohort: Cohort) -> date:
    """The day that it is where the cohort is."""
    return in_zone(clock.now(), cohort.zone).date()


def _check_dates(cohort: Cohort, dates: Dates, before: Assignment | None) -> None:
    """Raises Refused. `before`: what ran already may go on from a day that is over."""
    now = today(cohort)
    if dates.starts_on < now and (before is None or dates.starts_on != before.starts_on):
        raise Refused(_("Ce début est déjà passé : choisissez aujourd’hui ou un autre jour."), field="starts_on")
    if (dates.due_on is None) == (dates.due_days is None):
        raise Refused(_("Donnez une échéance, et une seule : un jour, ou un nombre de jours."), field="due_on")
    if dates.due_on is not None and dates.due_on < now:
        raise Refused(_("Cette échéance est déjà passée : choisissez un jour à venir."), field="due_on")
    if dates.due_on is not None and dates.due_on < dates.starts_on:
        raise Refused(_("L’échéance vient avant le début : vérifiez les deux dates."), field="due_on")
    if dates.due_on is not None and dates.due_on > now + timedelta(days=DAYS_MAX):
        raise Refused(_("Cette échéance est trop loin : deux ans au plus."), field="due_on")
    if dates.due_days is not None and not 1 <= dates.due_days <= DAYS_MAX:
        raise Refused(_("Écrivez un nombre de jours, de 1 à %(n)s.", n=DAYS_MAX), field="due_days")


def assign(db: Session, person_id: int, cohort_id: int, wanted: Wanted, *, key: str) -> int:
    """Ask a pathway of a cohort and enrol its members, in one act; its number. Raises Missing, Refused.

    Who follows the pathway keeps everything: a shorter format is widened, a longer one stays.
    """
    cohort = _open_cohort(db, person_id, cohort_id)
    there = db.scalar(select(Assignment.id).filter_by(cohort_id=cohort.id, key=key))
    if there is not None:
        return there
    found = check(db, person_id, cohort_id, wanted)
    made = Assignment(
        cohort_id=cohort.id,
        pathway_id=found.pathway_id,
        edition_id=found.edition_id,
        format_minutes=found.format_minutes,
        starts_on=wanted.dates.starts_on,
        due_on=wanted.dates.due_on,
        due_days=wanted.dates.due_days,
        created_at=clock.now(),
        created_by=person_id,
        key=key,
    )
    db.add(made)
    db.flush()
    _give(db, made, Membership.cohort_id == cohort.id)
    record(db, "assignment.create", f"cohort:{cohort.id}", by=person_id, assignment=made.id)
    return made.id


def receive(db: Session, membership: Membership) -> None:
    """Who joins receives what runs, in the transaction that makes them a member; the cohort is held already."""
    running = select(Assignment).join(Cohort, Cohort.id == Assignment.cohort_id)
    running = running.where(Assignment.cohort_id == membership.cohort_id, Assignment.withdrawn_at.is_(None))
    for found in db.scalars(running.where(Cohort.archived_at.is_(None)).order_by(Assignment.id)).all():
        _give(db, found, Membership.id == membership.id)


def _give(db: Session, given: Assignment, who: ColumnElement[bool]) -> None:
    """Enrol members and widen shorter formats, but of those who had received it, left and come back.

    Locks: the cohort is, then people, then enrolments, in the order of their numbers.
    """
    present = Membership.left_at.is_(None), who
    people = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(*present, Person.merged_into_id.is_(None), Person.erased_at.is_(None))
        .order_by(Person.id)
        .with_for_update(read=True, of=Person)
    )
    numbers = db.scalars(people).all()
    edition = _begun_in(db, given)
    if edition is not None and numbers:
        learning.begin(db, numbers, given.pathway_id, edition, given.format_minutes)
    offering = reads.offering(db, given.pathway_id, given.format_minutes)
    mine = (
        select(Enrolment)
        .join(Membership, Membership.person_id == Enrolment.person_id)
        .where(*present, ~_received(given), Enrolment.pathway_id == given.pathway_id, Enrolment.closed_at.is_(None))
        .order_by(Enrolment.id)
        .with_for_update(of=Enrolment)
        .execution_options(populate_existing=True)
    )
    found = [enrolment for enrolment in db.scalars(mine) if enrolment.edition_id in offering]
    enrolments.widen(db, found, given.format_minutes, by=given.created_by, key=f"assignment:{given.id}")
    reminding.announce(db, given, who)


def _received(given: Assignment) -> ColumnElement[bool]:
    """They were in the cohort already while it ran: what they chose meanwhile is theirs."""
    before = aliased(Membership)
    same = before.cohort_id == Membership.cohort_id, before.person_id == Membership.person_id
    return exists().where(*same, before.left_at >= given.created_at).correlate(Membership)


def _begun_in(db: Session, given: Assignment) -> int | None:
    """Where members begin: the edition pinned, its correctifs followed, or the current one where it is withdrawn.

    None: the pathway is not on offer any more, or not in that format.
    """
    pinned = editions.all_read(db, given.pathway_id)[given.edition_id]
    query = select(Edition.id).join(Document, Document.id == Edition.pathway_id)
    live = query.where(Edition.pathway_id == given.pathway_id, Edition.withdrawn_at.is_(None))
    found = db.scalars(live.where(Document.archived_at.is_(None)).order_by(Edition.number.desc())).all()
    edition = pinned if pinned in found else next(iter(found), None)
    if edition is None:
        return None
    formats = courses.formats(db, [edition]).get(edition, ())
    return edition if any(f.offered and f.minutes == given.format_minutes for f in formats) else None


def change_dates(db: Session, person_id: int, cohort_id: int, number: int, dates: Dates) -> None:
    """Other dates for everybody; extensions stay. Raises Missing, Refused."""
    cohort = _open_cohort(db, person_id, cohort_id)
    found = _running(db, cohort, number)
    if (found.starts_on, found.due_on, found.due_days) == (dates.starts_on, dates.due_on, dates.due_days):
        return
    _check_dates(cohort, dates, found)
    found.starts_on, found.due_on, found.due_days = dates.starts_on, dates.due_on, dates.due_days
    record(db, "assignment.dates", f"cohort:{cohort.id}", by=person_id, assignment=found.id)


def _running(db: Session, cohort: Cohort, number: int) -> Assignment:
    """One of that cohort that is not withdrawn. Raises Missing, Refused."""
    found = reads.of_cohort(db, cohort.id, number)
    if found.withdrawn_at is not None:
        raise Refused(_("Cette attribution est retirée : rétablissez-la d’abord."))
    return found


def move_edition(db: Session, person_id: int, cohort_id: int, number: int, edition: int | None) -> None:
    """Later members begin in a newer edition; those midway are offered it as ever. Raises Missing, Refused."""
    cohort = _open_cohort(db, person_id, cohort_id)
    found = _running(db, cohort, number)
    pinned = db.get_one(Edition, found.edition_id)
    if edition == pinned.number:
        return
    newer = db.scalar(select(Edition).filter_by(pathway_id=found.pathway_id, number=edition, withdrawn_at=None))
    if newer is None or newer.number < pinned.number:
        raise Refused(
            _("Cette édition n’est pas proposée, ou elle est plus ancienne : la cohorte reste sur la sienne.")
        )
    formats = courses.formats(db, [newer.id]).get(newer.id, ())
    if not any(format.offered and format.minutes == found.format_minutes for format in formats):
        said = minutes(found.format_minutes)
        raise Refused(_("L’édition %(n)s n’ouvre pas le format %(format)s.", n=newer.number, format=said))
    found.edition_id = newer.id
    record(db, "assignment.edition", f"cohort:{cohort.id}", by=person_id, assignment=found.id, edition=newer.id)


def extend(
    db: Session, person_id: int, cohort_id: int, number: int, members: Collection[int], due_on: date | None
) -> None:
    """« Reporter l'échéance » of some members, by membership; None: back to everybody's. Raises Missing, Refused."""
    cohort = _open_cohort(db, person_id, cohort_id)
    found = _running(db, cohort, number)
    now = today(cohort)
    if due_on is not None and due_on < max(now, found.starts_on):
        raise Refused(_("Cette échéance est déjà passée : choisissez un jour à venir."), field="until")
    if due_on is not None and due_on > now + timedelta(days=DAYS_MAX):
        raise Refused(_("Cette échéance est trop loin : deux ans au plus."), field="until")
    people = reads.people(db, cohort.id, members, lock=True)
    if not people:
        raise Refused(_("Choisissez au moins une personne."), field="member")
    if len(people) != len(set(members)):
        raise Missing
    own = select(Extension).where(Extension.assignment_id == found.id, Extension.person_id.in_(people))
    there = {each.person_id: each.due_on for each in db.scalars(own)}
    changed = [person for person in people if there.get(person) != due_on]
    for person in changed:
        _extend(db, found, person, due_on, by=person_id)
    if changed:
        record(db, "assignment.extend", f"cohort:{cohort.id}", by=person_id, assignment=found.id, people=changed)


def _extend(db: Session, given: Assignment, person_id: int, due_on: date | None, *, by: int) -> None:
    names = {"assignment_id": given.id, "person_id": person_id}
    if due_on is None:
        db.execute(delete(Extension).filter_by(**names))
    else:
        row = {**names, "due_on": due_on, "at": clock.now(), "by_id": by}
        upsert(db, Extension, row, keys=list(names), update=["due_on", "at", "by_id"])


def withdraw(db: Session, person_id: int, cohort_id: int, number: int) -> None:
    """It is asked no more: what members have begun stays theirs. Raises Missing, Refused."""
    cohort = _open_cohort(db, person_id, cohort_id)
    found = reads.of_cohort(db, cohort.id, number)
    if found.withdrawn_at is None:
        found.withdrawn_at = clock.now()
        record(db, "assignment.withdraw", f"cohort:{cohort.id}", by=person_id, assignment=found.id)


def restore(db: Session, person_id: int, cohort_id: int, number: int) -> None:
    """Take a withdrawal back: who joined meanwhile receives it. Raises Missing, Refused."""
    cohort = _open_cohort(db, person_id, cohort_id)
    found = reads.of_cohort(db, cohort.id, number)
    if found.withdrawn_at is None:
        return
    same = {"cohort_id": cohort.id, "pathway_id": found.pathway_id, "withdrawn_at": None}
    if db.scalar(select(Assignment.id).filter_by(**same)) is not None:
        raise Refused(_("Ce parcours est attribué de nouveau depuis : modifiez plutôt cette attribution."))
    since, found.withdrawn_at = found.withdrawn_at, None
    db.flush()
    _give(db, found, (Membership.cohort_id == cohort.id) & (Membership.joined_at >= since))
    record(db, "assignment.restore", f"cohort:{cohort.id}", by=person_id, assignment=found.id)
