"""A step that is not in the edition read: an old address leads somewhere, and who has done it can read it again."""

from sqlalchemy.orm import Session

from app.content.markdown import segments
from app.errors import Missing
from app.learn.pages.parts import Lines, offer_line, pathway_url, person_id, step_url
from app.learn.pages.shapes import FormerStepPage
from app.policy import Me
from app.reads import courses, editions, written
from app.steps.fields import Field, words


def pathway_instead(db: Session, slug: str) -> str:
    """Where the address of a pathway that is no longer on offer leads. Raises Missing when there never was one."""
    if not editions.once(db, slug):
        raise Missing
    return "/parcours"


def former_url(db: Session, me: Me | None, slug: str, uid: str) -> str:
    """Where the address of a step leads that the edition read does not hold. Raises Missing when none ever did."""
    if editions.holding(db, slug, uid) is None:
        raise Missing
    if courses.found(db, slug, person_id(me)):
        return f"{step_url(slug, uid)}/ancienne"
    return pathway_url(slug) if courses.found(db, slug, person_id(me), even_archived=True) else "/parcours"


def former_step(db: Session, me: Me | None, slug: str, uid: str) -> FormerStepPage | None:
    """None when the edition read holds the step. Raises Missing when no edition ever did."""
    reading = courses.pathway(db, slug, person_id(me))
    lines = Lines(reading, courses.steps(db, reading.edition_id, reading.enrolment_id))
    if any(row.uid == uid for row in lines.rows):
        return None
    held = editions.holding(db, slug, uid)
    if held is None:
        raise Missing
    rows, found = courses.steps_and_content(db, held.id, reading.enrolment_id, uid)
    row = next(row for row in rows if row.uid == uid)
    fields = {field.name: field for field in found.doc.fields}
    texts = written.written_on(db, person_id(me), held.id, {uid})[uid].texts if row.done else {}
    return FormerStepPage(
        slug=slug,
        pathway=reading.title,
        pathway_lang=reading.lang,
        pathway_url=pathway_url(slug),
        lang=found.lang,
        title=found.title,
        enrolled=reading.enrolment_id is not None,
        coming=held.number > reading.edition,
        completed_at=row.completed_at,
        segments=tuple(segments(found.html, set(fields))) if row.done else (),
        fields=fields,
        texts={name: words(fields[name], text, {}) for name, (text, _at) in texts.items() if _is_read(fields, name)},
        next=lines.step(lines.progress.next) if lines.progress.next else None,
        offer=offer_line(reading),
    )


def _is_read(fields: dict[str, Field], name: str) -> bool:
    """Words of one's own or options of the step; what a list of terms says is in the profile."""
    return name in fields and not fields[name].terms
