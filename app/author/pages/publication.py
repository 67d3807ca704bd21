"""Before publishing: what is to be put right, what changes, whom it touches."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.author.pages.exchange import PLACES
from app.author.pages.text import FAMILIES, schema_of
from app.author.words import words
from app.content import editing, folder, text
from app.content.advice import advise
from app.content.course import Together, Unit
from app.content.documents import Problem
from app.content.outline import said
from app.errors import Missing
from app.i18n import _, minutes, ngettext
from app.models import DocumentKind
from app.models.comparison import What, differences
from app.reads import drafts, states
from app.reads import publication as reads
from app.reads.publication import EditionLine, Proposed, Reasked, Site
from app.reads.states import State, in_words


@dataclass(frozen=True)
class Point:
    """Something to put right, or to look at. `where`: the text it is in; `url`: the input, nothing where there is
    none."""

    where: str
    said: str
    url: str


@dataclass(frozen=True)
class Change:
    """A step that changes, and how."""

    title: str
    said: tuple[str, ...]


@dataclass(frozen=True)
class PastEdition:
    """An edition that was published. `effects`: what withdrawing it would do."""

    number: int
    at: datetime
    note: str
    corrects: int | None
    withdrawn_at: datetime | None
    people: int
    effects: tuple[str, ...] = ()


@dataclass(frozen=True)
class PublicationPage:
    slug: str
    title: str
    points: tuple[Point, ...]
    advice: tuple[Point, ...]
    current: int | None
    """The edition on offer."""
    number: int
    """The edition that it would make."""
    unchanged: bool
    changes: tuple[Change, ...]
    impact: tuple[str, ...]
    also: tuple[str, ...]
    """What is published with it."""
    note_needed: bool
    correctif: bool
    """Proved to change no task, answer nor minute."""
    no_correctif: str
    """Else why."""
    reached: int
    """People midway whom a correctif would reach."""
    seen: str
    editions: tuple[PastEdition, ...]
    done: str
    """What was just done, to be said."""
    proposed: Proposed | None
    archived_at: datetime | None
    leaving: tuple[str, ...]
    """What archiving it would do, or has done: to whom. Nothing for what was never published."""


def publication(db: Session, media: Path, slug: str, *, done: str = "") -> PublicationPage:
    """`done`: what the address says was just done. Raises Missing."""
    site = reads.site(db, media)
    together = site.together(DocumentKind.PATHWAY, slug)
    document = drafts.document(db, DocumentKind.PATHWAY, slug)
    lines = reads.editions(db, slug)
    before = reads.on_offer(lines)
    was = states.of_edition(db, before.id, before.front_revision_id) if before else None
    now = None if together.problems else states.of_draft(together.unit)
    title = title_of(site, together.unit)
    unchanged = bool(now and lines and lines[0].withdrawn_at is None and lines[0].digest == together.digest)
    why = states.why_no_correctif(title, was, now) if was and now and not unchanged else ""
    changed = differences(was.steps, now.steps) if was and now else ()
    asked = [each.row.uid for each in changed if each.what is What.TASK]
    tasks = {uid: frozenset(d for (step, _lang), d in now.tasks.items() if step == uid) for uid in asked} if now else {}
    return PublicationPage(
        slug=slug,
        title=title,
        points=tuple(points(site, together.problems)),
        advice=tuple(points(site, advise(d for unit in together.units for d in unit.documents))),
        current=before.number if before else None,
        number=lines[0].number + 1 if lines else 1,
        unchanged=unchanged,
        changes=tuple(_changes(was, now)) if was and now else (),
        impact=tuple(_impact(lines, now, reads.reasked(db, slug, tasks))) if now and not unchanged else (),
        also=tuple(also(site, together)),
        note_needed=bool(lines),
        correctif=bool(was and now and not unchanged and not why),
        no_correctif=why,
        reached=reads.reached(lines, before) if before else 0,
        seen=together.seen,
        editions=tuple(_past(lines)),
        done=_done(done, lines),
        proposed=reads.proposal(db, DocumentKind.PATHWAY, slug),
        archived_at=document.archived_at,
        leaving=tuple(_leaving(lines, reads.assigned(db, document.id))) if lines else (),
    )


@dataclass(frozen=True)
class TextPublicationPage:
    """Of a kit, a diagnostic, an example or the lists of words."""

    number: int
    title: str
    points: tuple[Point, ...]
    advice: tuple[Point, ...]
    unchanged: bool
    impact: tuple[str, ...]
    seen: str
    done: str
    proposed: Proposed | None
    exported: bool  # as a folder of its own


def text_publication(db: Session, media: Path, number: int, *, done: str = "") -> TextPublicationPage:
    """`done`: « oui » when it was just published. Raises Missing, for a pathway's text too."""
    document = reads.of_text(db, number)
    if document.kind is DocumentKind.PATHWAY:
        raise Missing
    site = reads.site(db, media)
    together = site.together(document.kind, document.slug)
    unit = together.unit
    live = site.live.get(f"{unit.name}/")
    return TextPublicationPage(
        number=number,
        title=_("Listes de mots") if document.kind is DocumentKind.TAXONOMY else title_of(site, unit),
        points=tuple(points(site, together.problems)),
        advice=tuple(points(site, advise(unit.documents))),
        unchanged=bool(unit.documents) and not together.problems and live == unit.documents[0].digest,
        impact=tuple(_seen_by(site, document.kind, document.slug)),
        seen=together.seen,
        done=_("C’est publié.") if done == "oui" else "",
        proposed=reads.proposal(db, document.kind, document.slug),
        exported=document.kind in PLACES,
    )


