"""What may be said of a group without saying anything of a person: never under 8, no level of fewer than 3."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

LEAST = 8
"""People who agreed, under which there is no average."""
FEW = 3
"""A level held by fewer is put together with others."""

K = TypeVar("K")


def mean(parts: Sequence[tuple[int, int]]) -> int | None:
    """Of points out of as many: a whole percentage, None when fewer than 8 know."""
    known = [points / out_of for points, out_of in parts if out_of]
    return round(100 * sum(known) / len(known)) if len(known) >= LEAST else None


def grouped(counts: Mapping[K, int]) -> list[tuple[tuple[K, ...], int]]:
    """How many hold each level, in order: those of fewer than 3 people are one group, which holds 3 at least.

    Nothing when fewer than 8 people are counted, nor when one group would hold them all: it would say where each is.
    """
    if sum(counts.values()) < LEAST:
        return []
    small = {key for key, n in counts.items() if n < FEW}
    if any(counts[key] for key in small):
        for key in sorted(counts.keys() - small, key=lambda key: counts[key]):
            if sum(counts[key] for key in small) >= FEW:
                break
            small.add(key)
    else:
        small = set()
    groups: list[tuple[tuple[K, ...], int]] = [((key,), n) for key, n in counts.items() if key not in small and n]
    if small:
        groups.append((tuple(key for key in counts if key in small), sum(counts[key] for key in small)))
    return groups if len(groups) > 1 else []
