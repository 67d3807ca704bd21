"""Who is asked to join a cohort, and what a link or a code opens."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app import clock
from app.models import (
    Assignment,
    Cohort,
    CohortLink,
    CohortTrainer,
    Document,
    DocumentText,
    Edition,
    Invitation,
    Membership,
    Person,
    token_hash,
)
from app.reads.language import document_words

# A list to invite, line by line


@dataclass(frozen=True)
class Line:
    """Somebody to invite. `number`: of the line in what was sent."""

    number: int
    email: str = ""
    name: str = ""
    structure: str = ""
    statut: str = ""
    external_id: str = ""

    @property
    def words(self) -> str:
        """How the trainer knows them."""
        return self.name or self.email


@dataclass(frozen=True)
class Said:
    """A line that makes no invitation, and why."""

    number: int
    words: str
    reason: str


@dataclass(frozen=True)
class Sorted:
    """What would become of each line: nothing is written yet."""

    new: tuple[Line, ...] = ()
    there: tuple[Said, ...] = ()
    refused: tuple[Said, ...] = ()
    ignored: tuple[str, ...] = ()
    """Columns of which nothing is made."""


@dataclass
class Known:
    """Who is in the cohort or asked already."""

    emails: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


def known(db: Session, cohort_id: int) -> tuple[list[tuple[str | None, str, str, str | None]], list[int]]:
    """Address, name, structure and identifier of each, in two statements; and the invitations of those who left."""
    members = (
        select(Person.email, Membership.name, Membership.structure, Membership.external_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.cohort_id == cohort_id, Membership.left_at.is_(None))
    )
    asked = (
        select(Invitation.id, Invitation.email, Invitation.name, Invitation.structure, Invitation.external_id)
        .add_columns(Membership.left_at)
        .outerjoin(Membership, Membership.id == Invitation.membership_id)
        .where(Invitation.cohort_id == cohort_id, Invitation.withdrawn_at.is_(None))
    )
    rows = db.execute(asked).all()
    here = [(row.email, row.name, row.structure, row.external_id) for row in rows if row.left_at is None]
    found = [(row.email, row.name, row.structure, row.external_id) for row in db.execute(members)]
    return here + found, [row.id for row in rows if row.left_at is not None]


# What the trainer sees


class State(StrEnum):
    PENDING = "pending"
    OPENED = "opened"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Asked:
    """An invitation, as the trainer's list shows it."""

    id: int
    email: str
    name: str
    structure: str
    state: State
    expires_at: datetime
    token_hash: str


PAGE = 50


def invitations(db: Session, cohort_id: int, first: int) -> Sequence[Asked]:
    """The last made first, a page of them; those taken back are not listed."""
    query = (
        select(Invitation)
        .where(Invitation.cohort_id == cohort_id, Invitation.withdrawn_at.is_(None))
        .order_by(Invitation.id.desc())
        .offset(first)
        .limit(PAGE)
    )
    now = clock.now()
    return [
        Asked(row.id, row.email or "", row.name, row.structure, _state(row, now), row.expires_at, row.token_hash)
        for row in db.scalars(query)
    ]


def _state(row: Invitation, now: datetime) -> State:
    if row.withdrawn_at is not None:
        return State.WITHDRAWN
    if row.accepted_at is not None:
        return State.ACCEPTED
    if row.expires_at <= now:
        return State.EXPIRED
    return State.PENDING if row.opened_at is None else State.OPENED


def counts(db: Session, cohort_id: int) -> dict[State, int]:
    """How many stand where, those taken back aside."""
    state = case(
        (Invitation.accepted_at.is_not(None), State.ACCEPTED.value),
        (Invitation.expires_at <= clock.now(), State.EXPIRED.value),
        (Invitation.opened_at.is_not(None), State.OPENED.value),
        else_=State.PENDING.value,
    )
    mine = (Invitation.cohort_id == cohort_id, Invitation.withdrawn_at.is_(None))
    rows = db.execute(select(state.label("state"), func.count().label("n")).where(*mine).group_by(state))
    return {State(row.state): row.n for row in rows}


def live_link(db: Session, cohort_id: int) -> CohortLink | None:
    """The cohort's link, if one is open or was only outlived or used up."""
    query = select(CohortLink).filter_by(cohort_id=cohort_id, revoked_at=None)
    return db.scalars(query.order_by(CohortLink.id.desc()).limit(1)).one_or_none()


# What whoever holds a link sees


