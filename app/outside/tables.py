"""A table that somebody made elsewhere, as rows of text: CSV however it was saved, or a spreadsheet (XLSX)."""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from app.errors import Refused
from app.i18n import _

ROWS_MAX = 5000
"""Lines of one table, its header aside."""
COLUMNS_MAX = 120
"""Those of an address book that is exported whole."""
UNPACKED_MAX = 12_000_000
"""Bytes that a spreadsheet may hold once unpacked: a hundred times what 5,000 lines need is a trap."""
SEPARATORS = ";\t,"
_OLD_EXCEL, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_OTHERS = (b"%pdf-", b"{\\rtf", b"<!doctype", b"<html", b"<?xml", b"<table", b"begin:v")
"""How texts begin that are no tables, though they have lines."""

Row = tuple[int, tuple[str, ...]]
"""Its line in the file, and its cells, spaces trimmed."""


def read(content: bytes) -> list[Row]:
    """The rows that hold something. Raises Refused, with what to do about it."""
    if not content.strip(b" \t\r\n\x00"):
        raise Refused(_("Ce fichier est vide."), field="file")
    if content.startswith(_OLD_EXCEL):
        raise Refused(_("Ce fichier est d’un ancien Excel (.xls) : enregistrez-le en .xlsx ou en CSV."), field="file")
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:9].lower().startswith(_OTHERS):
        raise _not_a_table()
    found = [row for row in (_sheet if content.startswith(_ZIP) else _lines)(content) if any(row[1])]
    if not found:
        raise Refused(_("Ce fichier est vide."), field="file")
    if len(found) > ROWS_MAX + 1:
        raise Refused(_("Ce fichier a plus de %(n)s lignes : partagez-le en plusieurs.", n=ROWS_MAX), field="file")
    return found


def write(rows: Iterable[Iterable[str]]) -> str:
    """The same rows as a text that `read` reads as they are."""
    held = io.StringIO()
    csv.writer(held, delimiter="\t", lineterminator="\n").writerows(rows)
    return held.getvalue()


def _lines(content: bytes) -> list[Row]:
    text = _text(content)
    if any(sign < " " and sign not in "\t\r\n" for sign in text):
        raise _not_a_table()
    first, _end, rest = text.partition("\n")
    told = first.strip().lower()
    skipped = told.startswith("sep=") and told[4:5] in SEPARATORS + "\t"
    text, sign = rest if skipped else text, _separator(text)
    if line := _never_closed(text, sign):
        raise Refused(
            _("La ligne %(n)s ne se lit pas : un guillemet y est ouvert sans se fermer.", n=line + skipped), "file"
        )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    return [
        (reader.line_num + skipped, tuple(_clean(cell) for cell in cells[:COLUMNS_MAX]))
        for cells in islice(reader, 2 * ROWS_MAX)
    ]


def _never_closed(text: str, sign: str) -> int:
    """The line where a quotation mark opens and takes all that follows; 0 where there is none."""
    over: list[bool] = []

    def lines() -> Iterator[str]:
        yield from io.StringIO(text, newline="")
        over.append(True)

    reader, line = csv.reader(lines(), delimiter=sign), 1
    try:
        for _cells in reader:
            if over:
                return line
            line = reader.line_num + 1
    except csv.Error:  # longer than a cell may be
        return line
    return 0


def _text(content: bytes) -> str:
    """As it was saved: Unicode, else as Windows writes in France."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content:
        low = content[:2000]
        encodings = ["utf-16-le" if low[1::2].count(0) >= low[::2].count(0) else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _not_a_table()


def _separator(text: str) -> str:
    """The sign that parts most of the first lines; a semicolon is told from a comma inside a name."""
    first = text.splitlines()[:20]
    counts = {sign: sum(bool(line.count(sign)) for line in first) for sign in SEPARATORS}
    return max(SEPARATORS, key=lambda sign: counts[sign])


def _sheet(content: bytes) -> list[Row]:
    """Of the first sheet; a formula counts for what it last gave."""
    import openpyxl  # with the first spreadsheet, not with the site

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            inside = packed.infolist()
        if sum(part.file_size for part in inside) > UNPACKED_MAX:
            raise Refused(
                _("Ce tableur est trop gros une fois ouvert : gardez la liste seule, ou enregistrez-la en CSV."), "file"
            )
        if not any(part.filename == "xl/workbook.xml" for part in inside):
            raise _not_a_table()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a sheet holds besides its cells
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            cells = sheet.iter_rows(max_row=2 * ROWS_MAX, max_col=COLUMNS_MAX, values_only=True)
            return [(number, tuple(_clean(_said(value)) for value in row)) for number, row in enumerate(cells, 1)]
    except Refused:
        raise
    except Exception as broken:  # a spreadsheet can be broken in any way: none of them is ours
        raise _not_a_table() from broken


def _said(value: Any) -> str:
    """What a cell of a spreadsheet shows, near enough."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _clean(cell: str) -> str:
    """One line; the signs that no database can hold are left out."""
    return " ".join("".join(sign for sign in cell if sign != "\x00" and not "\ud800" <= sign <= "\udfff").split())


def _not_a_table() -> Refused:
    return Refused(
        _("Ce fichier n’est pas un tableau que nous savons lire : enregistrez-le en CSV ou en .xlsx."), field="file"
    )
