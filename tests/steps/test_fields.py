"""« À vous »: what is typed is kept, and only what lacks is asked for."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.content.documents import Field
from app.steps import fields

TERMS = {"domains": [("sante", "Santé"), ("eau", "Eau")]}
ALL = tuple(
    Field.model_validate({"label": f"Question {name}", "name": name, **said})
    for name, said in {
        "texte": {},
        "ligne": {"type": "line", "max": "20"},
        "un": {"type": "choice", "options": ["A", "B"]},
        "plusieurs": {"type": "choices", "terms": "domains"},
        "avant": {"type": "date"},
    }.items()
)


def posted(**values: Any) -> Any:
    return fields.form_for(ALL, TERMS)(MultiDict(values), prefix="note")


def test_a_form_is_saved_empty_and_only_then_asked_for() -> None:
    form = posted(**{f"note-{field.name}": "" for field in ALL})
    assert form.validate()
    assert fields.notes(form) == dict.fromkeys(("texte", "ligne", "un", "plusieurs", "avant"), "")
    assert fields.errors(ALL, fields.notes(form)) == {
        "texte": "Écrivez une phrase, même courte.",
        "ligne": "Écrivez une phrase, même courte.",
        "un": "Choisissez une réponse.",
        "plusieurs": "Cochez au moins une réponse.",
        "avant": "Indiquez une date.",
    }


def test_what_is_typed_is_what_the_notebook_keeps_and_shows_again() -> None:
    form = posted(
        **{
            "note-texte": " Un\r\ndeux\x00 ",
            "note-ligne": "Trois",
            "note-un": "B",
            "note-plusieurs": ["sante", "eau"],
            "note-avant": "2026-12-31",
        }
    )
    assert form.validate(), form.errors
    kept = fields.notes(form)
    assert kept == {"texte": "Un\ndeux", "ligne": "Trois", "un": "B", "plusieurs": "sante\neau", "avant": "2026-12-31"}
    assert fields.errors(ALL, kept) == {}
    again = fields.form_for(ALL, TERMS)(data=fields.data(ALL, kept), prefix="note")
    assert {bound.short_name: fields.note(bound) for bound in again} == kept
    assert fields.notes(again) == {}  # nothing was posted
    assert fields.words(ALL[3], kept["plusieurs"], TERMS) == "Santé\nEau"
    assert fields.data(ALL, kept)["avant"] == "2026-12-31"


def test_only_what_was_posted_is_kept_and_no_box_ticked_is_an_answer() -> None:
    before = fields.data(ALL, {"plusieurs": "sante", "texte": "Écrit avant"})
    form = fields.form_for(ALL, TERMS)(MultiDict({"note-ligne": "Trois"}), data=before, prefix="note")
    assert fields.notes(form) == {"ligne": "Trois"}
    form = fields.form_for(ALL, TERMS)(MultiDict({"note-plusieurs": ""}), data=before, prefix="note")
    assert form.validate()
    assert fields.notes(form) == {"plusieurs": ""}
    both = MultiDict([("note-plusieurs", ""), ("note-plusieurs", "eau")])
    assert fields.notes(fields.form_for(ALL, TERMS)(both, prefix="note")) == {"plusieurs": "eau"}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ligne", "x" * 21, "Ce texte compte 21 caractères"),
        ("texte", "x" * 2001, "Ce texte compte 2001 caractères"),
        ("un", "C", "Ce choix n’existe plus"),
        ("plusieurs", "or", "Ce choix n’existe plus"),
        ("avant", "31/02/2026", "Cette date n’existe pas"),
        ("avant", "demain", "Cette date n’existe pas"),
    ],
)
def test_what_cannot_be_kept_is_said_in_french(name: str, value: str, said: str) -> None:
    form = posted(**{f"note-{name}": value})
    assert not form.validate()
    assert list(form.errors) == [name]
    assert str(form.errors[name][0]).replace("\u00a0", " ").startswith(said)


def test_a_date_may_be_typed_where_there_is_no_calendar() -> None:
    assert fields.notes(posted(**{"note-avant": "5/3/2027"}))["avant"] == "2027-03-05"


def test_an_option_that_was_withdrawn_is_asked_again() -> None:
    assert "un" in fields.errors(ALL[2:3], {"un": "Z"})
    assert fields.errors(ALL[3:4], {"plusieurs": "sante"}) == {}


@given(
    st.dictionaries(
        st.sampled_from([f"note-{f.name}" for f in ALL]), st.text(max_size=40) | st.lists(st.text(), max_size=3)
    )
)
@settings(max_examples=80, deadline=None)
def test_any_post_is_kept_or_explained(values: dict[str, Any]) -> None:
    form = posted(**values)
    if form.validate():
        kept = fields.notes(form)
        assert all("\x00" not in text and "\r" not in text for text in kept.values())
        fields.data(ALL, kept)
    fields.errors(ALL, fields.notes(form))
