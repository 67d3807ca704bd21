"""The order of a pathway, changed in the browser: steps and modules put elsewhere, with all that goes with them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import workshop
from app.content import folder, moving
from app.content.naming import slug_of
from app.content.outline import said
from app.errors import Missing, Refused
from app.i18n import ORIGINAL, _
from app.models import Document, DocumentKind, Draft
from app.reads import drafts as reads

FRONT = "/module.md"


@dataclass(frozen=True)
class Shelf:
    """A pathway’s drafts, those taken away among them, which nobody else rearranges meanwhile."""

    document_id: int
    slug: str
    drafts: Sequence[Draft]

    @property
    def living(self) -> list[Draft]:
        return sorted((each for each in self.drafts if each.removed_at is None), key=lambda each: each.path)

    @property
    def modules(self) -> list[Draft]:
        """The text that each begins with, in order."""
        return [each for each in self.living if each.path.endswith(FRONT)]

    def steps(self, front: Draft) -> list[Draft]:
        """Of a module, in order, in the original language."""
        return [each for each in self.living if each.document_id == front.document_id and is_step(each)]

    def module_of(self, step: Draft) -> Draft:
        """Raises Missing for a step whose module was taken away."""
        found = [each for each in self.modules if each.document_id == step.document_id]
        return found[0] if found else _missing()

    def entry(self, number: int) -> Draft:
        """A step, or the text that a module begins with, by number. Raises Missing."""
        found = [each for each in self.living if each.id == number and (is_step(each) or each.path.endswith(FRONT))]
        return found[0] if found else _missing()

    def module(self, number: int) -> Draft:
        """Raises Missing."""
        found = [each for each in self.modules if each.id == number]
        return found[0] if found else _missing()

    def named(self, uids: Collection[str]) -> list[Draft]:
        """The steps of those uids."""
        return [each for each in self.living if is_step(each) and uid(each) in uids]

    def spoken(self, draft: Draft) -> list[Draft]:
        """A text and its translations; of one that was taken away, those that went with it."""
        return [
            each
            for each in self.drafts
            if each.document_id == draft.document_id
            and each.removed_at == draft.removed_at
            and folder.original(each.path) == draft.path
        ]

    def slugs(self, front: Draft, but: Draft | None = None) -> set[str]:
        """Names taken in a module, by what was taken away from it too; `but`: not by this step."""
        here = [each for each in self.drafts if each.document_id == front.document_id and is_step(each)]
        return {slug(each) for each in here if but is None or (each is not but and not _same(each, but))}


def hold(db: Session, name: str) -> Shelf:
    """A pathway by its slug, to change what it is made of: one person at a time. Raises Missing."""
    query = select(Document).filter_by(kind=DocumentKind.PATHWAY, slug=name).with_for_update()
    found = db.scalar(query)
    if found is None:
        raise Missing
    return Shelf(found.id, name, reads.everything(db, f"pathways/{name}/"))


def shift(db: Session, name: str, number: int, *, up: bool, by: int, seen: str = "") -> None:
    """One place up or down; past the end of its module, a step goes to the next. At the very end nothing moves.

    `seen`: its path in the folder, as the page showed it; from elsewhere, it has moved already: a double click is one.
    """
    shelf = hold(db, name)
    entry = shelf.entry(number)
    if seen and entry.path != f"pathways/{name}/{seen}":
        return
    if not is_step(entry):
        rank = shelf.modules.index(entry) + 1
        _put_module(db, shelf, entry, rank - 1 if up else rank + 1, by)
        return
    module = shelf.module_of(entry)
    steps = shelf.steps(module)
    modules = [each for each in shelf.modules if not said(each.path, each.text or "").get("use")]
    here, there = steps.index(entry), modules.index(module) + (-1 if up else 1)
    if 0 <= here + (-1 if up else 1) < len(steps):
        _put_step(db, shelf, entry, module, here if up else here + 2, by)
    elif 0 <= there < len(modules):
        other = modules[there]
        _put_step(db, shelf, entry, other, len(shelf.steps(other)) + 1 if up else 1, by)


def place(db: Session, name: str, number: int, module: int | None, rank: int, *, by: int) -> None:
    """A step at a rank of a module, or a module (`module`: None) at a rank of the pathway; past the end, at the end."""
    shelf = hold(db, name)
    entry = shelf.entry(number)
    if module is None:
        _put_module(db, shelf, shelf.module(number), rank, by)
    elif is_step(entry):
        _put_step(db, shelf, entry, shelf.module(module), rank, by)
    else:
        raise Missing


def settle(db: Session, shelf: Shelf, entry: Draft, rank: int, *, by: int) -> None:
    """Put what has just come where it stands in its module, or in the pathway, at a rank, its number found."""
    if is_step(entry):
        _put_step(db, shelf, entry, shelf.module_of(entry), rank, by, anew=True)
    else:
        _put_module(db, shelf, entry, rank, by, anew=True)


def carry(db: Session, draft: Draft, document_id: int, path: str) -> None:
    """Give a text another place; what the disk knows under the old one is not brought back by it.

    A text taken away that stood at the new place goes to the old one. The caller knows that no other stands there.
    """
    old = (draft.document_id, draft.path, draft.loaded_digest)
    if (document_id, path) == old[:2]:
        return
    stone = db.scalars(select(Draft).filter_by(document_id=document_id, path=path)).one_or_none()
    known = stone.loaded_digest if stone else None
    draft.path = f"~{draft.id}"
    db.flush()
    if stone is None and old[2] is not None:
        stone = Draft(sha256=draft.sha256, text=draft.text, version=draft.version)
        stone.updated_at = stone.removed_at = clock.now()
    if stone is not None:
        stone.document_id, stone.path, stone.loaded_digest = old
        stone.removed_here = True
        db.add(stone)
        db.flush()
    draft.document_id, draft.path, draft.loaded_digest = document_id, path, known
    db.flush()


def rewrite(db: Session, draft: Draft, change: Callable[[str], str], *, by: int) -> None:
    """Change what a text says now, somebody’s last words in it: who types there meanwhile waits."""
    found = reads.draft(db, draft.id, lock=True)
    workshop.write_text(db, found.id, change(found.text or ""), seen=found.version, by=by)


def is_step(draft: Draft) -> bool:
    """In the original language."""
    name = draft.path.rsplit("/", 1)[-1]
    return draft.text is not None and name[:2].isdigit() and folder.language(draft.path) == ORIGINAL


def slug(draft: Draft) -> str:
    """Of a step, without its number."""
    return draft.path.rsplit("/", 1)[-1][3:].removesuffix(".md")


def uid(draft: Draft) -> str:
    return said(draft.path, draft.text or "").get("uid", "")


def _put_step(db: Session, shelf: Shelf, step: Draft, front: Draft, rank: int, by: int, *, anew: bool = False) -> None:
    """`anew`: even where it stands already, as its number may be another’s."""
    if said(front.path, front.text or "").get("use"):
        raise Refused(_("Ce module est écrit dans un autre parcours : faites-en d’abord une copie."))
    before = shelf.steps(front)
    others = [each for each in before if each is not step]
    index = max(0, min(rank - 1, len(others)))
    if step in before and before.index(step) == index and not anew:
        return
    prefix, home = front.path.removesuffix("module.md"), step.path.rsplit("/", 1)[0] + "/"
    name = slug(step) if slug(step) not in shelf.slugs(front, step) else slug_of(slug(step), shelf.slugs(front, step))
    own = [moving.number_of(each.path) for each in shelf.drafts if _same(each, step) and each.path.startswith(prefix)]
    own = [moving.number_of(step.path), *own] if step in before else own
    numbers = moving.numbered([moving.number_of(each.path) for each in others], index, own)
    spoken = shelf.spoken(step)
    shown = _shown(spoken)
    if prefix != home:
        _bring_files(db, shelf, spoken, front, by)
    places: dict[int, tuple[int, str]] = {}
    for number, each in zip(numbers, [*others[:index], step, *others[index:]], strict=True):
        stem = f"{prefix}{number:02}-{name if each is step else slug(each)}"
        for one in spoken if each is step else shelf.spoken(each):
            end = one.path.removeprefix(folder.original(one.path).removesuffix(".md"))
            places[one.id] = (front.document_id, f"{stem}{end}")
    _carry_all(db, shelf, places, by)
    if prefix != home:  # a copy that came with it goes with it
        lone = {f"{home}files/{name}" for name in shown - _shown(e for e in shelf.living if e.path.startswith(home))}
        for each in shelf.living:
            if each.path in lone and each.loaded_digest is None:
                each.removed_at, each.removed_here = clock.now(), True


def _put_module(db: Session, shelf: Shelf, front: Draft, rank: int, by: int, *, anew: bool = False) -> None:
    before = shelf.modules
    others = [each for each in before if each is not front]
    index = max(0, min(rank - 1, len(others)))
    if before.index(front) == index and not anew:
        return
    own = [_module_number(each) for each in shelf.drafts if each.document_id == front.document_id and _is_front(each)]
    numbers = moving.numbered([_module_number(each) for each in others], index, own)
    places: dict[int, tuple[int, str]] = {}
    for number, each in zip(numbers, [*others[:index], front, *others[index:]], strict=True):
        prefix = each.path.removesuffix("module.md")
        head, name = prefix.rstrip("/").rsplit("/", 1)
        for one in shelf.living:
            if one.document_id == each.document_id:
                places[one.id] = (one.document_id, f"{head}/{number:02}-{name[3:]}/{one.path.removeprefix(prefix)}")
    _carry_all(db, shelf, places, by)


def _carry_all(db: Session, shelf: Shelf, places: Mapping[int, tuple[int, str]], by: int) -> None:
    """Everything to its place; then links lead where they led."""
    was = {each.id: each.path for each in shelf.living}
    moved = {was[number]: path for number, (_document, path) in places.items() if was[number] != path}
    for each in shelf.living:
        if each.id in places:
            carry(db, each, *places[each.id])
    for each in shelf.living:
        led = partial(moving.relinked, was=was[each.id], now=each.path, moved=moved)
        if each.text is not None and led(each.text) != each.text:
            rewrite(db, each, led, by=by)


def _bring_files(db: Session, shelf: Shelf, spoken: Sequence[Draft], front: Draft, by: int) -> None:
    """The pictures and recordings of a step that goes to another module, under other names where theirs are taken."""
    home, prefix = spoken[0].path.rsplit("/", 1)[0], front.path.removesuffix("module.md")
    here = {each.path: each for each in shelf.living if each.path.startswith(f"{home}/files/")}
    for name in sorted(_shown(spoken)):
        if (source := here.get(f"{home}/files/{name}")) is None:
            continue
        known = {each.path: each for each in db.scalars(select(Draft).filter_by(document_id=front.document_id))}
        stem, ending = name.rsplit(".", 1)
        rank, found = 2, name
        while (other := known.get(f"{prefix}files/{found}")) is not None and other.sha256 != source.sha256:
            found, rank = f"{stem}-{rank}.{ending}", rank + 1
        if other is None:
            other = Draft(document_id=front.document_id, path=f"{prefix}files/{found}", sha256=source.sha256, version=1)
        if other.id is None or other.removed_at is not None:
            other.removed_at, other.removed_here = None, False
            other.updated_at, other.updated_by = clock.now(), by
            db.add(other)
        for each in spoken if found != name else ():
            rewrite(db, each, partial(moving.with_file, name=name, other=found), by=by)
    db.flush()


def _shown(drafts: Iterable[Draft]) -> set[str]:
    """Names of the files that texts show."""
    return {name for each in drafts for name in moving.files_of(each.text or "")}


def _is_front(draft: Draft) -> bool:
    return draft.path.endswith(FRONT)


def _module_number(front: Draft) -> int:
    return moving.number_of(front.path.removesuffix("module.md"))


def _same(draft: Draft, other: Draft) -> bool:
    """Whether it is what another left behind: the same step, where it stood before."""
    return is_step(draft) and draft.removed_at is not None and bool(uid(other)) and uid(draft) == uid(other)


def _missing() -> Draft:
    raise Missing
