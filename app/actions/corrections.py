"""A correctif is proved, not promised: it changes no step, no task, no answer, no minute."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Refused
from app.i18n import _
from app.models import Edition, EditionFormat, Objective
from app.models.comparison import What, differences
from app.reads import courses, editions


def corrected(db: Session, pathway_id: int) -> Edition | None:
    """What a correctif would correct: the newest edition on offer, at the end of its own correctifs."""
    query = select(Edition).filter_by(pathway_id=pathway_id, withdrawn_at=None)
    found = db.scalar(query.order_by(Edition.number.desc()).limit(1))
    while found is not None and (after := db.scalar(select(Edition).filter_by(corrects_id=found.id))) is not None:
        found = after
    return found


def prove(db: Session, before: Edition, after: Edition, title: str) -> None:
    """Refuse what is no correctif, naming the first step that changed and why. Raises Refused."""
    found = differences(courses.steps(db, before.id, None), courses.steps(db, after.id, None))
    if found:
        raise Refused(_refusal(title, found[0].row.title, _why(found[0].what)))
    asked = editions.tasks(db, after.id)
    titles = {row.uid: row.title for row in courses.steps(db, after.id, None)}
    for (uid, lang), digest in editions.tasks(db, before.id).items():
        if asked.get((uid, lang)) != digest:
            raise Refused(_refusal(title, titles[uid], _why(What.TASK)))
    if _front(db, before) != _front(db, after):
        raise Refused(
            _("« %(title)s » : ce n’est pas un correctif. Ses formats ou ses objectifs changent.", title=title)
        )


def _front(db: Session, edition: Edition) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """The formats that an edition declares, and its objectives but for their words."""
    formats = select(EditionFormat.name, EditionFormat.minutes).filter_by(edition_id=edition.id)
    objectives = select(Objective).filter_by(revision_id=edition.front_revision_id).order_by(Objective.position)
    return (
        [tuple(row) for row in db.execute(formats.order_by(EditionFormat.minutes))],
        [(o.uid, o.format_minutes, tuple(o.evidence)) for o in db.scalars(objectives)],
    )


def _refusal(title: str, step: str, why: str) -> str:
    return _(
        "« %(title)s » : ce n’est pas un correctif. L’étape « %(step)s » %(why)s.", title=title, step=step, why=why
    )


def _why(what: What) -> str:
    return {
        What.ADDED: _("s’ajoute"),
        What.REMOVED: _("disparaît"),
        What.TASK: _("change de consigne ou de réponses"),
        What.MINUTES: _("change de durée"),
        What.FORMAT: _("change de format"),
        What.OPTIONAL: _("devient facultative, ou cesse de l’être"),
        What.READY: _("n’est plus dans le même état d’écriture"),
        What.MOVED: _("change de place"),
    }[what]
