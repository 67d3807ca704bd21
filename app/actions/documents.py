"""Documents begun in the browser (pathways, kits, self-diagnostics, examples), taken away, given back."""

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app import clock
from app.actions import workshop
from app.content import editing, folder, moving
from app.content import text as texts
from app.content.between import LEVELS
from app.content.kits import KitDoc
from app.content.naming import new_uid, slug_of
from app.content.outline import said
from app.content.yamltext import emit
from app.db import insert_if_absent
from app.errors import Missing, Refused
from app.i18n import ORIGINAL, _
from app.models import Document, DocumentKind, Draft, Term, record
from app.reads import drafts as reads

ALONE = (DocumentKind.KIT, DocumentKind.DIAGNOSTIC, DocumentKind.CASE)
PAGES = ("sheet", "tool")
"""What a kit holds."""
BEGINS = ("min_percent", "min_axis_percent")
"""Where a level begins, as the list of levels says."""


def create_document(
    db: Session, kind: DocumentKind, title: str, said_too: Mapping[str, object] | None = None, *, by: int
) -> Draft:
    """A new document, still to be written: its title, and what is said with it. Returns the text that it begins with.

    Asked again by the same person before a word is written in it, it is the same one: a double click makes one.
    """
    levels = {"levels": _levels(db)} if kind is DocumentKind.DIAGNOSTIC else {}
    text = f"---\n{emit({'title': title, **levels, **(said_too or {})})}---\n"
    while True:
        slug = slug_of(title, set(db.scalars(select(Document.slug).filter_by(kind=kind, home_id=None))))
        if found := _twin(db, kind, text, by):  # after the names taken: who came first is among these or those
            return found
        values = {"kind": kind, "slug": slug, "home_id": None, "created_at": clock.now()}
        if insert_if_absent(db, Document, values):
            number = db.scalars(select(Document.id).filter_by(kind=kind, slug=slug, home_id=None)).one()
            return workshop.create_text(db, number, f"{kind.value}s/{slug}/{kind.value}.md", text, by=by)


def create_page(db: Session, number: int, kind: str, title: str, *, by: int) -> Draft:
    """A sheet or a tool at the end of the kit that begins with that text, still to be written; a tool enters its list.

    Asked again before a word is written in it, it is the same one. Raises Missing, Refused for a hundredth.
    """
    kit, document = _held(db, number)
    if document.kind is not DocumentKind.KIT or kit.removed_at is not None or not _is_front(kit, document):
        raise Missing
    home = kit.path.removesuffix("kit.md")
    every = [each for each in reads.everything(db, home) if _is_page(each)]
    for each in every:
        keys = said(each.path, each.text or "")
        if each.removed_at is None and each.updated_by == by and each.text == _page(kind, title, keys):
            return each
    taken = sorted({moving.number_of(each.path) for each in every})
    row = moving.numbered(taken, len(taken))
    free = row[-1] if row[:-1] == taken else min({*range(1, moving.MOST + 1)} - {*taken})
    slug = slug_of(title, {each.path.rsplit("/", 1)[-1][3:].removesuffix(".md") for each in every})
    names = {"uid": new_uid(), "code": _code([said(each.path, each.text or "").get("code", "") for each in every])}
    made = workshop.create_text(db, document.id, f"{home}{free:02}-{slug}.md", _page(kind, title, names), by=by)
    if kind == "tool":
        _list_tool(db, kit, title, names["uid"], by)
    return made


def remove_document(db: Session, number: int, *, by: int) -> Draft:
    """Take away a document that was never published, or a page of a kit; done twice, once.

    Returns the text that the document begins with. Raises Missing, Refused.
    """
    draft, document = _held(db, number)
    every = reads.everything(db, draft.path.rsplit("/", 1)[0] + "/")
    front = _front(every, document)
    if draft.removed_at is not None:
        return front
    if draft is front:
        if reads.ever_published(db, document.id):
            raise Refused(_("Ce texte a été publié : il se lit sur le site. Il ne se retire pas d’ici."))
        gone = [each for each in every if each.removed_at is None]
    else:
        gone = _spoken(draft, every)
    now = clock.now()
    for each in gone:
        each.removed_at, each.removed_here = now, True
    record(db, "document.remove", _named(draft, front), by=by)
    return front


def restore_document(db: Session, number: int, *, by: int) -> Draft:
    """Give back what was taken away, as it was; done twice, once. Raises Missing, as for a page of a kit taken away."""
    draft, document = _held(db, number)
    every = reads.everything(db, draft.path.rsplit("/", 1)[0] + "/")
    front = _front(every, document)
    if draft.removed_at is None:
        return draft
    if draft is not front and front.removed_at is not None:
        raise Missing
    gone = draft.removed_at
    for each in every if draft is front else _spoken(draft, every):
        if each.removed_at == gone and each.removed_here:
            each.removed_at, each.removed_here = None, False
    record(db, "document.restore", _named(draft, front), by=by)
    return draft


