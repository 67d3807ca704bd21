"""YAML as text, lists and maps only: every scalar stays what the author wrote, every node knows its line."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from app.content.schema import Loc, forbidden
from app.i18n import _

DEEPEST = 12
"""Levels of lists and maps."""
NODES = 20_000
"""Values in one document."""


class Mistake(NamedTuple):
    line: int
    message: str


class Broken(Exception):
    """The YAML cannot be read past this line."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.mistake = Mistake(line, message)


@dataclass
class Node:
    """A text, a list or a map; `keys` are the lines of a map's keys."""

    line: int
    value: "str | list[Node] | dict[str, Node]"
    keys: dict[str, int] = field(default_factory=dict)

    def plain(self) -> Any:
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def find(self, loc: Loc) -> tuple[int, Loc]:
        """The line of a place, or of the nearest thing around it, and the part of the place that is written."""
        node: Node = self
        line = self.line
        known: Loc = ()
        for rank, part in enumerate(loc, 1):
            if isinstance(node.value, dict) and isinstance(part, str) and part in node.value:
                line, node = node.keys[part], node.value[part]
            elif isinstance(node.value, list) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                line = node.line
            elif rank < len(loc):
                continue  # the name of a variant, which is not written
            else:
                break
            known = (*known, part)
        return line, known


class _Loader(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):
    """PyYAML's scanner and parser, which remember where they met comments."""

    def __init__(self, text: str) -> None:
        self.comments: list[int] = []
        yaml.reader.Reader.__init__(self, text)
        yaml.scanner.Scanner.__init__(self)
        yaml.parser.Parser.__init__(self)

    def scan_to_next_token(self) -> None:
        while True:
            self._blank()
            if not self._line_break():
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def scan_block_scalar_ignored_line(self, start_mark: yaml.Mark) -> None:
        self._blank()
        if self.peek() not in "\0\n":
            raise yaml.scanner.ScannerError("", start_mark, "block scalar", self.get_mark())
        self._line_break()

    def _line_break(self) -> bool:
        return bool(self.scan_line_break())  # type: ignore[no-untyped-call]  # its stubs say nothing

    def _blank(self) -> None:
        while self.peek() == " ":
            self.forward()
        if self.peek() == "#":
            self.comments.append(self.line)
            while self.peek() not in "\0\n":
                self.forward()


def compose(text: str, first_line: int) -> tuple[Node | None, list[Mistake]]:
    """The tree of a YAML text whose first line is `first_line` of its file, and everything wrong with its spelling."""
    mistakes = list(_characters(text, first_line))
    if mistakes:
        return None, mistakes
    loader = _Loader(text)
    composer = _Composer(loader, first_line, mistakes)
    root = None
    try:
        root = composer.document()
    except Broken as broken:
        mistakes.append(broken.mistake)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        mistakes.append(Mistake(first_line + (min(mark.line, text.count("\n")) if mark else 0), _sentence(error)))
    except (yaml.YAMLError, ValueError, OverflowError):  # escapes beyond Unicode, absurd %YAML versions
        mistakes.append(Mistake(first_line + loader.line, _sentence(None)))
    mistakes += (
        Mistake(first_line + line, _("un commentaire « # » serait perdu : utilisez `note:`"))
        for line in dict.fromkeys(loader.comments)
    )
    return root, mistakes


def _characters(text: str, first_line: int) -> Iterator[Mistake]:
    for number, line in enumerate(text.split("\n"), first_line):
        if "\t" in line:
            yield Mistake(number, _("tabulation interdite : mettez des espaces"))
        if found := forbidden(line):
            yield Mistake(number, _("caractère interdit (U+%(code)s)", code=f"{ord(found[0]):04X}"))


