"""Self-placement on the objectives of a pathway: what the learner says of themself, never a measure."""

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app import clock
from app.actions.enrolments import own_enrolment
from app.db import upsert
from app.errors import Missing, Refused
from app.i18n import _
from app.models import Mastery, Moment, Placement
from app.models.placing import WITHDRAWN
from app.reads import bilan, courses, learning


def place_oneself(db: Session, person_id: int, slug: str, moment: Moment, levels: Mapping[str, str]) -> None:
    """Say where one stands on some objectives of one's format; said again, only what changed is dated anew.

    `levels`: objective uid -> level, or WITHDRAWN to take back what one said. Raises Missing, Refused.
    """
    enrolment = own_enrolment(db, person_id, slug)
    known = {each.uid for each in bilan.own_objectives(courses.enrolled(db, enrolment).doc, enrolment.format_minutes)}
    if not known:
        raise Missing
    if not levels:
        raise Refused(_("Choisissez au moins une réponse, ou passez."))
    if not levels.keys() <= known:
        raise Refused(_("Cet objectif n’est pas, ou plus, dans votre format. Rechargez la page."))
    if not set(levels.values()) <= {*Mastery, WITHDRAWN}:
        raise Refused(_("Ce choix n’existe plus. Choisissez dans la liste."))
    before = learning.placements(db, enrolment.id)
    for uid in [uid for uid, word in levels.items() if word == WITHDRAWN]:
        said = (Placement.enrolment_id == enrolment.id, Placement.objective_uid == uid, Placement.moment == moment)
        db.execute(delete(Placement).where(*said))
    for uid, word in ((uid, word) for uid, word in levels.items() if word != WITHDRAWN):
        level, found = Mastery(word), before.get((uid, moment))
        if found is None or found.level is not level:
            row = {"enrolment_id": enrolment.id, "objective_uid": uid, "moment": moment, "level": level}
            keys = ["enrolment_id", "objective_uid", "moment"]
            upsert(db, Placement, row | {"at": clock.now()}, keys, ["level", "at"])
