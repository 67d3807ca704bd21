"""Examples of peers: the closest one first, the others one click away."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field as Bounds

from app.content.schema import Flaw, Ref, Slug, doubles
from app.i18n import _, ngettext
from app.steps.kind import FIELDS, Assessment, StepContent, Work, asked, assess_fields

name = "case"
icon = "users"
idle_seconds = 180
task_fields = FIELDS


class Case(StepContent):
    NEEDED: ClassVar[tuple[str, ...]] = ("sources", "cases")

    kind: Literal["case"]
    cases: Annotated[tuple[Slug, ...], Bounds(max_length=30)] = ()

    def flaws(self) -> Iterator[Flaw]:
        yield from super().flaws()
        yield from doubles(list(self.cases), "cases")

    def refs(self) -> Iterator[Ref]:
        yield from super().refs()
        yield from (Ref(("cases", rank), "case", slug) for rank, slug in enumerate(self.cases))


Content = Case


def label() -> str:
    return _("Exemple inspirant")


def rule(content: StepContent) -> str:
    n = asked(content)
    if not n:
        return _("Terminé quand vous avez lu un exemple.")
    return ngettext(
        "Terminé quand vous avez lu un exemple et répondu à la question.",
        "Terminé quand vous avez lu un exemple et répondu aux %(n)s questions.",
        n,
    )


def assess(content: StepContent, work: Work) -> Assessment:
    return assess_fields(content, work)
