"""What a pathway is made of, changed in the browser: pathways, modules, steps made, copied, taken away, given back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import arranging, documents, workshop
from app.actions.arranging import Shelf, hold, is_step
from app.actions.arranging import carry as carry
from app.content import editing, moving, naming
from app.content.naming import slug_of
from app.content.outline import said
from app.content.yamltext import emit
from app.db import insert_if_absent
from app.errors import Missing, Refused
from app.i18n import _
from app.models import Document, DocumentKind, Draft, Edition, record
from app.reads import drafts as reads
from app.steps import KINDS

LENGTHS: Mapping[str, tuple[tuple[str, int], ...]] = {
    "2h": (("2h", 120),),
    "4h": (("2h", 120), ("4h", 240)),
    "12h": (("2h", 120), ("4h", 240), ("12h", 720)),
    "20min": (("20min", 20),),
}
"""The formats that a new pathway may announce: a *découverte* as long as one likes, or a *court*."""

COPY = "copie"
"""What the title of a copy says, in the language of the courses."""


@dataclass(frozen=True)
class WantedStep:
    """A step to come, still to be written."""

    kind: str
    title: str
    format: str
    minutes: int


def create_pathway(db: Session, title: str, length: str, *, by: int) -> str:
    """A new pathway with its title and formats, still to be written; a double click makes one. Returns its slug."""
    formats = [{"name": name, "minutes": str(minutes)} for name, minutes in LENGTHS[length]]
    too = {**({"type": "court"} if length == "20min" else {}), "formats": formats}
    return documents.create_document(db, DocumentKind.PATHWAY, title, too, by=by).path.split("/")[1]


def create_module(db: Session, name: str, title: str, *, by: int) -> Draft:
    """A module at the end of a pathway. Returns the text that it begins with. Raises Missing.

    Asked again by the same person before anything is written or put in it, it is the same one.
    """
    shelf, text = _open(db, name), f"---\n{emit({'title': title})}---\n"
    if found := next((each for each in shelf.modules if each.text == text and _untouched(shelf, each, by)), None):
        return found
    number = moving.numbered([_number(each) for each in shelf.modules], len(shelf.modules))[-1]
    document, slug = _new_module(db, shelf, title)
    path = f"pathways/{name}/{number:02}-{slug}/module.md"
    found = workshop.create_text(db, document, path, text, by=by)
    _put(db, name, found, len(shelf.modules) + 1, by)
    return found


def _untouched(shelf: Shelf, front: Draft, by: int) -> bool:
    """A module that this person made, with nothing in it yet."""
    return front.updated_by == by and [each.document_id for each in shelf.drafts].count(front.document_id) == 1


def create_step(db: Session, name: str, module: int, wanted: WantedStep, *, by: int, key: str = "") -> Draft:
    """A step at the end of a module, announced « en cours d’écriture » until its author says that it is ready.

    `key`: of the form that asks it; sent twice, it makes one.
    """
    shelf = _open(db, name)
    front, uid = shelf.module(module), naming.uid_of(key, *map(str, (by, module, *vars(wanted).values())))
    _own(front)
    if there := shelf.named([uid]):
        return there[0]
    path = f"{front.path.removesuffix('module.md')}00-{slug_of(wanted.title, shelf.slugs(front))}.md"
    plain = {
        "uid": uid,
        "kind": wanted.kind,
        "title": wanted.title,
        "format": wanted.format,
        "minutes": str(wanted.minutes),
        "ready": "no",
    }
    text = editing.written(KINDS[wanted.kind].Content, plain, path)
    found = workshop.create_text(db, front.document_id, path, text, by=by)
    _put(db, name, found, len(shelf.steps(front)) + 1, by)
    return found


def borrow(db: Session, name: str, use: str, *, by: int) -> Draft:
    """A module of another pathway at the end of this one; taken twice, once. Raises Missing, Refused."""
    shelf = _open(db, name)
    known = next((each for each in reads.modules(db) if f"{each[0]}/{each[1]}" == use and each[0] != name), None)
    if known is None:
        raise Refused(_("Choisissez un module d’un autre parcours."), field="use")
    if taken := [each for each in shelf.modules if said(each.path, each.text or "").get("use") == use]:
        return taken[0]
    number = moving.numbered([_number(each) for each in shelf.modules], len(shelf.modules))[-1]
    document, slug = _new_module(db, shelf, known[2])
    path = f"pathways/{name}/{number:02}-{slug}/module.md"
    found = workshop.create_text(db, document, path, f"---\n{emit({'use': use})}---\n", by=by)
    _put(db, name, found, len(shelf.modules) + 1, by)
    record(db, "module.borrow", f"pathways/{name}", by=by)
    return found


def detach(db: Session, name: str, number: int, *, by: int) -> Draft:
    """A copy of its own in the place of a module that another pathway lends: other uids, the same words.

    What the pathway says of its steps (evidence, recalled fields) is said of the copy’s. Raises Missing, Refused.
    """
    shelf = _open(db, name)
    front = shelf.module(number)
    use = said(front.path, front.text or "").get("use", "")
    lender = reads.lent(db, [use]).get(use)
    if lender is None:
        raise Missing
    original = next((each for each in lender.drafts if each.path.endswith(arranging.FRONT)), None)
    if original is None:
        raise Missing
    rank, source = shelf.modules.index(front) + 1, Shelf(0, "", reads.within(db, _folder(original)))
    document, slug = _new_module(db, shelf, said(original.path, original.text or "").get("title", ""))
    places = {e.id: f"pathways/{name}/00-{slug}/{e.path.removeprefix(_folder(original))}" for e in source.living}
    names = _alike(reads.within(db, f"pathways/{use.split('/')[0]}/"), shelf.living)
    found = _copy(db, source, places, document, by, names=names)[original.id]
    _take_away([front])
    for each in [each for each in shelf.living if each is not front and each.text is not None]:
        arranging.rewrite(db, each, partial(moving.with_references, path=each.path, names=names), by=by)
    _put(db, name, found, rank, by)
    record(db, "module.detach", f"pathways/{name}", by=by)
    return found


def _alike(theirs: Sequence[Draft], mine: Sequence[Draft]) -> dict[str, str]:
    """Uids of steps of a pathway -> of those that were copied from them before: the same name, the same title."""
    known = {(arranging.slug(e), said(e.path, e.text or "").get("title")): arranging.uid(e) for e in mine if is_step(e)}
    pairs = ((e, (arranging.slug(e), said(e.path, e.text or "").get("title"))) for e in theirs if is_step(e))
    return {arranging.uid(each): known[key] for each, key in pairs if key in known}


def duplicate(db: Session, name: str, number: int, *, by: int, key: str = "") -> Draft:
    """A copy of a step or of a module, right after it: other uids, the same words. Raises Missing.

    `key`: of the form that asks it; sent twice, it makes one.
    """
    shelf = _open(db, name)
    entry = shelf.entry(number)
    _own(entry)
    copied = [entry] if is_step(entry) else shelf.steps(entry)
    names = {uid: naming.uid_of(key, str(by), str(number), uid) for each in copied if (uid := arranging.uid(each))}
    if there := shelf.named(names.values()):
        return there[0] if is_step(entry) else shelf.module_of(there[0])
    if is_step(entry):
        front = shelf.module_of(entry)
        prefix, document = front.path.removesuffix("module.md"), front.document_id
        stem = f"{prefix}00-{slug_of(arranging.slug(entry), shelf.slugs(front))}"
        places = {e.id: f"{stem}{e.path.removeprefix(entry.path.removesuffix('.md'))}" for e in shelf.spoken(entry)}
        rank = shelf.steps(front).index(entry) + 2
    else:
        title = said(entry.path, entry.text or "").get("title", "")
        document, slug = _new_module(db, shelf, title)
        prefix = f"pathways/{name}/00-{slug}/"
        within = [each for each in shelf.living if each.document_id == entry.document_id]
        places = {e.id: f"{prefix}{e.path.removeprefix(entry.path.removesuffix('module.md'))}" for e in within}
        rank = shelf.modules.index(entry) + 2
    found = _copy(db, shelf, places, document, by, names=names, told=True)[entry.id]
    _put(db, name, found, rank, by)
    return found


def rename(db: Session, name: str, number: int, title: str, *, by: int) -> Draft:
    """Another title for a step or a module; the name of its file stays, links lead to it. Raises Missing, Refused."""
    entry = _open(db, name).entry(number)
    _own(entry)
    if said(entry.path, entry.text or "").get("title") != title:
        arranging.rewrite(db, entry, lambda text: moving.with_title(text, entry.path, title), by=by)
    return entry


def remove(db: Session, name: str, number: int) -> None:
    """Take away a step, or a module with all that it holds; done twice, once. `restore` gives it back."""
    shelf = _open(db, name)
    if any(each.id == number and each.removed_here for each in shelf.drafts if each.removed_at is not None):
        return
    entry = shelf.entry(number)
    if not is_step(entry):
        _refuse_lent(db, name, _folder(entry).split("/")[2][3:])
    whole = [each for each in shelf.living if each.document_id == entry.document_id]
    _take_away(shelf.spoken(entry) if is_step(entry) else whole)


def restore(db: Session, name: str, number: int, *, by: int) -> Draft:
    """Give back what was taken away, where it stood or next to it; done twice, once. Raises Missing."""
    shelf = _open(db, name)
    found = next((each for each in shelf.drafts if each.id == number), None)
    if found is None or found.text is None or not (is_step(found) or found.path.endswith(arranging.FRONT)):
        raise Missing
    if found.removed_at is None:
        return found
    step = is_step(found)
    front = shelf.module_of(found) if step else None
    if step and arranging.uid(found) in {arranging.uid(each) for each in shelf.living if is_step(each)} - {""}:
        raise Missing  # where a step stood before it was moved: it is there, elsewhere
    beside = shelf.steps(front) if front else shelf.modules
    rank = sum(_number(each) < _number(found) for each in beside) + 1
    gone = found.path.removesuffix("module.md")
    together = [e for e in shelf.drafts if e.removed_at == found.removed_at and e.document_id == found.document_id]
    for each in shelf.spoken(found) if step else [e for e in together if e.path.startswith(gone)]:
        each.removed_at, each.removed_here = None, False
    db.flush()
    _put(db, name, found, rank, by)
    return found


def remove_pathway(db: Session, name: str, *, by: int) -> None:
    """Take away a pathway that was never published; done twice, once. Raises Missing, or Refused."""
    shelf = hold(db, name)
    if db.scalar(select(Edition.id).filter_by(pathway_id=shelf.document_id).limit(1)) is not None:
        raise Refused(_("Ce parcours a été publié : des personnes le suivent peut-être. Il ne se retire pas d’ici."))
    _refuse_lent(db, name)
    _take_away(shelf.living)
    record(db, "pathway.remove", name, by=by)


def restore_pathway(db: Session, name: str, *, by: int) -> None:
    """Give back a pathway as it was when it was taken away; done twice, once. Raises Missing."""
    shelf = hold(db, name)
    front = next((each for each in shelf.drafts if each.path == f"pathways/{name}/pathway.md"), None)
    if front is None:
        raise Missing
    if front.removed_at is None:
        return
    gone = front.removed_at
    for each in shelf.drafts:
        if each.removed_at == gone and each.removed_here:
            each.removed_at, each.removed_here = None, False
    record(db, "pathway.restore", name, by=by)


def _refuse_lent(db: Session, name: str, module: str = "") -> None:
    """Raises Refused for what another pathway takes."""
    takers = {pathway for _draft, slug, pathway in reads.borrowers(db, name) if module in ("", slug)}
    if takers:
        words = _("Il est repris dans %(names)s : donnez-y d’abord sa propre copie.", names=", ".join(sorted(takers)))
        raise Refused(words)


def _own(entry: Draft) -> None:
    """Raises Refused for a module that another pathway lends: it is written there."""
    if said(entry.path, entry.text or "").get("use"):
        raise Refused(_("Ce module est écrit dans un autre parcours : faites-en d’abord une copie."))


def _folder(draft: Draft) -> str:
    return draft.path.rsplit("/", 1)[0] + "/"


def _open(db: Session, name: str) -> Shelf:
    """Raises Missing for a pathway that was taken away too."""
    shelf = hold(db, name)
    if not shelf.living:
        raise Missing
    return shelf


def _document(db: Session, kind: DocumentKind, slug: str, home: int | None) -> int:
    insert_if_absent(db, Document, {"kind": kind, "slug": slug, "home_id": home, "created_at": clock.now()})
    return db.scalars(select(Document.id).filter_by(kind=kind, slug=slug, home_id=home)).one()


def _new_module(db: Session, shelf: Shelf, title: str) -> tuple[int, str]:
    """Number and slug of a module that nothing of the pathway was ever called."""
    slug = slug_of(title, set(db.scalars(select(Document.slug).filter_by(home_id=shelf.document_id))))
    return _document(db, DocumentKind.MODULE, slug, shelf.document_id), slug


def _copy(
    db: Session,
    shelf: Shelf,
    places: Mapping[int, str],
    document: int,
    by: int,
    *,
    names: dict[str, str],
    told: bool = False,
) -> dict[int, Draft]:
    """Copies of drafts at those places, by the number of what they copy.

    `names`: old uid -> new, filled with those that it lacks; `told`: the title of what leads says that it is a copy.
    """
    copied = [each for each in shelf.living if each.id in places]
    for each in copied:  # all the names first: a step recalls the fields of another
        if each.text is not None:
            moving.with_new_names(each.text, each.path, names)
    found = {}
    for each in copied:
        path = places[each.id]
        if each.text is None:
            draft = Draft(document_id=document, path=path, sha256=each.sha256, version=1)
            draft.updated_at, draft.updated_by = clock.now(), by
            db.add(draft)
        else:
            text = moving.with_new_names(each.text, each.path, names)
            draft = workshop.create_text(db, document, path, text, by=by)
        found[each.id] = draft
    db.flush()
    if not told:
        return found
    leading = min(found.values(), key=lambda draft: (not draft.path.endswith(arranging.FRONT), len(draft.path)))
    title = f"{said(leading.path, leading.text or '').get('title', '')} ({COPY})"
    workshop.write_text(
        db, leading.id, moving.with_title(leading.text or "", leading.path, title), seen=leading.version, by=by
    )
    return found


def _put(db: Session, name: str, entry: Draft, rank: int, by: int) -> None:
    shelf = Shelf(0, name, reads.everything(db, f"pathways/{name}/"))
    arranging.settle(db, shelf, entry, rank, by=by)


def _take_away(drafts: list[Draft]) -> None:
    now = clock.now()
    for each in drafts:
        each.removed_at, each.removed_here = now, True


def _number(draft: Draft) -> int:
    return moving.number_of(draft.path.removesuffix("module.md"))
