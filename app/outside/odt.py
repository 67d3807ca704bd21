"""A text as an OpenDocument file, to be edited at work: A4, headings, paragraphs and tables of words."""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

Block = tuple[Literal["title", "heading", "part", "sub", "text", "small"], str]
_LEVELS = ("title", "heading", "part", "sub")


@dataclass(frozen=True)
class Table:
    """Rows of words, below their heads if there are any."""

    name: str
    rows: Sequence[Sequence[str]]
    heads: Sequence[str] = ()
    headed: bool = False
    """The first word of each row is its head."""
    wide: bool = False
    """The last column is where one writes."""


@dataclass(frozen=True)
class Points:
    """A list, with dots or with numbers."""

    items: Sequence[str]
    numbered: bool = False


MIME = "application/vnd.oasis.opendocument.text"
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{where}:1.0"'
    for name, where in (
        ("office", "office"),
        ("text", "text"),
        ("style", "style"),
        ("table", "table"),
        ("fo", "xsl-fo-compatible"),
        ("meta", "meta"),
        ("manifest", "manifest"),
    )
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""What XML has no way to say."""


def document(title: str, lang: str, blocks: Sequence[Block | Table | Points], *, landscape: bool = False) -> bytes:
    """`blocks`: in order; a line of a text is a paragraph. The same words give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        _put(file, "mimetype", MIME, zipfile.ZIP_STORED)
        _put(file, "content.xml", _content(blocks))
        _put(file, "styles.xml", _styles(lang, landscape=landscape))
        _put(file, "meta.xml", _meta(title, lang))
        _put(file, "META-INF/manifest.xml", _manifest())
    return out.getvalue()


def _put(file: zipfile.ZipFile, name: str, text: str, how: int = zipfile.ZIP_DEFLATED) -> None:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = how
    file.writestr(entry, text.encode())


def _said(text: str) -> str:
    return escape(_UNWRITABLE.sub("", text))


_INDENT = (
    '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
    '<style:list-level-label-alignment text:label-followed-by="listtab" text:list-tab-stop-position="0.6cm" '
    'fo:text-indent="-0.6cm" fo:margin-left="0.6cm"/></style:list-level-properties>'
)
_BOXES = (
    "<office:automatic-styles>"
    '<style:style style:name="Box" style:family="table-cell"><style:table-cell-properties fo:padding="0.1cm" '
    'fo:border="0.5pt solid #5b6b63"/></style:style>'
    '<style:style style:name="Head" style:family="table-cell" style:parent-style-name="Box">'
    '<style:table-cell-properties fo:padding="0.1cm" fo:border="0.5pt solid #5b6b63" fo:background-color="#d9ebe0"/>'
    "</style:style>"
    f'<text:list-style style:name="Dots"><text:list-level-style-bullet text:level="1" text:bullet-char="•">{_INDENT}'
    "</text:list-level-style-bullet></text:list-style>"
    '<text:list-style style:name="Numbers"><text:list-level-style-number text:level="1" style:num-format="1" '
    f'style:num-suffix=".">{_INDENT}</text:list-level-style-number></text:list-style>'
    '<style:style style:name="Across" style:family="table"><style:table-properties style:rel-width="100%" '
    'table:align="margins"/></style:style>'
    '<style:style style:name="One" style:family="table-column">'
    '<style:table-column-properties style:column-width="2cm"/></style:style>'
    '<style:style style:name="Wide" style:family="table-column">'
    '<style:table-column-properties style:column-width="5cm"/></style:style></office:automatic-styles>'
)


def _content(blocks: Sequence[Block | Table | Points]) -> str:
    body = "".join(map(_drawn, blocks))
    return (
        f'{_HEAD}<office:document-content {_SPACES} office:version="1.3">{_BOXES}'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )


def _drawn(each: Block | Table | Points) -> str:
    if isinstance(each, Points):
        return _points(each)
    return _table(each) if isinstance(each, Table) else _lines(*each)


def _points(points: Points) -> str:
    """Each point a paragraph or several."""
    items = (f"<text:list-item>{_lines('point', each)}</text:list-item>" for each in points.items if each.strip())
    return f'<text:list text:style-name="{"Numbers" if points.numbered else "Dots"}">{"".join(items)}</text:list>'


