"""A video, always with its text; for now only announced."""

from collections.abc import Iterator
from typing import Literal

from app.content.schema import Flaw
from app.i18n import _
from app.steps.kind import FIELDS, Assessment, StepContent, Work, assess_fields

name = "video"
icon = "play"
task_fields = FIELDS


class Video(StepContent):
    kind: Literal["video"]

    def flaws(self) -> Iterator[Flaw]:
        yield from super().flaws()
        if self.ready:
            yield ("kind",), _("ce type d’étape ne peut encore être qu’annoncé : ajoutez « ready: no »")


Content = Video


def label() -> str:
    return _("Vidéo")


def rule(content: StepContent) -> str:
    return _("Cette étape est en cours d’écriture.")


def assess(content: StepContent, work: Work) -> Assessment:
    return assess_fields(content, work)
