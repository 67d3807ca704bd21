"""Formats: nested by their minutes, open when all of their steps are written."""

from collections.abc import Iterable

from app.content.documents import Format, PathwayDoc, StepDoc

TOLERANCE = 10
"""Percent by which the minutes of a format may differ from what it declares."""


def offered(pathway: PathwayDoc, steps: Iterable[StepDoc]) -> tuple[Format, ...]:
    """The formats open to learners: every required step is written and the minutes are those declared."""
    known = list(steps)
    return tuple(f for f in pathway.formats if on_budget(pathway, f, known) and _written(pathway, f, known))


def _written(pathway: PathwayDoc, format: Format, steps: Iterable[StepDoc]) -> bool:
    return all(step.ready for step in inside(pathway, format, steps))


def inside(pathway: PathwayDoc, format: Format, steps: Iterable[StepDoc]) -> list[StepDoc]:
    """The required steps of a format: its own and those of the shorter ones."""
    minutes = {f.name: f.minutes for f in pathway.formats}
    return [s for s in steps if not s.optional and s.format in minutes and minutes[s.format] <= format.minutes]


def on_budget(pathway: PathwayDoc, format: Format, steps: Iterable[StepDoc]) -> bool:
    total = sum(step.minutes for step in inside(pathway, format, steps))
    return abs(total - format.minutes) * 100 <= TOLERANCE * format.minutes
