"""What a learner plans to do: theirs to change for ever, beside a bilan that does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app import clock
from app.actions.enrolments import own_enrolment
from app.actions.summaries import hold
from app.db import upsert
from app.errors import Missing, Refused
from app.i18n import _
from app.models import Enrolment, Horizon, Outcome, PlanItem

MOST = 60
"""Lines of a plan: past that, it is no plan."""


@dataclass(frozen=True)
class Line:
    """As a form gives it."""

    key: str
    horizon: str
    text: str
    with_whom: str
    board: str
    due_on: date | None

    @property
    def empty(self) -> bool:
        return not (self.text or self.with_whom or self.board)


def write_plan(db: Session, person_id: int, slug: str, lines: Sequence[Line]) -> None:
    """Write these lines, each under its key; an emptied one goes, the others stay. Raises Missing, Refused."""
    enrolment = own_enrolment(db, person_id, slug)
    if not {line.horizon for line in lines} <= set(Horizon):
        raise Refused(_("Cette échéance n’existe pas. Rechargez la page."))
    gone = [line.key for line in lines if line.empty]
    db.execute(delete(PlanItem).where(PlanItem.enrolment_id == enrolment.id, PlanItem.key.in_(gone)))
    for line in lines:
        if not line.empty:
            _write(db, enrolment, line)
    if (db.scalar(select(func.count(PlanItem.id)).filter_by(enrolment_id=enrolment.id)) or 0) > MOST:
        raise Refused(_("Ce plan compte plus de %(n)s lignes : retirez-en.", n=MOST))


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


def _write(db: Session, enrolment: Enrolment, line: Line) -> None:
    said = {"text": line.text, "with_whom": line.with_whom, "board": line.board, "due_on": line.due_on}
    row = {"enrolment_id": enrolment.id, "key": line.key, "horizon": Horizon(line.horizon), "begun_at": clock.now()}
    upsert(db, PlanItem, row | said, ["enrolment_id", "key"], [*said])
