"""What the pages of an assignment post: a pathway, a format, dates; people and a later day."""

from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict
from wtforms import StringField, ValidationError

from app.i18n import _
from app.models.assigned import Dates, Wanted
from app.teach.forms.base import BlamedForm, check_day, day
from app.teach.forms.helping import places
from app.teach.pages.assignment import AssignmentPage

DIGITS_MAX = 6


def whole(text: str | None) -> int | None:
    """A whole number as a form gives it, None where it is not one."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX else None


class DatesForm(BlamedForm):
    """`due_on` or `due_days`: the rule says that it is one of the two."""

    starts_on = StringField()
    due_on = StringField()
    due_days = StringField()

    def validate_starts_on(self, field: StringField) -> None:
        check_day(field)
        if not (field.data or "").strip():
            raise ValidationError(_("Choisissez un premier jour."))

    def validate_due_on(self, field: StringField) -> None:
        check_day(field)
        if not (field.data or "").strip() and not (self.due_days.data or "").strip():
            raise ValidationError(_("Donnez une échéance, et une seule : un jour, ou un nombre de jours."))

    def validate_due_days(self, field: StringField) -> None:
        if (field.data or "").strip() and whole(field.data) is None:
            raise ValidationError(_("Écrivez un nombre de jours, en chiffres."))

    def dates(self) -> Dates:
        """What was typed, once valid."""
        return Dates(
            date.fromisoformat((self.starts_on.data or "").strip()), day(self.due_on.data), whole(self.due_days.data)
        )


class AssignForm(DatesForm):
    pathway = StringField()
    format = StringField()

    def validate_format(self, field: StringField) -> None:
        if not (field.data or "").strip():
            raise ValidationError(_("Choisissez un format."))

    def wanted(self) -> Wanted:
        """What was chosen, once valid."""
        return Wanted((self.pathway.data or "").strip(), whole(self.format.data), self.dates())


class ExtendForm(BlamedForm):
    """Until when some people have; `back`: until the same day as everybody again."""

    until = StringField()
    member = StringField()
    back = StringField()

    def validate_until(self, field: StringField) -> None:
        check_day(field)
        if not self.back.data and not (field.data or "").strip():
            raise ValidationError(_("Choisissez un jour."))

    def day(self) -> date | None:
        """What was typed, once valid."""
        return None if self.back.data else day(self.until.data)


def members(posted: MultiDict[str, str]) -> frozenset[int]:
    """The memberships that were ticked."""
    return frozenset(places(posted.getlist("member")))


@dataclass(frozen=True)
class AssignmentForms:
    """Those of one assignment's page."""

    dates: DatesForm
    extend: ExtendForm
    members: frozenset[int]
    """Ticked."""

    @property
    def errors(self) -> dict[str, list[str]]:
        return {**self.dates.errors, **self.extend.errors}


def of_assignment(
    page: AssignmentPage,
    *,
    dates: DatesForm | None = None,
    extend: ExtendForm | None = None,
    members: frozenset[int] = frozenset(),
) -> AssignmentForms:
    """As posted, else as it stands."""
    line = page.line
    now = {"starts_on": line.starts_on.isoformat(), "due_on": line.due_on.isoformat() if line.due_on else ""}
    return AssignmentForms(dates or DatesForm(**now, due_days=line.due_days or ""), extend or ExtendForm(), members)
