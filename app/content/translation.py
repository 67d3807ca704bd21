"""A translation: the original's document with the words of another language in the place of its own."""

from collections.abc import Iterator
from typing import Any, TypeVar

from app.content.documents import Problem
from app.content.schema import Doc, Document, Flaw, Loc, Role, role
from app.content.text import Tree, absent, checked, placed, plain
from app.i18n import _, ngettext

D = TypeVar("D", bound=Document)
BESIDE = "original"
"""The key under which a translation is kept with what it translates; no document has it."""


def translate(original: D, tree: Tree) -> tuple[D | None, list[Problem]]:
    """The document of a translation's tree, or everything that keeps it from being one."""
    problems = list(tree.problems)
    if tree.root is None:
        return None, problems
    said = tree.root.plain()
    if not isinstance(said, dict):
        return None, problems
    over = _Over()
    raw = over.document(original, {key: value for key, value in said.items() if key != "body"} | {"body": tree.body})
    if "body" in said:
        over.flaws.append((("body",), _("clé inconnue « %(key)s »", key="body")))
    doc, faults = checked(tree, type(original), raw)
    if doc is not None:
        link(doc, original)
        over.flaws += _strays(doc, ())
    problems += faults
    problems += (placed(tree, loc, sentence) for loc, sentence in over.flaws)
    return (None if problems else doc), sorted(set(problems))


def kept(doc: Document) -> dict[str, Any]:
    """A document as a revision keeps it; a translation is kept with its original."""
    return plain(doc) if doc.original is doc else {**plain(doc), BESIDE: plain(doc.original)}


def reread(schema: type[D], content: dict[str, Any]) -> D:
    """The document of what `kept` gave."""
    if BESIDE not in content:
        return schema.model_validate(content)
    doc = schema.model_validate({key: value for key, value in content.items() if key != BESIDE})
    link(doc, schema.model_validate(content[BESIDE]))
    return doc


def link(doc: Doc, original: Doc) -> None:
    """Let each part of a translation know what it translates."""
    doc._original = original
    for (_name, _rank, part), (_name, _rank, before) in zip(_parts(doc), _parts(original), strict=True):
        link(part, before)


def _parts(doc: Doc) -> Iterator[tuple[str, int, Doc]]:
    """The parts that hold words, with where they are."""
    for name, field in type(doc).model_fields.items():
        value = getattr(doc, name)
        if role(field) is not None and isinstance(value, tuple):
            yield from ((name, rank, part) for rank, part in enumerate(value) if isinstance(part, Doc))


def _strays(doc: Doc, loc: Loc) -> Iterator[Flaw]:
    for inner, sentence in doc.strays():
        yield (*loc, *inner), sentence
    for name, rank, part in _parts(doc):
        yield from _strays(part, (*loc, name, rank))


class _Over:
    """Lays what a translation says over its original, and says where it does not fit."""

    def __init__(self) -> None:
        self.flaws: list[Flaw] = []

    def document(self, original: Doc, said: object, loc: Loc = ()) -> dict[str, Any]:
        raw = plain(original)
        if not isinstance(said, dict):
            self.flaws.append((loc, _("des clés sont attendues, une par ligne")))
            return raw
        fields = {field.alias or name: (name, role(field)) for name, field in type(original).model_fields.items()}
        for key in said:
            if key not in fields:
                self.flaws.append(((*loc, key), _("clé inconnue « %(key)s »", key=key[:40])))
            elif fields[key][1] is None:
                said_twice = _("« %(key)s » est celui de l’original : retirez cette clé", key=key)
                self.flaws.append(((*loc, key), said_twice))
        for key, (name, mark) in fields.items():
            if mark is not None:
                self._key(raw, key, getattr(original, name), mark, said.get(key, ""), (*loc, key))
        return raw

    def _key(self, raw: dict[str, Any], key: str, before: Any, mark: Role, said: object, loc: Loc) -> None:
        if mark.same:
            if not said:
                self.flaws.append((loc[:-1], absent(key)))
            elif said != before:
                self.flaws.append(
                    (loc, _("« %(key)s » doit être celui de l’original : %(value)s", key=key, value=before))
                )
        elif not said:
            if before and mark.needed:
                self.flaws.append((loc if key == "body" else loc[:-1], absent(key)))
        elif not before and not mark.free:
            sentence = _("l’original n’a pas de texte ici : retirez-le") if key == "body" else _vain(key)
            self.flaws.append((loc, sentence))
        elif not (isinstance(before, tuple) and isinstance(said, list)) or mark.free:
            raw[key] = said
        elif len(said) != len(before):
            self.flaws.append((loc, _count(len(before), len(said))))
        else:
            raw[key] = [
                self._item(item, each, (*loc, rank)) for rank, (item, each) in enumerate(zip(before, said, strict=True))
            ]

    def _item(self, before: object, said: object, loc: Loc) -> object:
        return self.document(before, said, loc) if isinstance(before, Doc) else said


def _vain(key: str) -> str:
    return _("l’original n’a pas de « %(key)s » : retirez cette clé", key=key)


def _count(before: int, said: int) -> str:
    return ngettext(
        "%(said)s dans la traduction, mais %(n)s élément dans l’original",
        "%(said)s dans la traduction, mais %(n)s éléments dans l’original",
        before,
        said=said,
    )
