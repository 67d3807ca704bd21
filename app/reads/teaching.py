"""What a trainer finds of their own cohorts, and a learner of those that they are in: always through the person."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.errors import Missing, Refused
from app.i18n import _
from app.models import Assignment, Cohort, CohortTrainer, DocumentText, Edition, Membership, Person


def led_cohort(db: Session, person_id: int, number: int, *, lock: bool = False, even_archived: bool = False) -> Cohort:
    """A cohort that they lead today. Raises Missing, as for one that does not exist.

    `lock`: held until the end of the transaction, as every verb on a cohort does first; an archived one is refused
    then, since nothing of it changes any more, unless `even_archived`.
    """
    query = (
        select(Cohort)
        .join(CohortTrainer, CohortTrainer.cohort_id == Cohort.id)
        .where(Cohort.id == number, CohortTrainer.person_id == person_id, CohortTrainer.until.is_(None))
    )
    if lock:
        query = query.with_for_update(of=Cohort).execution_options(populate_existing=True)
    found = db.scalar(query)
    if found is None:
        raise Missing
    if lock and not even_archived:
        refuse_archived(found)
    return found


def refuse_archived(cohort: Cohort) -> None:
    """Raises Refused for a cohort that is read and changes no more."""
    if cohort.archived_at is not None:
        raise Refused(_("Cette cohorte est archivée : elle se lit, plus rien n’y change. Ses réglages la restaurent."))


@dataclass(frozen=True)
class Colleague:
    """Who leads a cohort."""

    id: int
    name: str
    email: str
    since: datetime


def trainers(db: Session, cohort_id: int) -> Sequence[Colleague]:
    """Who leads a cohort today, the first first."""
    query = (
        select(Person.id, Person.name, Person.email, CohortTrainer.since)
        .join(CohortTrainer, CohortTrainer.person_id == Person.id)
        .where(CohortTrainer.cohort_id == cohort_id, CohortTrainer.until.is_(None))
        .order_by(CohortTrainer.id)
    )
    return [Colleague(row.id, row.name or row.email or "", row.email or "", row.since) for row in db.execute(query)]


@dataclass(frozen=True)
class Found:
    """A cohort as who administers the site finds it."""

    id: int
    name: str
    archived_at: datetime | None
    trainers: tuple[Colleague, ...]


def every_cohort(db: Session, most: int, *, before: int | None = None, number: int | None = None) -> Sequence[Found]:
    """Whoever leads them, the last made first: those older than `before`, or one alone. One statement."""
    some = select(Cohort.id).order_by(Cohort.id.desc()).limit(most)
    if before is not None:
        some = some.where(Cohort.id < before)
    if number is not None:
        some = some.where(Cohort.id == number)
    leads = and_(CohortTrainer.cohort_id == Cohort.id, CohortTrainer.until.is_(None))
    query = (
        select(Cohort, Person.id, Person.name, Person.email, CohortTrainer.since)
        .outerjoin(CohortTrainer, leads)
        .outerjoin(Person, Person.id == CohortTrainer.person_id)
        .where(Cohort.id.in_(some.subquery().select()))
        .order_by(Cohort.id.desc(), CohortTrainer.id)
    )
    found: dict[int, tuple[Cohort, list[Colleague]]] = {}
    for cohort, person_id, name, email, since in db.execute(query):
        people = found.setdefault(cohort.id, (cohort, []))[1]
        if person_id is not None:
            people.append(Colleague(person_id, name or email or "", email or "", since))
    return [Found(cohort.id, cohort.name, cohort.archived_at, tuple(people)) for cohort, people in found.values()]


@dataclass(frozen=True)
class Led:
    """A cohort as its trainer's list shows it."""

    id: int
    name: str
    archived_at: datetime | None
    members: int
    pathways: tuple[str, ...]
    due_on: date | None


def led_cohorts(db: Session, person_id: int) -> Sequence[Led]:
    """The cohorts that they lead today, the last made first. Two statements."""
    members = (
        select(func.count())
        .where(Membership.cohort_id == Cohort.id, Membership.left_at.is_(None))
        .correlate(Cohort)
        .scalar_subquery()
    )
    query = (
        select(Cohort.id, Cohort.name, Cohort.archived_at, members.label("members"))
        .join(CohortTrainer, CohortTrainer.cohort_id == Cohort.id)
        .where(CohortTrainer.person_id == person_id, CohortTrainer.until.is_(None))
        .order_by(Cohort.id.desc())
    )
    rows = db.execute(query).all()
    titles, due = _running(db, [row.id for row in rows])
    return [Led(row.id, row.name, row.archived_at, row.members, tuple(titles[row.id]), due.get(row.id)) for row in rows]


def _running(db: Session, cohorts: Sequence[int]) -> tuple[dict[int, list[str]], dict[int, date]]:
    """Titles of what is asked of each cohort, and the nearest due date."""
    query = (
        select(Assignment.cohort_id, Assignment.due_on, DocumentText.title)
        .join(Edition, Edition.id == Assignment.edition_id)
        .join(DocumentText, DocumentText.revision_id == Edition.front_revision_id)
        .where(Assignment.cohort_id.in_(cohorts), Assignment.withdrawn_at.is_(None), DocumentText.lang == "fr")
        .order_by(Assignment.id)
    )
    titles: dict[int, list[str]] = defaultdict(list)
    due: dict[int, date] = {}
    for row in db.execute(query):
        titles[row.cohort_id].append(row.title)
        if row.due_on:
            due[row.cohort_id] = min(row.due_on, due.get(row.cohort_id, row.due_on))
    return titles, due
