"""What the pages of the account post; the rules are in the actions."""

from typing import Any

from wtforms import BooleanField, Form, PasswordField, StringField, ValidationError

from app.i18n import _, minutes
from app.models import same_email


class SignInForm(Form):  # type: ignore[misc]  # wtforms is not typed
    email = StringField()
    password = PasswordField()
    keep = BooleanField()
    leave = BooleanField()
    """A guest knows that their answers do not follow."""

    def __init__(self, posted: Any = None, *, guest: bool = False) -> None:
        super().__init__(posted)
        self.guest = guest

    @property
    def address(self) -> str:
        return same_email(self.email.data or "")

    def validate_email(self, field: StringField) -> None:
        if not (field.data or "").strip():
            raise ValidationError(_("Écrivez votre adresse électronique."))

    def validate_password(self, field: PasswordField) -> None:
        if not field.data:
            raise ValidationError(_("Écrivez votre mot de passe."))

    def validate_leave(self, field: BooleanField) -> None:
        if self.guest and not field.data:
            raise ValidationError(_("Cochez cette case pour continuer, ou restez sans compte."))

    def refuse(self) -> str:
        """The address or the password is wrong, and which one is not said."""
        self.email.errors = [_("À vérifier avec le mot de passe")]
        return _("L’adresse ou le mot de passe ne correspond pas. Vérifiez la touche Majuscule.")


def too_many(seconds: int) -> str:
    return _("Trop d’essais de connexion. Réessayez dans %(time)s.", time=minutes(-(-seconds // 60)))
