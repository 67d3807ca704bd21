"""Mon chemin: what I decided, where to go on, what I wrote, what I hold."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.i18n import _, minutes
from app.learn.pages.board_note import board_notes
from app.learn.pages.kinds import result_lines
from app.learn.pages.kits import tool_notes
from app.learn.pages.measured import measured
from app.learn.pages.parts import Lines, kit_card, label, offer_line, step_url, summary_url
from app.learn.pages.pieces import Commitment, Finished, MeasuredLine, NoteLine
from app.learn.pages.plan import decided, plan_notes
from app.learn.pages.shapes import JourneyPage, NotebookPage
from app.models import DocumentKind
from app.policy import Me
from app.reads import bilan, courses, learning
from app.reads.bilan import Written
from app.reads.courses import Reading
from app.reads.learning import Held
from app.reads.notebook import beside_steps
from app.steps.live import PRESENT

LATEST = 5
"""Notes shown on the page; the notebook has them all."""


def journey(db: Session, me: Me | None) -> JourneyPage:
    """One « Reprendre », one's notebook, one's results; for a visitor, how to begin."""
    if me is None:
        return JourneyPage((), None, None, (), (), 0, (), (), (), (), (), ())
    begun = [reading for reading in courses.pathways(db, me.id) if reading.enrolment_id is not None]
    rows = courses.open_steps(db, me.id, begun)
    lines = {r.enrolment_id: Lines(r, rows.get(r.enrolment_id or 0, ())) for r in begun}
    order = [lines[number] for number in rows if number in lines]
    resumes = [resume for line in order if (resume := line.resume()) is not None]
    notes = [n for n in bilan.written_everywhere(db, me.id) if n.field is None or not n.field.terms]
    by_edition = {reading.edition_id: reading for reading in begun}
    going = [resume for resume in resumes if not resume.finished]
    kits = courses.published(db, DocumentKind.KIT)
    wanted = {reading.doc.kit for reading in begun}
    sat, issued, spent, planned = learning.held(db, me.id)
    latest = sorted(notes, key=lambda note: note.at, reverse=True)
    return JourneyPage(
        decided=decided(planned, begun, me),
        commitment=_commitment(notes, by_edition),
        resume=going[0] if going else None,
        others=tuple(going[1:]),
        notes=tuple(note_line(note, by_edition) for note in latest[:LATEST]),
        notes_total=len(notes),
        finished=tuple(_finished(line) for line in order if line.progress.finished),
        issued=tuple(
            lines[held.enrolment_id].issued(held.format_minutes, held.at)
            for held in issued
            if held.enrolment_id in lines and not _is_shown(lines[held.enrolment_id], held)
        ),
        offers=tuple(offer for reading in begun if (offer := offer_line(reading)) is not None),
        results=result_lines(sat),
        kits=tuple(kit_card(kit) for kit in kits.values() if kit.slug in wanted),
        measured=tuple(
            MeasuredLine(line.reading.lang, line.reading.title, measured(spent, line.reading.enrolment_id))
            for line in order
        ),
    )


def resume(db: Session, me: Me | None) -> str:
    """Where `/continuer` leads: the first unfinished required step, the bilan, or the pathways; never nowhere."""
    if me is None:
        return "/parcours"
    begun = {reading.enrolment_id: reading for reading in courses.pathways(db, me.id)}
    rows = courses.open_steps(db, me.id, begun.values())
    found = [Lines(begun[number], group).resume() for number, group in rows.items() if number in begun]
    going = [place for place in found if place is not None]
    unfinished = next((place for place in going if not place.finished), None)
    return unfinished.url if unfinished else going[0].url if going else "/parcours"


def _finished(line: Lines) -> Finished:
    done = max(row.completed_at for row in line.progress.required if row.completed_at is not None)
    rank, url = line.rank(line.chosen), summary_url(line.reading.slug)
    return Finished(line.reading.lang, line.reading.title, minutes(line.chosen), rank, done, url, line.longer())


def _is_shown(line: Lines, held: Held) -> bool:
    """The bilan of the format that one follows and has finished is listed already."""
    return line.progress.finished and held.format_minutes == line.chosen


def _commitment(notes: Sequence[Written], by_edition: dict[int, Reading]) -> Commitment | None:
    """The commitment written last, whatever the pathway."""
    asked = [note for note in notes if note.field is not None and note.field.slot in ("who", "ask", "by")]
    if not asked:
        return None
    edition = max(asked, key=lambda note: note.at).edition_id
    slug = by_edition[edition].slug
    return commitment(bilan.slots([note for note in notes if note.edition_id == edition], None), slug)


def commitment(slots: dict[str, Written], slug: str) -> Commitment | None:
    """« Mon premier pas d'ici 15 jours », from what was written in its fields."""
    first = slots.get("who") or slots.get("ask")
    if first is None:
        return None
    by = slots.get("by")
    return Commitment(
        who=_text(slots, "who"),
        ask=_text(slots, "ask"),
        by=bilan.as_date(by.raw) if by else None,
        by_text=by.text if by else "",
        board=_text(slots, "board"),
        url=step_url(slug, first.uid),
    )


def _text(slots: dict[str, Written], name: str) -> str:
    return slots[name].text if name in slots else ""


def note_line(note: Written, by_edition: dict[int, Reading]) -> NoteLine:
    """A note with the question it answers and the address of its step."""
    asked = note.field.label if note.field else _("Mes notes")
    text = note.text
    if note.name == "surprise":
        asked = _("Ce qui me surprend")
    if note.name == PRESENT:
        asked, text = _("Le direct"), _("J’y étais, en direct")
    return NoteLine(note.lang, note.step, asked, text, note.at, step_url(by_edition[note.edition_id].slug, note.uid))


def notebook(db: Session, me: Me) -> NotebookPage:
    """Everything written, pathway by pathway in the order of the steps, its plan last, then the tools kit by kit."""
    begun = [reading for reading in courses.pathways(db, me.id) if reading.enrolment_id is not None]
    by_edition = {reading.edition_id: reading for reading in begun}
    lists = courses.terms(db)
    terms = {name: tuple((term.slug, label(term)) for term in entries) for name, entries in lists.items()}
    notes = bilan.written_everywhere(db, me.id, terms)
    more = beside_steps(db, me.id)
    pages = [
        (
            reading.title,
            reading.lang,
            (
                *(note_line(note, by_edition) for note in notes if note.edition_id == reading.edition_id),
                *plan_notes(more.plans, reading),
                *board_notes(more, reading),
            ),
        )
        for reading in begun
    ]
    parts = [part for part in (*pages, *tool_notes(db, more.texts)) if part[2]]
    return NotebookPage(tuple(parts), sum(len(lines) for _title, _lang, lines in parts))


def as_markdown(page: NotebookPage, title: str) -> str:
    """The notebook as a Markdown text of one's own."""
    lines = [f"# {title}", ""]
    for pathway, _lang, notes in page.parts:
        lines += [f"## {pathway}", ""]
        step = ""
        for note in notes:
            if note.step != step:
                lines += [f"### {note.step}", ""]
                step = note.step
            quoted = "\n".join(f"> {line}" for line in note.text.splitlines())
            lines += [f"**{note.label}**", "", quoted, ""]
    return "\n".join(lines)
