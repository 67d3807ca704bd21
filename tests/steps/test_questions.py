"""Questions: nothing of the answer before one answers, any answer read or refused, each graded with words."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.steps.questions import AnyQuestion, Question
from app.steps.quiz import asks, describe, grade, public, read

ADAPTER: TypeAdapter[Question] = TypeAdapter(AnyQuestion)
VERDICTS = {"feedback_right": "bravo-secret", "feedback_wrong": "rate-secret", "explain": "explication-secrete"}
EXAMPLES: dict[str, dict[str, Any]] = {
    "single": {
        "options": [
            {"text": "Un don", "right": "yes", "feedback": "oui-secret"},
            {"text": "Un achat", "feedback": "non-secret"},
            {"text": "Un prêt", "feedback": "presque-secret"},
        ],
        "explain": "explication-secrete",
    },
    "multiple": {
        "type": "multiple",
        "options": [
            {"text": "Qui", "right": "yes", "feedback": "qui-secret"},
            {"text": "Quand", "right": "yes", "feedback": "quand-secret"},
            {"text": "Le prix", "feedback": "prix-secret"},
        ],
        "explain": "explication-secrete",
    },
    "truefalse": {"type": "truefalse", "answer": "no", **VERDICTS},
    "order": {"type": "order", "items": ["Dire", "Lire", "Choisir", "Écrire"], **VERDICTS},
    "match": {
        "type": "match",
        "pairs": [{"left": "A", "right": "1"}, {"left": "B", "right": "2"}, {"left": "C", "right": "1"}],
        **VERDICTS,
    },
    "numeric": {"type": "numeric", "answer": "12.5", "tolerance": "0.5", "unit": "km", **VERDICTS},
    "short": {"type": "short", "accept": ["L’écoute", "dialogue"], **VERDICTS},
}


def question(kind: str, **said: object) -> Question:
    return ADAPTER.validate_python({"uid": f"q-{kind}", "ask": "Alors ?", **EXAMPLES[kind], **said})


ALL = [question(kind) for kind in EXAMPLES]


@pytest.mark.parametrize("asked", ALL, ids=list(EXAMPLES))
@given(seed=st.text(max_size=8))
@settings(max_examples=30)
def test_nothing_of_the_answer_is_sent_before_one_answers(asked: Question, seed: str) -> None:
    sent = public(asked, seed)
    assert "secret" not in repr(sent)
    assert sent == public(asked, seed)
    ids = [option.id for option in sent.options]
    assert len(ids) == len(set(ids))
    if asked.type in ("order", "match"):
        assert ids != list(dict.fromkeys(asked.right_values()))
    if asked.type in ("numeric", "short"):
        assert ids == []


@pytest.mark.parametrize("asked", ALL, ids=list(EXAMPLES))
def test_what_a_form_posts_of_the_right_answer_is_right(asked: Question) -> None:
    choice = read(asked, asked.right_values())
    assert choice is not None
    graded = grade(asked, choice)
    assert graded.right
    assert graded.feedback
    assert describe(asked, choice)
    assert read(asked, asked.right_values()) == choice


@pytest.mark.parametrize("asked", ALL, ids=list(EXAMPLES))
@given(
    values=st.lists(
        st.text(max_size=12) | st.sampled_from(["yes", "no", "", ",", "1e9", "nan", "\x00", "٣"]), max_size=5
    )
)
@settings(max_examples=60)
def test_any_post_is_read_or_refused(asked: Question, values: list[str]) -> None:
    choice = read(asked, values)
    if choice is not None:
        assert choice == read(asked, [choice] if asked.type in ("numeric", "short") else choice.split(","))
        assert grade(asked, choice).feedback
        describe(asked, choice)


@pytest.mark.parametrize("asked", ALL, ids=list(EXAMPLES))
@given(choice=st.text(max_size=30))
@settings(max_examples=40)
def test_an_old_choice_that_exists_no_more_is_wrong_and_no_error(asked: Question, choice: str) -> None:
    describe(asked, choice)
    if choice not in (read(asked, asked.right_values()),) and asked.type not in ("numeric", "short"):
        assert not grade(asked, choice).right


def test_a_single_choice_is_answered_by_its_own_feedback() -> None:
    asked = question("single")
    ids = [option.id for option in public(asked, "").options]
    assert [grade(asked, each).right for each in ids] == [True, False, False]
    assert grade(asked, ids[2]).feedback == ("presque-secret",)
    assert read(asked, []) is None
    assert read(asked, ids[:2]) is None


def test_a_multiple_choice_needs_all_and_only_the_right_ones() -> None:
    asked = question("multiple")
    qui, quand, prix = (option.id for option in public(asked, "").options)
    assert read(asked, [quand, qui, quand]) == f"{qui},{quand}"
    assert grade(asked, f"{qui},{quand}").right
    assert grade(asked, qui) == type(grade(asked, qui))(False, ("qui-secret", "Il manque au moins une bonne réponse."))
    assert grade(asked, f"{qui},{quand},{prix}").feedback == ("qui-secret", "quand-secret", "prix-secret")
    assert not grade(asked, f"{qui},{quand},{prix}").right


def test_an_order_is_a_whole_order() -> None:
    asked = question("order")
    ids = [option.id for option in public(asked, "s").options]
    assert read(asked, ids) == ",".join(ids)
    assert not grade(asked, ",".join(ids)).right
    assert read(asked, ids[:3]) is None
    assert read(asked, [ids[0]] * 4) is None


def test_an_answer_that_is_not_whole_says_what_it_lacks() -> None:
    lacks = {kind: asks(question(kind)) for kind in EXAMPLES}
    assert lacks["single"] == lacks["short"] == "Répondez d’abord à cette question, puis vérifiez."
    assert lacks["order"] == "Donnez une position à chaque réponse, et une seule, puis vérifiez."
    assert lacks["match"] == "Choisissez une réponse à chaque ligne, puis vérifiez."
    assert lacks["numeric"] == "Écrivez un nombre, en chiffres, puis vérifiez."


def test_a_match_may_use_one_answer_twice() -> None:
    asked = question("match")
    assert public(asked, "x").lefts == ("A", "B", "C")
    assert sorted(option.text for option in public(asked, "x").options) == ["1", "2"]
    one, two = (asked.id_of(text) for text in "12")
    assert grade(asked, f"{one},{two},{one}").right
    assert not grade(asked, f"{two},{one},{one}").right
    assert describe(asked, f"{one},{two},{one}") == "A → 1 · B → 2 · C → 1"
    assert read(asked, [one, two]) is None


@pytest.mark.parametrize(
    ("typed", "choice", "right"),
    [
        ("12,5", "12.5", True),
        (" 12 km", "12", True),
        ("13.0", "13", True),
        ("13,01", "13.01", False),
        ("1\u202f250", "1250", False),
        ("\u221212", "-12", False),
        ("+12.50", "12.5", True),
        ("100", "100", False),
        ("douze", None, False),
        ("1e9999999", None, False),
        ("NaN", None, False),
        ("", None, False),
        ("9" * 40, None, False),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, choice: str | None, right: bool) -> None:
    asked = question("numeric")
    assert read(asked, [typed]) == choice
    if choice is not None:
        assert grade(asked, choice).right is right


@pytest.mark.parametrize(
    ("typed", "right"), [("  l'ECOUTE ", True), ("Dialogue", True), ("ecoute", False), ("l’écoute\x00", True)]
)
def test_a_short_answer_forgets_case_accents_and_outer_spaces(typed: str, right: bool) -> None:
    asked = question("short")
    choice = read(asked, [typed])
    assert choice is not None
    assert grade(asked, choice).right is right


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("single", {"options": [{"text": "a", "feedback": "x"}, {"text": "b", "feedback": "x"}]}),
        ("single", {"options": [{"text": t, "right": "yes", "feedback": "x"} for t in "ab"]}),
        ("single", {"options": [{"text": "a", "right": "yes", "feedback": "x"}] * 2}),
        ("single", {"options": [{"text": "a", "right": "yes"}, {"text": "b", "feedback": "x"}]}),
        ("truefalse", {"answer": "vrai"}),
        ("order", {"items": ["a", "b"]}),
        ("order", {"items": ["a", "b", "a"]}),
        ("match", {"pairs": [{"left": t, "right": "1"} for t in "abc"]}),
        ("numeric", {"answer": "douze"}),
        ("numeric", {"tolerance": "-1"}),
        ("short", {"accept": []}),
        ("short", {"explain": ""}),
        ("short", {"options": []}),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(kind: str, said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        question(kind, **said)
