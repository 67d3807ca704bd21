"""A practice kit as an author writes it: its front, its sheets, its tools."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field as Bounds

from app.content.documents import Field, FieldName, Reference
from app.content.schema import (
    Body,
    Doc,
    Document,
    FieldRef,
    Flaw,
    Line,
    Loc,
    Many,
    MaybeLine,
    MaybeSaid,
    MaybeText,
    MaybeUid,
    MaybeUrl,
    Minutes,
    OrNothing,
    Ref,
    Said,
    Same,
    Slug,
    Switch,
    Text,
    Texts,
    Title,
    Uid,
    Whole,
    doubles,
    matching,
)
from app.i18n import _


class Tool(Doc):
    title: Said[Line]
    text: Said[Text]
    uid: MaybeUid = ""
    """Of the tool that this kit holds; nothing while it is not written."""
    ready: Switch = True

    def flaws(self) -> Iterator[Flaw]:
        if self.uid and not self.ready:
            yield ("uid",), _("un outil qui n’est pas prêt n’a pas de page : retirez « ready: no »")


class KitDoc(Document):
    title: Said[Title]
    summary: Said[Text]
    chemin: Slug
    method: Said[Annotated[tuple[Line, ...], Bounds(max_length=20)]] = ()
    examples: Annotated[tuple[Slug, ...], Many] = ()
    data: Said[Annotated[tuple[Reference, ...], Many]] = ()
    tools: Said[Annotated[tuple[Tool, ...], Many]] = ()
    skills: Said[Annotated[Texts, Many]] = ()
    official_url: MaybeUrl = ""
    sources: MaybeSaid[Annotated[Texts, Bounds(min_length=1, max_length=200)]]
    provenance: Said[Text]
    body: Said[Body] = ""

    def refs(self) -> Iterator[Ref]:
        yield Ref(("chemin",), "term", self.chemin, "paths")
        for rank, case in enumerate(self.examples):
            yield Ref(("examples", rank), "case", case)
        for rank, tool in enumerate(self.tools):
            if tool.uid:
                yield Ref(("tools", rank, "uid"), "tool", tool.uid)


class WorkLine(Doc):
    do: Said[Line]
    detail: Said[MaybeText] = ""


class SheetDoc(Document):
    """One page of a kit, to work on."""

    NEEDED: ClassVar[tuple[str, ...]] = ("when", "work", "mistake", "question", "sources")

    uid: Same[Uid]
    code: Annotated[Line, matching(r"[A-Z0-9]{2,6}", lambda: _("un code comme FA1 est attendu"))]
    title: Said[Title]
    axis: Said[MaybeLine] = ""
    minutes: Minutes = 20
    ready: Switch = True
    when: Said[MaybeText] = ""
    rappel: Annotated[tuple[FieldRef, ...], Bounds(max_length=20)] = ()
    work: Said[Annotated[tuple[WorkLine, ...], Bounds(max_length=5)]] = ()
    example_title: Said[MaybeLine] = ""
    example: Said[MaybeText] = ""
    fictional: Switch = True
    mistake: Said[MaybeText] = ""
    question: Said[MaybeText] = ""
    sources: MaybeSaid[Annotated[Texts, Many]] = ()
    body: Said[Body] = ""

    def flaws(self) -> Iterator[Flaw]:
        if self.ready and 0 < len(self.work) < 3:
            yield ("work",), _("3 à 5 lignes de travail sont attendues")

    def refs(self) -> Iterator[Ref]:
        yield from (Ref(("rappel", rank), "field", value) for rank, value in enumerate(self.rappel))

    def uids(self) -> Iterator[tuple[Loc, str]]:
        yield ("uid",), self.uid


class Column(Doc):
    """One column of a table."""

    name: Same[FieldName]
    label: Said[Line]
    type: Literal["line", "text", "date", "choice"] = "line"
    help: Said[MaybeLine] = ""
    options: Said[Annotated[tuple[Line, ...], Bounds(max_length=40)]] = ()
    max: Annotated[Whole, Bounds(ge=10, le=2000)] = 120
    """Characters of a cell."""


class ToolField(Doc):
    """What is written in a tool: a field, or a table of them. Nothing is required."""

    name: Same[FieldName]
    label: Said[Line]
    type: Literal["text", "line", "choice", "date", "table"] = "line"
    help: Said[MaybeLine] = ""
    options: Said[Annotated[tuple[Line, ...], Bounds(max_length=40)]] = ()
    max: Annotated[Whole, Bounds(ge=10, le=2000)] | None = None
    start: Annotated[FieldRef, OrNothing] = ""
    """An earlier field whose words are put here while the tool is empty."""
    columns: Said[Annotated[tuple[Column, ...], Bounds(max_length=8)]] = ()
    rows: Said[Annotated[tuple[Line, ...], Bounds(max_length=20)]] = ()
    """Heads of the rows of a table."""
    lines: Annotated[Whole, Bounds(ge=0, le=20)] = 0
    """Rows without a head, instead of `rows`."""

    @property
    def height(self) -> int:
        return len(self.rows) or self.lines

    def row(self, rank: int) -> tuple[Field, ...]:
        """The cells of a row, each a field of its own: `field-row-column`."""
        return tuple(self._cell(column, rank) for column in self.columns)

    def _cell(self, column: Column, rank: int) -> Field:
        return _plain_field(column, f"{self.name}-{rank + 1}-{column.name}")

    def cells(self) -> tuple[Field, ...]:
        """Every field that it makes in the notebook."""
        if self.type == "table":
            return tuple(cell for rank in range(self.height) for cell in self.row(rank))
        return (_plain_field(self, self.name),)

    def flaws(self) -> Iterator[Flaw]:
        table = self.type == "table"
        if table and (not self.columns or bool(self.rows) == bool(self.lines)):
            yield (), _("un tableau demande « columns », et « rows » ou « lines », l’un des deux")
        if not table and (self.columns or self.rows or self.lines):
            yield (), _("seul un tableau a des colonnes et des lignes")
        if table and (self.start or self.max or self.options):
            yield (), _("un tableau n’a ni « start », ni « max », ni « options » : ses colonnes ont les leurs")
        yield from doubles([column.name for column in self.columns], "columns", "name")
        for rank, column in enumerate(self.columns):
            if len(f"{self.name}-{self.height}-{column.name}") > 32:
                yield ("columns", rank, "name"), _("ce nom est trop long avec celui du tableau : 32 caractères en tout")
            yield from _options(column, ("columns", rank, "options"))
        yield from _options(self, ("options",))


def _options(said: Column | ToolField, loc: Loc) -> Iterator[Flaw]:
    if (said.type == "choice") != bool(said.options) or len(said.options) == 1:
        yield loc[:-1], _("un choix demande au moins deux « options », et rien d’autre n’en a")
    for inner, sentence in doubles(list(said.options), "options"):
        yield (*loc[:-1], *inner), sentence


def _plain_field(said: Column | ToolField, name: str) -> Field:
    kind = said.type if said.type != "table" else "line"
    most = said.max if kind in ("line", "text") else None
    made = Field(name=name, label=said.label, type=kind, help=said.help, required=False, options=said.options, max=most)
    if said.original is not said:
        made._original = _plain_field(said.original, name)
    return made


class ToolDoc(Document):
    """One page of a kit, to fill in together: what is written goes to the notebook under its uid."""

    uid: Same[Uid]
    kind: Literal["tool"]
    title: Said[Title]
    purpose: Said[Text]
    when: Said[Text]
    minutes: Minutes
    who: Said[Line]
    sheet: MaybeUid = ""
    """The sheet of this kit that it goes with."""
    paper: Literal["portrait", "landscape"] = "portrait"
    file: Literal["table", "text"] = "table"
    """What it is filled in with at work: a spreadsheet, or a text to be signed, sent, said in sentences."""
    rappel: Annotated[tuple[FieldRef, ...], Bounds(max_length=20)] = ()
    before: Said[MaybeText] = ""
    """To read before filling it in."""
    fields: Said[Annotated[tuple[ToolField, ...], Bounds(min_length=1, max_length=20)]]
    after: Said[MaybeText] = ""
    """What must be known of the page once filled in."""
    signed: Switch = False
    """Two places to sign stand at the foot of the paper."""
    work: Said[Annotated[tuple[WorkLine, ...], Bounds(min_length=1, max_length=8)]]
    mistake: Said[Text]
    sources: MaybeSaid[Annotated[Texts, Bounds(min_length=1, max_length=200)]]

    body: Said[Body] = ""

    def cells(self) -> tuple[Field, ...]:
        return tuple(cell for field in self.fields for cell in field.cells())

    def flaws(self) -> Iterator[Flaw]:
        yield from doubles([field.name for field in self.fields], "fields", "name")
        yield from doubles(list(self.rappel), "rappel")

    def refs(self) -> Iterator[Ref]:
        if self.sheet:
            yield Ref(("sheet",), "sheet", self.sheet)
        yield from (Ref(("rappel", rank), "field", value) for rank, value in enumerate(self.rappel))
        for rank, field in enumerate(self.fields):
            if field.start:
                yield Ref(("fields", rank, "start"), "field", field.start)

    def uids(self) -> Iterator[tuple[Loc, str]]:
        yield ("uid",), self.uid
