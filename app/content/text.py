"""From text to documents and back: `parse(render(doc)) == doc`, and `render(parse(t)) == t` for canonical `t`."""

import difflib
import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.content.documents import Problem
from app.content.schema import Doc, Document, Flaw, Loc, forbidden, role
from app.content.yamltext import Mistake, Node, compose, emit
from app.i18n import _, ngettext

LARGEST = 256_000
"""Bytes of one text file."""

D = TypeVar("D", bound=Document)


@dataclass(frozen=True)
class Tree:
    """A file's front matter before any schema, and its body. `line` finds where a key is written."""

    path: str
    root: Node | None
    body: str
    body_line: int
    problems: tuple[Problem, ...]

    def line(self, loc: Loc) -> int:
        return self.root.find(loc)[0] if self.root else 1

    def get(self, key: str) -> str:
        """A top-level text, or nothing."""
        node = self.root.value.get(key) if self.root and isinstance(self.root.value, dict) else None
        return node.value if node and isinstance(node.value, str) else ""

    def problem(self, loc: Loc, message: str) -> Problem:
        return Problem(self.path, self.line(loc), message, self.written(loc))

    def written(self, loc: Loc) -> Loc:
        """A place without the names of variants, which no text writes."""
        known = self.root.find(loc)[1] if self.root else ()
        last = loc[-1:] if loc and known[-1:] != loc[-1:] else ()
        return (*known, *last)


def split(text: str) -> tuple[str, str]:
    """The front matter and the body of a Markdown file; no front matter when there is no closed fence."""
    front, body, _line = _split(text)
    return front, body


def _split(text: str) -> tuple[str, str, int]:
    """Front, body, and the line where the body begins. A fence is a line that is exactly `---`."""
    lines = text.split("\n")
    if lines[0] != "---" or "---" not in lines[1:]:
        return "", text, 1
    end = lines.index("---", 1)
    front = "".join(f"{line}\n" for line in lines[1:end])
    start = end + 1
    while start < len(lines) and not lines[start].strip():
        start += 1
    return front, "\n".join(lines[start:]).rstrip(), start + 1


