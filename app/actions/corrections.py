"""A correctif is proved, not promised: it changes no step, no task, no answer, no minute."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Refused
from app.models import Edition
from app.reads import states


def corrected(db: Session, pathway_id: int) -> Edition | None:
    """What a correctif would correct: the newest edition on offer, at the end of its own correctifs."""
    query = select(Edition).filter_by(pathway_id=pathway_id, withdrawn_at=None)
    found = db.scalar(query.order_by(Edition.number.desc()).limit(1))
    while found is not None and (after := db.scalar(select(Edition).filter_by(corrects_id=found.id))) is not None:
        found = after
    return found


def prove(db: Session, before: Edition, after: Edition, title: str) -> None:
    """Refuse what is no correctif, naming the first step that changed and why. Raises Refused."""
    was, now = (states.of_edition(db, each.id, each.front_revision_id) for each in (before, after))
    if why := states.why_no_correctif(title, was, now):
        raise Refused(why)
