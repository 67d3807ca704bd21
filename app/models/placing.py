"""When a learner is asked to place themself on the objectives: at entry and at exit, never in between."""

from collections.abc import Collection

from app.models.learning import Moment
from app.models.progress import Progress

BEGINNING = 1
"""Required steps done, at most, for it to be still the beginning."""

WITHDRAWN = "withdrawn"
"""Posted in the place of a level: what was said is taken back."""


def moment_of(progress: Progress) -> Moment:
    """At the beginning it is entry, from then on exit."""
    return Moment.ENTRY if progress.done <= BEGINNING and not progress.finished else Moment.EXIT


def asked(progress: Progress, placed: Collection[Moment]) -> Moment | None:
    """Entry at the beginning, exit once all is done; asked once, and never twice."""
    moment = moment_of(progress)
    due = moment is Moment.ENTRY or progress.finished
    return moment if due and moment not in placed else None
