"""A picture that somebody sends keeps its drawing alone."""

import struct
import zlib

import pytest

from app.content import figures, pictures
from app.errors import Refused


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int = 2, height: int = 2, *more: bytes) -> bytes:
    drawn = zlib.compress(b"".join(b"\x00" + b"\x11\x22\x33" * width for _row in range(min(height, 10))))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", drawn) + chunk(b"IEND", b"")


def jpeg(*more: bytes) -> bytes:
    start = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    frame = b"\xff\xc0\x00\x0b\x08\x00\x02\x00\x02\x01\x01\x11\x00"
    return start + b"".join(more) + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x12\xff\x00\x34\xff\xd9"


SECRET = b"48.8566 N, 2.3522 E <script>x()</script>"


def test_what_tells_of_the_place_or_follows_the_drawing_is_not_kept() -> None:
    sent = png(2, 2, chunk(b"tEXt", b"Comment\x00" + SECRET), chunk(b"eXIf", SECRET)) + SECRET
    kept = pictures.kept(sent)
    assert kept == pictures.Picture("png", png())
    exif = b"\xff\xe1" + struct.pack(">H", 2 + len(SECRET)) + SECRET
    said = b"\xff\xfe" + struct.pack(">H", 2 + len(SECRET)) + SECRET
    photo = pictures.kept(jpeg(exif, said) + SECRET)
    assert SECRET not in photo.content
    assert figures.size(photo.content, "x.jpg") == (2, 2)
    lossless = b"VP8L" + struct.pack("<I", 6) + b"\x2f\x01\x40\x00\x00\x00"
    exif = b"EXIF" + struct.pack("<I", len(SECRET)) + SECRET
    body = b"WEBP" + lossless + exif
    webp = pictures.kept(b"RIFF" + struct.pack("<I", len(body)) + body)
    assert webp.content == b"RIFF" + struct.pack("<I", 4 + len(lossless)) + b"WEBP" + lossless


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!doctype html><script>x()</script>",
        b"GIF89a\x01\x00\x01\x00",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        png()[:-20],
        png().replace(b"IDAT", b"IDAX"),
        png(20_000, 20_000),
        jpeg()[:-1],
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xff",
        b"x" * (pictures.LARGEST + 1),
    ],
)
def test_what_is_no_picture_of_ours_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        pictures.kept(content)
