"""A body as blocks of words, for what is not a page: headings, paragraphs, lists and tables, without any mark."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Literal

from app.content import markdown
from app.i18n import ORIGINAL, _

Kind = Literal["title", "heading", "part", "sub", "text", "small", "items", "steps", "table"]
LEVELS: tuple[Kind, ...] = ("title", "heading", "part", "sub")
"""Of headings, the widest first."""
_BREAK, _SPACES = "\v", re.compile(r"[ \t\n]+")
_FLOW = ("p", "li", "ul", "ol", "dl", "dt", "dd", "blockquote", "figure", "figcaption", "details", "summary", "section",
         "div", "pre", "hr", "table", "tr", "td", "th")  # fmt: skip
"""What begins and ends a block."""


@dataclass(frozen=True)
class Block:
    kind: Kind
    lines: tuple[str, ...] = ()
    """Of a list, its items; else one text."""
    rows: tuple[tuple[str, ...], ...] = ()
    """Of a table, below its heads."""
    heads: tuple[str, ...] = ()


def of_body(body: str) -> list[Block]:
    """Words in their order, notes and addresses among them; a figure is what is said of it."""
    reader = _Reader()
    reader.feed(markdown.to_html(body, lambda href: None, None, ORIGINAL))
    reader.close()
    reader.flush()
    return [block for block in reader.found if block.lines or block.heads]


def levelled(blocks: Sequence[Block]) -> list[Block]:
    """The same without a level of heading that is skipped: who listens to a text counts on them."""
    found, last = [], -1
    for block in blocks:
        if block.kind in LEVELS:
            last = min(LEVELS.index(block.kind), last + 1)
            block = replace(block, kind=LEVELS[last])
        found.append(block)
    return found


class _Reader(HTMLParser):
    """`html` is ours: safe, and well closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Block] = []
        self._text: list[str] = []
        self._lists: list[Kind] = []
        self._at, self._lines = 0, list[str]()
        """Where the list being read stands, and its points so far."""
        self._item = False
        self._rows: list[list[str]] | None = None
        self._links: list[tuple[str, int]] = []
        self._skipped = False
        self._kind: Kind = "text"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("h2", "h3", "h4", "h5", "h6"):
            self.flush()
            self._kind = "part" if tag == "h2" else "sub"
        elif tag in _FLOW:
            self._opened(tag)
            if tag == "figure" and dict(attrs).get("class") != "quote":
                self._text.append(_("Figure : "))
        elif tag == "br":
            self._text.append(_BREAK)
        elif tag == "sup":
            self._text.append("[")
        elif tag == "a":
            href = dict(attrs).get("href") or ""
            self._skipped = href.startswith("#fnref")
            self._links.append((href, len(self._text)))

    def _opened(self, tag: str) -> None:
        self.flush()
        if tag in ("ul", "ol"):
            self._lists.append("items" if tag == "ul" else "steps")
            if len(self._lists) == 1:
                self._at, self._lines = len(self.found), []
                self.found.append(Block(self._lists[0]))
        elif tag == "li":
            self._item = True
        elif tag == "table":
            self._rows = []
        elif tag == "tr" and self._rows is not None:
            self._rows.append([])

    def handle_endtag(self, tag: str) -> None:
        if tag == "sup":
            self._text.append("]")
        elif tag == "a":
            self._linked()
        elif tag in ("td", "th") and self._rows:
            self._rows[-1].append(self._taken())
        elif tag in _FLOW or tag in ("h2", "h3", "h4", "h5", "h6"):
            self.flush()
            self._kind = "text"
            self._closed(tag)

    def _closed(self, tag: str) -> None:
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
            if not self._lists:
                self.found[self._at] = replace(self.found[self._at], lines=tuple(self._lines))
        elif tag == "table" and self._rows is not None:
            heads, *rows = map(tuple, self._rows or [[]])
            if heads:
                self.found.append(Block("table", rows=tuple(rows), heads=heads))
            self._rows = None

    def _linked(self) -> None:
        """An address is read on paper too, unless its words are that address."""
        href, start = self._links.pop() if self._links else ("", 0)
        address = href.removeprefix("mailto:")
        if not href.startswith(("#", "/")) and address and address not in "".join(self._text[start:]):
            self._text.append(f" ({address})")
        self._skipped = False

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self._text.append(data)

    def _taken(self) -> str:
        words = _SPACES.sub(" ", "".join(self._text))
        self._text = []
        return "\n".join(line.strip() for line in words.split(_BREAK)).strip()

    def flush(self) -> None:
        if not (words := self._taken()):
            return
        if not self._lists:
            self.found.append(Block(self._kind, (words,)))
            return
        if self._item or not self._lines:
            self._lines.append(f"{'– ' * (len(self._lists) - 1)}{words}")
        else:
            self._lines[-1] += f"\n{words}"
        self._item = False
