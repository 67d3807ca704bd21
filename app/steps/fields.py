"""« À vous »: the learner's form for an author's fields, and the text that each answer leaves in the notebook."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from wtforms import Field as FormField
from wtforms import Form, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, DateInput, ListWidget

from app.content.documents import Field as Field
from app.i18n import _

Terms = Mapping[str, Sequence[tuple[str, str]]]
"""Taxonomy list -> its (slug, label), in order."""

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean(text: str) -> str:
    """What a person typed, without the characters that a form or a database mangles."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def choices(field: Field, terms: Terms) -> list[tuple[str, str]]:
    """The (value, label) pairs that may be chosen: an option's value is the original's words, terms have a slug."""
    if field.terms:
        return list(terms.get(field.terms, ()))
    return list(zip(field.original.options, field.options, strict=True))


def form_for(fields: Sequence[Field], terms: Terms) -> type[Form]:
    """The form of these fields, by their names. Nothing is required to save: the kind's `assess` says what lacks."""
    used = {field.terms for field in fields if field.terms}
    return form_class(tuple(fields), tuple((name, tuple(terms.get(name, ()))) for name in sorted(used)))


@lru_cache(500)
def form_class(fields: tuple[Field, ...], terms: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]) -> type[Form]:
    """Made once for the same fields: what a person writes is in the form, never in its class."""
    return type("FieldsForm", (Form,), {field.name: _input(field, dict(terms)) for field in fields})


def _input(field: Field, terms: Terms) -> FormField:
    label, tip, known = field.label, field.help, choices(field, terms)
    shown = [SelectChoice(value, words) for value, words in known]
    length, among = _Length(field.length), _Among(known)
    match field.type:
        case "line":
            return StringField(label, [length], [_cleaned], description=tip)
        case "text":
            return TextAreaField(label, [length], [_cleaned], description=tip)
        case "choice":
            return RadioField(label, [among], choices=shown, validate_choice=False, description=tip)
        case "choices":
            boxes: dict[str, object] = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}
            boxes |= {"choices": shown, "validate_choice": False, "filters": [_ticked]}
            return SelectMultipleField(label, [among], description=tip, **boxes)
        case "date":
            return StringField(label, [_dated], [_iso], description=tip, widget=DateInput())


def _cleaned(value: str | None) -> str | None:
    return clean(value) if isinstance(value, str) else value


def _ticked(values: list[str] | None) -> list[str]:
    """The boxes that are ticked: the page also sends an empty one, so that « none » is an answer."""
    return [value for value in values or [] if value]


def _iso(value: str | None) -> str | None:
    """A date as YYYY-MM-DD; what is no date stays as it was typed, to be put right."""
    text = clean(value or "")
    day = _day(text)
    return day.isoformat() if day else text or None


def _day(text: str) -> date | None:
    """A date as the browser posts it, or as a person types it where there is no calendar."""
    found = re.fullmatch(r"([0-9]{1,2})[/. ]([0-9]{1,2})[/. ]([0-9]{4})", text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text)
    except ValueError:
        return None


def _dated(form: Form, field: FormField) -> None:
    if field.data and _day(field.data) is None:
        raise ValidationError(_no_day())


def _no_day() -> str:
    return _("Cette date n’existe pas. Écrivez-la comme 31/12/2026.")


class _Length:
    def __init__(self, most: int) -> None:
        self.most = most
        self.field_flags = {"maxlength": most}

    def __call__(self, form: Form, field: FormField) -> None:
        if said := _too_long(field.data or "", self.most):
            raise ValidationError(said)


def _too_long(text: str, most: int) -> str:
    if len(text) <= most:
        return ""
    return _(
        "Ce texte compte %(n)s caractères, %(most)s au plus sont gardés. Raccourcissez-le.", n=len(text), most=most
    )


class _Among:
    def __init__(self, known: Sequence[tuple[str, str]]) -> None:
        self.values = {value for value, _label in known}

    def __call__(self, form: Form, field: FormField) -> None:
        given = field.data if isinstance(field.data, list) else [field.data] if field.data else []
        if any(value not in self.values for value in given):
            raise ValidationError(_("Ce choix n’existe plus. Choisissez dans la liste."))


def note(field: FormField) -> str:
    """The notebook's text of a form's field: choices are one per line, a date is YYYY-MM-DD."""
    return "\n".join(field.data) if isinstance(field.data, list) else str(field.data or "")


def notes(form: Form) -> dict[str, str]:
    """The notebook's text of every field that was posted, by name: one that was not sent erases nothing."""
    return {bound.short_name: note(bound) for bound in form if bound.raw_data}


def data(fields: Sequence[Field], texts: Mapping[str, str]) -> dict[str, str | list[str] | None]:
    """What the form shows again of texts kept in the notebook."""
    return {field.name: _shown(field, texts.get(field.name, "")) for field in fields}


def _shown(field: Field, text: str) -> str | list[str] | None:
    if field.type == "choices":
        return text.split("\n") if text else []
    return text or None


def words(field: Field, text: str, terms: Terms) -> str:
    """A notebook's text as a person reads it: labels instead of slugs."""
    labels = dict(choices(field, terms))
    if field.type in ("choice", "choices"):
        return "\n".join(labels.get(value, value) for value in text.split("\n"))
    return text


def errors(fields: Sequence[Field], texts: Mapping[str, str]) -> dict[str, str]:
    """Why these texts do not finish a step yet: field -> a sentence."""
    said = {field.name: _error(field, texts.get(field.name, "").strip()) for field in fields}
    return {name: sentence for name, sentence in said.items() if sentence}


def _error(field: Field, text: str) -> str:
    if not text:
        return _asked(field) if field.required else ""
    if field.type in ("line", "text"):
        return _too_long(text, field.length)
    if field.type == "date":
        return "" if _day(text) else _no_day()
    if field.options and any(value not in field.original.options for value in text.split("\n")):
        return _("Ce choix n’existe plus. Choisissez dans la liste.")
    return ""


def _asked(field: Field) -> str:
    match field.type:
        case "choice":
            return _("Choisissez une réponse.")
        case "choices":
            return _("Cochez au moins une réponse.")
        case "date":
            return _("Indiquez une date.")
        case _:
            return _("Écrivez une phrase, même courte.")
