"""Something to write in the notebook."""

from typing import ClassVar, Literal

from app.i18n import _, ngettext
from app.steps.kind import FIELDS, Assessment, StepContent, Work, asked, assess_fields

name = "exercise"
icon = "pencil-line"
idle_seconds = 300
task_fields = FIELDS


class Exercise(StepContent):
    NEEDED: ClassVar[tuple[str, ...]] = ("fields",)

    kind: Literal["exercise"]


Content = Exercise


def label() -> str:
    return _("Exercice")


def rule(content: StepContent) -> str:
    n = asked(content)
    if not n:
        return _("Terminé quand vous avez écrit ce qui vous est utile.")
    return ngettext(
        "Terminé quand vous avez répondu à la question.", "Terminé quand vous avez répondu aux %(n)s questions.", n
    )


def assess(content: StepContent, work: Work) -> Assessment:
    return assess_fields(content, work)
