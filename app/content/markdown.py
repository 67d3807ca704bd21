"""From a body to safe HTML: markdown-it, the house's boxes and figures, French typography, the sanitiser last."""

import hashlib
import posixpath
import re
from collections.abc import Callable, Collection, Iterator, MutableMapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from app.content import figures
from app.content.documents import Problem
from app.content.safe import sanitise
from app.content.schema import impossible_dates
from app.i18n import ORIGINAL, _, get_lang, set_lang, typo

Env = MutableMapping[str, Any]

_FIELD = re.compile(r"\[\[([a-z][a-z0-9-]{0,31})\]\]")
_MARK = re.compile(r"<p>\[\[([a-z][a-z0-9-]{0,31})\]\]</p>\n?")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")

_ICONS = {
    "exemple": '<path d="M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2"/><path d="M16 3.128a4 4 0 0 1 0 7.744"/>'
    '<path d="M22 21v-2a4 4 0 0 0-3-3.87"/><circle cx="9" cy="7" r="4"/>',
    "astuce": '<path d="M15 14c.2-1 .7-1.7 1.5-2.5 1-.9 1.5-2.2 1.5-3.5A6 6 0 0 0 6 8c0 1 .2 2.2 1.5 3.5.7.7 1.3 1.5'
    ' 1.5 2.5"/><path d="M9 18h6"/><path d="M10 22h4"/>',
    "attention": '<path d="m21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3"/>'
    '<path d="M12 9v4"/><path d="M12 17h.01"/>',
    "retenir": '<path d="m19 21-7-4-7 4V5a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v16z"/>',
}
"""Lucide (ISC): users, lightbulb, triangle-alert, bookmark."""
_NOTES = {"astuce": "tip", "attention": "warn", "retenir": "plain"}
BOXES = ("exemple", *_NOTES, "devinez", "citation")


@dataclass(frozen=True)
class Picture:
    """What an image's path leads to: an SVG's bytes to put in the page, or an address and a size in pixels."""

    svg: bytes = b""
    src: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class FieldMark:
    """Where a field stands in a body."""

    name: str


def to_html(
    body: str,
    resolve_image: Callable[[str], Picture | None],
    resolve_link: Callable[[str], str] | None = None,
    lang: str = ORIGINAL,
) -> str:
    """The safe HTML of a body in its language. A relative link goes where `resolve_link` says, or is only words."""
    env: Env = {
        "image": resolve_image,
        "link": resolve_link or (lambda href: ""),
        "docId": hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()[:6],
        "count": 0,
    }
    return copy_context().run(_written, body, env, lang)


def _written(body: str, env: Env, lang: str) -> str:
    """In its own language, whoever publishes it."""
    set_lang(lang)
    return sanitise(str(_HOUSE.render(body, env)))


def segments(html: str, names: Collection[str]) -> list[str | FieldMark]:
    """The HTML of a body cut where its fields stand; a field stands once."""
    parts: list[str | FieldMark] = []
    placed: set[str] = set()
    at = 0
    for mark in _MARK.finditer(html):
        if mark[1] in names and mark[1] not in placed:
            parts += [html[at : mark.start()], FieldMark(mark[1])]
            placed.add(mark[1])
            at = mark.end()
    return [part for part in [*parts, html[at:]] if isinstance(part, FieldMark) or part.strip()]


def _parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False}).enable("table")
    md.use(deflist_plugin).use(footnote_plugin)
    md.use(container_plugin, name="box", validate=lambda params, _marker: bool(params.strip()), render=_box)
    return md


def _house() -> MarkdownIt:
    md = _parser()
    md.core.ruler.push("house", _arrange)
    md.validateLink = _safe  # type: ignore[method-assign]  # its documented way to choose schemes
    for name, rule in {
        "image": _image,
        "table_open": _table_open,
        "table_close": lambda tokens, at, options, env: "</table></section>\n",
        "field": lambda tokens, at, options, env: f"<p>[[{tokens[at].content}]]</p>\n",
        "footnote_ref": _footnote_ref,
        "footnote_block_open": lambda tokens, at, options, env: '<section class="footnotes"><ol>\n',
        "footnote_block_close": lambda tokens, at, options, env: "</ol></section>\n",
        "footnote_open": lambda tokens, at, options, env: f'<li id="fn-{env["docId"]}-{_rank(tokens[at])}">',
        "footnote_anchor": _footnote_anchor,
    }.items():
        md.renderer.rules[name] = rule  # type: ignore[attr-defined]  # the protocol hides it
    return md


def _safe(url: str) -> bool:
    scheme = _SCHEME.match(url.strip())
    return scheme is None or scheme[0].lower() in ("http:", "https:", "mailto:")


