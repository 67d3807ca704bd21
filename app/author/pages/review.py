"""A draft that is read over: by who holds its link, text after text; by its authors, remark after remark."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from pathlib import Path

from sqlalchemy.orm import Session

from app import clock
from app.author import boxes, choices
from app.author.pages.text import FAMILIES, preview, schema_of
from app.author.words import words
from app.content import editing, passages
from app.content import text as texts
from app.content.editing import Input
from app.content.outline import ModuleLine, outline, said
from app.content.passages import Passage
from app.errors import Missing
from app.i18n import _, typo
from app.models import DocumentKind, Draft, Remark
from app.reads import drafts, people
from app.reads import reviews as reads


@dataclass(frozen=True)
class Said:
    """A remark as it is shown."""

    number: int
    text: str
    name: str
    at: datetime
    answer: str
    answered_by: str
    closed: bool
    title: str  # of the text that it is about
    draft: int
    place: str
    passage: str
    there: bool  # the passage still says so


@dataclass(frozen=True)
class ReviewLine:
    number: int
    title: str
    minutes: int
    remarks: int


@dataclass(frozen=True)
class ReviewModule:
    number: int  # of its first text, 0 where there is none
    title: str
    lines: tuple[ReviewLine, ...]


@dataclass(frozen=True)
class ReviewPage:
    token: str
    title: str
    expires_at: datetime
    modules: tuple[ReviewModule, ...]
    front: int  # number of the pathway's own text
    digest: str
    done: bool


@dataclass(frozen=True)
class Block:
    """A passage with what was said of it."""

    passage: Passage
    label: str
    remarks: tuple[Said, ...]


@dataclass(frozen=True)
class ReviewTextPage:
    token: str
    number: int
    pathway: str
    title: str
    blocks: tuple[Block, ...]
    apart: tuple[Said, ...]  # what was said of passages that are no longer there
    done: bool


@dataclass(frozen=True)
class LinkLine:
    number: int
    made_for: str
    made_at: datetime
    expires_at: datetime
    open: bool
    withdrawn: bool


@dataclass(frozen=True)
class AgreementLine:
    name: str
    at: datetime
    current: bool  # the text has not changed since


@dataclass(frozen=True)
class ReviewsPage:
    slug: str
    title: str
    links: tuple[LinkLine, ...]
    open: tuple[Said, ...]
    closed: tuple[Said, ...]
    agreements: tuple[AgreementLine, ...]
    address: str  # of the link just made, shown once
    days: tuple[int, ...]


def review(db: Session, token: str, *, done: bool = False) -> ReviewPage:
    """Raises Missing for a link that is over."""
    link, pathway = reads.by_token(db, token)
    found = drafts.within(db, f"pathways/{pathway.slug}/")
    whole = outline(pathway.slug, _texts(found), drafts.lent_fronts(db, found))
    numbers = {draft.path: draft.id for draft in found}
    counts: dict[int, int] = {}
    for remark in reads.remarks(db, pathway.id):
        counts[remark.draft_id] = counts.get(remark.draft_id, 0) + 1
    return ReviewPage(
        token=token,
        title=whole.title or pathway.slug,
        expires_at=link.expires_at,
        modules=tuple(_module(module, numbers, counts) for module in whole.modules),
        front=numbers.get(f"pathways/{pathway.slug}/pathway.md", 0),
        digest=reads.digest(found),
        done=done,
    )


def review_text(db: Session, media: Path, token: str, number: int, *, done: bool = False) -> ReviewTextPage:
    """Raises Missing, as for a text of another pathway."""
    _link, pathway = reads.by_token(db, token)
    draft = drafts.draft(db, number)
    if not draft.path.startswith(f"pathways/{pathway.slug}/"):
        raise Missing
    found = tuple(passages_of(db, media, draft))
    remarks = reads.remarks(db, pathway.id, draft_id=number)
    shown = _said(db, remarks, {number: draft}, {number: found})
    labels = _labels(draft, found)
    blocks = tuple(
        Block(
            passage,
            labels.get(passage.place, ""),
            tuple(each for each in shown if each.there and each.place == passage.place),
        )
        for passage in found
    )
    title = said(draft.path, draft.text or "").get("title", "") or draft.path.rsplit("/", 1)[-1]
    apart = tuple(each for each in shown if not each.there)
    return ReviewTextPage(token, number, pathway.slug, title, blocks, apart, done)


def reviews(db: Session, slug: str, *, address: str = "", days: Sequence[int] = ()) -> ReviewsPage:
    """What the authors of a pathway follow. Raises Missing."""
    document = drafts.document(db, DocumentKind.PATHWAY, slug)
    found = drafts.within(db, f"pathways/{slug}/")
    by_number = {draft.id: draft for draft in found}
    shown = _said(db, reads.remarks(db, document.id), by_number, None)
    digest, now = reads.digest(found), clock.now()
    return ReviewsPage(
        slug=slug,
        title=outline(slug, _texts(found)).title or slug,
        links=tuple(
            LinkLine(
                link.id,
                link.made_for,
                link.made_at,
                link.expires_at,
                link.withdrawn_at is None and link.expires_at > now,
                link.withdrawn_at is not None,
            )
            for link in reads.links(db, document.id)
        ),
        open=tuple(each for each in shown if not each.closed),
        closed=tuple(each for each in shown if each.closed),
        agreements=tuple(
            AgreementLine(each.name, each.at, each.digest == digest) for each in reads.agreements(db, document.id)
        ),
        address=address,
        days=tuple(days),
    )


def passages_of(db: Session, media: Path, draft: Draft) -> Sequence[Passage]:
    """What there is to read in a text, as far as it is written, in the order in which one meets it."""
    family, inputs = _inputs(draft)
    apart = [each for each in passages.of_inputs(inputs) if f"{family}:{each.within}" not in choices.PLACES]
    asked = {f"[[{item.get('name', '')}]]": item.get("label", "") for item in _fields(inputs)}
    body = passages.of_body(preview(db, media, draft.id, draft.text or "").html)
    return sorted((*apart, *(_placed(each, asked) for each in body)), key=_rank)


def _fields(inputs: Sequence[Input]) -> Iterator[Mapping[str, str]]:
    """What is asked in writing: names and labels."""
    for each in inputs:
        yield from ({inner.key: inner.value for inner in item.inputs} for item in each.items if each.key == "fields")


def _placed(passage: Passage, asked: Mapping[str, str]) -> Passage:
    """Where a question stands in the text, the question."""
    if passage.words not in asked:
        return passage
    said = _("À vous : %(label)s", label=typo(asked[passage.words]))
    return replace(passage, words=said, html=f"<p>{escape(said)}</p>")


def _rank(passage: Passage) -> int:
    key = passage.place.split(".")[0]
    return 1 if key == "body" else 0 if key in boxes.MAIN else 3 if key in boxes.LAST else 2


def _inputs(draft: Draft) -> tuple[str, tuple[Input, ...]]:
    """Of what family a text is, and what there is to write in it."""
    tree = texts.read(draft.text or "", draft.path)
    schema = schema_of(draft.path, tree)
    return (FAMILIES.get(schema, "step"), editing.inputs(schema, tree)) if schema is not None else ("step", ())


def _labels(draft: Draft, found: Sequence[Passage]) -> dict[str, str]:
    """What each passage is: « Réponse 2.1 · C’est une bonne réponse »."""
    family, inputs = _inputs(draft)
    told = dict(_told(family, inputs))
    labels = {}
    for each in found:
        ranks = ".".join(str(int(part) + 1) for part in each.place.split(".") if part.isdigit())
        label = f"{words(family, each.within).label} {ranks}".strip() if each.within else ""
        labels[each.place] = " · ".join((label, *told.get(each.place, ())))
    return labels


def _told(family: str, inputs: Sequence[Input]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is ticked or chosen of an element, with the place of the first of its words."""
    for item in (item for each in inputs for item in each.items):
        yield from _told(family, item.inputs)
        if first := next(passages.of_inputs(item.inputs), None):
            yield first.place, tuple(filter(None, (_ticked(family, each) for each in item.inputs)))


