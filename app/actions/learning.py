"""What a learner does: begin, write, try, sit, complete. Each verb done twice is done once."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app import clock
from app.actions.enrolments import event_key, next_step, own_enrolment
from app.actions.summaries import hold, issue_if_finished
from app.actions.writing import write_on_steps
from app.content.diagnostics import DiagnosticDoc
from app.content.translation import reread
from app.db import insert_all_if_absent, insert_if_absent, upsert
from app.errors import Missing, Refused
from app.i18n import _
from app.models import (
    Attempt,
    AttemptAnswer,
    AxisChoice,
    DocumentKind,
    Enrolment,
    Result,
    ResultAnswer,
    ResultAxis,
    StepEvent,
    StepProgress,
    Verb,
    fold,
)
from app.models.progress import Progress, StepRow
from app.models.recommendation import lowest, score
from app.reads import courses, learning, sessions, written
from app.steps import KINDS, Assessment, StepContent, Work
from app.steps import quiz as quizzes
from app.steps.live import Live
from app.steps.quiz import Quiz


def enrol(db: Session, person_id: int, slug: str, format_minutes: int | None) -> str | None:
    """Begin a pathway in one of the formats that it offers; whoever has begun already goes on where they are.

    `format_minutes`: nominal; None means the shortest one offered. Returns the uid of the step to go to, None when
    all are done. Raises Missing, Refused.
    """
    reading = courses.pathway(db, slug, person_id, even_archived=True)
    if reading.enrolment_id is None:
        if reading.archived_at is not None:
            raise Refused(_("Ce parcours est archivé : il ne se commence plus."))
        _begin(db, person_id, reading, format_minutes)
    return next_step(db, own_enrolment(db, person_id, slug))


def _begin(db: Session, person_id: int, reading: courses.Reading, format_minutes: int | None) -> None:
    hold(db, person_id)
    offered = [f for f in courses.formats(db, [reading.edition_id]).get(reading.edition_id, ()) if f.offered]
    chosen = next((f for f in offered if format_minutes in (None, f.minutes)), None)
    if chosen is None:
        raise Refused(_("Ce format n’est pas encore ouvert. Choisissez-en un autre sur la page du parcours."))
    begin(db, [person_id], reading.pathway_id, reading.edition_id, chosen.minutes)


def begin(db: Session, people: Sequence[int], pathway_id: int, edition_id: int, format_minutes: int) -> None:
    """Enrol each in an edition and a format that it offers; who has begun already goes on where they are.

    The caller holds them all, so that nobody is merged meanwhile.
    """
    common = {"pathway_id": pathway_id, "edition_id": edition_id, "format_minutes": format_minutes}
    rows = [{"person_id": number, **common, "started_at": clock.now()} for number in sorted(people)]
    insert_all_if_absent(db, Enrolment, rows)


@dataclass(frozen=True)
class Place:
    """A step that a learner may do: within her edition and format, and written."""

    enrolment: Enrolment
    edition_id: int
    """The one read."""
    rows: tuple[StepRow, ...]
    """Of that edition, in order."""
    row: StepRow
    content: StepContent

    @property
    def last(self) -> bool:
        """Nothing else is missing."""
        return all(row.uid == self.row.uid for row in Progress(self.rows, self.enrolment.format_minutes).missing)


def place(db: Session, person_id: int, slug: str, uid: str) -> Place:
    """Find the step of her own enrolment. Raises Missing, Refused."""
    enrolment = own_enrolment(db, person_id, slug)
    edition_id = courses.enrolled(db, enrolment).edition_id
    rows = courses.steps(db, edition_id, enrolment.id)
    row = next((row for row in rows if row.uid == uid), None)
    if row is None:
        raise Missing
    if not row.ready:
        raise Refused(_("Cette étape est en cours d’écriture : elle ne peut pas encore être faite."))
    if row.format_minutes > enrolment.format_minutes:
        raise Refused(_("Cette étape fait partie d’un format plus long que le vôtre."))
    found = courses.step_contents(db, edition_id, [uid])[uid]
    return Place(enrolment, edition_id, rows, row, found.doc)


def complete_step(
    db: Session, person_id: int, slug: str, uid: str, texts: Mapping[tuple[str, str], str], *, key: str
) -> Assessment:
    """A step is done when its kind's rule is met; done twice, it is done once. Raises Missing, Refused.

    What the page holds is written first. Returns the assessment: nothing is recorded unless it is complete.
    """
    here = place(db, person_id, slug, uid)
    said = write_on_steps(db, person_id, here.edition_id, texts)
    assessment = KINDS[here.row.kind].assess(here.content, _work(db, here, person_id, said.get(uid)))
    if not assessment.complete:
        return assessment
    after = Progress(here.rows, here.enrolment.format_minutes).after(uid)
    assessment = replace(assessment, after=after.uid if after else None)
    verb = Verb.REDONE if here.row.changed else Verb.COMPLETED
    if here.row.done and verb is Verb.COMPLETED:
        return assessment
    added = insert_if_absent(
        db,
        StepEvent,
        {
            "enrolment_id": here.enrolment.id,
            "step_uid": uid,
            "verb": verb,
            "at": clock.now(),
            "by_id": person_id,
            "key": event_key(uid, key),
            "data": {
                "minutes": here.row.minutes,
                "task_digest": here.row.task_digest,
                "edition": here.edition_id,
            },
        },
    )
    if added:
        fold_step(db, here.enrolment.id, uid)
        if here.last:
            issue_if_finished(db, here.enrolment)
    return assessment


def _with(key: str, *answers: object) -> str:
    """A form's key and what it holds: a page found again in the history keeps its key, not its answers."""
    return hashlib.sha256(json.dumps([key, *answers], sort_keys=True).encode()).hexdigest()


