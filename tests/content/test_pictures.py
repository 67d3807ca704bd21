"""A picture that somebody sends is drawn again: what is seen stays, whatever else the file held is gone or refused."""

import io
import random
import struct
import subprocess
import sys
import zipfile
import zlib

import pytest
from PIL import Image, ImageOps

from app.config import ROOT
from app.content import pictures
from app.errors import Refused

SECRET = b"48.8566 N, 2.3522 E <script>x()</script>"
UP = Image.Resampling.BICUBIC


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int = 2, height: int = 2, *more: bytes) -> bytes:
    """Written by hand: of the largest, the first lines alone are there."""
    drawn = zlib.compress(b"".join(b"\x00" + b"\x11\x22\x33" * width for _row in range(min(height, 10))))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", drawn) + chunk(b"IEND", b"")


def drawing(width: int = 60, height: int = 40, mode: str = "RGB") -> Image.Image:
    """Four corners of four colours, so that one sees how it is turned."""
    corners = Image.new("RGB", (2, 2))
    corners.putdata([(200, 30, 30), (30, 160, 60), (40, 60, 200), (240, 200, 40)])
    return corners.resize((width, height), UP).convert(mode)


def sent(image: Image.Image, form: str, **more: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **more)  # type: ignore[arg-type]
    return out.getvalue()


