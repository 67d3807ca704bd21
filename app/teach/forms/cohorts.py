"""A cohort made, changed, made again for a new start; who leads it."""

from dataclasses import dataclass
from datetime import date

from wtforms import StringField, ValidationError

from app.actions.cohorts import NAME_MAX, Wanted
from app.i18n import _
from app.teach.forms.base import BlamedForm, check_day, day, line
from app.teach.pages.cohort_settings import CohortSettingsPage


class CohortForm(BlamedForm):
    name = StringField()
    starts_on = StringField()
    ends_on = StringField()

    def validate_name(self, field: StringField) -> None:
        if not line(field):
            raise ValidationError(_("Donnez un nom à la cohorte : vos membres le liront."))
        if len(line(field)) > NAME_MAX:
            raise ValidationError(_("Ce nom est trop long : %(n)s caractères au plus.", n=NAME_MAX))

    def validate_starts_on(self, field: StringField) -> None:
        check_day(field)

    def validate_ends_on(self, field: StringField) -> None:
        check_day(field)

    def wanted(self, zone: str) -> Wanted:
        """What was typed, once valid."""
        return Wanted(line(self.name), zone, day(self.starts_on.data), day(self.ends_on.data))


class SettingsForm(CohortForm):
    zone = StringField()


class CopyForm(BlamedForm):
    copy_name = StringField()
    copy_starts_on = StringField()

    def validate_copy_name(self, field: StringField) -> None:
        CohortForm.validate_name(self, field)

    def validate_copy_starts_on(self, field: StringField) -> None:
        if not (field.data or "").strip():
            raise ValidationError(_("Dites quand elle commence : les séances se décalent d’autant."))
        check_day(field)

    def wanted(self) -> tuple[str, date]:
        """The name and the first day, once valid."""
        return line(self.copy_name), date.fromisoformat((self.copy_starts_on.data or "").strip())


class TrainerForm(BlamedForm):
    email = StringField()


@dataclass(frozen=True)
class SettingsForms:
    """The three forms of the settings page; the one that was sent keeps what was typed."""

    cohort: SettingsForm
    trainer: TrainerForm
    copy: CopyForm

    @property
    def errors(self) -> dict[str, list[str]]:
        return {name: found for form in (self.cohort, self.trainer, self.copy) for name, found in form.errors.items()}


def settings(
    page: CohortSettingsPage,
    *,
    cohort: SettingsForm | None = None,
    trainer: TrainerForm | None = None,
    copy: CopyForm | None = None,
) -> SettingsForms:
    starts_on, ends_on = (when.isoformat() if when else "" for when in (page.starts_on, page.ends_on))
    held = SettingsForm(data={"name": page.name, "zone": page.zone, "starts_on": starts_on, "ends_on": ends_on})
    return SettingsForms(cohort or held, trainer or TrainerForm(), copy or CopyForm(data={"copy_name": page.name}))