def _seen_by(site: Site, kind: DocumentKind, slug: str) -> Iterator[str]:
    """Where a change will be read, and when."""
    if kind not in (DocumentKind.DIAGNOSTIC, DocumentKind.CASE):
        yield _("Le changement se voit aussitôt, partout où il se lit : rien n’en est figé avec les éditions.")
        return
    pathways = [unit for unit in site.course.units() if unit.kind == "pathway" and (kind.value, slug) in unit.used]
    titles = [title_of(site, unit) for unit in pathways]
    if titles:
        yield _(
            "Il est figé avec les éditions de : %(titles)s. Leurs lecteurs gardent le texte d’aujourd’hui ;"
            " la prochaine édition de chacun prendra celui-ci.",
            titles=", ".join(titles),
        )
    if kind is DocumentKind.DIAGNOSTIC:
        yield _("Hors parcours, qui le passe désormais répond à ce texte ; les résultats déjà obtenus ne changent pas.")
    elif not titles:
        yield _("Le changement se voit aussitôt.")


def title_of(site: Site, unit: Unit) -> str:
    """Of a document as it is drafted, however unfinished."""
    front = unit.sources[0].front
    content = unit.sources[0].files.get(front, b"")
    return said(front, content.decode("utf-8", "replace")).get("title", "") or unit.name


def points(site: Site, problems: Iterable[Problem]) -> Iterator[Point]:
    """Problems, each with the name of its text and a way to its input."""
    files = {path: content for source in site.course.sources for path, content in source.files.items()}
    problems = list(problems)
    for problem in problems:
        if editing.drawn(problem.loc, {each.loc for each in problems if each.path == problem.path}):
            continue
        number = site.numbers.get(problem.path)
        content = files.get(problem.path, b"").decode("utf-8", "replace") if number else ""
        title = said(problem.path, content).get("title", "") if number else ""
        lang = folder.language(problem.path)
        where = title if lang == "fr" or not title else f"{title} ({lang})"
        place = f"#{problem.place}" if problem.place else ""
        yield Point(
            where or problem.path, _worded(problem, content), f"/atelier/textes/{number}{place}" if number else ""
        )


def _worded(problem: Problem, content: str) -> str:
    """What is wrong, a key that lacks by the name of its input in the editor."""
    keys = [str(part) for part in problem.loc if not isinstance(part, int)]
    if not keys or not problem.message.endswith(text.absent(keys[-1])):
        return problem.message
    schema = schema_of(problem.path, text.read(content, problem.path))
    label = words(FAMILIES.get(schema, "step") if schema else "step", ".".join(keys)).label
    ranks = ".".join(str(part + 1) for part in problem.loc if isinstance(part, int))
    return _("à remplir : « %(label)s »", label=f"{label} {ranks}".strip())


def also(site: Site, together: Together) -> Iterator[str]:
    """The documents that are published with a pathway because they are not live as they are drafted."""
    for unit in together.used:
        if unit.documents and site.live.get(f"{unit.name}/") != unit.documents[0].digest:
            yield title_of(site, unit)


def _changes(was: State, now: State) -> Iterator[Change]:
    found = differences(was.steps, now.steps)
    for uid in dict.fromkeys(each.row.uid for each in found):
        mine = [each for each in found if each.row.uid == uid]
        yield Change(mine[0].row.title, tuple(words for each in mine if (words := in_words(each))))


