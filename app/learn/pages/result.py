"""The result of a self-diagnostic: where one stands, and where to begin, with the reasons."""

from sqlalchemy.orm import Session

from app.content.diagnostics import AxisDoc, DiagnosticDoc
from app.content.translation import reread
from app.errors import Missing
from app.i18n import _, minutes
from app.learn.pages.kinds import level_name
from app.learn.pages.parts import Lines, pathway_url, person_id, sheet_line, step_url
from app.learn.pages.pieces import AxisBar, Link, ModuleLine, SheetLine
from app.learn.pages.shapes import ResultPage
from app.models import DocumentKind
from app.models.progress import Progress, StepRow
from app.models.recommendation import Offer, recommend, score, word
from app.policy import Me
from app.reads import courses, learning
from app.reads.courses import Reading
from app.reads.frozen import Published
from app.steps.diagnostic import SURPRISE
from app.steps.fields import clean


def result(db: Session, me: Me, result_id: int, posted: str | None = None, chosen: str = "") -> ResultPage:
    """One sitting of one's own. `posted`: « ce qui me surprend », as just sent. `chosen`: of close axes, the one to
    begin with. Raises Missing."""
    own = learning.own_result(db, me.id, result_id)
    doc = reread(DiagnosticDoc, own.content)
    answers = learning.result_answers(db, result_id)
    scored = score(doc, answers)
    reading = courses.pathway(db, own.slug, me.id) if own.slug else pathway_of(db, me, doc)
    rows = courses.steps(db, reading.edition_id, reading.enrolment_id)
    lines = Lines(reading, rows)
    uid = own.step_uid or step_of(db, reading, own.diagnostic)
    row = next((row for row in rows if row.uid == uid), None)
    if row is not None and not own.step_uid and row.format_minutes > lines.chosen:
        uid, row = "", None  # asked in a longer format than one's own: nothing to complete here
    kits = courses.published(db, DocumentKind.KIT)
    sheets = _sheets(kits, doc.kit)
    advice = recommend(
        doc, scored, offers=_offers(lines), sheets=list(sheets), done=_done(lines, rows), chosen=chosen.upper()
    )
    level, low = advice.level, advice.axes
    names = {axis.code: axis for axis in doc.axes}
    open_sheets = [sheets[uid] for uid in advice.sheets]
    after = lines.progress.after(uid) if row else lines.progress.next
    enrolled = reading.enrolment_id is not None
    surprise = own.surprise
    if enrolled and not own.step_uid:
        surprise = learning.texts(db, me.id, uid).get(SURPRISE, "")
    at_door = f"/autodiagnostics/{own.diagnostic}"
    return ResultPage(
        id=result_id,
        title=doc.title,
        at=own.at,
        level=level_name(level.slug),
        text=level.text,
        low=low[0].low if low else "",
        levels=tuple((level_name(each.slug), each is level) for each in doc.levels),
        axes=tuple(
            AxisBar(
                names[s.code].name,
                s.points,
                s.out_of,
                _WORDS[word(s)]() if s.out_of else "",
                names[s.code] in low,
            )
            for s in scored.axes
        ),
        unknown=scored.unknown,
        incomplete=advice.data_first,
        reasons=_reasons([axis.name for axis in low]),
        format_label=minutes(advice.named.minutes) if advice.named else "",
        format_soon=minutes(advice.soon.minutes) if advice.soon else "",
        pathway_url=pathway_url(reading.slug),
        modules=_modules(lines, rows, low),
        sheet=open_sheets[0] if open_sheets else None,
        others=tuple(open_sheets[1:]),
        also=level.also,
        adoc=tuple(
            (label, text)
            for label, text in (
                (_("Données"), level.data),
                (_("Outils"), level.tools),
                (_("Compétences"), level.skills),
            )
            if text
        ),
        cross=tuple(
            Link(kits[name].title, f"/kits/{name}", kits[name].lang) for name in advice.kits[1:] if name in kits
        ),
        choices=tuple(Link(axis.name, f"/resultats/{result_id}?axe={axis.code.lower()}", "") for axis in low[1:]),
        pathway=reading.title,
        pathway_lang=reading.lang,
        begin=advice.named.minutes if advice.named and not enrolled else None,
        door=not own.step_uid,
        enrolled=enrolled,
        discuss_with=level.discuss_with,
        discuss=level.discuss,
        answers=tuple(
            (q.ask, q.options[given] if (given := answers.get(q.uid)) is not None else _("Je ne sais pas."))
            for q in doc.questions
        ),
        again_url=at_door
        if not enrolled or not uid
        else f"{step_url(reading.slug, uid)}?recommencer=oui"
        if row
        else "",
        lang=own.lang,
        slug=reading.slug,
        uid=uid,
        surprise=surprise if posted is None else clean(posted),
        surprise_error="" if posted is None else _surprise_error(clean(posted)),
        completed=row is not None and row.done,
        next=lines.step(after) if after else None,
    )


def pathway_of(db: Session, me: Me | None, doc: DiagnosticDoc) -> Reading:
    """The pathway that a diagnostic leads to: that of its kit. Raises Missing."""
    readings = [reading for reading in courses.pathways(db, person_id(me)) if reading.doc.kit == doc.kit]
    if not readings:
        raise Missing
    return min(readings, key=lambda reading: reading.doc.rank)


def step_of(db: Session, reading: Reading, diagnostic: str) -> str:
    """The uid of the step that asks a diagnostic there, or ""."""
    rows = courses.steps(db, reading.edition_id, None)
    contents = courses.step_contents(db, reading.edition_id, [row.uid for row in rows])
    asking = (uid for uid, found in contents.items() if getattr(found.doc, "diagnostic", "") == diagnostic)
    return next(asking, "")


def _offers(lines: Lines) -> list[Offer]:
    return [Offer(format.name, format.minutes, format.offered) for format in lines.formats]


def _done(lines: Lines, rows: tuple[StepRow, ...]) -> list[int]:
    return [format.minutes for format in lines.formats if Progress(rows, format.minutes).finished]


def _modules(lines: Lines, rows: tuple[StepRow, ...], low: tuple[AxisDoc, ...]) -> tuple[ModuleLine, ...]:
    modules = {module.number: module for module in lines.modules()}
    numbers = {each.module_slug: modules[_rank(rows, each.module)] for each in rows}
    return tuple(numbers[slug] for slug in dict.fromkeys(axis.module for axis in low) if slug in numbers)


def _sheets(kits: dict[str, Published], name: str) -> dict[str, SheetLine]:
    """The written sheets of a kit, by uid, in order."""
    found = kits.get(name)
    lines = [sheet_line(name, sheet) for sheet in found.content["sheets"]] if found else []
    return {line.uid: line for line in lines if line.ready}


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