def _work(db: Session, here: Place, person_id: int, said: Mapping[str, str] | None) -> Work:
    """What the learner has done for a step so far. `said`: on it, where it has just been read."""
    uid = here.row.uid
    notes = written.texts(db, person_id, uid) if said is None else {f: text for f, text in said.items() if text}
    right = set()
    if isinstance(here.content, Quiz):
        right = {q for q, tried in learning.standing(db, here.enrolment.id, here.content).items() if tried.right}
    sat = False
    if (asked := getattr(here.content, "diagnostic", None)) is not None:
        document = courses.documents(db, here.edition_id, DocumentKind.DIAGNOSTIC)[asked]
        sat = bool(learning.sittings(db, person_id, document.content["uid"]))
    begun = None
    if isinstance(here.content, Live) and (held := sessions.dated(db, person_id, here.enrolment.pathway_id, uid)):
        begun = held[0].begun()
    return Work(notes=notes, right=frozenset(right), result_read=sat, surprise=notes.get("surprise", ""), begun=begun)


_EVENTS = select(StepEvent).where(StepEvent.enrolment_id == bindparam("enrolment"))
_FOLDED = select(StepProgress).where(StepProgress.enrolment_id == bindparam("enrolment"))
_EVENTS_OF_STEP = _EVENTS.where(StepEvent.step_uid == bindparam("uid"))


def fold_step(db: Session, enrolment_id: int, uid: str) -> None:
    """Write the fold of a step's events, of an enrolment that is held."""
    for done, folded in fold(db.scalars(_EVENTS_OF_STEP, {"enrolment": enrolment_id, "uid": uid})).items():
        row = {"enrolment_id": enrolment_id, "step_uid": done, **vars(folded)}
        upsert(db, StepProgress, row, ["enrolment_id", "step_uid"], [*vars(folded)])


def refold(db: Session, enrolment_id: int) -> int:
    """Write the fold of an enrolment's events. Returns how many rows changed."""
    known = {"enrolment": enrolment_id}
    truth = fold(db.scalars(_EVENTS, known))
    stored = {row.step_uid: row for row in db.scalars(_FOLDED, known)}
    changed = 0
    for done, folded in truth.items():
        row = stored.pop(done, None)
        if row is None:
            db.add(StepProgress(enrolment_id=enrolment_id, step_uid=done, **vars(folded)))
        elif any(getattr(row, name) != value for name, value in vars(folded).items()):
            for name, value in vars(folded).items():
                setattr(row, name, value)
        else:
            continue
        changed += 1
    for row in stored.values():
        db.delete(row)
        changed += 1
    db.flush()
    return changed


