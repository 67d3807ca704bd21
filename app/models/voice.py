"""What a learner says of a step to those who write it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UtcDateTime
from app.models.types import Id, closed


class Opinion(StrEnum):
    HELPED = "helped"
    UNCLEAR = "unclear"


class StepVoice(Base):
    """« Cette étape m’a été utile » or not: one by person and step, theirs to change and to take back."""

    __tablename__ = "step_voice"

    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)
    step_uid: Mapped[str] = mapped_column(String(32), primary_key=True, index=True)
    opinion: Mapped[Opinion] = mapped_column(closed(Opinion))
    note: Mapped[str] = mapped_column(Text)
    """A word to the authors, or nothing."""
    revision_id: Mapped[int] = mapped_column(Id, ForeignKey("revision.id"), index=True)
    """Of the module, as it was read."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
