"""Bodies: what is shown, what is refused, what can never pass."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.content import figures, folder
from app.content.markdown import FieldMark, Picture, problems, segments, to_html
from app.content.safe import sanitise

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 40"><rect width="3" height="2" class="fill-ink"/></svg>'
PATH = "pathways/demo/10-a/10-b.md"
KNOWN = {"pathways/demo/10-a/files/x.svg", "pathways/demo/10-a/20-c.md", "pathways/demo/20-d/10-e.md"}


def picture(href: str) -> Picture | None:
    return Picture(svg=SVG) if href.endswith(".svg") else Picture(src="/media/a.png", width=3, height=4)


def html(body: str) -> str:
    return to_html(body, picture)


def said(body: str, *fields: str) -> list[tuple[int, str]]:
    return [(p.line, p.message.replace("\u00a0", " ")) for p in problems(body, PATH, 10, KNOWN, fields)]


def test_french_is_set_in_words_and_never_in_code() -> None:
    shown = html("L'ami dit « oui » ! `a ! b` **Vrai** ?\n\n    code : !\n\n[lien !](https://a.fr) <https://a.fr/b!c>")
    assert "L’ami dit «&nbsp;oui&nbsp;»\u202f!" in shown
    assert "<strong>Vrai</strong>\u202f?" in shown
    assert "<code>a ! b</code>" in shown
    assert "code : !" in shown
    assert "lien\u202f!</a>" in shown
    assert ">https://a.fr/b!c</a>" in shown


def test_an_image_alone_is_a_figure_with_its_legend() -> None:
    shown = html('![Un plan](files/x.svg "Le plan !")')
    assert shown.startswith('<figure><svg viewBox="0 0 64 40" role="img" aria-label="Un plan">')
    assert "<figcaption>Le plan\u202f!</figcaption></figure>" in shown
    assert '<img src="/media/a.png" alt="a" width="3" height="4" loading="lazy">' in html("![a](files/x.png)")
    assert to_html("![Un plan](files/x.svg)", lambda href: None) == "<figure><em>Un plan</em></figure>\n"


def test_boxes_wear_the_classes_of_the_design() -> None:
    boxes = ("exemple La ressourcerie", "attention", "devinez Qui ?", "citation A, 2020")
    shown = html("".join(f"::: {box}\nx\n:::\n\n" for box in boxes))
    assert '<section class="ex">' in shown
    assert '<h2 class="h3">La ressourcerie</h2>' in shown
    assert '<div class="note warn"><svg class="i"' in shown
    assert '<details class="fold"><summary>Qui\u202f?</summary>' in shown
    assert '<figure class="quote"><blockquote>' in shown
    assert "<figcaption>A, 2020</figcaption>" in shown


def test_lists_tables_terms_and_notes() -> None:
    shown = html(
        "- a\n- b\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\nTerme\n: défini\n\nDit[^1] et redit[^1].\n\n[^1]: Source."
    )
    assert '<ul class="dots">' in shown
    assert '<section class="scroll" tabindex="0" aria-label="Tableau 1, défilable"><table class="t">' in shown
    assert '<th scope="col">a</th>' in shown
    assert "style" not in shown
    assert "<dt>Terme</dt>" in shown
    ids = re.findall(r'id="([^"]+)"', shown)
    assert len(ids) == len(set(ids)) == 3
    assert {target[1:] for target in re.findall(r'href="(#[^"]+)"', shown)} <= set(ids)


def test_two_bodies_on_one_page_share_no_id() -> None:
    one, two = html("a[^1]\n\n[^1]: b"), html("c[^1]\n\n[^1]: d")
    assert not set(re.findall(r'id="([^"]+)"', one)) & set(re.findall(r'id="([^"]+)"', two))


def test_a_page_is_cut_where_its_fields_stand() -> None:
    shown = html("Avant.\n\n[[seul]]\n\nAprès.\n\n[[autre]]\n\n[[inconnu]]\n\n[[seul]]")
    assert segments(shown, {"seul", "autre"}) == [
        "<p>Avant.</p>\n",
        FieldMark("seul"),
        "<p>Après.</p>\n",
        FieldMark("autre"),
        "<p>[[inconnu]]</p>\n<p>[[seul]]</p>\n",
    ]
    for nested in (
        "> [[seul]]",
        "- a\n\n  [[seul]]",
        "::: exemple\n[[seul]]\n:::",
        "> \\[\\[seul\\]\\]",
        "Voir [[seul]].",
    ):
        assert len(segments(html(nested), {"seul"})) == 1


def test_a_relative_link_goes_where_the_page_says_or_is_words() -> None:
    assert html("[suite](20-c.md)") == "<p>suite</p>\n"
    assert to_html("[suite](20-c.md)", picture, lambda href: f"/x/{href}") == '<p><a href="/x/20-c.md">suite</a></p>\n'


@pytest.mark.parametrize(
    ("body", "line", "sentence"),
    [
        ("a\n\n# Titre", 12, "pas de titre « # »"),
        ("### Trop bas", 10, "niveau de titre sauté : « ## » est attendu"),
        ("## a\n\n#### b", 12, "niveau de titre sauté : « ### » est attendu"),
        ("![](files/x.svg)", 10, "pas de texte de remplacement"),
        ("![a](files/y.svg)", 10, "ce fichier n’existe pas : files/y.svg"),
        ("![a](https://x.org/a.png)", 10, "une image est un fichier du dossier"),
        ("a\nb [x](javascript:alert(1))", 11, "ce lien n’est pas possible"),
        ("[x](JaVaScRiPt:alert(1))", 10, "ce lien n’est pas possible"),
        ("[x](data:text/html,a)", 10, "ce lien n’est pas possible"),
        ("[x](https:)", 10, "ce lien n’est pas possible"),
        ("[x](<http://[>)", 10, "ce lien n’est pas possible"),
        ("[x](/admin)", 10, "ce lien sort du dossier"),
        ("[x](//evil.org)", 10, "ce lien sort du dossier"),
        ("[x](../../../../etc/passwd)", 10, "ce lien sort du dossier"),
        ("[x](%2e%2e/%2e%2e/other/pathway.md)", 10, "ce lien sort du dossier"),
        ("[x](30-no.md)", 10, "ce fichier n’existe pas : 30-no.md"),
        ("[x](#haut)", 10, "un endroit de la page"),
        ("::: truc\na\n:::", 10, "encadré « truc » inconnu"),
        ("b\n\n::: exemple\na", 12, "cet encadré n’est pas fermé"),
        ("[[rien]]", 10, "le champ « rien » n’existe pas"),
        ("[[seul]]\n\n[[seul]]", 12, "le champ « seul » est déjà placé"),
        ("> [[seul]]", 10, "hors des encadrés"),
        ("le 30 février 2024", 10, "cette date n’existe pas"),
    ],
)
def test_what_an_author_must_put_right_is_said_at_its_line(body: str, line: int, sentence: str) -> None:
    assert any(at == line and sentence in words for at, words in said(body, "seul")), said(body, "seul")


def test_a_good_body_has_no_problem() -> None:
    body = (
        "Bonjour[^1].\n\n## Un\n\n### Deux\n\n[suite](20-c.md) [ailleurs](../20-d/10-e.md) [site](https://a.fr)"
        " [mail](mailto:a@b.fr)\n\n![Plan](files/x.svg)\n\n[[seul]]\n\n"
        "::: exemple Un\na\n:::\n\n::: retenir\nb\n:::\n\n"
        "[^1]: le 1er mars 2024."
    )
    assert said(body, "seul") == []


class Reader(HTMLParser):
    """What a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, attrs))


