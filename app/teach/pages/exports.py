"""The files of a cohort, line by line: never an answer, a note, a score, a result, nor measured time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.i18n import _, in_zone, minutes
from app.models import Cohort
from app.models.follow_up import State, forecast
from app.policy import Me
from app.reads import follow_up, hours, teaching
from app.reads.follow_up import Asked, Line
from app.teach.pages.cohort import heads

Row = Sequence[str | int | date | None]
EVERYONE = 1_000_000


@dataclass(frozen=True)
class Table:
    name: str  # of the file: small letters, hyphens
    title: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def table(db: Session, me: Me, number: int, what: str, pathway: str) -> Table:
    """One of `TABLES`, of a cohort that they lead. Raises Missing."""
    found = teaching.led_cohort(db, me.id, number)
    asked = follow_up.chosen(db, follow_up.assignments(db, found.id), pathway)
    return TABLES[what](db, found, asked)


def _follow_up(db: Session, cohort: Cohort, asked: Asked | None) -> Table:
    columns = heads(db, asked, "")
    wanted = follow_up.Wanted(columns=[uids for _head, uids in columns], rows=EVERYONE)
    found = follow_up.follow_up(db, cohort, asked, wanted)
    said = (
        *(_("Nom"), _("Structure"), _("État"), _("Format suivi"), _("Étapes terminées"), _("Étapes demandées")),
        *(_("Minutes prévues des étapes terminées"), _("Minutes prévues des étapes demandées")),
        *(_("Jour de la dernière activité"), _("Échéance"), _("Prévision")),
        *(f"{head.number}. {head.title}" for head, _uids in columns),
    )
    return Table(_("suivi"), _("Suivi"), said, tuple(_line(line, found.today) for line in found.lines))


def _line(line: Line, today: date) -> Row:
    who = line.standing
    followed = minutes(line.own_minutes) if line.own_minutes else ""
    counts = (who.steps_done, who.steps_due, who.minutes_done, who.minutes_due)
    cells = [_("%(done)s sur %(due)s", done=done, due=due) if due else "" for done, due in line.cells]
    named = (line.name, line.structure, _state(line), followed)
    return (*named, *counts, who.last_on, who.due_on, forecast(who, today), *cells)


def _state(line: Line) -> str:
    if line.state is State.NOT_BEGUN and line.standing.opened:
        return _("Invitation ouverte")
    return {
        State.FINISHED: _("Terminé"),
        State.LATE: _("En retard"),
        State.SILENT: _("Sans nouvelles"),
        State.NOT_BEGUN: _("Pas commencé"),
        State.INVITED: _("Invitation non ouverte"),
        State.UNDERWAY: _("En cours"),
    }[line.state]


def _hours(db: Session, cohort: Cohort, asked: Asked | None) -> Table:
    """Credited: the declared minutes of the steps done, within the dates."""
    said = (
        *(_("Nom"), _("Structure"), _("Identifiant externe"), _("Du"), _("Au"), _("Étapes terminées")),
        *(_("Minutes créditées"), _("Durée créditée")),
    )
    rows = hours.hours(db, cohort, asked) if asked else []
    return Table(
        _("heures"),
        _("Heures créditées"),
        said,
        tuple(
            (h.name, h.structure, h.external_id, h.since, h.until, h.steps, h.minutes, minutes(h.minutes)) for h in rows
        ),
    )


def _members(db: Session, cohort: Cohort, _asked: Asked | None) -> Table:
    said = (
        *(_("Nom"), _("Adresse invitée"), _("Structure"), _("Statut"), _("Identifiant externe")),
        *(_("Membre depuis le"), _("Invitation")),
    )
    rows = []
    for who in hours.people(db, cohort):
        joined = in_zone(who.joined_at, cohort.zone).date() if who.joined_at else None
        invited = "" if joined else _("Invitation ouverte") if who.opened else _("Invitation non ouverte")
        rows.append((who.name, who.email, who.structure, who.statut, who.external_id, joined, invited))
    return Table(_("membres"), _("Membres"), said, tuple(rows))


TABLES: dict[str, Callable[[Session, Cohort, Asked | None], Table]] = {
    "suivi": _follow_up,
    "heures": _hours,
    "membres": _members,
}
