"""The average of a self-diagnostic in a cohort: established once for a session, of who agreed, never under 8."""

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.db import insert_if_absent
from app.errors import Missing, Refused
from app.i18n import _
from app.models import (
    AveragePart,
    CohortAverage,
    CohortEvent,
    Membership,
    Result,
    ResultAxis,
    Shared,
    Sharing,
    record,
)
from app.models.average import LEAST, grouped, mean
from app.models.recommendation import AxisScore, word
from app.reads import teaching


def establish(db: Session, trainer_id: int, cohort_id: int, event_id: int, diagnostic_uid: str) -> None:
    """Once for a session and a self-diagnostic: it changes no more. Raises Missing, Refused.

    A result counts once, in one average, wherever it is: of two averages none can be taken from the other to read one
    person (docs/decisions/0019).
    """
    teaching.led_cohort(db, trainer_id, cohort_id, lock=True)
    if db.scalar(select(CohortEvent.id).filter_by(id=event_id, cohort_id=cohort_id, removed_at=None)) is None:
        raise Missing
    same = {"cohort_id": cohort_id, "event_id": event_id, "diagnostic_uid": diagnostic_uid}
    if db.scalar(select(CohortAverage.id).filter_by(**same)) is not None:
        return
    results = _fresh(db, cohort_id, diagnostic_uid)
    if len(results) < LEAST:
        raise Refused(
            _(
                "Pas assez de résultats nouveaux : une moyenne se lit à partir de 8 personnes d’accord, et un résultat"
                " ne compte qu’une fois."
            )
        )
    values = {"people": len(results), "axes": _axes(db, results), "frozen_at": clock.now()}
    insert_if_absent(db, CohortAverage, same | values, ["cohort_id", "event_id", "diagnostic_uid"])
    number = db.scalars(select(CohortAverage.id).filter_by(**same)).one()
    db.add_all(AveragePart(result_id=result.id, average_id=number) for result in results)
    record(db, "average.establish", f"cohort:{cohort_id}", by=trainer_id, average=number)
    db.flush()


def _fresh(db: Session, cohort_id: int, diagnostic_uid: str) -> list[Result]:
    """The latest result of each member who agreed, held, those counted already left out."""
    newest = func.row_number().over(partition_by=Result.person_id, order_by=(Result.at.desc(), Result.id.desc()))
    ranked = (
        select(Result.id, newest.label("rank"))
        .join(Sharing, Sharing.person_id == Result.person_id)
        .join(Membership, Membership.person_id == Result.person_id)
        .where(Sharing.cohort_id == cohort_id, Sharing.uid == diagnostic_uid, Sharing.what == Shared.AVERAGE)
        .where(Sharing.ended_at.is_(None), Result.diagnostic_uid == diagnostic_uid)
        .where(Membership.cohort_id == cohort_id, Membership.left_at.is_(None))
        .subquery()
    )
    latest = select(ranked.c.id).where(ranked.c.rank == 1)
    held = db.scalars(select(Result).where(Result.id.in_(latest)).order_by(Result.id).with_for_update()).all()
    counted = set(db.scalars(select(AveragePart.result_id).where(AveragePart.result_id.in_([r.id for r in held]))))
    return [result for result in held if result.id not in counted]


def _axes(db: Session, results: list[Result]) -> dict[str, Any]:
    """As it is kept: the level, then each axis by its letter; only what may be said."""
    parts: dict[str, list[AxisScore]] = defaultdict(list)
    query = select(ResultAxis).where(ResultAxis.result_id.in_([result.id for result in results]))
    for axis in db.scalars(query.order_by(ResultAxis.axis)):
        parts[axis.axis].append(AxisScore(axis.axis, axis.points, axis.out_of))
    levels = Counter(result.level for result in results)
    return {
        "levels": _kept(grouped(levels)),
        "axes": {
            code: {
                "mean": mean([(axis.points, axis.out_of) for axis in found]),
                "words": _kept(grouped({n: sum(word(a) == n for a in found if a.out_of) for n in range(3)})),
            }
            for code, found in parts.items()
        },
    }


def _kept(groups: list[tuple[tuple[Any, ...], int]]) -> list[dict[str, Any]]:
    return [{"of": list(keys), "n": n} for keys, n in groups]
