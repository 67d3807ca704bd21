"""A step as one learner meets it."""

from dataclasses import replace

from sqlalchemy.orm import Session

from app.content.markdown import FieldMark, segments
from app.errors import Missing
from app.i18n import minutes
from app.learn.pages import kinds
from app.learn.pages.parts import Lines, circle_line, label, led, offer_line, pathway_url, person_id, step_url
from app.learn.pages.pieces import Recall, RecallAsked, StepLine
from app.learn.pages.shapes import StepAsked, StepPage
from app.models.measured import length
from app.models.progress import StepRow
from app.policy import Me
from app.reads import courses
from app.reads.frozen import StepContent
from app.reads.written import Page, written_on
from app.steps import KINDS
from app.steps.fields import Field


def step(db: Session, me: Me | None, slug: str, uid: str, shown: str = "", again: bool = False) -> StepPage:
    """`shown`: the case opened; `again`: answer a diagnostic anew. Raises Missing."""
    reading = courses.pathway(db, slug, person_id(me))
    rows, found = courses.steps_and_content(db, reading.edition_id, reading.enrolment_id, uid)
    kind = KINDS[found.kind]
    content = found.doc
    lines = Lines(reading, rows, courses.formats(db, [reading.edition_id])[reading.edition_id])
    row = next(row for row in rows if row.uid == uid)
    recalled = [tuple(address.split(".", 1)) for address in content.rappel]
    timed = (reading.enrolment_id or 0, uid)
    asked = {uid, *(r[0] for r in recalled)}
    member = me is not None and me.member
    written = written_on(db, person_id(me), reading.edition_id, asked, timed, member=member)
    fields = {field.name: field for field in content.fields}
    recalls = [_recall(lines, written, recall_uid, name) for recall_uid, name in recalled]
    parts = segments(led(found.html, slug, {each.uid for each in rows}), set(fields))
    placed = {part.name for part in parts if isinstance(part, FieldMark)}
    texts = written[uid].texts
    progress = lines.progress
    page = StepPage(
        slug=slug,
        pathway=reading.title,
        pathway_lang=reading.lang,
        pathway_url=pathway_url(slug),
        uid=uid,
        title=found.title,
        kind=found.kind,
        kind_label=kind.label(),
        icon=kind.icon,
        lang=found.lang,
        minutes=row.minutes,
        number=progress.number(uid),
        total=progress.total,
        format_label=minutes(lines.chosen),
        done=progress.done,
        done_minutes=progress.total_minutes - progress.left_minutes,
        total_minutes=progress.total_minutes,
        left_minutes=progress.left_minutes,
        module=lines.module(uid),
        key=content.key or "",
        segments=tuple(parts),
        fields_after=tuple(FieldMark(name) for name in fields if name not in placed),
        fields=fields,
        texts={name: text for name, (text, _at) in texts.items()},
        terms=_terms(db, [*fields.values(), *(recall.field for recall in recalls)]),
        recalls=tuple(recalls),
        takeaway=content.takeaway or "",
        sources=(*content.sources, *(fact.line for fact in content.facts)),
        rule=kind.rule(content) if row.ready else "",
        writes=bool(fields),
        enrolled=reading.enrolment_id is not None,
        ready=row.ready,
        inside=row.format_minutes <= lines.chosen,
        completed_at=row.completed_at,
        changed=row.changed,
        measured=length(written[uid].time),
        idle_seconds=kind.idle_seconds,
        saved_at=max((at for text, at in texts.values()), default=None),
        missing=(),
        blocked="",
        previous=_previous(lines, uid),
        next=lines.step(after) if (after := progress.after(uid)) else None,
        last=progress.finished or [left.uid for left in progress.missing] == [uid],
        corrections=reading.corrections if courses.mended(db, reading, uid) else (),
        offer=offer_line(reading),
        longer=lines.longer(row.format_minutes, step_url(slug, uid)) if row.format_minutes > lines.chosen else None,
        formats=lines.options() if reading.enrolment_id is None else (),
        quiz=None,
        diagnostic=None,
        cases=(),
        resource=None,
        video=None,
        live=None,
        circles=tuple(circle_line(circle) for circle in written[uid].beside.circles),
        mark=written[uid].beside.mark,
        share_error="",
        voice=next(iter(written[uid].voices), None),
    )
    more = kinds.more(db, me, reading, content, page, shown=shown, again=again) if row.ready else {}
    return replace(page, **more) if more else page


def asked(db: Session, me: Me | None, slug: str, uid: str) -> StepAsked:
    """What the form of a step asks, without its page. Raises Missing."""
    reading = courses.pathway(db, slug, person_id(me))
    contents = courses.step_contents(db, reading.edition_id, None)
    if uid not in contents:
        raise Missing
    content = contents[uid].doc
    recalled = [tuple(address.split(".", 1)) for address in content.rappel]
    recalls = tuple(RecallAsked(number, _named(contents[number], name)) for number, name in recalled)
    own = {field.name: field for field in content.fields}
    terms = _terms(db, [*own.values(), *(recall.field for recall in recalls)])
    held = kinds.cohort_meeting(db, me, reading, content)
    own, terms = kinds.also_asked(content, own, terms, held) if content.ready else (own, terms)
    return StepAsked(uid=uid, fields=own, terms=terms, recalls=recalls)


def _named(step: StepContent, name: str) -> Field:
    return next(field for field in step.doc.fields if field.name == name)


def _recall(lines: Lines, written: dict[str, Page], uid: str, name: str) -> Recall:
    page = written[uid]
    field = _named(page.step, name)
    text, at = page.texts.get(name, ("", None))
    return Recall(
        uid=uid,
        field=field,
        lang=page.step.lang,
        step_title=page.step.title,
        step_number=lines.progress.number(uid),
        url=step_url(lines.reading.slug, uid),
        text=text,
        at=at,
    )


def _terms(db: Session, fields: list[Field]) -> dict[str, tuple[tuple[str, str], ...]]:
    lists = {field.terms for field in fields if field.terms}
    if not lists:
        return {}
    return {
        name: tuple((term.slug, label(term)) for term in terms) for name, terms in courses.terms(db, *lists).items()
    }


def _previous(lines: Lines, uid: str) -> StepLine | None:
    inside: list[StepRow] = [row for row in lines.rows if row.format_minutes <= lines.chosen or row.uid == uid]
    here = [row.uid for row in inside].index(uid)
    return lines.step(inside[here - 1]) if here else None
