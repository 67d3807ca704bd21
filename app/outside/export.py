"""Lines and columns to take away: for a spreadsheet, in which no cell may act."""

import csv
import io
from collections.abc import Sequence
from datetime import date

import xlsxwriter

Cell = str | int | date | None
ACTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
WIDTH = 22


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
    with xlsxwriter.Workbook(held, {"in_memory": True, "default_date_format": "yyyy-mm-dd", **texts}) as book:
        sheet = book.add_worksheet(title)
        sheet.set_column(0, max(0, len(heads) - 1), WIDTH)
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
                _write(sheet, number, column, cell)
    return held.getvalue()


def _write(sheet: "xlsxwriter.worksheet.Worksheet", row: int, column: int, cell: Cell) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(row, column, cell)
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell)
    elif cell:
        sheet.write_string(row, column, cell)
