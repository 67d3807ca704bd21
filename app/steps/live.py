"""A dated meeting, with a twin for those who cannot come; for now only announced."""

from collections.abc import Iterator
from typing import Literal

from app.content.schema import Flaw
from app.i18n import _
from app.steps.kind import FIELDS, Assessment, StepContent, Work, assess_fields

name = "live"
icon = "radio"
task_fields = FIELDS


class Live(StepContent):
    kind: Literal["live"]

    def flaws(self) -> Iterator[Flaw]:
        yield from super().flaws()
        if self.ready:
            yield ("kind",), _("ce type d’étape ne peut encore être qu’annoncé : ajoutez « ready: no »")


Content = Live


def label() -> str:
    return _("Direct")


def rule(content: StepContent) -> str:
    return _("Cette étape est en cours d’écriture.")


def assess(content: StepContent, work: Work) -> Assessment:
    return assess_fields(content, work)
