"""The result of a self-diagnostic: where one stands, and where to begin, with the reasons."""

from sqlalchemy.orm import Session

from app.content.diagnostics import DiagnosticDoc, DiagnosticLevel
from app.content.translation import reread
from app.i18n import _, minutes
from app.learn.pages.kinds import level_name
from app.learn.pages.parts import Lines, pathway_url, sheet_line, step_url
from app.learn.pages.pieces import AxisBar, SheetLine
from app.learn.pages.shapes import ResultPage
from app.models import DocumentKind
from app.models.progress import StepRow
from app.models.recommendation import lowest, score, word
from app.policy import Me
from app.reads import courses, learning
from app.steps.fields import clean


def result(db: Session, me: Me, result_id: int, posted: str | None = None) -> ResultPage:
    """One sitting of one's own. `posted`: « ce qui me surprend », as just sent. Raises Missing."""
    own = learning.own_result(db, me.id, result_id)
    doc = reread(DiagnosticDoc, own.content)
    level = next(level for level in doc.levels if level.slug == own.level)
    answers = learning.result_answers(db, result_id)
    scored = score(doc, answers)
    low = lowest(scored.axes)
    names = {axis.code: axis for axis in doc.axes}
    reading = courses.pathway(db, own.slug, me.id)
    rows = courses.steps(db, reading.edition_id, reading.enrolment_id)
    lines = Lines(reading, rows)
    row = next((row for row in rows if row.uid == own.step_uid), None)
    modules = {module.number: module for module in lines.modules()}
    numbers = {each.module_slug: modules[_rank(rows, each.module)] for each in rows}
    slugs = dict.fromkeys(names[code].module for code in low)
    advised = [numbers[slug] for slug in slugs if slug in numbers]
    offered, soon = _format(lines, level)
    after = lines.progress.after(own.step_uid) if row else lines.progress.next
    return ResultPage(
        id=result_id,
        title=doc.title,
        at=own.at,
        level=level_name(level.slug),
        text=level.text,
        low=names[low[0]].low if low else "",
        levels=tuple((level_name(each.slug), each is level) for each in doc.levels),
        axes=tuple(
            AxisBar(names[s.code].name, s.points, s.out_of, _WORDS[word(s)]() if s.out_of else "", s.code in low)
            for s in scored.axes
        ),
        unknown=scored.unknown,
        incomplete=scored.incomplete,
        reasons=_reasons([names[code].name for code in low]),
        format_label=offered,
        format_soon=soon,
        pathway_url=pathway_url(reading.slug),
        modules=tuple(advised),
        sheet=_sheet(db, doc, names[low[0]].sheet if low else ""),
        discuss_with=level.discuss_with,
        discuss=level.discuss,
        answers=tuple(
            (q.ask, q.options[given] if (given := answers.get(q.uid)) is not None else _("Je ne sais pas."))
            for q in doc.questions
        ),
        again_url=f"{step_url(reading.slug, own.step_uid)}?recommencer=oui" if row else "",
        lang=own.lang,
        slug=reading.slug,
        uid=own.step_uid,
        surprise=own.surprise if posted is None else clean(posted),
        surprise_error="" if posted is None else _surprise_error(clean(posted)),
        completed=row is not None and row.done,
        next=lines.step(after) if after else None,
    )


SURPRISE_MAX = 2000


def _surprise_error(text: str) -> str:
    if not text:
        return _("Écrivez une phrase sur ce qui vous surprend, même courte.")
    if len(text) > SURPRISE_MAX:
        return _("Ce texte est trop long : %(n)s caractères au plus.", n=SURPRISE_MAX)
    return ""


_WORDS = (lambda: _("à construire"), lambda: _("en chemin"), lambda: _("un appui"))


def _rank(rows: tuple[StepRow, ...], module: int) -> int:
    return sorted({row.module for row in rows}).index(module) + 1


def _format(lines: Lines, level: DiagnosticLevel) -> tuple[str, str]:
    """The format advised, or the longest shorter one that is offered with the advised one « bientôt »."""
    wanted = next((f for f in lines.formats if f.name == level.format), lines.formats[0])
    open_ones = [f for f in lines.formats if f.offered and f.minutes <= wanted.minutes]
    if not open_ones:
        return "", minutes(wanted.minutes)
    best = open_ones[-1]
    return minutes(best.minutes), "" if best.minutes == wanted.minutes else minutes(wanted.minutes)


def _reasons(axes: list[str]) -> tuple[str, ...]:
    if not axes:
        return ()
    if len(axes) == 1:
        return (_("%(axis)s est votre axe le plus bas.", axis=axes[0]),)
    return (
        _(
            "%(first)s et %(second)s sont vos axes les plus bas, à un point près : choisissez.",
            first=axes[0],
            second=axes[1],
        ),
    )


def _sheet(db: Session, doc: DiagnosticDoc, uid: str) -> SheetLine | None:
    kits = courses.published(db, DocumentKind.KIT, doc.kit)
    for kit in kits.values():
        for sheet in kit.content["sheets"]:
            if sheet["doc"]["uid"] == uid:
                return sheet_line(kit.slug, sheet)
    return None
