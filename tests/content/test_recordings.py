"""Videos, sounds, captions: what is not what its name says, or could not be shown, is refused where it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.content import recordings
from app.content.folder import RECORDED

GOOD = """WEBVTT

NOTE à la main

1
00:00.500 --> 00:02.000 align:start
Un soir.

00:02.000 --> 01:00:04.000
Deux
lignes
"""


def said(content: bytes, path: str = "files/x.vtt") -> list[str]:
    return [f"{p.line}: {p.message}".replace("\u00a0", " ") for p in recordings.check(content, path)]


@pytest.mark.parametrize("text", [GOOD, "\ufeff" + GOOD, GOOD.replace("\n", "\r\n"), GOOD.rstrip("\n")])
def test_captions_that_a_browser_shows_are_taken(text: str) -> None:
    assert said(text.encode()) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("WEBVTT", "WEBVTT1", "1: des sous-titres commencent par la ligne WEBVTT"),
        ("WEBVTT\n", "1\n", "1: des sous-titres commencent"),
        ("00:02.000 align", "00:00.500 align", "6: cette réplique finit avant de commencer"),
        ("00:02.000 --> 01", "00:00.100 --> 01", "9: cette réplique commence avant celle qui la précède"),
        ("00:02.000 --> 01", "00:02,000 --> 01", "9: temps illisibles"),
        ("00:02.000 --> 01", "00:99.000 --> 01", "9: temps illisibles"),
        ("00:02.000 --> 01:00:04.000", "00:02.000", "9: une réplique commence par ses temps"),
        ("Un soir.\n", "", "6: cette réplique n’a pas de texte"),
        ("Un soir.\n\n", "Un soir.\n", "8: il manque une ligne vide avant ces temps"),
        ("NOTE à la main", "STYLE\n::cue{color:red}", "3: une réplique commence par ses temps"),
    ],
)
def test_broken_captions_are_refused_with_their_line(old: str, new: str, sentence: str) -> None:
    assert old in GOOD
    found = said(GOOD.replace(old, new, 1).encode())
    assert any(line.startswith(sentence) for line in found), found


def test_captions_without_a_cue_or_not_in_utf8_are_refused() -> None:
    assert said(b"WEBVTT\n\nNOTE rien\n") == ["1: ces sous-titres n’ont aucune réplique"]
    assert said(b"WEBVTT\n\n\xe9") == ["3: ce texte n’est pas en UTF-8"]


MAGIC = {
    "mp4": b"\x00\x00\x00\x18ftypisom",
    "m4a": b"\x00\x00\x00\x18ftypM4A ",
    "webm": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm",
    "ogg": b"OggS\x00\x02",
    "mp3": b"ID3\x04",
}


@pytest.mark.parametrize("ending", MAGIC)
def test_a_recording_is_what_its_name_says(ending: str) -> None:
    assert said(MAGIC[ending], f"files/x.{ending}") == []
    for other in (b"", b"\xff", b"<!doctype html><script>", b"WEBVTT", b"\x89PNG\r\n\x1a\n", b"MZ\x90\x00"):
        assert said(other, f"files/x.{ending}") == ["1: ce fichier n’est pas un enregistrement de ce type"]


def test_a_bare_mpeg_frame_is_a_sound() -> None:
    assert said(b"\xff\xfb\x90\x00", "files/x.mp3") == []
    assert said(b"\xff\xf3\x90\x00", "files/x.mp3") == []
    assert said(b"\xff\xd8\xff\xe0", "files/x.mp3") != []  # a photograph


@given(st.binary(max_size=300) | st.text(alphabet="WEBVT0123456789:.-> \n\rNOTE", max_size=300).map(str.encode))
def test_whatever_the_bytes_the_answer_is_sentences(content: bytes) -> None:
    for ending in RECORDED:
        lines = content.count(b"\n") + content.count(b"\r") + 1
        assert all(1 <= p.line <= lines and p.message for p in recordings.check(content, f"files/x.{ending}"))
