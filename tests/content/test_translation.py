"""A translation beside its original: words alone, as many, of the same things."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.content import text
from app.content.course import Course, load_course
from app.content.format import canonical
from app.content.parsed import parse_file
from app.content.schema import Doc, Document, role
from app.content.translation import kept, reread, translate
from app.content.yamltext import emit
from app.steps import KINDS
from app.steps.quiz import Quiz
from tests.build import demo_files
from tests.content.test_text import NASTY, PLAIN, QUICK, documents

FILES = demo_files()
DECOUVRIR = "pathways/demo/10-decouvrir"
READING = f"{DECOUVRIR}/10-la-meme-rue.en.md"
QUIZ = f"{DECOUVRIR}/20-besoin-ou-solution.en.md"
RULES = "pathways/demo/20-agir/30-regles-du-pret.en.md"
LINES = "pathways/demo/20-agir/40-nos-trois-lignes.en.md"
DIAGNOSTIC = "diagnostics/demo/diagnostic.en.md"
SHEET = "kits/kit-demo/10-dire-le-besoin.en.md"
ENGLISH = sorted(path for path in FILES if path.endswith(".en.md"))


def sentences(course: Course) -> list[str]:
    return [str(p).replace("\u00a0", " ").replace("\u202f", " ") for p in course.problems]


def changed(path: str, old: str, new: str) -> Course:
    content = FILES[path].decode()
    assert old in content
    return load_course({**FILES, path: content.replace(old, new, 1).encode()}, KINDS)


def without(path: str) -> Course:
    return load_course({name: content for name, content in FILES.items() if name != path}, KINDS)


def test_the_demonstration_is_translated_whole() -> None:
    course = load_course(FILES, KINDS)
    assert sentences(course) == []
    texts = [part for parsed in course.documents.values() if parsed.doc for part in parsed.files]
    assert [part.path for part in texts if "en" not in part.translations] == []
    assert course.translated() == {"en": len(ENGLISH)}


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        (
            READING,
            "uid: demo-lecture",
            "uid: demo-autre",
            ":2: uid : « uid » doit être celui de l’original : demo-lect",
        ),
        (READING, "uid: demo-lecture\n", "", ":2: il manque « uid »"),
        (
            READING,
            "title: The same",
            "minutes: 3\ntitle: The same",
            ":3: minutes : « minutes » est celui de l’original",
        ),
        (READING, "title: The same", "kind: reading\ntitle: The same", "« kind » est celui de l’original : retirez"),
        (READING, "title: The same", "titel: x\ntitle: The same", ":3: titel : clé inconnue « titel »"),
        (READING, "title: The same street\n", "", ":2: il manque « title »"),
        (READING, "title: The same street", "title:\n- a", "du texte est attendu, pas une liste"),
        (READING, "title: The same street", f"title: {'x' * 200}", "trop long : 200 caractères"),
        (READING, "takeaway: ", "takeaway: le 31 février 2024 ", "cette date n’existe pas"),
        (READING, "  help: One sentence is enough, you can change it later.\n", "", "fields, 1 : il manque « help »"),
        (READING, "  label: What my", "  slot: alone\n  label: What my", "« slot » est celui de l’original"),
        (READING, "- name: seul", "- name: autre", "« name » doit être celui de l’original : seul"),
        (READING, "files/la-rue-en.svg", "files/absente.svg", "ce fichier n’existe pas"),
        (READING, "[[seul]]", "", "le champ « seul » n’est pas placé"),
        (READING, "## Your turn", "[A link](https://example.org/)", "liens : 1 dans la traduction, 0 dans l’original"),
        (READING, "## Your turn", "# Your turn", "pas de titre « # »"),
        (
            QUIZ,
            "  - text: The town",
            "  - text: A\n    feedback: B\n  - text: The town",
            "4 dans la traduction, mais 3 él",
        ),
        (
            QUIZ,
            "    feedback: A trailer",
            "    right: no\n    feedback: A trailer",
            "« right » est celui de l’original",
        ),
        (QUIZ, "  feedback_right: That", "  answer: no\n  feedback_right: That", "« answer » est celui de l’original"),
        (QUIZ, "- uid: demo-q-order", "- uid: demo-q-x", "« uid » doit être celui de l’original : demo-q-order"),
        (QUIZ, "text: The moment", "text: The people concerned", "« The people concerned » est déjà pris plus haut"),
        (QUIZ, "  - Write down who does what\n", "", "3 dans la traduction, mais 4 éléments dans l’original"),
        (QUIZ, "questions:\n", "questions: none\nx:\n", "une liste est attendue"),
        (RULES, "Marc, in his car", "13 May at noon", "réponses égales dans une langue, différentes dans l’autre"),
        (LINES, "  - Nothing yet\n", "", "3 dans la traduction, mais 4 éléments dans l’original"),
        (LINES, "title: Our", "key: One\ntitle: Our", "l’original n’a pas de « key » : retirez cette clé"),
        (DIAGNOSTIC, "- code: C", "- code: D", "« code » doit être celui de l’original : C"),
        (DIAGNOSTIC, "  name: Saying", "  module: decouvrir\n  name: Saying", "« module » est celui de l’original"),
        (DIAGNOSTIC, "  - Not really.\n", "", "3 dans la traduction, mais 4 éléments dans l’original"),
        (DIAGNOSTIC, "- slug: actif", "- slug: pionnier", "« slug » doit être celui de l’original : actif"),
        ("pathways/demo/pathway.en.md", "- uid: demo-obj-pas", "- uid: demo-obj-x", "l’original : demo-obj-pas"),
        ("pathways/demo/pathway.en.md", "summary: Two", "formats: []\nsummary: Two", "« formats » est celui de l’orig"),
        (
            "cases/demo-voisins/case.en.md",
            "*Invented example.*",
            "![Alone](files/x.svg)",
            "images : 1 dans la traduction",
        ),
        (SHEET, "uid: demo-f1", "uid: demo-f2", "« uid » doit être celui de l’original : demo-f1"),
    ],
)
def test_what_does_not_fit_its_original_is_said_at_its_line(path: str, old: str, new: str, said: str) -> None:
    course = changed(path, old, new)
    found = sentences(course)
    assert any(sentence.startswith(path) and said in sentence for sentence in found), found
    blocked = [unit.name for unit in course.units() if unit.problems]
    assert any(path.startswith(f"{name}/") for name in blocked), "nothing of it is loaded"


def test_a_translation_has_an_original_and_a_known_language() -> None:
    said = sentences(without(READING.replace(".en", "")))
    assert f"{READING}:1: il manque l’original à côté : 10-la-meme-rue.md" in said
    for name, reason in (("de", "« de » n’est pas une langue de traduction ; attendu : en"), ("fr", "« .fr » est la")):
        path = READING.replace(".en.", f".{name}.")
        found = sentences(load_course({**FILES, path: b"x"}, KINDS))
        assert any(sentence.startswith(f"{path}:1: {reason}") for sentence in found), found


def test_a_sheet_is_translated_after_its_kit() -> None:
    said = sentences(without("kits/kit-demo/kit.en.md"))
    assert f"{SHEET}:1: traduisez d’abord le kit : il manque sa traduction" in said


def test_a_translation_more_changes_the_edition_and_no_task() -> None:
    with_it = load_course(FILES, KINDS)
    one_less = without(DIAGNOSTIC)
    key = "diagnostics/demo/"
    assert with_it.documents[key].digest != one_less.documents[key].digest
    assert with_it.documents[key].digest_in("fr") == one_less.documents[key].digest_in("fr")
    assert with_it.documents[key].digest_in("en") != one_less.documents[key].digest_in("en")
    module = with_it.documents[f"{DECOUVRIR}/"]
    step = next(part for part in module.parts if part.slug == "mes-reflexes")
    assert module.uses(step.doc) == one_less.documents[f"{DECOUVRIR}/"].uses(step.doc)
    assert module.uses(step.doc) != module.uses(step.doc, "en")


def test_quizzes_are_answered_alike_in_both_languages() -> None:
    for path in (QUIZ, RULES):
        doc, _tree, said = parse_file(path, FILES[path], KINDS, FILES)
        assert said == []
        assert isinstance(doc, Quiz)
        for here, there in zip(doc.questions, doc.original.questions, strict=True):
            assert here.ask != there.ask
            mine, theirs = here.public("7"), there.public("7")
            assert [option.id for option in mine.options] == [option.id for option in theirs.options]
            right = there.right_values()
            choice = there.read(right)
            assert here.read(right) == choice
            assert choice is not None
            assert here.grade(choice).right
            assert there.grade(choice).right
            if here.type not in ("truefalse", "numeric"):
                assert here.describe(choice) != there.describe(choice) or here.type == "short"


def test_every_word_of_every_document_has_a_role() -> None:
    """A text that an author writes is said again by a translation: a new kind marks its keys too."""
    silent = {"Term", "TaxonomyList"}  # a list holds its languages itself
    unmarked = [
        f"{schema.__name__}.{name}"
        for schema in every(Doc)
        for name, field in schema.model_fields.items()
        if schema.__name__ not in silent and role(field) is None and prose(field.metadata)
    ]
    assert unmarked == []


def every(schema: type[Doc]) -> set[type[Doc]]:
    return {schema}.union(*(every(child) for child in schema.__subclasses__()))


def prose(metadata: list[Any]) -> bool:
    """Text, Title or Body, by their longest; a line may be a name."""
    return any(getattr(mark, "max_length", None) in (160, 4000, 100_000) for mark in metadata)


@QUICK
@given(documents(), NASTY)
def test_a_translation_written_and_read_again_is_the_same(doc: Document, start: str) -> None:
    if not doc.BODY:
        return
    written = spoken(doc, start)
    translated, problems = translate(doc, text.read(written, "x.en.md"))
    assert problems == []
    assert translated is not None
    assert translated.original is doc
    rendered = text.render(translated)
    again, problems = translate(doc, text.read(rendered, "x.en.md"))
    assert (again, problems) == (translated, [])
    assert text.render(again) == rendered
    assert reread(type(doc), kept(translated)) == translated
    assert text.plain(translated).keys() == text.plain(doc).keys()


def spoken(doc: Document, start: str) -> str:
    """A translation of a document: each of its texts with something before it."""
    front = _spoken(doc, start)
    body = front.pop("body", "")
    return f"---\n{emit(front)}---\n\n{body}\n"


def _spoken(doc: Doc, start: str) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, field in type(doc).model_fields.items():
        mark, value = role(field), getattr(doc, name)
        if mark is not None and value:
            said[field.alias or name] = value if mark.same else _said(value, start)
    return said


def _said(value: object, start: str) -> Any:
    if isinstance(value, tuple):
        return [_spoken(item, start) if isinstance(item, Doc) else f"{start} {item}" for item in value]
    return f"{start} {value}"


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_translation_damaged_anywhere_gives_sentences_and_never_an_error(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(ENGLISH))
    content = FILES[path].decode()
    start = data.draw(st.integers(0, len(content)))
    end = min(len(content), start + data.draw(st.integers(0, 40)))
    damage = data.draw(NASTY | PLAIN | st.just("") | st.just("\n") | st.just("\n- ") | st.just(": "))
    broken = (content[:start] + damage + content[end:]).encode()
    doc, _tree, problems = parse_file(path, broken, KINDS, FILES)
    assert doc is not None or problems
    for problem in problems:
        assert problem.path == path
        assert "Input should" not in problem.message


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_an_original_damaged_under_its_translation_gives_sentences_and_never_an_error(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(ENGLISH)).replace(".en.md", ".md")
    lines = FILES[path].decode().split("\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    cut = data.draw(st.integers(1, 4))
    files = {**FILES, path: "\n".join(lines[:at] + lines[at + cut :]).encode()}
    for problem in load_course(files, KINDS).problems:
        assert problem.line >= 1
        assert "Input should" not in problem.message


def test_the_canonical_form_of_a_translation_is_its_own_words() -> None:
    files = {path: FILES[path] for path in (READING, READING.replace(".en", ""))}
    messy = (
        files[READING]
        .decode()
        .replace("uid: demo-lecture\ntitle: The same street", "title: 'The same street'\nuid: demo-lecture")
    )
    texts, refused = canonical({**files, READING: messy.encode()}, KINDS)
    assert refused == []
    assert texts[READING] == files[READING]
