"""A module as a text to be read over: every word of it, and at its end what it states, from where, until when."""

from collections.abc import Iterator, Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.author import boxes, choices
from app.author.pages.text import FAMILIES, objectives_of, schema_of
from app.author.words import element, words
from app.content import blocks, editing, folder
from app.content import text as texts
from app.content.blocks import Block
from app.content.editing import Input, Item
from app.content.outline import said
from app.content.passages import APART
from app.errors import Missing, Refused
from app.i18n import ORIGINAL, _, day, minutes, moment, set_lang, typo
from app.models import Draft
from app.reads import drafts, reviews
from app.steps import KINDS

LONGEST = 400_000
"""Characters of a module’s texts: some two hundred sheets."""
ACROSS = 4
"""Columns of a table that still reads well on paper."""
_HEAD = (*APART, "title", "minutes", "ready", "optional", "facts", "body")
"""Keys that are said at the head of a step, at the end of the module, or nowhere."""
Held = Mapping[str, Sequence[choices.Choice]]


@dataclass(frozen=True)
class Paper:
    title: str
    name: str
    """Of its file."""
    blocks: tuple[Block, ...]


def reviewed_paper(db: Session, token: str, number: int) -> Paper:
    """Raises Missing, as for a link that is over or a module of another pathway."""
    _link, pathway = reviews.by_token(db, token)
    return paper(db, number, pathway.slug)


def paper(db: Session, number: int, pathway: str = "") -> Paper:
    """A module by the number of its first text; of that pathway, if one is given. Raises Missing, Refused."""
    draft = drafts.draft(db, number)
    head, slug, *_rest = draft.path.split("/")
    if head != "pathways" or not draft.path.endswith("/module.md") or pathway not in ("", slug):
        raise Missing
    near = [each for each in drafts.within(db, f"pathways/{slug}/") if each.text is not None]
    found = [each for each in near if each.path.startswith(draft.path.removesuffix("module.md"))]
    found = [draft, *(each for each in found if each.id != draft.id and folder.language(each.path) == ORIGINAL)]
    if sum(len(each.text or "") for each in found) > LONGEST:
        said = _("Ce module est trop long pour un seul document : %(n)s caractères au plus.", n=LONGEST)
        raise Refused(said)
    fronts = {each.path: each.text or "" for _document, each in drafts.fronts(db)}
    held = choices.held(draft.path, {each.path: each.text or "" for each in near}, fronts)
    front = next((each.text or "" for each in near if each.path == f"pathways/{slug}/pathway.md"), "")
    return copy_context().run(_written, found, held, f"pathways/{slug}/pathway.md", front)


def _written(found: Sequence[Draft], held: Held, path: str, front: str) -> Paper:
    """In the language of its texts, whoever reads it."""
    set_lang(ORIGINAL)
    module, *steps = found
    folder_of = module.path.split("/")[2]
    title = typo(said(module.path, module.text or "").get("title", "") or folder_of)
    pathway = said(path, front).get("title", "") or module.path.split("/")[1]
    at = moment(max(each.updated_at for each in found))
    nature = _(
        "Brouillon à relire du parcours « %(pathway)s », dans son état du %(moment)s.", pathway=pathway, moment=at
    )
    whole = [Block("title", (title,)), Block("small", (nature,)), *_Text(module, held).blocks()]
    facts: list[tuple[str, ...]] = []
    for rank, step in enumerate(steps, 1):
        text = _Text(step, held)
        whole += text.step(rank, objectives_of(path, front, text.tree.get("uid")))
        facts += ((str(rank), *row) for row in text.facts())
    return Paper(title, folder_of, tuple(blocks.levelled([*whole, *_facts(facts)])))


def _facts(rows: Sequence[tuple[str, ...]]) -> list[Block]:
    heading = Block("heading", (words("step", "facts").label,))
    if not rows:
        return [heading, Block("text", (_("Aucun fait n’est encore noté dans les étapes de ce module."),))]
    heads = (_("Étape"), *(words("step", f"facts.{key}").label for key in ("claim", "source", "on", "review")))
    return [heading, Block("table", rows=tuple(rows), heads=heads)]


