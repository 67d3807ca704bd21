"""A list of people to invite: which column says what, which line can be taken, and why another cannot."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from app.actions.accounts import NAME_MAX, clean_email
from app.actions.publishing import folded
from app.errors import Refused
from app.i18n import _
from app.outside import tables
from app.reads.invitations import Line, Said, Sorted

STRUCTURE_MAX, STATUT_MAX, ID_MAX = 120, 60, 60
COLUMNS = ("email", "name", "structure", "statut", "external_id")
HEADS = {
    "email": "email|e-mail|mail|courriel|mel|adresse|adresse e-mail|adresse email|adresse mail|adresse electronique"
    "|email address|e-mail address",
    "name": "nom|nom complet|nom et prenom|prenom et nom|name|full name|participant|personne",
    "first": "prenom|prenoms|first name|firstname|given name",
    "last": "nom de famille|last name|lastname|surname|family name|nom d'usage",
    "structure": "structure|organisation|organization|association|organisme|entreprise|societe|company|etablissement",
    "statut": "statut|status|fonction|role|poste|qualite",
    "external_id": "identifiant|id|matricule|identifiant externe|external id|external_id|externalid|reference|ref"
    "|numero|n°|no",
}
"""Titles in French and in English, without accents nor case."""
_BY_HEAD = {word: column for column, words in HEADS.items() for word in words.split("|")}
_FORMULA = ("=", "+", "@")
_PARTS = re.compile(r"[\s,;/]+")
ABOVE_MAX = 10
"""Lines looked at to find that of titles: the name of a list often stands above it."""
_PERSON = re.compile(r"\s*\"?([^<>\"]*?)\"?\s*<\s*([^<>]+?)\s*>\s*")


def read_table(content: bytes) -> Sorted:
    """The lines of a CSV or XLSX file. Raises Refused for a file that is none."""
    rows = tables.read(content)
    at = _titles_at(rows)
    above, rows = ((), rows) if at is None else (rows[:at], rows[at:])
    if at is not None and len(rows) == 1:
        raise Refused(_("Ce fichier n’a que sa ligne de titres."), field="file")
    if len(rows) - (at is not None) > tables.ROWS_MAX:
        raise Refused(
            _("Ce fichier a plus de %(n)s lignes : partagez-le en plusieurs.", n=tables.ROWS_MAX), field="file"
        )
    if at is None:
        return _checked(((number, said) for number, cells in rows for said in _placed(cells)), ())
    (_number, titles), *rows = rows
    heads = _with_addresses(_heads(titles), rows)
    pick = _by_heads(heads)
    ignored = tuple(cell for cell, column in zip(titles, heads, strict=True) if column is None and cell)
    found = _checked(((number, pick(cells)) for number, cells in rows), ignored)
    return replace(found, refused=(*map(_above, above), *found.refused))


def read_text(text: str) -> Sorted:
    """Addresses pasted from a mail, « Léa Roux <lea@asso.fr> » or the address alone, or lines pasted from a table."""
    parts = [
        (number, said) for number, line in enumerate(text.splitlines(), 1) for said in _pasted(_BETWEEN.split(line))
    ]
    if not parts:
        raise Refused(_("Collez au moins une adresse."), field="addresses")
    if len(parts) > tables.ROWS_MAX:
        raise Refused(
            _("Plus de %(n)s adresses : partagez la liste en plusieurs.", n=tables.ROWS_MAX), field="addresses"
        )
    return _checked(iter(parts), ())


_BETWEEN = re.compile(r"[;,\t]+")


def _pasted(cells: Sequence[str]) -> list[dict[str, str]]:
    """Somebody’s line, where one of its cells is an address; else as many addresses as there are cells."""
    said = [cell.strip() for cell in cells if cell.strip()]
    if len(said) > 1 and sum("@" in cell for cell in said) == 1:
        return [_by_place(said)]
    return [{"email": cell} for cell in said]


def as_text(lines: Iterable[Line]) -> str:
    """The same lines as a table that reads as they are."""
    rows = [[getattr(line, column) for column in COLUMNS] for line in lines]
    return tables.write([COLUMNS, *rows])


def _titles_at(rows: Sequence[tables.Row]) -> int | None:
    """Where the line of titles is: the first one, or below the name of the list, where two titles at least tell it."""
    for at, (_number, cells) in enumerate(rows[:ABOVE_MAX]):
        if any("@" in cell for cell in cells):
            return None
        if len(set(_heads(cells)) - {None}) >= (1 if at == 0 else 2):
            return at
    return None


def _heads(cells: Sequence[str]) -> list[str | None]:
    """The column of each cell of a line of titles; None for a title that says nothing to us."""
    found = [_BY_HEAD.get(folded(cell).strip(" :*").replace("’", "'")) for cell in cells]
    if "first" in found and "name" in found and "last" not in found:
        found[found.index("name")] = "last"
    return found


def _with_addresses(heads: Sequence[str | None], rows: Sequence[tables.Row]) -> list[str | None]:
    """What a column holds tells addresses better than its title: « Mail pro » has some, « Adresse » may be streets."""
    held = [sum("@" in cells[column] for _number, cells in rows if column < len(cells)) for column in range(len(heads))]
    free = [column for column, head in enumerate(heads) if head in (None, "email") and held[column]]
    if not free:
        return list(heads)
    kept = [None if head == "email" and column not in free else head for column, head in enumerate(heads)]
    if "email" not in kept:
        kept[max(free, key=held.__getitem__)] = "email"
    return kept


def _above(row: tables.Row) -> Said:
    number, cells = row
    return Said(number, next(filter(None, cells), "")[:NAME_MAX], _("Au-dessus de la ligne de titres."))


def _by_heads(heads: Sequence[str | None]) -> Callable[[Sequence[str]], dict[str, str]]:
    def pick(cells: Sequence[str]) -> dict[str, str]:
        said: dict[str, str] = {}
        for column, cell in zip(heads, cells, strict=False):
            if column and cell and column not in said:
                said[column] = cell
        whole = " ".join(filter(None, (said.pop("first", ""), said.pop("last", ""))))
        return {"name": whole} | said if whole else said

    return pick


def _placed(cells: Sequence[str]) -> list[dict[str, str]]:
    """Without titles: one person a line, or nothing but addresses."""
    said = [cell for cell in cells if cell]
    if len(said) > 1 and all("@" in cell for cell in said):
        return [{"email": cell} for cell in said]
    return [_by_place(cells)]


def _by_place(cells: Sequence[str]) -> dict[str, str]:
    """Without titles: the address is the cell that has one; then name, structure, statut, identifier."""
    email = " ".join(cell for cell in cells if "@" in cell)
    others = [cell for cell in cells if "@" not in cell]
    if not email and "" in others:
        others.remove("")  # where the address would be
    return {"email": email} | dict(zip(COLUMNS[1:], others, strict=False))


def _checked(rows: Iterable[tuple[int, dict[str, str]]], ignored: tuple[str, ...]) -> Sorted:
    new, refused = [], []
    for number, said in rows:
        try:
            new.append(_line(number, said))
        except Refused as refusal:
            words = next(filter(None, (said.get(name, "") for name in ("name", "email", "external_id"))), "")
            refused.append(Said(number, words[:NAME_MAX], refusal.message))
    return Sorted(new=tuple(new), refused=tuple(refused), ignored=ignored)


def _line(number: int, said: dict[str, str]) -> Line:
    """Raises Refused."""
    email, name = _seen(said.get("email", "")), said.get("name", "")
    if len([part for part in _PARTS.split(email) if "@" in part]) > 1:
        raise Refused(_("Plusieurs adresses sur cette ligne : une seule personne par ligne."))
    if (both := _PERSON.fullmatch(email)) is not None:
        email, name = both[2], name or both[1]
    email = email.strip("<> \"'").removeprefix("mailto:")
    if email in ("-", "/", "."):
        email = ""
    if email:
        email = clean_email(email)
    if not email and not name:
        raise Refused(_("Ni adresse ni nom."))
    line = Line(number, email, name, said.get("structure", ""), said.get("statut", ""), said.get("external_id", ""))
    for value, most, what in (
        (line.name, NAME_MAX, _("Le nom")),
        (line.structure, STRUCTURE_MAX, _("La structure")),
        (line.statut, STATUT_MAX, _("Le statut")),
        (line.external_id, ID_MAX, _("L’identifiant")),
    ):
        if value.startswith(_FORMULA):
            raise Refused(_("%(what)s commence par un signe de formule (=, + ou @).", what=what))
        if len(value) > most:
            raise Refused(_("%(what)s est trop long : %(n)s caractères au plus.", what=what, n=most))
    return line


def _seen(email: str) -> str:
    """Without the signs that nobody sees, and that a directory or a web page leaves in what is copied from it."""
    return "".join(sign for sign in email if unicodedata.category(sign) != "Cf")
