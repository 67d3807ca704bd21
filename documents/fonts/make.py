"""Make the static fonts of the documents from those of the site: python documents/fonts/make.py

Typst wants one file a weight. Each one gets its own family and style names, so that it is found by them.
"""

from pathlib import Path

from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).parent
SITE = HERE.parent.parent / "static" / "fonts"
STYLES = {400: "Regular", 600: "SemiBold", 700: "Bold"}
MADE = (
    ("atkinson-next.woff2", "Atkinson Hyperlegible Next", 400),
    ("atkinson-next.woff2", "Atkinson Hyperlegible Next", 700),
    ("bricolage-700.woff2", "Bricolage Grotesque", 700),
    ("bricolage-chiffres.woff2", "Chiffres", 400),
    ("bricolage-700.woff2", "Chiffres", 700),
)


def main() -> None:
    for source, family, weight in MADE:
        font = TTFont(SITE / source, recalcTimestamp=False)
        if "fvar" in font:
            places = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes} | {"wght": weight}
            font = instantiateVariableFont(font, places)
        if family == "Chiffres":
            digits = Subsetter()
            digits.populate(text="0123456789")
            digits.subset(font)
        _name(font, family, weight)
        font.flavor = None
        font.save(HERE / f"{family.replace(' ', '')}-{STYLES[weight]}.ttf")


def _name(font: TTFont, family: str, weight: int) -> None:
    style, names = STYLES[weight], font["name"]
    for number in (16, 17, 21, 22, 25):
        names.removeNames(nameID=number)
    whole = {1: family, 2: style, 4: f"{family} {style}", 6: f"{family.replace(' ', '')}-{style}"}
    for number, text in whole.items():
        names.removeNames(nameID=number)
        names.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    bold = weight == 700
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b1100001) | (0b100000 if bold else 0b1000000)
    font["head"].macStyle = 1 if bold else 0


if __name__ == "__main__":
    main()
