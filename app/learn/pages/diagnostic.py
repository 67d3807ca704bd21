"""The self-diagnostics, open to everyone: no account, no pathway begun."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.errors import Missing
from app.i18n import _
from app.learn.pages.kinds import asked, result_lines
from app.learn.pages.parts import chemin_look, person_id
from app.learn.pages.pieces import Asked, ResultLine
from app.policy import Me
from app.reads import courses, learning
from app.reads import diagnostics as reads
from app.reads.diagnostics import Shelved
from app.reads.learning import Sitting


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
    instead: str
    """The chemin that the visitor chose, when it has no self-diagnostic of its own yet."""
    error: str


def diagnostics(db: Session, me: Me | None) -> DiagnosticsPage:
    """Each one that leads to a published pathway, in the order of the shelf, with one's own sittings."""
    sat = learning.sittings(db, me.id) if me else []
    return DiagnosticsPage(tuple(_card(each, sat) for each in reads.shelf(db, person_id(me))))


def diagnostic(db: Session, me: Me | None, slug: str) -> DiagnosticPage:
    """One of them, its questions on one page. Raises Missing."""
    shelf = reads.shelf(db, person_id(me), even_archived=True)
    here = next((each for each in shelf if each.found.slug == slug), None)
    if here is None:
        raise Missing
    sat = learning.sittings(db, me.id, here.doc.uid) if me else []
    return DiagnosticPage(
        card=_card(here, sat),
        html=here.found.html,
        questions=asked(here.doc),
        sources=here.doc.sources,
        provenance=here.doc.provenance,
        instead=_instead(db, me, shelf),
        error="",
    )


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


def _card(here: Shelved, sat: list[Sitting]) -> DiagnosticCard:
    doc = here.doc
    results = result_lines([each for each in sat if each.diagnostic_uid == doc.uid])
    return DiagnosticCard(
        here.found.slug, here.found.lang, doc.title, doc.summary, len(doc.questions), doc.minutes, results
    )


def _instead(db: Session, me: Me | None, shelf: tuple[Shelved, ...]) -> str:
    chemin = me.profile.chemin if me else None
    if chemin is None or any(each.reading.doc.chemin == chemin for each in shelf):
        return ""
    return chemin_look(courses.terms(db, "paths")["paths"], chemin)[0]
