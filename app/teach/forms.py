"""What the pages of a cohort post; the rules are in the actions."""

from datetime import date

from wtforms import Form, StringField, ValidationError

from app.actions.cohorts import NAME_MAX, Wanted
from app.errors import Refused
from app.i18n import _

DATE_MAX = date(9000, 1, 1)


class BlamedForm(Form):  # type: ignore[misc]  # wtforms is not typed
    """What a rule refuses stands beside the field that it is about."""

    def blame(self, refusal: Refused) -> None:
        field = self[refusal.field] if refusal.field in self else next(iter(self))
        field.errors = [*field.errors, refusal.message]


class CohortForm(BlamedForm):
    name = StringField()
    starts_on = StringField()
    ends_on = StringField()

    def validate_name(self, field: StringField) -> None:
        name = " ".join((field.data or "").split())
        if not name:
            raise ValidationError(_("Donnez un nom à la cohorte : vos membres le liront."))
        if len(name) > NAME_MAX:
            raise ValidationError(_("Ce nom est trop long : %(n)s caractères au plus.", n=NAME_MAX))

    def validate_starts_on(self, field: StringField) -> None:
        check_day(field)

    def validate_ends_on(self, field: StringField) -> None:
        check_day(field)

    def wanted(self, zone: str) -> Wanted:
        """What was typed, once valid."""
        return Wanted(" ".join((self.name.data or "").split()), zone, day(self.starts_on.data), day(self.ends_on.data))


def day(text: str | None) -> date | None:
    """A day as a form gives it, « 2026-12-18 ». Raises ValueError."""
    return date.fromisoformat(text) if text else None


def check_day(field: StringField) -> None:
    try:
        found = day((field.data or "").strip())
    except ValueError:
        found = DATE_MAX
    if found is not None and not date(2000, 1, 1) <= found < DATE_MAX:
        raise ValidationError(_("Cette date n’existe pas : choisissez-la, ou écrivez-la comme 2026-12-18."))
