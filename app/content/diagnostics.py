"""A self-diagnostic as an author writes it: axes, questions, levels and what each advises."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field as Bounds

from app.content.schema import (
    Body,
    Doc,
    Document,
    Flaw,
    FormatName,
    Line,
    Loc,
    MaybeLine,
    MaybeSaid,
    MaybeSlug,
    Minutes,
    OrNothing,
    Percent,
    Ref,
    Said,
    Same,
    Slug,
    Text,
    Texts,
    Title,
    Uid,
    doubles,
    matching,
)
from app.i18n import _


class AxisDoc(Doc):
    code: Same[Annotated[Line, matching(r"[A-Z]", lambda: _("une lettre majuscule est attendue"))]]
    name: Said[Line]
    low: Said[Text]
    """Completes « Ce qui manque le plus : … »."""
    module: Slug
    """The module to begin with, its folder's name without the number."""
    sheet: Uid
    """The kit sheet to open first."""
    cross_kit: MaybeSlug = ""
    """Another kit to add when this axis is the lowest."""


class DiagnosticQuestion(Doc):
    uid: Same[Uid]
    axis: Line
    ask: Said[Text]
    options: Said[Annotated[tuple[Line, ...], Bounds(min_length=4, max_length=4)]]
    """Worth 0, 1, 2 and 3 points."""

    def flaws(self) -> Iterator[Flaw]:
        yield from doubles(list(self.options), "options")


SheetRule = Literal["first", "weakest", "second", "all"]
"""Of a kit: its first sheet, that of the lowest axis, that of the next lowest, every sheet."""


class DiagnosticLevel(Doc):
    slug: Same[Slug]
    min_percent: Percent
    min_axis_percent: Percent = 0
    format: FormatName
    """The format to recommend."""
    longer: Annotated[FormatName, OrNothing] = ""
    """The format to recommend instead, to who says that they have the time for it."""
    intent: MaybeSlug = ""
    need: MaybeSlug = ""
    sheets: Annotated[tuple[SheetRule, ...], Bounds(max_length=3)] = ("weakest",)
    """The kit's sheets to open, in this order."""
    also: Said[MaybeLine] = ""
    """What goes with the sheets: an example, the roadmap."""
    data: Said[MaybeLine] = ""
    tools: Said[MaybeLine] = ""
    skills: Said[MaybeLine] = ""
    text: Said[Text]
    discuss_with: Said[Line]
    discuss: Said[Text]

    def flaws(self) -> Iterator[Flaw]:
        yield from doubles(list(self.sheets), "sheets")


class DiagnosticDoc(Document):
    uid: Same[Uid]
    title: Said[Title]
    summary: Said[Text]
    minutes: Minutes
    """To answer."""
    axes: Said[Annotated[tuple[AxisDoc, ...], Bounds(min_length=1, max_length=10)]]
    questions: Said[Annotated[tuple[DiagnosticQuestion, ...], Bounds(min_length=1, max_length=60)]]
    levels: Said[Annotated[tuple[DiagnosticLevel, ...], Bounds(min_length=1, max_length=10)]]
    """Lowest first."""
    kit: Slug
    sources: MaybeSaid[Annotated[Texts, Bounds(min_length=1, max_length=200)]]
    provenance: Said[Text]
    body: Said[Body] = ""

    def flaws(self) -> Iterator[Flaw]:
        codes = [axis.code for axis in self.axes]
        yield from doubles(codes, "axes", "code")
        for rank, question in enumerate(self.questions):
            if question.axis not in codes:
                yield ("questions", rank, "axis"), _("l’axe « %(axis)s » n’existe pas ici", axis=question.axis)
        for rank, code in enumerate(codes):
            if all(question.axis != code for question in self.questions):
                yield ("axes", rank), _("aucune question ne porte sur l’axe « %(axis)s »", axis=code)
        yield from doubles([level.slug for level in self.levels], "levels", "slug")
        if self.levels[0].min_percent or self.levels[0].min_axis_percent:
            yield ("levels", 0, "min_percent"), _("le premier niveau commence à 0")
        for rank in range(1, len(self.levels)):
            if self.levels[rank].min_percent <= self.levels[rank - 1].min_percent:
                yield ("levels", rank, "min_percent"), _("les niveaux vont du plus bas au plus haut")

    def refs(self) -> Iterator[Ref]:
        yield Ref(("kit",), "kit", self.kit)
        for rank, axis in enumerate(self.axes):
            yield Ref(("axes", rank, "module"), "module", axis.module)
            yield Ref(("axes", rank, "sheet"), "sheet", axis.sheet, self.kit)
            if axis.cross_kit:
                yield Ref(("axes", rank, "cross_kit"), "kit", axis.cross_kit)
        for rank, level in enumerate(self.levels):
            yield Ref(("levels", rank, "slug"), "term", level.slug, "maturity_levels")
            yield Ref(("levels", rank, "format"), "format", level.format)
            if level.longer:
                yield Ref(("levels", rank, "longer"), "format", level.longer)
            for name, within in (("intent", "intents"), ("need", "needs")):
                if value := getattr(level, name):
                    yield Ref(("levels", rank, name), "term", value, within)

    def uids(self) -> Iterator[tuple[Loc, str]]:
        yield ("uid",), self.uid
        yield from ((("questions", rank, "uid"), q.uid) for rank, q in enumerate(self.questions))
