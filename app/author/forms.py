"""What the workshop’s own forms ask; a document’s are made from its schema (app/content/editing.py)."""

import re

from wtforms import BooleanField, Form, StringField, ValidationError
from wtforms.validators import AnyOf

from app.actions import documents
from app.actions.structure import LENGTHS, WantedStep
from app.content import replacing
from app.errors import Refused
from app.i18n import _
from app.steps import KINDS

TITLE_MAX = 160
MINUTES_MAX = 600
NOTE_MAX = 500


class BlamedForm(Form):  # type: ignore[misc]  # wtforms is not typed
    """What a rule refuses stands beside the field that it is about."""

    def blame(self, refusal: Refused) -> None:
        field = self[refusal.field] if refusal.field in self else next(iter(self))
        field.errors = [*field.errors, refusal.message]


class TitleForm(BlamedForm):
    """A title: of a module to add, or another for what has one."""

    title = StringField()

    def validate_title(self, field: StringField) -> None:
        if len(self.wanted_title) > TITLE_MAX:
            raise ValidationError(_("C’est trop long : %(n)s caractères au plus.", n=TITLE_MAX))
        if not self.wanted_title:
            raise ValidationError(_("Donnez un titre."))

    @property
    def wanted_title(self) -> str:
        return " ".join((self.title.data or "").split())


class PathwayForm(TitleForm):
    """A new pathway: its title, and how long it will be."""

    formats = StringField(default="2h", validators=[AnyOf(tuple(LENGTHS))])

    @property
    def wanted_formats(self) -> str:
        return str(self.formats.data)


class DocumentForm(TitleForm):
    """A new document that stands alone: what it is, its title."""

    kind = StringField(default="kit", validators=[AnyOf(tuple(kind.value for kind in documents.ALONE))])


class PageForm(TitleForm):
    """A new page of a kit: a sheet or a tool, its title."""

    kind = StringField(validators=[AnyOf(documents.PAGES)])


class StepForm(TitleForm):
    """A new step: what one does there, its title, the shortest format that holds it, its minutes."""

    kind = StringField(default="reading", validators=[AnyOf(tuple(KINDS))])
    format = StringField()
    minutes = StringField(default="10")

    def __init__(self, given: object = None, *, formats: tuple[str, ...] = ()) -> None:
        super().__init__(given)
        self.formats = formats
        if not self.format.data and formats:
            self.format.data = formats[0]

    def validate_format(self, field: StringField) -> None:
        if field.data not in self.formats:
            raise ValidationError(_("Choisissez un format du parcours."))

    def validate_minutes(self, field: StringField) -> None:
        if not re.fullmatch(r"[0-9]{1,3}", (field.data or "").strip()) or not 1 <= int(field.data) <= MINUTES_MAX:
            raise ValidationError(_("Un nombre de minutes est attendu, de 1 à %(n)s.", n=MINUTES_MAX))

    @property
    def wanted(self) -> WantedStep:
        return WantedStep(str(self.kind.data), self.wanted_title, str(self.format.data), int(self.minutes.data))


class PlaceForm(Form):  # type: ignore[misc]  # wtforms is not typed
    """Where something goes: a rank, in a module for a step; what is no number there is refused as unreadable."""

    module = StringField()
    rank = StringField()

    @property
    def place(self) -> tuple[int | None, int]:
        """Raises Refused."""
        module, rank = (self.module.data or "").strip(), (self.rank.data or "").strip()
        if not re.fullmatch(r"[1-9][0-9]{0,17}|", module) or not re.fullmatch(r"[0-9]{1,3}", rank):
            raise Refused(_("Dites à quel rang, par un nombre."), "rank")
        return (int(module) if module else None), int(rank)


REMARK_MAX, NAME_MAX = 2_000, 120


class AgreementForm(BlamedForm):
    """Who agrees to the draft that they read."""

    name = StringField()
    seen = StringField()

    def validate_name(self, field: StringField) -> None:
        _named(self.wanted_name)

    @property
    def wanted_name(self) -> str:
        return " ".join((self.name.data or "").split())


class RemarkForm(AgreementForm):
    """What somebody says of a passage, under their name."""

    place = StringField()
    text = StringField()

    def validate_text(self, field: StringField) -> None:
        if not self.wanted_text:
            raise ValidationError(_("Écrivez votre remarque."))
        if len(self.wanted_text) > REMARK_MAX:
            raise ValidationError(_("C’est trop long : %(n)s caractères au plus.", n=REMARK_MAX))

    @property
    def wanted_text(self) -> str:
        return words(self.text.data or "")


class ReviewForm(BlamedForm):
    """A link to a draft: for whom, and for how long."""

    made_for = StringField()
    days = StringField(default="30")

    def validate_made_for(self, field: StringField) -> None:
        _named(self.wanted_for)

    @property
    def wanted_for(self) -> str:
        return " ".join((self.made_for.data or "").split())

    @property
    def wanted_days(self) -> int:
        return int(self.days.data) if self.days.data in ("7", "30", "90") else 0


def words(typed: str) -> str:
    """Some lines as they were typed, without the spaces around them; never more than a remark holds."""
    lines = typed.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    return "\n".join(line.rstrip() for line in lines)[: REMARK_MAX * 2]


def too_many_remarks(seconds: int) -> str:
    return _("Trop de remarques d’un coup : réessayez dans %(n)s minutes.", n=-(-seconds // 60))


def _named(name: str) -> None:
    if not name:
        raise ValidationError(_("Écrivez un nom."))
    if len(name) > NAME_MAX:
        raise ValidationError(_("C’est trop long : %(n)s caractères au plus.", n=NAME_MAX))


class PublicationForm(BlamedForm):
    """What changes, in a sentence; whether it reaches those midway; what was looked at."""

    note = StringField()
    correctif = BooleanField(false_values=("",))
    seen = StringField()

    def validate_note(self, field: StringField) -> None:
        if len(self.wanted_note) > NOTE_MAX:
            raise ValidationError(_("C’est trop long : %(n)s caractères au plus.", n=NOTE_MAX))

    @property
    def wanted_note(self) -> str:
        return " ".join((self.note.data or "").split())


class ReplacementForm(BlamedForm):
    """What to look for in a pathway, and what to put there."""

    find = StringField()
    put = StringField()
    count = StringField()
    """How many places were shown."""

    def validate_find(self, field: StringField) -> None:
        if not replacing.SHORTEST <= len(field.data or "") <= replacing.LONGEST or "\n" in field.data:
            raise ValidationError(
                _("Donnez de %(least)s à %(most)s caractères.", least=replacing.SHORTEST, most=replacing.LONGEST)
            )

    def validate_put(self, field: StringField) -> None:
        if len(field.data or "") > replacing.LONGEST or "\n" in (field.data or ""):
            raise ValidationError(_("C’est trop long : %(n)s caractères au plus.", n=replacing.LONGEST))

    @property
    def wanted(self) -> tuple[str, str]:
        return str(self.find.data or ""), str(self.put.data or "")
