"""One text as its author writes it: a form made from its schema, or its raw text where no form holds it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.author import boxes, choices
from app.author.boxes import Box, Drawing, Fault, Group
from app.author.pages.previewed import Preview, previewed
from app.author.pages.standing import NOTHING, Standing, standing
from app.content import editing, folder, markdown, reading_time
from app.content import text as texts
from app.content.diagnostics import DiagnosticDoc
from app.content.documents import CaseDoc, ModuleDoc, PathwayDoc, Problem, StepDoc, TaxonomyList
from app.content.kits import KitDoc, SheetDoc, ToolDoc
from app.content.outline import said as keys_of
from app.content.parsed import parse_file, schema_for
from app.content.schema import Document, Flaw
from app.content.text import Tree
from app.i18n import ORIGINAL, _
from app.models import Draft
from app.reads import drafts, people
from app.steps import KINDS

FAMILIES: Mapping[type[Document], str] = {
    PathwayDoc: "pathway",
    ModuleDoc: "module",
    KitDoc: "kit",
    SheetDoc: "sheet",
    ToolDoc: "tool",
    DiagnosticDoc: "diagnostic",
    CaseDoc: "case",
    TaxonomyList: "list",
}


@dataclass(frozen=True)
class TextPage:
    number: int
    path: str
    title: str
    pathway: str
    """Slug of the pathway that it is in, nothing for a document that stands alone."""
    pathway_title: str
    version: int
    written_at: datetime
    written_by: str
    """Nothing for what came from the disk."""
    raw: str
    """The whole text, as it is."""
    formed: bool
    """Whether a form holds it."""
    form: Group | None
    """None where the raw text is shown."""
    faults: tuple[Fault, ...]
    kinds: tuple[tuple[str, str], ...]
    """Of a step: the types that it may have."""
    rule: str
    estimate: int
    """Minutes that its words and gestures ask; 0 where that cannot be said."""
    objectives: tuple[str, ...]
    asks: bool
    """It has questions, which go in and out as GIFT."""
    beside: tuple[tuple[int, str], ...]
    """(number, title) of what goes with it: the pages of its kit, its translations."""
    preview: Preview
    borrowers: tuple[tuple[str, int], ...] = ()
    """(slug, number of its reference) of the other pathways that take its module."""
    undo: int = 0
    """The version from which something was just removed, while nothing was written since."""
    standing: Standing = NOTHING

    @property
    def first(self) -> tuple[Box, ...]:
        """Of a step: what stands at the top, side by side."""
        return tuple(box for box in self.form.boxes if box.name in boxes.FIRST) if self.form and self.kinds else ()

    @property
    def translated(self) -> bool:
        """It says in another language what its original says."""
        return folder.language(self.path) != ORIGINAL

    @property
    def triable(self) -> bool:
        """Whether a learner meets it, or what it is a part of."""
        return not self.path.startswith("taxonomy/")

    @property
    def rest(self) -> tuple[Box, ...]:
        return tuple(box for box in self.form.boxes if box not in self.first) if self.form else ()


def text(
    db: Session,
    media: Path,
    number: int,
    typed: str | None = None,
    *,
    raw: bool = False,
    removed: int = 0,
    gone: str = "",
) -> TextPage:
    """`typed`: what it would say instead of what it says; `removed`: its version once shortened; `gone`: number of a
    page of its kit that has just been taken away. Raises Missing."""
    draft = drafts.draft(db, number)
    said = typed if typed is not None else draft.text or ""
    near = _near(db, draft)
    tree = texts.read(said, draft.path)
    schema = schema_of(draft.path, tree)
    page = _plainest(draft, said, near, tree)
    if schema is not None and editing.whole(schema, tree):
        drawing = Drawing(FAMILIES.get(schema, "step"), _held(db, near, tree), _flaws(near, schema, tree))
        form = drawing.whole(editing.inputs(schema, tree))
        page = replace(page, formed=True, form=None if raw else form, faults=drawing.faults())
    step = schema is not None and issubclass(schema, StepDoc)
    doc = texts.build(tree, schema)[0] if schema is not None else None
    return replace(
        page,
        written_by=people.names(db, [draft.updated_by]).get(draft.updated_by or 0, ""),
        kinds=tuple((name, kind.label()) for name, kind in KINDS.items()) if step else (),
        rule=KINDS[doc.kind].rule(doc) if isinstance(doc, StepDoc) else "",
        estimate=reading_time.estimated(doc) if isinstance(doc, StepDoc) else 0,
        asks=schema is not None and asks(schema),
        preview=previewed(media, near, tree),
        borrowers=tuple(_borrowers(db, draft)),
        undo=next((each.id for each in drafts.versions(db, number)), 0) if removed == draft.version else 0,
        standing=standing(db, draft, gone),
    )


def _borrowers(db: Session, draft: Draft) -> Iterator[tuple[str, int]]:
    """Of a text of a module."""
    parts = draft.path.split("/")
    if parts[0] == "pathways" and len(parts) > 3:
        for reference, module, pathway in drafts.borrowers(db, parts[1]):
            if module == parts[2][3:]:
                yield pathway, reference.id


def preview(db: Session, media: Path, number: int, typed: str) -> Preview:
    """What is typed as it will be read; nothing is kept. Raises Missing."""
    draft = drafts.draft(db, number)
    return previewed(media, _near(db, draft), texts.read(typed, draft.path))


def schema_of(path: str, tree: Tree) -> type[Document] | None:
    """The schema of a text; none for a translation, which says its own words alone."""
    return schema_for(path, tree, KINDS) if folder.language(path) == ORIGINAL else None


def asks(schema: type[Document]) -> bool:
    """Whether a step asks questions that have an answer."""
    return issubclass(schema, StepDoc) and "questions" in schema.model_fields


def _near(db: Session, draft: Draft) -> dict[str, Draft]:
    """The files of its pathway, kit, case or diagnostic, by path."""
    head, name = draft.path.split("/")[:2]
    found = drafts.within(db, "taxonomy/" if head == "taxonomy" else f"{head}/{name}/")
    return {each.path: each for each in found}


def _plainest(draft: Draft, said: str, near: Mapping[str, Draft], tree: Tree) -> TextPage:
    """What is shown of any text, even of one that cannot be read."""
    slug = draft.path.split("/")[1] if draft.path.startswith("pathways/") else ""
    front = f"pathways/{slug}/pathway.md"
    pathway = (near[front].text or "") if front in near else ""
    return TextPage(
        number=draft.id,
        path=draft.path,
        title=tree.get("title") or draft.path.rsplit("/", 1)[-1],
        pathway=slug,
        pathway_title=keys_of(front, pathway).get("title", "") or slug,
        version=draft.version,
        written_at=draft.updated_at,
        written_by="",
        raw=said,
        formed=False,
        form=None,
        faults=tuple(
            Fault("raw", _("Ligne %(n)s", n=each.line), each.message) for each in _of_raw(near, said, draft.path)
        ),
        kinds=(),
        rule="",
        estimate=0,
        asks=False,
        objectives=tuple(objectives_of(front, pathway, tree.get("uid"))),
        beside=tuple(_beside(draft, near)),
        preview=Preview(),
    )


def _beside(draft: Draft, near: Mapping[str, Draft]) -> Iterator[tuple[int, str]]:
    mine = folder.original(draft.path)
    for path, each in near.items():
        kin = not path.startswith(("pathways/", "taxonomy/")) or folder.original(path) == mine
        if kin and each.text is not None and each.id != draft.id:
            lang = folder.language(path)
            title = keys_of(path, each.text).get("title", "") or path.rsplit("/", 1)[-1]
            yield each.id, title if lang == ORIGINAL else f"{title} ({lang})"


def _held(db: Session, near: Mapping[str, Draft], tree: Tree) -> dict[str, list[choices.Choice]]:
    fronts = {draft.path: draft.text or "" for _document, draft in drafts.fronts(db)}
    if tree.path.startswith("diagnostics/"):
        fronts |= {draft.path: draft.text or "" for draft in drafts.within(db, "kits/")}
    recalled = drafts.asking(db) if tree.path.startswith("kits/") else ()
    known = {each.path: each.text for each in (*near.values(), *recalled) if each.text is not None}
    return choices.held(tree.path, known, fronts, [path for path, each in near.items() if each.text is None])


def _of_raw(near: Mapping[str, Draft], said: str, path: str) -> Sequence[Problem]:
    """What is wrong with a text that no form holds: unreadable, of an unknown kind, or a translation."""
    beside = {each.path: each.text.encode() for each in near.values() if each.text is not None}
    return parse_file(path, said.encode(), KINDS, beside)[2]


def _flaws(near: Mapping[str, Draft], schema: type[Document], tree: Tree) -> list[Flaw]:
    found = texts.flaws(tree, schema)
    found = [flaw for flaw in found if not editing.drawn(flaw[0], {loc for loc, _said in found})]
    if schema.BODY:
        plain = editing.plain_of(schema, tree)
        fields = [str(each.get("name", "")) for each in plain.get("fields", []) if isinstance(each, dict)]
        said = markdown.problems(tree.body, tree.path, 1, near, fields)
        found += [(("body",), _("ligne %(n)s : %(said)s", n=each.line, said=each.message)) for each in said]
    return found


def objectives_of(path: str, pathway: str, uid: str) -> list[str]:
    """The objectives of the pathway that a step serves."""
    listed = editing.plain_of(PathwayDoc, texts.read(pathway, path)).get("objectives", []) if uid and pathway else []
    maps = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return [str(each.get("text", "")) for each in maps if uid in (each.get("evidence") or ())]
