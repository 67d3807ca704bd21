"""Home and catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.i18n import _, minutes, typo
from app.learn.pages.parts import Lines, kit_card, label, pathway_card, person_id
from app.learn.pages.pieces import Choice, Decided, Filters, PathwayCard, Resume
from app.learn.pages.plan import decided
from app.learn.pages.shapes import CataloguePage, HomePage
from app.models import DocumentKind, EditionFormat, Term
from app.models.progress import Progress, StepRow
from app.policy import Me
from app.reads import courses, plans
from app.reads.courses import Reading
from app.reads.frozen import Published

TIMES = {"20": 20, "2h": 120, "jour": 420}
"""Minutes at hand: a day is seven hours (ours). 20 min opens every format: it falls into sittings."""


@dataclass(frozen=True)
class Wanted:
    """The filters of the address, each a known value or ""."""

    chemin: str = ""
    temps: str = ""
    profil: str = ""


@dataclass(frozen=True)
class _Shelf:
    readings: list[Reading]
    formats: dict[int, tuple[EditionFormat, ...]]
    kits: dict[str, Published]
    terms: dict[str, tuple[Term, ...]]
    rows: dict[int, tuple[StepRow, ...]]

    @property
    def offered(self) -> list[Reading]:
        """Without what is archived, which only who has begun it still meets."""
        return [reading for reading in self.readings if reading.archived_at is None]

    def card(self, reading: Reading) -> PathwayCard:
        done = None
        if reading.enrolment_id is not None and reading.format_minutes is not None:
            done = Progress(self.rows.get(reading.enrolment_id, ()), reading.format_minutes).done
        formats = self.formats[reading.edition_id]
        return pathway_card(reading, formats, self.kits, self.terms["paths"], done)


def _shelf(db: Session, me: Me | None) -> _Shelf:
    readings = courses.pathways(db, person_id(me))
    return _Shelf(
        readings=readings,
        formats=courses.formats(db, [reading.edition_id for reading in readings]),
        kits=courses.published(db, DocumentKind.KIT),
        terms=courses.terms(db, "paths", "actor_profiles"),
        rows=courses.open_steps(db, me.id, readings) if me else {},
    )


def home(db: Session, me: Me | None) -> HomePage:
    """The signpost, the doors, « Reprendre » and the pathways."""
    shelf = _shelf(db, me)
    first = next((r for r in shelf.offered if _open_formats(shelf, r)), None)
    options = Lines(first, (), shelf.formats[first.edition_id]).options() if first else ()
    kits = [kit_card(kit) for kit in shelf.kits.values()]
    return HomePage(
        decided=_decided(db, me, shelf),
        resume=_resume(shelf),
        first=shelf.card(first) if first else None,
        first_label=next((option.label for option in options if option.offered), ""),
        signs=options,
        pathways=tuple(shelf.card(reading) for reading in shelf.offered),
        open_pathways=sum(bool(_open_formats(shelf, reading)) for reading in shelf.offered),
        kits=len(kits),
        sheets=sum(sheet.ready for kit in kits for sheet in kit.sheets),
        filters=_filters(shelf, Wanted()),
    )


def _decided(db: Session, me: Me | None, shelf: _Shelf) -> tuple[Decided, ...]:
    """The commitments that it is time to ask about."""
    if me is None or not shelf.rows:
        return ()
    return decided(plans.of_person(db, me.id), shelf.readings, me, only_asked=True)


def _open_formats(shelf: _Shelf, reading: Reading) -> list[EditionFormat]:
    return [format for format in shelf.formats[reading.edition_id] if format.offered]


def _resume(shelf: _Shelf) -> Resume | None:
    """The enrolment begun last that is not finished."""
    mine = {reading.enrolment_id: reading for reading in shelf.readings if reading.enrolment_id is not None}
    for enrolment_id, rows in shelf.rows.items():
        if (reading := mine.get(enrolment_id)) is not None:
            resume = Lines(reading, rows, shelf.formats[reading.edition_id]).resume()
            if resume is not None and not resume.finished:
                return resume
    return None


def catalogue(db: Session, me: Me | None, wanted: Wanted) -> CataloguePage:
    """Pathways that suit a chemin, the time at hand and a profile; an empty result says what to relax."""
    shelf = _shelf(db, me)
    wanted = _known(shelf, wanted)
    found = [reading for reading in shelf.offered if _suits(shelf, reading, wanted)]
    return CataloguePage(
        pathways=tuple(shelf.card(reading) for reading in found),
        filters=_filters(shelf, wanted),
        relax=() if found else tuple(_relax(shelf, wanted)),
    )


def _known(shelf: _Shelf, wanted: Wanted) -> Wanted:
    """The filters that exist: an old address may name a term that is gone."""
    chemins, profils = ({term.slug for term in shelf.terms[name]} for name in ("paths", "actor_profiles"))
    return Wanted(
        chemin=wanted.chemin if wanted.chemin in chemins else "",
        temps=wanted.temps if wanted.temps in TIMES else "",
        profil=wanted.profil if wanted.profil in profils else "",
    )


def _suits(shelf: _Shelf, reading: Reading, wanted: Wanted) -> bool:
    doc = reading.doc
    at_hand = TIMES.get(wanted.temps)
    formats = _open_formats(shelf, reading)
    return (
        (not wanted.chemin or doc.chemin == wanted.chemin)
        and (not wanted.profil or not doc.actors or wanted.profil in doc.actors)
        and (
            at_hand is None or (at_hand == TIMES["20"] and bool(formats)) or any(f.minutes <= at_hand for f in formats)
        )
    )


def _relax(shelf: _Shelf, wanted: Wanted) -> list[tuple[str, str]]:
    """For each filter, what its removal would give."""
    sentences = []
    for name in ("chemin", "temps", "profil"):
        values = vars(wanted) | {name: ""}
        count = sum(_suits(shelf, reading, Wanted(**values)) for reading in shelf.offered)
        if getattr(wanted, name) and count:
            chosen = next(c.label for c in getattr(_filters(shelf, wanted), name) if c.chosen)
            address = "/parcours?" + urlencode({key: value for key, value in values.items() if value})
            sentences.append((_("Retirer « %(filter)s »", filter=chosen), address))
    return sentences or [(_("Retirer tous les filtres"), "/parcours")]


def _filters(shelf: _Shelf, wanted: Wanted) -> Filters:
    times = [("20", minutes(20)), ("2h", minutes(120)), ("jour", _("une journée"))]
    return Filters(
        chemin=_choices([(term.slug, label(term)) for term in shelf.terms["paths"]], wanted.chemin),
        temps=_choices(times, wanted.temps),
        profil=_choices([(term.slug, label(term)) for term in shelf.terms["actor_profiles"]], wanted.profil),
        active=sum(bool(value) for value in vars(wanted).values()),
    )


def _choices(values: Sequence[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    everything = Choice("", _("Tous"), not chosen)
    return (everything, *(Choice(value, typo(text), value == chosen) for value, text in values))
