"""A picture that somebody sends is decoded and drawn again: only what is seen is kept (docs/decisions/0020)."""

from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any

from app.content import figures
from app.errors import Refused
from app.i18n import _

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST = 8_000_000
"""Bytes of what is sent."""
HEAVIEST = 1_500_000
"""Bytes of what is kept."""
SIDE = 1600
"""Pixels of the longer side of what is kept: a text is half as wide."""
PIXELS = {"png": 12_500_000, "webp": 12_500_000, "jpg": 25_000_000}
"""What is decoded at most; a JPEG is decoded smaller than it is."""
_SAVED: dict[str, dict[str, Any]] = {
    "png": {"format": "PNG"},
    "webp": {"format": "WEBP", "quality": 85},
    "jpg": {"format": "JPEG", "quality": 85, "optimize": True},
}
_ONE = Lock()
"""One picture at a time is decoded in a process: the largest takes some 180 MB while it is."""


@dataclass(frozen=True)
class Picture:
    ending: str
    content: bytes


def kept(content: bytes) -> Picture:
    """A PNG, JPEG or WebP drawn again, the same each time; an SVG of our own alphabet as it is. Raises Refused."""
    if not content:
        raise Refused(_("Choisissez une image."), "picture")
    if len(content) > LARGEST:
        raise Refused(_("Cette image est trop lourde : %(n)s Mo au plus.", n=LARGEST // 1_000_000), "picture")
    ending = _ending(content)
    if ending == "svg":
        if problems := figures.check(content, "x.svg"):
            raise Refused(problems[0].message, "picture")
        return Picture(ending, content)
    width, height = figures.size(content, f"x.{ending}") or (0, 0)
    if not width:
        raise _unreadable()
    if width * height > PIXELS[ending]:
        n = PIXELS[ending] // 1_000_000
        raise Refused(_("Cette image est trop grande : %(n)s millions de pixels au plus.", n=n), "picture")
    drawn = _drawn(content, ending)
    if len(drawn) > HEAVIEST:
        said = _(
            "Cette image reste trop lourde une fois réduite (%(n)s Ko au plus) : envoyez-la en JPEG.",
            n=HEAVIEST // 1000,
        )
        raise Refused(said, "picture")
    return Picture(ending, drawn)


def _ending(content: bytes) -> str:
    """What it is by its first bytes: its name says nothing."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if b"<svg" in content[:1000]:
        return "svg"
    raise _unreadable()


def _unreadable() -> Refused:
    return Refused(_("Ce fichier n’est pas une image PNG, JPEG, WebP ou SVG que l’on puisse lire."), "picture")


def _drawn(content: bytes, ending: str) -> bytes:
    from PIL import Image  # with the first picture, not with the site

    Image.MAX_IMAGE_PIXELS = max(PIXELS.values())  # what our own look at the size might have missed
    out = BytesIO()
    with _ONE:
        try:
            with Image.open(BytesIO(content), formats=[_SAVED[ending]["format"]]) as image:
                _still(image)
                if image.width * image.height > PIXELS[ending]:
                    raise _unreadable()
                small = _small(image, ending)
                more = {"lossless": b"VP8L" in content[:100]} if ending == "webp" else {}
                small.save(out, **_SAVED[ending] | more)
        except Refused:
            raise
        except Exception as error:  # a decoder has many ways to say that a file is broken
            raise _unreadable() from error
    return out.getvalue()


def _still(image: "Image") -> None:
    """The pictures that a camera hides behind the first (MPO) are no movement."""
    if getattr(image, "is_animated", False) and image.format != "MPO":
        raise Refused(_("Cette image bouge : envoyez une image fixe."), "picture")


def _small(image: "Image", ending: str) -> "Image":
    """Upright, no larger than what is shown, and without anything that was said of it."""
    from PIL import ExifTags

    image.draft("RGB", (SIDE, SIDE))
    upright = image.getexif().get(ExifTags.Base.Orientation, 1)
    small = _plain(image, ending)
    small.thumbnail((SIDE, SIDE), reducing_gap=2.0)
    turned = _upright(small, upright)
    turned.info = {}
    return turned


def _plain(image: "Image", ending: str) -> "Image":
    """In the colours that the format and its readers have."""
    if image.mode.startswith("I"):  # of 16 bits, the first 8 are seen
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if ending == "png" and image.mode == "P" and max(image.size) <= SIDE and not image.has_transparency_data:
        return image
    clear = ending != "jpg" and image.has_transparency_data
    mode = "RGBA" if clear else "L" if image.mode in ("1", "L", "LA") else "RGB"
    return image if image.mode == mode else image.convert(mode)  # not a second copy of the largest thing in memory


def _upright(image: "Image", orientation: int) -> "Image":
    from PIL.Image import Transpose as Turn

    turns = {
        2: Turn.FLIP_LEFT_RIGHT,
        3: Turn.ROTATE_180,
        4: Turn.FLIP_TOP_BOTTOM,
        5: Turn.TRANSPOSE,
        6: Turn.ROTATE_270,
        7: Turn.TRANSVERSE,
        8: Turn.ROTATE_90,
    }
    return image.transpose(turns[orientation]) if orientation in turns else image
