"""Figures: an SVG holds geometry, palette classes and words, nothing else; other images are what their name says."""

import re
import struct
from collections.abc import Iterator
from html import escape
from io import BytesIO
from xml.etree.ElementTree import Element
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml import DefusedXmlException, ElementTree
from defusedxml.expatreader import create_parser

from app.content.documents import Problem
from app.i18n import _, typo

LARGEST = 200_000
"""Bytes of one SVG."""
ELEMENTS = 2_000
"""Elements of one SVG."""
DEEPEST = 20
"""Groups within groups."""
SPACE = "http://www.w3.org/2000/svg"

_COLOURS = "ink soft line ground surface sapin sapin-t balise balise-t phare phare-t lac lac-t none"
_OTHERS = "w1 w2 w3 dash txt txt-s txt-l bold mid end"
_TAGS = "svg g path rect circle ellipse line polyline polygon text tspan title desc defs marker"
_LENGTHS = (
    "x y x1 y1 x2 y2 cx cy r rx ry dx dy width height points viewBox refX refY markerWidth markerHeight textLength"
)
_MODES = "stroke-linecap stroke-linejoin fill-rule markerUnits preserveAspectRatio lengthAdjust"
_MARKERS = "marker-start marker-mid marker-end"

CLASSES = frozenset(
    [f"{paint}-{colour}" for paint in ("fill", "stroke") for colour in _COLOURS.split()] + _OTHERS.split()
)
TAGS = frozenset(_TAGS.split())
ATTRIBUTES = {
    **dict.fromkeys(_LENGTHS.split(), r"[-+0-9.eE,\s%]{1,20000}"),
    "d": r"[-+0-9.eE,\sMmLlHhVvCcSsQqTtAaZz]{1,20000}",
    "transform": r"[-+0-9.eE,\s()a-zA-Z]{1,500}",
    "orient": r"auto|auto-start-reverse|-?[0-9.]{1,8}",
    "id": r"[A-Za-z][\w-]{0,40}",
    **dict.fromkeys(_MARKERS.split(), r"url\(#[A-Za-z][\w-]{0,60}\)"),
    **dict.fromkeys(_MODES.split(), r"[a-zA-Z][a-zA-Z\s-]{0,30}"),
}
"""Attribute -> the whole pattern of its value. Colours, sizes of letters and widths of lines are classes."""


