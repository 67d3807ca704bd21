"""A pathway as its authors see it while it is being written: modules, steps and minutes, however unfinished."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.content import folder, text
from app.content.formats import TOLERANCE
from app.i18n import ORIGINAL

_MODULE = re.compile(r"pathways/[^/]+/(?P<position>[0-9]{2})-(?P<slug>[^/]+)/")


@dataclass(frozen=True)
class StepLine:
    """A step, as far as it is written: texts are empty and minutes 0 until they are."""

    path: str
    uid: str
    kind: str
    title: str
    minutes: int
    format: str
    """Name of the smallest format that holds it."""
    optional: bool
    ready: bool


@dataclass(frozen=True)
class ModuleLine:
    prefix: str
    """Its folder, with a bar at the end."""
    slug: str
    title: str
    steps: tuple[StepLine, ...]
    use: str = ""
    """<pathway>/<module>, of a module that another pathway lends: its title and steps are that one's."""

    @property
    def path(self) -> str:
        """Of the text that it begins with."""
        return f"{self.prefix}module.md"


@dataclass(frozen=True)
class Budget:
    """The minutes of a format: what it announces, what its required steps make."""

    name: str
    minutes: int
    sum: int

    @property
    def least(self) -> int:
        return -(-self.minutes * (100 - TOLERANCE) // 100)

    @property
    def most(self) -> int:
        return self.minutes * (100 + TOLERANCE) // 100

    @property
    def accepted(self) -> bool:
        return self.least <= self.sum <= self.most


@dataclass(frozen=True)
class Outline:
    title: str
    formats: tuple[Budget, ...]
    """Shortest first."""
    modules: tuple[ModuleLine, ...]

    @property
    def steps(self) -> tuple[StepLine, ...]:
        return tuple(step for module in self.modules for step in module.steps)


def outline(slug: str, texts: Mapping[str, str], lent: Mapping[str, Mapping[str, str]] | None = None) -> Outline:
    """A pathway from its texts by path, in the original language. Never raises: what cannot be read is left out.

    `lent`: the texts of modules of other pathways, by « <pathway>/<module> ».
    """
    front = said(f"pathways/{slug}/pathway.md", texts.get(f"pathways/{slug}/pathway.md", ""))
    modules: dict[str, list[StepLine]] = {}
    titles: dict[str, str] = {}
    uses: dict[str, str] = {}
    for path in sorted(texts):
        place = _MODULE.match(path)
        if place is None or folder.language(path) != ORIGINAL:
            continue
        steps = modules.setdefault(place[0], [])
        if path == f"{place[0]}module.md":
            keys = said(path, texts[path])
            uses[place[0]] = keys.get("use", "")
            titles[place[0]] = keys.get("title", "") or uses[place[0]]
            if other := (lent or {}).get(uses[place[0]]):
                titles[place[0]], taken = _lent(other)
                steps += taken
        elif path.endswith(".md"):
            steps.append(_step(path, texts[path]))
    lines = tuple(
        ModuleLine(
            prefix,
            prefix.rstrip("/").rsplit("/", 1)[-1][3:],
            titles.get(prefix, ""),
            tuple(steps),
            uses.get(prefix, ""),
        )
        for prefix, steps in modules.items()
    )
    every = [step for line in lines for step in line.steps]
    return Outline(front.get("title", ""), tuple(_budgets(slug, texts, every)), lines)


def _lent(texts: Mapping[str, str]) -> tuple[str, list[StepLine]]:
    """Title and steps of a module, from its texts by path."""
    own = [path for path in sorted(texts) if path.endswith(".md") and folder.language(path) == ORIGINAL]
    fronts = [path for path in own if path.endswith("/module.md")]
    title = said(fronts[0], texts[fronts[0]]).get("title", "") if fronts else ""
    return title, [_step(path, texts[path]) for path in own if path not in fronts]


@lru_cache(maxsize=2000)
def said(path: str, content: str) -> Mapping[str, str]:
    """The keys of a text's front matter that hold one line."""
    tree = text.read(content, path)
    plain = tree.root.plain() if tree.root is not None else {}
    return {key: value for key, value in plain.items() if isinstance(value, str)} if isinstance(plain, dict) else {}


def _step(path: str, content: str) -> StepLine:
    keys = said(path, content)
    return StepLine(
        path=path,
        uid=keys.get("uid", ""),
        kind=keys.get("kind", ""),
        title=keys.get("title", ""),
        minutes=_number(keys.get("minutes", "")),
        format=keys.get("format", ""),
        optional=keys.get("optional") == "yes",
        ready=keys.get("ready") != "no",
    )


def _budgets(slug: str, texts: Mapping[str, str], steps: list[StepLine]) -> list[Budget]:
    path = f"pathways/{slug}/pathway.md"
    formats = declared(path, texts.get(path, ""))
    minutes = dict(formats)
    return [
        Budget(name, most, sum(s.minutes for s in steps if not s.optional and 0 < minutes.get(s.format, 0) <= most))
        for name, most in formats
    ]


@lru_cache(maxsize=200)
def declared(path: str, content: str) -> tuple[tuple[str, int], ...]:
    """(name, minutes) of the formats that a pathway's front announces, shortest first."""
    tree = text.read(content, path)
    plain = tree.root.plain() if tree.root is not None else {}
    listed = plain.get("formats") if isinstance(plain, dict) else None
    found = [
        (str(each.get("name", "")), _number(str(each.get("minutes", ""))))
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict)
    ]
    return tuple(sorted((pair for pair in found if pair[0]), key=lambda pair: pair[1]))


def _number(value: str) -> int:
    return int(value) if re.fullmatch(r"[0-9]{1,6}", value) else 0
