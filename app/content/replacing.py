"""Find and replace in what is read, never in names, addresses or choices; each place is shown before it changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.content.editing import Input, Plain, inputs, plain_of
from app.content.schema import Document
from app.content.text import Tree

SHORTEST = 2
"""Characters to look for, at least."""
LONGEST = 200
AROUND = 40
"""Characters shown on each side of a place."""
_WRITTEN = ("line", "text", "body", "lines")
_ONE = "uid kind name code slug format axis module sheet kit cross_kit chemin need intent stage diagnostic terms start"
_ADDRESSES = "url official_url link replay media poster file on duration"
_LISTS = "rappel evidence actors examples cases actor size domain level region longer insee platform impact letter"
_NAMES = frozenset(f"{_ONE} {_ADDRESSES} {_LISTS}".split(" "))
"""Keys that name something: what is replaced there would lead nowhere."""


@dataclass(frozen=True)
class Place:
    """One occurrence: what stands before, what goes, what stands after; « … » where more does."""

    before: str
    gone: str
    after: str


def places(schema: type[Document], tree: Tree, find: str) -> list[Place]:
    return [place for each in _readable(inputs(schema, tree)) for place in _in(each.value, find)]


def replaced(schema: type[Document], tree: Tree, find: str, put: str) -> Plain:
    """The document’s plain data with every place replaced."""
    names = {each.name for each in _readable(inputs(schema, tree))}
    found: Plain = _over(plain_of(schema, tree), "", names, find, put)
    return found


def _readable(given: tuple[Input, ...]) -> Iterator[Input]:
    for each in given:
        if each.shape in _WRITTEN and each.key not in _NAMES:
            yield each
        for item in each.items:
            yield from _readable(item.inputs)


def _in(text: str, find: str) -> Iterator[Place]:
    at = text.find(find)
    while at >= 0:
        end = at + len(find)
        before, after = text[max(0, at - AROUND) : at], text[end : end + AROUND]
        yield Place(f"{'…' * (at > AROUND)}{before}", find, f"{after}{'…' * (len(text) > end + AROUND)}")
        at = text.find(find, end)


def _over(value: Any, name: str, names: set[str], find: str, put: str) -> Any:
    if isinstance(value, dict):
        return {key: _over(each, f"{name}.{key}" if name else key, names, find, put) for key, each in value.items()}
    if isinstance(value, list):
        if name in names:
            return [each.replace(find, put) for each in value]
        return [_over(each, f"{name}.{rank}", names, find, put) for rank, each in enumerate(value)]
    return value.replace(find, put) if name in names else value
