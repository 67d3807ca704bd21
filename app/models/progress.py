"""What is done and what is left: asked the same way by every page, stored nowhere."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from app.i18n import ORIGINAL


@dataclass(frozen=True)
class StepRow:
    """A step of an edition beside its progress in one enrolment; minutes are declared ones."""

    module: int
    module_slug: str
    module_title: str
    module_summary: str
    uid: str
    kind: str
    title: str
    minutes: int
    format_minutes: int
    optional: bool
    ready: bool
    task_digest: str
    completed_at: datetime | None = None
    minutes_credited: int | None = None
    done_digest: str | None = None
    lang: str = ORIGINAL
    """Of its title."""
    module_lang: str = ORIGINAL

    @property
    def done(self) -> bool:
        return self.completed_at is not None

    @property
    def changed(self) -> bool:
        """Done, and what was asked has changed since: it may be redone."""
        return self.done and self.done_digest != self.task_digest


@dataclass(frozen=True)
class Progress:
    """Progress through the steps of an edition in the format of `format_minutes`."""

    rows: tuple[StepRow, ...]
    format_minutes: int

    @cached_property
    def required(self) -> tuple[StepRow, ...]:
        return tuple(row for row in self.rows if row.format_minutes <= self.format_minutes and not row.optional)

    @cached_property
    def missing(self) -> tuple[StepRow, ...]:
        """Required steps not done yet, in order."""
        return tuple(row for row in self.required if not row.done)

    @property
    def total(self) -> int:
        return len(self.required)

    @property
    def done(self) -> int:
        return self.total - len(self.missing)

    @property
    def finished(self) -> bool:
        return bool(self.required) and not self.missing

    @cached_property
    def total_minutes(self) -> int:
        return sum(row.minutes for row in self.required)

    @cached_property
    def left_minutes(self) -> int:
        return sum(row.minutes for row in self.missing)

    @property
    def credited_minutes(self) -> int:
        """Declared minutes of the required steps done, in the edition in which each was completed."""
        return sum(row.minutes_credited or 0 for row in self.required)

    @property
    def next(self) -> StepRow | None:
        """The first required step not done that can be done."""
        return next((row for row in self.missing if row.ready), None)

    def after(self, uid: str) -> StepRow | None:
        """Where to go once `uid` is done: the next one not done in order, else the first one left."""
        order = [row.uid for row in self.rows]
        here = order.index(uid)
        left = [row for row in self.missing if row.uid != uid and row.ready]
        return next((row for row in left if order.index(row.uid) > here), left[0] if left else None)

    def number(self, uid: str) -> int | None:
        """« Étape 8 sur 22 »: its rank among the required steps, or None outside the format."""
        return next((rank for rank, row in enumerate(self.required, 1) if row.uid == uid), None)
