"""What the notebook holds beside the steps: texts of tools and of notes to a board, and the plans, in one statement."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.models import Enrolment, Note, PlanItem, Summary
from app.models.plan import Planned
from app.reads import plans


@dataclass
class Beside:
    texts: dict[str, dict[str, tuple[str, datetime]]] = field(default_factory=dict)
    """Uid -> field -> (text, when it was saved), steps included."""
    bilans: dict[str, int] = field(default_factory=dict)
    """Code of a bilan under which something is written -> the enrolment that holds it."""
    plans: list[Planned] = field(default_factory=list)


def beside_steps(db: Session, person_id: int) -> Beside:
    taken_over, holder = aliased(Enrolment), aliased(Enrolment)
    notes = (
        select(Note.uid, Note.field, Note.text.label("said"), Note.at, holder.id.label("holder_id"))
        .add_columns(*plans.absent(*plans.COLUMNS))
        .outerjoin(Summary, Summary.code == Note.uid)
        .outerjoin(taken_over, taken_over.id == Summary.enrolment_id)
        .outerjoin(holder, holder.id == func.coalesce(taken_over.merged_into_id, taken_over.id))
        .where(Note.person_id == person_id, Note.superseded_at.is_(None))
    )
    lines = (
        select(*plans.absent(Note.uid, Note.field, Note.text, Note.at, Note.id), *plans.COLUMNS)
        .select_from(PlanItem)
        .join(Enrolment, Enrolment.id == PlanItem.enrolment_id)
        .where(Enrolment.person_id == person_id, Enrolment.closed_at.is_(None))
    )
    found = Beside()
    for row in db.execute(notes.union_all(lines)):
        if row.uid is None:
            found.plans.append(plans.planned(row[5:]))
            continue
        found.texts.setdefault(row.uid, {})[row.field] = (row.said, row.at)
        if row.holder_id is not None:
            found.bilans[row.uid] = row.holder_id
    found.plans = plans.in_order(found.plans)
    return found
