"""What the site says of itself: who runs it, who may have an account, its legal pages."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UtcDateTime
from app.models.types import Id, closed


class SignUp(StrEnum):
    """Who may make an account."""

    OPEN = "open"
    INVITED = "invited"


class Conformity(StrEnum):
    """What the footer says of accessibility, in the words of the RGAA."""

    NOT = "not_conforming"
    PARTLY = "partly"
    FULLY = "conforming"


class SiteVersion(Base):
    """The settings as somebody saved them. Write-once: the newest holds, the others say what held before."""

    __tablename__ = "site_version"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    follows: Mapped[int] = mapped_column(Id, unique=True)
    """The version before, 0 for the first: two people who change the same one cannot both be right."""
    organisation: Mapped[str] = mapped_column(String(120))
    """Who issues the attestations and runs the site."""
    signatory: Mapped[str] = mapped_column(String(120))
    """Who answers for the attestations, with their role; « » for nobody in particular."""
    contact: Mapped[str] = mapped_column(String(200))
    sign_up: Mapped[SignUp] = mapped_column(closed(SignUp))
    legal: Mapped[str] = mapped_column(Text)
    """Markdown, as the next two texts."""
    privacy: Mapped[str] = mapped_column(Text)
    conformity: Mapped[Conformity] = mapped_column(closed(Conformity))
    audited_on: Mapped[date | None] = mapped_column(Date)
    accessibility: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint(f"conformity = '{Conformity.NOT.value}' or audited_on is not null", name="conforming_audited"),
    )
