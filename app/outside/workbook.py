"""A tool of a kit as a spreadsheet: what people fill in at work, one A4 when printed."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

UPRIGHT, LYING = 118, 170
"""Characters across the page, shared between the columns."""
TALLEST = 409
"""Points of a row, no more in a spreadsheet."""
LINE = 18
"""Points of one."""
INK, HEAD = "#13261f", "#d9ebe0"
NAME_MAX = 31
"""What a spreadsheet allows for the name of a sheet, some signs left out."""


def workbook(words: Mapping[str, Any], made: datetime) -> bytes:
    """`words`: as the PDF's; every one of them stays text, whatever sign it begins with. `made`: UTC."""
    held = io.BytesIO()
    texts = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(held, {"in_memory": True, **texts}) as book:
        book.set_properties({"title": words["title"], "author": "Balises", "created": made.replace(tzinfo=None)})
        _Page(book, words).fill()
    return held.getvalue()


class _Page:
    def __init__(self, book: Any, words: Mapping[str, Any]) -> None:
        base = {"font_name": "Atkinson Hyperlegible Next", "font_color": INK, "text_wrap": True, "valign": "top"}
        self.words = words
        self.plain = book.add_format(base)
        self.title = book.add_format(base | {"bold": True, "font_size": 18, "text_wrap": False})
        self.label = book.add_format(base | {"bold": True, "font_size": 12})
        self.head = book.add_format(base | {"bold": True, "bg_color": HEAD, "border": 1})
        self.cell = book.add_format(base | {"border": 1})
        self.soft = book.add_format(base | {"font_size": 9, "italic": True})
        self.sheet = book.add_worksheet(_name(words["heading"]))
        self.across = max([len(part["heads"]) for part in words["parts"] if part["table"]], default=2)
        self.width = LYING if words["landscape"] else UPRIGHT
        self.row = 0

    def fill(self) -> None:
        sheet = self.sheet
        sheet.set_paper(9)  # A4
        sheet.set_landscape() if self.words["landscape"] else sheet.set_portrait()
        sheet.fit_to_pages(1, 1)
        sheet.set_column(0, self.across - 1, self.width / self.across)
        sheet.write_string(0, 0, self.words["heading"], self.title)
        sheet.set_row(0, 26)
        self.row = 1
        self._line(self.words["purpose"], self.plain)
        if self.words["before"]:
            self._line(self.words["before"], self.plain)
        for part in self.words["parts"]:
            self.row += 1
            self._line(part["label"], self.label)
            if part["help"]:
                self._line(part["help"], self.soft)
            (self._table if part["table"] else self._box)(part)
        self.row += 1
        for foot in (self.words["after"], *self.words["signatures"], self.words["foot"]):
            if foot:
                self._line(foot, self.soft)

    def _line(self, words: str, look: Any) -> None:
        self._across(words, look, -(-len(words) // self.width))

    def _across(self, words: str, look: Any, lines: int) -> None:
        if self.across > 1:
            self.sheet.merge_range(self.row, 0, self.row, self.across - 1, "", look)
        self.sheet.write_string(self.row, 0, words, look)
        self.sheet.set_row(self.row, min(TALLEST, LINE * max(1, lines)))
        self.row += 1

    def _box(self, part: Mapping[str, Any]) -> None:
        if part["options"]:
            self._line(_either(part["options"]), self.soft)
            self._choice(self.row, self.row, 0, part["options"])
        self._across(part["text"], self.cell, max(part["lines"], -(-len(part["text"]) // self.width)))

    def _table(self, part: Mapping[str, Any]) -> None:
        chosen = [
            f"{head}\n{_either(options)}".strip() for head, options in zip(part["heads"], part["choices"], strict=True)
        ]
        self._cells(chosen, self.head, 1)
        first = self.row
        for cells in part["rows"]:
            self._cells(cells, self.cell, 2)
        for column, options in enumerate(part["choices"]):
            if options:
                self._choice(first, self.row - 1, column, options)

    def _cells(self, said: Sequence[str], look: Any, least: int) -> None:
        """A row as tall as the longest of its cells, `least` lines at least."""
        for column, words in enumerate(said):
            self.sheet.write_string(self.row, column, words, look)
        room = int(0.85 * self.width / self.across)
        lines = [sum(max(1, -(-len(line) // room)) for line in words.splitlines()) for words in said]
        self.sheet.set_row(self.row, min(TALLEST, LINE * max(least, *lines)))
        self.row += 1

    def _choice(self, first: int, last: int, column: int, options: Sequence[str]) -> None:
        """A list to choose from; a spreadsheet holds 255 characters of it and cuts at commas."""
        if len(",".join(options)) <= 255 and not any("," in option for option in options):
            self.sheet.data_validation(first, column, last, column, {"validate": "list", "source": list(options)})


def _either(options: Sequence[str]) -> str:
    """For whoever reads them on paper."""
    return " / ".join(options)


def _name(heading: str) -> str:
    kept = "".join(" " if sign in "[]:*?/\\" else sign for sign in heading).strip("' ")
    return kept[:NAME_MAX] or "Balises"
