"""What a learner does: an append-only ledger, its fold, and what it wrote."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UtcDateTime
from app.models.types import Id, closed


class Verb(StrEnum):
    COMPLETED = "completed"
    REDONE = "redone"
    CREDITED = "credited"
    COMPLETED_BY_TRAINER = "completed_by_trainer"
    FORMAT_CHANGED = "format_changed"
    EDITION_MOVED = "edition_moved"
    MERGED = "merged"


class Enrolment(Base):
    """A learner in a pathway, in one format of one edition."""

    __tablename__ = "enrolment"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    pathway_id: Mapped[int] = mapped_column(Id, ForeignKey("document.id"), index=True)
    edition_id: Mapped[int] = mapped_column(Id, ForeignKey("edition.id"), index=True)
    format_minutes: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    merged_into_id: Mapped[int | None] = mapped_column(Id, ForeignKey("enrolment.id"), index=True)

    __table_args__ = (
        Index(
            "uq_enrolment_open",
            "person_id",
            "pathway_id",
            unique=True,
            sqlite_where=sql("closed_at is null"),
            postgresql_where=sql("closed_at is null"),
        ),
        CheckConstraint("format_minutes > 0", name="format_positive"),
    )


class StepEvent(Base):
    """The truth. Append-only."""

    __tablename__ = "step_event"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(Id, ForeignKey("enrolment.id"))
    step_uid: Mapped[str | None] = mapped_column(String(32))
    verb: Mapped[Verb] = mapped_column(closed(Verb))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    key: Mapped[str] = mapped_column(String(64))
    """From the form: a retry is the same event."""
    origin_id: Mapped[int | None] = mapped_column(Id, ForeignKey("step_event.id"), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Of a completion: minutes, task_digest, edition, score; of a copy also `first`."""

    __table_args__ = (
        UniqueConstraint("enrolment_id", "key"),
        UniqueConstraint("enrolment_id", "origin_id"),
        Index(
            "uq_step_event_completed",
            "enrolment_id",
            "step_uid",
            unique=True,
            sqlite_where=sql("verb = 'completed'"),
            postgresql_where=sql("verb = 'completed'"),
        ),
    )

    @property
    def first(self) -> int:
        """Its own number, or that of the event which it copies, through every copy."""
        return int(self.data.get("first", self.id))


class StepProgress(Base):
    """The fold of a step's events, written in their transaction and rebuilt by a command."""

    __tablename__ = "step_progress"

    enrolment_id: Mapped[int] = mapped_column(Id, ForeignKey("enrolment.id"), primary_key=True)
    step_uid: Mapped[str] = mapped_column(String(32), primary_key=True)
    completed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    minutes_credited: Mapped[int]
    """Declared minutes of the step in the edition in which it was completed."""
    task_digest: Mapped[str] = mapped_column(String(64))
    best_score: Mapped[int | None]


@dataclass(frozen=True)
class Folded:
    """One step's progress as its events tell it."""

    completed_at: datetime
    minutes_credited: int
    task_digest: str
    best_score: int | None


COUNTS = frozenset({Verb.COMPLETED, Verb.REDONE, Verb.CREDITED, Verb.COMPLETED_BY_TRAINER})
"""The verbs that say a step done."""


def fold(events: Iterable[StepEvent]) -> dict[str, Folded]:
    """Progress by step uid. The first completion dates and credits; redoing renews the task, may better the score.

    A copy stands where the event that it copies stood, so that people joined in any order have the same progress.
    """
    steps: dict[str, Folded] = {}
    for event in sorted(events, key=lambda event: (event.at, event.first)):
        if event.step_uid is None or event.verb not in COUNTS:
            continue
        score = event.data.get("score")
        before = steps.get(event.step_uid)
        if before is None:
            steps[event.step_uid] = Folded(event.at, event.data["minutes"], event.data["task_digest"], score)
        else:
            scores = [value for value in (before.best_score, score) if value is not None]
            steps[event.step_uid] = Folded(
                before.completed_at, before.minutes_credited, event.data["task_digest"], max(scores, default=None)
            )
    return steps


class Attempt(Base):
    """Every try at a quiz, graded on the server. Append-only."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(Id, ForeignKey("enrolment.id"))
    step_uid: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(64))
    score: Mapped[int]
    """Questions answered right so far, this try included."""
    passed: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("enrolment_id", "key"),
        Index("ix_attempt_step", "enrolment_id", "step_uid"),
    )


class AttemptAnswer(Base):
    __tablename__ = "attempt_answer"

    attempt_id: Mapped[int] = mapped_column(Id, ForeignKey("attempt.id"), primary_key=True)
    question_uid: Mapped[str] = mapped_column(String(32), primary_key=True)
    choice: Mapped[str] = mapped_column(Text)
    correct: Mapped[bool]


class Note(Base):
    """The notebook: one row a version; the current one is not superseded."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    uid: Mapped[str] = mapped_column(String(32))
    """Of a step or of a kit's tool; the code of a bilan, for the note to one's board."""
    field: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When this version began: ten minutes of typing make one version."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it was last saved."""
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "uq_note_current",
            "person_id",
            "uid",
            "field",
            unique=True,
            sqlite_where=sql("superseded_at is null"),
            postgresql_where=sql("superseded_at is null"),
        ),
    )


