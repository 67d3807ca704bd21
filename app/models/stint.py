"""« J'ai 20 minutes »: which steps fit in the time at hand, and where to stop. One pure rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from app.models.progress import Progress, StepRow

AT_HAND = (10, 20, 40)
"""The times that one may choose, in minutes."""


@dataclass(frozen=True)
class Stint:
    """What to do in the time at hand."""

    at_hand: int
    steps: tuple[StepRow, ...]
    whole: bool
    """It ends where a module does."""

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)

    @property
    def longer(self) -> bool:
        """The next step alone asks for more than the time at hand."""
        return self.minutes > self.at_hand


def stint(progress: Progress, at_hand: int) -> Stint:
    """The next required steps, in order, that fit; the next one alone when it is longer.

    It stops at the last end of a module that uses half of the time at hand or more, else at the last step that fits.
    """
    left = [row for row in progress.missing if row.ready]
    fitting = [rank for rank, spent in enumerate(accumulate(row.minutes for row in left), 1) if spent <= at_hand]
    ends = [rank for rank in fitting if _ends(left, rank) and 2 * _sum(left, rank) >= at_hand]
    rank = ends[-1] if ends else fitting[-1] if fitting else 1
    steps = tuple(left[:rank])
    return Stint(at_hand, steps, bool(steps) and _ends(left, rank))


def _ends(left: Sequence[StepRow], rank: int) -> bool:
    """Nothing of the module of the step of that rank, from 1, is left after it."""
    return rank == len(left) or left[rank].module != left[rank - 1].module


def _sum(left: Sequence[StepRow], rank: int) -> int:
    return sum(row.minutes for row in left[:rank])
