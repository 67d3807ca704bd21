"""Publication: a document's text becomes a write-once revision and its index; a pathway's, an edition."""

import hashlib
import unicodedata
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import corrections
from app.content import text
from app.content.course import Parsed, edition_digest
from app.content.documents import ModuleDoc, PathwayDoc, TaxonomyList
from app.content.kits import KitDoc, SheetDoc, ToolDoc
from app.content.parsed import Part
from app.content.schema import Document as DocumentDoc
from app.content.translation import kept
from app.db import insert_if_absent, upsert
from app.errors import Refused
from app.i18n import ORIGINAL, _
from app.models import (
    Document,
    DocumentKind,
    DocumentText,
    Edition,
    EditionDocument,
    EditionFormat,
    EditionModule,
    Objective,
    Publication,
    Revision,
    Step,
    StepKindName,
    StepText,
    Term,
)
from app.steps import StepContent, task_digest


def publish(
    db: Session, document: Document, parsed: Parsed, *, by: int | None, note: str = ""
) -> tuple[Revision, bool]:
    """Make a document's text live. Returns its revision, and whether it is new: the same text twice makes nothing."""
    digest = parsed.digest
    values = {
        "document_id": document.id,
        "digest": digest,
        "files": {path: _frozen(path, content) for path, content in parsed.source.files.items()},
        "created_at": clock.now(),
    }
    fresh = insert_if_absent(db, Revision, values)
    revision = db.scalars(select(Revision).filter_by(document_id=document.id, digest=digest)).one()
    if fresh:
        _index(db, revision, parsed)
    live = db.scalar(
        select(Publication.revision_id)
        .filter_by(document_id=document.id, withdrawn_at=None)
        .order_by(Publication.id.desc())
        .limit(1)
    )
    if live == revision.id:
        return revision, False
    db.add(Publication(document_id=document.id, revision_id=revision.id, at=clock.now(), by_id=by, note=note))
    db.flush()
    return revision, True


