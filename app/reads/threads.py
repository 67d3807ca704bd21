"""Every word that was exchanged about what one once showed: one’s own, whatever became of the cohort."""

from dataclasses import dataclass

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from app.i18n import ORIGINAL
from app.models import Cohort, Comment, Person
from app.reads import shown
from app.reads.sharing import Word, called


@dataclass(frozen=True)
class Thread:
    """About one thing, with who led one cohort."""

    cohort: str
    uid: str
    title: str
    """Of the step or the tool; "" where nothing is written there any more."""
    lang: str
    words: tuple[Word, ...]


def threads(db: Session, person_id: int) -> tuple[Thread, ...]:
    """The one that was spoken in last comes first."""
    query = (
        select(Comment.cohort_id, Comment.uid, Comment.by_id, Comment.text, Comment.at)
        .add_columns(cast(Comment.verdict, String).label("verdict"), Cohort.name, called().label("who"))
        .join(Cohort, Cohort.id == Comment.cohort_id)
        .join(Person, Person.id == Comment.by_id)
        .where(Comment.person_id == person_id, Comment.text != "")
        .order_by(Comment.at, Comment.id)
    )
    words: dict[tuple[int, str], list[Word]] = {}
    names: dict[int, str] = {}
    for row in db.execute(query):
        word = Word(row.who, row.by_id == person_id, row.text, row.verdict or "", row.at)
        words.setdefault((row.cohort_id, row.uid), []).append(word)
        names[row.cohort_id] = row.name
    titles = shown.titles(db, person_id, {uid for _cohort, uid in words})
    found = [
        Thread(names[cohort], uid, *titles.get(uid, ("", ORIGINAL)), tuple(said))
        for (cohort, uid), said in words.items()
    ]
    return tuple(sorted(found, key=lambda thread: thread.words[-1].at, reverse=True))
