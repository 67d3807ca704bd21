"""A picture that somebody sends: only what draws it is kept, never where or by what it was taken."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from app.content import figures
from app.errors import Refused
from app.i18n import _

LARGEST = 1_500_000
"""Bytes of one picture."""
PIXELS = 16_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_DRAWN = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"sRGB", b"gAMA")
_WEBP = (b"VP8 ", b"VP8L", b"VP8X", b"ALPH")


@dataclass(frozen=True)
class Picture:
    ending: str
    content: bytes


def kept(content: bytes) -> Picture:
    """A PNG, JPEG or WebP rewritten with its drawing alone; an SVG of our own alphabet as it is. Raises Refused."""
    if not content:
        raise Refused(_("Choisissez une image."), "picture")
    if len(content) > LARGEST:
        raise Refused(_("Cette image est trop lourde : %(n)s Ko au plus.", n=LARGEST // 1000), "picture")
    try:
        picture = _rewritten(content)
    except (struct.error, IndexError, ValueError, zlib.error):
        picture = None
    if picture is None:
        raise Refused(_("Ce fichier n’est pas une image PNG, JPEG, WebP ou SVG que l’on puisse lire."), "picture")
    if problems := figures.check(picture.content, f"x.{picture.ending}"):
        raise Refused(problems[0].message, "picture")
    width, height = figures.size(picture.content, f"x.{picture.ending}") or (1, 1)
    if width * height > PIXELS:
        said = _("Cette image est trop grande : %(n)s millions de pixels au plus.", n=PIXELS // 1_000_000)
        raise Refused(said, "picture")
    return picture


def _rewritten(content: bytes) -> Picture | None:
    if content.startswith(_PNG):
        return Picture("png", _PNG + b"".join(_png(content)))
    if content.startswith(b"\xff\xd8\xff"):
        return Picture("jpg", b"\xff\xd8" + b"".join(_jpeg(content)))
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        body = b"WEBP" + b"".join(_webp(content))
        return Picture("webp", b"RIFF" + struct.pack("<I", len(body)) + body)
    return Picture("svg", content) if b"<svg" in content[:1000] else None


def _png(content: bytes) -> Iterator[bytes]:
    at = len(_PNG)
    while True:
        length, name = struct.unpack(">I4s", content[at : at + 8])
        data = content[at + 8 : at + 8 + length]
        if struct.unpack(">I", content[at + 8 + length : at + 12 + length])[0] != zlib.crc32(name + data):
            raise ValueError
        if name in _DRAWN:
            yield content[at : at + 12 + length]
        if name == b"IEND":
            return
        at += 12 + length


def _jpeg(content: bytes) -> Iterator[bytes]:
    at = 2
    while True:
        if content[at] != 0xFF:
            raise ValueError
        mark = content[at + 1]
        if mark == 0xD9:
            yield b"\xff\xd9"
            return
        end = at + 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
        if mark == 0xDA:
            end = _scanned(content, end)
        if not (0xE0 <= mark <= 0xEF and mark != 0xEE) and mark != 0xFE:
            yield content[at:end]
        at = end


def _scanned(content: bytes, at: int) -> int:
    """Where the drawing that follows a start of scan ends: at the next mark that is not part of it."""
    while True:
        at = content.index(b"\xff", at)
        if content[at + 1] not in (0x00, *range(0xD0, 0xD8)):
            return at
        at += 2


def _webp(content: bytes) -> Iterator[bytes]:
    at, end = 12, min(len(content), 8 + struct.unpack("<I", content[4:8])[0])
    while at + 8 <= end:
        name, length = struct.unpack("<4sI", content[at : at + 8])
        data = content[at + 8 : at + 8 + length]
        if len(data) < length:
            raise ValueError
        if name == b"VP8X":  # neither profile, nor Exif, nor XMP, nor animation: they are not kept
            data = bytes([data[0] & 0b00010000]) + data[1:]
        if name in _WEBP:
            yield struct.pack("<4sI", name, length) + data + b"\x00" * (length % 2)
        at += 8 + length + length % 2
