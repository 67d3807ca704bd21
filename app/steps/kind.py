"""What the house asks of a kind of step, and what kinds share."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.content.documents import StepDoc
from app.i18n import _, ngettext
from app.steps import fields

StepContent = StepDoc

FIELDS = tuple(f"fields.{name}" for name in ("name", "label", "type", "required", "options", "terms"))
"""What is asked by fields, as task fields."""


@dataclass(frozen=True)
class Work:
    """What a learner has done for a step so far."""

    notes: Mapping[str, str] = field(default_factory=dict)
    """Field -> text."""
    right: frozenset[str] = frozenset()
    """Uids of the questions answered right at least once."""
    result_read: bool = False
    surprise: str = ""
    begun: bool | None = None
    """The meeting of their own cohort has begun; None: they have none, the step says when."""


@dataclass(frozen=True)
class Assessment:
    """Whether a step is done. `missing`: sentences; `errors`: field -> sentence; `apart`: those of `missing` that are
    about no field. `after`: uid of the step to go on with, once this one is recorded; None for the bilan."""

    complete: bool
    missing: tuple[str, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    apart: tuple[str, ...] = ()
    after: str | None = None


class StepKind(Protocol):
    """One file of this package: what its author writes, when it is done."""

    @property
    def name(self) -> str: ...

    @property
    def icon(self) -> str:
        """Of Lucide."""

    @property
    def idle_seconds(self) -> int:
        """How long after the last gesture time still counts as measured."""

    @property
    def Content(self) -> type[StepContent]: ...

    @property
    def task_fields(self) -> tuple[str, ...]:
        """Keys, with dots for those of a list's items: what is asked, never prose, title, media or minutes."""

    def label(self) -> str: ...

    def rule(self, content: StepContent) -> str:
        """« Terminé quand… »"""

    def assess(self, content: StepContent, work: Work) -> Assessment: ...


def assess_fields(content: StepContent, work: Work, *missing: str) -> Assessment:
    """Done when the required fields are written and nothing else is missing. A step being written is never done."""
    if not content.ready:
        waiting = (_("Cette étape est en cours d’écriture."),)
        return Assessment(False, waiting, apart=waiting)
    errors = fields.errors(content.fields, work.notes)
    labels = {f.name: f.label for f in content.fields}
    said = (
        *missing,
        *(_("%(label)s : %(said)s", label=labels[name], said=sentence) for name, sentence in errors.items()),
    )
    return Assessment(not said, said, errors, missing)


def asked(content: StepContent) -> int:
    """How many fields must be written."""
    return sum(f.required for f in content.fields)


def rule_for(content: StepContent, nothing: str) -> str:
    """The done-rule of a step that asks for fields; `nothing`: when it asks for none."""
    if not (n := asked(content)):
        return nothing
    return ngettext(
        "Terminé quand vous avez lu la page et répondu à la question.",
        "Terminé quand vous avez lu la page et répondu aux %(n)s questions.",
        n,
    )


def task_of(content: StepContent, names: Iterable[str], uses: Iterable[str] = ()) -> str:
    """SHA-256 of what a step asks. `uses`: digests of the documents that it shows."""
    task = _pick(content.model_dump(mode="json", by_alias=True), [name.split(".") for name in names])
    said = json.dumps([content.kind, task, list(uses)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _pick(value: Any, paths: list[list[str]]) -> Any:
    """The parts of a dumped document that these paths name."""
    if [] in paths:
        return value
    if isinstance(value, list):
        return [_pick(item, paths) for item in value]
    if not isinstance(value, dict):
        return value
    heads = dict.fromkeys(path[0] for path in paths)
    return {h: _pick(value[h], [path[1:] for path in paths if path[0] == h]) for h in heads if h in value}
