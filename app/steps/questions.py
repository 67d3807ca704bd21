"""The seven types of question: what is sent before an answer, how an answer is read, graded and told."""

import hashlib
import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag
from pydantic import Field as Bounds

from app.content.schema import (
    Doc,
    Flaw,
    FreelySaid,
    Line,
    MaybeLine,
    Number,
    Said,
    Same,
    Switch,
    Text,
    Uid,
    doubles,
)
from app.i18n import _
from app.steps.fields import clean

TYPED = 200
"""Characters of a typed answer."""


@dataclass(frozen=True)
class PublicOption:
    """Something to choose. The id tells nothing but the original's text: it is the same in every language."""

    id: str
    text: str


@dataclass(frozen=True)
class PublicQuestion:
    """What may be sent before an answer: neither the right one, nor any feedback.

    `options`: to choose from; in `order` and `match`, shuffled. `lefts`: of `match`, one choice for each, in order.
    """

    uid: str
    type: str
    ask: str
    options: tuple[PublicOption, ...] = ()
    lefts: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True)
class Graded:
    right: bool
    feedback: tuple[str, ...]


class Question(Doc, ABC):
    """A canonical choice is ids joined by commas, or what was typed."""

    uid: Same[Uid]
    type: str
    ask: Said[Text]

    @abstractmethod
    def public(self, seed: str) -> PublicQuestion: ...

    @abstractmethod
    def read(self, values: Sequence[str]) -> str | None:
        """The canonical choice of what a form posted; None when it is not a whole answer."""

    @abstractmethod
    def grade(self, choice: str) -> Graded: ...

    @abstractmethod
    def right_values(self) -> list[str]:
        """What a form would post for the right answer: for the demonstration and for tests, never for a page."""

    @abstractmethod
    def describe(self, choice: str) -> str:
        """The answer in words."""

    def id_of(self, text: str) -> str:
        return hashlib.sha256(f"{self.uid}|{text}".encode()).hexdigest()[:8]

    def shuffled(self, texts: Mapping[str, str], seed: str) -> tuple[PublicOption, ...]:
        """Texts by the original's, in an order drawn from the seed, never the one that they came in."""
        mixed = sorted(texts, key=lambda text: hashlib.sha256(f"{seed}|{self.uid}|{text}".encode()).digest())
        if mixed == list(texts):
            mixed = [*mixed[1:], mixed[0]]
        return tuple(PublicOption(self.id_of(text), texts[text]) for text in mixed)

    def _texts(self, choice: str, texts: Mapping[str, str]) -> list[str]:
        known = {self.id_of(text): said for text, said in texts.items()}
        return [known[part] for part in choice.split(",") if part in known]


class Option(Doc):
    text: Said[Line]
    right: Switch = False
    feedback: Said[Text]


class _Choice(Question):
    """Options under each other, each with its own feedback."""

    options: Said[Annotated[tuple[Option, ...], Bounds(min_length=2, max_length=12)]]
    explain: Said[Text]

    def flaws(self) -> Iterator[Flaw]:
        yield from doubles([option.text for option in self.options], "options", "text")
        if not any(option.right for option in self.options):
            yield ("options",), _("aucune bonne réponse : ajoutez « right: yes » à l’une d’elles")

    def public(self, seed: str) -> PublicQuestion:
        options = tuple(PublicOption(self._id(option), option.text) for option in self.options)
        return PublicQuestion(self.uid, self.type, self.ask, options)

    def _id(self, option: Option) -> str:
        return self.id_of(option.original.text)

    def _chosen(self, choice: str) -> list[Option]:
        ids = choice.split(",")
        return [option for option in self.options if self._id(option) in ids]

    def right_values(self) -> list[str]:
        return [self._id(option) for option in self.options if option.right]

    def describe(self, choice: str) -> str:
        return " · ".join(option.text for option in self._chosen(choice))


