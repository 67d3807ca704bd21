"""Where each module and step of a pathway stands, and what was taken away from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.content import folder
from app.content.outline import Outline, said
from app.i18n import ORIGINAL
from app.models import Draft


@dataclass(frozen=True)
class Entry:
    """A module or a step: its rank among its own, from 1."""

    number: int
    title: str
    step: bool
    module: int
    """Number of a step’s module; 0 for a module."""
    home: str
    """Title of a step’s module."""
    rank: int
    of: int


@dataclass(frozen=True)
class Gone:
    """What was taken away and can be given back."""

    number: int
    title: str
    step: bool
    removed_at: datetime


def entries(whole: Outline, living: Sequence[Draft]) -> tuple[Entry, ...]:
    """In order, each module before its steps."""
    numbers = {each.path: each.id for each in living}
    modules = [module for module in whole.modules if module.path in numbers]
    found = []
    for rank, module in enumerate(modules, 1):
        number = numbers[module.path]
        found.append(Entry(number, module.title, False, 0, "", rank, len(modules)))
        for place, step in enumerate(module.steps if not module.use else (), 1):
            entry = Entry(numbers[step.path], step.title, True, number, module.title, place, len(module.steps))
            found.append(entry)
    return tuple(found)


def gone(every: Sequence[Draft]) -> tuple[Gone, ...]:
    """The last first. What a move left where it stood is not there: the step is alive elsewhere."""
    fronts = {each.document_id for each in every if each.removed_at is None and each.path.endswith("/module.md")}
    alive = {said(each.path, each.text or "").get("uid") for each in every if each.removed_at is None and _step(each)}
    found: dict[object, Gone] = {}
    for each in sorted(every, key=lambda draft: (draft.removed_at is not None, draft.removed_at or draft.updated_at)):
        if each.removed_at is None or not each.removed_here or each.text is None:
            continue
        keys = said(each.path, each.text)
        if _step(each) and each.document_id in fronts and keys.get("uid") not in alive:
            found[keys.get("uid") or each.id] = Gone(each.id, keys.get("title", ""), True, each.removed_at)
        elif each.path.endswith("/module.md") and each.document_id not in fronts:
            found[f"module {each.document_id}"] = Gone(each.id, keys.get("title", ""), False, each.removed_at)
    return tuple(sorted(found.values(), key=lambda line: line.removed_at, reverse=True))


def _step(draft: Draft) -> bool:
    name = draft.path.rsplit("/", 1)[-1]
    return draft.text is not None and name[:2].isdigit() and folder.language(draft.path) == ORIGINAL
