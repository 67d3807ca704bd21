"""Sheets and tools of a kit as files to take to a meeting: the words of each page, and the kit whole."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from threading import Lock
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from app.content.kits import ToolField
from app.i18n import _, minutes, typo
from app.learn import pages
from app.learn.pages.kits import ToolPage
from app.learn.pages.shapes import KitPage, SheetPage
from app.outside import odt, pdf, workbook
from app.outside.odt import Block, Table
from app.reads import courses
from app.reads.bilan import as_read
from app.reads.kept import keep

Words = Mapping[str, Any]
LINES = {"text": 3, "line": 1, "choice": 1, "date": 1}
"""Lines left on paper for what is written in a field."""
ON_ONE_LINE = 70
"""Characters of choices that stand beside each other."""
MADE = datetime(2026, 1, 1, tzinfo=UTC)
"""The date inside a file: the same words make the same bytes."""


def sheet_pdf(db: Session, page: SheetPage) -> bytes:
    return _set(db, "sheet", sheet_words(page), own=any(recall.text for recall in page.own))


def tool_pdf(db: Session, page: ToolPage) -> bytes:
    return _set(db, "tool", tool_words(page), own=bool(page.texts))


def _set(db: Session, template: str, words: Words, *, own: bool) -> bytes:
    """What holds nobody's `own` words is set once for what it says."""
    if own:
        return pdf.document(template, words)
    said = hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()
    return keep(db, f"{template}-pdf", [said], lambda _missing: {said: pdf.document(template, words)})[said]


def tool_workbook(page: ToolPage) -> bytes:
    return workbook.workbook(tool_words(page), MADE)


def tool_text(page: ToolPage) -> bytes:
    words = tool_words(page)
    return odt.document(words["title"], words["lang"], list(_blocks(words)), landscape=words["landscape"])


def _blocks(words: Words) -> Iterator[Block | Table]:
    yield from (("title", words["heading"]), ("text", words["purpose"]), ("text", words["before"]))
    for table, parts in groupby(words["parts"], key=lambda part: part["table"]):
        if table:
            for part in parts:
                yield from (("heading", part["label"]), ("small", part["help"]))
                yield Table(
                    part["label"], part["rows"], list(map(_head, part["heads"], part["choices"])), part["headed"]
                )
        else:
            boxes = [[part["label"], _box(part)] for part in parts]
            yield Table(boxes[0][0], boxes, headed=True, wide=True)
    if words["signatures"]:
        yield Table(words["signatures"][0], [words["signatures"], ["\n\n"] * len(words["signatures"])])
    yield from (("small", words["after"]), ("small", words["foot"]))


def _head(label: str, choices: Sequence[str]) -> str:
    """Of a column, with what may be chosen in it."""
    return "\n".join(filter(None, (label, " / ".join(choices))))


def _box(part: Words) -> str:
    """What was written, else what may be: choices to tick, what is asked, room."""
    ticks = [f"☐ {option}" for option in part["options"]]
    between = "\u2003" if sum(map(len, ticks)) <= ON_ONE_LINE else "\n"
    return part["text"] or between.join(ticks) or part["help"] + "\n" * (part["lines"] - 1)


def sheet_words(page: SheetPage) -> Words:
    """Every word that the sheet bears on paper."""
    said = _in(page.lang)
    where = _("Fiche %(code)s", code=page.code) + (f", {said(page.axis)}" if page.axis else "")
    return {
        "lang": page.lang,
        "title": f"{page.code}, {said(page.title)} – {typo(page.kit, page.kit_lang)}",
        "heading": said(page.title),
        "kicker": f"{where} · {minutes(page.minutes)}, {_('à une ou plusieurs personnes')}",
        "when_label": _("Quand s’en servir."),
        "when": said(page.when),
        "body": [],
        "own_label": _("Ce que vous avez écrit"),
        "own": [(typo(recall.field.label, recall.lang), typo(recall.text, "fr")) for recall in page.own],
        "work_label": _("Le travail, pas à pas"),
        "work": [(said(line.do), said(line.detail)) for line in page.work],
        "example_label": _("Exemple"),
        "example_title": said(page.example_title) if page.example_title else _("Un exemple"),
        "example": said(page.example),
        "fictional": _("Fictif, pour illustrer.") if page.fictional else "",
        "mistake_label": _("Une erreur à éviter."),
        "mistake": said(page.mistake),
        "question_label": _("Pour la prochaine réunion."),
        "question": said(page.question),
        "sources": [said(source) for source in page.sources],
        "foot": _foot(page.kit, page.kit_lang, page.provenance),
        "url": page.url,
        "address": page.url.partition("://")[2],
        "square": page.square.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1),
        "square_alt": _("Carré à photographier, qui mène à cette fiche : %(url)s", url=page.url),
    }


