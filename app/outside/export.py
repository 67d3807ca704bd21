"""Lines and columns to take away: for a spreadsheet, in which no cell may act."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from textwrap import wrap

import xlsxwriter

Cell = str | int | date | None
ACTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
NARROW, WIDE = 9, 32
"""Characters of a column: what it holds, between the two."""
LINE = 15
"""Points of a line of titles."""


def as_csv(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """As a spreadsheet in French opens it: UTF-8 that says so, semicolons; a day as 2026-12-18."""
    held = io.StringIO(newline="")
    writer = csv.writer(held, delimiter=";", lineterminator="\r\n")
    writer.writerow([_still(head) for head in heads])
    writer.writerows([_still(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + held.getvalue().encode()


def _still(cell: Cell) -> str | int:
    """The same to read, and never a formula."""
    if isinstance(cell, int):
        return cell
    words = "" if cell is None else str(cell)
    return f"'{words}" if words.startswith(ACTS) else words


def as_xlsx(title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Every word stays text, whatever sign it begins with; numbers and days are what they are."""
    held = io.BytesIO()
    texts = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(held, {"in_memory": True, **texts}) as book:
        sheet = book.add_worksheet(title)
        plain = book.add_format({"align": "left"})  # a number keeps away from the words beside it
        day = book.add_format({"align": "left", "num_format": "yyyy-mm-dd"})
        widths = [_width(head, [row[column] for row in rows]) for column, head in enumerate(heads)]
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width, plain)
        folded = [len(wrap(head, width - 1)) for head, width in zip(heads, widths, strict=True)]
        sheet.set_row(0, LINE * max(folded, default=1))
        sheet.freeze_panes(1, 1)
        sheet.set_paper(9)  # A4
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)  # all the columns on one page, as many pages as there are lines
        sheet.repeat_rows(0)
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, bold)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell, day)
    return held.getvalue()


def _width(head: str, cells: Sequence[Cell]) -> int:
    """A title folds between its words, a cell does not."""
    longest = max(map(len, (*head.split(), *("" if cell is None else str(cell) for cell in cells))), default=0)
    return min(WIDE, max(NARROW, longest + 2))


def _write(
    sheet: "xlsxwriter.worksheet.Worksheet", row: int, column: int, cell: Cell, day: "xlsxwriter.format.Format"
) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell)
    elif cell:
        sheet.write_string(row, column, cell)
