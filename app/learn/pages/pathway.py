"""The page of a pathway: what it promises, its formats side by side, its trail."""

from sqlalchemy.orm import Session

from app.i18n import minutes
from app.learn.pages.parts import Lines, chemin_look, kit_card, offer_line, person_id, written_steps
from app.learn.pages.pieces import Link, ObjectiveLine
from app.learn.pages.placement import placement_line
from app.learn.pages.shapes import PathwayPage
from app.models import DocumentKind
from app.policy import Me
from app.reads import courses, diagnostics, learning


def pathway(db: Session, me: Me | None, slug: str) -> PathwayPage:
    """Raises Missing."""
    reading = courses.pathway(db, slug, person_id(me), even_archived=True)
    lines = Lines(reading, courses.steps(db, reading.edition_id, reading.enrolment_id))
    paths = courses.terms(db, "paths")["paths"]
    kits = courses.published(db, DocumentKind.KIT, reading.doc.kit)
    chemin, hue, icon = chemin_look(paths, reading.doc.chemin)
    by_name = {format.name: format.minutes for format in lines.formats}
    doc = reading.doc
    started = reading.enrolment_id is not None
    archived = reading.archived_at is not None
    announced = not archived and not any(format.offered for format in lines.formats)
    return PathwayPage(
        slug=slug,
        title=reading.title,
        summary=reading.summary,
        audience=doc.audience,
        html=reading.html,
        lang=reading.lang,
        chemin=chemin,
        chemin_icon=icon,
        hue=hue,
        edition=reading.edition,
        published_at=reading.published_at,
        objectives=tuple(
            ObjectiveLine(o.text, lines.rank(by_name[o.format]), minutes(by_name[o.format])) for o in doc.objectives
        ),
        foundations=tuple(Link(f.title, f.url or "", f.text or "") for f in doc.foundations),
        sources=doc.sources,
        provenance=doc.provenance,
        official_url=doc.official_url or "",
        formats=lines.options(),
        announced=announced,
        archived=archived,
        modules=lines.modules(),
        first=lines.step(lines.rows[0]) if lines.rows else None,
        kit=kit_card(kits[doc.kit], paths) if doc.kit in kits else None,
        diagnostic_url=_diagnostic_url(db, doc.kit) if announced and not started else "",
        resume=lines.resume(),
        placement=placement_line(lines, learning.placements(db, reading.enrolment_id))
        if reading.enrolment_id
        else None,
        missing=tuple(lines.step(row) for row in lines.progress.missing) if started and lines.progress.done else (),
        total_steps=written_steps(lines.formats),
        corrections=reading.corrections,
        offer=offer_line(reading),
    )


def _diagnostic_url(db: Session, kit: str) -> str:
    slug = diagnostics.of_kit(db, kit)
    return f"/autodiagnostics/{slug}" if slug else ""
