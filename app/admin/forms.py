"""What who administers types about somebody, and about the site."""

from datetime import date

from wtforms import Form, StringField, ValidationError

from app.actions.site import check_audit
from app.content import markdown
from app.errors import Refused
from app.i18n import _
from app.models import Conformity, Role, SignUp
from app.reads.site import Site

NAME_MAX, CONTACT_MAX, TEXT_MAX = 120, 200, 20_000


class NewPersonForm(Form):  # type: ignore[misc]  # wtforms is not typed
    """Somebody who is invited to have an account."""

    email = StringField()
    name = StringField()
    role = StringField()

    @property
    def wanted_role(self) -> Role | None:
        return Role(self.role.data) if self.role.data in set(Role) else None

    def blame(self, refusal: Refused) -> None:
        field = self.name if refusal.field == "name" else self.email
        field.errors = [*field.errors, refusal.message]


class SiteForm(Form):  # type: ignore[misc]  # wtforms is not typed
    """What the site says of itself."""

    version = StringField()
    """The one that is changed, as its page gave it."""
    organisation = StringField()
    signatory = StringField()
    contact = StringField()
    sign_up = StringField()
    legal = StringField()
    privacy = StringField()
    conformity = StringField()
    audited_on = StringField()
    accessibility = StringField()

    def validate_organisation(self, field: StringField) -> None:
        if not _line(field):
            raise ValidationError(_("Écrivez le nom de l’organisme : les attestations sont établies en son nom."))
        _check_length(_line(field), NAME_MAX)

    def validate_signatory(self, field: StringField) -> None:
        _check_length(_line(field), NAME_MAX)

    def validate_contact(self, field: StringField) -> None:
        _check_length(_line(field), CONTACT_MAX)

    def validate_sign_up(self, field: StringField) -> None:
        if field.data not in set(SignUp):
            raise ValidationError(_("Dites qui peut créer un compte."))

    def validate_legal(self, field: StringField) -> None:
        _check_text(field)

    def validate_privacy(self, field: StringField) -> None:
        _check_text(field)

    def validate_conformity(self, field: StringField) -> None:
        if field.data not in set(Conformity):
            raise ValidationError(_("Choisissez ce que dit le pied des pages."))

    def validate_audited_on(self, field: StringField) -> None:
        try:
            day = _day(field)
        except ValueError as error:
            said = _("Cette date n’existe pas : choisissez-la, ou écrivez-la comme 2026-12-18.")
            raise ValidationError(said) from error
        if self.conformity.data in set(Conformity):
            try:
                check_audit(Conformity(self.conformity.data), day)
            except Refused as refusal:
                raise ValidationError(refusal.message) from refusal

    def validate_accessibility(self, field: StringField) -> None:
        _check_text(field)

    def wanted(self) -> Site:
        """What was typed, once valid."""
        version = self.version.data or ""
        return Site(
            organisation=_line(self.organisation),
            signatory=_line(self.signatory),
            contact=_line(self.contact),
            sign_up=SignUp(self.sign_up.data),
            legal=_text(self.legal),
            privacy=_text(self.privacy),
            conformity=Conformity(self.conformity.data),
            audited_on=_day(self.audited_on),
            accessibility=_text(self.accessibility),
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 19 else 0,
        )

    def blame(self, refusal: Refused) -> None:
        field = self[refusal.field or "organisation"]
        field.errors = [*field.errors, refusal.message]


def site(said: Site) -> SiteForm:
    """What holds now, to change."""
    names = ("organisation", "signatory", "contact", "sign_up", "legal", "privacy", "conformity", "accessibility")
    day = said.audited_on.isoformat() if said.audited_on else ""
    return SiteForm(data={name: getattr(said, name) for name in names} | {"version": said.version, "audited_on": day})


def _line(field: StringField) -> str:
    return " ".join((field.data or "").split())


def _text(field: StringField) -> str:
    """Its lines as they were typed."""
    return "\n".join(line.rstrip() for line in (field.data or "").splitlines()).strip()


def _day(field: StringField) -> date | None:
    """Raises ValueError."""
    return date.fromisoformat(_line(field)) if _line(field) else None


def _check_text(field: StringField) -> None:
    """What the page could not show as its author means it is said at its line."""
    _check_length(_text(field), TEXT_MAX)
    found = markdown.problems(_text(field), "site/page/text.md", 1, ())
    if found:
        said = [_("ligne %(n)s : %(said)s", n=each.line, said=each.message) for each in found]
        raise ValidationError(" ; ".join(said) + ".")


def _check_length(text: str, most: int) -> None:
    if len(text) > most:
        raise ValidationError(_("C’est trop long : %(n)s caractères au plus.", n=most))
