"""What who administers types about somebody."""

from wtforms import Form, StringField

from app.errors import Refused
from app.models import Role


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
