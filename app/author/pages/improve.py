"""What the steps of the published edition tell: who begins and ends each, what is answered, how long it takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy.orm import Session

from app.content import folder
from app.content.documents import StepDoc
from app.content.outline import said
from app.errors import Missing
from app.i18n import ORIGINAL
from app.models import Opinion, improving
from app.models.improving import Declared, Proposal, Spread
from app.reads import courses, drafts, voices
from app.reads import improving as reads
from app.reads.voices import Heard
from app.steps.quiz import Quiz, describe

FEW = 3
"""Times an answer was given below which its words are not shown, voices below which a step's are not counted:
somebody could be known by them."""


@dataclass(frozen=True)
class Choice:
    words: str
    """Nothing for those that were given too few times, together."""
    count: int
    right: bool


@dataclass(frozen=True)
class QuestionLine:
    ask: str
    choices: tuple[Choice, ...]
    """The most given first."""


@dataclass(frozen=True)
class WordLine:
    """A word left to the authors, by nobody in particular."""

    opinion: Opinion
    text: str
    before: bool
    """Of the module as it was before it changed."""


@dataclass(frozen=True)
class ImproveLine:
    uid: str
    number: int
    """Of its text; 0 for what is written in another pathway, or is no longer there."""
    title: str
    module: str
    started: int
    completed: int
    declared: int
    """Minutes."""
    measured: Spread | None
    questions: tuple[QuestionLine, ...]
    voices: tuple[int, int] | None
    """Those whom it helped, those to whom it is not clear; None where too few have said."""
    words: tuple[WordLine, ...]

    @property
    def left(self) -> int:
        """Percent of those who began and did not complete."""
        return round(100 * (self.started - self.completed) / self.started) if self.started else 0


@dataclass(frozen=True)
class ImprovePage:
    slug: str
    title: str
    edition: int
    lines: tuple[ImproveLine, ...]
    proposals: tuple[tuple[int, str, Proposal], ...]
    """(number of its text, title, proposal), the widest gap first."""
    fewest: int


def improve(db: Session, slug: str) -> ImprovePage:
    """Raises Missing, as for a pathway that was never published."""
    numbers = _numbers(db, slug)
    reading = courses.pathway(db, slug, None)
    rows = courses.steps(db, reading.edition_id, None)
    contents = courses.step_contents(db, reading.edition_id, None)
    number = reading.pathway_id
    started, completed = reads.starts(db, number), reads.completions(db, number)
    answers, seconds = reads.answers(db, number), reads.measured(db, number)
    heard = voices.heard(db, reading.edition_id, [row.uid for row in rows])
    lines = tuple(
        ImproveLine(
            uid=row.uid,
            number=numbers.get(row.uid, 0),
            title=row.title,
            module=row.module_title,
            started=max(started.get(row.uid, 0), completed.get(row.uid, 0)),
            completed=completed.get(row.uid, 0),
            declared=row.minutes,
            measured=improving.spread(seconds.get(row.uid, [])),
            questions=_questions(contents[row.uid].doc, answers),
            voices=_voices(told := heard.get(row.uid, Heard())),
            words=_words(told),
        )
        for row in rows
        if row.ready
    )
    declared = [Declared(row.uid, row.minutes, row.format_minutes) for row in rows if not row.optional]
    medians = {line.uid: line.measured.median for line in lines if line.measured}
    formats = [each.minutes for each in reading.doc.formats]
    titles = {row.uid: row.title for row in rows}
    found = improving.proposals(declared, formats, medians)
    proposals = tuple((numbers.get(each.uid, 0), titles[each.uid], each) for each in found)
    return ImprovePage(slug, reading.title, reading.edition, lines, proposals, improving.FEWEST)


def _numbers(db: Session, slug: str) -> dict[str, int]:
    """The texts of its steps, by uid. Raises Missing for a pathway of which nothing is written."""
    found = [each for each in drafts.within(db, f"pathways/{slug}/") if each.text is not None]
    if not found:
        raise Missing
    own = [each for each in found if folder.language(each.path) == ORIGINAL]
    return {uid: each.id for each in own if (uid := said(each.path, each.text or "").get("uid"))}


def _questions(doc: StepDoc, answers: Mapping[str, Mapping[str, int]]) -> tuple[QuestionLine, ...]:
    found = []
    for question in doc.questions if isinstance(doc, Quiz) else ():
        given = sorted(answers.get(question.uid, {}).items(), key=lambda pair: (-pair[1], pair[0]))
        shown = [
            Choice(describe(question, choice), count, question.grade(choice).right)
            for choice, count in given
            if count >= FEW
        ]
        rest = sum(count for _choice, count in given if count < FEW)
        choices = (*shown, Choice("", rest, False)) if rest else tuple(shown)
        found.append(QuestionLine(question.ask, choices))
    return tuple(found)


def _voices(told: Heard) -> tuple[int, int] | None:
    return (told.counts[Opinion.HELPED], told.counts[Opinion.UNCLEAR]) if told.counts.total() >= FEW else None


def _words(told: Heard) -> tuple[WordLine, ...]:
    """In an order of their own, always the same, which tells neither when nor by whom they were left."""
    shuffled = sorted(told.notes, key=lambda each: sha256(each.note.encode()).digest())
    return tuple(WordLine(each.opinion, each.note, each.before) for each in shuffled)
