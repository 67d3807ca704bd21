"""What inviting and joining post."""

import re

from wtforms import StringField, ValidationError

from app.errors import Refused
from app.i18n import _, minutes
from app.models import opening
from app.teach.forms.base import BlamedForm


class CodeForm(BlamedForm):
    code = StringField()

    @property
    def typed(self) -> str:
        """Once valid."""
        return opening.typed(self.code.data or "") or ""

    def validate_code(self, field: StringField) -> None:
        if not opening.typed(field.data or ""):
            raise ValidationError(_("Un code a huit lettres ou chiffres, comme K7QM-2XRT."))

    def refuse(self) -> None:
        self.code.errors = [_("Ce code n’ouvre aucune cohorte : vérifiez-le avec qui vous l’a donné.")]


def too_many_codes(seconds: int) -> str:
    return _("Trop de codes essayés d’ici. Réessayez dans %(time)s.", time=minutes(-(-seconds // 60)))


class JoinForm(BlamedForm):
    name = StringField()
    alert = ""
    """What is refused and is not about the name."""

    def blame(self, refusal: Refused) -> None:
        if refusal.field == "name":
            self.name.errors = [refusal.message]
        else:
            self.alert = refusal.message


class LinkForm(BlamedForm):
    days = StringField()
    uses = StringField()

    def validate_days(self, field: StringField) -> None:
        check_number(field)

    def validate_uses(self, field: StringField) -> None:
        check_number(field)

    @property
    def numbers(self) -> tuple[int, int]:
        """Once valid."""
        return int(self.days.data or 0), int(self.uses.data or 0)


class PeopleForm(BlamedForm):
    """A file, or addresses pasted."""

    addresses = StringField()
    file = StringField()


def check_number(field: StringField) -> None:
    if not re.fullmatch(r"\s*[0-9]{1,6}\s*", field.data or ""):
        raise ValidationError(_("Écrivez un nombre."))
