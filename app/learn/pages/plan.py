"""The action plan: read on the bilan, written on a page of its own, for ever."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy.orm import Session

from app import clock
from app.errors import Missing
from app.i18n import _, day, in_zone, minutes
from app.learn.pages.parts import summary_url
from app.learn.pages.pieces import Choice, Decided, NoteLine, PlanLine, PlanSection
from app.models import Horizon, Outcome
from app.models.plan import BLANK, MOST, Planned, asks, horizons
from app.outside.calendar import Deadline
from app.policy import Me
from app.reads import courses, learning, plans
from app.reads.courses import Reading


@dataclass(frozen=True)
class PlanPage:
    slug: str
    pathway: str
    lang: str
    format_label: str
    sections: tuple[PlanSection, ...]
    back: str  # the bilan
    waiting: int  # lines past those that a form holds

    @property
    def lines(self) -> tuple[PlanLine, ...]:
        return tuple(line for section in self.sections for line in section.lines)


def plan(db: Session, me: Me, slug: str, posted: Mapping[str, str] | None = None) -> PlanPage | None:
    """Every line, and an empty one for each horizon; None before a bilan was issued. Raises Missing.

    `posted`: key -> horizon of the lines of a form just sent.
    """
    reading = courses.pathway(db, slug, me.id)
    if reading.enrolment_id is None or reading.format_minutes is None:
        raise Missing
    if not learning.summaries(db, reading.enrolment_id):
        return None
    found = plans.plan(db, reading.enrolment_id)
    held = found[:MOST] if posted is None else [line for line in found if line.key in posted]
    lines = [plan_line(line, slug) for line in held]
    known = {line.key for line in found}
    offered = [format.minutes for format in reading.doc.formats]
    asked = horizons(reading.format_minutes, offered, [line.horizon for line in found])
    room = asked if len(found) < MOST else ()
    fresh = {secrets.token_hex(8): each.value for each in room} if posted is None else posted
    lines += [_blank(key, horizon) for key, horizon in fresh.items() if key not in known and horizon in set(Horizon)]
    return PlanPage(
        slug=slug,
        pathway=reading.title,
        lang=reading.lang,
        format_label=minutes(reading.format_minutes),
        sections=_sections(lines),
        back=summary_url(slug),
        waiting=len(found) - len(held),
    )


def plan_sections(found: Sequence[Planned], slug: str) -> tuple[PlanSection, ...]:
    """What a plan holds, to be read."""
    return _sections([plan_line(line, slug) for line in found])


def _sections(lines: Sequence[PlanLine]) -> tuple[PlanSection, ...]:
    return tuple(
        PlanSection(each.value, horizon_words(each), each is Horizon.DAYS_15, mine)
        for each in Horizon
        if (mine := tuple(line for line in lines if line.horizon == each.value))
    )


def plan_line(line: Planned, slug: str) -> PlanLine:
    return PlanLine(
        key=line.key,
        horizon=line.horizon.value,
        text=line.text,
        with_whom=line.with_whom,
        board=line.board,
        due_on=line.due_on,
        outcome=outcome_words(line.outcome) if line.outcome else "",
        outcome_at=line.outcome_at,
        calendar_url=f"{plan_url(slug)}/{line.id}.ics" if line.due_on else "",
        mark=line.mark,
    )


def _blank(key: str, horizon: str) -> PlanLine:
    return PlanLine(key, horizon, "", "", "", None, "", None, "", BLANK)


def plan_url(slug: str) -> str:
    return f"{summary_url(slug)}/plan"


def horizon_words(horizon: Horizon) -> str:
    return {
        Horizon.DAYS_15: _("D’ici 15 jours"),
        Horizon.MONTHS_18: _("D’ici 18 mois"),
        Horizon.YEARS_7: _("D’ici 7 ans"),
        Horizon.YEARS_28: _("D’ici 28 ans"),
    }[horizon]


def outcome_words(outcome: Outcome) -> str:
    """As the buttons say it."""
    return {
        Outcome.DONE: _("fait"),
        Outcome.POSTPONED: _("reporté"),
        Outcome.DROPPED: _("abandonné"),
        Outcome.TALKING: _("on en parle"),
    }[outcome]


def deadline(db: Session, me: Me, slug: str, number: int, site: str) -> Deadline:
    """The day of one line, for a calendar. `site`: the address of ours. Raises Missing."""
    line = plans.own_line(db, me.id, slug, number).line
    if line.due_on is None:
        raise Missing
    says = [_("Avec : %(whom)s", whom=line.with_whom) if line.with_whom else "", line.board, site + plan_url(slug)]
    title = line.text or line.with_whom or line.board
    host = site.partition("://")[2]
    return Deadline(f"plan-{line.id}@{quote(host)}", title, "\n\n".join(part for part in says if part), line.due_on)


def plan_notes(found: Sequence[Planned], reading: Reading) -> tuple[NoteLine, ...]:
    """The plan of one pathway, as the notebook shows it."""
    mine = [line for line in found if line.enrolment_id == reading.enrolment_id]
    title, url = _("Mon plan d’action"), plan_url(reading.slug)
    return tuple(
        NoteLine("fr", title, horizon_words(line.horizon), _in_words(line), line.begun_at, url) for line in mine
    )


def _in_words(line: Planned) -> str:
    """Every part of a line, one below the other."""
    said = [
        line.text,
        _("Avec : %(whom)s", whom=line.with_whom) if line.with_whom else "",
        _("À mon bureau : %(board)s", board=line.board) if line.board else "",
        _("Avant le %(day)s", day=day(line.due_on)) if line.due_on else "",
        _("Où j’en suis : %(outcome)s", outcome=outcome_words(line.outcome)) if line.outcome else "",
    ]
    return "\n".join(part for part in said if part)


SHOWN = 3
"""Commitments on one page."""


def decided(
    found: Sequence[Planned], readings: Iterable[Reading], me: Me, *, only_asked: bool = False
) -> tuple[Decided, ...]:
    """What was decided for the 15 days, those that it is time to ask about first, then the latest."""
    by_enrolment = {reading.enrolment_id: reading for reading in readings}
    today = in_zone(clock.now(), me.zone).date()
    lines = [
        _decided(line, by_enrolment[line.enrolment_id], asked=asks(line, today, me.zone))
        for line in reversed(found)
        if line.horizon is Horizon.DAYS_15 and line.enrolment_id in by_enrolment
    ]
    return tuple(sorted((e for e in lines if e.asked or not only_asked), key=lambda each: not each.asked)[:SHOWN])


def _decided(line: Planned, reading: Reading, *, asked: bool) -> Decided:
    return Decided(
        line=plan_line(line, reading.slug),
        lang=reading.lang,
        pathway=reading.title,
        edit_url=plan_url(reading.slug),
        answer_url=f"/mon-chemin/engagements/{line.id}",
        asked=asked,
        choices=tuple(Choice(each.value, outcome_words(each), each is line.outcome) for each in Outcome),
    )
