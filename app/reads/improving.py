"""How a pathway is lived, step by step: counts over everybody, never a person. Each function is one statement."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import groupby

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from app.models import Attempt, AttemptAnswer, Enrolment, StepEvent, StepProgress, TimeInterval
from app.models.measured import Interval, length

LATEST = 500
"""Enrolments, the last begun, whose time is looked at: what was corrected since must show."""


def starts(db: Session, pathway_id: int) -> Mapping[str, int]:
    """By step, the enrolments that left any trace there: time, a try, an event."""
    of = Enrolment.pathway_id == pathway_id
    traces = union(
        *(
            select(model.step_uid.label("uid"), model.enrolment_id.label("enrolment"))
            .join(Enrolment, Enrolment.id == model.enrolment_id)
            .where(of, model.step_uid.is_not(None), Enrolment.merged_into_id.is_(None))
            for model in (TimeInterval, Attempt, StepEvent)
        )
    ).subquery()
    query = select(traces.c.uid, func.count().label("people")).group_by(traces.c.uid)
    return {row.uid: row.people for row in db.execute(query)}


def completions(db: Session, pathway_id: int) -> Mapping[str, int]:
    """By step, the enrolments that completed it."""
    query = (
        select(StepProgress.step_uid.label("uid"), func.count().label("people"))
        .join(Enrolment, Enrolment.id == StepProgress.enrolment_id)
        .where(Enrolment.pathway_id == pathway_id, Enrolment.merged_into_id.is_(None))
        .group_by(StepProgress.step_uid)
    )
    return {row.uid: row.people for row in db.execute(query)}


def answers(db: Session, pathway_id: int) -> Mapping[str, Mapping[str, int]]:
    """By question, how often each canonical choice was given, every try counted."""
    query = (
        select(AttemptAnswer.question_uid, AttemptAnswer.choice, func.count())
        .join(Attempt, Attempt.id == AttemptAnswer.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Enrolment.pathway_id == pathway_id, Enrolment.merged_into_id.is_(None))
        .group_by(AttemptAnswer.question_uid, AttemptAnswer.choice)
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for uid, choice, count in db.execute(query):
        found[uid][choice] = count
    return found


def measured(db: Session, pathway_id: int) -> Mapping[str, list[int]]:
    """By step, the seconds of each enrolment that completed it, counted as the learner sees them: their union."""
    latest = (
        select(Enrolment.id)
        .where(Enrolment.pathway_id == pathway_id, Enrolment.merged_into_id.is_(None))
        .order_by(Enrolment.id.desc())
        .limit(LATEST)
        .subquery()
    )
    query = (
        select(TimeInterval.enrolment_id, TimeInterval.step_uid, TimeInterval.from_at, TimeInterval.seconds)
        .join(latest, latest.c.id == TimeInterval.enrolment_id)
        .join(
            StepProgress,
            (StepProgress.enrolment_id == TimeInterval.enrolment_id) & (StepProgress.step_uid == TimeInterval.step_uid),
        )
        .order_by(TimeInterval.step_uid, TimeInterval.enrolment_id)
    )
    found: dict[str, list[int]] = defaultdict(list)
    rows = (Interval(*row) for row in db.execute(query))
    for (uid, _number), own in groupby(rows, key=lambda each: (each.step_uid, each.enrolment_id)):
        if seconds := length(own):
            found[uid].append(seconds)
    return found
