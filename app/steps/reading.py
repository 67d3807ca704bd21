"""A page to read, with something to predict or to write."""

from typing import ClassVar, Literal

from app.i18n import _
from app.steps.kind import FIELDS, Assessment, StepContent, Work, assess_fields, rule_for

name = "reading"
icon = "book-open"
idle_seconds = 180
task_fields = FIELDS


class Reading(StepContent):
    NEEDED: ClassVar[tuple[str, ...]] = ("key", "takeaway", "sources", "body")

    kind: Literal["reading"]


Content = Reading


def label() -> str:
    return _("Lecture")


def rule(content: StepContent) -> str:
    return rule_for(content, _("Terminé quand vous avez lu la page."))


def assess(content: StepContent, work: Work) -> Assessment:
    return assess_fields(content, work)
