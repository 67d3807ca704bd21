"""Drafts as their authors find them: one by number, those of a document, the whole site as the course it would make."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.content import folder
from app.content.course import Course, load_course
from app.content.outline import said
from app.errors import Missing
from app.models import Document, DocumentKind, Draft, DraftVersion, Edition, Publication
from app.outside import store
from app.steps import KINDS


def draft(db: Session, number: int, *, lock: bool = False, even_removed: bool = False) -> Draft:
    """A text by number. Raises Missing for one that was taken away, unless `even_removed`, and for a picture."""
    query = select(Draft).where(Draft.id == number, Draft.text.is_not(None))
    if lock:
        query = query.with_for_update(of=Draft).execution_options(populate_existing=True)
    found = db.scalar(query)
    if found is None or (found.removed_at is not None and not even_removed):
        raise Missing
    return found


def document(db: Session, kind: DocumentKind, slug: str) -> Document:
    """A document that stands alone, or a pathway, with something written. Raises Missing."""
    written = select(Draft.id).where(Draft.document_id == Document.id, Draft.removed_at.is_(None)).exists()
    found = db.scalar(select(Document).where(Document.kind == kind, Document.slug == slug, written))
    if found is None:
        raise Missing
    return found


def of(db: Session, *documents: int) -> Sequence[Draft]:
    """The drafts of documents, by path: pathway first, modules and steps in order."""
    query = select(Draft).where(Draft.document_id.in_(documents), Draft.removed_at.is_(None)).order_by(Draft.path)
    return db.scalars(query).all()


def within(db: Session, prefix: str) -> Sequence[Draft]:
    """The drafts of a folder, as `pathways/demo/`, by path. One statement."""
    query = (
        select(Draft)
        .where(Draft.path >= prefix, Draft.path < f"{prefix}\uffff", Draft.removed_at.is_(None))
        .order_by(Draft.path)
    )
    return [found for found in db.scalars(query) if found.path.startswith(prefix)]


def everything(db: Session, prefix: str) -> Sequence[Draft]:
    """The drafts of a folder by path, those taken away among them. One statement."""
    query = select(Draft).where(Draft.path >= prefix, Draft.path < f"{prefix}\uffff").order_by(Draft.path)
    return [found for found in db.scalars(query) if found.path.startswith(prefix)]


@dataclass(frozen=True)
class Lender:
    """A module that another pathway takes: its texts, and the title of the pathway where it is written."""

    drafts: tuple[Draft, ...]
    pathway: str


def lent(db: Session, uses: Collection[str]) -> dict[str, Lender]:
    """Modules of other pathways, by « <pathway>/<module> ». One statement, none for none."""
    pairs = [tuple(use.split("/", 1)) for use in uses if use.count("/") == 1]
    if not pairs:
        return {}
    home = aliased(Document)
    wanted = [and_(home.slug == pathway, Document.slug == module) for pathway, module in pairs]
    fronts = and_(home.id.is_(None), Draft.path.in_([f"pathways/{pathway}/pathway.md" for pathway, _module in pairs]))
    query = (
        select(Draft, Document.slug, home.slug)
        .join(Document, Document.id == Draft.document_id)
        .outerjoin(home, home.id == Document.home_id)
        .where(Draft.removed_at.is_(None), Draft.text.is_not(None), or_(*wanted, fronts))
        .order_by(Draft.path)
    )
    found: dict[str, list[Draft]] = {}
    titles: dict[str, str] = {}
    for row in db.execute(query):
        draft, slug, pathway = row
        if not pathway:
            titles[slug] = said(draft.path, draft.text or "").get("title", "") or slug
        else:
            found.setdefault(f"{pathway}/{slug}", []).append(draft)
    return {use: Lender(tuple(mine), titles.get(use.split("/")[0], "")) for use, mine in found.items()}


def lent_fronts(db: Session, texts: Iterable[Draft]) -> dict[str, dict[str, str]]:
    """What the modules that texts take begin with, by « <pathway>/<module> », then path: enough for their titles."""
    found = lent(db, uses(texts))
    return {
        use: {each.path: each.text or "" for each in lender.drafts if each.path.endswith("/module.md")}
        for use, lender in found.items()
    }


def uses(texts: Iterable[Draft]) -> set[str]:
    """The modules of other pathways that texts take."""
    return {use for each in texts if (use := _use(each))}


def borrowers(db: Session, slug: str) -> list[tuple[Draft, str, str]]:
    """(text, module, pathway’s slug) of the modules that other pathways take from one. One statement."""
    said_so = Draft.text.contains(f"use: {slug}/", autoescape=True)
    query = select(Draft).where(said_so, Draft.path.endswith("/module.md"), Draft.removed_at.is_(None))
    found = [(each, _use(each)) for each in db.scalars(query.order_by(Draft.path))]
    return [(e, use.split("/", 1)[1], e.path.split("/")[1]) for e, use in found if use.split("/")[0] == slug]


def modules(db: Session) -> list[tuple[str, str, str, str]]:
    """(pathway’s slug, module’s slug, title, pathway’s title) of every module that is written. One statement."""
    fronts = or_(Draft.path.endswith("/module.md"), Draft.path.endswith("/pathway.md"))
    query = (
        select(Draft, Document.slug)
        .join(Document, Document.id == Draft.document_id)
        .where(fronts, Draft.removed_at.is_(None), Draft.text.is_not(None))
        .order_by(Draft.path)
    )
    rows = db.execute(query).all()
    keys = {draft.path: said(draft.path, draft.text or "") for draft, _slug in rows}
    titles = {path.split("/")[1]: each.get("title", "") for path, each in keys.items() if path.endswith("/pathway.md")}
    return [
        (home, slug, keys[draft.path].get("title", "") or slug, titles.get(home, "") or home)
        for draft, slug in rows
        if draft.path.endswith("/module.md") and not keys[draft.path].get("use") and (home := draft.path.split("/")[1])
    ]


def _use(draft: Draft) -> str:
    if draft.text is None or not draft.path.endswith("/module.md"):
        return ""
    found = said(draft.path, draft.text).get("use", "")
    return found if found.count("/") == 1 else ""


def fronts(db: Session) -> Sequence[tuple[Document, Draft]]:
    """Every document that is written, with the text that it begins with; of the taxonomy, each of its lists."""
    names = [f"{kind.value}.md" for kind in DocumentKind]
    query = (
        select(Document, Draft)
        .join(Draft, Draft.document_id == Document.id)
        .where(Draft.removed_at.is_(None), Draft.text.is_not(None))
        .order_by(Draft.path)
    )
    ends = [Draft.path.endswith(f"/{name}", autoescape=True) for name in names]
    wanted = ends[0]
    for end in ends[1:]:
        wanted = wanted | end
    wanted = wanted | (Document.kind == DocumentKind.TAXONOMY)
    return [(row[0], row[1]) for row in db.execute(query.where(wanted))]


def asking(db: Session) -> Sequence[Draft]:
    """The texts of pathways in which something is asked in writing. One statement."""
    asks = Draft.text.contains("\nfields:\n", autoescape=True)
    return db.scalars(select(Draft).where(Draft.path.like("pathways/%"), asks, Draft.removed_at.is_(None))).all()


def removed_fronts(db: Session) -> Sequence[tuple[Document, Draft]]:
    """The documents that were taken away here, each with the text that it begins with, the last one first."""
    gone = (Draft.removed_at.is_not(None), Draft.removed_here.is_(True), Draft.text.is_not(None))
    query = select(Document, Draft).join(Draft, Draft.document_id == Document.id).where(*gone)
    alone = [kind for kind in DocumentKind if kind is not DocumentKind.MODULE]
    ends = [Draft.path.endswith(f"/{kind.value}.md", autoescape=True) for kind in alone]
    return [(row[0], row[1]) for row in db.execute(query.where(or_(*ends)).order_by(Draft.removed_at.desc()))]


def ever_published(db: Session, document_id: int) -> bool:
    return db.scalar(select(Publication.id).filter_by(document_id=document_id).limit(1)) is not None


def next_edition(db: Session, document_id: int) -> int:
    """The number of the edition that publishing a pathway would make."""
    return (db.scalar(select(func.max(Edition.number)).where(Edition.pathway_id == document_id)) or 0) + 1


def files(db: Session, media: Path) -> dict[str, bytes]:
    """Every draft that is not removed, by path. Raises FileNotFoundError for a picture that is no longer there."""
    return as_files(db.scalars(select(Draft).where(Draft.removed_at.is_(None)).order_by(Draft.path)), media)


def as_files(drafts: Iterable[Draft], media: Path) -> dict[str, bytes]:
    """Drafts as a course is on the disk."""
    found = {}
    for each in drafts:
        content = each.text.encode() if each.text is not None else store.get(media, each.sha256)
        if content is None:
            raise FileNotFoundError(each.path)
        found[each.path] = content
    return found


def held(media: Path, path: str, name: str) -> bytes | None:
    """What is in a file that is not a text, if it is still there: recordings, all together, may weigh 200 MB."""
    return (store.held if folder.ending(path) in (*folder.VIDEOS, *folder.SOUNDS) else store.get)(media, name)


def readable(db: Session, media: Path) -> dict[str, bytes]:
    """The same but for the pictures that are no longer there. One statement."""
    found = {}
    for row in db.execute(select(Draft.path, Draft.text, Draft.sha256).where(Draft.removed_at.is_(None))):
        content = row.text.encode() if row.text is not None else held(media, row.path, row.sha256)
        if content is not None:
            found[row.path] = content
    return dict(sorted(found.items()))


def course(db: Session, media: Path, others: Mapping[str, bytes | None] | None = None) -> Course:
    """The whole site as it is drafted, with every problem in it. One statement.

    `others`: files as they would be instead, by path; None for one that would be taken away.
    """
    found: dict[str, bytes] = files(db, media)
    for path, content in (others or {}).items():
        if content is None:
            found.pop(path, None)
        else:
            found[path] = content
    return load_course(dict(sorted(found.items())), KINDS)


def names(db: Session, prefixes: Sequence[str]) -> list[tuple[str, str]]:
    """(path, SHA-256) of every draft of some folders, in one statement."""
    inside = [and_(Draft.path >= prefix, Draft.path < f"{prefix}\uffff") for prefix in prefixes]
    rows = db.execute(select(Draft.path, Draft.sha256).where(or_(*inside), Draft.removed_at.is_(None)))
    return [(row.path, row.sha256) for row in rows if row.path.startswith(tuple(prefixes))]


def versions(db: Session, number: int) -> Sequence[DraftVersion]:
    """What a text said before, the latest first."""
    return db.scalars(select(DraftVersion).filter_by(draft_id=number).order_by(DraftVersion.id.desc())).all()
