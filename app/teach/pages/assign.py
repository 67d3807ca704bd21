"""Attribuer un parcours: what may be chosen and, before it is confirmed, what it asks and what it does to whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app import clock
from app.i18n import _, in_zone, minutes, ngettext
from app.models import EditionFormat
from app.models.assigned import Effects, Pace, Stand, Wanted, pace
from app.policy import Me
from app.reads import assignments, courses, teaching
from app.reads.courses import Reading
from app.teach.pages.coming import Group, group, reasons


@dataclass(frozen=True)
class PathwayChoice:
    slug: str
    lang: str
    title: str
    formats: str  # « 2 h, 4 h ; bientôt 12 h »
    offered: tuple[int, ...]  # minutes


@dataclass(frozen=True)
class FormatChoice:
    minutes: int
    label: str
    rank: int


@dataclass(frozen=True)
class Preview:
    title: str
    lang: str
    format_label: str
    rank: int
    starts_on: date
    due_on: date | None
    due_days: int | None
    pace: str
    tight: bool
    lines: tuple[str, ...]  # what it does to whom
    people: int
    told: Group  # who receives the mail that announces it
    silent: tuple[tuple[str, Group], ...]  # why, who does not


@dataclass(frozen=True)
class AssignPage:
    number: int
    name: str
    archived: bool
    today: date
    pathways: tuple[PathwayChoice, ...]
    formats: tuple[FormatChoice, ...]
    preview: Preview | None


def assign(db: Session, me: Me, number: int, wanted: Wanted | None = None) -> AssignPage:
    """`wanted`: already found possible, to be confirmed. Raises Missing."""
    cohort = teaching.led_cohort(db, me.id, number)
    readings = courses.pathways(db, None)
    formats = courses.formats(db, [reading.edition_id for reading in readings])
    open_ones = [r for r in readings if any(f.offered for f in formats.get(r.edition_id, ()))]
    today = in_zone(clock.now(), cohort.zone).date()
    chosen = next((r for r in open_ones if wanted is not None and r.slug == wanted.slug), None)
    return AssignPage(
        number=cohort.id,
        name=cohort.name,
        archived=cohort.archived_at is not None,
        today=today,
        pathways=tuple(_choice(reading, formats[reading.edition_id]) for reading in open_ones),
        formats=_formats(open_ones, formats),
        preview=_preview(db, number, chosen, wanted, today) if chosen is not None and wanted is not None else None,
    )


def _choice(reading: Reading, formats: tuple[EditionFormat, ...]) -> PathwayChoice:
    now = ", ".join(minutes(format.minutes) for format in formats if format.offered)
    soon = ", ".join(minutes(format.minutes) for format in formats if not format.offered)
    said = _("%(now)s ; bientôt %(soon)s", now=now, soon=soon) if soon else now
    offered = tuple(format.minutes for format in formats if format.offered)
    return PathwayChoice(reading.slug, reading.lang, reading.title, said, offered)


def _formats(readings: list[Reading], formats: Mapping[int, tuple[EditionFormat, ...]]) -> tuple[FormatChoice, ...]:
    """Every format that one pathway at least offers, the shortest first."""
    ranks: dict[int, int] = {}
    for reading in readings:
        for rank, format in enumerate(formats[reading.edition_id], 1):
            if format.offered:
                ranks[format.minutes] = max(rank, ranks.get(format.minutes, 0))
    return tuple(FormatChoice(each, minutes(each), rank) for each, rank in sorted(ranks.items()))


def _preview(db: Session, number: int, reading: Reading, wanted: Wanted, today: date) -> Preview:
    asked, dates = wanted.format_minutes or 0, wanted.dates
    found = assignments.effects(db, number, reading.pathway_id, asked)
    speed = pace(asked, today=today, starts_on=dates.starts_on, due_on=dates.due_on, due_days=dates.due_days)
    ranks = {format.minutes: rank for rank, format in enumerate(reading.doc.formats, 1)}
    return Preview(
        title=reading.title,
        lang=reading.lang,
        format_label=minutes(asked),
        rank=ranks.get(asked, 1),
        starts_on=dates.starts_on,
        due_on=dates.due_on,
        due_days=dates.due_days,
        pace=_pace(speed),
        tight=speed.tight,
        lines=tuple(_lines(found, asked)),
        people=found.people,
        told=group(found.told),
        silent=tuple((reasons()[reason], group(names)) for reason, names in found.silent.items()),
    )


def _pace(speed: Pace) -> str:
    """« 4 h en 3 jours : 1 h 20 par jour »."""
    days = ngettext("%(n)s jour", "%(n)s jours", speed.days)
    said = {"format": minutes(speed.minutes), "days": days, "time": minutes(speed.each)}
    if speed.daily:
        return _("%(format)s en %(days)s : %(time)s par jour.", **said)
    return _("Faisable : %(format)s en %(days)s, soit environ %(time)s par semaine.", **said)


def _lines(found: Effects, asked: int) -> Iterator[str]:
    """One sentence for those whom it does the same to."""
    label = minutes(asked)
    if not found.people:
        yield _("Personne n’est encore dans la cohorte : qui la rejoindra recevra ce parcours.")
    for (stand, own), n in sorted(found.formats.items(), key=lambda each: (tuple(Stand).index(each[0][0]), each[0][1])):
        match stand:
            case Stand.ABSENT:
                yield ngettext(
                    "%(n)s personne commence en %(format)s.",
                    "%(n)s personnes commencent en %(format)s.",
                    n,
                    format=label,
                )
            case Stand.SHORTER:
                yield ngettext(
                    "%(n)s personne passe de %(before)s à %(after)s et garde tout.",
                    "%(n)s personnes passent de %(before)s à %(after)s et gardent tout.",
                    n,
                    before=minutes(own),
                    after=label,
                )
            case Stand.SAME | Stand.LONGER:
                yield ngettext(
                    "%(n)s personne est déjà en %(format)s : rien ne change pour elle.",
                    "%(n)s personnes sont déjà en %(format)s : rien ne change pour elles.",
                    n,
                    format=minutes(own),
                )
            case Stand.LACKING:
                yield ngettext(
                    "%(n)s personne suit une édition sans le format %(format)s : rien ne bouge, la nouvelle lui est"
                    " proposée avec ce format.",
                    "%(n)s personnes suivent une édition sans le format %(format)s : rien ne bouge, la nouvelle leur"
                    " est proposée avec ce format.",
                    n,
                    format=label,
                )
    if found.finished:
        yield ngettext("%(n)s personne a déjà terminé.", "%(n)s personnes ont déjà terminé.", found.finished)
