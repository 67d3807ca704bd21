"""What the forms of a cohort share: what a rule refuses stands beside its field, and days are read one way."""

from datetime import date

from wtforms import Form, StringField, ValidationError

from app.actions.cohorts import EARLIEST, LATEST
from app.errors import Refused
from app.i18n import _


class BlamedForm(Form):  # type: ignore[misc]  # wtforms is not typed
    """What a rule refuses stands beside the field that it is about."""

    def blame(self, refusal: Refused) -> None:
        field = self[refusal.field] if refusal.field in self else next(iter(self))
        field.errors = [*field.errors, refusal.message]


def line(field: StringField) -> str:
    """What was typed on one line, its spaces made single."""
    return " ".join((field.data or "").split())


def day(text: str | None) -> date | None:
    """A day as a form gives it, « 2026-12-18 ». Raises ValueError."""
    return date.fromisoformat(text.strip()) if text and text.strip() else None


def check_day(field: StringField) -> None:
    try:
        found = day(field.data)
    except ValueError:
        found = LATEST
    if found is not None and not EARLIEST <= found < LATEST:
        raise ValidationError(_("Cette date n’existe pas : choisissez-la, ou écrivez-la comme 2026-12-18."))


def check_length(field: StringField, most: int) -> None:
    if len(line(field)) > most:
        raise ValidationError(_("C’est trop long : %(n)s caractères au plus.", n=most))
