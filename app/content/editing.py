"""A document as a form: what its schema asks, as inputs; what a form posts, as the document's own plain data."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from app.content import naming, text
from app.content.schema import Document, Loc
from app.content.text import Tree
from app.content.yamltext import emit

Shape = Literal["line", "text", "body", "number", "switch", "choice", "date", "lines", "items", "fixed"]
Plain = dict[str, Any]
Posted = Mapping[str, Sequence[str]]
"""What a form sent: name -> values."""

LONG = 300
"""Characters that a single line may hold: past that, an area to write in."""
ITEMS = 200
"""What one list may hold in a form."""
_DAY = re.compile(r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2})?")
"""What a calendar can show: anything else stays as it was typed."""
_RANK = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True)
class Input:
    """One thing to write. `name`: its place, dots between keys and ranks, as `questions.0.ask`."""

    name: str
    key: str
    """Without its place, as `ask`; of an item of a list, the list's."""
    shape: Shape
    value: str = ""
    """What is written; of `lines`, one a line."""
    needed: bool = False
    choices: tuple[str, ...] = ()
    most: int = 0
    """Characters, or items of a list; 0 where nothing is said."""
    items: tuple["Item", ...] = ()
    kinds: tuple[str, ...] = ()
    """Of a list whose items are of several types, those that can be added."""
    within: str = ""
    """The keys around it without ranks, as `questions.options`."""


@dataclass(frozen=True)
class Item:
    """One element of a list. `kind`: its type, where a list has several."""

    name: str
    inputs: tuple[Input, ...]
    kind: str = ""


def inputs(schema: type[Document], tree: Tree) -> tuple[Input, ...]:
    """What a document asks, filled with what its text says. Of a text that cannot be read, nothing is filled."""
    return tuple(_inputs(_schema(schema), plain_of(schema, tree), "", ""))


def plain_of(schema: type[Document], tree: Tree) -> Plain:
    """The keys of a text as texts, lists and maps, its body among them."""
    plain = tree.root.plain() if tree.root is not None else {}
    found: Plain = plain if isinstance(plain, dict) else {}
    return found | {"body": tree.body} if schema.BODY else found


def typed(schema: type[Document], posted: Posted) -> Plain:
    """What a form posted, in the order of the schema; what is empty, or what goes without saying, is left out."""
    return _typed(_schema(schema), posted, "")


def written(schema: type[Document], plain: Plain, path: str) -> str:
    """The text of what was typed: canonical as soon as it makes a document, as it is until then."""
    front = {key: value for key, value in plain.items() if key != "body"}
    body = str(plain.get("body", "")).rstrip() if schema.BODY else ""
    said = emit(front) if front else ""
    if schema.BODY:
        said = f"---\n{said}---\n\n{body}\n" if body else f"---\n{said}---\n"
    doc, _problems = text.parse(said, schema, path)
    return text.render(doc) if doc is not None else said


def changed(schema: type[Document], plain: Plain, act: str) -> Plain:
    """The data after a button of a list: `add:questions`, `add:questions:single`, `remove:questions.2`, `up:…`.

    What leads nowhere changes nothing: the page may be older than the list.
    """
    verb, _colon, rest = act.partition(":")
    name, _colon, kind = rest.partition(":")
    way = name.split(".") if name else []
    if verb == "add":
        _add(schema, plain, way, kind)
    elif verb in ("remove", "up", "down") and way and _RANK.fullmatch(way[-1]):
        _move(plain, way[:-1], int(way[-1]), verb)
    return plain


def whole(schema: type[Document], tree: Tree) -> bool:
    """Whether the form of a text holds all that is written there: no unknown key, no list where a text is asked."""
    plain = tree.root.plain() if tree.root is not None else None
    return isinstance(plain, dict) and not tree.problems and _holds(_schema(schema), plain)


def named(schema: type[Document], plain: Plain) -> Plain:
    """The same with the names that nobody needs to invent: uids, names of fields, letters of axes."""
    _name(_schema(schema), plain, ())
    return plain


def drawn(loc: Loc, others: Collection[Loc]) -> bool:
    """Whether a name that lacks will be made with what else lacks: a label, or anything at all."""
    return (loc[-1:] == ("name",) and (*loc[:-1], "label") in others) or (loc == ("uid",) and len(others) > 1)


@cache
def _schema(schema: type[Document]) -> Mapping[str, Any]:
    whole = schema.model_json_schema()
    return {"properties": _resolved(whole, whole.get("$defs", {}))["properties"], "required": whole.get("required", ())}