def _box(self: object, tokens: Sequence[Token], at: int, options: object, env: Env) -> str:
    """`::: exemple Titre` and its sisters."""
    token = tokens[at]
    words = token.info.strip().split(None, 1)
    name, title = words[0], escape(typo(words[1].strip())) if len(words) > 1 else ""
    if name not in BOXES:
        return "<div>\n" if token.nesting == 1 else "</div>\n"
    opening, closing = _frame(name, title)
    return opening if token.nesting == 1 else closing


def _frame(name: str, title: str) -> tuple[str, str]:
    icon = f'<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{_ICONS.get(name, "")}</svg>'
    match name:
        case "exemple":
            heading = f'<h2 class="h3">{title}</h2>\n' if title else ""
            tag = f'<p class="row g2"><span class="tag hue-lac">{icon}{_("Exemple")}</span></p>\n'
            return f'<section class="ex">{tag}{heading}', "</section>\n"
        case "devinez":
            return f'<details class="fold"><summary>{title or _("Devinez")}</summary>\n', "</details>\n"
        case "citation":
            caption = f"<figcaption>{title}</figcaption>" if title else ""
            return '<figure class="quote"><blockquote>\n', f"</blockquote>{caption}</figure>\n"
        case _:
            word = {"astuce": _("Astuce"), "attention": _("Attention"), "retenir": _("À retenir")}[name]
            opening = f'<div class="note {_NOTES[name]}">{icon}<div><p><strong>{title or word}</strong></p>\n'
            return opening, "</div></div>\n"


def _arrange(state: StateCore) -> None:
    """Fields, figures, headings, links and typography, on the tokens."""
    tokens: list[Token] = []
    boxes: list[str] = []
    for token in state.tokens:
        if token.type == "container_box_open":
            boxes.append(token.info)
        elif token.type == "container_box_close":
            token.info = boxes.pop()
        elif token.type in ("heading_open", "heading_close") and token.tag == "h1":
            token.tag = "h2"
        elif token.type == "bullet_list_open":
            token.attrSet("class", "dots")
        elif token.type == "th_open":
            token.attrSet("scope", "col")
        elif token.type == "inline":
            token.children = list(_children(token.children or [], state.env))
            _paragraph(tokens, token)
        elif token.type == "paragraph_close" and tokens[-1].type == "field":
            continue
        elif token.type == "paragraph_close" and tokens[-1].meta.get("figure"):
            token.tag = "figure"
        tokens.append(token)
    state.tokens = tokens


def _paragraph(tokens: list[Token], inline: Token) -> None:
    """A paragraph that is one field or one image is more than a paragraph."""
    opening = tokens[-1] if tokens else None
    if opening is None or opening.type != "paragraph_open":
        return
    children = inline.children or []
    if found := _FIELD.fullmatch("".join(child.content if child.type == "text" else "\0" for child in children)):
        if opening.level == 0 and not opening.hidden:
            tokens.pop()
            inline.type, inline.content, inline.children = "field", found[1], None
        else:  # not a place for a field: its mark must not be taken for one
            children.insert(0, Token("em_open", "em", 1))
            children.append(Token("em_close", "em", -1))
    elif len(children) == 1 and children[0].type == "image" and not opening.hidden:
        opening.tag = "figure"
        inline.meta["figure"] = children[0].meta["figure"] = True


def _children(children: Sequence[Token], env: Env) -> Iterator[Token]:
    dropped: list[bool] = []
    auto = False
    for child in children:
        if child.type == "link_open":
            auto = child.info == "auto"
            dropped.append(not _link(child, env))
            if dropped[-1]:
                continue
        elif child.type == "link_close":
            auto = False
            if dropped.pop():
                continue
        elif child.type == "text" and not auto:
            child.content = _typed(child.content)
        yield child


def _typed(text: str) -> str:
    """The typography of the language, but not inside a field's mark."""
    return text if _FIELD.fullmatch(text) else typo(text)


def _link(token: Token, env: Env) -> bool:
    """Whether a link leads somewhere."""
    href = str(token.attrGet("href") or "")
    if _SCHEME.match(href):
        if href.lower().startswith("http"):
            token.attrSet("rel", "external noopener noreferrer")
        return True
    if to := env["link"](unquote(href)):
        token.attrSet("href", to)
        return True
    return False


