"""What the pages of the account post; the rules are in the actions."""

from wtforms import BooleanField, Form, PasswordField, StringField, ValidationError

from app.i18n import _, minutes
from app.models import same_email


class SignInForm(Form):  # type: ignore[misc]  # wtforms is not typed
    email = StringField()
    password = PasswordField()
    keep = BooleanField()

    @property
    def address(self) -> str:
        return same_email(self.email.data or "")

    def validate_email(self, field: StringField) -> None:
        if not (field.data or "").strip():
            raise ValidationError(_("Écrivez votre adresse électronique."))

    def validate_password(self, field: PasswordField) -> None:
        if not field.data:
            raise ValidationError(_("Écrivez votre mot de passe."))

    def refuse(self) -> str:
        """The address or the password is wrong, and which one is not said."""
        self.email.errors = [_("À vérifier avec le mot de passe")]
        return _("L’adresse ou le mot de passe ne correspond pas. Vérifiez la touche Majuscule.")


def too_many(seconds: int) -> str:
    return _("Trop d’essais de connexion. Réessayez dans %(time)s.", time=minutes(-(-seconds // 60)))
