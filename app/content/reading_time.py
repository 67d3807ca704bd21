"""How long a step takes, from its own words: reading at the pace of a tired adult on a screen, then what is done."""

import re
from dataclasses import dataclass

from app.content.documents import StepDoc

PACE = 170
"""Words a minute: below the 238 of silent reading in English (Brysbaert, 2019), for a screen, interrupted."""
_WORD = re.compile(r"\w[\w’'-]*")
_MARKS = re.compile(r"\]\([^)]*\)|\[\[[^\]]*\]\]|^:::.*$", re.MULTILINE)


@dataclass(frozen=True)
class Gestures:
    """Seconds that each thing to do takes, besides the reading of its words."""

    line: int = 45
    text: int = 120
    choice: int = 20
    question: int = 25
    figure: int = 30
    guess: int = 20
    case: int = 180
    link: int = 60


GESTURES = Gestures()


def words(text: str) -> int:
    """Words of a text, marks and addresses apart."""
    return len(_WORD.findall(_MARKS.sub(" ", text)))


def estimated(step: StepDoc) -> int:
    """Whole minutes, one at least; 0 for a step that says nothing yet, or whose length is set by something else."""
    if hasattr(step, "diagnostic") or hasattr(step, "on"):  # its questionnaire, or its meeting, sets the time
        return 0
    said = [step.body, step.key, step.takeaway]
    seconds = 0
    for field in step.fields:
        said += [field.label, field.help, *field.options]
        seconds += getattr(GESTURES, "text" if field.type == "text" else "line" if field.type == "line" else "choice")
    seconds += step.body.count("![") * GESTURES.figure + step.body.count("::: devinez") * GESTURES.guess
    more, acts = _own(step)
    count = sum(words(each) for each in [*said, *more])
    seconds += acts + round(count * 60 / PACE)
    return -(-seconds // 60) if count else 0


def _own(step: StepDoc) -> tuple[list[str], int]:
    """The words and seconds of what only some kinds have."""
    said: list[str] = []
    seconds = 0
    for question in getattr(step, "questions", ()):
        dumped = question.model_dump()
        said += [dumped["ask"], *(each["text"] for each in dumped.get("options", ()))]
        said += [*dumped.get("items", ()), dumped.get("feedback_right", "")]
        said += [each["feedback"] for each in dumped.get("options", ())[:2]]
        seconds += GESTURES.question
    seconds += len(getattr(step, "cases", ())[:1]) * GESTURES.case + len(getattr(step, "links", ())) * GESTURES.link
    return said, seconds
