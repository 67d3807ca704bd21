"""What a step's numbers tell its author: time measured beside time declared. Pure rules, never about one person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles

FEWEST = 8
"""People below whom no time is said (product rule 12)."""
OUT = 3.0
"""Interquartile ranges beyond the quartiles past which a time says nothing: a page left open, a page skimmed."""
WORTH = 2
"""Minutes of difference below which nothing is proposed."""


@dataclass(frozen=True)
class Spread:
    """Of the measured time of those who finished a step. Minutes, rounded."""

    people: int
    median: int
    third_quartile: int


@dataclass(frozen=True)
class Proposal:
    """Other minutes for a step, which keep every format that holds it within its tolerance."""

    uid: str
    declared: int
    measured: int


def spread(seconds: Sequence[int]) -> Spread | None:
    """None below `FEWEST` people, before and after times that say nothing are cut."""
    if len(seconds) < FEWEST:
        return None
    low, _middle, high = quantiles(seconds, n=4, method="inclusive")
    reach = OUT * (high - low)
    kept = [each for each in seconds if low - reach <= each <= high + reach]
    if len(kept) < FEWEST:
        return None
    _first, median, third = quantiles(kept, n=4, method="inclusive")
    return Spread(len(kept), max(1, round(median / 60)), max(1, round(third / 60)))


@dataclass(frozen=True)
class Declared:
    """A required step as it counts in the formats. `format_minutes`: nominal, of the smallest that holds it."""

    uid: str
    minutes: int
    format_minutes: int


def proposals(steps: Sequence[Declared], formats: Sequence[int], measured: Mapping[str, int]) -> list[Proposal]:
    """Medians to declare instead, the widest gaps first, as long as every format stays within 10 % of its length.

    `formats`: nominal minutes; `measured`: median minutes by step.
    """
    sums = {length: sum(s.minutes for s in steps if s.format_minutes <= length) for length in formats}
    found = []
    for step in sorted(steps, key=lambda s: (-abs(measured.get(s.uid, s.minutes) - s.minutes), s.uid)):
        gap = measured.get(step.uid, step.minutes) - step.minutes
        if abs(gap) < WORTH:
            continue
        after = {length: total + (gap if step.format_minutes <= length else 0) for length, total in sums.items()}
        if all(abs(total - length) * 10 <= length for length, total in after.items()):
            found.append(Proposal(step.uid, step.minutes, step.minutes + gap))
            sums = after
    return found
