"""The questions of a quiz in GIFT: what goes out, and what a text would add, before anything changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.author import choices
from app.author.pages.text import asks, schema_of
from app.author.words import words
from app.content import editing, gift, gift_out
from app.content import text as texts
from app.content.gift import Question
from app.content.text import Tree
from app.content.yamltext import Mistake
from app.errors import Missing
from app.i18n import _
from app.reads import drafts


@dataclass(frozen=True)
class Answer:
    text: str
    right: bool
    said: str = ""


@dataclass(frozen=True)
class Shown:
    """A question that would be added. `told`: by its name, what is said after an answer, whichever it is."""

    kind: str
    ask: str
    answers: tuple[Answer, ...]
    told: tuple[tuple[str, str], ...]

    @property
    def mixed(self) -> bool:
        """Some of its answers are wrong."""
        return not all(answer.right for answer in self.answers)


@dataclass(frozen=True)
class QuestionsPage:
    number: int
    title: str
    name: str
    """Of its file."""
    version: int
    count: int
    losses: tuple[str, ...]
    """What another reader of GIFT will not find."""
    text: str
    """Its questions in GIFT."""
    given: str
    """The text to take questions from."""
    shown: tuple[Shown, ...] = ()
    said: tuple[Mistake, ...] = ()
    lacking: int = 0
    """How many of them will have to be completed before one can publish."""
    refused: str = ""
    after: str = ""
    """The whole text with its new questions; nothing when they cannot be added."""
    already: bool = False
    """They are its last ones."""


def questions(db: Session, number: int, given: str = "") -> QuestionsPage:
    """`given`: what one would add. Raises Missing for a text that asks no questions."""
    draft = drafts.draft(db, number)
    tree = texts.read(draft.text or "", draft.path)
    schema = schema_of(draft.path, tree)
    if schema is None or not asks(schema):
        raise Missing
    formed = editing.whole(schema, tree)
    here = _listed(editing.plain_of(schema, tree)) if formed else []
    name = draft.path.rsplit("/", 1)[-1].removesuffix(".md")
    page = (number, tree.get("title") or name, name, draft.version, len(here))
    out = (tuple(gift_out.losses(here)), gift_out.write(here))
    if not formed:
        return QuestionsPage(
            *page, *out, given, refused=_("Ce texte ne tient pas dans un formulaire : corrigez-le d’abord.")
        )
    if not given:
        return QuestionsPage(*page, *out, given)
    found = gift.read(given)
    plain = editing.plain_of(schema, tree) | {"questions": [*here, *map(dict, found.questions)]}
    after = editing.written(schema, editing.named(schema, plain), draft.path)
    made = texts.read(after, draft.path)
    flaws = [flaw for flaw in texts.flaws(made, schema) if len(flaw[0]) > 1]
    refused = _refused(found.questions, fits=editing.whole(schema, made))
    return QuestionsPage(
        *page,
        *out,
        given,
        shown=() if refused else tuple(map(_shown, found.questions)),
        said=found.said,
        lacking=len({loc[1] for loc, _said in flaws if loc[0] == "questions" and int(loc[1]) >= len(here)}),
        refused=refused,
        after="" if refused else after,
        already=not refused and _last(made, schema, found.questions) == _last(tree, schema, found.questions),
    )


def _listed(plain: Mapping[str, Any]) -> list[Question]:
    return list(plain.get("questions", ()))


def _refused(found: Sequence[Question], *, fits: bool) -> str:
    if not found:
        return _("Aucune question à ajouter dans ce texte.")
    return "" if fits else _("Ces questions ne tiennent pas toutes dans une étape : ajoutez-en moins à la fois.")


def _last(tree: Tree, schema: Any, found: Sequence[Question]) -> list[Question]:
    """As many questions, from the end, without the names that were drawn for them."""
    listed = _listed(editing.plain_of(schema, tree))[-len(found) :]
    return [{key: said for key, said in each.items() if key != "uid"} for each in listed]


def _shown(question: Question) -> Shown:
    kind = question.get("type", "single")
    keys = ("feedback_right", "feedback_wrong", "explain")
    return Shown(
        kind=choices.worded("step", "questions.type", kind),
        ask=question.get("ask", ""),
        answers=tuple(_answers(question)),
        told=tuple((words("step", f"questions.{key}").label, question[key]) for key in keys if question.get(key)),
    )


def _answers(question: Question) -> list[Answer]:
    if "answer" in question:
        said = choices.worded("step", "questions.answer", question["answer"])
        around = f" ± {question['tolerance']}" if question.get("tolerance") else ""
        return [Answer(f"{said}{around} {question.get('unit', '')}".strip(), right=True)]
    options = [
        Answer(each.get("text", ""), each.get("right") == "yes", each.get("feedback", ""))
        for each in question.get("options", ())
    ]
    pairs = [f"{each.get('left', '')} → {each.get('right', '')}" for each in question.get("pairs", ())]
    others = (*question.get("items", ()), *pairs, *question.get("accept", ()))
    return [*options, *(Answer(each, right=True) for each in others)]