def live(db: Session, refs: Sequence[tuple[str, str]]) -> list[tuple[Document, Revision]]:
    """Documents by (kind, slug) with their live revision, to freeze them with an edition."""
    found = []
    for kind, slug in refs:
        document = db.scalars(select(Document).filter_by(kind=DocumentKind(kind), slug=slug, home_id=None)).one()
        newest = (
            select(Publication.revision_id)
            .filter_by(document_id=document.id, withdrawn_at=None)
            .order_by(Publication.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        found.append((document, db.scalars(select(Revision).where(Revision.id == newest)).one()))
    return found


def _frozen(path: str, content: bytes) -> str | dict[str, str]:
    if path.endswith((".md", ".yaml")):
        return content.decode()
    return {"sha256": hashlib.sha256(content).hexdigest()}


def _index(db: Session, revision: Revision, parsed: Parsed) -> None:
    """The rows by which a revision is read: a text for each language in which it is written."""
    for lang in parsed.languages:
        doc = parsed.front.said(lang) if parsed.front else None
        if doc is not None or lang == ORIGINAL:
            db.add(_text(revision, parsed, doc, lang))
    if isinstance(parsed.doc, PathwayDoc):
        _index_objectives(db, revision, parsed.doc)
    if isinstance(parsed.doc, ModuleDoc):
        _index_steps(db, revision, parsed)
    db.flush()


def _text(revision: Revision, parsed: Parsed, doc: DocumentDoc | None, lang: str) -> DocumentText:
    title = getattr(doc, "title", parsed.source.slug)
    return DocumentText(
        revision_id=revision.id,
        lang=lang,
        title=title,
        summary=getattr(doc, "summary", ""),
        html=parsed.html(getattr(doc, "body", ""), lang),
        content=_content(parsed, doc, lang),
        search_text=folded(f"{title} {getattr(doc, 'summary', '')} {getattr(doc, 'body', '')}"),
        sort_key=f"{getattr(doc, 'rank', 100):03} {folded(title)}"[:200],
    )


def _content(parsed: Parsed, doc: DocumentDoc | None, lang: str) -> dict[str, object]:
    """What is read whole: the parsed document; a kit's with its sheets and tools, each in its language."""
    if isinstance(doc, KitDoc):
        sheets = [_page(parsed, part, lang) for part in parsed.parts if isinstance(part.doc, SheetDoc)]
        tools = [_page(parsed, part, lang) for part in parsed.parts if isinstance(part.doc, ToolDoc)]
        return {"kit": kept(doc), "sheets": sheets, "tools": tools}
    return kept(doc) if doc is not None else {}


def _page(parsed: Parsed, part: Part, lang: str) -> dict[str, object]:
    spoken = lang if lang in part.translations else ORIGINAL
    doc = part.said(spoken)
    if not isinstance(doc, SheetDoc | ToolDoc):
        raise TypeError(part.path)
    return {"slug": part.slug, "lang": spoken, "doc": kept(doc), "html": parsed.html(doc.body, spoken)}


def _index_objectives(db: Session, revision: Revision, doc: PathwayDoc) -> None:
    minutes = {format.name: format.minutes for format in doc.formats}
    for position, objective in enumerate(doc.objectives, 1):
        db.add(
            Objective(
                revision_id=revision.id,
                uid=objective.uid,
                position=position,
                format_minutes=minutes[objective.format],
                text=objective.text,
                evidence=list(objective.evidence),
            )
        )


def _index_steps(db: Session, revision: Revision, parsed: Parsed) -> None:
    for position, part in enumerate(parsed.parts, 1):
        content = part.doc
        if not isinstance(content, StepContent):
            raise TypeError(part.path)
        step = Step(
            revision_id=revision.id,
            position=position,
            uid=content.uid,
            kind=StepKindName(content.kind),
            minutes=content.minutes,
            format_minutes=parsed.formats[content.format],
            optional=content.optional,
            ready=content.ready,
        )
        db.add(step)
        db.flush()
        for lang in parsed.languages:
            said = part.said(lang)
            if isinstance(said, StepContent):
                db.add(_step_text(step, parsed, said, lang))


def _step_text(step: Step, parsed: Parsed, content: StepContent, lang: str) -> StepText:
    return StepText(
        step_id=step.id,
        lang=lang,
        title=content.title,
        html=parsed.html(content.body, lang),
        content=parsed.served(content),
        task_digest=task_digest(content, parsed.uses(content, lang)),
    )


def publish_terms(db: Session, parsed: Parsed) -> None:
    """Taxonomies are data: each entry with the status that its source deserves. Other documents have none."""
    for part in parsed.parts:
        for rank, term in enumerate(part.doc.terms if isinstance(part.doc, TaxonomyList) else ()):
            plain = text.plain(term)
            values = {
                "list": part.slug,
                "slug": term.slug,
                "rank": rank,
                "labels": {"fr": term.screen or term.fr, "en": term.en},
                "status": term.status,
                "source": term.source,
                "extra": {key: value for key, value in plain.items() if key not in _KEPT},
            }
            changing = ["rank", "labels", "status", "source", "extra"]
            upsert(db, Term, values, keys=["list", "slug"], update=changing)


_KEPT = ("slug", "fr", "en", "source", "status")


def publish_edition(
    db: Session,
    pathway: Document,
    front: Revision,
    doc: PathwayDoc,
    modules: Sequence[Revision],
    used: Sequence[tuple[Document, Revision]],
    *,
    by: int | None,
    note: str = "",
    correctif: bool = False,
) -> int | None:
    """The new state of a pathway, if anything changed: its number, or None. Learners midway stay where they are.

    A correctif, which is proved to change nothing that is asked, reaches them. Raises Refused when it is none.
    """
    digest = edition_digest(front.digest, (module.digest for module in modules), (r.digest for _doc, r in used))
    latest = db.scalar(select(Edition).filter_by(pathway_id=pathway.id).order_by(Edition.number.desc()).limit(1))
    if latest is not None and latest.digest == digest and latest.withdrawn_at is None:
        return None
    before = corrections.corrected(db, pathway.id) if correctif else None
    edition = Edition(
        pathway_id=pathway.id,
        number=latest.number + 1 if latest else 1,
        digest=digest,
        corrects_id=before.id if before else None,
        front_revision_id=front.id,
        published_at=clock.now(),
        published_by=by,
        note=note,
    )
    db.add(edition)
    db.flush()
    for position, module in enumerate(modules, 1):
        db.add(EditionModule(edition_id=edition.id, position=position, revision_id=module.id))
    for document, revision in used:
        db.add(EditionDocument(edition_id=edition.id, document_id=document.id, revision_id=revision.id))
    db.add_all(_formats(db, edition, doc, modules))
    db.flush()
    if before is not None:
        corrections.prove(db, before, edition, doc.title)
    elif correctif:
        raise Refused(_("« %(title)s » n’a pas encore d’édition à corriger.", title=doc.title))
    return edition.number


def _formats(db: Session, edition: Edition, doc: PathwayDoc, modules: Sequence[Revision]) -> list[EditionFormat]:
    steps = db.scalars(select(Step).where(Step.revision_id.in_([module.id for module in modules]))).all()
    found = []
    for format in doc.formats:
        inside = [step for step in steps if step.format_minutes <= format.minutes and not step.optional]
        found.append(
            EditionFormat(
                edition_id=edition.id,
                name=format.name,
                minutes=format.minutes,
                sum_minutes=sum(step.minutes for step in inside),
                steps=len(inside),
                unready_steps=sum(not step.ready for step in inside),
            )
        )
    return found


def folded(words: str) -> str:
    """Without accents nor case, for searching and sorting."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
