"""Texts in the reader's language where they are translated, else in the original's: as many statements either way."""

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.i18n import ORIGINAL, get_lang
from app.models import DocumentText, Step, StepText


def document_words(
    revision: InstrumentedAttribute[int], text: type[DocumentText] = DocumentText
) -> ColumnElement[bool]:
    """Joins a revision to its text."""
    there = aliased(DocumentText)
    translated = select(there.lang).where(there.revision_id == revision, there.lang == get_lang())
    return and_(text.revision_id == revision, text.lang == _best(translated.correlate_except(there).scalar_subquery()))


def step_words() -> ColumnElement[bool]:
    """Joins a step to its text."""
    there = aliased(StepText)
    translated = select(there.lang).where(there.step_id == Step.id, there.lang == get_lang())
    return and_(
        StepText.step_id == Step.id, StepText.lang == _best(translated.correlate_except(there).scalar_subquery())
    )


def _best(translated: ColumnElement[str]) -> ColumnElement[str] | str:
    return ORIGINAL if get_lang() == ORIGINAL else func.coalesce(translated, ORIGINAL)
