"""A pathway being written: its modules and steps, the minutes of each format, what was taken away."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.author.pages.entries import Entry, Gone, entries, gone
from app.content import advice, markdown, reading_time
from app.content.documents import StepDoc
from app.content.outline import Budget, ModuleLine, Outline, outline
from app.content.parsed import parse_file
from app.errors import Missing
from app.i18n import minutes
from app.models import DocumentKind, Draft
from app.reads import drafts
from app.steps import KINDS

DONE = ("deplace", "copie", "retire", "rendu", "ajoute", "nomme")
"""What the page may say has just been done."""


@dataclass(frozen=True)
class Bar:
    """The minutes of a format beside what it announces."""

    label: str
    rank: int
    """Stones of its cairn."""
    budget: Budget

    @property
    def over(self) -> int:
        """Minutes too many, or too few where it is negative."""
        return self.budget.sum - self.budget.minutes


@dataclass(frozen=True)
class StepRow:
    number: int
    title: str
    kind: str
    minutes: int
    estimate: int
    """Minutes that its text takes; 0 where nothing tells, or where it is what is announced."""
    format: str
    """In words; nothing for a format that the pathway does not announce."""
    longest: bool
    """Whether that is the longest of several formats."""
    optional: bool
    ready: bool
    wrong: bool
    """Something keeps it from being published."""
    stale: int
    """Facts that are to be looked at again by now."""
    now: bool
    """It has just been moved, added or given back."""
    place: str
    """Its path in the folder of the pathway."""


@dataclass(frozen=True)
class ModuleRow:
    number: int
    rank: int
    title: str
    minutes: int
    wrong: bool
    now: bool
    place: str
    """As a step’s."""
    steps: tuple[StepRow, ...]
    lender: str = ""
    """Slug of the pathway where it is written, when that is another."""
    lender_title: str = ""
    borrowers: tuple[str, ...] = ()
    """Titles of the other pathways that take it."""


@dataclass(frozen=True)
class Done:
    """What has just been done, to what, and how it is undone."""

    verb: str
    number: int
    title: str
    step: bool
    rank: int
    of: int
    module: str
    """Title of the module where a step has gone, where that is another."""
    back: tuple[int, int] | None
    """Module and rank where it stood."""


@dataclass(frozen=True)
class PathwayPage:
    slug: str
    title: str
    front: int
    """Number of the pathway’s own text."""
    edition: int
    """That the next publication would make."""
    written_at: datetime
    bars: tuple[Bar, ...]
    modules: tuple[ModuleRow, ...]
    gone: tuple[Gone, ...]
    done: Done | None
    others: tuple[tuple[str, str], ...]
    """(« <pathway>/<module> », in words) of the modules that it could take from other pathways."""
    archived_at: datetime | None


def pathway(db: Session, slug: str, done: str = "", about: str = "", back: str = "") -> PathwayPage:
    """`done`: one of DONE; `about`: number of what it was done to; `back`: where it stood, « 12-3 ». Raises Missing."""
    document = drafts.document(db, DocumentKind.PATHWAY, slug)
    every = drafts.everything(db, f"pathways/{slug}/")
    living = [each for each in every if each.removed_at is None]
    texts = {each.path: each.text for each in living if each.text is not None}
    lent = drafts.lent(db, drafts.uses(living))
    whole = outline(slug, texts, {use: {e.path: e.text or "" for e in found.drafts} for use, found in lent.items()})
    numbers = {each.path: each for each in (*(e for found in lent.values() for e in found.drafts), *living)}
    shown = [module for module in whole.modules if module.path in numbers]
    now = int(about) if about.isdigit() else 0
    front = numbers.get(f"pathways/{slug}/pathway.md")
    if front is None:
        raise Missing
    return PathwayPage(
        slug,
        whole.title or slug,
        front.id,
        drafts.next_edition(db, document.id),
        max(max(each.updated_at, each.removed_at or each.updated_at) for each in every),
        tuple(Bar(minutes(each.minutes), rank, each) for rank, each in enumerate(whole.formats, 1)),
        tuple(_with_others(_modules(whole, numbers, now), shown, lent, drafts.borrowers(db, slug))),
        gone(every),
        _done(entries(whole, living), every, done, now, back),
        tuple(_others(db, slug, set(lent))),
        document.archived_at,
    )


def _others(db: Session, slug: str, taken: Collection[str]) -> Iterator[tuple[str, str]]:
    for home, module, title, pathway in drafts.modules(db):
        if home != slug and f"{home}/{module}" not in taken:
            yield f"{home}/{module}", f"{pathway} : {title}"


def _modules(whole: Outline, drafts: Mapping[str, Draft], now: int) -> list[ModuleRow]:
    formats = {each.name: each.minutes for each in whole.formats}
    most = max(formats.values(), default=0) if len(formats) > 1 else 0
    found = []
    for rank, module in enumerate(whole.modules, 1):
        if (front := drafts.get(module.path)) is None:
            continue
        steps = tuple(
            StepRow(
                number=drafts[step.path].id,
                title=step.title,
                kind=KINDS[step.kind].label() if step.kind in KINDS else "",
                minutes=step.minutes,
                estimate=_estimate(drafts[step.path], step.minutes) if step.ready else 0,
                format=minutes(formats[step.format]) if step.format in formats else "",
                longest=formats.get(step.format) == most,
                optional=step.optional,
                ready=step.ready,
                wrong=step.format not in formats or _wrong(drafts[step.path], drafts),
                stale=_stale(drafts[step.path]),
                now=drafts[step.path].id == now,
                place=_place(step.path),
            )
            for step in module.steps
        )
        sum_minutes = sum(step.minutes for step in module.steps if not step.optional)
        wrong = _wrong(front, drafts)
        found.append(
            ModuleRow(front.id, rank, module.title, sum_minutes, wrong, front.id == now, _place(module.path), steps)
        )
    return found


def _place(path: str) -> str:
    return path.split("/", 2)[2]


def _with_others(
    rows: Sequence[ModuleRow],
    modules: Sequence[ModuleLine],
    lent: Mapping[str, drafts.Lender],
    borrowers: Sequence[tuple[Draft, str, str]],
) -> Iterator[ModuleRow]:
    """Modules with the pathways that lend them, or take them."""
    for row, module in zip(rows, modules, strict=True):
        home = module.use.split("/")[0] if module.use else ""
        title = lent[module.use].pathway if module.use in lent else ""
        takers = tuple(pathway for _draft, name, pathway in borrowers if not home and name == module.slug)
        yield replace(row, lender=home, lender_title=title, borrowers=takers)


def _estimate(draft: Draft, announced: int) -> int:
    doc = parse_file(draft.path, (draft.text or "").encode(), KINDS)[0]
    found = reading_time.estimated(doc) if isinstance(doc, StepDoc) else 0
    return found if found != announced else 0


def _stale(draft: Draft) -> int:
    doc = parse_file(draft.path, (draft.text or "").encode(), KINDS)[0]
    return len(advice.stale(doc)) if doc is not None else 0


def _wrong(draft: Draft, known: Collection[str]) -> bool:
    """Whether something in a text must be put right; what only shows between texts is said where one publishes."""
    doc, tree, problems = parse_file(draft.path, (draft.text or "").encode(), KINDS)
    fields = [field.name for field in doc.fields] if isinstance(doc, StepDoc) else []
    return doc is None or bool(problems or markdown.problems(tree.body, draft.path, tree.body_line, known, fields))


def _done(found: Sequence[Entry], every: Sequence[Draft], done: str, about: int, back: str) -> Done | None:
    if done not in DONE:
        return None
    if done == "retire":
        left = [each for each in gone(every) if each.number == about]
        return Done(done, about, left[0].title, left[0].step, 0, 0, "", None) if left else None
    here = next((each for each in found if each.number == about), None)
    if here is None:
        return None
    module, _dash, rank = back.partition("-")
    stood = (int(module), int(rank)) if module.isdigit() and rank.isdigit() else None
    moved = done == "deplace" and stood is not None and here.step and stood[0] != here.module
    title = here.home if moved else ""
    return Done(done, about, here.title, here.step, here.rank, here.of, title, stood if done == "deplace" else None)
