"""From the answers to a self-diagnostic to a level, axes and where to begin: pure rules, data from `courses/`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.content.diagnostics import AxisDoc, DiagnosticDoc, DiagnosticLevel
from app.i18n import _

UNKNOWN_ALLOWED = 2
"""More « Je ne sais pas » than this and the result is « à compléter » (content plan, scoring)."""


AGAIN_AFTER = 6
"""Months after which a self-diagnostic is offered again: it describes an organisation, and organisations change."""


def offered_again(at: datetime, now: datetime) -> bool:
    """Whether a sitting is old enough."""
    return (12 * now.year + now.month, now.day) >= (12 * at.year + at.month + AGAIN_AFTER, at.day)


@dataclass(frozen=True)
class AxisScore:
    code: str
    points: int
    out_of: int

    def reaches(self, percent: int) -> bool:
        return self.points * 100 >= percent * self.out_of


@dataclass(frozen=True)
class Score:
    """Points of a sitting; answers « Je ne sais pas » count neither for nor against."""

    total: int
    out_of: int
    axes: tuple[AxisScore, ...]
    unknown: int
    level: str

    @property
    def incomplete(self) -> bool:
        return self.unknown > UNKNOWN_ALLOWED


def score(diagnostic: DiagnosticDoc, answers: Mapping[str, int | None]) -> Score:
    """Points by axis and in total, and the level. `answers`: question uid -> 0 to 3, or None for « Je ne sais pas »."""
    axes = []
    for axis in diagnostic.axes:
        given = [answers[q.uid] for q in diagnostic.questions if q.axis == axis.code]
        known = [points for points in given if points is not None]
        axes.append(AxisScore(axis.code, sum(known), 3 * len(known)))
    total, out_of = sum(axis.points for axis in axes), sum(axis.out_of for axis in axes)
    unknown = sum(points is None for points in answers.values())
    return Score(total, out_of, tuple(axes), unknown, _level(diagnostic, total, out_of, axes).slug)


def _level(diagnostic: DiagnosticDoc, total: int, out_of: int, axes: list[AxisScore]) -> DiagnosticLevel:
    """The highest level whose total and axes are reached; the first one when nothing is known."""
    reached = diagnostic.levels[0]
    for level in diagnostic.levels:
        enough = total * 100 >= level.min_percent * out_of if out_of else level.min_percent == 0
        if enough and all(axis.reaches(level.min_axis_percent) for axis in axes):
            reached = level
    return reached


def lowest(axes: tuple[AxisScore, ...]) -> tuple[str, ...]:
    """The weakest axis, then the first one within one point of it: both are named, the learner chooses."""
    known = [axis for axis in axes if axis.out_of]
    if not known:
        return ()
    weakest = min(known, key=lambda axis: axis.points / axis.out_of)
    close = [axis for axis in known if axis is not weakest and _within_one_point(weakest, axis)]
    return (weakest.code, *(axis.code for axis in close[:1]))


def _within_one_point(low: AxisScore, axis: AxisScore) -> bool:
    return axis.points * low.out_of - low.points * axis.out_of <= low.out_of


def word(axis: AxisScore) -> int:
    """0 « à construire », 1 « en chemin », 2 « un appui »: below 40 %, below 65 %, from there up (ours)."""
    return 0 if not axis.reaches(40) else 1 if not axis.reaches(65) else 2


def word_name(rank: int) -> str:
    """How `word` is said on screen."""
    return (lambda: _("à construire"), lambda: _("en chemin"), lambda: _("un appui"))[rank]()


def axis_word(axis: AxisScore) -> str:
    """How an axis stands, as it is said on screen; "" when nothing is known of it."""
    return word_name(word(axis)) if axis.out_of else ""


def level_name(slug: str) -> str:
    """The four levels as they are said on screen (content plan)."""
    return {
        "pas-encore-engage": _("Vous découvrez"),
        "premiers-pas": _("Vous faites vos premiers pas"),
        "actif": _("Vous êtes en action"),
        "pionnier": _("Vous ouvrez la voie"),
    }.get(slug, slug)


@dataclass(frozen=True)
class Offer:
    """A format of the pathway."""

    name: str
    minutes: int
    offered: bool = True


@dataclass(frozen=True)
class Recommendation:
    """Where to begin, by the rules that the diagnostic's document says."""

    level: DiagnosticLevel
    axes: tuple[AxisDoc, ...]
    """The lowest, then the one within a point of it: the learner chooses. Empty when nothing is known."""
    need: Offer | None
    """What the level asks for, whatever the time."""
    wanted: Offer | None
    """None when every format was done already."""
    named: Offer | None
    """What can begin today: the wanted format, or the longest shorter one offered. None: the kit and its sheet."""
    capped: bool
    """The time that the person has decided, not the need."""
    sheets: tuple[str, ...]
    """Uids, the first one for tomorrow."""
    data_first: bool
    """Too much is unknown: look for it before the sheets."""
    kits: tuple[str, ...]
    """The diagnostic's, then the one that its lowest axis adds."""

    @property
    def soon(self) -> Offer | None:
        """The wanted format while it is not offered."""
        return self.wanted if self.wanted != self.named else None


