"""Practice kits: open to everyone, no account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.content.documents import CaseDoc
from app.content.kits import ToolDoc, ToolField
from app.content.translation import reread
from app.errors import Missing
from app.i18n import _
from app.learn.pages.kinds import case_view
from app.learn.pages.parts import chemin_look, circle_line, kit_card, step_url, tool_lines
from app.learn.pages.pieces import CircleLine, Link, NoteLine, Recall, SheetLine, ToolLine, Work
from app.learn.pages.shapes import CasePage, KitPage, KitsPage, SheetPage
from app.models import DocumentKind
from app.outside import qr
from app.policy import Me
from app.reads import courses, sharing
from app.reads import kits as reads
from app.reads.bilan import as_read
from app.reads.frozen import Published


def kits(db: Session) -> KitsPage:
    """Every kit, with its sheets, in the order of the chemins; those of no chemin come last."""
    found = courses.published(db, DocumentKind.KIT)
    paths = courses.terms(db, "paths")["paths"]
    rank = {term.slug: number for number, term in enumerate(paths)}
    docs = {kit.slug: kit.kit for kit in found.values()}
    ordered = sorted(found.values(), key=lambda kit: rank.get(docs[kit.slug].chemin, len(rank)))
    return KitsPage(tuple(kit_card(kit, paths) for kit in ordered))


def kit(db: Session, slug: str) -> KitPage:
    """One kit, laid out by M.E.D.O.C. Raises Missing."""
    found = courses.published(db, DocumentKind.KIT, slug).get(slug)
    if found is None:
        raise Missing
    doc = found.kit
    paths = courses.terms(db, "paths")["paths"]
    cases = courses.published(db, DocumentKind.CASE)
    opened = {line.uid: line.url for line in _tools(found)}
    return KitPage(
        card=kit_card(found, paths),
        revision=found.revision_id,
        lang=found.lang,
        html=found.html,
        chemin=chemin_look(paths, doc.chemin)[0],
        method=doc.method,
        examples=tuple(_example(cases[name]) for name in doc.examples if name in cases),
        data=tuple(Link(link.title, link.url or "", link.text or "") for link in doc.data),
        tools=tuple((tool.title, tool.text, tool.ready, opened.get(tool.uid, "")) for tool in doc.tools),
        skills=doc.skills,
        sources=doc.sources,
        provenance=doc.provenance,
        official_url=doc.official_url or "",
    )


def _example(case: Published) -> tuple[str, str, str, str]:
    """Language, title, summary, address; an invented one says so."""
    doc = reread(CaseDoc, case.content)
    summary = _("%(summary)s (exemple fictif)", summary=doc.summary) if doc.fictional else doc.summary
    return case.lang, case.title, summary, f"/exemples/{case.slug}"


def sheet(db: Session, me: Me | None, slug: str, name: str, base: str, *, with_words: bool = True) -> SheetPage:
    """One sheet, with the person's own words in place unless they are left out. Raises Missing.

    `base`: the site's own address.
    """
    found = courses.published(db, DocumentKind.KIT, slug).get(slug)
    card = kit_card(found) if found else None
    here = next((n for n, each in enumerate(found.content["sheets"]) if each["slug"] == name), None) if found else None
    if found is None or card is None or here is None or not card.sheets[here].ready:
        raise Missing
    doc = found.sheets[here]
    own = _own(doc.rappel, _recalled(db, me, doc.rappel))
    address = card.sheets[here].url
    ready = [line for line in card.sheets if line.ready]
    at = ready.index(card.sheets[here])
    return SheetPage(
        pdf_url=f"{address}.pdf" + ("" if with_words else "?mots=non"),
        url=f"{base}{address}",
        square=qr.svg(f"{base}{address}"),
        kit=card.title,
        kit_lang=card.lang,
        kit_url=card.url,
        lang=card.sheets[here].lang,
        code=doc.code,
        axis=doc.axis or "",
        title=doc.title,
        minutes=doc.minutes,
        when=doc.when,
        own=own if with_words else tuple(_blank(recall) for recall in own),
        work=tuple(Work(line.do, line.detail) for line in doc.work),
        example_title=doc.example_title or "",
        example=doc.example,
        fictional=doc.fictional,
        mistake=doc.mistake,
        question=doc.question,
        html=found.content["sheets"][here]["html"],
        sources=doc.sources,
        provenance=found.content["kit"]["provenance"],
        with_words=with_words and any(recall.text for recall in own),
        blank=not with_words and any(recall.text for recall in own),
        toggle_url=f"{address}?mots=non" if with_words else address,
        tools=tuple(line for line in _tools(found) if line.sheet == doc.uid),
        previous=ready[at - 1] if at else None,
        next=ready[at + 1] if at + 1 < len(ready) else None,
    )


def _tools(kit: Published) -> tuple[ToolLine, ...]:
    """A kit published before it had tools has none."""
    return tool_lines(kit)


@dataclass(frozen=True)
class ToolPage:
    kit: str
    kit_lang: str
    kit_url: str
    slug: str
    name: str
    lang: str
    doc: ToolDoc
    own: tuple[Recall, ...]
    texts: dict[str, str]  # what the form shows, by cell
    saved_at: datetime | None
    html: str
    provenance: str
    blank: bool  # the person's words are left out, nothing can be written
    sheet: SheetLine | None
    url: str
    circles: tuple[CircleLine, ...]  # the cohorts that may be shown what is written here
    share_error: str = ""


def tool(db: Session, me: Me | None, slug: str, name: str, *, with_words: bool = True) -> ToolPage:
    """One tool, filled with what the person has in it, else with the words that it starts from. Raises Missing."""
    found = courses.published(db, DocumentKind.KIT, slug).get(slug)
    slugs = [each["slug"] for each in found.content.get("tools", ())] if found else []
    if found is None or name not in slugs:
        raise Missing
    at = slugs.index(name)
    held, doc, card = found.content["tools"][at], found.tools[at], kit_card(found)
    steps = _recalled(db, me, [*doc.rappel, *(field.start for field in doc.fields if field.start)])
    written = reads.written(db, me.id, [doc.uid]).get(doc.uid, {}) if me else {}
    texts = {field: text for field, (text, _at) in written.items()} if written else _started(doc, steps)
    return ToolPage(
        kit=card.title,
        kit_lang=card.lang,
        kit_url=card.url,
        slug=slug,
        name=name,
        lang=held.get("lang", found.lang),
        doc=doc,
        own=_own(doc.rappel, steps) if with_words else (),
        texts=texts if with_words else {},
        saved_at=max((at for _text, at in written.values()), default=None),
        html=held["html"],
        provenance=found.content["kit"]["provenance"],
        blank=not with_words,
        sheet=next((line for line in card.sheets if line.ready and line.uid == doc.sheet), None),
        url=tool_lines(found)[at].url,
        circles=tuple(map(circle_line, sharing.beside(db, me.id, doc.uid).circles)) if me and me.member else (),
    )


def tool_notes(
    db: Session, written: Mapping[str, Mapping[str, tuple[str, datetime]]]
) -> tuple[tuple[str, str, tuple[NoteLine, ...]], ...]:
    """What a person has in the tools of each kit, in the order of their boxes: (kit, its language, notes).

    `written`: their texts by uid and field.
    """
    lines: dict[str, tuple[str, str, list[NoteLine]]] = {}
    for each in reads.filled(db, written):
        kit = each.kit
        line = next(line for line in tool_lines(kit) if line.uid == each.uid)
        notes = lines.setdefault(kit.slug, (kit.title, kit.lang, []))[2]
        for question, cell, text, at in each.boxes:
            notes.append(NoteLine(line.lang, each.title, question, as_read(cell, text, {}), at, line.url))
    return tuple((title, lang, tuple(notes)) for title, lang, notes in lines.values())


def _started(doc: ToolDoc, steps: dict[str, reads.RecalledStep]) -> dict[str, str]:
    return {field.name: text for field in doc.fields if (text := _start(field, steps))}


def _start(field: ToolField, steps: dict[str, reads.RecalledStep]) -> str:
    uid, _dot, name = field.start.partition(".")
    text = steps[uid].texts.get(name, ("", None))[0] if uid in steps else ""
    return _shortened(text, field.cells()[0].length) if field.type != "table" else ""


def _shortened(text: str, most: int) -> str:
    """Whole words, and a sign that there were more."""
    return text if len(text) <= most else f"{text[: most - 1].rsplit(maxsplit=1)[0]}…"


def kit_instead(db: Session, slug: str, name: str = "") -> str:
    """Where the old address of a kit, of its sheet or of its tool leads. Raises Missing when there never was one."""
    said = reads.once(db, DocumentKind.KIT, slug)
    pages = {each["slug"] for content in said for each in (*content["sheets"], *content.get("tools", ()))}
    if not said or (name and name not in pages):
        raise Missing
    return f"/kits/{slug}" if name and slug in courses.published(db, DocumentKind.KIT, slug) else "/kits"


def case_instead(db: Session, slug: str) -> str:
    """Where the old address of an example leads. Raises Missing when there never was one."""
    if not reads.once(db, DocumentKind.CASE, slug):
        raise Missing
    return "/parcours"


def _recalled(db: Session, me: Me | None, addresses: Sequence[str]) -> dict[str, reads.RecalledStep]:
    return reads.recalled(db, me.id if me else None, [address.split(".", 1)[0] for address in addresses])


def _own(rappel: Sequence[str], found: dict[str, reads.RecalledStep]) -> tuple[Recall, ...]:
    """What the person wrote in the fields that a page recalls, or where it can be written."""
    recalls = []
    for uid, name in (address.split(".", 1) for address in rappel):
        page = found.get(uid)
        field = page.field(name) if page else None
        if page is not None and field is not None:
            text, at = page.texts.get(name, ("", None))
            recalls.append(Recall(uid, field, page.lang, page.title, None, step_url(page.pathway, uid), text, at))
    return tuple(recalls)


def _blank(recall: Recall) -> Recall:
    return Recall(recall.uid, recall.field, recall.lang, recall.step_title, None, recall.url, "", None)


def case(db: Session, slug: str) -> CasePage:
    """One example, open to everyone. Raises Missing."""
    found = courses.published(db, DocumentKind.CASE, slug).get(slug)
    if found is None:
        raise Missing
    terms = courses.terms(db, *CaseDoc.LISTS.values())
    return CasePage(found.lang, case_view(found, reread(CaseDoc, found.content), terms))
