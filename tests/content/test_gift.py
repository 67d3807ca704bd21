"""GIFT in and out: the same questions come back, what has no place is said by line, and no text breaks it."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.content import folder, gift, gift_out
from app.content.gift import Question
from app.content.text import plain
from app.content.text import read as read_text
from app.steps.quiz import Quiz
from tests.content.test_text import FILES, LINES, TEXT, TEXTS

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
SIGNS = st.sampled_from(
    [*"~=#{}:\\*%[]\n/", "->", "####", "::", "//", "//| ", "[html]", "[plain]", "%50%", "\\n", "$CATEGORY: x", "<b>"]
)
WORDS = (
    LINES | st.lists(SIGNS | LINES, min_size=1, max_size=4).map(lambda found: "".join(found).replace("\n", " "))
).filter(str.strip)
SAID = (TEXT | st.lists(WORDS, min_size=1, max_size=3).map("\n".join)).filter(str.strip)
NUMBERS = st.decimals(-10_000, 10_000, places=3).map(lambda number: format(number, "f"))


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """A question that a document takes, as it is written there."""
    kind = draw(st.sampled_from(gift.TYPES))
    said: Question = {"uid": "q-1", "type": kind, "ask": draw(SAID), "explain": draw(SAID)}
    some = st.lists(WORDS, min_size=3, max_size=6, unique_by=str.strip)
    match kind:
        case "single" | "multiple":
            texts = draw(some)
            rights = {0} if kind == "single" else draw(st.sets(st.integers(0, len(texts) - 1), min_size=1))
            said["options"] = [
                {"text": text, "right": "yes" if rank in rights else "no", "feedback": draw(SAID)}
                for rank, text in enumerate(texts)
            ]
        case "truefalse":
            said["answer"] = draw(st.sampled_from(["yes", "no"]))
        case "order":
            said["items"] = draw(some)
        case "match":
            rights = st.lists(WORDS, min_size=6, max_size=6, unique_by=str.strip)
            pairs = zip(draw(some), draw(rights), strict=False)
            said["pairs"] = [{"left": left, "right": right} for left, right in pairs]
        case "numeric":
            said |= {"answer": draw(NUMBERS), "tolerance": draw(NUMBERS.map(lambda text: text.strip("-")))}
            said |= {"unit": draw(st.just("") | WORDS)}
        case "short":
            said["accept"] = draw(st.lists(WORDS, min_size=1, max_size=4))
    if kind not in ("single", "multiple"):
        said |= {"feedback_right": draw(SAID), "feedback_wrong": draw(SAID)}
    quiz = {
        "uid": "un-quiz",
        "kind": "quiz",
        "title": "T",
        "format": "2h",
        "minutes": "3",
        "ready": "no",
        "questions": [said],
    }
    return dict(plain(Quiz.model_validate(quiz).questions[0]))


def unnamed(said: Question) -> Question:
    return {key: value for key, value in said.items() if key != "uid"}


@given(st.lists(questions(), max_size=4))
@QUICK
def test_what_is_written_is_read_back_the_same(some: list[Question]) -> None:
    text = gift_out.write(some)
    assert list(gift.read(text).questions) == [unnamed(each) for each in some], text
    assert gift.read(text.replace("\n", "\r\n")) == gift.read(text)


HARD = (
    *(
        "[html]a",
        "[plain]",
        "[markdown] x",
        "%50%",
        "%100%a",
        "*",
        "\\*",
        "a*b",
        "->",
        "a -> b",
        "T",
        "{F}",
        "//",
        "\\n",
    ),
    *(
        "####",
        "#",
        "=",
        "~",
        "::a::",
        "$CATEGORY: x",
        "//| a",
        "\\\\",
        "\\",
        "-",
        "a -",
        "- b",
        "<b>",
        "&lt;",
        "12..13",
    ),
)
"""Words that mean something in GIFT."""


@pytest.mark.parametrize("word", HARD)
def test_words_that_mean_something_in_gift_are_only_words(word: str) -> None:
    told = {"feedback_right": word, "feedback_wrong": word, "explain": word}
    options = [{"text": word, "right": "yes", "feedback": word}, {"text": f"{word} x", "feedback": f"a\n{word}"}]
    some: list[Question] = [
        {"ask": word, "options": options, "explain": word},
        {"type": "multiple", "ask": f"a\n{word}", "options": options, "explain": word},
        {"type": "truefalse", "ask": word, "answer": "no", **told},
        {"type": "order", "ask": word, "items": [word, "b", "c"], **told},
        {"type": "match", "ask": word, "pairs": [{"left": word, "right": word}, {"left": "b", "right": "c"}], **told},
        {"type": "numeric", "ask": word, "answer": "1", "tolerance": "0.5", "unit": word, **told},
        {"type": "short", "ask": word, "accept": [word, f"{word}s"], **told},
    ]
    found = gift.read(gift_out.write(some))
    assert (list(found.questions), found.said) == (some, ())


QUIZZES = [
    path
    for path in TEXTS
    if "\nkind: quiz\n" in TEXTS[path] and "\nquestions:\n" in TEXTS[path] and folder.language(path) == "fr"
]


@pytest.mark.parametrize("path", QUIZZES)
def test_every_quiz_that_ships_goes_out_and_comes_back(path: str) -> None:
    root = read_text(FILES[path].decode(), path).root
    assert root is not None
    some = root.plain()["questions"]
    back = gift.read(gift_out.write(some))
    assert (list(back.questions), back.said) == ([unnamed(each) for each in some], ())


HOSTILE = st.lists(
    SIGNS | st.text(max_size=8) | st.sampled_from(["{T}", "{#1}", "=a", "~b", "\n\n", "\x01", "é"]), max_size=40
)


@given(HOSTILE.map("".join) | st.text(max_size=200))
@QUICK
def test_no_text_breaks_the_reading_and_what_is_read_can_be_written(text: str) -> None:
    found = gift.read(text)
    assert all(1 <= each.line <= text.count("\n") + text.count("\r") + 1 and each.message for each in found.said)
    if "//|" not in text:
        assert all(isinstance(each["ask"], str) and each["ask"].strip() for each in found.questions)
        again = gift.read(gift_out.write(found.questions))
        assert len(again.questions) == len(found.questions)


@pytest.mark.parametrize(
    "text",
    [
        "{" * 200_000,
        "=" * 250_000,
        "q {" + "=a->b " * 40_000 + "}",
        "q {" + "~%50%a#b\n" * 20_000 + "}",
        "\\" * 250_000,
        "// \n" * 60_000,
        "//| - [\n" * 30_000,
        "q {#" + "1" * 200_000 + "}",
        "[html]" + "<p>" * 80_000 + "{T}",
        "q {T}\n\n" * 20_000,
        "$CATEGORY: x\n" * 15_000,
        "q {T#" + " " * 240_000 + "}",
        "q" + "<a " * 80_000 + "{T}",
        "q {}\n\n" * 20_000,
    ],
    ids=range(14),
)
def test_the_longest_texts_are_read_or_refused_with_few_words(text: str) -> None:
    found = gift.read(text)
    assert len(found.questions) <= gift.QUESTIONS
    assert len(found.said) <= gift.SENTENCES + 2
    assert sum(len(each.message) for each in found.said) < 40_000


def spaced(sentence: str) -> str:
    return sentence.replace("\u00a0", " ").replace("\u202f", " ")


def one(text: str) -> tuple[Question, list[tuple[int, str]]]:
    found = gift.read(text)
    assert len(found.questions) == 1, found
    return found.questions[0], [(each.line, each.message) for each in found.said]


def test_each_type_as_moodle_writes_it() -> None:
    text = """// question: 12  name: Qui paie
