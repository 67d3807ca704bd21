"""Documents as PDF, from a template of `documents/` and the words to set in it: A4, tagged for those who hear it."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import typst

ROOT = Path(__file__).resolve().parent.parent.parent / "documents"
UNDRAWN = "□"
TRIES = 20
_SIGNS = "\u2009\u202f–—‘’“”…•"
"""Beside European letters, what our fonts have for sure."""
_UNDRAWABLE = re.compile(r'the text `"(.+?)"` could not be displayed')
_NUMBER = re.compile(r"\\u\{([0-9a-f]{1,6})\}")


def document(template: str, data: Mapping[str, Any]) -> bytes:
    """`data`: words only, all of them; the template says where they stand, and has none of its own."""
    return compiled(template, data)[0]


def compiled(template: str, data: Mapping[str, Any]) -> tuple[bytes, list[str]]:
    """The PDF, and what typst found odd: nothing, a test holds it to that.

    A letter that our fonts lack is looked for on the machine; where it is not either, a box stands for it.
    """
    words = json.dumps(data, ensure_ascii=False).replace("\ufeff", "")
    for fonts in (_ours(), *(_every(),) * TRIES):
        try:
            return _compiled(template, words, fonts)
        except typst.TypstError as error:
            undrawn = _undrawn(error.message)
            if not undrawn:
                raise
            if fonts is _every():
                words = "".join(UNDRAWN if character in undrawn else character for character in words)
    return _compiled(template, "".join(c if c < "\u0250" or c in _SIGNS else "?" for c in words), _ours())


def _undrawn(said: str) -> set[str]:
    """The letters that typst complains of; invisible ones are written as their number."""
    found = _UNDRAWABLE.search(said)
    text = _NUMBER.sub(lambda number: chr(int(number[1], 16)), found[1]) if found else ""
    return {character for character in text if not character.isascii()}


def _compiled(template: str, words: str, fonts: typst.Fonts) -> tuple[bytes, list[str]]:
    compiler = typst.Compiler(ROOT / f"{template}.typ", ROOT, fonts)
    made, warnings = compiler.compile_with_warnings(format="pdf", sys_inputs={"data": words}, pdf_standards=["ua-1"])
    return cast(bytes, made), [warning.message for warning in warnings]


@cache
def _ours() -> typst.Fonts:
    """Ours, then those that typst carries for the letters that ours lack."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[ROOT / "fonts"])


@cache
def _every() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=[ROOT / "fonts"])
