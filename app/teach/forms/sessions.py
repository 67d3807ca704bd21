"""A session, as it is typed."""

from datetime import date, time

from wtforms import StringField, ValidationError

from app.actions.sessions import LINK_MAX, MINUTES_MAX, PLACE_MAX, TITLE_MAX, WantedSession
from app.i18n import _
from app.teach.forms.base import BlamedForm, check_day, check_length, line
from app.teach.pages.session import SessionPage


class SessionForm(BlamedForm):
    title = StringField()
    on = StringField()
    at = StringField()
    minutes = StringField()
    place = StringField()
    link = StringField()
    replay = StringField()
    step = StringField()

    def validate_title(self, field: StringField) -> None:
        if not line(field):
            raise ValidationError(_("Donnez un nom à la séance, par exemple « Atelier : lire nos autodiagnostics »."))
        check_length(field, TITLE_MAX)

    def validate_on(self, field: StringField) -> None:
        if not line(field):
            raise ValidationError(_("Dites quel jour."))
        check_day(field)

    def validate_at(self, field: StringField) -> None:
        try:
            hour = time.fromisoformat(line(field))
        except ValueError:
            hour = None
        if hour is None or hour.tzinfo is not None:
            raise ValidationError(_("Dites à quelle heure, comme 14:00."))

    def validate_minutes(self, field: StringField) -> None:
        typed = line(field)
        if not (typed.isascii() and typed.isdigit() and len(typed) < 5 and 0 < int(typed) <= MINUTES_MAX):
            raise ValidationError(_("Dites combien de minutes elle dure, comme 90."))

    def validate_place(self, field: StringField) -> None:
        check_length(field, PLACE_MAX)

    def validate_link(self, field: StringField) -> None:
        check_length(field, LINK_MAX)

    def validate_replay(self, field: StringField) -> None:
        check_length(field, LINK_MAX)

    def wanted(self) -> WantedSession:
        """What was typed, once valid."""
        return WantedSession(
            title=line(self.title),
            on=date.fromisoformat(line(self.on)),
            at=time.fromisoformat(line(self.at)).replace(second=0, microsecond=0),
            minutes=int(line(self.minutes)),
            place=line(self.place),
            link=line(self.link),
            replay=line(self.replay),
            step_uid=line(self.step) or None,
        )


def new_session() -> SessionForm:
    return SessionForm(data={"minutes": "120"})


def session(page: SessionPage) -> SessionForm:
    """What the session is now, to change."""
    names = ("title", "on", "at", "minutes", "place", "link", "replay", "step")
    return SessionForm(data={name: str(getattr(page, name)) for name in names})