def recommend(
    diagnostic: DiagnosticDoc,
    scored: Score,
    *,
    offers: Sequence[Offer],
    sheets: Sequence[str],
    longest: int | None = None,
    done: Collection[int] = (),
    chosen: str = "",
) -> Recommendation:
    """What to begin with.

    `offers`: the pathway's formats, shortest first. `sheets`: the uids of the kit's sheets, in order. `longest`:
    minutes of the longest format that the person has time for, None when they did not say. `done`: minutes of the
    formats finished already. `chosen`: the axis that the learner chose among the close ones.
    """
    level = next(level for level in diagnostic.levels if level.slug == scored.level)
    low = lowest(scored.axes)
    order = sorted(low, key=lambda code: code != chosen) if chosen in low else list(low)
    named = {axis.code: axis for axis in diagnostic.axes}
    axes = tuple(named[code] for code in order)
    need, wanted = _wanted(level, offers, longest, done)
    return Recommendation(
        level=level,
        axes=axes,
        need=need,
        wanted=wanted,
        named=_open(wanted, offers, done),
        capped=wanted is not None and need is not None and wanted.minutes < need.minutes,
        sheets=_sheets(level, diagnostic, scored, axes, sheets),
        data_first=scored.incomplete,
        kits=tuple(dict.fromkeys((diagnostic.kit, *(axis.cross_kit for axis in axes[:1] if axis.cross_kit)))),
    )


def _wanted(
    level: DiagnosticLevel, offers: Sequence[Offer], longest: int | None, done: Collection[int]
) -> tuple[Offer | None, Offer | None]:
    """What the need asks, and what to recommend: under the time that one has, never a format done already."""
    known = {offer.name: offer for offer in offers}
    need = known.get(level.format)
    longer = known.get(level.longer or "")
    if longer and longest is not None and longest >= longer.minutes:
        need = longer
    after = max(done, default=0)
    left = [offer for offer in offers if offer.minutes > after]
    if not left:
        return need, None
    limit = need.minutes if need else offers[0].minutes
    if longest is not None:
        limit = min(limit, longest)
    under = [offer for offer in left if offer.minutes <= limit]
    return need, under[-1] if under else left[0]


def _open(wanted: Offer | None, offers: Sequence[Offer], done: Collection[int]) -> Offer | None:
    after = max(done, default=0)
    found = [offer for offer in offers if wanted and offer.offered and after < offer.minutes <= wanted.minutes]
    return found[-1] if found else None


def _sheets(
    level: DiagnosticLevel, diagnostic: DiagnosticDoc, scored: Score, axes: tuple[AxisDoc, ...], sheets: Sequence[str]
) -> tuple[str, ...]:
    """The sheets that the level's rule names, each once, the kit's own only."""
    known = sorted((axis for axis in scored.axes if axis.out_of), key=lambda axis: axis.points / axis.out_of)
    named = {axis.code: axis.sheet for axis in diagnostic.axes}
    lows = [axis.sheet for axis in axes]
    lows += [named[axis.code] for axis in known if named[axis.code] not in lows]
    rules = {"first": sheets[:1], "weakest": lows[:1], "second": lows[1:2], "all": [*lows[:1], *sheets]}
    wanted = dict.fromkeys(uid for rule in level.sheets for uid in rules[rule])
    return tuple(uid for uid in wanted if uid in sheets) or tuple(sheets[:1])
