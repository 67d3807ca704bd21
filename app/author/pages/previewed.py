"""What is typed, as it will be read: its words, its fields, its questions; what cannot be read yet is left out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import TypeAdapter, ValidationError

from app.content import folder, markdown
from app.content.diagnostics import DiagnosticQuestion
from app.content.folder import Source
from app.content.markdown import FieldMark
from app.content.parsed import Parsed
from app.content.text import Tree
from app.i18n import _
from app.models import Draft
from app.outside import store
from app.steps.questions import AnyQuestion, PublicQuestion

T = TypeVar("T")


class QuestionPreview(NamedTuple):
    """A question of a quiz, nobody having answered it."""

    public: PublicQuestion
    number: int
    answer: str
    """The right one, in words."""
    explain: str
    chosen: tuple[str, ...] = ()
    verdict: str = ""
    error: str = ""


class OptionPreview(NamedTuple):
    value: str
    label: str
    chosen: bool = False


class AskedPreview(NamedTuple):
    """A question of a self-diagnostic."""

    uid: str
    number: int
    axis: str
    ask: str
    options: tuple[OptionPreview, ...]
    error: str = ""


@dataclass(frozen=True)
class Preview:
    title: str = ""
    key: str = ""
    html: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What each field asks."""
    takeaway: str = ""
    sources: tuple[str, ...] = ()
    lang: str = ""
    questions: tuple[QuestionPreview, ...] = ()
    asked: tuple[AskedPreview, ...] = ()
    inside: bool = False
    """As of a step outside one's format: its questions are read and not answered."""

    @property
    def parts(self) -> tuple[str | FieldMark, ...]:
        """The body as safe HTML, cut where its fields stand."""
        return tuple(markdown.segments(self.html, self.labels))


def previewed(media: Path, near: Mapping[str, Draft], tree: Tree) -> Preview:
    prefix = tree.path[: tree.path.rindex("/") + 1]
    shown = {each for each in near if near[each].text is None and each.removeprefix(prefix) in tree.body}
    files = {path: store.get(media, near[path].sha256) or b"" for path in shown}
    pages = {path: f"/atelier/textes/{each.id}" for path, each in near.items() if each.text is not None}
    parsed = Parsed(Source("", "", "", 0, prefix, files), None, (), pages=pages)
    plain = tree.root.plain() if tree.root is not None else {}
    plain = plain if isinstance(plain, dict) else {}
    listed = plain.get("sources")
    labels = {str(each.get("name", "")): str(each.get("label", "")) for each in _maps(plain, "fields")}
    html = parsed.html(tree.body, folder.language(tree.path))
    return Preview(
        title=tree.get("title"),
        key=tree.get("key"),
        html=html,
        labels=labels,
        takeaway=tree.get("takeaway"),
        sources=tuple(str(each) for each in listed) if isinstance(listed, list) else (),
        lang=folder.language(tree.path),
        questions=tuple(_questions(plain)) if tree.get("kind") == "quiz" else (),
        asked=tuple(_asked(plain)) if tree.path.startswith("diagnostics/") else (),
    )


def _questions(plain: Mapping[str, Any]) -> Iterator[QuestionPreview]:
    for number, each in enumerate(_read(_question().validate_python, _maps(plain, "questions")), 1):
        right = each.read(each.right_values()) or ""
        yield QuestionPreview(each.public(""), number, each.describe(right), each.explain)


@cache
def _question() -> TypeAdapter[AnyQuestion]:
    return TypeAdapter(AnyQuestion)


def _asked(plain: Mapping[str, Any]) -> Iterator[AskedPreview]:
    names = {str(each.get("code")): str(each.get("name", "")) for each in _maps(plain, "axes")}
    for number, each in enumerate(_read(DiagnosticQuestion.model_validate, _maps(plain, "questions")), 1):
        said = (*((str(n), option) for n, option in enumerate(each.options)), ("x", _("Je ne sais pas.")))
        options = tuple(OptionPreview(value, label) for value, label in said)
        yield AskedPreview(each.uid, number, names.get(each.axis, each.axis), each.ask, options)


def _read(read: Callable[[Any], T], items: list[dict[str, Any]]) -> Iterator[T]:
    """Those that are whole."""
    for each in items:
        try:
            yield read(each)
        except ValidationError:
            continue


def _maps(plain: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    listed = plain.get(key)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
