"""Something to open and keep: links, a kit."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field as Bounds

from app.content.documents import Reference
from app.content.schema import Flaw, MaybeSlug, Ref, Said, Switch
from app.i18n import _
from app.steps.kind import FIELDS, Assessment, StepContent, Work, assess_fields, rule_for

name = "resource"
icon = "folder-open"
idle_seconds = 120
task_fields = FIELDS


class Resource(StepContent):
    NEEDED: ClassVar[tuple[str, ...]] = ()

    kind: Literal["resource"]
    links: Said[Annotated[tuple[Reference, ...], Bounds(max_length=30)]] = ()
    kit: MaybeSlug = ""
    by_chemin: Switch = False
    """Offer the kit of the learner's chemin; `kit` is the default one."""

    def flaws(self) -> Iterator[Flaw]:
        yield from super().flaws()
        if self.by_chemin and not self.kit:
            yield ("by_chemin",), _("« kit » est attendu aussi : celui que l’on propose sans chemin choisi")
        if self.ready and not (self.links or self.kit or self.body):
            yield (), _("une ressource a des liens, un kit ou un texte")

    def refs(self) -> Iterator[Ref]:
        yield from super().refs()
        if self.kit:
            yield Ref(("kit",), "kit", self.kit)


Content = Resource


def label() -> str:
    return _("Ressource")


def rule(content: StepContent) -> str:
    return rule_for(content, _("Terminé quand vous avez ouvert la ressource."))


def assess(content: StepContent, work: Work) -> Assessment:
    return assess_fields(content, work)
