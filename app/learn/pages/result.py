"""The result of a self-diagnostic: where one stands, and where to begin, with the reasons."""

from sqlalchemy.orm import Session

from app import clock
from app.content.diagnostics import AxisDoc, DiagnosticDoc
from app.content.translation import reread
from app.i18n import _
from app.learn.pages.advice import advice
from app.learn.pages.parts import Lines, circle_line, step_url
from app.learn.pages.pieces import AxisBar
from app.learn.pages.shapes import ResultPage
from app.models.progress import StepRow
from app.models.recommendation import Score, axis_word, level_name, offered_again, score
from app.policy import Me
from app.reads import courses, diagnostics, learning
from app.steps.fields import clean


def result(db: Session, me: Me, result_id: int, posted: str | None = None) -> ResultPage:
    """One sitting of one's own. `posted`: « ce qui me surprend », as just sent. Raises Missing."""
    own = learning.own_result(db, me.id, result_id, member=me.member)
    doc = reread(DiagnosticDoc, own.document.content)
    scored = score(doc, own.answers)
    within = courses.pathway(db, own.slug, me.id, even_archived=True) if own.slug else None
    reading = within or diagnostics.pathway_of(db, me.id, doc)
    lines = Lines(reading, courses.steps(db, reading.edition_id, reading.enrolment_id))
    enrolled = reading.enrolment_id is not None
    row = _row(db, lines, own.step_uid, own.document.slug)
    uid = row.uid if row else own.step_uid
    found, said = advice(db, me, own, doc, scored, lines)
    after = lines.progress.after(uid) if row else lines.progress.next
    return ResultPage(
        id=result_id,
        title=doc.title,
        at=own.at,
        level=level_name(found.level.slug),
        text=found.level.text,
        low=found.axes[0].low if found.axes else "",
        levels=tuple((level_name(each.slug), each is found.level) for each in doc.levels),
        axes=_bars(doc, scored, found.axes),
        unknown=scored.unknown,
        incomplete=found.data_first,
        advice=said,
        answers=tuple(
            (q.ask, q.options[given] if (given := own.answers.get(q.uid)) is not None else _("Je ne sais pas."))
            for q in doc.questions
        ),
        due=offered_again(own.latest, clock.now()),
        again_url=_again(lines, own.document.slug, uid, row),
        lang=own.document.lang,
        slug=reading.slug,
        uid=uid,
        enrolled=enrolled,
        asks=enrolled and row is not None,
        surprise=own.surprises.get(uid, "") if posted is None else clean(posted),
        surprise_error="" if posted is None else _surprise_error(clean(posted)),
        next=lines.step(after) if after else None,
        diagnostic_uid=doc.uid,
        circles=tuple(circle_line(circle) for circle in own.circles),
    )


def _row(db: Session, lines: Lines, uid: str, diagnostic: str) -> StepRow | None:
    """The step that asks it, as far as the learner's format goes when it was taken at the door."""
    if uid:
        return next((row for row in lines.rows if row.uid == uid), None)
    contents = courses.step_contents(db, lines.reading.edition_id, [row.uid for row in lines.rows])
    asking = {uid for uid, found in contents.items() if getattr(found.doc, "diagnostic", "") == diagnostic}
    return next((row for row in lines.rows if row.uid in asking and row.format_minutes <= lines.chosen), None)


def _bars(doc: DiagnosticDoc, scored: Score, low: tuple[AxisDoc, ...]) -> tuple[AxisBar, ...]:
    axes = {axis.code: axis for axis in doc.axes}
    return tuple(AxisBar(axes[s.code].name, s.points, s.out_of, axis_word(s), axes[s.code] in low) for s in scored.axes)


def _again(lines: Lines, diagnostic: str, uid: str, row: StepRow | None) -> str:
    """Where to answer again: in the step once it is begun, at the door until then."""
    if lines.reading.enrolment_id is None or not uid:
        return f"/autodiagnostics/{diagnostic}"
    return f"{step_url(lines.reading.slug, uid)}?recommencer=oui" if row else ""


SURPRISE_MAX = 2000


def _surprise_error(text: str) -> str:
    if not text:
        return _("Écrivez une phrase sur ce qui vous surprend, même courte.")
    if len(text) > SURPRISE_MAX:
        return _("Ce texte est trop long : %(n)s caractères au plus.", n=SURPRISE_MAX)
    return ""
