"""The end of a format: what I keep, what I will try, what I will use."""

from typing import ClassVar, Literal

from app.i18n import _
from app.steps.kind import FIELDS, Assessment, StepContent, Work, asked, assess_fields

name = "milestone"
icon = "flag"
idle_seconds = 300
task_fields = FIELDS


class Milestone(StepContent):
    NEEDED: ClassVar[tuple[str, ...]] = ("fields",)

    kind: Literal["milestone"]


Content = Milestone


def label() -> str:
    return _("Jalon")


def rule(content: StepContent) -> str:
    if not asked(content):
        return _("Terminé quand vous avez fait le point.")
    return _("Terminé quand vous avez fait le point par écrit : une phrase par question suffit.")


def assess(content: StepContent, work: Work) -> Assessment:
    return assess_fields(content, work)
