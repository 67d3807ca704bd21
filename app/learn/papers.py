"""A note to one’s board as a sheet of paper and as a text to edit: every word of it."""

from typing import Any

from app.i18n import _, day, get_lang, typo
from app.learn.pages import BoardNotePage
from app.outside import odt, pdf
from app.outside.odt import Block


def note_pdf(page: BoardNotePage) -> bytes:
    return pdf.document("note", note(page))


def note_odt(page: BoardNotePage) -> bytes:
    words = note(page)
    blocks: list[Block] = [("title", words["heading"]), ("small", words["from"])]
    for label, lines in words["parts"]:
        blocks += [("heading", label), *(("text", line) for line in lines)]
    blocks += [("small", line) for line in (words["sheet"], words["nature"]) if line]
    return odt.document(words["title"], words["lang"], blocks)


def note(page: BoardNotePage) -> dict[str, Any]:
    """Every word of the note."""
    heading, sheet = _("Note à notre conseil d’administration"), page.sheet
    pathway = typo(page.pathway, page.lang)
    return {
        "lang": get_lang(),
        "title": f"{heading} – {page.name}",
        "heading": heading,
        "from": _("%(name)s, le %(day)s", name=page.name, day=day(page.at)),
        "parts": [
            (label, [typo(line, "fr") for line in text.splitlines() if line.strip()]) for label, text in page.said
        ],
        "sheet": _("Fiche jointe : %(code)s, %(title)s", code=sheet.code, title=typo(sheet.title, sheet.lang))
        if sheet
        else "",
        "nature": _(
            "Écrit après le parcours « %(pathway)s », format %(format)s, sur Balises.",
            pathway=pathway,
            format=page.format_label,
        ),
    }
