"""A text as an OpenDocument file, to be edited at work: A4, headings and paragraphs that a word processor knows."""

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Literal
from xml.sax.saxutils import escape

Block = tuple[Literal["title", "heading", "text", "small"], str]
MIME = "application/vnd.oasis.opendocument.text"
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{where}:1.0"'
    for name, where in (
        ("office", "office"),
        ("text", "text"),
        ("style", "style"),
        ("fo", "xsl-fo-compatible"),
        ("meta", "meta"),
        ("manifest", "manifest"),
    )
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""What XML has no way to say."""


def document(title: str, lang: str, blocks: Sequence[Block]) -> bytes:
    """`blocks`: in order; a line of a text is a paragraph. The same words give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        _put(file, "mimetype", MIME, zipfile.ZIP_STORED)
        _put(file, "content.xml", _content(blocks))
        _put(file, "styles.xml", _styles(lang))
        _put(file, "meta.xml", _meta(title, lang))
        _put(file, "META-INF/manifest.xml", _manifest())
    return out.getvalue()


def _put(file: zipfile.ZipFile, name: str, text: str, how: int = zipfile.ZIP_DEFLATED) -> None:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = how
    file.writestr(entry, text.encode())


def _said(text: str) -> str:
    return escape(_UNWRITABLE.sub("", text))


def _content(blocks: Sequence[Block]) -> str:
    body = "".join(_block(style, line) for style, text in blocks for line in text.splitlines() if line.strip())
    return (
        f'{_HEAD}<office:document-content {_SPACES} office:version="1.3">'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )


def _block(style: str, line: str) -> str:
    level = {"title": 1, "heading": 2}.get(style)
    if level:
        name = f"Heading_20_{level}"
        return f'<text:h text:style-name="{name}" text:outline-level="{level}">{_said(line)}</text:h>'
    return f'<text:p text:style-name="{"Small" if style == "small" else "Standard"}">{_said(line)}</text:p>'


def _styles(lang: str) -> str:
    country = {"fr": "FR", "en": "GB"}[lang]
    return (
        f'{_HEAD}<office:document-styles {_SPACES} office:version="1.3"><office:styles>'
        '<style:default-style style:family="paragraph"><style:text-properties fo:font-size="11pt" '
        f'fo:language="{lang}" fo:country="{country}"/></style:default-style>'
        '<style:style style:name="Standard" style:family="paragraph" style:class="text">'
        '<style:paragraph-properties fo:margin-bottom="0.2cm" fo:line-height="120%"/></style:style>'
        f"{_heading(1, 20, '0.4cm')}{_heading(2, 13, '0.15cm')}"
        '<style:style style:name="Small" style:family="paragraph" style:parent-style-name="Standard">'
        '<style:text-properties fo:font-size="9pt"/></style:style></office:styles><office:automatic-styles>'
        '<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" '
        'fo:margin="2cm"/></style:page-layout></office:automatic-styles><office:master-styles>'
        '<style:master-page style:name="Standard" style:page-layout-name="A4"/></office:master-styles>'
        "</office:document-styles>"
    )


def _heading(level: int, size: int, below: str) -> str:
    return (
        f'<style:style style:name="Heading_20_{level}" style:display-name="Heading {level}" style:family="paragraph" '
        f'style:parent-style-name="Standard" style:default-outline-level="{level}">'
        f'<style:paragraph-properties fo:margin-top="{below}" fo:margin-bottom="{below}" fo:keep-with-next="always"/>'
        f'<style:text-properties fo:font-size="{size}pt" fo:font-weight="bold"/></style:style>'
    )


def _meta(title: str, lang: str) -> str:
    return (
        f'{_HEAD}<office:document-meta {_SPACES} xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3">'
        f"<office:meta><dc:title>{_said(title)}</dc:title><dc:language>{lang}</dc:language>"
        "<meta:generator>Balises</meta:generator></office:meta></office:document-meta>"
    )


def _manifest() -> str:
    files = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{mime}"/>'
        for path, mime in (("/", MIME), *((f"{name}.xml", "text/xml") for name in ("content", "styles", "meta")))
    )
    return f'{_HEAD}<manifest:manifest {_SPACES} manifest:version="1.3">{files}</manifest:manifest>'
