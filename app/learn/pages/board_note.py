"""« Note à mon conseil d'administration »: one A4 in the person's own words, to change, print or take away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import Missing
from app.i18n import _, minutes
from app.learn.pages.acting import sheet_to_begin
from app.learn.pages.parts import kit_card, summary_url
from app.learn.pages.pieces import NoteLine, SheetLine
from app.models import DocumentKind, Horizon, Summary
from app.models.plan import Planned
from app.policy import Me
from app.reads import acting, courses, kits, learning, plans
from app.reads.bilan import as_read
from app.reads.courses import Reading
from app.reads.notebook import Beside
from app.steps.fields import Field


@dataclass(frozen=True)
class BoardNotePage:
    slug: str
    pathway: str
    lang: str
    format_minutes: int
    format_label: str
    name: str
    at: datetime
    fields: tuple[Field, ...]
    texts: dict[str, str]  # what the form shows, by field
    said: tuple[tuple[str, str], ...]  # (label, what stands there as it is read)
    sheet: SheetLine | None
    back: str  # the bilan
    url: str


def board_note(db: Session, me: Me, slug: str, wanted: int | None = None) -> BoardNotePage:
    """Of the bilan of that format, else of the longest one. Raises Missing."""
    reading = courses.pathway(db, slug, me.id)
    held = learning.summaries(db, reading.enrolment_id) if reading.enrolment_id else {}
    if not held or (wanted is not None and wanted not in held):
        raise Missing
    summary = held[wanted or max(held)]
    kept = kits.written(db, me.id, [summary.code]).get(summary.code, {})
    start = _start(summary, plans.plan(db, reading.enrolment_id or 0))
    texts = {name: text for name, (text, _at) in kept.items()} if kept else start
    fields = board_fields()
    act = acting.kept(summary.annex, reading.doc.kit)[0]
    kit = courses.published(db, DocumentKind.KIT, act.kit).get(act.kit)
    return BoardNotePage(
        slug=slug,
        pathway=summary.snapshot["pathway"],
        lang=summary.snapshot.get("lang", reading.lang),
        format_minutes=summary.format_minutes,
        format_label=minutes(summary.format_minutes),
        name=summary.snapshot["name"],
        at=summary.issued_at,
        fields=fields,
        texts=texts,
        said=tuple((each.label, as_read(each, text, {})) for each in fields if (text := texts.get(each.name, ""))),
        sheet=sheet_to_begin(kit_card(kit), act) if kit else None,
        back=f"{summary_url(slug)}?format={summary.format_minutes}",
        url=board_note_url(slug, summary.format_minutes),
    )


def board_note_url(slug: str, format_minutes: int) -> str:
    return f"{summary_url(slug)}/note?format={format_minutes}"


def board_fields() -> tuple[Field, ...]:
    """Short enough, all together, for one A4."""
    return (
        Field(name="besoin", label=_("Le besoin"), help=_("Qui, quoi, où : une ou deux phrases."), max=600),
        Field(name="compris", label=_("Ce que j’ai compris"), max=800),
        Field(name="demande", label=_("Ce que je vous demande"), help=_("Une décision à prendre."), max=600),
        Field(name="avant", label=_("Avant le"), type="date"),
    )


def _start(summary: Summary, planned: list[Planned]) -> dict[str, str]:
    """From the words of the bilan and the first commitment."""
    words: Mapping[str, Mapping[str, str]] = summary.annex.get("words", {})
    near = next((line for line in planned if line.horizon is Horizon.DAYS_15), None)

    def said(*slots: str) -> str:
        return next((text for slot in slots if (text := words.get(slot, {}).get("text", ""))), "")

    return {
        "besoin": said("need", "alone")[:600],
        "compris": said("keep")[:800],
        "demande": ((near.board or near.text) if near else said("board", "ask"))[:600],
        "avant": near.due_on.isoformat() if near and near.due_on else "",
    }


def board_notes(more: Beside, reading: Reading) -> tuple[NoteLine, ...]:
    """Those of one pathway, as the notebook shows them."""
    title, url = _("Note à mon conseil d’administration"), f"{summary_url(reading.slug)}/note"
    found = []
    for code, enrolment_id in more.bilans.items():
        for each in board_fields() if enrolment_id == reading.enrolment_id else ():
            text, at = more.texts[code].get(each.name, ("", None))
            if text and at:
                found.append(NoteLine("fr", title, each.label, as_read(each, text, {}), at, url))
    return tuple(found)
