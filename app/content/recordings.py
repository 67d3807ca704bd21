"""Videos, sounds and their captions: a file is what its name says, and captions can be shown."""

import re
from collections.abc import Iterator

from app.content import folder
from app.content.documents import Problem
from app.i18n import _

_TIMES = re.compile(r"([0-9:.]+)[ \t]+-->[ \t]+([0-9:.]+)(?:[ \t].*)?")
_TIME = re.compile(r"(?:([0-9]{2,}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})")


def check(content: bytes, path: str) -> list[Problem]:
    """Everything that keeps a recording from being played, or captions from being read."""
    ending = folder.ending(path)
    if ending in folder.CAPTIONS:
        return [Problem(path, line, said) for line, said in _captions(content)]
    return [] if _is(content, ending) else [Problem(path, 1, _("ce fichier n’est pas un enregistrement de ce type"))]


def _is(content: bytes, ending: str) -> bool:
    """By its first bytes."""
    match ending:
        case "mp4" | "m4a":
            return content[4:8] == b"ftyp"
        case "webm":
            return content[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in content[:64]
        case "ogg":
            return content[:4] == b"OggS"
        case "mp3":
            frame = content[:1] == b"\xff" and len(content) > 1 and content[1] & 0xE6 == 0xE2  # MPEG audio, layer III
            return content[:3] == b"ID3" or frame
    return False


def _captions(content: bytes) -> Iterator[tuple[int, str]]:
    """What is wrong in a WebVTT file: (line, sentence). Only cues and notes: no style, no region."""
    try:
        lines = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    except UnicodeDecodeError as error:
        yield content[: error.start].count(b"\n") + 1, _("ce texte n’est pas en UTF-8")
        return
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        yield 1, _("des sous-titres commencent par la ligne WEBVTT")
        return
    last, cues = 0.0, 0
    for start, block in _blocks(lines):
        head = block[0].split(" ", 1)[0]
        if start == 1 or head == "NOTE":
            continue
        timed = next((rank for rank, line in enumerate(block[:2]) if "-->" in line), None)
        if timed is None:
            yield start, _("une réplique commence par ses temps, comme 00:01.000 --> 00:04.000")
            continue
        begins, ends = _span(block[timed])
        cues += 1
        if begins is None or ends is None:
            yield start + timed, _("temps illisibles : 00:01.000 --> 00:04.000 est attendu")
            continue
        if ends <= begins:
            yield start + timed, _("cette réplique finit avant de commencer")
        if begins < last:
            yield start + timed, _("cette réplique commence avant celle qui la précède")
        if len(block) == timed + 1:
            yield start + timed, _("cette réplique n’a pas de texte")
        for rank, line in enumerate(block[timed + 1 :], timed + 1):
            if "-->" in line:
                yield start + rank, _("il manque une ligne vide avant ces temps")
        last = begins
    if not cues:
        yield 1, _("ces sous-titres n’ont aucune réplique")


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Lines that stand together, with the number of the first one."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _span(line: str) -> tuple[float | None, float | None]:
    found = _TIMES.fullmatch(line.strip())
    return (_seconds(found[1]), _seconds(found[2])) if found else (None, None)


def _seconds(text: str) -> float | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    return int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3]) + int(found[4]) / 1000