def _image(tokens: Sequence[Token], at: int, options: object, env: Env) -> str:
    token = tokens[at]
    alt = typo(token.content)
    found: Picture | None = env["image"](unquote(str(token.attrGet("src") or "")))
    if found is None:
        shown = f"<em>{escape(alt)}</em>"
    elif found.svg:
        env["count"] += 1
        shown = figures.inline(found.svg, alt, f"fig-{env['docId']}-{env['count']}") or f"<em>{escape(alt)}</em>"
    else:
        size = f' width="{found.width}" height="{found.height}"' if found.width and found.height else ""
        shown = f'<img src="{escape(found.src)}" alt="{escape(alt)}"{size} loading="lazy">'
    title = token.attrGet("title")
    if title and token.meta.get("figure"):
        shown += f"<figcaption>{escape(typo(str(title)))}</figcaption>"
    return shown


def _table_open(tokens: Sequence[Token], at: int, options: object, env: Env) -> str:
    env["tables"] = env.get("tables", 0) + 1
    label = escape(_("Tableau %(n)s, défilable", n=env["tables"]))
    return f'<section class="scroll" tabindex="0" aria-label="{label}"><table class="t">\n'


def _rank(token: Token) -> int:
    return int(token.meta["id"]) + 1


def _again(token: Token) -> str:
    return f":{token.meta['subId']}" if token.meta.get("subId", 0) > 0 else ""


def _footnote_ref(tokens: Sequence[Token], at: int, options: object, env: Env) -> str:
    rank, again = _rank(tokens[at]), _again(tokens[at])
    said = escape(_("Note %(n)s", n=rank))
    target, here = f"fn-{env['docId']}-{rank}", f"fnref-{env['docId']}-{rank}{again}"
    return f'<sup><a href="#{target}" id="{here}" aria-label="{said}">{rank}</a></sup>'


def _footnote_anchor(tokens: Sequence[Token], at: int, options: object, env: Env) -> str:
    here = f"fnref-{env['docId']}-{_rank(tokens[at])}{_again(tokens[at])}"
    return f' <a href="#{here}" aria-label="{escape(_("Retour au texte"))}">↩</a>'


_HOUSE = _house()
_PLAIN = _parser()
_PLAIN.validateLink = lambda url: True  # type: ignore[method-assign]  # so that a bad link is seen, and said


def problems(
    body: str, path: str, first_line: int, known_files: Collection[str], fields: Collection[str] = ()
) -> list[Problem]:
    """Everything in a body that its author must put right. `known_files`: paths from the courses folder."""
    found = {
        Problem(path, first_line + line, said.said if isinstance(said, _Lead) else said, ("body",))
        for line, said in _checked(get_lang(), body, path, frozenset(fields))
        if not (isinstance(said, _Lead) and said.to in known_files)
    }
    return sorted(found)


@dataclass(frozen=True)
class _Lead:
    """A link to a file beside: wrong where there is none."""

    to: str
    said: str


@lru_cache(maxsize=2000)
def _checked(lang: str, body: str, path: str, fields: frozenset[str]) -> tuple[tuple[int, str | _Lead], ...]:
    """What a body alone tells, said in that language: docs/decisions/0021."""
    return tuple(_Checker(body, path, set(fields)).found())


def unlike(body: str, original: str) -> Iterator[str]:
    """How a translation's body goes away from its original's: figures, links and fields are as many."""
    here, there = _shown(body), _shown(original)
    for name, word in (("images", _("images")), ("links", _("liens"))):
        mine, theirs = getattr(here, name), getattr(there, name)
        if mine != theirs:
            yield _("%(what)s : %(mine)s dans la traduction, %(n)s dans l’original", what=word, mine=mine, n=theirs)
    for name in there.fields - here.fields:
        yield _("le champ « %(name)s » n’est pas placé, l’original le place dans son texte", name=name)
    for name in here.fields - there.fields:
        yield _("le champ « %(name)s » est placé ici, l’original ne le place pas dans son texte", name=name)


@dataclass(frozen=True)
class Paragraph:
    """A block of words as they are read. `line`: in the body, from 0; `sourced`: it says where it comes from."""

    line: int
    text: str
    sourced: bool


@lru_cache(maxsize=2000)
def paragraphs(body: str) -> tuple[Paragraph, ...]:
    """The words of a body, block by block: paragraphs, items, cells, titles; code and fields are left out."""
    found, line = [], 0
    for token in _PLAIN.parse(body, {}):
        line = token.map[0] if token.map else line
        if token.type != "inline" or _FIELD.fullmatch(token.content.strip()):
            continue
        children = token.children or []
        words = "".join(" " if child.type in ("softbreak", "hardbreak") else child.content for child in children)
        found.append(Paragraph(line, words, any(child.type in ("link_open", "footnote_ref") for child in children)))
    return tuple(found)