def create_attempt(
    db: Session,
    person_id: int,
    slug: str,
    uid: str,
    posted: Mapping[str, Sequence[str]],
    *,
    key: str,
    asked: str | None,
) -> None:
    """Grade a try at a quiz. A question once right stays right; an unchanged wrong answer is not a new try.

    A page found again in the browser's history has its old key: with other answers it is another try.

    `posted`: question uid -> what the form sent. `asked`: the question whose button was pressed, if any.
    Raises Missing, Refused.
    """
    here = place(db, person_id, slug, uid)
    if not isinstance(here.content, Quiz):
        raise Missing
    questions = {question.uid: question for question in here.content.questions}
    known = {q: values for q, values in posted.items() if q in questions}  # one may have left the edition meanwhile
    choices = {q: choice for q, values in known.items() if (choice := quizzes.read(questions[q], values)) is not None}
    if asked in questions and asked not in choices:
        raise Refused(quizzes.asks(questions[asked]), field=asked)
    before = learning.standing(db, here.enrolment.id, here.content)
    fresh = {q: choice for q, choice in choices.items() if _is_new(before.get(q), choice, again=q == asked)}
    if not fresh and not choices:
        raise Refused(_("Choisissez une réponse, puis vérifiez."))
    if not fresh:
        return
    verdicts = {number: quizzes.grade(questions[number], choice).right for number, choice in fresh.items()}
    right = {number for number, tried in before.items() if tried.right} | {n for n, ok in verdicts.items() if ok}
    values = {
        "enrolment_id": here.enrolment.id,
        "step_uid": uid,
        "key": event_key(uid, _with(key, asked, choices)),
        "score": len(right),
        "passed": len(right) >= here.content.needed,
        "at": clock.now(),
    }
    if insert_if_absent(db, Attempt, values):
        attempt = db.scalars(select(Attempt.id).filter_by(enrolment_id=here.enrolment.id, key=values["key"])).one()
        db.add_all(
            AttemptAnswer(attempt_id=attempt, question_uid=number, choice=choice, correct=verdicts[number])
            for number, choice in fresh.items()
        )
        db.flush()


def _is_new(before: learning.Tried | None, choice: str, *, again: bool) -> bool:
    return before is None or (not before.right and (again or before.choice != choice))


def create_result(
    db: Session, person_id: int, slug: str, uid: str, answers: Mapping[str, int | None], *, key: str
) -> int:
    """Keep one sitting of the step's self-diagnostic and say where it stands. Returns the result's id.

    `answers`: question uid -> 0 to 3, or None for « Je ne sais pas »; every question is answered.
    Raises Missing, Refused.
    """
    here = place(db, person_id, slug, uid)
    if (asked := getattr(here.content, "diagnostic", None)) is None:
        raise Missing
    document = courses.documents(db, here.edition_id, DocumentKind.DIAGNOSTIC)[asked]
    diagnostic = reread(DiagnosticDoc, document.content)
    return _sit(db, person_id, diagnostic, document.revision_id, answers, _with(key, uid, answers), here)


def sit(db: Session, person_id: int, slug: str, answers: Mapping[str, int | None], *, key: str) -> int:
    """Keep one sitting of a self-diagnostic taken at the door, in no pathway. Returns the result's id.

    The step that asks it is begun in any pathway that has it, begun before or after. Raises Missing, Refused.
    """
    hold(db, person_id)
    document = courses.published(db, DocumentKind.DIAGNOSTIC, slug).get(slug)
    if document is None:
        raise Missing
    diagnostic = reread(DiagnosticDoc, document.content)
    return _sit(db, person_id, diagnostic, document.revision_id, answers, _with(key, slug, answers), None)


def choose_axis(db: Session, person_id: int, result_id: int, axis: str) -> None:
    """Of the close axes of a result, begin with this one; the sheets and the module follow. Raises Missing, Refused."""
    hold(db, person_id)
    own = learning.own_result(db, person_id, result_id)
    if axis not in lowest(score(reread(DiagnosticDoc, own.document.content), own.answers).axes):
        raise Refused(_("Cet axe n’est pas parmi les plus bas de ce résultat."))
    row = {"result_id": result_id, "axis": axis, "at": clock.now()}
    upsert(db, AxisChoice, row, keys=["result_id"], update=["axis", "at"])


def _sit(
    db: Session,
    person_id: int,
    diagnostic: DiagnosticDoc,
    revision_id: int,
    answers: Mapping[str, int | None],
    sent: str,
    here: Place | None,
) -> int:
    if {question.uid for question in diagnostic.questions} != set(answers):
        raise Refused(_("Il reste des questions sans réponse."))
    scored = score(diagnostic, answers)
    added = insert_if_absent(
        db,
        Result,
        {
            "person_id": person_id,
            "enrolment_id": here.enrolment.id if here else None,
            "step_uid": here.row.uid if here else None,
            "diagnostic_uid": diagnostic.uid,
            "revision_id": revision_id,
            "key": sent,
            "total": scored.total,
            "out_of": scored.out_of,
            "level": scored.level,
            "at": clock.now(),
        },
    )
    number = db.scalars(select(Result.id).filter_by(person_id=person_id, key=sent)).one()
    if added:
        db.add_all(ResultAxis(result_id=number, axis=a.code, points=a.points, out_of=a.out_of) for a in scored.axes)
        db.add_all(ResultAnswer(result_id=number, question_uid=q, points=points) for q, points in answers.items())
        db.flush()
    return number