$CATEGORY: $course$/top/Défaut

::Qui paie::[html]<p>Qui <b>paie</b> l\\: usage &eacute;t&eacute; ?</p>{
\t=<p>L’usager</p>#<p>Oui.</p>
\t~Un tiers#Non\\, cherchez.
\t####<p>Relisez la page 3.</p>
}

Lesquels ? {~%50%A ~%50%B#bien ~%-100%C}

Le ciel est vert.{FALSE#Regardez.#C’est cela.}

Capitale de la France ? {=Paris#Oui =paname =%0%*#Cherchez.}

Reliez. {=un -> 1 =deux -> 2 =trois -> 3}

Combien ? {#3.14:0.005#Oui ~#Non####π}

Entre ? {#1..5}

Le mot manque {=ici ~là} dans la phrase.
"""
    found = gift.read(text)
    first, several, false, short, match, number, between, gap = found.questions
    assert first == {
        "ask": "Qui paie l: usage été ?",
        "options": [
            {"text": "L’usager", "right": "yes", "feedback": "Oui."},
            {"text": "Un tiers", "feedback": "Non\\, cherchez."},
        ],
        "explain": "Relisez la page 3.",
    }
    assert several["type"] == "multiple"
    assert [option.get("right") for option in several["options"]] == ["yes", "yes", None]
    assert false == {
        "type": "truefalse", "ask": "Le ciel est vert.", "answer": "no",
        "feedback_right": "C’est cela.", "feedback_wrong": "Regardez.",
    }  # fmt: skip
    assert short == {
        "type": "short", "ask": "Capitale de la France ?", "accept": ["Paris", "paname"],
        "feedback_right": "Oui", "feedback_wrong": "Cherchez.",
    }  # fmt: skip
    assert match["pairs"][1] == {"left": "deux", "right": "2"}
    assert number == {
        "type": "numeric", "ask": "Combien ?", "answer": "3.14", "tolerance": "0.005",
        "feedback_right": "Oui", "feedback_wrong": "Non", "explain": "π",
    }  # fmt: skip
    assert (between["answer"], between["tolerance"]) == ("3", "2")
    assert gap["ask"] == "Le mot manque _____ dans la phrase."
    assert [each.line for each in found.said] == [2, 4, 4]


def test_the_forms_that_the_documentation_of_moodle_shows_are_read_as_moodle_reads_them() -> None:
    """Each in words of ours: laid out over lines, indented, with and without spaces, named or not."""
    found = gift.read("""// ===Choix===

Qui garde la clé ?{~Odile ~Marc =personne}

Elle est {~sous le pot =chez Inès ~perdue} depuis lundi.

La réunion se tient le {
    ~premier
    ~deuxième
    =troisième
} jeudi du mois.

// ===Réponse courte===

Deux plus deux font {=quatre =4}.

// ===Vrai ou faux===
Le soleil se lève à l'est.{T}

Le local est ouvert le dimanche.{F#Non, fermé.}

// ===À relier===

Reliez chaque pays à sa capitale. {
    =France->Paris
    =Italie  -> Rome
    =Japon  -> Tokyo
    }

// ===Un nombre===

Pi, à trois décimales ? {#3.1415:0.0005}.

Pi, à trois décimales ? {#3.141..3.142}

En quelle année ? {#
    =1822:0      #Juste !
    =%50%1822:2  #Presque :
                 la moitié des points.
}

// ===Plusieurs réponses===

Qui est venu ? {
    ~%-50%Personne
    ~%50%Inès
    ~%50%Samir
    ~%-50%Odile }

// ===Signes===
Laquelle vaut 5 ? {
     ~ \\= 2 + 2
     = \\= 2 + 3  }

::Les signes::
Lequel n'en est pas un ? {
   ~ \\~     # \\~ en est un.
   = \\\\     # Oui ! \\\\ sert
              à les écrire.
}
""")
    choice, gap, lines, short, true, false, match, around, between, year, several, signs, named = found.questions
    assert [option.get("right") for option in choice["options"]] == [None, None, "yes"]
    assert gap["ask"] == "Elle est _____ depuis lundi."
    assert (lines["ask"], len(lines["options"])) == ("La réunion se tient le _____ jeudi du mois.", 3)
    assert (short["ask"], short["accept"]) == ("Deux plus deux font _____.", ["quatre", "4"])
    assert (true["answer"], false["answer"], false["feedback_wrong"]) == ("yes", "no", "Non, fermé.")
    assert [tuple(pair.values()) for pair in match["pairs"]] == [
        ("France", "Paris"), ("Italie", "Rome"), ("Japon", "Tokyo"),
    ]  # fmt: skip
    assert [(each["answer"], each["tolerance"]) for each in (around, between)] == [("3.1415", "0.0005")] * 2
    assert (year["answer"], year["feedback_right"]) == ("1822", "Juste !")
    assert [option.get("right") for option in several["options"]] == [None, "yes", "yes", None]
    assert [option["text"] for option in signs["options"]] == ["= 2 + 2", "= 2 + 3"]
    assert named["options"][1] == {"text": "\\", "right": "yes", "feedback": "Oui ! \\ sert\nà les écrire."}
    assert [each.line for each in found.said] == [38, 55]


def test_the_last_sign_of_a_general_comment_is_the_one_that_counts() -> None:
    assert one("q {=a####b####c}")[0] == {"type": "short", "ask": "q", "accept": ["a"], "explain": "c"} | {
        "feedback_right": "###b"
    }


def test_html_is_read_where_moodle_reads_it_and_is_plain_text_where_it_does_not() -> None:
    marked, match, short = gift.read("""Qui garde <b>la clé</b><br>du local&nbsp;? {=<p>Inès</p> ~2 < 3 ~R&D}

[html]Reliez les <b>signes</b>.{
    =<p>Le plus petit</p> -> a<b
    =[plain]Une balise -> <b>
    =La recherche -> R&D
}

[html]<p>Quel signe&nbsp;?</p>{
    =%100%a<b#<p>Oui.</p>
    =%100%R&D#<p>Oui.</p>
    =%0%*#<p>Non.</p>
}
""").questions
    assert (marked["ask"], [each["text"] for each in marked["options"]]) == (
        "Qui garde la clé du local ?", ["Inès", "2 < 3", "R&D"],
    )  # fmt: skip
    assert [tuple(pair.values()) for pair in match["pairs"]] == [
        ("Le plus petit", "a<b"), ("Une balise", "<b>"), ("La recherche", "R&D"),
    ]  # fmt: skip
    assert (short["accept"], short["feedback_right"], short["feedback_wrong"]) == (["a<b", "R&D"], "Oui.", "Non.")


def test_what_is_written_says_in_moodle_what_it_says_here() -> None:
    """There a right-hand side is plain text, whatever it begins with; an answer without comment has none."""
    told = {"feedback_right": "Oui.", "feedback_wrong": "Non."}
    text = gift_out.write(
        [
            {
                "type": "match",
                "ask": "Reliez.",
                "pairs": [{"left": "[a]", "right": "[b]"}, {"left": "c", "right": "%"}],
            },
            {"type": "short", "ask": "Qui ?", "accept": ["Inès", "%50%"], **told},
        ]
    )
    lines = text.split("\n")
    assert {"=[plain][a] -> [b]", "=c -> %", "=Inès#Oui.", "=[plain]%50%#Oui.", "=%0%*#Non."} <= {*lines}, text


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("\n\nRacontez. {}", 3, "réponse libre"),
        ("Un texte seul.", 1, "n’est pas une question"),
        ("\nOuverte {=a", 2, "pas fermée"),
        ("a {T}\nb {F}", 1, "une ligne vide sépare"),
        ("{=a ~b}", 1, "pas d’énoncé"),
        ("q {douze}", 1, "« = » (juste) ou « ~ »"),
        ("q {1:MC:=a}", 1, "« = » (juste) ou « ~ »"),
        ("q {#douze}", 1, "n’est pas un nombre"),
        ("q {#5..1}", 1, "du plus petit au plus grand"),
        ("::q {T}", 1, "pas fermé par"),
        ("a {T}\n\nq\x07 {T}", 3, "U+0007"),
        ("q {" + "=a " * 50 + "}", 1, "trop de réponses"),
    ],
)
def test_what_cannot_be_taken_is_refused_at_its_line(text: str, line: int, said: str) -> None:
    found = gift.read(text)
    assert [each.line for each in found.said] == [line]
    assert said in spaced(found.said[0].message)
    assert len(found.questions) == text.startswith("a {T}\n\n")


A, ONE = {"text": "a", "right": "yes"}, {"left": "a", "right": "1"}


@pytest.mark.parametrize(
    ("text", "line", "said", "part"),
    [
        ("q {\n=a\n~%50%b\n~c}", 3, "une partie des points", {"options": [A, {"text": "b"}, {"text": "c"}]}),
        ("q {~%70%a ~%30%b ~c}", 1, "des points différents", {"type": "multiple"}),
        ("q {=a =b ~c}", 1, "plusieurs bonnes réponses", {"type": "multiple"}),
        ("q {~a ~b}", 1, "aucune bonne réponse", {"options": [{"text": "a"}, {"text": "b"}]}),
        ("q {=a\n=Par*s}", 2, "joker", {"accept": ["a"]}),
        ("q {=a\n=%50%b}", 2, "point partiel", {"accept": ["a"]}),
        ("q {=a#x =b#y}", 1, "un seul commentaire", {"feedback_right": "x"}),
        ("q {=a -> 1\n= -> 2\n=c -> 3}", 2, "vis-à-vis", {"pairs": [ONE, {"left": "c", "right": "3"}]}),
        ("q {=a -> 1\n=b\n=c -> 3}", 2, "vis-à-vis", {"pairs": [ONE, {"left": "c", "right": "3"}]}),
        ("[markdown]**q** {T}", 1, "Markdown", {"ask": "**q**"}),
        ("q {#=1:0\n=%50%2:1}", 2, "une seule réponse", {"answer": "1"}),
        ("::Titre:: q {T}", 1, "titres", {"answer": "yes"}),
        ("//| - [\nq {T}", 1, "//|", {"answer": "yes"}),
    ],
)  # fmt: skip
def test_what_is_dropped_is_said_at_its_line(text: str, line: int, said: str, part: dict[str, Any]) -> None:
    question, problems = one(text)
    assert [each[0] for each in problems] == [line]
    assert said in spaced(problems[0][1])
    assert question | part == question


def test_html_becomes_words_and_never_marks() -> None:
    question, _problems = one(
        "[html]<script>alert(1)</script><p onclick\\=x>Un</p><p>deux&#1;</p> {=<b>a</b> ~[plain]<b>}"
    )
    assert question["ask"] == "Un deux"
    assert [option["text"] for option in question["options"]] == ["a", "<b>"]


def test_what_gift_cannot_say_is_said_and_stays_for_us_in_comments() -> None:
    some: list[Question] = [
        {"type": "order", "ask": "Rangez.", "items": ["a", "b", "c"]},
        {"type": "numeric", "ask": "Combien ?", "answer": "3", "unit": "km"},
        {"ask": "Qui ?", "options": [{"text": "a", "right": "yes"}, {"text": "b"}]},
        {"ask": "Pas finie", "options": [{"text": "a"}]},
    ]
    said = gift_out.losses(some)
    assert [spaced(each).split(" ")[1] for each in said] == ["1", "2", "4"]
    text = gift_out.write(some)
    for line in text.split("\n"):
        assert not (("Rangez" in line or "km" in line or "Pas finie" in line) and not line.startswith("//")), line
    assert all(each in text for each in said)
    assert list(gift.read(text).questions) == some
