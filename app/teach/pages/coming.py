"""Qui reçoit quoi: the mails that one assignment will send by itself, before they leave."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.errors import Missing
from app.i18n import _
from app.models import Silent
from app.models.reminders import EVE, LATE, WEEK
from app.policy import Me
from app.reads import assignments, coming, teaching

SHOWN = 40
"""Names of a group; the others are counted."""


@dataclass(frozen=True)
class Group:
    """Some people, the first ones by name."""

    names: tuple[str, ...]
    total: int

    @property
    def others(self) -> int:
        return self.total - len(self.names)


@dataclass(frozen=True)
class ComingMail:
    label: str
    day: date
    to: Group


@dataclass(frozen=True)
class WeekLine:
    """The week of a cohort, said to one who leads it."""

    name: str
    day: date
    silent: str  # why it is not said; "": it is


@dataclass(frozen=True)
class ComingMailsPage:
    number: int  # of the cohort
    cohort: str
    given: int
    title: str
    lang: str
    mails: tuple[ComingMail, ...]
    silent: tuple[tuple[str, Group], ...]  # why, who
    weeks: tuple[WeekLine, ...]  # who leads it
    runs: bool  # neither withdrawn nor archived


def coming_mails(db: Session, me: Me, number: int, given: int) -> ComingMailsPage:
    """Raises Missing, whoever else leads it."""
    cohort = teaching.led_cohort(db, me.id, number)
    found = next(iter(assignments.given(db, cohort.id, given)), None)
    if found is None:
        raise Missing
    runs = found.withdrawn_at is None and cohort.archived_at is None
    mails, silent = coming.reminders(db, cohort, given) if runs else ((), {})
    return ComingMailsPage(
        number=cohort.id,
        cohort=cohort.name,
        given=given,
        title=found.front.title,
        lang=found.front.lang,
        mails=tuple(ComingMail(_labels()[each.when], each.day, group(each.names)) for each in mails),
        silent=tuple((reasons()[reason], group(names)) for reason, names in silent.items()),
        weeks=tuple(
            WeekLine(each.name, each.day, reasons()[each.silent] if each.silent else "")
            for each in (coming.digests(db, cohort.id) if cohort.archived_at is None else ())
        ),
        runs=runs,
    )


def group(names: tuple[str, ...]) -> Group:
    return Group(names[:SHOWN], len(names))


def _labels() -> dict[str, str]:
    return {
        WEEK: _("Rappel, une semaine avant l’échéance"),
        EVE: _("Rappel, la veille de l’échéance"),
        LATE: _("Échéance passée, dit une seule fois"),
    }


def reasons() -> dict[Silent, str]:
    return {
        Silent.FINISHED: _("A terminé"),
        Silent.NO_ADDRESS: _("Sans adresse"),
        Silent.UNPROVED: _("Adresse non confirmée"),
        Silent.STOPPED: _("Ne veut plus de ces courriels"),
        Silent.SAID: _("Tout a été dit, ou le moment est passé"),
    }