class Single(_Choice):
    type: Literal["single"] = "single"

    def flaws(self) -> Iterator[Flaw]:
        yield from super().flaws()
        if sum(option.right for option in self.options) > 1:
            yield ("options",), _("une seule bonne réponse ici, ou bien « type: multiple »")

    def read(self, values: Sequence[str]) -> str | None:
        ids = [self._id(option) for option in self.options]
        return values[0] if len(values) == 1 and values[0] in ids else None

    def grade(self, choice: str) -> Graded:
        chosen = self._chosen(choice)
        return Graded(len(chosen) == 1 and chosen[0].right, tuple(option.feedback for option in chosen))


class Multiple(_Choice):
    type: Literal["multiple"]

    def read(self, values: Sequence[str]) -> str | None:
        ids = [self._id(option) for option in self.options]
        if not values or any(value not in ids for value in values):
            return None
        return ",".join(number for number in ids if number in values)

    def grade(self, choice: str) -> Graded:
        chosen = self._chosen(choice)
        right = all(option.right == (option in chosen) for option in self.options)
        said = tuple(option.feedback for option in chosen)
        if not right and chosen and all(option.right for option in chosen):
            said += (_("Il manque au moins une bonne réponse."),)
        return Graded(right, said)


def _verdict(right: bool, feedback_right: str, feedback_wrong: str) -> Graded:
    return Graded(right, (feedback_right if right else feedback_wrong,))


class TrueFalse(Question):
    type: Literal["truefalse"]
    answer: Switch
    feedback_right: Said[Text]
    feedback_wrong: Said[Text]
    explain: Said[Text]

    def public(self, seed: str) -> PublicQuestion:
        options = (PublicOption("yes", _("Vrai")), PublicOption("no", _("Faux")))
        return PublicQuestion(self.uid, self.type, self.ask, options)

    def read(self, values: Sequence[str]) -> str | None:
        return values[0] if len(values) == 1 and values[0] in ("yes", "no") else None

    def grade(self, choice: str) -> Graded:
        right = choice == ("yes" if self.answer else "no")
        return _verdict(right, self.feedback_right, self.feedback_wrong)

    def right_values(self) -> list[str]:
        return ["yes" if self.answer else "no"]

    def describe(self, choice: str) -> str:
        return {"yes": _("Vrai"), "no": _("Faux")}.get(choice, "")


class Order(Question):
    type: Literal["order"]
    items: Said[Annotated[tuple[Line, ...], Bounds(min_length=3, max_length=7)]]
    """In the right order."""
    feedback_right: Said[Text]
    feedback_wrong: Said[Text]
    explain: Said[Text]

    def flaws(self) -> Iterator[Flaw]:
        yield from doubles(list(self.items), "items")

    def _said(self) -> dict[str, str]:
        """The items by the original's."""
        return dict(zip(self.original.items, self.items, strict=True))

    def public(self, seed: str) -> PublicQuestion:
        return PublicQuestion(self.uid, self.type, self.ask, self.shuffled(self._said(), seed))

    def read(self, values: Sequence[str]) -> str | None:
        ids = sorted(self.id_of(item) for item in self._said())
        return ",".join(values) if sorted(values) == ids else None

    def grade(self, choice: str) -> Graded:
        right = choice == ",".join(self.right_values())
        return _verdict(right, self.feedback_right, self.feedback_wrong)

    def right_values(self) -> list[str]:
        return [self.id_of(item) for item in self._said()]

    def describe(self, choice: str) -> str:
        return " → ".join(self._texts(choice, self._said()))


class Pair(Doc):
    left: Said[Line]
    right: Said[Line]


