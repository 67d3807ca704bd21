"""Cohorts: who leads one, who is in it, what is asked of them and by when; and what learners let be seen."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UtcDateTime
from app.models.types import Id, closed


def _while(name: str, *columns: str, open: str) -> Index:
    """Unique among the rows that `open` describes."""
    return Index(name, *columns, unique=True, sqlite_where=sql(open), postgresql_where=sql(open))


class Cohort(Base):
    """People who follow a pathway together, led by trainers."""

    __tablename__ = "cohort"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    zone: Mapped[str] = mapped_column(String(64))
    """IANA name: its days begin and end there."""
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(String(64))
    """From the form: a retry is the same cohort."""
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("created_by", "key"),
        CheckConstraint("ends_on is null or starts_on is null or ends_on >= starts_on", name="ends_after_start"),
    )


class CohortTrainer(Base):
    """Who leads a cohort, since when and until when."""

    __tablename__ = "cohort_trainer"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    cohort_id: Mapped[int] = mapped_column(Id, ForeignKey("cohort.id"))
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (_while("uq_cohort_trainer_open", "cohort_id", "person_id", open="until is null"),)


class Membership(Base):
    """A person in a cohort, since when and until when; what the trainer knew of them on inviting."""

    __tablename__ = "membership"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    cohort_id: Mapped[int] = mapped_column(Id, ForeignKey("cohort.id"))
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    """Under which the trainer reads them: what they gave on joining."""
    structure: Mapped[str] = mapped_column(String(120), default="")
    statut: Mapped[str] = mapped_column(String(60), default="")
    external_id: Mapped[str | None] = mapped_column(String(60))
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"), index=True)
    """Null: they left by themselves."""

    __table_args__ = (
        _while("uq_membership_open", "cohort_id", "person_id", open="left_at is null"),
        Index("ix_membership_cohort", "cohort_id", "left_at"),
    )


class ResumeCard(Base):
    """A printed secret with which a member without an address comes back, on any device."""

    __tablename__ = "resume_card"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    membership_id: Mapped[int] = mapped_column(Id, ForeignKey("membership.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CohortLink(Base):
    """A link and a short code that anyone in the room may use: revocable, expiring, capped."""

    __tablename__ = "cohort_link"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    cohort_id: Mapped[int] = mapped_column(Id, ForeignKey("cohort.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    uses_left: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("uses_left >= 0", name="uses_left_positive"),)


class Invitation(Base):
    """One person is asked to join; bound to their address where they have one."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    cohort_id: Mapped[int] = mapped_column(Id, ForeignKey("cohort.id"), index=True)
    email: Mapped[str | None] = mapped_column(String(254))
    """Lower case; null: they join by the cohort's code and their name."""
    name: Mapped[str] = mapped_column(String(120), default="")
    structure: Mapped[str] = mapped_column(String(120), default="")
    statut: Mapped[str] = mapped_column(String(60), default="")
    external_id: Mapped[str | None] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The first POST or the page's beacon; never a GET, which mail scanners do."""
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    membership_id: Mapped[int | None] = mapped_column(Id, ForeignKey("membership.id"), index=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        _while("uq_invitation_email", "cohort_id", "email", open="withdrawn_at is null"),
        _while(
            "uq_invitation_external",
            "cohort_id",
            "external_id",
            open="withdrawn_at is null and external_id is not null",
        ),
        CheckConstraint("email is null or email = lower(email)", name="email_lower"),
    )


class Assignment(Base):
    """A pathway in a format, asked of a cohort, from a day to a day."""

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    cohort_id: Mapped[int] = mapped_column(Id, ForeignKey("cohort.id"))
    pathway_id: Mapped[int] = mapped_column(Id, ForeignKey("document.id"), index=True)
    edition_id: Mapped[int] = mapped_column(Id, ForeignKey("edition.id"), index=True)
    """In which later members begin; the trainer may move it to a newer one."""
    format_minutes: Mapped[int]
    starts_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date)
    due_days: Mapped[int | None]
    """Days after a member joined, or after the start where they joined before; one of the two is set."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    key: Mapped[str] = mapped_column(String(64))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("cohort_id", "key"),
        _while("uq_assignment_running", "cohort_id", "pathway_id", open="withdrawn_at is null"),
        CheckConstraint("format_minutes > 0", name="format_positive"),
        CheckConstraint("(due_on is null) <> (due_days is null)", name="due_once"),
        CheckConstraint("due_days is null or due_days > 0", name="due_days_positive"),
        CheckConstraint("due_on is null or due_on >= starts_on", name="due_after_start"),
    )


class Extension(Base):
    """One person has until another day."""

    __tablename__ = "extension"

    assignment_id: Mapped[int] = mapped_column(Id, ForeignKey("assignment.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), primary_key=True, index=True)
    due_on: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)


def due_day(
    *, due_on: date | None, due_days: int | None, starts_on: date, joined_at: datetime, extended: date | None, zone: str
) -> date:
    """The effective due date of one person: the extension, else the assignment's, else days after they joined."""
    if extended is not None:
        return extended
    if due_on is not None:
        return due_on
    return max(starts_on, joined_at.astimezone(ZoneInfo(zone)).date()) + timedelta(days=due_days or 0)