class Result(Base):
    """One sitting of a self-diagnostic; every sitting is kept."""

    __tablename__ = "result"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    enrolment_id: Mapped[int | None] = mapped_column(Id, ForeignKey("enrolment.id"), index=True)
    step_uid: Mapped[str | None] = mapped_column(String(32))
    """The step that it was answered in; null when taken at the door."""
    diagnostic_uid: Mapped[str] = mapped_column(String(32))
    revision_id: Mapped[int] = mapped_column(Id, ForeignKey("revision.id"), index=True)
    """Of the diagnostic as it was answered."""
    key: Mapped[str] = mapped_column(String(64))
    total: Mapped[int]
    out_of: Mapped[int]
    level: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index("ix_result_diagnostic", "person_id", "diagnostic_uid"),
    )


class ResultAxis(Base):
    __tablename__ = "result_axis"

    result_id: Mapped[int] = mapped_column(Id, ForeignKey("result.id"), primary_key=True)
    axis: Mapped[str] = mapped_column(String(8), primary_key=True)
    points: Mapped[int]
    out_of: Mapped[int]


class ResultAnswer(Base):
    __tablename__ = "result_answer"

    result_id: Mapped[int] = mapped_column(Id, ForeignKey("result.id"), primary_key=True)
    question_uid: Mapped[str] = mapped_column(String(32), primary_key=True)
    points: Mapped[int | None]
    """0 to 3; null: « Je ne sais pas »."""


class AxisChoice(Base):
    """Of close axes, the one that the learner begins with: the result itself never changes."""

    __tablename__ = "axis_choice"

    result_id: Mapped[int] = mapped_column(Id, ForeignKey("result.id"), primary_key=True)
    axis: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class TimeInterval(Base):
    """A stretch of visible, active time on a step, shown to the learner alone; two tabs count once (their union)."""

    __tablename__ = "time_interval"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(Id, ForeignKey("enrolment.id"))
    step_uid: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(64))
    """The interval's own name, chosen by the page: a later beat lengthens it, a repeated one changes nothing."""
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """By the server's clock."""
    seconds: Mapped[int]
    """Never more than the server saw pass since `from_at`."""

    __table_args__ = (
        UniqueConstraint("enrolment_id", "key"),
        Index("ix_time_interval_step", "enrolment_id", "step_uid"),
        CheckConstraint("seconds >= 0", name="seconds_positive"),
    )


class Moment(StrEnum):
    ENTRY = "entry"
    EXIT = "exit"


class Mastery(StrEnum):
    """Where a learner places themself on an objective."""

    NOT_YET = "not_yet"
    WITH_HELP = "with_help"
    ALONE = "alone"
    CAN_EXPLAIN = "can_explain"


class Placement(Base):
    """A self-placement on an objective of the pathway, at entry or at exit; never a measure."""

    __tablename__ = "placement"

    enrolment_id: Mapped[int] = mapped_column(Id, ForeignKey("enrolment.id"), primary_key=True)
    objective_uid: Mapped[str] = mapped_column(String(32), primary_key=True)
    moment: Mapped[Moment] = mapped_column(closed(Moment), primary_key=True)
    level: Mapped[Mastery] = mapped_column(closed(Mastery))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Summary(Base):
    """A bilan, issued once for an enrolment and format. Write-once but for its fate."""

    __tablename__ = "summary"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    """80 random bits as 16 Crockford letters and digits."""
    enrolment_id: Mapped[int] = mapped_column(Id, ForeignKey("enrolment.id"))
    format_minutes: Mapped[int]
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the attestation will say: never changes."""
    annex: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Own words, axes, kit with its reason: never public."""
    signature: Mapped[str | None] = mapped_column(String(88))
    """Of `statement`, Ed25519, base64; null: issued before the site signed."""
    key_id: Mapped[str | None] = mapped_column(String(16), ForeignKey("signing_key.key_id"), index=True)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replaced_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("summary.id"), index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"), index=True)
    reason: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "uq_summary_current",
            "enrolment_id",
            "format_minutes",
            unique=True,
            sqlite_where=sql("replaced_at is null"),
            postgresql_where=sql("replaced_at is null"),
        ),
    )

    @property
    def statement(self) -> dict[str, Any]:
        """What is signed."""
        return statement(self.code, self.issued_at, self.snapshot, self.key_id)


PURPOSE = "balises/attestation/1"
"""Part of what is signed: a signature made for this is good for nothing else."""


def statement(code: str, issued_at: datetime, says: dict[str, Any], key_id: str | None) -> dict[str, Any]:
    """What an attestation's signature covers."""
    return {"purpose": PURPOSE, "key": key_id, "code": code, "issued_at": issued_at.isoformat(), "says": says}


class SigningKey(Base):
    """A public key that attestations are checked with; the private one is a file, outside the database."""

    __tablename__ = "signing_key"

    key_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    """The first 16 hexadecimal digits of the SHA-256 of the public key."""
    public_key: Mapped[str] = mapped_column(String(44))
    """32 bytes, base64."""
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """From then on it signs nothing; what it signed stays valid."""


class Revocation(StrEnum):
    """Why an attestation no longer holds: a word that anyone may read."""

    MISTAKE = "mistake"
    IDENTITY = "identity"
    FRAUD = "fraud"
    REQUEST = "request"