class Match(Question):
    type: Literal["match"]
    pairs: Said[Annotated[tuple[Pair, ...], Bounds(min_length=3, max_length=6)]]
    feedback_right: Said[Text]
    feedback_wrong: Said[Text]
    explain: Said[Text]

    def flaws(self) -> Iterator[Flaw]:
        yield from doubles([pair.left for pair in self.pairs], "pairs", "left")
        if len({pair.right for pair in self.pairs}) < 2:
            yield ("pairs",), _("il faut au moins deux réponses différentes à relier")

    def strays(self) -> Iterator[Flaw]:
        there = [pair.original.right for pair in self.pairs]
        here = [pair.right for pair in self.pairs]
        for rank, text in enumerate(here):
            if here.index(text) != there.index(there[rank]):
                yield ("pairs", rank, "right"), _("réponses égales dans une langue, différentes dans l’autre")

    def _rights(self) -> dict[str, str]:
        """The answers by the original's."""
        return {pair.original.right: pair.right for pair in self.pairs}

    def public(self, seed: str) -> PublicQuestion:
        lefts = tuple(pair.left for pair in self.pairs)
        return PublicQuestion(self.uid, self.type, self.ask, self.shuffled(self._rights(), seed), lefts)

    def read(self, values: Sequence[str]) -> str | None:
        ids = {self.id_of(right) for right in self._rights()}
        good = len(values) == len(self.pairs) and all(value in ids for value in values)
        return ",".join(values) if good else None

    def grade(self, choice: str) -> Graded:
        right = choice == ",".join(self.right_values())
        return _verdict(right, self.feedback_right, self.feedback_wrong)

    def right_values(self) -> list[str]:
        return [self.id_of(pair.original.right) for pair in self.pairs]

    def describe(self, choice: str) -> str:
        texts = self._texts(choice, self._rights())
        return " · ".join(f"{pair.left} → {text}" for pair, text in zip(self.pairs, texts, strict=False))


class Numeric(Question):
    type: Literal["numeric"]
    answer: Number
    tolerance: Annotated[Number, Bounds(ge=0)] = Decimal(0)
    unit: Said[MaybeLine] = ""
    feedback_right: Said[Text]
    feedback_wrong: Said[Text]
    explain: Said[Text]

    def public(self, seed: str) -> PublicQuestion:
        return PublicQuestion(self.uid, self.type, self.ask, unit=self.unit)

    def read(self, values: Sequence[str]) -> str | None:
        text = re.sub(r"\s", "", "".join(values[:1]))
        for unit in (self.unit, self.original.unit):
            text = text.removesuffix(re.sub(r"\s", "", unit))
        text = text.replace(",", ".").replace("\u2212", "-")
        if not re.fullmatch(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,10})?", text):
            return None
        return format(Decimal(text).normalize() + 0, "f")

    def grade(self, choice: str) -> Graded:
        return _verdict(self._right(choice), self.feedback_right, self.feedback_wrong)

    def _right(self, choice: str) -> bool:
        if not re.fullmatch(r"-?[0-9]{1,15}(?:\.[0-9]{1,10})?", choice):
            return False
        return abs(Decimal(choice) - self.answer) <= self.tolerance

    def right_values(self) -> list[str]:
        return [format(self.answer, "f")]

    def describe(self, choice: str) -> str:
        return f"{choice.replace('.', ',')} {self.unit}".strip()


class Short(Question):
    type: Literal["short"]
    accept: FreelySaid[Annotated[tuple[Line, ...], Bounds(min_length=1, max_length=30)]]
    """Compared without case, accents and outer spaces; a translation has its own, and takes the original's too."""
    feedback_right: Said[Text]
    feedback_wrong: Said[Text]
    explain: Said[Text]

    def public(self, seed: str) -> PublicQuestion:
        return PublicQuestion(self.uid, self.type, self.ask)

    def read(self, values: Sequence[str]) -> str | None:
        text = " ".join(clean("".join(values[:1])).split())
        return text[:TYPED] or None

    def grade(self, choice: str) -> Graded:
        right = _folded(choice) in {_folded(text) for text in (*self.accept, *self.original.accept)}
        return _verdict(right, self.feedback_right, self.feedback_wrong)

    def right_values(self) -> list[str]:
        return [self.accept[0]]

    def describe(self, choice: str) -> str:
        return choice


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def _type(value: Any) -> str:
    given = value.get("type", "single") if isinstance(value, dict) else getattr(value, "type", "")
    return given if isinstance(given, str) else ""


AnyQuestion = Annotated[
    Annotated[Single, Tag("single")]
    | Annotated[Multiple, Tag("multiple")]
    | Annotated[TrueFalse, Tag("truefalse")]
    | Annotated[Order, Tag("order")]
    | Annotated[Match, Tag("match")]
    | Annotated[Numeric, Tag("numeric")]
    | Annotated[Short, Tag("short")],
    Discriminator(_type),
]
