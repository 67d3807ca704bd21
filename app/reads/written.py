"""What a person wrote on some steps of an edition, with what is read beside it: one statement."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import String, bindparam, cast, literal, select, union_all
from sqlalchemy.orm import Session

from app.db import fetch
from app.models import Note, Opinion, StepVoice, TimeInterval
from app.models.measured import Interval
from app.reads import courses
from app.reads.frozen import StepContent
from app.reads.sharing import BRANCHES, Beside, Line
from app.reads.voices import Voice


@dataclass(frozen=True)
class Page:
    """A step with what that person wrote on it: field -> (text, when it was saved)."""

    step: StepContent
    texts: dict[str, tuple[str, datetime]]
    time: list[Interval] = field(default_factory=list)
    """What was measured on it, where it was asked for."""
    beside: Beside = field(default_factory=Beside)
    """Of a member of a cohort, the same."""
    voices: list[Voice] = field(default_factory=list)
    """What they said of it to its authors, if they did: the same."""


def written_on(
    db: Session,
    person_id: int | None,
    edition_id: int,
    uids: Iterable[str],
    timed: tuple[int, str] = (0, ""),
    *,
    member: bool = False,
) -> dict[str, Page]:
    """Some steps of an edition with that person's current notes, by uid, in one statement.

    `timed`: the enrolment and the step whose measured time is read as well; `member`: of a cohort, and what stands
    beside it there.
    """
    found = courses.step_contents(db, edition_id, uids)
    pages = {uid: Page(step, {}) for uid, step in found.items()}
    if person_id is not None:
        known = {"person": person_id, "uids": list(pages), "enrolment": timed[0], "timed": timed[1]}
        for row in fetch(db, _PAGE_OF_MEMBER if member else _PAGE, known):
            if row.what == "note":
                pages[row.word].texts[row.name] = (row.text, row.at)
            elif row.what == "time":
                pages[row.word].time.append(Interval(timed[0], row.word, row.at, row.number))
            elif row.what == "voice":
                pages[timed[1]].voices.append(Voice(Opinion(row.word), row.text))
            else:
                line = Line(row.what, row.number, row.text, row.name, row.word, row.at)
                pages[timed[1]].beside.lines.append(line)
    return pages


def texts(db: Session, person_id: int, uid: str) -> dict[str, str]:
    """That person's current notes on one step, by field."""
    return {row.name: row.text for row in fetch(db, _CURRENT, {"person": person_id, "uids": [uid]}) if row.text}


_CURRENT = select(
    literal("note").label("what"),
    literal(0).label("number"),
    Note.text.label("text"),
    Note.field.label("name"),
    Note.uid.label("word"),
    Note.at.label("at"),
).where(
    Note.person_id == bindparam("person"),
    Note.uid.in_(bindparam("uids", expanding=True)),
    Note.superseded_at.is_(None),
)
_TIME = select(
    literal("time"), TimeInterval.seconds, literal(""), literal(""), TimeInterval.step_uid, TimeInterval.from_at
).where(TimeInterval.enrolment_id == bindparam("enrolment"), TimeInterval.step_uid == bindparam("timed"))
_VOICE = select(
    literal("voice"), literal(0), StepVoice.note, literal(""), cast(StepVoice.opinion, String), StepVoice.at
).where(StepVoice.person_id == bindparam("person"), StepVoice.step_uid == bindparam("timed"))
_PAGE = union_all(_CURRENT, _TIME, _VOICE)
_PAGE_OF_MEMBER = union_all(_CURRENT, _TIME, _VOICE, *BRANCHES)