def _levels(db: Session) -> list[dict[str, str]]:
    """Those that every self-diagnostic has, where each begins: what it advises is to be written."""
    terms = db.scalars(select(Term).filter_by(list=LEVELS).order_by(Term.rank))
    return [{"slug": term.slug, **{key: str(term.extra[key]) for key in BEGINS if key in term.extra}} for term in terms]


def _twin(db: Session, kind: DocumentKind, text: str, by: int) -> Draft | None:
    """What that person has just begun in the same words, with nothing written in it nor put in it since."""
    module, page = aliased(Document), aliased(Draft)
    held = select(module.id).where(module.home_id == Document.id)
    beside = select(page.id).where(page.document_id == Document.id, page.id != Draft.id)
    query = (
        select(Draft)
        .join(Document, Document.id == Draft.document_id)
        .where(Document.kind == kind, Draft.path.endswith(f"/{kind.value}.md", autoescape=True))
        .where(~held.exists(), ~beside.exists())
        .where(Draft.text == text, Draft.updated_by == by, Draft.removed_at.is_(None))
        .order_by(Draft.id.desc())
        .limit(1)
    )
    return db.scalars(query).first()


def _held(db: Session, number: int) -> tuple[Draft, Document]:
    """A text, even taken away, and its document, one person at a time: a front of what stands alone, or a page of a
    kit. Raises Missing."""
    home = select(Draft.document_id).where(Draft.id == number, Draft.text.is_not(None)).scalar_subquery()
    document = db.scalar(select(Document).where(Document.id == home, Document.kind.in_(ALONE)).with_for_update())
    if document is None:
        raise Missing
    draft = reads.draft(db, number, lock=True, even_removed=True)
    if not _is_front(draft, document) and not _is_page(draft):
        raise Missing
    return draft, document


def _is_front(draft: Draft, document: Document) -> bool:
    return draft.path == f"{document.kind.value}s/{document.slug}/{document.kind.value}.md"


def _is_page(draft: Draft) -> bool:
    """Of a kit, in the original language."""
    name = draft.path.rsplit("/", 1)[-1]
    return (
        draft.path.startswith("kits/")
        and draft.text is not None
        and name[:2].isdigit()
        and folder.language(draft.path) == ORIGINAL
    )


def _front(every: Sequence[Draft], document: Document) -> Draft:
    found = next((each for each in every if _is_front(each, document)), None)
    if found is None:
        raise Missing
    return found


def _spoken(draft: Draft, every: Sequence[Draft]) -> list[Draft]:
    """A page with its translations."""
    return [each for each in every if each.text is not None and folder.original(each.path) == draft.path]


def _named(draft: Draft, front: Draft) -> str:
    return draft.path.removesuffix(".md") if draft is not front else draft.path.rsplit("/", 1)[0]


def _page(kind: str, title: str, names: Mapping[str, str]) -> str:
    """`names`: its uid, and the code of a sheet."""
    uid, code = names.get("uid", ""), names.get("code", "")
    sheet = {"uid": uid, "code": code, "title": title, "ready": "no"}
    return f"---\n{emit(sheet if kind == 'sheet' else {'uid': uid, 'kind': 'tool', 'title': title})}---\n"


def _code(taken: Sequence[str]) -> str:
    """The next one of the kit: after FA2, FA3."""
    known = [(found[1], int(found[2])) for code in taken if (found := re.fullmatch(r"([A-Z]{1,4})([0-9]{1,2})", code))]
    letters = known[-1][0] if known else "F"
    return f"{letters}{max((number for name, number in known if name == letters), default=0) + 1}"


def _list_tool(db: Session, kit: Draft, title: str, uid: str, by: int) -> None:
    """Say a tool in the presentation of its kit; one that no form can hold is left to its author."""
    front = reads.draft(db, kit.id, lock=True)
    tree = texts.read(front.text or "", front.path)
    if not editing.whole(KitDoc, tree):
        return
    plain = editing.plain_of(KitDoc, tree)
    plain = editing.changed(KitDoc, plain, "add:tools")
    plain["tools"][-1] |= {"title": title, "uid": uid}
    order = list(KitDoc.model_fields)
    after = editing.written(KitDoc, dict(sorted(plain.items(), key=lambda item: order.index(item[0]))), front.path)
    workshop.write_text(db, front.id, after, seen=front.version, by=by, apart=True)