def end_of_day(day: date, zone: str) -> datetime:
    """The instant, in UTC, when that day is over in that zone."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


class CohortEvent(Base):
    """A session of a cohort: a webinar, a workshop; it may date a live step."""

    __tablename__ = "cohort_event"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    cohort_id: Mapped[int] = mapped_column(Id, ForeignKey("cohort.id"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(200), default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    replay: Mapped[str] = mapped_column(String(500), default="")
    step_uid: Mapped[str | None] = mapped_column(String(32))
    """Of the live step that it dates, for this cohort."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    key: Mapped[str] = mapped_column(String(64))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("cohort_id", "key"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
    )


class Shared(StrEnum):
    """What a learner may show to those who lead a cohort, one thing at a time."""

    NOTES = "notes"
    """What they wrote in one step or tool."""
    RESULT = "result"
    """One self-diagnostic: level and axes."""
    AVERAGE = "average"
    """Their part in the cohort's average of one self-diagnostic; nobody reads it alone."""


class Sharing(Base):
    """A learner shows one thing to one cohort's trainers, until they take it back or leave."""

    __tablename__ = "sharing"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    cohort_id: Mapped[int] = mapped_column(Id, ForeignKey("cohort.id"), index=True)
    what: Mapped[Shared] = mapped_column(closed(Shared))
    uid: Mapped[str] = mapped_column(String(32))
    """Of the step, the tool or the diagnostic."""
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (_while("uq_sharing_open", "person_id", "cohort_id", "what", "uid", open="ended_at is null"),)


class Verdict(StrEnum):
    """What a trainer says of a shared exercise."""

    AGAIN = "again"
    VALID = "valid"


class Comment(Base):
    """One word in the thread between a learner and those who lead their cohort, about one shared thing."""

    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    cohort_id: Mapped[int] = mapped_column(Id, ForeignKey("cohort.id"))
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    """The learner whose work it is."""
    uid: Mapped[str] = mapped_column(String(32))
    by_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    verdict: Mapped[Verdict | None] = mapped_column(closed(Verdict))
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("by_id", "key"),
        Index("ix_comment_thread", "cohort_id", "person_id", "uid"),
    )


class CohortMessage(Base):
    """What a trainer wants said to the whole cohort some days before or after the due date."""

    __tablename__ = "cohort_message"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    cohort_id: Mapped[int] = mapped_column(Id, ForeignKey("cohort.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    offset_days: Mapped[int]
    """From the cohort's start; 0 is that day."""
    key: Mapped[str] = mapped_column(String(64))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("cohort_id", "key"),)


class CohortAverage(Base):
    """The spread of a self-diagnostic among those who agreed, frozen once per session; never under 8 people."""

    __tablename__ = "cohort_average"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    cohort_id: Mapped[int] = mapped_column(Id, ForeignKey("cohort.id"))
    event_id: Mapped[int] = mapped_column(Id, ForeignKey("cohort_event.id"), index=True)
    diagnostic_uid: Mapped[str] = mapped_column(String(32))
    people: Mapped[int]
    axes: Mapped[dict[str, Any]] = mapped_column(JSON)
    """By axis: the mean and how many stand at each level, groups under 3 put together."""
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("cohort_id", "event_id", "diagnostic_uid"),
        CheckConstraint("people >= 8", name="people_enough"),
    )


class AveragePart(Base):
    """A result that is counted in an average: in one only, so that no two averages differ by one person."""

    __tablename__ = "average_part"

    result_id: Mapped[int] = mapped_column(Id, ForeignKey("result.id"), primary_key=True)
    average_id: Mapped[int] = mapped_column(Id, ForeignKey("cohort_average.id"), index=True)
