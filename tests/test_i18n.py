"""Every sentence that people read exists in English, filled with the same values; the catalogue holds nothing else."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from jinja2.ext import babel_extract

from app.i18n import ENGLISH_PO, read_catalogue

ROOT = Path(__file__).parent.parent
FUNCTIONS = {"_": 1, "ngettext": 2}
"""How many of their first arguments are sentences."""
PLACE = re.compile(r"%\((\w+)\)s")
FRENCH_SPACING = re.compile(r"[ \u00a0\u202f][;!?]|\w[ \u00a0\u202f]:|[«»]")
TYPED = re.compile(r"\w'\w|\w\.\.\.|\b(?:A (?:la|vous|quel|lire|faire|partir)|Etape|Etat|Ecri\w+|Edition|Ca) ")
"""What a typewriter would leave in French: a straight apostrophe, three dots, a capital without its accent."""
TO_A_MAN = re.compile(
    r"\b[Vv]ous seul\b|\bvous a (?:invité|aidé)\b|\bm’a aidé\b|\bseul ou à plusieurs\b|\bactifs? cette\b"
)
ELIDED = re.compile(r"\b(?:de|que|ne|si) %\((?:name|cohort|city|person|trainer)\)")
"""What would read « de Aude », before the name of somebody or of a place."""
WORD_FOR_WORD = re.compile(
    r"\b(?:for|to|by|of) who (?!(?:is|are|has|have|can|will|may)\b.*\?)|\bmails\b|\bOne does not\b"
)
"""French turned into English a word at a time."""

Sentence = tuple[str, ...]


def in_python(path: Path) -> Iterator[Sentence]:
    """By the syntax tree: the calls within f-strings count too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and (count := FUNCTIONS.get(called(node.func))):
            said = [arg.value for arg in node.args[:count] if isinstance(arg, ast.Constant)]
            assert len(said) == count, f"{path}:{node.lineno}: only a sentence written here can be translated"
            yield tuple(str(text) for text in said)


def called(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""


def in_template(path: Path) -> Iterator[Sentence]:
    with path.open("rb") as file:
        for line, function, said, _comments in babel_extract(file, list(FUNCTIONS), [], {"silent": "false"}):
            texts = [said] if isinstance(said, str) else list(said or ())
            found = tuple(text for text in texts[: FUNCTIONS[function]] if text)
            assert len(found) == FUNCTIONS[function], f"{path}:{line}: only a sentence written here can be translated"
            yield found


def sentences() -> set[Sentence]:
    found = {said for path in (ROOT / "app").rglob("*.py") for said in in_python(path)}
    return found | {said for path in (ROOT / "templates").rglob("*.html") for said in in_template(path)}


def english() -> dict[Sentence, Sentence]:
    """As written in the catalogue, but for its header."""
    return {as_tuple(message.id): as_tuple(message.string) for message in read_catalogue() if message.id}


def as_tuple(text: str | Sequence[str] | None) -> Sentence:
    return (text,) if isinstance(text, str) else tuple(text or ())


def places(text: str) -> set[str]:
    return set(PLACE.findall(text))


@pytest.fixture(scope="module")
def catalogue() -> dict[Sentence, Sentence]:
    return english()


def test_every_sentence_is_found() -> None:
    found = sentences()
    assert ("%(n)s étape", "%(n)s étapes") in found
    assert len(found) > 500


def test_every_sentence_has_its_english(catalogue: dict[Sentence, Sentence]) -> None:
    lacking = {said for said in sentences() if not all(catalogue.get(said, ("",)))}
    assert not lacking


def test_the_catalogue_holds_nothing_else(catalogue: dict[Sentence, Sentence]) -> None:
    assert not set(catalogue) - sentences()


def test_a_sentence_is_translated_once() -> None:
    said = re.findall(r'^msgid ((?:".*"\n)+)', ENGLISH_PO.read_text("utf-8"), re.M)
    assert len(said) == len(set(said)), sorted({text for text in said if said.count(text) > 1})


def test_a_sentence_is_filled_with_the_same_values_in_english(catalogue: dict[Sentence, Sentence]) -> None:
    for french, said in catalogue.items():
        assert len(french) == len(said), french
        for mine, theirs in zip(french, said, strict=True):
            assert places(mine) == places(theirs), mine
            if places(mine):
                assert theirs % dict.fromkeys(places(mine), "…"), mine


def test_english_has_its_own_typography(catalogue: dict[Sentence, Sentence]) -> None:
    assert not [text for said in catalogue.values() for text in said if FRENCH_SPACING.search(text)]


def test_french_is_written_as_it_is_printed() -> None:
    assert not [text for said in sentences() for text in said if TYPED.search(text)]


def test_a_sentence_speaks_to_everyone() -> None:
    assert not [text for said in sentences() for text in said if TO_A_MAN.search(text)]


def test_no_word_that_elides_comes_before_a_name() -> None:
    assert not [text for said in sentences() for text in said if ELIDED.search(text)]


def test_english_is_not_french_word_for_word(catalogue: dict[Sentence, Sentence]) -> None:
    assert not [text for said in catalogue.values() for text in said if WORD_FOR_WORD.search(text)]


def test_a_template_says_nothing_that_cannot_be_translated() -> None:
    """Words stand in `_()` alone; a name, and the way to the other language, are the same for everyone."""
    same = {"Balises", "FR", "EN", "min", "etape"}  # the last one is the name of a place in a page
    found = {path.relative_to(ROOT).as_posix(): written(path.read_text("utf-8")) - same for path in templates()}
    assert {path: words for path, words in found.items() if words} == {}


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def written(template: str) -> set[str]:
    """The words that a template holds outside its expressions: between tags, and in the attributes that are read."""
    still = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "\0", template, flags=re.S)
    still = re.sub(r"<(script|style|svg)\b.*?</\1>|<!--.*?-->", "", still, flags=re.S)
    read = re.findall(r'\s(?:aria-label|title|alt|placeholder)="([^"]*)"', still)
    between = re.sub(r"""<[^>]*>|\s[a-z-]+="[^"]*"|\sdisabled\b""", "\0", still)
    return {word for text in (between, *read) for word in re.findall(r"[^\W\d_]{2,}", text)}


def test_an_unwritten_sentence_would_be_caught(tmp_path: Path) -> None:
    """The extraction sees what the readers of sentences are likely to write."""
    page, module = tmp_path / "page.html", tmp_path / "module.py"
    page.write_text("<a title=\"{{ _('Un') }}\">{{ ngettext('%(n)s an', '%(n)s ans', 2) }}</a>", "utf-8")
    module.write_text("""a = _("Deux" " mots")\nb = f"<b>{_('Trois')}</b>" if a else i18n._("Quatre")\n""", "utf-8")
    assert set(in_template(page)) == {("Un",), ("%(n)s an", "%(n)s ans")}
    assert set(in_python(module)) == {("Deux mots",), ("Trois",), ("Quatre",)}
