"""What is taught: documents, their drafts, their write-once revisions and editions."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UtcDateTime
from app.models.types import Id, closed


class DocumentKind(StrEnum):
    PATHWAY = "pathway"
    MODULE = "module"
    DIAGNOSTIC = "diagnostic"
    KIT = "kit"
    CASE = "case"
    RESOURCE = "resource"
    EVENT = "event"
    TAXONOMY = "taxonomy"


class StepKindName(StrEnum):
    READING = "reading"
    VIDEO = "video"
    QUIZ = "quiz"
    DIAGNOSTIC = "diagnostic"
    EXERCISE = "exercise"
    CASE = "case"
    RESOURCE = "resource"
    LIVE = "live"
    MILESTONE = "milestone"


class Document(Base):
    """Identity only; what it says is in its drafts and revisions."""

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(closed(DocumentKind))
    slug: Mapped[str] = mapped_column(String(60))
    home_id: Mapped[int | None] = mapped_column(Id, ForeignKey("document.id"), index=True)
    """A module's pathway; null for everything else."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "uq_document_root",
            "kind",
            "slug",
            unique=True,
            sqlite_where=sql("home_id is null"),
            postgresql_where=sql("home_id is null"),
        ),
        Index(
            "uq_document_home",
            "home_id",
            "kind",
            "slug",
            unique=True,
            sqlite_where=sql("home_id is not null"),
            postgresql_where=sql("home_id is not null"),
        ),
        CheckConstraint("(kind = 'module') = (home_id is not null)", name="home_of_modules"),
    )