def check(content: bytes, path: str) -> list[Problem]:
    """Everything that keeps an image from being shown."""
    if not path.endswith(".svg"):
        return [] if size(content, path) else [Problem(path, 1, _("ce fichier n’est pas une image de ce type"))]
    if len(content) > LARGEST:
        return [Problem(path, 1, _("figure trop lourde : %(n)s Ko au plus", n=LARGEST // 1000))]
    reader = _Reader(path)
    parser = create_parser(forbid_dtd=True)
    parser.setContentHandler(reader)
    try:
        parser.parse(BytesIO(content))
    except SAXParseException as error:
        reader.say(_("ce fichier n’est pas du XML bien formé"), error.getLineNumber() or 1)
    except (DefusedXmlException, LookupError, ValueError):
        reader.say(_("ni DOCTYPE ni entité, et de l’UTF-8"))
    return sorted(set(reader.problems))


class _Reader(ContentHandler):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.problems: list[Problem] = []
        self.count = self.depth = 0
        self.locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:
        self.locator = locator

    def say(self, message: str, line: int = 0) -> None:
        here = self.locator.getLineNumber() if self.locator and not line else line
        self.problems.append(Problem(self.path, here or 1, message))

    def processingInstruction(self, target: str, data: str) -> None:
        self.say(_("pas d’instruction « <?%(name)s »", name=target[:40]))

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        self.count += 1
        self.depth += 1
        if self.count == ELEMENTS + 1:
            self.say(_("trop d’éléments : %(n)s au plus", n=ELEMENTS))
        if self.depth == DEEPEST + 1:
            self.say(_("trop de niveaux emboîtés : %(n)s au plus", n=DEEPEST))
        if self.count == 1:
            self._root(name, attrs)
        elif name == "svg":
            self.say(_("un seul élément svg"))
        if name not in TAGS:
            self.say(_("élément « %(name)s » interdit dans une figure", name=name[:40]))
            return
        for key, value in attrs.items():
            self._attribute(name, key, value)

    def endElement(self, name: str) -> None:
        self.depth -= 1

    def _root(self, name: str, attrs: AttributesImpl) -> None:
        if name != "svg" or attrs.get("xmlns") != SPACE:
            self.say(_('la figure commence par <svg xmlns="%(space)s" viewBox=…>', space=SPACE))
        if not re.fullmatch(r"\s*(?:-?[0-9.]+[\s,]+){2}[0-9.]+[\s,]+[0-9.]+\s*", attrs.get("viewBox", "")):
            self.say(_("« viewBox » est attendu, avec quatre nombres"))

    def _attribute(self, name: str, key: str, value: str) -> None:
        if key == "xmlns" and name == "svg" and value == SPACE:
            return
        if key == "class":
            for word in value.split():
                if word not in CLASSES:
                    self.say(_("classe « %(name)s » inconnue dans une figure", name=word[:40]))
        elif name == "svg" and key in ("width", "height"):
            self.say(_("ni width ni height sur svg : viewBox suffit"))
        elif key not in ATTRIBUTES:
            self.say(_("attribut « %(name)s » interdit dans une figure", name=key[:40]))
        elif not re.fullmatch(ATTRIBUTES[key], value.strip()):
            self.say(_("valeur impossible pour « %(name)s »", name=key))


def inline(content: bytes, alt: str, prefix: str) -> str:
    """An SVG as part of a page: one image for those who listen, ids of its own. Nothing when it is not allowed."""
    if check(content, "figure.svg"):
        return ""
    root = ElementTree.fromstring(content, forbid_dtd=True)
    box = escape(root.get("viewBox", ""))
    inside = "".join(_write(child, prefix) for child in root)
    return f'<svg viewBox="{box}" role="img" aria-label="{escape(alt)}">{inside}</svg>'


def _write(element: Element, prefix: str) -> str:
    name = element.tag.removeprefix(f"{{{SPACE}}}") if isinstance(element.tag, str) else ""
    tail = escape(typo(element.tail)) if element.tail and element.tail.strip() else ""
    if name not in TAGS or name in ("svg", "title", "desc"):
        return tail
    attributes = "".join(_attributes(name, element, prefix))
    text = escape(typo(element.text)) if element.text and name in ("text", "tspan") else ""
    inside = "".join(_write(child, prefix) for child in element)
    return f"<{name}{attributes}>{text}{inside}</{name}>{tail}"


def _attributes(name: str, element: Element, prefix: str) -> Iterator[str]:
    for key, value in element.items():
        if key == "id":
            if name == "marker":
                yield f' id="{escape(prefix)}-{escape(value)}"'
        elif key.startswith("marker-"):
            yield f' {key}="{escape(value.replace("#", f"#{prefix}-"))}"'
        else:
            yield f' {key}="{escape(value)}"'


def size(content: bytes, path: str) -> tuple[int, int] | None:
    """Width and height of an image in pixels, if it is of the type that its name says."""
    try:
        if path.endswith(".png") and content.startswith(b"\x89PNG\r\n\x1a\n"):
            width, height = struct.unpack(">II", content[16:24])
        elif path.endswith(".jpg") and content.startswith(b"\xff\xd8\xff"):
            width, height = _jpeg(content)
        elif path.endswith(".webp") and content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            width, height = _webp(content)
        else:
            return None
    except (struct.error, IndexError):
        return None
    return (width, height) if 0 < width <= 20_000 and 0 < height <= 20_000 else None


def _jpeg(content: bytes) -> tuple[int, int]:
    at = 2
    while content[at] == 0xFF:
        mark, length = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return 0, 0


def _webp(content: bytes) -> tuple[int, int]:
    form = content[12:16]
    if form == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if form == b"VP8L":
        bits = struct.unpack("<I", content[21:25])[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", content[26:30])
    return width & 0x3FFF, height & 0x3FFF
