"""« Pour agir » on a bilan: each kit with its reason, its sheet and the address to come back to."""

from collections.abc import Iterable, Iterator, Mapping

from app.i18n import _
from app.learn.pages.parts import kit_card
from app.learn.pages.pieces import KitAdvice, KitCard, SheetLine
from app.outside import qr
from app.reads.acting import Act
from app.reads.frozen import Published


def kits_to_act(acts: Iterable[Act], kits: Mapping[str, Published], base: str) -> Iterator[KitAdvice]:
    """`base`: the site's own address. A kit that is no longer published is left out."""
    for act in acts:
        if act.kit in kits:
            card = kit_card(kits[act.kit])
            sheet = sheet_to_begin(card, act)
            url = f"{base}{card.url}"
            yield KitAdvice(card, _reason(act), sheet, _begin(act, sheet), url, url.partition("://")[2], qr.svg(url))


def sheet_to_begin(card: KitCard, act: Act) -> SheetLine | None:
    """The one advised when it is written, else the first of the kit that is."""
    ready = [sheet for sheet in card.sheets if sheet.ready]
    return next((sheet for sheet in ready if sheet.uid == act.sheet), ready[0] if ready else None)


def _begin(act: Act, sheet: SheetLine | None) -> str:
    """The sheet that a weak axis calls for is not the resource that the person chose: it says so."""
    advised = sheet is not None and sheet.uid == act.sheet
    return _("La fiche que votre autodiagnostic conseille :") if advised else _("Pour commencer :")


def _reason(act: Act) -> str:
    match act.why:
        case "axis":
            return _("« %(axis)s » est votre axe à travailler d’abord, d’après votre autodiagnostic.", axis=act.axis)
        case "cross":
            return _("« %(axis)s » est votre axe le plus bas : ce kit va plus loin sur ce point.", axis=act.axis)
        case "chemin":
            return _("C’est le kit du chemin que vous avez choisi.")
        case _:
            return _("C’est le kit de ce parcours.")
