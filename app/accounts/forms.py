"""What the pages of the account post; the rules are in the actions."""

from dataclasses import dataclass
from typing import Any

from wtforms import BooleanField, Form, PasswordField, StringField, ValidationError

from app.actions import accounts, passwords
from app.errors import Refused
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


class _AccountForm(Form):  # type: ignore[misc]  # wtforms is not typed
    """What a rule refuses stands beside the field that it is about."""

    def blame(self, refusal: Refused) -> None:
        field = self[refusal.field] if refusal.field in self else next(iter(self))
        field.errors = [*field.errors, refusal.message]


class SignUpForm(_AccountForm):
    email = StringField()
    password = PasswordField()

    @property
    def address(self) -> str:
        return same_email(self.email.data or "")

    def validate_email(self, field: StringField) -> None:
        _check_email(field)

    def validate_password(self, field: PasswordField) -> None:
        _check_password(field, self.address)


class AddressForm(_AccountForm):
    email = StringField()

    @property
    def address(self) -> str:
        return same_email(self.email.data or "")

    def validate_email(self, field: StringField) -> None:
        _check_email(field)


class EmailForm(_AccountForm):
    email = StringField()
    email_password = PasswordField()

    def validate_email(self, field: StringField) -> None:
        _check_email(field)

    def validate_email_password(self, field: PasswordField) -> None:
        _check_given(field)


class NewPasswordForm(_AccountForm):
    password = PasswordField()

    def __init__(self, posted: Any = None, *, address: str = "") -> None:
        super().__init__(posted)
        self.address = address

    def validate_password(self, field: PasswordField) -> None:
        _check_password(field, self.address)


class PasswordForm(NewPasswordForm):
    current_password = PasswordField()

    def validate_current_password(self, field: PasswordField) -> None:
        _check_given(field)


class NameForm(_AccountForm):
    name = StringField()


@dataclass(frozen=True)
class AccountForms:
    """The three forms of one page; the one that was sent keeps what was typed."""

    email: EmailForm
    password: PasswordForm
    name: NameForm

    @property
    def errors(self) -> dict[str, list[str]]:
        return {name: found for form in (self.email, self.password, self.name) for name, found in form.errors.items()}


def account(
    *, email: EmailForm | None = None, password: PasswordForm | None = None, name: NameForm | None = None
) -> AccountForms:
    return AccountForms(email or EmailForm(), password or PasswordForm(), name or NameForm())


def _check_email(field: StringField) -> None:
    try:
        accounts.clean_email(field.data or "")
    except Refused as refusal:
        raise ValidationError(refusal.message) from refusal


def _check_password(field: PasswordField, email: str) -> None:
    try:
        passwords.clean(field.data or "", email)
    except Refused as refusal:
        raise ValidationError(refusal.message) from refusal


def _check_given(field: PasswordField) -> None:
    if not field.data:
        raise ValidationError(_("Écrivez votre mot de passe actuel."))


def too_many(seconds: int) -> str:
    return _("Trop d’essais de connexion. Réessayez dans %(time)s.", time=minutes(-(-seconds // 60)))


def too_many_tries(seconds: int) -> str:
    return _("Trop d’essais. Réessayez dans %(time)s.", time=minutes(-(-seconds // 60)))
