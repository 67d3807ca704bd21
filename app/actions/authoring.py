"""From text to what is live: drafts keep the bytes, publication freezes revisions and makes editions."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.actions import drafts, publishing
from app.content.course import Course, Parsed, Together, Unit, fingerprint
from app.content.documents import PathwayDoc, Problem
from app.content.folder import Source
from app.errors import Refused
from app.i18n import _
from app.models import Document, Edition, Proposal, record
from app.reads import drafts as reads


class Clash(StrEnum):
    """What to do where a text was edited in the browser and on disk since it was loaded."""

    SAY = "say"
    KEEP_MINE = "keep-mine"
    TAKE_FILES = "take-files"


@dataclass
class Loaded:
    """What a load did. `clashes`: paths edited on both sides; `ahead`: folders edited in the browser, which publishes
    them; `published`: what is live anew, in words."""

    problems: tuple[Problem, ...]
    clashes: list[str] = field(default_factory=list)
    ahead: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems and not self.blocked

    def sentences(self) -> list[str]:
        said = [*self.published]
        if not self.published and not self.ahead:
            said.append(_("Rien de nouveau : tout était déjà publié."))
        said += [_("%(name)s : non chargé, à cause des erreurs ci-dessus.", name=name) for name in self.blocked]
        for name in self.ahead:
            said.append(_("%(name)s : écrit dans l’atelier depuis ; c’est là qu’il se publie.", name=name))
        for path in self.clashes:
            said.append(_("%(path)s : modifié dans le navigateur et sur le disque ; rien n’est écrasé.", path=path))
        if self.clashes:
            said.append(_("Pour décider : --keep-mine garde le navigateur, --take-files prend les fichiers."))
        return said


def load(
    db: Session,
    course: Course,
    media: Path,
    *,
    clash: Clash = Clash.SAY,
    by: int | None = None,
    note: str = "",
    correctif: bool = False,
) -> Loaded:
    """Load courses: a text edited in the browser since is never overwritten, only what changed is published.

    A pathway with an invalid document is left as it was, as a whole. Idempotent. `note`: what learners are told of
    the new editions; `correctif`: they reach those midway. Raises Refused, for a correctif that is none.
    """
    if correctif and not note.strip():
        raise Refused(_("Dites en une phrase ce que le correctif corrige : elle sera lue par les personnes en cours."))
    report = Loaded(course.problems)
    for unit in course.units():
        if unit.problems:
            report.blocked.append(unit.name)
            continue
        taken = [drafts.take(db, source, media, clash=clash, by=by) for source in unit.sources]
        clashes = [path for each in taken for path in each.clashes]
        ahead = [path for each in taken for path in each.ahead]
        ahead += drafts.take_away(db, unit.sources, clash=clash) if unit.kind == "pathway" else []
        report.clashes += clashes
        report.ahead += [unit.name] if ahead and not clashes else []
        if not clashes and not ahead:
            report.published += _publish(db, unit, by=by, note=note.strip(), correctif=correctif)
    if report.published:
        record(db, "content.load", "courses", by=by, published=len(report.published))
    db.flush()
    return report


def _publish(db: Session, unit: Unit, *, by: int | None, note: str, correctif: bool) -> list[str]:
    """Make a unit live; what it made, in sentences."""
    if unit.kind != "pathway":
        fresh = _publish_alone(db, unit.documents[0], by=by)
        return [_("%(name)s : publié.", name=unit.name)] if fresh else []
    number = _publish_pathway(db, unit, by=by, note=note, correctif=correctif)
    if number is None:
        return []
    title = getattr(unit.documents[0].doc, "title", unit.name)
    if correctif:
        return [_("Parcours « %(title)s » : édition %(number)s publiée, correctif.", title=title, number=number)]
    return [_("Parcours « %(title)s » : édition %(number)s publiée.", title=title, number=number)]


def _publish_pathway(db: Session, unit: Unit, *, by: int | None, note: str, correctif: bool) -> int | None:
    """The number of the edition that it makes; None when nothing changed."""
    front, *modules = unit.documents
    if not isinstance(front.doc, PathwayDoc):
        raise TypeError(unit.name)
    pathway = drafts.identity(db, front.source)
    revision, _fresh = publishing.publish(db, pathway, front, by=by)
    for other in unit.lent:  # its pathway may be on its way: a module is of one that is known
        drafts.identity(db, Source("pathway", other.home, "", 0, f"pathways/{other.home}/", {}))
    revisions = [publishing.publish(db, drafts.identity(db, m.source), m, by=by)[0] for m in modules]
    used = publishing.live(db, unit.used)
    return publishing.publish_edition(
        db, pathway, revision, front.doc, revisions, used, by=by, note=note, correctif=correctif
    )


def _publish_alone(db: Session, parsed: Parsed, *, by: int | None, note: str = "") -> bool:
    """Whether anything changed."""
    _revision, fresh = publishing.publish(db, drafts.identity(db, parsed.source), parsed, by=by, note=note)
    publishing.publish_terms(db, parsed)
    return fresh


def publish(db: Session, together: Together, *, seen: str, note: str, correctif: bool, by: int) -> int | None:
    """Publish what was looked at, from the workshop. Returns the edition that a pathway is now in.

    `together`: read before this transaction; `seen`: its fingerprint, as the page showed it. Publishing the same
    twice, or two people at once, makes one edition. Raises Refused: `seen`, when a text changed meanwhile; `note`.
    """
    note, unit = note.strip(), together.unit
    document = hold(db, together, seen)
    fresh = [each.name for each in together.used if _publish_alone(db, each.documents[0], by=by, note=note)]
    if unit.kind != "pathway":
        fresh += [unit.name] if _publish_alone(db, unit.documents[0], by=by, note=note) else []
        number = None
    else:
        number, made = _next_edition(db, unit, note=note, correctif=correctif, by=by)
        fresh += [unit.name] if made else []
    if fresh:
        record(db, "content.publish", unit.name, by=by, edition=number, documents=fresh)
    db.flush()
    end_proposal(db, document.id, by=by)
    return number


def hold(db: Session, together: Together, seen: str) -> Document:
    """The document of what was looked at, which nobody else publishes or proposes meanwhile. Raises Refused."""
    if together.problems:
        raise Refused(_("Il reste des points à corriger : rien n’est publié."), field="points")
    for each in together.units:
        document = drafts.identity(db, each.sources[0])  # locked, in one order: who publishes the same waits here
    names = reads.names(db, [prefix for each in together.units for prefix in each.prefixes])
    if not seen == together.seen == fingerprint(names):
        raise Refused(_("Le brouillon a changé depuis : relisez ci-dessous ce qui sera publié."), field="seen")
    return document


def end_proposal(db: Session, document_id: int, *, by: int) -> None:
    """What waited to be published waits no more; done twice, once."""
    waiting = update(Proposal).where(Proposal.document_id == document_id, Proposal.ended_at.is_(None))
    db.execute(waiting.values(ended_at=clock.now(), ended_by=by))


def _next_edition(db: Session, unit: Unit, *, note: str, correctif: bool, by: int) -> tuple[int, bool]:
    """The edition that a pathway is now in, and whether it was made just now. From the second on, a note says why."""
    pathway = drafts.identity(db, unit.sources[0])
    number = _publish_pathway(db, unit, by=by, note=note, correctif=correctif)
    if number is None:
        return _latest(db, pathway.id), False
    if number > 1 and not note:
        raise Refused(_("Dites en une phrase ce qui change : les personnes en route la liront."), field="note")
    return number, True


def _latest(db: Session, pathway_id: int) -> int:
    return (
        db.scalars(select(Edition.number).filter_by(pathway_id=pathway_id).order_by(Edition.number.desc())).first() or 0
    )


def save(db: Session, media: Path) -> dict[str, bytes]:
    """The drafts as files: the same bytes that were loaded, or what was written since in the browser."""
    return reads.files(db, media)
