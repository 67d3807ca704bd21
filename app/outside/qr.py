"""A text as a square that a telephone reads: black on white in both themes, its quiet zone kept."""

import io

import segno


def svg(text: str) -> str:
    """The square as an SVG element to set in a page, without a size of its own."""
    out = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(out, kind="svg", xmldecl=False, svgns=False, omitsize=True, nl=False, dark="#000", light="#fff", border=4)
    return out.getvalue().decode()
