"""What is new, as an Atom feed (RFC 4287)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree

SPACE = "http://www.w3.org/2005/Atom"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class Entry:
    """One thing that is new. `url`: absolute; `id`: never another's, never changed."""

    id: str
    url: str
    title: str
    text: str
    at: datetime


def feed(title: str, author: str, own_url: str, site_url: str, lang: str, entries: Sequence[Entry]) -> bytes:
    """`own_url`: where the feed is; `site_url`: the page that it is about. The latest entry first."""
    ElementTree.register_namespace("", SPACE)
    root = ElementTree.Element(f"{{{SPACE}}}feed", {XML_LANG: lang})
    _say(root, "id", own_url)
    _say(root, "title", title)
    _say(ElementTree.SubElement(root, f"{{{SPACE}}}author"), "name", author)
    _link(root, "self", own_url)
    _link(root, "alternate", site_url)
    latest = max((entry.at for entry in entries), default=None)
    _say(root, "updated", latest.isoformat() if latest else "1970-01-01T00:00:00+00:00")
    for entry in entries:
        one = ElementTree.SubElement(root, f"{{{SPACE}}}entry")
        _say(one, "id", entry.id)
        _say(one, "title", entry.title)
        _say(one, "updated", entry.at.isoformat())
        _link(one, "alternate", entry.url)
        _say(one, "summary", entry.text)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _say(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, f"{{{SPACE}}}{name}").text = text


def _link(parent: ElementTree.Element, rel: str, href: str) -> None:
    ElementTree.SubElement(parent, f"{{{SPACE}}}link", {"rel": rel, "href": href})