class _Text:
    """One text, as far as it is written."""

    def __init__(self, draft: Draft, held: Held) -> None:
        self.held = held
        self.tree = texts.read(draft.text or "", draft.path)
        schema = schema_of(draft.path, self.tree)
        self.inputs = editing.inputs(schema, self.tree) if schema and self.tree.root else ()
        self.family = FAMILIES.get(schema, "step") if schema else "step"
        self.labels = {row.get("name", ""): row.get("label", "") for row in self._rows("fields")}

    def _rows(self, key: str) -> Iterator[Mapping[str, str]]:
        for each in self.inputs:
            if each.key == key:
                yield from ({inner.key: inner.value for inner in item.inputs} for item in each.items)

    def step(self, rank: int, objectives: Sequence[str]) -> Iterator[Block]:
        yield Block("heading", (f"{rank}. {typo(self.tree.get('title') or _('Sans titre'))}",))
        kind, time, format = (self.tree.get(key) for key in ("kind", "minutes", "format"))
        told = (
            KINDS[kind].label() if kind in KINDS else kind,
            minutes(int(time)) if time.isdecimal() and len(time) < 6 else "",
            _("dès %(format)s", format=dict(self.held.get("formats", ())).get(format, format)) if format else "",
            _("facultative") if self.tree.get("optional") == "yes" else "",
            _("en cours d’écriture") if self.tree.get("ready") == "no" else "",
        )
        yield Block("small", (" · ".join(filter(None, told)),))
        if objectives:
            yield Block("text", (_("Sert l’objectif : à la fin, vous saurez…"),))
            yield Block("items", tuple(map(typo, objectives)))
        yield from self.blocks()

    def blocks(self) -> Iterator[Block]:
        if not self.inputs:
            yield Block("small", (_("Ce qui précède le texte ne se lit pas encore : seul le texte est ici."),))
        asked = {each.key: each for each in self.inputs if each.key not in _HEAD}
        if key := asked.pop("key", None):
            yield from self._input(key)
        for block in blocks.of_body(self.tree.body):
            yield self._placed(block)
        last = [asked.pop(name) for name in boxes.LAST if name in asked]
        for each in (*asked.values(), *last):
            yield from self._input(each)

    def facts(self) -> Iterator[tuple[str, ...]]:
        for row in self._rows("facts"):
            claim, source = (typo(row.get(key, "")) for key in ("claim", "source"))
            yield claim, source, _on(row.get("on", "")), _on(row.get("review", ""))

    def _placed(self, block: Block) -> Block:
        """Where a field stands, what it asks."""
        name = block.lines[0][2:-2] if block.lines and block.lines[0].startswith("[[") else ""
        if name not in self.labels:
            return block
        return Block("text", (_("À vous : %(label)s", label=typo(self.labels[name])),))

    def _input(self, each: Input) -> Iterator[Block]:
        label = words(self.family, boxes.place_of(each)).label
        if each.shape == "items":
            if each.items:
                yield Block("text", (_("%(label)s :", label=label),)) if each.within else Block("part", (label,))
                yield from self._items(each)
        elif each.shape == "lines" and each.value:
            yield Block("text", (_("%(label)s :", label=label),))
            yield Block("items", tuple(self._value(each, line) for line in each.value.split("\n")))
        elif value := self._value(each, each.value):
            yield Block("text", (_("%(label)s : %(said)s", label=label, said=value),))

    def _items(self, each: Input) -> Iterator[Block]:
        told = {inner.key for item in each.items for inner in item.inputs if self._cell(inner)}
        columns = [inner.key for inner in _shown(each.items[0]) if inner.key in told]
        flat = not each.kinds and len(columns) <= ACROSS
        if flat and columns and all(inner.shape != "items" for item in each.items for inner in item.inputs):
            rows = [{inner.key: self._cell(inner) for inner in item.inputs} for item in each.items]
            heads = tuple(words(self.family, f"{_around(each)}.{key}").label for key in columns)
            yield Block("table", rows=tuple(tuple(row.get(key, "") for key in columns) for row in rows), heads=heads)
            return
        for rank, item in enumerate(each.items, 1):
            kind = choices.worded(self.family, f"{_around(each)}.type", item.kind) if item.kind else ""
            yield Block("sub", (" · ".join(filter(None, (element(_around(each), rank), kind))),))
            for inner in _shown(item):
                yield from self._input(inner)

    def _cell(self, each: Input) -> str:
        if each.shape == "lines":
            return "\n".join(self._value(each, line) for line in each.value.split("\n"))
        return self._value(each, each.value)

    def _value(self, each: Input, value: str) -> str:
        """In words: what is only ticked when it is, a name of the site by its title."""
        place = boxes.place_of(each)
        if each.shape == "fixed" or not value or (each.shape == "switch" and not each.needed and value != "yes"):
            return ""
        if each.shape in ("switch", "choice"):
            return choices.worded(self.family, place, value)
        known = dict(choices.offered(self.family, place, self.held))
        return typo(known.get(value, value))


def _shown(item: Item) -> list[Input]:
    return [each for each in item.inputs if each.key not in APART]


def _around(each: Input) -> str:
    return f"{each.within}.{each.key}" if each.within else each.key


def _on(value: str) -> str:
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value
