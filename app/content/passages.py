"""A text as who reads it over meets it: its passages one by one, each with a place that a remark can name."""

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from app.content.editing import Input

VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
INLINE = ("a", "abbr", "b", "cite", "code", "em", "i", "q", "span", "strong", "sub", "sup")
"""What does not part two words."""
READ = ("line", "text", "lines")
"""Shapes whose words are read over, besides the body."""
APART = ("uid", "name", "kind", "type", "format", "note")
"""Keys that say nothing to a reader."""


@dataclass(frozen=True)
class Passage:
    place: str
    """`body.3` for the third block of the body, else the name of what was typed, as `questions.0.ask`."""
    words: str
    """Its text, without marks."""
    html: str = ""
    """Safe; empty for what is plain text."""
    within: str = ""
    """Keys without ranks, by which what was typed is called."""


def of_body(html: str) -> Iterator[Passage]:
    """The blocks of a body, in order. `html`: safe, and well closed."""
    reader = _Blocks()
    reader.feed(html)
    reader.close()
    starts = [*reader.starts, (len(html), "")]
    for rank, (start, _tag) in enumerate(starts[:-1]):
        block = html[start : starts[rank + 1][0]].strip()
        yield Passage(f"body.{rank + 1}", words_of(block), block)


def of_inputs(inputs: tuple[Input, ...]) -> Iterator[Passage]:
    """What was typed beside the body, in the order of its form."""
    for each in inputs:
        if each.shape == "items":
            for item in each.items:
                yield from of_inputs(item.inputs)
        elif each.shape in READ and each.value and each.key not in APART:
            around = f"{each.within}.{each.key}" if each.within else each.key
            yield Passage(each.name, each.value, within=around)


def words_of(html: str) -> str:
    reader = _Words()
    reader.feed(html)
    reader.close()
    return " ".join("".join(reader.found).split())


class _Blocks(HTMLParser):
    """Where each outermost element begins."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.starts: list[tuple[int, str]] = []
        self._depth = 0
        self._lines: list[int] = []

    def feed(self, data: str) -> None:
        self._lines = [0]
        for line in data.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        super().feed(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if self._depth == 0:
            line, column = self.getpos()
            self.starts.append((self._lines[line - 1] + column, tag))
        if tag not in VOID:
            self._depth += 1

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        if self._depth == 0:
            line, column = self.getpos()
            self.starts.append((self._lines[line - 1] + column, tag))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._depth = max(0, self._depth - 1)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in INLINE:
            self.found.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.handle_starttag(tag, ())