def tool_words(page: ToolPage) -> Words:
    """Every word of a tool: what it asks, and what was written in it."""
    said, doc = _in(page.lang), page.doc
    return {
        "lang": page.lang,
        "title": f"{said(doc.title)} – {typo(page.kit, page.kit_lang)}",
        "heading": said(doc.title),
        "kicker": f"{_('Outil')} · {minutes(doc.minutes)}",
        "landscape": doc.paper == "landscape",
        "purpose": said(doc.purpose),
        "before": said(doc.before or ""),
        "parts": [_part(field, page) for field in doc.fields],
        "after": said(doc.after or ""),
        "signatures": [_("Date et signature")] * 2 if doc.signed else [],
        "foot": _foot(page.kit, page.kit_lang, page.provenance),
    }


def _part(field: ToolField, page: ToolPage) -> Words:
    said = _in(page.lang)
    part: dict[str, Any] = {"label": said(field.label), "help": said(field.help or ""), "table": field.type == "table"}
    if field.type != "table":
        cell = field.cells()[0]
        options = [said(option) for option in cell.options]
        hint = " / ".join(options) or part["help"]
        return part | {"text": _written(cell, page), "lines": LINES[field.type], "options": options, "hint": hint}
    headed = bool(field.rows)
    heads = [""] * headed + [said(column.label) for column in field.columns]
    written = [[_written(cell, page) for cell in field.row(rank)] for rank in range(field.height)]
    rows = [[said(field.rows[rank]), *cells] if headed else cells for rank, cells in enumerate(written)]
    narrow = [2 if column.type in ("date", "choice") else 3 for column in field.columns]
    choices: list[list[str]] = [[]] * headed + [[said(option) for option in column.options] for column in field.columns]
    return part | {
        "hint": part["help"],
        "heads": heads,
        "rows": rows,
        "headed": headed,
        "widths": [3] * headed + narrow,
        "choices": choices,
    }


def _written(cell: Any, page: ToolPage) -> str:
    return typo(as_read(cell, text, {}), "fr") if (text := page.texts.get(cell.name, "")) else ""


def _in(lang: str) -> Callable[[str], str]:
    return lambda text: typo(text, lang)


def _foot(kit: str, lang: str, provenance: str) -> str:
    named = _("Kit « %(kit)s ».", kit=typo(kit, lang))
    return f"{named} {typo(provenance, lang)} {_('Photocopie bienvenue.')}"


def kit_archive(db: Session, slug: str, base: str) -> bytes:
    """A whole kit in one file: an index to read first, each sheet and each tool blank. Raises Missing.

    Made once for what is published and a language, by the first who asks: it holds nobody's words.
    """
    with _ONE_AT_A_TIME:
        while True:
            state = _published(db, slug)
            if made := keep(db, "kit-archive", [state], lambda keys: _made(db, slug, base, keys[0])):
                return made[state]


_ONE_AT_A_TIME = Lock()


def _published(db: Session, slug: str) -> Hashable:
    """The kit, its examples, and the editions whose questions its sheets recall."""
    page = pages.kit(db, slug)
    return page.revision, *page.examples, *(reading.edition_id for reading in courses.pathways(db, None))


def _made(db: Session, slug: str, base: str, state: Hashable) -> Mapping[Hashable, bytes]:
    """Nothing, should something be published meanwhile."""
    archive = _archive(db, slug, base, pages.kit(db, slug))
    return {state: archive} if _published(db, slug) == state else {}


def _archive(db: Session, slug: str, base: str, page: KitPage) -> bytes:
    files: dict[str, bytes] = {}
    sheets, tools = [], []
    for line in page.card.sheets:
        if line.ready:
            name = line.url.rsplit("/", 1)[1]
            sheet = pages.sheet(db, None, slug, name, base, with_words=False)
            path = f"{_('fiches')}/{sheet.code.lower()}-{name}.pdf"
            files[path] = sheet_pdf(db, sheet)
            sheets.append((f"{sheet.code}, {typo(sheet.title, sheet.lang)}", path, typo(sheet.when, sheet.lang)))
    for title, text, _ready, url in page.tools:
        if url:
            name = url.rsplit("/", 1)[1]
            tool = pages.tool(db, None, slug, name, with_words=False)
            path = f"{_('outils')}/{name}"
            end, make = ("odt", tool_text) if tool.doc.file == "text" else ("xlsx", tool_workbook)
            files[f"{path}.pdf"], files[f"{path}.{end}"] = tool_pdf(db, tool), make(tool)
            tools.append((typo(title, page.lang), path, end, typo(text, page.lang)))
    index = render_template("learn/kit_index.html", page=page, base=base, sheets=sheets, tools=tools)
    return _zipped({_("a-lire-d-abord.html"): index.encode(), **files})


def _zipped(files: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, MADE.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()
