"""Figures: geometry, palette and words pass; anything that acts does not."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.content import figures

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 40">'
GOOD = (
    f'{HEAD}<title>T</title><defs><marker id="a" viewBox="0 0 4 4" refX="2" orient="auto">'
    '<path d="M0 0L4 2"/></marker></defs><g transform="translate(1 2)">'
    '<path d="M0 0C1 1 2 2 3 3z" class="stroke-ink w2 fill-none" marker-end="url(#a)"/>'
    '<text x="3" y="4" class="txt mid">Oui &amp; non ! <tspan dy="1">ici</tspan></text></g></svg>'
).encode()


def sentences(content: bytes) -> list[str]:
    return [p.message.replace("\u00a0", " ") for p in figures.check(content, "x.svg")]


def test_a_drawing_becomes_one_image_with_its_own_names() -> None:
    assert sentences(GOOD) == []
    html = figures.inline(GOOD, 'Un "schéma" <b>', "fig-1")
    assert html.startswith('<svg viewBox="0 0 64 40" role="img" aria-label="Un &quot;schéma&quot; &lt;b&gt;">')
    assert 'id="fig-1-a"' in html
    assert 'marker-end="url(#fig-1-a)"' in html
    assert "Oui &amp; non\u202f! " in html
    assert "<title>" not in html


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<script>alert(1)</script>", "élément « script » interdit"),
        ('<a href="javascript:alert(1)"><text>x</text></a>', "élément « a » interdit"),
        ('<image href="http://x/y.png"/>', "élément « image » interdit"),
        ('<use href="#a"/>', "élément « use » interdit"),
        ("<style>*{}</style>", "élément « style » interdit"),
        ("<foreignObject><b>x</b></foreignObject>", "élément « foreignObject » interdit"),
        ('<animate attributeName="x"/>', "élément « animate » interdit"),
        ('<h:script xmlns:h="http://www.w3.org/1999/xhtml">1</h:script>', "élément « h:script » interdit"),
        ('<rect onclick="x"/>', "attribut « onclick » interdit"),
        ('<rect ONLOAD="x"/>', "attribut « ONLOAD » interdit"),
        ('<rect style="fill:url(http://x)"/>', "attribut « style » interdit"),
        ('<rect fill="red"/>', "attribut « fill » interdit"),
        ('<rect href="x"/>', "attribut « href » interdit"),
        ('<rect class="fill-ink btn"/>', "classe « btn » inconnue"),
        ('<rect x="expression(1)"/>', "valeur impossible pour « x »"),
        ('<path d="M0 0" marker-end="url(http://x#a)"/>', "valeur impossible pour « marker-end »"),
        ('<path id="a b" d="M0 0"/>', "valeur impossible pour « id »"),
        ("<?xml-stylesheet href='x'?>", "pas d’instruction"),
        ("<svg/>", "un seul élément svg"),
        ("<g>" * 30 + "</g>" * 30, "trop de niveaux"),
        ("<path/>" * 2100, "trop d’éléments"),
        ("<g>", "bien formé"),
    ],
)
def test_what_acts_or_leaves_is_refused(inside: str, said: str) -> None:
    content = f"{HEAD}{inside}</svg>".encode()
    assert any(said in sentence for sentence in sentences(content))
    assert figures.inline(content, "x", "p") == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'<!DOCTYPE svg [<!ENTITY a "x">]><svg>&a;</svg>', "DOCTYPE"),
        (b'<!DOCTYPE svg SYSTEM "file:///etc/passwd"><svg/>', "DOCTYPE"),
        (b"<svg/>", "viewBox"),
        (b'<svg xmlns="http://www.w3.org/1999/xhtml" viewBox="0 0 1 1"/>', "la figure commence par"),
        (HEAD.replace("<svg", '<svg width="10"').encode() + b"</svg>", "ni width ni height"),
        (b'<html xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>', "la figure commence par"),
        (b"", "bien formé"),
        (b"\xff\xfe", "bien formé"),
        (b" " * 300_000, "trop lourde"),
    ],
)
def test_what_is_no_drawing_is_refused(content: bytes, said: str) -> None:
    assert any(said in sentence for sentence in sentences(content))
    assert figures.inline(content, "x", "p") == ""


def test_a_mistake_is_said_at_its_line() -> None:
    (problem,) = figures.check(f"{HEAD}\n\n<rect fill='red'/></svg>".encode(), "files/x.svg")
    assert (problem.path, problem.line) == ("files/x.svg", 3)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, len(GOOD)),
    st.integers(0, 20),
    st.binary(max_size=12) | st.sampled_from([b"<", b"&x;", b"]]>", b"\x00"]),
)
def test_a_damaged_drawing_gives_sentences_and_never_an_error(start: int, length: int, damage: bytes) -> None:
    content = GOOD[:start] + damage + GOOD[start + length :]
    assert figures.check(content, "x.svg") or figures.inline(content, "x", "p")


def test_the_size_of_a_picture_is_read_from_its_bytes() -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 640, 480)
    jpg = b"\xff\xd8\xff\xe0\0\4\0\0\xff\xc0\0\x0b\x08" + struct.pack(">HH", 480, 640) + b"\0" * 8
    webp = b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 8 + (639).to_bytes(3, "little") + (479).to_bytes(3, "little")
    for name, content in (("a.png", png), ("a.jpg", jpg), ("a.webp", webp)):
        assert figures.size(content, name) == (640, 480)
        assert figures.check(content, name) == []
        assert figures.size(content[:12], name) is None
    assert figures.check(b"<html>", "a.png")[0].message == "ce fichier n’est pas une image de ce type"
    assert figures.size(png, "a.jpg") is None


@given(st.binary(max_size=60), st.sampled_from(["a.png", "a.jpg", "a.webp"]))
def test_a_broken_picture_is_no_error(content: bytes, name: str) -> None:
    heads = {"a.png": b"\x89PNG\r\n\x1a\n", "a.jpg": b"\xff\xd8\xff", "a.webp": b"RIFF\0\0\0\0WEBP"}
    figures.size(heads[name] + content, name)
