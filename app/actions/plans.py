"""What a learner plans to do: theirs to change for ever, beside a bilan that does not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import clock
from app.actions.enrolments import own_enrolment
from app.actions.summaries import hold
from app.db import upsert
from app.errors import Missing, Refused
from app.i18n import _
from app.models import Enrolment, Horizon, Outcome, PlanItem
from app.models.plan import BLANK, MOST, mark
from app.reads import plans as reads


@dataclass(frozen=True)
class Line:
    """As a form gives it."""

    key: str
    horizon: str
    text: str
    with_whom: str
    board: str
    due_on: date | None
    seen: str = BLANK
    """The mark of what its page showed."""

    @property
    def empty(self) -> bool:
        return not (self.text or self.with_whom or self.board)

    @property
    def mark(self) -> str:
        return BLANK if self.empty else mark(self.text, self.with_whom, self.board, self.due_on)


def write_plan(db: Session, person_id: int, slug: str, lines: Sequence[Line]) -> frozenset[str]:
    """Write the lines that their page changed, each under its key; an emptied one goes, the others stay.

    Returns the keys of those that were changed elsewhere meanwhile: then nothing is written. Raises Missing, Refused.
    """
    enrolment = own_enrolment(db, person_id, slug)
    there = {line.key: line.mark for line in reads.plan(db, enrolment.id)}
    if not all(line.horizon in set(Horizon) and (line.key in there or ":" not in line.key) for line in lines):
        raise Refused(_("Cette échéance n’existe pas. Rechargez la page."))
    ours = [line for line in lines if line.mark != line.seen]
    met = frozenset(line.key for line in ours if there.get(line.key, BLANK) not in (line.seen, line.mark))
    if met:
        return met
    _keep(db, enrolment, ours, there)
    return met


def answer(db: Session, person_id: int, number: int, word: str) -> None:
    """Say whether a commitment happened; said again on the same day, nothing changes. Raises Missing, Refused."""
    hold(db, person_id)
    mine = select(Enrolment.id).where(Enrolment.person_id == person_id, Enrolment.closed_at.is_(None))
    own = (PlanItem.id == number, PlanItem.enrolment_id.in_(mine), PlanItem.horizon == Horizon.DAYS_15)
    line = db.scalars(select(PlanItem).where(*own).with_for_update()).one_or_none()
    if line is None:
        raise Missing
    if word not in set(Outcome):
        raise Refused(_("Choisissez une réponse."))
    now = clock.now()
    if line.outcome != word or line.outcome_at is None or line.outcome_at.date() != now.date():
        line.outcome, line.outcome_at = Outcome(word), now


def _keep(db: Session, enrolment: Enrolment, lines: Sequence[Line], there: Collection[str]) -> None:
    """A plan already too long, two of them having been joined, may stay so, and no longer grow."""
    gone = {line.key for line in lines if line.empty}
    now = (set(there) | {line.key for line in lines}) - gone
    if len(now) > max(MOST, len(there)):
        raise Refused(_("Ce plan compte plus de %(n)s lignes : retirez-en.", n=MOST))
    db.execute(delete(PlanItem).where(PlanItem.enrolment_id == enrolment.id, PlanItem.key.in_(gone)))
    for line in lines:
        if not line.empty:
            _write(db, enrolment, line)


def _write(db: Session, enrolment: Enrolment, line: Line) -> None:
    said = {"text": line.text, "with_whom": line.with_whom, "board": line.board, "due_on": line.due_on}
    row = {"enrolment_id": enrolment.id, "key": line.key, "horizon": Horizon(line.horizon), "begun_at": clock.now()}
    upsert(db, PlanItem, row | said, ["enrolment_id", "key"], [*said])