def seen(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def with_exif(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    return exif


PROFILE = {"icc_profile": b"\0" * 128 + SECRET}
HELD: dict[str, bytes] = {
    "png": sent(drawing(), "PNG", exif=with_exif(1), **PROFILE)[:-12]
    + chunk(b"tEXt", b"Comment\0" + SECRET)
    + chunk(b"IEND", b""),
    "jpg": sent(drawing(), "JPEG", exif=with_exif(1), comment=SECRET, xmp=SECRET, **PROFILE),
    "webp": sent(drawing(), "WEBP", exif=with_exif(1), xmp=SECRET, **PROFILE),
}


@pytest.mark.parametrize("ending", HELD)
def test_nothing_that_was_said_of_a_picture_is_kept_nor_what_follows_it(ending: str) -> None:
    assert SECRET in HELD[ending]
    kept = pictures.kept(HELD[ending] + SECRET)
    assert kept.ending == ending
    assert SECRET not in kept.content
    again = seen(kept.content)
    assert (again.size, dict(again.getexif()), again.info.get("icc_profile")) == ((60, 40), {}, None)
    assert not {"comment", "Comment", "xmp", "exif"} & again.info.keys()


@pytest.mark.parametrize("ending", HELD)
def test_the_same_file_is_drawn_as_the_same_bytes(ending: str) -> None:
    assert pictures.kept(HELD[ending]) == pictures.kept(HELD[ending])


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_a_png_or_a_lossless_webp_keeps_each_colour(mode: str) -> None:
    image = drawing(mode=mode)
    if "A" in mode:
        image.putalpha(drawing(mode="L"))
    for form, more in (("PNG", {}), ("WEBP", {"lossless": True, "exact": True})):
        before = sent(image, form, **more)
        assert seen(pictures.kept(before).content).convert("RGBA").tobytes() == seen(before).convert("RGBA").tobytes()


def test_a_drawing_of_sixteen_bits_or_of_four_inks_is_read() -> None:
    assert seen(pictures.kept(sent(Image.new("I;16", (4, 4), 40_000), "PNG")).content).getpixel((0, 0)) == 156
    assert seen(pictures.kept(sent(drawing(mode="CMYK"), "JPEG")).content).mode == "RGB"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stands_upright_as_its_camera_said(orientation: int) -> None:
    before = sent(drawing(), "PNG", exif=with_exif(orientation))
    upright = ImageOps.exif_transpose(seen(before))
    kept = seen(pictures.kept(before).content)
    assert (kept.size, kept.tobytes()) == (upright.size, upright.tobytes())


@pytest.mark.parametrize(("form", "ending"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")])
def test_one_larger_than_the_page_is_drawn_smaller(form: str, ending: str) -> None:
    kept = pictures.kept(sent(drawing(4000, 3000), form))
    assert (kept.ending, seen(kept.content).size) == (ending, (1600, 1200))
    assert len(kept.content) < pictures.HEAVIEST


def test_of_the_pictures_that_a_camera_hides_behind_the_first_that_one_is_kept() -> None:
    both = sent(drawing(), "MPO", save_all=True, append_images=[drawing(30, 20)])
    assert both.startswith(b"\xff\xd8\xff")
    assert seen(pictures.kept(both).content).size == (60, 40)


SVG = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'%s/>"


def packed() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x.html", SECRET)
    return out.getvalue()


@pytest.mark.parametrize("ending", HELD)
@pytest.mark.parametrize(
    "tail", [packed(), b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", b"%PDF-1.4 /JavaScript"]
)
def test_a_file_that_is_two_things_is_only_a_picture_once_kept(ending: str, tail: bytes) -> None:
    kept = pictures.kept(HELD[ending] + tail)
    assert tail[:8] not in kept.content
    assert not zipfile.is_zipfile(io.BytesIO(kept.content))


HEAVY = zlib.compress(b"\0" * 80_000_000)
NOISE = Image.frombytes("RGB", (1600, 1600), random.Random(1).randbytes(1600 * 1600 * 3))
MOVING = [drawing(), drawing().rotate(90)]
REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "Choisissez"),
    "a page": (b"<!doctype html><script>x()</script>", "que l’on puisse lire"),
    "an old moving picture": (sent(drawing(mode="P"), "GIF"), "que l’on puisse lire"),
    "a kind that no browser shows": (sent(drawing(), "TIFF"), "que l’on puisse lire"),
    "another kind under our first bytes": (b"\x89PNG\r\n\x1a\n" + sent(drawing(), "GIF"), "que l’on puisse lire"),
    "a sound in the same envelope": (b"RIFF\x24\0\0\0WAVEfmt ", "que l’on puisse lire"),
    "a drawing that acts": (SVG.replace(b"%s/>", b"><script>x()</script></svg>"), "interdit"),
    "one that answers": (SVG % b" onload='x()'", "interdit"),
    "half a png": (HELD["png"][:200], "que l’on puisse lire"),
    "half a jpeg": (HELD["jpg"][: len(HELD["jpg"]) // 2], "que l’on puisse lire"),
    "half a webp": (HELD["webp"][: len(HELD["webp"]) // 2], "que l’on puisse lire"),
    "only first bytes": (b"\xff\xd8\xff", "que l’on puisse lire"),
    "a length that lies": (b"RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xff", "que l’on puisse lire"),
    "no height": (png(2, 0), "que l’on puisse lire"),
    "a png of four hundred million pixels": (png(20_000, 20_000), "trop grande"),
    "a jpeg of twenty-six": (sent(Image.new("L", (6500, 4000)), "JPEG"), "trop grande"),
    "a webp as large as it can be": (b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xfe\x3f\0" * 2, "trop grande"),
    "a profile that unfolds for ever": (png(2, 2, chunk(b"iCCP", b"x\0\0" + HEAVY)), "que l’on puisse lire"),
    "words that unfold for ever": (png(2, 2, chunk(b"zTXt", b"x\0\0" + HEAVY)), "que l’on puisse lire"),
    "a png that moves": (sent(MOVING[0], "PNG", save_all=True, append_images=MOVING[1:]), "bouge"),
    "a webp that moves": (sent(MOVING[0], "WEBP", save_all=True, append_images=MOVING[1:]), "bouge"),
    "too heavy": (b"\x89PNG\r\n\x1a\n" + b"x" * pictures.LARGEST, "trop lourde"),
    "too heavy once drawn": (sent(NOISE, "PNG"), "une fois réduite"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_picture_of_ours_is_refused_with_its_reason(what: str) -> None:
    content, said = REFUSED[what]
    with pytest.raises(Refused) as refusal:
        pictures.kept(content)
    assert said in refusal.value.message
    assert refusal.value.field == "picture"


@pytest.mark.parametrize("ending", HELD)
def test_a_broken_file_is_refused_or_drawn_and_never_breaks_the_site(ending: str) -> None:
    """Cut anywhere, and with any byte changed: of what is drawn, all is a picture again."""
    whole, chance = HELD[ending], random.Random(20)
    broken = [whole[:at] for at in range(0, len(whole), 7)]
    for _time in range(300):
        spoilt = bytearray(whole)
        for _byte in range(chance.choice((1, 1, 3, 20))):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        broken.append(bytes(spoilt))
    outcomes = [_outcome(content) for content in broken]
    assert set(outcomes) == {True, False}


def _outcome(content: bytes) -> bool:
    try:
        kept = pictures.kept(content)
    except Refused:
        return False
    seen(kept.content).load()
    assert SECRET not in kept.content
    return True


def test_the_site_starts_without_what_reads_pictures_and_spreadsheets() -> None:
    wanted = "print({'PIL', 'openpyxl'} & sys.modules.keys())"
    assert _told(f"import sys, app, app.worker, app.author.views, app.teach.views; {wanted}") == "set()"


def test_a_broken_picture_is_shown_to_no_other_decoder() -> None:
    code = f"""
import sys
from app.content import pictures
from app.errors import Refused
try:
    pictures.kept({png().replace(b"IHDR", b"XXXX")!r})
except Refused:
    print([name for name in ("png", "eps", "psd", "pdf") if f"PIL.{{name.title()}}ImagePlugin" in sys.modules])
"""
    assert _told(code) == "['png']"


def _told(code: str) -> str:
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return ran.stdout.strip()