def read(text: str, path: str) -> Tree:
    """A file as text, lists and maps, with everything that is wrong with its spelling."""
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        said = _("fichier trop long : %(n)s Ko au plus", n=LARGEST // 1000)
        return Tree(path, None, "", 1, (Problem(path, 1, said),))
    mistakes = list(_file(text))
    if path.endswith(".md"):
        front, body, body_line = _split(text)
        if body_line == 1:
            mistakes.append(Mistake(1, _("le fichier commence par « --- », ses clés, puis « --- » seul sur une ligne")))
        first_line = 2
    else:
        front, body, body_line, first_line = text, "", 1, 1
    root = None
    if not mistakes:
        root, mistakes = compose(front, first_line)
        if not mistakes and (root is None or not isinstance(root.value, dict)):
            mistakes = [Mistake(first_line, _("des clés sont attendues, une par ligne, chacune suivie de deux-points"))]
        for number, line in enumerate(body.split("\n"), body_line):
            if found := forbidden(line):
                mistakes.append(Mistake(number, _("caractère interdit (U+%(code)s)", code=f"{ord(found[0]):04X}")))
    return Tree(path, root, body, body_line, tuple(Problem(path, *mistake) for mistake in mistakes))


def _file(text: str) -> Iterator[Mistake]:
    if text.startswith("\ufeff"):
        yield Mistake(1, _("marque d’ordre (BOM) au début : enregistrez en UTF-8 simple"))
    if "\r" in text:
        line = text[: text.index("\r")].count("\n") + 1
        yield Mistake(line, _("fins de ligne Windows : enregistrez avec des fins de ligne Unix (LF)"))


def build(tree: Tree, schema: type[D]) -> tuple[D | None, list[Problem]]:
    """The document of a tree, or everything that keeps it from being one."""
    problems = list(tree.problems)
    if tree.root is None or not isinstance(tree.root.value, dict):
        return None, problems
    raw = tree.root.plain() | ({"body": tree.body} if schema.BODY and "body" not in tree.root.value else {})
    lacking = set(schema.lacking(raw))
    problems += (tree.problem((key,), absent(key)) for key in schema.NEEDED if key in lacking)
    if "body" in tree.root.value:
        problems.append(tree.problem(("body",), _("clé inconnue « %(key)s »", key="body")))
    doc, said = checked(tree, schema, raw, lacking)
    problems += said
    return (None if problems else doc), sorted(set(problems))


def checked(
    tree: Tree, schema: type[D], raw: dict[str, Any], lacking: Collection[str] = ()
) -> tuple[D | None, list[Problem]]:
    """A document of plain data by its schema, each fault at the line of its tree. `lacking`: keys said missing."""
    try:
        return schema.model_validate(raw), []
    except ValidationError as error:
        found = [flaw for details in error.errors(include_url=False) for flaw in _said(details, schema)]
    return None, [placed(tree, loc, said) for loc, said in found if not (len(loc) == 1 and loc[0] in lacking)]


def flaws(tree: Tree, schema: type[Document]) -> list[Flaw]:
    """What keeps a tree that can be read from being a document, each with the place of its key."""
    if tree.root is None or not isinstance(tree.root.value, dict):
        return []
    raw = tree.root.plain() | ({"body": tree.body} if schema.BODY else {})
    lacking = list(schema.lacking(raw))
    found: list[Flaw] = [((key,), absent(key)) for key in lacking]
    try:
        schema.model_validate(raw)
    except ValidationError as error:
        said = [flaw for details in error.errors(include_url=False) for flaw in _said(details, schema)]
        found += (flaw for flaw in said if not (len(flaw[0]) == 1 and flaw[0][0] in lacking))
    return found


def parse(text: str, schema: type[D], path: str) -> tuple[D | None, list[Problem]]:
    """The document, or every problem that the text has."""
    return build(read(text, path), schema)


def placed(tree: Tree, loc: Loc, said: str) -> Problem:
    """A problem at its line, with the name of the nearest key that is written there."""
    if loc == ("body",):
        return Problem(tree.path, tree.body_line, said, loc)
    line, known = tree.root.find(loc) if tree.root else (1, ())
    name = ", ".join(str(part + 1) if isinstance(part, int) else part for part in known)
    return Problem(tree.path, line, _("%(key)s : %(said)s", key=name, said=said) if name else said, tree.written(loc))


def _said(details: ErrorDetails, schema: type[Document]) -> Iterator[Flaw]:
    """A validation error as sentences for its author."""
    kind, loc, given = details["type"], tuple(details["loc"]), details.get("input")
    limits: Mapping[str, Any] = details.get("ctx", {})
    if kind == "flaws":
        for inner, message in limits["flaws"]:
            yield loc + tuple(inner), message
    elif kind == "missing":
        yield loc, absent(str(loc[-1]))
    elif kind == "extra_forbidden":
        yield loc, _unknown(str(loc[-1]), details, schema, loc)
    elif kind == "literal_error":
        yield loc, _("« %(value)s » n’est pas possible ; attendu : %(expected)s", **_choice(given, limits["expected"]))
    elif kind == "union_tag_invalid":
        value = given.get("type", "") if isinstance(given, dict) else ""
        said = _("« %(value)s » n’est pas possible ; attendu : %(expected)s", **_choice(value, limits["expected_tags"]))
        yield (*loc, "type"), said
    elif kind == "string_type":
        yield loc, _("du texte est attendu, pas une liste ni des clés")
    elif kind == "too_short" and isinstance(given, list) and len(given) >= int(limits["min_length"]):
        return  # enough are written: what is wrong is said of each
    elif kind in ("string_too_short", "too_short"):
        yield loc, _few(given, int(limits["min_length"]))
    elif kind in ("string_too_long", "too_long"):
        yield loc, _much(given, int(limits["max_length"]))
    elif kind == "greater_than_equal":
        yield loc, _("trop petit : %(least)s au moins", least=limits["ge"])
    elif kind == "less_than_equal":
        yield loc, _("trop grand : %(most)s au plus", most=limits["le"])
    elif kind in ("tuple_type", "list_type"):
        yield loc, _("une liste est attendue, un élément par ligne après « - »")
    elif kind in ("model_type", "model_attributes_type", "dict_type", "union_tag_not_found"):
        yield loc, _("des clés sont attendues, une par ligne")
    else:
        yield loc, _("valeur impossible")


def absent(key: str) -> str:
    return _("il manque le texte, après les clés") if key == "body" else _("il manque « %(key)s »", key=key)


def _choice(given: object, expected: object) -> dict[str, str]:
    words = str(expected).replace("'", "").replace(" or ", ", ")
    return {"value": given[:60] if isinstance(given, str) else "…", "expected": words}


def _few(given: object, least: int) -> str:
    if isinstance(given, str):
        return _("ce texte est vide")
    return ngettext("au moins %(n)s élément est attendu", "au moins %(n)s éléments sont attendus", least)


def _much(given: object, most: int) -> str:
    if isinstance(given, str):
        return _("trop long : %(n)s caractères, %(most)s au plus", n=len(given), most=most)
    return _("trop d’éléments : %(most)s au plus", most=most)


def _unknown(key: str, details: ErrorDetails, schema: type[Document], loc: Loc) -> str:
    known = _keys(schema) if len(loc) == 1 else ()
    if close := difflib.get_close_matches(key, known, 1):
        return _("clé inconnue « %(key)s » : vouliez-vous « %(close)s » ?", key=key[:40], close=close[0])
    return _("clé inconnue « %(key)s »", key=key[:40])


def _keys(schema: type[BaseModel]) -> tuple[str, ...]:
    return tuple(field.alias or name for name, field in schema.model_fields.items() if name != "body")


def render(doc: Document) -> str:
    """The canonical text of a document, or of a translation: then its own words alone."""
    front = plain(doc) if doc.original is doc else words(doc)
    body = front.pop("body", "")
    text = emit(front)
    if not doc.BODY:
        return text
    return f"---\n{text}---\n\n{body}\n" if body else f"---\n{text}---\n"


@lru_cache(maxsize=2000)
def digest(doc: Document) -> str:
    """SHA-256 of what the document says, whatever its spelling was. Asked of every text whenever one is looked at."""
    return hashlib.sha256(render(doc).encode()).hexdigest()


def plain(model: BaseModel) -> dict[str, Any]:
    """A model as texts, lists and maps in canonical order, defaults left out; its schema takes it back."""
    plain = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if field.is_required() or value != field.get_default(call_default_factory=True):
            plain[field.alias or name] = _value(value)
    return plain


def words(doc: Doc) -> dict[str, Any]:
    """What a translation says, in canonical order: what it repeats or leaves to the original left out."""
    said = {}
    for name, field in type(doc).model_fields.items():
        value, before, mark = getattr(doc, name), getattr(doc.original, name), role(field)
        if mark is not None and value and (mark.needed or value != before):
            spoken = isinstance(value, tuple) and isinstance(value[0], Doc)
            said[field.alias or name] = [words(item) for item in value] if spoken else _value(value)
    return said


def _value(value: object) -> Any:
    if isinstance(value, BaseModel):
        return plain(value)
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)
