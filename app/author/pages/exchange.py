"""A document as an archive: what one would change, before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app.content import archive, folder
from app.content.course import fingerprint
from app.content.documents import Problem
from app.errors import Missing
from app.models import DocumentKind, Draft
from app.reads import drafts
from app.reads import publication as reads


@dataclass(frozen=True)
class ImportFolderPage:
    """`archive`: the name of what was sent, which waits to be confirmed; nothing when it cannot be."""

    refused: tuple[str, ...] = ()
    """Why it cannot be taken: path:line: sentence."""
    problems: tuple[str, ...] = ()
    """What will be to put right in the workshop, said the same way."""
    folder: str = ""
    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    seen: str = ""
    archive: str = ""

    @property
    def changes(self) -> bool:
        """Whether taking it would do anything."""
        return bool(self.new or self.changed or self.gone)


def import_folder(db: Session, media: Path, content: bytes = b"", held: str = "") -> ImportFolderPage:
    """`content`: the archive to look at; `held`: the name under which it waits."""
    if not content:
        return ImportFolderPage()
    files, refused = archive.unpack(content)
    if refused:
        return ImportFolderPage(refused=tuple(map(str, refused)))
    prefix = folder.documents(files)[0].prefix
    before = {draft.path: draft for draft in drafts.within(db, prefix)}
    others: dict[str, bytes | None] = {**dict.fromkeys(before), **files}
    course = drafts.course(db, media, others)
    same = sum(path in before and _same(before[path], content) for path, content in files.items())
    return ImportFolderPage(
        problems=tuple(str(problem) for problem in _about(course.problems, prefix, files)),
        folder=prefix.rstrip("/"),
        new=sum(path not in before for path in files),
        changed=sum(path in before for path in files) - same,
        same=same,
        gone=sum(path not in files for path in before),
        seen=fingerprint((draft.path, draft.sha256) for draft in before.values()),
        archive=held,
    )


def _same(draft: Draft, content: bytes) -> bool:
    return draft.sha256 == reads.sha256(content)


def _about(problems: tuple[Problem, ...], prefix: str, files: Mapping[str, bytes]) -> list[Problem]:
    """Those of the folder, and those of other texts that name one of its files."""
    return [each for each in problems if each.path.startswith(prefix) or any(path in each.message for path in files)]


def folder_of(db: Session, media: Path, number: int) -> tuple[str, dict[str, bytes]]:
    """The slug and the files of the document that a text belongs to, a pathway with its modules. Raises Missing."""
    document = reads.of_text(db, number)
    if document.kind not in PLACES:
        raise Missing
    prefix = f"{PLACES[document.kind]}/{document.slug}/"
    return document.slug, drafts.as_files(drafts.within(db, prefix), media)


PLACES = {
    DocumentKind.PATHWAY: "pathways",
    DocumentKind.KIT: "kits",
    DocumentKind.DIAGNOSTIC: "diagnostics",
    DocumentKind.CASE: "cases",
}
"""What goes out and comes in by itself: the lists of words belong to the whole site."""
