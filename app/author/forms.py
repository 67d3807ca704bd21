"""What the workshop’s own forms ask; a document’s are made from its schema (app/content/editing.py)."""

from wtforms import Form, StringField, ValidationError
from wtforms.validators import AnyOf

from app.actions.structure import LENGTHS
from app.errors import Refused
from app.i18n import _

TITLE_MAX = 160


class BlamedForm(Form):  # type: ignore[misc]  # wtforms is not typed
    """What a rule refuses stands beside the field that it is about."""

    def blame(self, refusal: Refused) -> None:
        field = self[refusal.field] if refusal.field in self else next(iter(self))
        field.errors = [*field.errors, refusal.message]


class PathwayForm(BlamedForm):
    """A new pathway: its title, and how long it will be."""

    title = StringField()
    formats = StringField(default="2h", validators=[AnyOf(tuple(LENGTHS))])

    def validate_title(self, field: StringField) -> None:
        if len(self.wanted_title) > TITLE_MAX:
            raise ValidationError(_("C’est trop long : %(n)s caractères au plus.", n=TITLE_MAX))
        if not self.wanted_title:
            raise ValidationError(_("Donnez un titre à ce parcours."))

    @property
    def wanted_title(self) -> str:
        return " ".join((self.title.data or "").split())

    @property
    def wanted_formats(self) -> str:
        return str(self.formats.data)