def _impact(lines: Sequence[EditionLine], now: State, again: Reasked) -> Iterator[str]:
    """Whom a new edition touches, and how little."""
    midway: dict[int, int] = {}
    for line in lines:
        for format, people in line.midway.items():
            midway[format] = midway.get(format, 0) + people
    n, finished = sum(midway.values()), sum(line.finished for line in lines)
    if not n and not finished:
        yield _("Personne n’est en route sur ce parcours.")
        return
    if n:
        each = ", ".join(_("%(n)s en %(format)s", n=people, format=minutes(f)) for f, people in sorted(midway.items()))
        yield ngettext(
            "%(n)s personne est en route : %(each)s.", "%(n)s personnes sont en route : %(each)s.", n, each=each
        )
        yield ngettext(
            "Elle garde son édition ; la nouvelle lui est proposée, jamais imposée.",
            "Elles gardent leur édition ; la nouvelle leur est proposée, jamais imposée.",
            n,
        )
    if again.people:
        titles = {row.uid: row.title for row in now.steps}
        steps = ", ".join(f"« {titles[uid]} » ({count})" for uid, count in again.steps.items())
        yield ngettext(
            "En l’acceptant, %(n)s personne verrait « la consigne a changé » : %(steps)s.",
            "En l’acceptant, %(n)s personnes verraient « la consigne a changé » : %(steps)s.",
            again.people,
            steps=steps,
        )
        yield _("Ce qui est fait reste fait et compté ; ces étapes pourront être refaites.")
    elif n:
        yield _("Personne ne verrait « la consigne a changé ».")
    if finished:
        yield ngettext(
            "%(n)s personne a terminé : son bilan et son attestation restent, rien ne redevient à faire.",
            "%(n)s personnes ont terminé : leurs bilans et leurs attestations restent, rien ne redevient à faire.",
            finished,
        )


def _past(lines: Sequence[EditionLine]) -> Iterator[PastEdition]:
    numbers = {line.id: line.number for line in lines}
    for line in lines:
        corrects = numbers.get(line.corrects_id or 0)
        effects = () if line.withdrawn_at else tuple(_effects(line, lines, corrects))
        yield PastEdition(line.number, line.at, line.note, corrects, line.withdrawn_at, line.people, effects)


def _effects(line: EditionLine, lines: Sequence[EditionLine], corrects: int | None) -> Iterator[str]:
    """What withdrawing an edition would do: it breaks nobody."""
    others = [each.number for each in lines if each.withdrawn_at is None and each.number != line.number]
    if line.people:
        yield ngettext(
            "%(n)s personne l’a commencée : elle la garde et peut la terminer.",
            "%(n)s personnes l’ont commencée : elles la gardent et peuvent la terminer.",
            line.people,
        )
    if corrects is not None:
        yield _("C’est un correctif : qui le lit revient au texte d’avant.")
    if not others:
        yield _("C’est la seule édition offerte : le parcours quitte le catalogue.")
    elif line.number > max(others):
        yield _("Qui commence ensuite reçoit l’édition %(n)s.", n=max(others))
    else:
        yield _("Qui commence reçoit toujours l’édition %(n)s.", n=max(others))


def _leaving(lines: Sequence[EditionLine], cohorts: int) -> Iterator[str]:
    """Who would meet a pathway that is archived: it breaks nobody."""
    people = sum(line.people for line in lines)
    if people:
        yield ngettext(
            "%(n)s personne est en route : elle garde ses pages et peut terminer, bilan compris.",
            "%(n)s personnes sont en route : elles gardent leurs pages et peuvent terminer, bilan compris.",
            people,
        )
    else:
        yield _("Personne n’est en route sur ce parcours.")
    if cohorts:
        yield ngettext(
            "%(n)s cohorte le suit : ses membres continuent, qui la rejoint ensuite ne le reçoit plus.",
            "%(n)s cohortes le suivent : leurs membres continuent, qui les rejoint ensuite ne le reçoit plus.",
            cohorts,
        )
    yield _("Il quitte le catalogue, l’accueil, « Par où commencer », les nouveautés et les parcours à attribuer.")
    yield _("Sa page reste, et dit qu’il est archivé. Rien n’est effacé ; il se rétablit d’un clic.")


def _done(done: str, lines: Sequence[EditionLine]) -> str:
    verb, _dash, number = done.partition("-")
    if done == "retabli":
        return _("Ce parcours est de nouveau proposé.")
    line = next((line for line in lines if str(line.number) == number), None)
    if line is None:
        return ""
    if verb == "retiree" and line.withdrawn_at is not None:
        return _("Édition %(n)s retirée.", n=line.number)
    return _("Édition %(n)s publiée.", n=line.number) if verb == "publiee" else ""
