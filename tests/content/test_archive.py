"""An archive gives back what was put in it, to the byte; a hostile one is refused before anything is unpacked."""

import io
import stat
import struct
import zipfile

import pytest

from app.content import archive
from app.content.folder import LARGEST
from tests.content.test_course import FILES

KIT = {path: content for path, content in FILES.items() if path.startswith("kits/kit-demo/")}
FRONT = "kits/kit-demo/kit.md"


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], way: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", way) as made:
        for name, content in entries:
            made.writestr(name, content, way)
    return held.getvalue()


def refused(content: bytes) -> str:
    files, problems = archive.unpack(content)
    assert files == {}
    assert problems
    return "\n".join(map(str, problems)).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("root", ["kits/kit-demo/", "pathways/demo/", "diagnostics/demo/", "cases/demo-voisins/"])
def test_what_goes_out_comes_in_and_goes_out_the_same(root: str) -> None:
    files = {path: content for path, content in FILES.items() if path.startswith(root)}
    packed = archive.pack(files)
    unpacked, problems = archive.unpack(packed)
    assert problems == []
    assert unpacked == files
    assert archive.pack(dict(reversed(unpacked.items()))) == packed


@pytest.mark.parametrize(
    "name",
    [
        "../kit.md",
        "/etc/passwd",
        "kits/kit-demo/../../kit.md",
        "kits/kit-demo/files/x.html",
        "kits/kit-demo/files/x.exe",
        "kits\\kit-demo\\kit.md",
        "C:/kits/kit-demo/kit.md",
        "kits/KIT/kit.md",
        "kits/kit-demo/kit.md\x00.svg",
        "kits/kit-demo/files/x.svg.php",
        "__MACOSX/kits/kit-demo/._kit.md",
    ],
)
def test_a_name_without_a_place_in_a_course_is_refused(name: str) -> None:
    info = zipfile.ZipInfo("x" * len(name))
    content = zipped((FRONT, KIT[FRONT]), (info, b"x")).replace(b"x" * len(name), name.encode())
    assert "archive" in refused(content) or "emplacement" in refused(content) or "type de fichier" in refused(content)


def test_a_link_is_refused() -> None:
    info = zipfile.ZipInfo("kits/kit-demo/files/x.svg")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "pas de lien" in refused(zipped((FRONT, KIT[FRONT]), (info, b"/etc/passwd")))


def test_a_name_that_stands_twice_is_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        content = zipped((FRONT, KIT[FRONT]), (FRONT, b"other"))
    assert "deux fois" in refused(content)


def test_a_bomb_is_refused_by_what_it_declares() -> None:
    assert "trop lourd" in refused(zipped((FRONT, KIT[FRONT]), ("kits/kit-demo/files/x.svg", b"0" * (LARGEST + 1))))
    many = [(f"kits/kit-demo/files/x{n}.svg", b"") for n in range(archive.MANY)]
    assert "trop de fichiers" in refused(zipped((FRONT, KIT[FRONT]), *many))
    heavy = [(f"kits/kit-demo/files/x{n}.svg", b"0" * LARGEST) for n in range(31)]
    assert "trop lourde" in refused(zipped((FRONT, KIT[FRONT]), *heavy))


def test_a_bomb_is_refused_by_what_it_holds() -> None:
    """It says ten bytes, and holds three millions."""
    content = bytearray(zipped(("kits/kit-demo/files/x.svg", b"0" * 3_000_000), (FRONT, KIT[FRONT])))
    size = struct.pack("<L", 3_000_000)
    while (at := content.find(size)) >= 0:
        content[at : at + 4] = struct.pack("<L", 10)
    refused(bytes(content))


def test_what_is_no_archive_is_refused() -> None:
    whole = archive.pack(KIT)
    for content in (b"", b"PK", b"%PDF-1.7", whole[: len(whole) // 2], whole[:60] + b"\x00" * 40 + whole[100:]):
        refused(content)
    assert "comprimer" in refused(zipped((FRONT, KIT[FRONT]), way=zipfile.ZIP_BZIP2))
    encrypted = bytearray(whole)
    at = encrypted.find(b"PK\x01\x02")
    encrypted[at + 8] |= 1
    assert "chiffré" in refused(bytes(encrypted))


def test_text_is_utf_8_and_its_line_is_said() -> None:
    assert f"{FRONT}:2: " in refused(zipped((FRONT, b"---\ntitle: caf\xe9\n---\n")))


def test_an_archive_holds_one_folder_with_its_front() -> None:
    two = KIT | {path: content for path, content in FILES.items() if path.startswith("cases/demo-voisins/")}
    assert "un seul" in refused(archive.pack(two))
    assert "un seul" in refused(archive.pack({path: content for path, content in KIT.items() if path != FRONT}))
    assert "un seul" in refused(archive.pack({"taxonomy/needs.yaml": FILES["taxonomy/needs.yaml"]}))
    step = "pathways/demo/10-decouvrir/10-la-meme-rue.md"
    assert "un seul" in refused(archive.pack({step: FILES[step]}))