ATTACKS = st.sampled_from(
    [
        *("<script>", "</script>", "<img src=x onerror=alert(1)>", "<p style=x>", "<svg onload=x>", "<iframe src=x>"),
        *("hx-get=/x", "<a hx-post='/x'>", "<style>", "<form action=x>", "<!--", "-->", "<![CDATA[", "&lt;script&gt;"),
        *("[a](javascript:x)", "![a](javascript:x)", "![a](data:image/svg+xml,x)", '![a](x.svg "t\\" onload=x")'),
        *("&#106;avascript:", "[x]: javascript:y", "[x]", '<https://a.fr/"onload=x>', "\x00", "\u202e", "é !"),
        *("::: exemple <b onclick=x>", '::: devinez " onmouseover="x', ":::", "[^1]", "[^1]: x", "^[note]", "[[seul]]"),
        *("|a|\n|-|\n", "- ", "> ", "`", "**", "# ", "\n", "\n\n", "Terme\n: d"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(ATTACKS | st.text(max_size=8), max_size=14).map("".join))
def test_nothing_that_acts_ever_passes(body: str) -> None:
    shown = html(body)
    reader = Reader()
    reader.feed(shown)
    for tag, attributes in reader.seen:
        assert tag not in ("script", "style", "iframe", "form", "input", "object", "embed", "link", "meta", "base")
        for name, value in attributes:
            assert not name.startswith(("on", "hx-", "data-"))
            assert name not in ("style", "srcdoc", "formaction", "srcset", "xlink:href")
            if name in ("href", "src"):
                assert re.match(r"https?:|mailto:|/media/|#fn", value or "")
    assert sanitise(shown) == shown
    segments(shown, {"seul"})
    problems(body, PATH, 1, KNOWN, ["seul"])


@pytest.mark.parametrize(
    "raw",
    [
        '<p onclick="x" style="y" hx-get="/a" id="b" class="btn main">c</p>',
        '<svg><script>x</script><a href="javascript:x">c</a></svg>',
        '<svg viewBox="0 0 1 1" onload="x"><foreignObject><p>c</p></foreignObject><use href="x"/></svg>',
        '<a href="javascript:x" target="_blank" rel="opener">c</a>',
        '<section tabindex="5" class="modal">c</section>',
        "<math><mtext><style><img src=x onerror=y></style></mtext></math>c",
    ],
)
def test_the_sanitiser_stands_last_and_alone(raw: str) -> None:
    shown = sanitise(raw)
    for word in (
        "onclick",
        "style",
        "hx-",
        "id=",
        "btn",
        "script",
        "onload",
        "foreignObject",
        "use",
        "target",
        "opener",
        "modal",
        "onerror",
    ):
        assert word not in shown


@contextmanager
def processor_seconds(most: int) -> Iterator[None]:
    """Stop what computes for longer, however busy the machine is with others."""

    def stop(*_signal: object) -> None:
        pytest.fail(f"still computing after {most} s of processor")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, most)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize(
    "piece", ["[", "![", "*", "> ", "- ", "`", "[^1]", "|", "((", "<", "&", "::: exemple\n", "[a](", "_a*", "\\"]
)
def test_a_long_repetition_does_not_explode(piece: str) -> None:
    body = piece * (20_000 // len(piece))
    with processor_seconds(20):  # an ordinary reading takes less than one; an exponential one would never end
        html(body)
        problems(body, PATH, 1, KNOWN)


def test_every_shipped_figure_is_allowed() -> None:
    files, _problems = folder.read(Path(__file__).parents[2] / "courses")
    drawn = {path: content for path, content in files.items() if folder.ending(path) in folder.IMAGES}
    assert drawn
    assert [problem for path, content in drawn.items() for problem in figures.check(content, path)] == []