class _Shown:
    """What a body holds besides its words."""

    def __init__(self, body: str) -> None:
        self.images = self.links = 0
        self.fields: set[str] = set()
        for token in _PLAIN.parse(body, {}):
            if token.type == "inline" and (found := _FIELD.fullmatch(token.content.strip())):
                self.fields.add(found[1])
            for child in token.children or []:
                self.images += child.type == "image"
                self.links += child.type == "link_open"


@lru_cache(maxsize=2000)
def _shown(body: str) -> _Shown:
    return _Shown(body)


class _Checker:
    def __init__(self, body: str, path: str, fields: set[str]) -> None:
        self.body, self.path, self.fields = body, path, fields
        self.lines = body.split("\n")
        self.level = 1
        self.placed: set[str] = set()

    def found(self) -> Iterator[tuple[int, str | _Lead]]:
        """(line in the body from 0, sentence)."""
        line = 0
        for token in _PLAIN.parse(self.body, {}):
            line = token.map[0] if token.map else line
            if token.type == "heading_open":
                yield from ((line, said) for said in self._heading(int(token.tag[1])))
            elif token.type == "container_box_open":
                yield from self._box(token)
            elif token.type == "inline":
                yield from self._inline(token, line)
        for number, text in enumerate(self.lines):
            for _start, date in impossible_dates(text):
                yield number, _("cette date n’existe pas : %(date)s", date=date)

    def _heading(self, level: int) -> Iterator[str]:
        if level == 1:
            yield _("pas de titre « # » dans un texte : commencez à « ## »")
        elif level > self.level + 1:
            yield _("niveau de titre sauté : « %(expected)s » est attendu", expected="#" * (self.level + 1))
        self.level = max(level, 2)

    def _box(self, token: Token) -> Iterator[tuple[int, str]]:
        first, last = token.map or (0, 0)
        name = token.info.strip().split(None, 1)[0]
        if name not in BOXES:
            names = ", ".join(BOXES)
            yield first, _("encadré « %(name)s » inconnu ; attendu : %(names)s", name=name[:40], names=names)
        if not any(text.strip().startswith(":::") for text in self.lines[max(last - 1, first + 1) : last + 1]):
            yield first, _("cet encadré n’est pas fermé : « ::: » seul sur une ligne")

    def _inline(self, token: Token, line: int) -> Iterator[tuple[int, str | _Lead]]:
        if found := _FIELD.fullmatch(token.content.strip()):
            yield from ((line, said) for said in self._field(found[1], token.level))
            return
        for child in token.children or []:
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            elif child.type == "link_open":
                yield from ((line, said) for said in self._link(str(child.attrGet("href") or "")))
            elif child.type == "image":
                yield from ((line, said) for said in self._image(child))

    def _field(self, name: str, level: int) -> Iterator[str]:
        if name not in self.fields:
            yield _("le champ « %(name)s » n’existe pas dans « fields »", name=name)
        elif level > 1:
            yield _("un champ se place hors des encadrés et des listes")
        elif name in self.placed:
            yield _("le champ « %(name)s » est déjà placé plus haut", name=name)
        self.placed.add(name)

    def _image(self, token: Token) -> Iterator[str | _Lead]:
        if not token.content.strip():
            yield _("cette image n’a pas de texte de remplacement : décrivez-la entre « ![ » et « ] »")
        src = str(token.attrGet("src") or "")
        if _SCHEME.match(src) or src.startswith("/"):
            yield _("une image est un fichier du dossier, comme files/nom.svg")
        else:
            yield from self._relative(src)

    def _link(self, href: str) -> Iterator[str | _Lead]:
        if scheme := _SCHEME.match(href):
            if scheme[0].lower() not in ("http:", "https:", "mailto:") or not _leads(href):
                yield _("ce lien n’est pas possible : https, http, mailto, ou un fichier du dossier")
        elif href.startswith("#"):
            yield _("un lien vers un endroit de la page n’est pas possible")
        else:
            yield from self._relative(href)

    def _relative(self, href: str) -> Iterator[str | _Lead]:
        folder = "/".join(self.path.split("/")[:2]) + "/"
        to = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), unquote(href).split("#")[0]))
        if href.startswith(("/", "\\")) or not to.startswith(folder):
            yield _("ce lien sort du dossier : %(href)s", href=unquote(href)[:80])
        else:
            yield _Lead(to, _("ce fichier n’existe pas : %(href)s", href=unquote(href)[:80]))


def _leads(href: str) -> bool:
    try:
        parts = urlsplit(href)
        if parts.scheme in ("http", "https"):
            return re.fullmatch(r"[a-z0-9.-]+", parts.hostname or "") is not None
        return bool(parts.path)
    except ValueError:
        return False
