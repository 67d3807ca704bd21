"""« Cette étape m’a été utile », « pas clair », and a word to its authors: a condition of nothing, and no progress."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import clock
from app.actions.enrolments import own_enrolment
from app.db import upsert
from app.errors import Missing, Refused
from app.i18n import _
from app.models import Opinion, StepVoice
from app.reads import voices

NOTE_MAX = 500


def say(db: Session, person_id: int, slug: str, uid: str, opinion: str) -> None:
    """One voice by person and step; said again, it says that instead, and keeps its word. Raises Missing, Refused."""
    own_enrolment(db, person_id, slug)
    revision = voices.revision_read(db, person_id, slug, uid)
    if revision is None:
        raise Missing
    if opinion not in set(Opinion):
        raise Refused(_("Ce choix n’existe plus. Choisissez dans la liste."))
    before = _own(db, person_id, uid)
    if before is None or before.opinion != opinion:
        row = {"person_id": person_id, "step_uid": uid, "opinion": Opinion(opinion), "note": ""}
        more = {"revision_id": revision, "at": clock.now()}
        upsert(db, StepVoice, row | more, ["person_id", "step_uid"], ["opinion", "revision_id", "at"])


def add_word(db: Session, person_id: int, uid: str, text: str) -> None:
    """The word that goes with what was said, an empty one to take it back. Kept only beside a voice. Raises Refused."""
    note = text.replace("\r\n", "\n").strip()
    if len(note) > NOTE_MAX:
        raise Refused(_("Ce texte est trop long : %(n)s caractères au plus.", n=NOTE_MAX), field="mot")
    voice = _own(db, person_id, uid)
    if voice is not None and voice.note != note:
        voice.note, voice.at = note, clock.now()
        db.flush()


def withdraw(db: Session, person_id: int, uid: str) -> None:
    """Nothing was said, then: the word goes too. Nothing happens where nothing was said."""
    db.execute(delete(StepVoice).where(StepVoice.person_id == person_id, StepVoice.step_uid == uid))


def _own(db: Session, person_id: int, uid: str) -> StepVoice | None:
    mine = select(StepVoice).where(StepVoice.person_id == person_id, StepVoice.step_uid == uid)
    return db.scalar(mine.with_for_update().execution_options(populate_existing=True))
