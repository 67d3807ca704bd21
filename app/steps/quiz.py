"""Questions with an answer to each choice, tried as often as one likes, done at so many right ones."""

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field as Bounds

from app.content.schema import Flaw, Loc, Said, Whole
from app.i18n import _, ngettext
from app.steps.kind import FIELDS, Assessment, StepContent, Work, assess_fields
from app.steps.questions import AnyQuestion
from app.steps.questions import Graded as Graded
from app.steps.questions import PublicQuestion as PublicQuestion
from app.steps.questions import Question as Question

name = "quiz"
icon = "circle-help"
idle_seconds = 120
_ASKED = "uid type ask options.text options.right answer items pairs tolerance unit accept"
task_fields: tuple[str, ...] = (*FIELDS, "pass", *(f"questions.{part}" for part in _ASKED.split()))

FEWEST = 4
"""Questions of a quiz that is ready."""
EXPLAINED_AFTER = 2
"""Tries on a question before its explanation may be opened."""


class Quiz(StepContent):
    NEEDED: ClassVar[tuple[str, ...]] = ("questions",)

    kind: Literal["quiz"]
    pass_: Annotated[Whole, Bounds(ge=1)] | None = Bounds(default=None, alias="pass")
    """Right answers needed; 70 % of the questions, rounded up, when it is not said."""
    questions: Said[Annotated[tuple[AnyQuestion, ...], Bounds(max_length=60)]] = ()

    @property
    def needed(self) -> int:
        """Right answers needed."""
        return self.pass_ or -(-len(self.questions) * 7 // 10)

    def flaws(self) -> Iterator[Flaw]:
        yield from super().flaws()
        if self.ready and 0 < len(self.questions) < FEWEST:
            yield ("questions",), _("au moins %(n)s questions sont attendues", n=FEWEST)
        if self.pass_ is not None and self.questions and self.pass_ > len(self.questions):
            yield ("pass",), _("plus de bonnes réponses demandées que de questions")

    def uids(self) -> Iterator[tuple[Loc, str]]:
        yield from super().uids()
        yield from ((("questions", rank, "uid"), question.uid) for rank, question in enumerate(self.questions))


Content = Quiz


def label() -> str:
    return _("Quiz")


def rule(content: StepContent) -> str:
    quiz = _quiz(content)
    if not quiz.questions:  # announced, still to be written
        return ""
    return ngettext(
        "Terminé avec %(n)s bonne réponse sur %(total)s.",
        "Terminé avec %(n)s bonnes réponses sur %(total)s.",
        quiz.needed,
        total=len(quiz.questions),
    )


def assess(content: StepContent, work: Work) -> Assessment:
    quiz = _quiz(content)
    right = sum(question.uid in work.right for question in quiz.questions)
    if not quiz.ready or right >= quiz.needed:
        return assess_fields(content, work)
    left = quiz.needed - right
    return assess_fields(content, work, ngettext("Encore %(n)s bonne réponse.", "Encore %(n)s bonnes réponses.", left))


def _quiz(content: StepContent) -> Quiz:
    if not isinstance(content, Quiz):
        raise TypeError(content.kind)
    return content


def public(question: Question, seed: str) -> PublicQuestion:
    """What may be sent before an answer."""
    return question.public(seed)


def read(question: Question, values: Sequence[str]) -> str | None:
    """The canonical choice of what a form posted; None when it is not a whole answer."""
    return question.read(values)


def asks(question: Question) -> str:
    """What to do when what was posted is not a whole answer."""
    match question.type:
        case "order":
            return _("Donnez une position à chaque réponse, et une seule, puis vérifiez.")
        case "match":
            return _("Choisissez une réponse à chaque ligne, puis vérifiez.")
        case "numeric":
            return _("Écrivez un nombre, en chiffres, puis vérifiez.")
    return _("Répondez d’abord à cette question, puis vérifiez.")


def grade(question: Question, choice: str) -> Graded:
    """The verdict on a canonical choice; an old choice that exists no more is wrong."""
    return question.grade(choice)


def describe(question: Question, choice: str) -> str:
    """A canonical choice in words."""
    return question.describe(choice)