def _lines(style: str, text: str) -> str:
    return "".join(_block(style, line) for line in text.splitlines() if line.strip())


def _table(table: Table) -> str:
    across = max(map(len, (table.heads, *table.rows)))
    heads = _row(table.heads, heads=len(table.heads))
    rows = "".join(_row(row, heads=int(table.headed)) for row in table.rows)
    return (
        f'<table:table table:name="{_said(table.name)}" table:style-name="Across">{_columns(across, wide=table.wide)}'
        f"{f'<table:table-header-rows>{heads}</table:table-header-rows>' if table.heads else ''}{rows}</table:table>"
        '<text:p text:style-name="Gap"/>'
    )


def _columns(across: int, *, wide: bool) -> str:
    if not wide:
        return f'<table:table-column table:style-name="One" table:number-columns-repeated="{across}"/>'
    return f'{_columns(across - 1, wide=False)}<table:table-column table:style-name="Wide"/>'


def _row(cells: Sequence[str], *, heads: int) -> str:
    found = [_cell(words, "Head" if rank < heads else "Box") for rank, words in enumerate(cells)]
    return f"<table:table-row>{''.join(found)}</table:table-row>"


def _cell(words: str, style: str) -> str:
    first = "Strong" if style == "Head" else "Cell"
    said = enumerate(words.splitlines() or [""])
    lines = [f'<text:p text:style-name="{"Cell" if rank else first}">{_said(line)}</text:p>' for rank, line in said]
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string">{"".join(lines)}</table:table-cell>'
    )


def _block(style: str, line: str) -> str:
    if style in _LEVELS:
        level = _LEVELS.index(style) + 1
        name = f"Heading_20_{level}"
        return f'<text:h text:style-name="{name}" text:outline-level="{level}">{_said(line)}</text:h>'
    leads = "Lead" if style == "text" and line.endswith(":") else "Standard"
    name = {"small": "Small", "point": "Point"}.get(style, leads)
    return f'<text:p text:style-name="{name}">{_said(line)}</text:p>'


def _styles(lang: str, *, landscape: bool) -> str:
    country = {"fr": "FR", "en": "GB"}[lang]
    width, height, way = ("29.7cm", "21cm", "landscape") if landscape else ("21cm", "29.7cm", "portrait")
    return (
        f'{_HEAD}<office:document-styles {_SPACES} office:version="1.3"><office:styles>'
        '<style:default-style style:family="paragraph"><style:text-properties fo:font-size="11pt" '
        f'fo:language="{lang}" fo:country="{country}"/></style:default-style>'
        '<style:style style:name="Standard" style:family="paragraph" style:class="text">'
        '<style:paragraph-properties fo:margin-bottom="0.2cm" fo:line-height="120%"/></style:style>'
        f"{_heading(1, 20, '0.4cm')}{_heading(2, 13, '0.15cm')}{_heading(3, 12, '0.15cm')}{_heading(4, 11, '0.1cm')}"
        '<style:style style:name="Small" style:family="paragraph" style:parent-style-name="Standard">'
        '<style:text-properties fo:font-size="9pt"/></style:style>'
        '<style:style style:name="Gap" style:family="paragraph"><style:text-properties fo:font-size="6pt"/>'
        "</style:style>"
        '<style:style style:name="Cell" style:family="paragraph" style:parent-style-name="Standard">'
        '<style:paragraph-properties fo:margin-bottom="0cm" fo:line-height="100%"/>'
        '<style:text-properties fo:font-size="10pt"/></style:style>'
        '<style:style style:name="Point" style:family="paragraph" style:parent-style-name="Standard">'
        '<style:paragraph-properties fo:margin-bottom="0.1cm"/></style:style>'
        '<style:style style:name="Lead" style:family="paragraph" style:parent-style-name="Standard">'
        '<style:paragraph-properties fo:keep-with-next="always"/></style:style>'
        '<style:style style:name="Strong" style:family="paragraph" style:parent-style-name="Cell">'
        '<style:text-properties fo:font-weight="bold"/></style:style></office:styles><office:automatic-styles>'
        f'<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="{width}" '
        f'fo:page-height="{height}" style:print-orientation="{way}" fo:margin="1.5cm"/></style:page-layout>'
        "</office:automatic-styles><office:master-styles>"
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