def _resolved(node: Any, known: Mapping[str, Any]) -> Any:
    """A schema without references: none of ours turns upon itself."""
    if isinstance(node, list):
        return [_resolved(item, known) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _resolved(known[node["$ref"].rsplit("/", 1)[-1]], known)
    return {key: value if key == "discriminator" else _resolved(value, known) for key, value in node.items()}


def _inputs(schema: Mapping[str, Any], plain: Mapping[str, Any], prefix: str, within: str) -> Iterator[Input]:
    for key, said in schema["properties"].items():
        place = f"{prefix}.{key}" if prefix else key
        yield _input(key, _plainly(said), plain.get(key), place, key in schema.get("required", ()), within)


def _input(key: str, said: Mapping[str, Any], value: object, name: str, needed: bool, within: str) -> Input:
    shape, most = _shape(key, said, value), int(said.get("maxLength") or said.get("maxItems") or 0)
    if shape == "items":
        around = f"{within}.{key}" if within else key
        found = tuple(_items(said["items"], value, name, key, around))
        kinds = tuple(_types(said["items"]))
        return Input(name, key, shape, needed=needed, most=most or ITEMS, items=found, kinds=kinds, within=within)
    shown = "\n".join(map(str, value)) if isinstance(value, list) else str(value or "")
    if shape in ("switch", "choice", "fixed") and not shown:
        shown = _default(said)
    return Input(name, key, shape, shown, needed, tuple(said.get("enum", ())), most, within=within)


def _items(said: Mapping[str, Any], value: object, name: str, key: str, within: str) -> Iterator[Item]:
    for rank, item in enumerate(value if isinstance(value, list) else ()):
        place = f"{name}.{rank}"
        if said.get("type") == "string":
            yield Item(place, (_input(key, said, item, place, True, within),))
            continue
        here: Mapping[str, Any] = item if isinstance(item, dict) else {}
        kind, schema = _variant(said, str(here.get("type", "")))
        yield Item(place, tuple(_inputs(schema, here, place, within)), kind)


def _plainly(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an optional value is when it is there; a decimal number is written as a text."""
    some = [each for each in said.get("anyOf", ()) if each.get("type") != "null"]
    return some[0] | {"default": said.get("default")} if some else said


def _shape(key: str, said: Mapping[str, Any], value: object) -> Shape:
    if "const" in said:
        return "fixed"
    if "enum" in said:
        return "choice"
    match said.get("type"):
        case "boolean":
            return "switch"
        case "integer" | "number":
            return "number"
        case "array":
            plain = said["items"].get("type") == "string" and "enum" not in said["items"]
            broken = isinstance(value, list) and any(not isinstance(v, str) or "\n" in v or not v for v in value)
            return "lines" if plain and not broken else "items"
    if key == "body":
        return "body"
    if said.get("format") == "date" and _DAY.fullmatch(str(value or "")):
        return "date"
    return "line" if int(said.get("maxLength", 0)) <= LONG else "text"


def _default(said: Mapping[str, Any]) -> str:
    value = said.get("const", said.get("default"))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _types(said: Mapping[str, Any]) -> Iterator[str]:
    yield from (each["properties"]["type"]["const"] for each in said.get("oneOf", ()))


def _variant(said: Mapping[str, Any], kind: str) -> tuple[str, Mapping[str, Any]]:
    """The schema of an item, by its type where there are several; the first for a type that is none."""
    variants = {each["properties"]["type"]["const"]: each for each in said.get("oneOf", ())}
    if not variants:
        return "", said
    first = next(iter(variants))
    return (kind, variants[kind]) if kind in variants else (first, variants[first])


def _typed(schema: Mapping[str, Any], posted: Posted, prefix: str) -> Plain:
    plain: Plain = {}
    for key, said in schema["properties"].items():
        name = f"{prefix}.{key}" if prefix else key
        found = _value(key, _plainly(said), posted, name)
        if found not in ("", [], None):
            plain[key] = found
    return plain


def _value(key: str, said: Mapping[str, Any], posted: Posted, name: str) -> Any:
    if said.get("type") == "array":
        return _listed(said["items"], posted, name)
    given = posted[name][-1] if posted.get(name) else ""
    value = given.replace("\r\n", "\n").replace("\r", "\n")
    shape = _shape(key, said, value)
    if shape == "fixed":
        return "" if "default" in said else said["const"]
    if shape == "body":
        return value.rstrip()
    value = value.strip() if shape != "text" else "\n".join(line.rstrip() for line in value.strip().split("\n"))
    return "" if shape in ("switch", "choice") and value == _default(said) else value


def _listed(said: Mapping[str, Any], posted: Posted, name: str) -> list[Any]:
    if said.get("type") == "string" and name in posted:
        lines = "\n".join(posted[name]).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return [line.strip() for line in lines if line.strip()]
    ranks = {found[1] for given in posted if (found := re.match(rf"{re.escape(name)}\.([0-9]{{1,3}})(?:\.|$)", given))}
    items: list[Any] = []
    for rank in sorted(ranks, key=int)[:ITEMS]:
        place = f"{name}.{rank}"
        if said.get("type") == "string":
            items.append(_value("", said, posted, place))
            continue
        kind = posted[f"{place}.type"][-1] if posted.get(f"{place}.type") else ""
        items.append(_typed(_variant(said, kind)[1], posted, place))
    return items


def _add(schema: type[Document], plain: Plain, way: Sequence[str], kind: str) -> None:
    said: Mapping[str, Any] = _schema(schema)
    here: Any = plain
    for part in way:
        if _RANK.fullmatch(part):
            if not isinstance(here, list) or int(part) >= len(here):
                return
            here = here[int(part)]
            _kind, said = _variant(said["items"], str(here.get("type", "")) if isinstance(here, dict) else "")
        elif isinstance(here, dict) and part in said.get("properties", {}):
            said = _plainly(said["properties"][part])
            here = here.setdefault(part, [] if said.get("type") == "array" else {})
        else:
            return
    if isinstance(here, list) and said.get("type") == "array" and len(here) < int(said.get("maxItems", ITEMS)):
        string = said["items"].get("type") == "string"
        variant, _schema_of = _variant(said["items"], kind)
        here.append("" if string else ({"type": variant} if variant else {}))


def _move(plain: Plain, way: Sequence[str], rank: int, verb: str) -> None:
    here: Any = plain
    for part in way:
        if isinstance(here, list) and _RANK.fullmatch(part) and int(part) < len(here):
            here = here[int(part)]
        elif isinstance(here, dict) and part in here:
            here = here[part]
        else:
            return
    if not isinstance(here, list) or rank >= len(here):
        return
    item = here.pop(rank)
    if verb != "remove":
        here.insert(max(0, rank - 1) if verb == "up" else rank + 1, item)


def _holds(said: Mapping[str, Any], value: Any) -> bool:
    said = _plainly(said)
    if "properties" in said or "oneOf" in said:
        if not isinstance(value, dict):
            return False
        kind = str(value.get("type", ""))
        _kind, schema = _variant(said, kind)
        known = not said.get("oneOf") or kind in (*_types(said), "")
        properties = schema["properties"]
        return known and all(key in properties and _holds(properties[key], each) for key, each in value.items())
    if said.get("type") == "array":
        return isinstance(value, list) and len(value) <= ITEMS and all(_holds(said["items"], each) for each in value)
    return isinstance(value, str)


def _name(schema: Mapping[str, Any], plain: Plain, beside: Sequence[Plain]) -> None:
    """`beside`: the list that it is in."""
    properties = schema["properties"]
    if "uid" in schema.get("required", ()) and not plain.get("uid"):
        plain["uid"] = naming.new_uid()
    if {"name", "label"} <= properties.keys() and plain.get("label") and not plain.get("name"):
        plain["name"] = naming.field_name(str(plain["label"]), [str(each.get("name", "")) for each in beside])
    if {"code", "low"} <= properties.keys() and not plain.get("code"):
        plain["code"] = naming.letter([str(each.get("code", "")) for each in beside])
    for key, said in properties.items():
        items = plain.get(key)
        if isinstance(items, list) and _plainly(said)["items"].get("type") != "string":
            maps = [item for item in items if isinstance(item, dict)]
            for item in maps:
                _name(_variant(_plainly(said)["items"], str(item.get("type", "")))[1], item, maps)


def landing(plain: Plain, act: str) -> str:
    """The name of what a button added or moved, or of the list that it shortened."""
    verb, _colon, rest = act.partition(":")
    name = rest.partition(":")[0]
    way = name.split(".")
    if verb == "add":
        here: Any = plain
        for part in way:
            here = (
                here[int(part)]
                if isinstance(here, list) and _RANK.fullmatch(part) and int(part) < len(here)
                else (here.get(part, {}) if isinstance(here, dict) else {})
            )
        return f"{name}.{len(here) - 1}" if isinstance(here, list) and here else name
    if verb in ("up", "down") and _RANK.fullmatch(way[-1]):
        return ".".join([*way[:-1], str(max(0, int(way[-1]) + (1 if verb == "down" else -1)))])
    return ".".join(way[:-1])
