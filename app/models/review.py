"""A draft read over by others: the links that open it, what was remarked on a passage, who agreed to what."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UtcDateTime
from app.models.types import Id


class ReviewLink(Base):
    """Opens the draft of a pathway, read-only, to whoever holds its secret, until it expires."""

    __tablename__ = "review_link"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    pathway_id: Mapped[int] = mapped_column(Id, ForeignKey("document.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    made_for: Mapped[str] = mapped_column(String(120))
    """Who it was given to, in its author's words."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Remark(Base):
    """What somebody says of a passage of a draft; answered and closed by an author."""

    __tablename__ = "remark"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    link_id: Mapped[int] = mapped_column(Id, ForeignKey("review_link.id"))
    key: Mapped[str] = mapped_column(String(64))
    """From the form: a retry is the same remark."""
    draft_id: Mapped[int] = mapped_column(Id, ForeignKey("draft.id"), index=True)
    place: Mapped[str] = mapped_column(String(120))
    """Of the passage in the text: the rank of a paragraph, or the place of what was typed apart."""
    passage: Mapped[str] = mapped_column(Text)
    """Its words when the remark was made: they find it again when the text moves."""
    text: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(120))
    """As its author signed it."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"), index=True)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"), index=True)

    __table_args__ = (Index("uq_remark_link_id_key", "link_id", "key", unique=True),)


class Agreement(Base):
    """Who read a draft over and agreed to it as it was then. Once for a name and a state of the text."""

    __tablename__ = "agreement"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    link_id: Mapped[int] = mapped_column(Id, ForeignKey("review_link.id"))
    name: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the draft's files: any change of any text changes it."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("uq_agreement_said_once", "link_id", "name", "digest", unique=True),)
