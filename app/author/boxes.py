"""The inputs of a document with their words: labels, help, choices, and what is wrong beside each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.author import choices, words
from app.author.choices import Choice
from app.content import text
from app.content.editing import Input
from app.content.schema import Flaw
from app.i18n import _

FIRST = ("title", "kind", "format", "minutes")
"""Of a step: at the top, side by side."""
MAIN = ("title", "kind", "format", "minutes", "ready", "key", "body")
"""What comes first, in this order; the rest follows as its schema says."""
LAST = ("rappel", "fields", "takeaway", "sources", "provenance")
_ASIDE = "note uid optional rank official_url pass code questions.uid objectives.uid fields.name fields.fills"
ASIDE = frozenset([*_ASIDE.split(" "), "fields.slot", "fields.max", "fields.columns.name", "fields.columns.max"])
"""What few authors change: folded away."""
SUPPLIED = frozenset(("uid", "fields.name", "fields.columns.name", "questions.uid", "objectives.uid", "axes.code"))
"""What is made by itself when it is left empty: nothing of it lacks."""


@dataclass(frozen=True)
class Box:
    """One input as it is drawn."""

    name: str
    label: str
    help: str
    shape: str
    """line, text, body, number, tick, pick, select, selects, lines, items or fixed."""
    value: str
    values: tuple[str, ...]
    """Of `selects`, what is chosen, one by one."""
    needed: bool
    most: int
    choices: tuple[Choice, ...]
    items: tuple["Group", ...]
    adds: tuple[Choice, ...]
    """Buttons that add an element: what they send, what they say."""
    wrong: tuple[str, ...]
    lacking: bool
    """Still to be written, before it can be published."""


@dataclass(frozen=True)
class Group:
    """An element of a list, or the whole document. `aside`: what is folded away."""

    name: str
    label: str
    kind: str
    boxes: tuple[Box, ...]
    aside: tuple[Box, ...]
    wrong: tuple[str, ...] = ()

    @property
    def faulty(self) -> bool:
        """Something of what is folded away is wrong."""
        return any(box.wrong for box in self.aside)


@dataclass(frozen=True)
class Fault:
    """A line of the list of what is wrong: where it leads, what it says."""

    name: str
    place: str
    said: str


class Drawing:
    """Makes the boxes of one document. `held`: what the site has that may be named."""

    def __init__(self, family: str, held: Mapping[str, Sequence[Choice]], flaws: Sequence[Flaw]) -> None:
        self.family = family
        self.held = held
        self.flaws = list(flaws)

    def whole(self, inputs: Sequence[Input]) -> Group:
        self.placed = _placed(inputs, self.flaws)
        return self._group("", "", "", inputs)

    def faults(self) -> tuple[Fault, ...]:
        """Everything that is wrong or lacks, in the order of the form."""
        found = []
        for name, sentences in self.placed.items():
            keys = [part for part in name.split(".") if not part.isdigit()]
            ranks = [int(part) + 1 for part in name.split(".") if part.isdigit()]
            label = words.words(self.family, ".".join(keys)).label if name else ""
            place = f"{label} {'.'.join(map(str, ranks))}".strip()
            found += [Fault(name or "text", place, said) for said in sentences]
        return tuple(found)

    def _group(self, name: str, label: str, kind: str, inputs: Sequence[Input]) -> Group:
        drawn = [(place_of(each), self._box(each)) for each in inputs]
        drawn = drawn if name else sorted(drawn, key=_first)
        main = tuple(box for place, box in drawn if place not in ASIDE)
        aside = tuple(box for place, box in drawn if place in ASIDE)
        return Group(name, label, kind, main, aside, tuple(self.placed.get(name, ())) if name else ())

    def _box(self, given: Input) -> Box:
        place = place_of(given)
        said = words.words(self.family, place)
        known = choices.offered(self.family, place, self.held)
        chosen = tuple((value, choices.worded(self.family, place, value)) for value in given.choices)
        listed = choices.listed(self.family, place)
        shape, values = self._shape(given, listed), tuple(given.value.split("\n")) if given.value else ()
        wrong = tuple(self.placed.get(given.name, ()))
        lacking = text.absent(given.key) in wrong
        return Box(
            name=given.name,
            label=said.label,
            help=said.help,
            shape=shape,
            value=given.value,
            values=values,
            needed=given.needed,
            most=given.most,
            choices=_with(known, values) if listed else chosen or _yes_no(self.family, place),
            items=tuple(self._items(given, place)),
            adds=tuple(self._adds(given, place)),
            wrong=tuple(each for each in wrong if each != text.absent(given.key)),
            lacking=lacking and place not in SUPPLIED,
        )

    def _shape(self, given: Input, listed: bool) -> str:
        if self.family == "step" and given.name == "kind":
            return "kind"
        match given.shape:
            case "switch":
                return "pick" if given.needed else "tick"
            case "choice":
                return "select"
            case "lines" if listed:
                return "selects"
            case "line" if listed:
                return "select"
        return given.shape

    def _items(self, given: Input, place: str) -> Iterator[Group]:
        for rank, item in enumerate(given.items, 1):
            label = words.element(place, rank)
            yield self._group(item.name, label, choices.worded(self.family, f"{place}.type", item.kind), item.inputs)

    def _adds(self, given: Input, place: str) -> Iterator[Choice]:
        if given.shape == "items" and len(given.items) < given.most:
            for kind in given.kinds:
                yield f"add:{given.name}:{kind}", choices.worded(self.family, f"{place}.type", kind)
            if not given.kinds:
                yield f"add:{given.name}", words.one_more(place)


def place_of(given: Input) -> str:
    """The keys that lead to an input, without ranks."""
    if given.name.rsplit(".", 1)[-1].isdigit():  # an element that is one word
        return given.within
    return f"{given.within}.{given.key}" if given.within else given.key


def _first(drawn: tuple[str, Box]) -> tuple[int, int]:
    place = drawn[0]
    if place in MAIN:
        return 0, MAIN.index(place)
    return (2, LAST.index(place)) if place in LAST else (1, 0)


def _yes_no(family: str, place: str) -> tuple[Choice, ...]:
    return tuple((value, choices.worded(family, place, value)) for value in ("yes", "no"))


def _with(known: tuple[Choice, ...], values: Sequence[str]) -> tuple[Choice, ...]:
    """What is written stays among what may be chosen, even when the site no longer has it."""
    names = {value for value, _label in known}
    return (*known, *((value, _("%(value)s (inconnu)", value=value)) for value in values if value not in names))


def _placed(inputs: Sequence[Input], flaws: Sequence[Flaw]) -> dict[str, list[str]]:
    """What is wrong by the input, or the element, nearest to it; in the order of the form."""
    names = [""]
    _walk(inputs, names)
    known = set(names)
    found: dict[str, list[str]] = {}
    for loc, said in flaws:
        name = ""
        for part in loc:
            further = f"{name}.{part}" if name else str(part)
            name = further if further in known else name
        found.setdefault(name, []).append(said)
    return {name: list(dict.fromkeys(found[name])) for name in names if name in found}


def _walk(inputs: Sequence[Input], names: list[str]) -> None:
    for each in inputs:
        names.append(each.name)
        for item in each.items:
            names.append(item.name)
            _walk([inner for inner in item.inputs if inner.name != item.name], names)
