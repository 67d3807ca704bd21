"""A bilan and a note to one’s board as sheets of paper, and as a text to edit: every word of them."""

from datetime import datetime
from typing import Any

from app.errors import Missing
from app.i18n import ZONE, _, day, get_lang, in_zone, minutes, steps_done, typo
from app.learn.pages import BoardNotePage
from app.learn.pages.pieces import KitAdvice, ObjectiveDone
from app.learn.pages.shapes import SummaryPage
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
        "from": _("%(name)s, le %(day)s", name=page.name, day=_on(page.at)),
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


def bilan_pdf(page: SummaryPage) -> bytes:
    return pdf.document("bilan", bilan(page))


def bilan(page: SummaryPage) -> dict[str, Any]:
    """Every word of an issued bilan. Raises Missing while there is none."""
    if page.issued_at is None:
        raise Missing
    pathway = typo(page.pathway, page.lang)
    mine = (
        (_("Ce que nous n’arrivons pas à faire seuls"), page.alone),
        (_("Le besoin que nous partageons"), page.need),
        (_("Ce que je garde"), page.keep),
        (_("Ce que je tente"), page.try_),
    )
    return {
        "lang": get_lang(),
        "title": f"{_('Bilan')} – {pathway}",
        "kicker": _("Bilan de parcours, format %(format)s", format=page.format_label),
        "pathway": pathway,
        "from": _("%(name)s, le %(day)s", name=page.name, day=_on(page.issued_at)),
        "words_label": _("Dans mes mots"),
        "words": [(label, typo(text, "fr")) for label, text in mine if text],
        "plan_label": _plan_label(page),
        "plan": _plan(page),
        "objectives_label": _("Les objectifs : où je me situe, et mes traces"),
        "objectives": [(typo(each.text, page.stated), _placed(each)) for each in page.objectives],
        "kit_label": _("Pour agir"),
        "kits": [_kit(advice) for advice in page.kits],
        "use": _("La ressource que je retiens : %(use)s", use=typo(page.use, "fr")) if page.use else "",
        "next": _longer(page),
        "follows": _follows(page),
        "facts_label": _("Ce qui a été suivi"),
        "facts": _facts(page),
        "nature": " ".join(
            (
                _(
                    "Ce document dit un suivi. Ce n’est ni un diplôme ni une certification. La durée prévue est celle"
                    " des étapes terminées, non un temps mesuré."
                ),
                typo(page.provenance, page.stated),
            )
        ),
    }


def _plan_label(page: SummaryPage) -> str:
    """As on the page."""
    near = page.plan[0].near if page.plan else page.commitment is not None
    return _("Mon engagement dans les 15 jours") if near else _("Mon plan d’action")


def _plan(page: SummaryPage) -> list[list[tuple[str, str]]]:
    """Each line of the plan as names and values; before there was a plan, the commitment."""
    found = []
    for section in page.plan:
        for line in section.lines:
            rows = (
                (_("J’appelle") if section.near else _("Avec qui"), line.with_whom),
                (_("Pour demander") if section.near else section.label, line.text),
                (_("Avant le"), day(line.due_on) if line.due_on else ""),
                (_("À mon bureau"), line.board),
                (_("Où j’en suis"), line.outcome),
            )
            found.append([(_named(name), typo(text, "fr")) for name, text in rows if text])
    if not found and page.commitment:
        c = page.commitment
        said = ((_("J’appelle"), c.who), (_("Pour demander"), c.ask), (_("Avant le"), c.by_text))
        found.append([(_named(name), typo(text, "fr")) for name, text in said if text])
    return found


def _named(name: str) -> str:
    """Before a value: « Avant le : »."""
    return _("%(key)s : %(said)s", key=name, said="").rstrip()


def _placed(each: ObjectiveDone) -> str:
    said = [
        f"{_('À l’entrée :')} {each.entry.words or each.entry.since}" if each.entry else "",
        f"{_('À la fin :')} {each.exit.words or each.exit.since}" if each.exit else "",
        f"{_('Traces :')} {', '.join(_quoted(*step) for step in each.evidence)}" if each.evidence else "",
    ]
    return " · ".join(part for part in said if part)


def _quoted(step: str, lang: str) -> str:
    """The title of a step has commas of its own."""
    return _("« %(step)s »", step=typo(step, lang))


def _longer(page: SummaryPage) -> str:
    """What is left until the next format, as on the page."""
    longer = page.longer if page.followed else None
    if longer is None or not longer.offered:
        return ""
    return _(
        "Il vous reste %(time)s pour le format %(format)s : tout ce que vous avez fait y compte.",
        time=minutes(longer.left_minutes),
        format=longer.label,
    )


def _follows(page: SummaryPage) -> list[str]:
    """The bilans of shorter formats."""
    return [
        _("Il fait suite au bilan du format %(format)s, établi le %(day)s.", format=each.format_label, day=_on(each.at))
        for each in page.issued
        if each.rank < page.rank
    ]


def _kit(advice: KitAdvice) -> dict[str, str]:
    sheet = advice.sheet
    return {
        "title": _("Le kit « %(kit)s »", kit=typo(advice.card.title, advice.card.lang)),
        "reason": advice.reason,
        "sheet": f"{advice.begin} {sheet.code}, {typo(sheet.title, sheet.lang)}" if sheet else "",
        "url": advice.url,
        "address": advice.address,
        "square": advice.square.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1),
        "square_alt": _("Carré à photographier, qui mène au kit : %(url)s", url=advice.url),
    }


def _facts(page: SummaryPage) -> list[tuple[str, str]]:
    """Each fact beside its name."""
    found = [
        (_("Étapes terminées"), steps_done(page.done, page.total, page.confirmed)),
        (_("Temps crédité"), _("%(time)s, durée prévue", time=minutes(page.credited_minutes))),
        (_("Édition"), str(page.edition)),
        (_("Du"), _on(page.started_at)),
        (_("Numéro du bilan"), page.code),
    ]
    if page.finished_at:
        found.insert(4, (_("Au"), _on(page.finished_at)))
    return found


def _on(when: datetime) -> str:
    """The day of a document is that of one place, the same for everyone."""
    return day(in_zone(when, ZONE).date())
