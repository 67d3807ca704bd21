"""The same page after a refusal: what was entered is still there, and what is wrong is said beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.i18n import _
from app.learn.pages.shapes import StepPage

Posted = Mapping[str, Sequence[str]]


def not_done(page: StepPage, missing: Sequence[str]) -> StepPage:
    """A completion refused: why the step is not done yet, beside what the fields say."""
    return replace(page, missing=tuple(missing))


def unsent(page: StepPage, word: str | None, sentence: str = "") -> StepPage:
    """A page that comes back holds the word to the authors as it was typed. `word`: None where none was sent."""
    voice = replace(page.voice, note=word) if page.voice and word is not None else page.voice
    return replace(page, voice=voice, voice_error=sentence)


def quiz_again(page: StepPage, posted: Posted, asked: str | None, sentence: str) -> StepPage:
    """A try that held no whole answer."""
    if page.quiz is None:
        return not_done(page, [sentence])
    known = asked in {question.public.uid for question in page.quiz.questions}
    beside = asked if known else next((q.public.uid for q in page.quiz.questions if q.verdict != "right"), "")
    questions = tuple(
        replace(
            question,
            chosen=question.chosen if question.verdict == "right" else tuple(posted.get(question.public.uid, ())),
            error=sentence if question.public.uid == beside else "",
        )
        for question in page.quiz.questions
    )
    return replace(page, quiz=replace(page.quiz, questions=questions), missing=() if known else (sentence,))


def sitting(page: StepPage, posted: Mapping[str, str]) -> tuple[dict[str, int | None], StepPage]:
    """The answers to a diagnostic (None: « Je ne sais pas »), and the page again, with what lacks."""
    questions = page.diagnostic.questions if page.diagnostic else ()
    chosen = {q.uid: value for q in questions if (value := posted.get(q.uid, "")) in ("0", "1", "2", "3", "x")}
    lacking = [q for q in questions if q.uid not in chosen]
    shown = tuple(
        replace(
            q,
            options=tuple(replace(option, chosen=option.value == chosen.get(q.uid)) for option in q.options),
            error=_("Choisissez une réponse, ou « Je ne sais pas ».") if q in lacking else "",
        )
        for q in questions
    )
    if lacking:
        numbers = ", ".join(str(q.number) for q in lacking)
        page = not_done(page, [_("Il reste des questions sans réponse : %(numbers)s.", numbers=numbers)])
    if page.diagnostic is not None:
        page = replace(page, diagnostic=replace(page.diagnostic, questions=shown, again=True))
    return {uid: None if value == "x" else int(value) for uid, value in chosen.items()}, page
