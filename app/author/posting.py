"""What the form of a text sends, as the text that it makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from app.author.pages.text import schema_of
from app.content import editing, text
from app.content.yamltext import emit
from app.errors import Refused
from app.i18n import _

FIELDS = 4000
"""The most that a text’s form sends: the longest list that ships has some 900 inputs (tests/author/test_text.py)."""


@dataclass(frozen=True)
class Sent:
    text: str
    """As it was typed."""
    after: str
    """The same after the button of a list, if one was pressed."""
    seen: int
    """The version that the page showed."""
    at: str
    """Where the page opens again: the name of an input, or of an element of a list."""
    removes: bool = False
    over: bool = False
    """It goes over another text, knowingly: that one becomes a version in any case."""


def sent(path: str, form: "MultiDict[str, str]") -> Sent:
    """`path`: of the text. Its version is 0 where the form says none: it meets whatever is there.

    Raises Refused.
    """
    given = form.get("seen", "")
    seen = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    if "raw" in form:
        raw = form["raw"].replace("\r\n", "\n").replace("\r", "\n")
        return Sent(raw, raw, seen, "", over="over" in form)
    kind = form.get("kind", "")
    schema = schema_of(path, text.read(f"---\n{emit({'kind': kind})}---\n" if kind else "", path))
    if schema is None:
        raise Refused(_("Ce texte ne peut pas être enregistré ainsi : rechargez la page."))
    posted: Mapping[str, Sequence[str]] = {name: form.getlist(name) for name in form}
    plain = editing.named(schema, editing.typed(schema, posted))
    typed = editing.written(schema, plain, path)
    act = form.get("act", "")
    if not act:
        return Sent(typed, typed, seen, "")
    changed = editing.named(schema, editing.changed(schema, plain, act))
    return Sent(typed, editing.written(schema, changed, path), seen, editing.landing(changed, act), "remove:" in act)


def worded(form: "MultiDict[str, str]") -> str:
    """The alternative text of a picture, without what would end it too early."""
    return " ".join(form.get("alt", "").translate(str.maketrans("[]", "  ")).split())[:300]


def pictured(form: "MultiDict[str, str]", alt: str, name: str) -> "MultiDict[str, str]":
    """The same form, its body with a picture: after the paragraph that the cursor was in, else at the end."""
    changed = MultiDict(form)
    body, given = form.get("body", "").replace("\r\n", "\n"), form.get("place", "")
    at = min(int(given), len(body)) if given.isascii() and given.isdigit() and len(given) < 8 else len(body)
    if at and body[at - 1] != "\n":
        at = end if (end := body.find("\n\n", at)) >= 0 else len(body)
    parts = (body[:at].rstrip(), f"![{alt}]({name})", body[at:].strip("\n"))
    changed["body"] = "\n\n".join(part for part in parts if part)
    return changed