class _Composer:
    """From events to nodes, with no memory of anchors and no meaning of tags: nothing to blow up."""

    def __init__(self, loader: _Loader, first_line: int, mistakes: list[Mistake]) -> None:
        self.loader, self.first_line, self.mistakes = loader, first_line, mistakes
        self.count = 0

    def document(self) -> Node | None:
        self._next()  # the stream
        if self.loader.check_event(yaml.StreamEndEvent):
            return None
        start = self._next()
        if isinstance(start, DocumentStartEvent) and start.explicit:
            raise Broken(self._line(start), _("ni « --- » ni directive « % » ici : un seul document par fichier"))
        root = self._node(self._next(), 0)
        end = self._next()
        if getattr(end, "explicit", False) or not self.loader.check_event(yaml.StreamEndEvent):
            raise Broken(self._line(end), _("un seul document par fichier : ni « --- » ni « ... » ici"))
        return root

    def _next(self) -> Event:
        event: Event = self.loader.get_event()  # type: ignore[no-untyped-call]  # its stubs say nothing
        return event

    def _line(self, event: Event) -> int:
        return self.first_line + (event.start_mark.line if event.start_mark else 0)

    def _node(self, event: Event, depth: int) -> Node:
        line = self._line(event)
        self.count += 1
        if self.count > NODES:
            raise Broken(line, _("trop de valeurs dans un seul fichier : %(n)s au plus", n=NODES))
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise Broken(line, _("ni ancre « & » ni renvoi « * » : écrivez le texte en entier, ou entre guillemets"))
        if getattr(event, "tag", None):
            raise Broken(line, _("pas d’étiquette « ! » : écrivez le texte entre guillemets"))
        if depth > DEEPEST:
            raise Broken(line, _("trop de niveaux emboîtés : %(n)s au plus", n=DEEPEST))
        if isinstance(event, ScalarEvent):
            return Node(line, self._text(event.value, line))
        if isinstance(event, SequenceStartEvent):
            return Node(line, self._list(depth))
        if isinstance(event, MappingStartEvent):
            return self._map(line, depth)
        raise Broken(line, _sentence(None))

    def _text(self, value: str, line: int) -> str:
        if found := forbidden(value):
            self.mistakes.append(Mistake(line, _("caractère interdit (U+%(code)s)", code=f"{ord(found[0]):04X}")))
            return ""
        return value

    def _list(self, depth: int) -> list[Node]:
        nodes = []
        while not isinstance(event := self._next(), SequenceEndEvent):
            nodes.append(self._node(event, depth + 1))
        return nodes

    def _map(self, line: int, depth: int) -> Node:
        nodes: dict[str, Node] = {}
        keys: dict[str, int] = {}
        while not isinstance(event := self._next(), MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(self._next(), depth + 1)
            if not isinstance(key.value, str):
                self.mistakes.append(Mistake(key.line, _("une clé est un mot, pas une liste")))
            elif key.value in nodes:
                where = keys[key.value]
                said = _("« %(key)s » est déjà écrit ligne %(line)s", key=key.value[:40], line=where)
                self.mistakes.append(Mistake(key.line, said))
            else:
                nodes[key.value], keys[key.value] = value, key.line
        return Node(line, nodes, keys)


def _sentence(error: yaml.MarkedYAMLError | None) -> str:
    """What to do about a syntax error, in words."""
    said = f"{error.context} {error.problem}" if error else ""
    if "mapping values are not allowed" in said:
        return _("un « : » suivi d’une espace coupe ce texte : mettez le texte entre guillemets")
    if "could not find expected ':'" in said:
        return _("il manque « : » après la clé")
    if "quoted scalar" in said:
        return _("un texte entre guillemets n’est pas fermé, ou contient un « \\ » de trop")
    if "cannot start any token" in said:
        return _("ce caractère ne peut pas commencer un texte : mettez le texte entre guillemets")
    if "flow" in said:
        return _("un crochet ou une accolade n’est pas fermé : mettez le texte entre guillemets si c’en est un")
    if "anchor" in said or "alias" in said:
        return _("ni ancre « & » ni renvoi « * » : écrivez le texte en entier, ou entre guillemets")
    return _("YAML illisible ici : vérifiez l’alignement, les « : », les tirets et les guillemets")


class _Canonical(yaml.SafeDumper):
    """Block style, no implicit types: `yes`, `12:30` and `2h` are written as they are."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent(dumper: _Canonical, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Canonical.yaml_implicit_resolvers = {}
_Canonical.add_representer(str, _represent)


def emit(data: dict[str, Any]) -> str:
    """The canonical YAML of texts, lists and maps."""
    text: str = yaml.dump(
        data,
        Dumper=_Canonical,
        allow_unicode=True,
        sort_keys=False,
        width=float("inf"),
        indent=2,
        default_flow_style=False,
    )
    return text