@dataclass(frozen=True)
class Opening:
    """A cohort that a link opens, or why it does not."""

    cohort_id: int
    cohort: str
    zone: str
    link_id: int | None
    """Of the link for everyone in the room; None for a personal invitation."""
    invitation_id: int | None
    email: str
    name: str
    membership_id: int | None
    """Who took a personal invitation."""
    usable: bool


def opening(db: Session, token: str) -> Opening | None:
    """What the secret of a link opens, asked without using it. Two statements at most."""
    digest, now = token_hash(token), clock.now()
    asked = select(Invitation, Cohort).join(Cohort, Cohort.id == Invitation.cohort_id)
    found = db.execute(asked.where(Invitation.token_hash == digest)).one_or_none()
    if found is not None:
        row, cohort = found
        usable = _state(row, now) in (State.PENDING, State.OPENED) and cohort.archived_at is None
        said = (cohort.id, cohort.name, cohort.zone, None, row.id, row.email or "", row.name, row.membership_id)
        return Opening(*said, usable=usable)
    both = select(CohortLink, Cohort).join(Cohort, Cohort.id == CohortLink.cohort_id)
    one = db.execute(both.where(CohortLink.token_hash == digest)).one_or_none()
    if one is None:
        return None
    link, cohort = one
    usable = link.revoked_at is None and link.expires_at > now and link.uses_left > 0 and cohort.archived_at is None
    return Opening(cohort.id, cohort.name, cohort.zone, link.id, None, "", "", None, usable=usable)


def link_by_code(db: Session, digest: str) -> int | None:
    """The link that a code belongs to, open or not."""
    return db.scalar(select(CohortLink.id).where(CohortLink.code_hash == digest))


def leaders(db: Session, cohort_id: int) -> list[str]:
    """The names of those who lead it today, the first one first; no address."""
    return leaders_of(db, [cohort_id])[cohort_id]


def leaders_of(db: Session, cohorts: Sequence[int]) -> dict[int, list[str]]:
    query = (
        select(CohortTrainer.cohort_id, Person.name)
        .join(Person, Person.id == CohortTrainer.person_id)
        .where(CohortTrainer.cohort_id.in_(cohorts), CohortTrainer.until.is_(None), Person.name.is_not(None))
        .order_by(CohortTrainer.id)
    )
    found: dict[int, list[str]] = {number: [] for number in cohorts}
    for row in db.execute(query):
        found[row.cohort_id].append(row.name)
    return found


@dataclass(frozen=True)
class Running:
    """What is asked of a cohort, as one reads it before joining."""

    slug: str
    title: str
    lang: str
    format_minutes: int
    due_on: date | None
    due_days: int | None


def running(db: Session, cohort_id: int) -> list[Running]:
    return running_in(db, [cohort_id])[cohort_id]


def running_in(db: Session, cohorts: Sequence[int]) -> dict[int, list[Running]]:
    query = (
        select(Document.slug, DocumentText.title, DocumentText.lang)
        .add_columns(Assignment.format_minutes, Assignment.due_on, Assignment.due_days, Assignment.cohort_id)
        .select_from(Assignment)
        .join(Document, Document.id == Assignment.pathway_id)
        .join(Edition, Edition.id == Assignment.edition_id)
        .join(DocumentText, document_words(Edition.front_revision_id))
        .where(Assignment.cohort_id.in_(cohorts), Assignment.withdrawn_at.is_(None))
        .order_by(Assignment.id)
    )
    found: dict[int, list[Running]] = {number: [] for number in cohorts}
    for *words, number in db.execute(query):
        found[number].append(Running(*words))
    return found


# Where one is


@dataclass(frozen=True)
class Joined:
    """A cohort that one is in."""

    cohort_id: int
    cohort: str
    name: str
    joined_at: datetime
    archived: bool


def joined(db: Session, person_id: int, cohort_id: int | None = None) -> list[Joined]:
    """The cohorts that one is in today, the last joined first."""
    query = (
        select(Cohort.id, Cohort.name, Membership.name.label("own"), Membership.joined_at, Cohort.archived_at)
        .join(Membership, Membership.cohort_id == Cohort.id)
        .where(Membership.person_id == person_id, Membership.left_at.is_(None))
        .order_by(Membership.id.desc())
    )
    if cohort_id is not None:
        query = query.where(Cohort.id == cohort_id)
    return [Joined(row.id, row.name, row.own, row.joined_at, row.archived_at is not None) for row in db.execute(query)]
