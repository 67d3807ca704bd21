"""What changed between two editions of a pathway, step by step: a pure rule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from app.models.progress import StepRow


class What(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    TASK = "task"
    MINUTES = "minutes"
    FORMAT = "format"
    OPTIONAL = "optional"
    READY = "ready"
    MOVED = "moved"


@dataclass(frozen=True)
class Difference:
    """One thing that changed of one step; `before` or `after` is None where the step is not."""

    what: What
    before: StepRow | None
    after: StepRow | None

    @property
    def row(self) -> StepRow:
        found = self.after or self.before
        if found is None:
            raise ValueError(self.what)
        return found


_COMPARED = {
    What.TASK: "task_digest",
    What.MINUTES: "minutes",
    What.FORMAT: "format_minutes",
    What.OPTIONAL: "optional",
    What.READY: "ready",
}


def differences(before: Sequence[StepRow], after: Sequence[StepRow]) -> tuple[Difference, ...]:
    """In the order of the newer edition; then the steps that it no longer has."""
    old, new = ({row.uid: row for row in rows} for rows in (before, after))
    moved = _moved([uid for uid in old if uid in new], [uid for uid in new if uid in old])
    found = [each for row in after for each in _of(old.get(row.uid), row, moved=moved)]
    return (*found, *(Difference(What.REMOVED, row, None) for row in before if row.uid not in new))


def _of(before: StepRow | None, after: StepRow, *, moved: set[str]) -> Iterator[Difference]:
    if before is None:
        yield Difference(What.ADDED, None, after)
        return
    for what, name in _COMPARED.items():
        if getattr(before, name) != getattr(after, name):
            yield Difference(what, before, after)
    if after.uid in moved or before.module_slug != after.module_slug:
        yield Difference(What.MOVED, before, after)


def _moved(old: list[str], new: list[str]) -> set[str]:
    """The fewest steps whose place changed among the others, as a reader would say it."""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return set(new) - {uid for block in blocks for uid in new[block.b : block.b + block.size]}
