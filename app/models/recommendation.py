"""From the answers to a self-diagnostic to a level, axes and where to begin: pure rules, data from `courses/`."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.content.documents import DiagnosticDoc, DiagnosticLevel

UNKNOWN_ALLOWED = 2
"""More « Je ne sais pas » than this and the result is « à compléter » (content plan, scoring)."""


@dataclass(frozen=True)
class AxisScore:
    code: str
    points: int
    out_of: int

    def reaches(self, percent: int) -> bool:
        return self.points * 100 >= percent * self.out_of


@dataclass(frozen=True)
class Score:
    """Points of a sitting; answers « Je ne sais pas » count neither for nor against."""

    total: int
    out_of: int
    axes: tuple[AxisScore, ...]
    unknown: int
    level: str

    @property
    def incomplete(self) -> bool:
        return self.unknown > UNKNOWN_ALLOWED


def score(diagnostic: DiagnosticDoc, answers: Mapping[str, int | None]) -> Score:
    """Points by axis and in total, and the level. `answers`: question uid -> 0 to 3, or None for « Je ne sais pas »."""
    axes = []
    for axis in diagnostic.axes:
        given = [answers[q.uid] for q in diagnostic.questions if q.axis == axis.code]
        known = [points for points in given if points is not None]
        axes.append(AxisScore(axis.code, sum(known), 3 * len(known)))
    total, out_of = sum(axis.points for axis in axes), sum(axis.out_of for axis in axes)
    unknown = sum(points is None for points in answers.values())
    return Score(total, out_of, tuple(axes), unknown, _level(diagnostic, total, out_of, axes).slug)


def _level(diagnostic: DiagnosticDoc, total: int, out_of: int, axes: list[AxisScore]) -> DiagnosticLevel:
    """The highest level whose total and axes are reached; the first one when nothing is known."""
    reached = diagnostic.levels[0]
    for level in diagnostic.levels:
        enough = total * 100 >= level.min_percent * out_of if out_of else level.min_percent == 0
        if enough and all(axis.reaches(level.min_axis_percent) for axis in axes):
            reached = level
    return reached


def lowest(axes: tuple[AxisScore, ...]) -> tuple[str, ...]:
    """The weakest axis, then the first one within one point of it: both are named, the learner chooses."""
    known = [axis for axis in axes if axis.out_of]
    if not known:
        return ()
    weakest = min(known, key=lambda axis: axis.points / axis.out_of)
    close = [axis for axis in known if axis is not weakest and _within_one_point(weakest, axis)]
    return (weakest.code, *(axis.code for axis in close[:1]))


def _within_one_point(low: AxisScore, axis: AxisScore) -> bool:
    return axis.points * low.out_of - low.points * axis.out_of <= low.out_of


def word(axis: AxisScore) -> int:
    """0 « à construire », 1 « en chemin », 2 « un appui »: below 40 %, below 65 %, from there up (ours)."""
    return 0 if not axis.reaches(40) else 1 if not axis.reaches(65) else 2
