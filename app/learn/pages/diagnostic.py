"""The self-diagnostics, open to everyone: no account, no pathway begun."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.content.diagnostics import DiagnosticDoc
from app.content.translation import reread
from app.errors import Missing
from app.i18n import _
from app.learn.pages.kinds import asked, level_name
from app.learn.pages.parts import person_id
from app.learn.pages.pieces import Asked, ResultLine
from app.models import DocumentKind
from app.policy import Me
from app.reads import courses, learning
from app.reads.frozen import Published


@dataclass(frozen=True)
class DiagnosticCard:
    slug: str
    lang: str
    title: str
    summary: str
    questions: int
    minutes: int
    results: tuple[ResultLine, ...]


@dataclass(frozen=True)
class DiagnosticsPage:
    cards: tuple[DiagnosticCard, ...]


@dataclass(frozen=True)
class DiagnosticPage:
    card: DiagnosticCard
    html: str
    questions: tuple[Asked, ...]
    sources: tuple[str, ...]
    provenance: str
    error: str


def diagnostics(db: Session, me: Me | None) -> DiagnosticsPage:
    """Each one that leads to a published pathway, in the order of the shelf, with one's own sittings."""
    found = courses.published(db, DocumentKind.DIAGNOSTIC).values()
    ranks: dict[str, int] = {}
    for reading in courses.pathways(db, person_id(me)):
        ranks[reading.doc.kit] = min(reading.doc.rank, ranks.get(reading.doc.kit, reading.doc.rank))
    kits = {each.slug: reread(DiagnosticDoc, each.content).kit for each in found}
    shown = sorted((each for each in found if kits[each.slug] in ranks), key=lambda each: ranks[kits[each.slug]])
    sat = learning.sittings(db, me.id) if me else []
    return DiagnosticsPage(tuple(_card(each, sat) for each in shown))


def diagnostic(db: Session, me: Me | None, slug: str) -> DiagnosticPage:
    """One of them, its questions on one page. Raises Missing."""
    found = courses.published(db, DocumentKind.DIAGNOSTIC, slug).get(slug)
    if found is None:
        raise Missing
    doc = reread(DiagnosticDoc, found.content)
    if all(reading.doc.kit != doc.kit for reading in courses.pathways(db, person_id(me))):
        raise Missing
    sat = learning.sittings(db, me.id, doc.uid) if me else []
    return DiagnosticPage(_card(found, sat), found.html, asked(doc), doc.sources, doc.provenance, "")


def sat(page: DiagnosticPage, posted: Mapping[str, str]) -> tuple[dict[str, int | None], DiagnosticPage]:
    """The answers (None: « Je ne sais pas »), and the page again, with what lacks."""
    given = {q.uid: value for q in page.questions if (value := posted.get(q.uid, "")) in ("0", "1", "2", "3", "x")}
    lacking = [q.number for q in page.questions if q.uid not in given]
    shown = tuple(
        replace(
            q,
            options=tuple(replace(option, chosen=option.value == given.get(q.uid)) for option in q.options),
            error="" if q.uid in given else _("Choisissez une réponse, ou « Je ne sais pas »."),
        )
        for q in page.questions
    )
    numbers = ", ".join(map(str, lacking))
    error = _("Il reste des questions sans réponse : %(numbers)s.", numbers=numbers) if lacking else ""
    answers = {uid: None if value == "x" else int(value) for uid, value in given.items()}
    return answers, replace(page, questions=shown, error=error)


def _card(found: Published, sat: list[learning.Sitting]) -> DiagnosticCard:
    doc = reread(DiagnosticDoc, found.content)
    results = tuple(
        ResultLine(f"/resultats/{each.id}", each.lang, each.title, level_name(each.level), each.at)
        for each in sat
        if each.diagnostic_uid == doc.uid
    )
    return DiagnosticCard(found.slug, found.lang, doc.title, doc.summary, len(doc.questions), doc.minutes, results)