class Draft(Base):
    """The exact bytes of one file of a document, as last written."""

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(Id, ForeignKey("document.id"))
    path: Mapped[str] = mapped_column(String(300))
    """From the courses folder, as on disk: it also keeps the order of modules and steps."""
    text: Mapped[str | None] = mapped_column(Text)
    """Of a .md or .yaml file; other files are media, named by `sha256`."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the file's bytes, whatever they are."""
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"), index=True)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_here: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Taken away in the browser, or moved from here: the disk does not bring it back."""
    loaded_digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of what the disk last gave: differs from `sha256` once edited in the browser."""

    __table_args__ = (UniqueConstraint("document_id", "path"),)


class DraftVersion(Base):
    """What a draft said before someone began to change it: ten minutes of one person's typing leave one."""

    __tablename__ = "draft_version"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    draft_id: Mapped[int] = mapped_column(Id, ForeignKey("draft.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When that text was last written."""
    written_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"), index=True)
    """Null: it came from the disk."""
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"), index=True)
    """Who began to change it."""


class Revision(Base):
    """A published text, frozen. Write-once."""

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(Id, ForeignKey("document.id"))
    digest: Mapped[str] = mapped_column(String(64))
    """Of the parsed document, not of its spelling."""
    files: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Path -> text, or {"sha256": …} for media."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("document_id", "digest"),)


class Publication(Base):
    """What is live: the latest one that is not withdrawn."""

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(Id, ForeignKey("document.id"), index=True)
    revision_id: Mapped[int] = mapped_column(Id, ForeignKey("revision.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"), index=True)
    note: Mapped[str] = mapped_column(Text, default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Proposal(Base):
    """A draft that its author asks to publish, as it was looked at; where only administrators publish."""

    __tablename__ = "proposal"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(Id, ForeignKey("document.id"))
    seen: Mapped[str] = mapped_column(String(64))
    """Fingerprint of the files that were looked at."""
    note: Mapped[str] = mapped_column(Text)
    correctif: Mapped[bool]
    by_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Published, withdrawn, or replaced by another."""
    ended_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"), index=True)

    __table_args__ = (
        Index(
            "uq_proposal_open",
            "document_id",
            unique=True,
            sqlite_where=sql("ended_at is null"),
            postgresql_where=sql("ended_at is null"),
        ),
        Index("ix_proposal_document_id", "document_id"),
    )


class DocumentText(Base):
    """A revision as it is read, in one language. Write-once."""

    __tablename__ = "document_text"

    revision_id: Mapped[int] = mapped_column(Id, ForeignKey("revision.id"), primary_key=True)
    lang: Mapped[str] = mapped_column(String(2), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The parsed document; a kit's also holds its sheets."""
    search_text: Mapped[str] = mapped_column(Text, default="")
    """Folded: no accent, lower case."""
    sort_key: Mapped[str] = mapped_column(String(200), default="")


class Term(Base):
    """An entry of a taxonomy, kept with the status that its source deserves."""

    __tablename__ = "term"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    list: Mapped[str] = mapped_column(String(40))
    slug: Mapped[str] = mapped_column(String(60))
    rank: Mapped[int]
    labels: Mapped[dict[str, str]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(24))
    """seed, public, standard, composed, placeholder or ours."""
    source: Mapped[str] = mapped_column(Text, default="")
    extra: Mapped[dict[str, str]] = mapped_column(JSON)

    __table_args__ = (UniqueConstraint("list", "slug"),)


class Step(Base):
    """The index of a module revision's steps. Write-once."""

    __tablename__ = "step"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    revision_id: Mapped[int] = mapped_column(Id, ForeignKey("revision.id"))
    position: Mapped[int]
    uid: Mapped[str] = mapped_column(String(32), index=True)
    kind: Mapped[StepKindName] = mapped_column(closed(StepKindName))
    minutes: Mapped[int]
    format_minutes: Mapped[int]
    """Nominal minutes of the smallest format that holds it."""
    optional: Mapped[bool]
    ready: Mapped[bool]
    """False: announced and counted in the budget, not yet written."""

    __table_args__ = (
        UniqueConstraint("revision_id", "uid"),
        UniqueConstraint("revision_id", "position"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        CheckConstraint("format_minutes > 0", name="format_positive"),
    )


class StepText(Base):
    """A step in one language, right answers included: never sent as it is. Write-once."""

    __tablename__ = "step_text"

    step_id: Mapped[int] = mapped_column(Id, ForeignKey("step.id"), primary_key=True)
    lang: Mapped[str] = mapped_column(String(2), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    html: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    task_digest: Mapped[str] = mapped_column(String(64))


class Objective(Base):
    """What a pathway lets one do, in the formats from `format_minutes` up. Write-once."""

    __tablename__ = "objective"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    revision_id: Mapped[int] = mapped_column(Id, ForeignKey("revision.id"))
    uid: Mapped[str] = mapped_column(String(32))
    position: Mapped[int]
    format_minutes: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    evidence: Mapped[list[str]] = mapped_column(JSON)
    """Uids of the steps whose traces are its evidence."""

    __table_args__ = (UniqueConstraint("revision_id", "uid"),)


class Edition(Base):
    """An immutable published state of a pathway. Write-once but for its withdrawal."""

    __tablename__ = "edition"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    pathway_id: Mapped[int] = mapped_column(Id, ForeignKey("document.id"))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    corrects_id: Mapped[int | None] = mapped_column(Id, ForeignKey("edition.id"), unique=True)
    front_revision_id: Mapped[int] = mapped_column(Id, ForeignKey("revision.id"), index=True)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"), index=True)
    note: Mapped[str] = mapped_column(Text, default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("pathway_id", "number"),)


class EditionModule(Base):
    __tablename__ = "edition_module"

    edition_id: Mapped[int] = mapped_column(Id, ForeignKey("edition.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(Id, ForeignKey("revision.id"), index=True)


class EditionDocument(Base):
    """The diagnostics and cases that an edition's steps use, frozen with it."""

    __tablename__ = "edition_document"

    edition_id: Mapped[int] = mapped_column(Id, ForeignKey("edition.id"), primary_key=True)
    document_id: Mapped[int] = mapped_column(Id, ForeignKey("document.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(Id, ForeignKey("revision.id"), index=True)


class EditionFormat(Base):
    __tablename__ = "edition_format"

    edition_id: Mapped[int] = mapped_column(Id, ForeignKey("edition.id"), primary_key=True)
    minutes: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Nominal."""
    name: Mapped[str] = mapped_column(String(8))
    sum_minutes: Mapped[int]
    """Of its required steps."""
    steps: Mapped[int]
    """Required ones."""
    unready_steps: Mapped[int]

    __table_args__ = (CheckConstraint("minutes > 0", name="minutes_positive"),)

    @property
    def offered(self) -> bool:
        """Open to learners: every required step is written and the sum is within 10 %."""
        return self.unready_steps == 0 and abs(self.sum_minutes - self.minutes) * 10 <= self.minutes


class Media(Base):
    """A file that is not text, named by its SHA-256 in the media store."""

    __tablename__ = "media"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    mime: Mapped[str] = mapped_column(String(40))
    bytes: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
