"""The last thing that happens to HTML before it is shown: only what is listed here passes."""

import re

import nh3

from app.content.figures import ATTRIBUTES, CLASSES, TAGS

_SVG = TAGS - {"title", "desc"}
_WORDS = {
    "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "strong", "em", "code", "pre", "br", "hr",
    "a", "sup", "blockquote", "figure", "figcaption", "img", "details", "summary", "section", "div", "span",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ALLOWED: dict[str, set[str]] = {
    "a": {"href", "rel", "id", "aria-label", "title"},
    "li": {"id"},
    "ol": {"start"},
    "img": {"src", "alt", "width", "height", "loading"},
    "section": {"tabindex", "aria-label"},
    "th": {"scope"},
    **{tag: set(ATTRIBUTES) - {"id"} for tag in _SVG},
}
_ALLOWED["svg"] |= {"role", "aria-label", "aria-hidden"}
_ALLOWED["marker"] |= {"id"}
_ALLOWED_CLASSES: dict[str, set[str]] = {
    "ul": {"dots"},
    "section": {"ex", "scroll", "footnotes"},
    "div": {"note", "tip", "warn", "plain"},
    "details": {"fold"},
    "figure": {"quote"},
    "table": {"t"},
    "h2": {"h3"},
    "p": {"row", "g2"},
    "span": {"tag", "hue-lac"},
    **{tag: set(CLASSES) for tag in _SVG},
}
_ALLOWED_CLASSES["svg"] |= {"i"}
_VALUES = {
    "id": re.compile(r"(?:fn|fnref)-[0-9a-f]{6}-[0-9]+(?::[0-9]+)?|fig-[0-9a-f]{6}-[0-9]+-[A-Za-z][\w-]{0,40}"),
    "tabindex": re.compile(r"0"),
    "role": re.compile(r"img"),
    "loading": re.compile(r"lazy"),
    "scope": re.compile(r"col"),
    "rel": re.compile(r"external noopener noreferrer"),
    "start": re.compile(r"[0-9]{1,9}"),
    **{key: re.compile(pattern) for key, pattern in ATTRIBUTES.items() if key not in ("id", "width", "height")},
}


def _filter(tag: str, name: str, value: str) -> str | None:
    known = _VALUES.get(name)
    return value if known is None or known.fullmatch(value.strip()) else None


def sanitise(html: str) -> str:
    """The HTML, without any element, attribute, class or address that is not listed."""
    return nh3.clean(
        html,
        tags=_WORDS | set(_SVG),
        attributes=_ALLOWED,
        attribute_filter=_filter,
        allowed_classes=_ALLOWED_CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
