"""A self-diagnostic: done when its result is read and what surprises is written."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from app.content.schema import MaybeSlug, Ref
from app.i18n import _
from app.steps.kind import FIELDS, Assessment, StepContent, Work, assess_fields

name = "diagnostic"
icon = "gauge"
idle_seconds = 120
task_fields = (*FIELDS, "diagnostic")

SURPRISE = "surprise"
"""The notebook's field for « ce qui me surprend »."""


class Diagnostic(StepContent):
    NEEDED: ClassVar[tuple[str, ...]] = ("diagnostic",)

    kind: Literal["diagnostic"]
    diagnostic: MaybeSlug = ""

    def refs(self) -> Iterator[Ref]:
        yield from super().refs()
        if self.diagnostic:
            yield Ref(("diagnostic",), "diagnostic", self.diagnostic)


Content = Diagnostic


def label() -> str:
    return _("Autodiagnostic")


def rule(content: StepContent) -> str:
    return _("Terminé quand vous avez lu votre résultat et écrit ce qui vous surprend.")


def assess(content: StepContent, work: Work) -> Assessment:
    if not content.ready:
        return assess_fields(content, work)
    if not work.result_read:
        return assess_fields(content, work, _("Répondez aux questions, puis lisez votre résultat."))
    if work.surprise.strip():
        return assess_fields(content, work)
    said = _("Écrivez une phrase sur ce qui vous surprend, même courte.")
    found = assess_fields(content, work, said)
    return Assessment(False, found.missing, {SURPRISE: said, **found.errors}, found.apart)