def _ticked(family: str, each: Input) -> str:
    place = boxes.place_of(each)
    label = words(family, place).label
    if each.shape == "switch" and not each.needed:
        return label if each.value == "yes" else ""
    if each.shape not in ("switch", "choice") or not each.needed or each.key in passages.APART:
        return ""
    return _("%(label)s : %(said)s", label=label, said=choices.worded(family, place, each.value)) if each.value else ""


def _texts(found: Sequence[Draft]) -> dict[str, str]:
    return {draft.path: draft.text for draft in found if draft.text is not None}


def _module(module: ModuleLine, numbers: Mapping[str, int], counts: Mapping[int, int]) -> ReviewModule:
    first = [ReviewLine(numbers[module.path], module.title, 0, 0)] if module.path in numbers else []
    steps = [ReviewLine(numbers[step.path], step.title, step.minutes, 0) for step in module.steps]
    lines = (ReviewLine(line.number, line.title, line.minutes, counts.get(line.number, 0)) for line in (*first, *steps))
    return ReviewModule(numbers.get(module.path, 0), module.title, tuple(lines))


def _said(
    db: Session,
    remarks: Sequence[Remark],
    texts_by_number: Mapping[int, Draft],
    known: Mapping[int, Sequence[Passage]] | None,
) -> list[Said]:
    """`known`: the passages of the texts, where they were read; else a remark is taken to be in place."""
    names = people.names(db, [remark.answered_by for remark in remarks])
    found = []
    for remark in remarks:
        draft = texts_by_number.get(remark.draft_id)
        place = _place(remark, (known or {}).get(remark.draft_id, ()))
        found.append(
            Said(
                number=remark.id,
                text=remark.text,
                name=remark.name,
                at=remark.at,
                answer=remark.answer,
                answered_by=names.get(remark.answered_by or 0, ""),
                closed=remark.closed_at is not None,
                title=said(draft.path, draft.text or "").get("title", "") if draft else "",
                draft=draft.id if draft else 0,
                place=place or remark.place,
                passage=remark.passage,
                there=known is None or place is not None,
            )
        )
    return found


def _place(remark: Remark, found: Sequence[Passage]) -> str | None:
    """Where the words that were remarked on stand now; None when they are said nowhere any more."""
    same = [passage.place for passage in found if passage.words[:500] == remark.passage]
    return remark.place if remark.place in same else same[0] if same else None
