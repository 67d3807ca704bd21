"""The bilan: issued once for an enrolment and format, in the transaction that finishes or that gives the name."""

import secrets
from collections import Counter
from collections.abc import Mapping, Set
from typing import Any
from unicodedata import category, normalize

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import keys
from app.db import insert_if_absent, issuer
from app.errors import Refused
from app.i18n import _
from app.models import Enrolment, Horizon, Person, PlanItem, Summary, statement
from app.models.progress import Progress, StepRow
from app.outside import sign
from app.reads import bilan, courses, learning, plans, site
from app.reads.courses import Reading

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NAME_MAX = 120


def give_name(db: Session, person_id: int, name: str) -> None:
    """The person says under what name their documents are made, a pseudonym will do; those that wait are issued."""
    name = legible(name)
    person = db.get_one(Person, person_id, with_for_update={"key_share": True})
    if person.merged_into_id is not None:
        raise Refused(moved())
    person.name = name
    db.flush()
    own = select(Enrolment).filter_by(person_id=person_id, closed_at=None).order_by(Enrolment.id)
    for enrolment in db.scalars(own.with_for_update()):
        issue_if_finished(db, enrolment)


def legible(name: str) -> str:
    """A name as documents bear it. Raises Refused."""
    seen = "".join(character for character in name if category(character)[0] != "C" or character.isspace())
    name = normalize("NFC", " ".join(seen.split()))
    if not name:
        raise Refused(_("Écrivez le nom à porter sur le bilan ; un pseudonyme convient."), field="name")
    if len(name) > NAME_MAX:
        raise Refused(_("Ce nom est trop long : %(n)s caractères au plus.", n=NAME_MAX), field="name")
    return name


def hold(db: Session, person_id: int) -> None:
    """Nobody merges that person into another one before the end of the transaction. Raises Refused when it was done."""
    query = select(Person.merged_into_id).where(Person.id == person_id)
    if db.scalar(query.with_for_update(read=True)) is not None:
        raise Refused(moved())


def moved() -> str:
    """What is said to a device that still writes for a person whose steps have just joined an account."""
    return _(
        "Vos étapes viennent d’être reprises dans un compte, peut-être depuis un autre appareil. Connectez-vous à ce"
        " compte, puis envoyez de nouveau."
    )


def issue_if_finished(db: Session, enrolment: Enrolment) -> None:
    """Issue and sign the bilan once every required step is done and the person has a name; twice is once."""
    issue_format(db, enrolment, enrolment.format_minutes)


def issue_format(db: Session, enrolment: Enrolment, format_minutes: int) -> None:
    """The same for any format of the pathway: its own, or a shorter one completed on the way."""
    reading = courses.enrolled(db, enrolment)
    progress = Progress(courses.steps(db, reading.edition_id, enrolment.id), format_minutes)
    name = db.scalar(select(Person.name).where(Person.id == enrolment.person_id))
    if not progress.finished or name is None:
        return
    if format_minutes in learning.summaries(db, enrolment.id):
        return
    marked = learning.only_marked(db, enrolment.id)
    says = _snapshot(enrolment, reading, progress, marked) | issued_by(db, name)
    annex = bilan.annex(db, enrolment, reading, progress)
    if issue(db, enrolment.id, format_minutes, says, annex):
        _begin_plan(db, enrolment, format_minutes, annex["words"])


def issue(
    db: Session, enrolment_id: int, format_minutes: int, says: dict[str, Any], annex: dict[str, Any]
) -> str | None:
    """Sign and keep; the code, or None when somebody else just did."""
    key = sign.key(issuer(db).key_file)
    keys.publish(db, key)
    code, now = new_code(), clock.now()
    values = {"code": code, "enrolment_id": enrolment_id, "format_minutes": format_minutes, "issued_at": now}
    signed = {"signature": key.sign(statement(code, now, says, key.id)), "key_id": key.id}
    added = insert_if_absent(db, Summary, {**values, **signed, "snapshot": says, "annex": annex})
    return code if added else None


def _begin_plan(db: Session, enrolment: Enrolment, format_minutes: int, words: Mapping[str, Mapping[str, str]]) -> None:
    """What the person committed to on the way opens their plan; what it says already is not said twice."""

    def said(slot: str, form: str = "text") -> str:
        return words.get(slot, {}).get(form, "")

    lines = {
        "engagement": (Horizon.DAYS_15, said("ask"), said("who"), said("board"), bilan.as_date(said("by", "raw"))),
        "cap": (Horizon.MONTHS_18, said("horizon"), "", "", None),
    }
    names = ("horizon", "text", "with_whom", "board", "due_on")
    there = {(line.horizon, line.text, line.with_whom) for line in plans.plan(db, enrolment.id)}
    for name, line in lines.items():
        if any(line[1:4]) and line[:3] not in there:
            row = {"enrolment_id": enrolment.id, "key": f"{name}-{format_minutes}", "begun_at": clock.now()}
            insert_if_absent(db, PlanItem, row | dict(zip(names, line, strict=True)), ["enrolment_id", "key"])


def issued_by(db: Session, name: str) -> dict[str, Any]:
    """To whom, by whom, on which site."""
    said = site.current(db)
    signed = {"signatory": said.signatory} if said.signatory else {}
    return {"name": name, "organisation": said.organisation, "site": issuer(db).site, **signed}


def _snapshot(enrolment: Enrolment, reading: Reading, progress: Progress, marked: Set[str]) -> dict[str, Any]:
    """What the attestation will say: plain values, minutes, dates in UTC (ISO 8601).

    `marked`: the steps done on a trainer's word alone, which it counts apart.
    """
    done = [row.completed_at for row in progress.required if row.completed_at is not None]
    traced = tuple(row for row in progress.required if row.uid not in marked)
    confirmed = len(progress.required) - len(traced)
    return {
        "version": 2,
        "lang": reading.lang,
        "pathway": reading.title,
        "slug": reading.slug,
        "format_minutes": progress.format_minutes,
        "edition": reading.edition,
        "started_at": enrolment.started_at.isoformat(),
        "finished_at": max(done).isoformat(),
        "steps": progress.total,
        "credited_minutes": progress.credited_minutes,
        "objectives": [each.text for each in bilan.own_objectives(reading.doc, progress.format_minutes)],
        "evidence": _evidence(reading, traced, progress.format_minutes),
        "provenance": reading.doc.provenance,
        **({"confirmed": confirmed} if confirmed else {}),
    }


def _evidence(reading: Reading, done: tuple[StepRow, ...], format_minutes: int) -> dict[str, int]:
    """How many steps of each kind hold the traces of the objectives of that format."""
    traces = {uid for each in bilan.own_objectives(reading.doc, format_minutes) for uid in each.evidence}
    return dict(sorted(Counter(row.kind for row in done if row.uid in traces).items()))


def new_code() -> str:
    """80 random bits as 16 letters and digits (Crockford's base 32: no I, L, O, U)."""
    return "".join(secrets.choice(_ALPHABET) for _position in range(16))
