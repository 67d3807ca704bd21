"""Text to documents and back, whatever an author or an enemy writes."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.content import folder, text
from app.content.documents import CaseDoc, Field, ModuleDoc, PathwayDoc, StepDoc, TaxonomyList
from app.content.format import canonical
from app.content.parsed import parse_file
from app.content.schema import Document
from app.steps import KINDS
from app.steps.quiz import Quiz

COURSES = Path(__file__).parents[2] / "courses"
FILES, _PROBLEMS = folder.read(COURSES)
TEXTS = {path: content.decode() for path, content in FILES.items() if path.endswith(folder.TEXT)}
QUICK = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))

# What people type, and what YAML and Markdown trip on.
NASTY = st.sampled_from(
    [
        *("yes", "no", "null", "~", "12:30", "1e3", "0x1", "- a", "a: b", "a #b", "#", "'", '"', "&a", "*a", "!t", "|"),
        *(">", "?", "{", "[a", "]", "%", "@x", "`", "---", "...", "é", "« a »", "\u202f!", "<<", "=", "\\n", "🌿"),
    ]
)
PLAIN = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\u2028\u2029\ufeff\ufffe\uffff"),
    min_size=1,
    max_size=40,
)
LINES = (PLAIN | NASTY | st.tuples(NASTY, PLAIN).map(" ".join)).filter(str.strip)
TEXT = st.lists(LINES, min_size=1, max_size=4).map("\n".join)
SLUGS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
UIDS = st.from_regex(r"[a-z][a-z0-9-]{2,12}", fullmatch=True)
BODIES = st.lists(LINES | st.just("") | st.just("---"), max_size=6).map("\n".join)


@st.composite
def fields(draw: st.DrawFn) -> Field:
    kind = draw(st.sampled_from(["text", "line", "choice", "choices", "date"]))
    options = draw(st.lists(LINES, min_size=2, max_size=4, unique_by=str.strip)) if kind.startswith("choice") else []
    return Field.model_validate(
        {
            "name": draw(st.from_regex(r"f[a-z0-9-]{0,10}", fullmatch=True)),
            "label": draw(LINES),
            "type": kind,
            "help": draw(LINES | st.just("")),
            "required": draw(st.booleans()),
            "options": options,
            "slot": draw(st.sampled_from([None, "alone", "keep"])),
        }
    )


def common(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    return {
        "note": draw(TEXT | st.just("")),
        "uid": draw(UIDS),
        "kind": kind,
        "title": draw(LINES),
        "format": draw(st.sampled_from(["2h", "20min"])),
        "minutes": draw(st.integers(1, 600)),
        "optional": draw(st.booleans()),
        "key": draw(TEXT),
        "fields": draw(st.lists(fields(), max_size=2, unique_by=lambda f: f.name)),
        "takeaway": draw(TEXT),
        "sources": draw(st.lists(TEXT, min_size=1, max_size=2)),
        "body": f"x{draw(BODIES)}",
    }


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["single", "multiple", "truefalse", "order", "match", "numeric", "short"]))
    said: dict[str, Any] = {"uid": draw(UIDS), "type": kind, "ask": draw(TEXT), "explain": draw(TEXT)}
    if kind in ("single", "multiple"):
        texts = draw(st.lists(LINES, min_size=2, max_size=4, unique_by=str.strip))
        said["options"] = [{"text": t, "right": rank == 0, "feedback": draw(TEXT)} for rank, t in enumerate(texts)]
        return said
    said |= {"feedback_right": draw(TEXT), "feedback_wrong": draw(TEXT)}
    if kind == "truefalse":
        said["answer"] = draw(st.booleans())
    if kind == "order":
        said["items"] = draw(st.lists(LINES, min_size=3, max_size=7, unique_by=str.strip))
    if kind == "match":
        texts = draw(st.lists(LINES, min_size=3, max_size=6, unique_by=str.strip))
        said["pairs"] = [{"left": t, "right": f"{rank % 3} {t}"} for rank, t in enumerate(texts)]
    if kind == "numeric":
        said["answer"] = draw(st.decimals(-1000, 1000, places=2).map(lambda d: format(d, "f")))
    if kind == "short":
        said["accept"] = draw(st.lists(LINES, min_size=1, max_size=3))
    return said


@st.composite
def documents(draw: st.DrawFn) -> Document:
    kind = draw(st.sampled_from(["module", "case", "exercise", "reading", "quiz", "taxonomy", "pathway"]))
    if kind == "module":
        return ModuleDoc.model_validate({"title": draw(LINES), "summary": draw(TEXT), "body": draw(BODIES)})
    if kind == "case":
        places = {name: draw(SLUGS) for name in ("actor", "domain", "level")}
        rest = {"title": draw(LINES), "summary": draw(TEXT), "fictional": True, "body": f"x{draw(BODIES)}"}
        return CaseDoc.model_validate(places | rest)
    if kind == "taxonomy":
        terms = [
            {"slug": slug, "fr": draw(LINES), "en": draw(LINES), "source": draw(LINES), "status": "ours", "adoc": False}
            for slug in draw(st.lists(SLUGS, min_size=1, max_size=3, unique=True))
        ]
        return TaxonomyList.model_validate({"title": draw(LINES), "terms": terms})
    if kind == "pathway":
        return PathwayDoc.model_validate(
            {
                "title": draw(LINES),
                "summary": draw(TEXT),
                "audience": draw(TEXT),
                "formats": [{"name": "1h", "minutes": 60}, {"name": "2h", "minutes": 120}],
                "sources": draw(st.lists(TEXT, min_size=1, max_size=3)),
                "provenance": draw(TEXT),
                "body": draw(BODIES),
            }
        )
    said = common(draw, kind)
    if kind == "quiz":
        said["questions"] = draw(st.lists(questions(), min_size=4, max_size=5))
        said["pass"] = draw(st.sampled_from([None, 1, 4]))
    if kind == "exercise":
        said["fields"] = said["fields"] or [draw(fields())]
    return KINDS[kind].Content.model_validate(said)


@QUICK
@given(documents())
def test_a_document_written_and_read_again_is_the_same(doc: Document) -> None:
    written = text.render(doc)
    again, problems = text.parse(written, type(doc), "x.md" if doc.BODY else "x.yaml")
    assert problems == []
    assert again == doc
    assert text.render(again) == written
    assert text.digest(again) == text.digest(doc)


@QUICK
@given(documents())
def test_a_document_kept_as_data_is_taken_back(doc: Document) -> None:
    assert type(doc).model_validate(text.plain(doc)) == doc
    assert type(doc).model_validate_json(doc.model_dump_json()) == doc


def test_every_shipped_text_is_canonical() -> None:
    texts, problems = canonical(FILES, KINDS)
    assert problems == []
    assert {path for path, content in texts.items() if content != FILES[path]} == set()
    assert set(texts) == set(TEXTS)


def test_the_digest_forgets_spelling_and_remembers_words() -> None:
    spellings = ["---\ntitle: Un\n---\n", '---\ntitle: "Un"\n---\n\n\n', "---\n\ntitle:   'Un'\n---\n"]
    docs = [text.parse(spelling, ModuleDoc, "m.md")[0] for spelling in spellings]
    assert len({text.digest(doc) for doc in docs if doc}) == 1
    other, _said = text.parse("---\ntitle: Deux\n---\n", ModuleDoc, "m.md")
    assert other is not None
    assert docs[0] is not None
    assert text.digest(other) != text.digest(docs[0])


def test_yes_no_and_hours_stay_what_the_author_wrote() -> None:
    doc, problems = text.parse("---\ntitle: no\nsummary: 12:30\n---\n", ModuleDoc, "m.md")
    assert problems == []
    assert doc is not None
    assert (doc.title, doc.summary) == ("no", "12:30")


def test_a_fence_counts_only_alone_at_the_start_of_a_line() -> None:
    doc, _said = text.parse("---\ntitle: a --- b\nsummary: |-\n  ---\n  c\n---\n\nx\n---\ny\n", ModuleDoc, "m.md")
    assert doc is not None
    assert (doc.title, doc.summary, doc.body) == ("a --- b", "---\nc", "x\n---\ny")


def says(problems: list[Any]) -> list[tuple[int, str]]:
    """(line, sentence with ordinary spaces)."""
    return [(p.line, p.message.replace("\u00a0", " ").replace("\u202f", " ")) for p in problems]


def test_every_problem_is_said_at_once_each_at_its_line() -> None:
    broken = "---\ntitel: Un module\nsummary:\n- pas un texte\nstage: Pas Un Slug\nstage: deux\n# une remarque\n---\n"
    doc, problems = text.parse(broken, ModuleDoc, "m.md")
    assert doc is None
    assert says(problems) == [
        (2, "il manque « title »"),
        (2, "titel : clé inconnue « titel » : vouliez-vous « title » ?"),
        (3, "summary : du texte est attendu, pas une liste ni des clés"),
        (5, "stage : minuscules, chiffres et traits d’union sont attendus, par exemple « mon-nom »"),
        (6, "« stage » est déjà écrit ligne 5"),
        (7, "un commentaire « # » serait perdu : utilisez `note:`"),
    ]


def test_a_mistake_deep_in_a_quiz_is_said_at_its_line() -> None:
    path = "pathways/demo/10-decouvrir/20-besoin-ou-solution.md"
    lines = TEXTS[path].split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("    feedback:"))
    lines[at] = "    feedbak: x"
    _doc, problems = text.parse("\n".join(lines), Quiz, path)
    assert (at + 1, "questions, 1, options, 1, feedbak : clé inconnue « feedbak »") in says(problems)
    assert any(said == "questions, 1, options, 1 : il manque « feedback »" for _line, said in says(problems))


@pytest.mark.parametrize(
    ("front", "line", "said"),
    [
        ("title: &a x", 2, "ni ancre « & »"),
        ("title: *a", 2, "ni ancre « & »"),
        ("title: !!python/object:os.system x", 2, "pas d’étiquette « ! »"),
        ("title: a\tb", 2, "tabulation"),
        ("title: a\x00b", 2, "caractère interdit (U+0000)"),
        ('title: "a\\0b"', 2, "caractère interdit (U+0000)"),
        ('title: "\\uD800"', 2, "caractère interdit (U+D800)"),
        ('title: "\\U00110000"', 2, ""),
        ("title: a\u2028b", 2, "caractère interdit (U+2028)"),
        ("title: " + "[" * 500, 2, "trop de niveaux"),
        ("title: " + "{a: " * 30 + "b" + "}" * 30, 2, "trop de niveaux"),
        ("title: a: b", 2, "mettez le texte entre guillemets"),
        ("title: 'a", 2, "n’est pas fermé"),
        ("title: @a", 2, "ne peut pas commencer"),
        ("%YAML 9.9\ntitle: a", 2, ""),
        ("title: a\n...\ntitle: b", 2, ""),
        ("title: a\n--- b\nc: d", 2, "un seul document"),
        ("? [a]\n: b", 2, "une clé est un mot"),
        ("- a\n- b", 2, "des clés sont attendues"),
        ("title", 2, ""),
        ("", 2, "des clés sont attendues"),
        ("title: a # b", 2, "un commentaire « # » serait perdu : utilisez `note:`"),
        ("title: | # b\n  a", 2, "un commentaire « # » serait perdu : utilisez `note:`"),
        ("title: " + "x" * 400, 2, "trop long"),
        ("title: le 31 février 2024", 2, "cette date n’existe pas"),
        ("title: le 2023-02-29", 2, "cette date n’existe pas"),
    ],
)
def test_hostile_yaml_is_refused_with_a_sentence(front: str, line: int, said: str) -> None:
    doc, problems = text.parse(f"---\n{front}\n---\n", ModuleDoc, "m.md")
    assert doc is None
    assert any(said in sentence and at >= line for at, sentence in says(problems)), problems


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*{'a' if not n else f'b{n - 1}'}, *a]\n" for n in range(60))
    doc, problems = text.parse(f"---\n{bomb}---\n", ModuleDoc, "m.md")
    assert doc is None
    assert "ni ancre" in problems[0].message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("\ufeff---\ntitle: a\n---\n", "BOM"),
        ("---\r\ntitle: a\r\n---\r\n", "fins de ligne"),
        ("---\ntitle: a\n", "le fichier commence par"),
        ("title: a\n", "le fichier commence par"),
        ("---\ntitle: a\n---\n" + "x" * 300_000, "trop long"),
        ("---\ntitle: a\n---\n\nx\x07y\n", "caractère interdit"),
        ("---\ntitle: a\nbody: b\n---\n", "clé inconnue « body »"),
    ],
)
def test_a_file_that_is_not_plain_text_is_refused(content: str, said: str) -> None:
    doc, problems = text.parse(content, ModuleDoc, "m.md")
    assert doc is None
    assert any(said in sentence for _line, sentence in says(problems))


@QUICK
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_any_bytes_give_sentences_and_never_an_error(content: bytes) -> None:
    for path in ("pathways/a/pathway.md", "taxonomy/a.yaml", "pathways/a/10-b/10-c.md"):
        doc, _tree, problems = parse_file(path, content, KINDS)
        assert doc is not None or problems
        assert all(p.line >= 1 and p.message for p in problems)


@QUICK
@given(st.text(alphabet="abc:-#'\"[]{}&*!|>%@`,? \n0é", max_size=120), st.booleans())
def test_any_front_matter_gives_sentences_and_never_an_error(front: str, listed: bool) -> None:
    _doc, problems = text.parse(f"---\n{'title:' if listed else ''}{front}\n---\n", ModuleDoc, "m.md")
    assert all("pydantic" not in p.message and "Input should" not in p.message for p in problems)


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_a_shipped_text_damaged_anywhere_gives_sentences_and_never_an_error(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(TEXTS)))
    content = TEXTS[path]
    start = data.draw(st.integers(0, len(content)))
    end = min(len(content), start + data.draw(st.integers(0, 30)))
    damage = data.draw(NASTY | PLAIN | st.just("") | st.just("\n") | st.just("\n- ") | st.just(": "))
    doc, _tree, problems = parse_file(path, (content[:start] + damage + content[end:]).encode(), KINDS)
    assert doc is not None or problems
    for problem in problems:
        assert problem.path == path
        assert "Input should" not in problem.message
        assert "validat" not in problem.message


def test_each_shipped_text_with_a_line_taken_out_is_read_or_explained() -> None:
    for path in sorted(TEXTS)[::4]:
        lines = TEXTS[path].split("\n")
        for number in range(0, len(lines), 3):
            doc, _tree, problems = parse_file(path, "\n".join(lines[:number] + lines[number + 1 :]).encode(), KINDS)
            assert doc is not None or problems


def test_a_step_being_written_needs_only_its_name_and_minutes() -> None:
    short = "---\nuid: abc\nkind: quiz\ntitle: T\nformat: 2h\nminutes: 5\nready: no\n---\n"
    doc, problems = text.parse(short, Quiz, "x.md")
    assert problems == []
    assert isinstance(doc, StepDoc)
    assert not doc.ready
    _doc, problems = text.parse(short.replace("ready: no\n", ""), Quiz, "x.md")
    assert says(problems) == [(2, "il manque « questions »")]
