"""One cohort, for who leads it: who is where, the sessions, what is asked."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from app.i18n import _, short_day
from app.models.follow_up import State, forecast, on_time
from app.models.progress import StepRow
from app.policy import Me
from app.reads import courses, follow_up, frozen, teaching
from app.reads.follow_up import ROWS, Asked, FollowUp, Line
from app.teach.pages.assignment import AssignmentLine, assignment_lines
from app.teach.pages.sessions import SessionLine, coming

TABS = {
    "": None,
    "en-retard": State.LATE,
    "sans-nouvelles": State.SILENT,
    "invitation-non-ouverte": State.INVITED,
    "pas-commence": State.NOT_BEGUN,
    "termine": State.FINISHED,
}
"""Filters, as the address names them."""
SORTS = {"nom": "name", "activite": "activity", "avancement": "progress", "prevision": "forecast"}


@dataclass(frozen=True)
class View:
    """What the address asks to see of the table; an unknown word is none."""

    pathway: str = ""
    module: str = ""
    state: str = ""
    sort: str = ""
    order: str = ""
    page: int = 1

    @classmethod
    def of(cls, choice: Callable[[str], str]) -> "View":
        """From the words of the address."""
        page = choice("page")
        return cls(
            pathway=choice("parcours"),
            module=choice("module"),
            state=state if (state := choice("etat")) in TABS else "",
            sort=sort if (sort := choice("tri")) in SORTS else "",
            order="inverse" if choice("ordre") == "inverse" else "",
            page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
        )

    def link(self, **changes: str | int) -> dict[str, str | int]:
        """The address of the same table, otherwise: back on its first page unless it is turned."""
        other = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]  # the fields' own names
        named = {"parcours": other.pathway, "module": other.module, "etat": other.state, "tri": other.sort}
        shown: dict[str, str | int] = {name: value for name, value in named.items() if value}
        if other.order:
            shown["ordre"] = other.order
        return shown | ({"page": other.page} if other.page > 1 else {})

    def sorted(self, by: str) -> dict[str, str | int]:
        """By that, the other way round when it is so already."""
        return self.link(sort=by, order="inverse" if (self.sort or "nom") == by and not self.order else "")


@dataclass(frozen=True)
class AskedLine:
    """One assignment among those that run."""

    id: int
    slug: str
    title: str
    lang: str
    format_minutes: int
    starts_on: date
    due_on: date | None
    due_days: int | None
    here: bool


@dataclass(frozen=True)
class ColumnHead:
    """A module, or a step of the one that is unfolded. `slug`: of the module to unfold, or to fold."""

    number: int
    title: str
    lang: str
    slug: str
    step: bool
    foot: int  # people who have done all of it


@dataclass(frozen=True)
class Cell:
    done: int
    due: int

    @property
    def level(self) -> int:
        """0 nothing, 4 everything."""
        return 0 if not self.done else 4 if self.done >= self.due else 1 + (3 * self.done - 1) // self.due


@dataclass(frozen=True)
class PersonLine:
    membership: int | None  # null: invited only
    name: str
    structure: str
    state: State
    opened: bool  # the invitation
    chose: int | None  # the shorter format that they follow
    cells: tuple[Cell, ...]
    minutes_done: int
    minutes_due: int
    activity: str  # the day of it; "" when there is none
    due: str  # another day than the cohort's
    forecast: str  # "": nothing to say
    in_time: bool


@dataclass(frozen=True)
class Tab:
    slug: str
    title: str
    count: int


@dataclass(frozen=True)
class CohortPage:
    number: int
    name: str
    archived: bool
    view: View
    asked: tuple[AskedLine, ...]
    people: int
    finished: int
    on_time: int
    late: int
    days: int | None  # before the due date
    tabs: tuple[Tab, ...]
    heads: tuple[ColumnHead, ...]
    lines: tuple[PersonLine, ...]
    pages: int
    sessions: tuple[SessionLine, ...]  # the next ones
    assignments: tuple[AssignmentLine, ...]

    @property
    def current(self) -> AskedLine | None:
        return next((line for line in self.asked if line.here), None)


def cohort(db: Session, me: Me, number: int, view: View) -> CohortPage:
    """Raises Missing, whoever else leads it."""
    found = teaching.led_cohort(db, me.id, number)
    running = follow_up.assignments(db, found.id)
    titles = frozen.texts(db, [each.front_revision_id for each in running])
    asked = follow_up.chosen(db, running, view.pathway)
    columns = heads(db, asked, view.module)
    followed = follow_up.follow_up(db, found, asked, _wanted(view, columns))
    totals = followed.totals
    shown = TABS.get(view.state)
    return CohortPage(
        number=found.id,
        name=found.name,
        archived=found.archived_at is not None,
        view=view,
        asked=tuple(_asked(each, titles[each.front_revision_id], here=each is asked) for each in running),
        people=totals.people,
        finished=totals.states[State.FINISHED],
        on_time=totals.on_time,
        late=totals.states[State.LATE],
        days=(asked.due_on - followed.today).days if asked and asked.due_on else None,
        tabs=tuple(_tab(slug, state, followed) for slug, state in TABS.items()),
        heads=tuple(replace(head, foot=foot) for (head, _uids), foot in zip(columns, totals.feet, strict=True)),
        lines=tuple(_person(line, asked, followed.today) for line in followed.lines),
        pages=max(1, -(-(totals.states[shown] if shown else totals.people) // ROWS)),
        sessions=coming(db, found),
        assignments=assignment_lines(db, found),
    )


def _wanted(view: View, columns: list[tuple[ColumnHead, list[str]]]) -> follow_up.Wanted:
    return follow_up.Wanted(
        columns=[uids for _head, uids in columns],
        state=TABS.get(view.state),
        sort=SORTS.get(view.sort, "name"),
        reverse=bool(view.order),
        page=view.page,
    )


def heads(db: Session, asked: Asked | None, unfolded: str) -> list[tuple[ColumnHead, list[str]]]:
    """The modules of the format asked with the steps that each counts; one of them step by step."""
    if asked is None:
        return []
    modules: dict[int, list[StepRow]] = {}
    for row in courses.steps(db, asked.edition_id, None):
        if row.format_minutes <= asked.format_minutes and not row.optional:
            modules.setdefault(row.module, []).append(row)
    found: list[tuple[ColumnHead, list[str]]] = []
    for number, rows in enumerate(modules.values(), 1):
        first = rows[0]
        if first.module_slug == unfolded:
            found += [(ColumnHead(number, r.title, r.lang, first.module_slug, True, 0), [r.uid]) for r in rows]
        else:
            head = ColumnHead(number, first.module_title, first.module_lang, first.module_slug, False, 0)
            found.append((head, [row.uid for row in rows]))
    return found


def _asked(each: Asked, title: frozen.Published, *, here: bool) -> AskedLine:
    dates = (each.starts_on, each.due_on, each.due_days)
    return AskedLine(each.id, title.slug, title.title, title.lang, each.format_minutes, *dates, here)


def _tab(slug: str, state: State | None, followed: FollowUp) -> Tab:
    titles = {
        None: _("Toutes"),
        State.LATE: _("En retard"),
        State.SILENT: _("Sans nouvelles"),
        State.INVITED: _("Invitation non ouverte"),
        State.NOT_BEGUN: _("Pas commencé"),
        State.FINISHED: _("Terminé"),
    }
    return Tab(slug, titles[state], followed.totals.states[state] if state else followed.totals.people)


def _person(line: Line, asked: Asked | None, today: date) -> PersonLine:
    who = line.standing
    shorter = asked is not None and line.own_minutes is not None and line.own_minutes < asked.format_minutes
    own_day = who.due_on is not None and asked is not None and who.due_on != asked.due_on
    expected = forecast(who, today)
    return PersonLine(
        membership=line.membership_id,
        name=line.name,
        structure=line.structure,
        state=line.state,
        opened=who.opened,
        chose=line.own_minutes if shorter else None,
        cells=tuple(Cell(done, due) for done, due in line.cells),
        minutes_done=who.minutes_done,
        minutes_due=who.minutes_due,
        activity=_near(who.last_on, today) if who.last_on else "",
        due=short_day(who.due_on) if own_day and who.due_on and line.state is not State.FINISHED else "",
        forecast=short_day(expected) if expected else "",
        in_time=on_time(who, today),
    )


def _near(when: date, today: date) -> str:
    """A day of the past, in the words of today."""
    return {0: _("aujourd’hui"), 1: _("hier")}.get((today - when).days) or short_day(when)
