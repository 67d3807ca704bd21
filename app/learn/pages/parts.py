"""Pieces that several of the learner's pages share."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote

from app.i18n import ORIGINAL, _, all_of, get_lang, minutes
from app.learn.pages.pieces import (
    AskedLine,
    CircleLine,
    FormatOption,
    FormatSide,
    Issued,
    KitCard,
    ModuleLine,
    OfferLine,
    PathwayCard,
    Resume,
    SheetLine,
    StepLine,
    TimeChoice,
    ToolLine,
)
from app.learn.pages.relief import relief
from app.models import EditionFormat, Shared, Term
from app.models.progress import Progress, StepRow
from app.models.stint import AT_HAND
from app.policy import Me
from app.reads.asked import Asked
from app.reads.courses import Reading
from app.reads.frozen import Published
from app.reads.sharing import Circle
from app.steps import KINDS

HUES = ("", "balise", "lac", "phare")
CHEMIN_ICONS = ("handshake", "scale", "lightbulb", "map")
"""By rank of the chemin in its taxonomy."""


def person_id(me: Me | None) -> int | None:
    return me.id if me else None


@lru_cache(2048)
def pathway_url(slug: str) -> str:
    return f"/parcours/{quote(slug)}"


@lru_cache(8192)
def step_url(slug: str, uid: str) -> str:
    return f"{pathway_url(slug)}/etapes/{quote(uid)}"


_TO_STEP = re.compile(r'(?<=href="/parcours/)[^"/]+(?=/etapes/([^"/#]+)")')


def led(html: str, slug: str, uids: Collection[str]) -> str:
    """Of a step that another pathway lends: its links lead to the steps of the one that is followed, if it has them."""
    return _TO_STEP.sub(lambda found: slug if found[1] in uids else found[0], html)


def summary_url(slug: str) -> str:
    return f"{pathway_url(slug)}/bilan"


def stint_url(at_hand: int, slug: str = "") -> str:
    """« J'ai 20 minutes », in one of the pathways begun or in the latest."""
    return f"/mon-chemin/seance?minutes={at_hand}" + (f"&parcours={quote(slug)}" if slug else "")


def format_url(slug: str, format_minutes: int, suite: str = "") -> str:
    """The preview of a change of format. `suite`: the step that one wants to do in it."""
    more = f"&suite={quote(suite)}" if suite else ""
    return f"{pathway_url(slug)}/format?vers={format_minutes}{more}"


def chemin_look(terms: Sequence[Term], slug: str) -> tuple[str, str, str]:
    """Label, hue and icon of a chemin."""
    for rank, term in enumerate(terms):
        if term.slug == slug:
            return label(term), HUES[rank % len(HUES)], CHEMIN_ICONS[rank % len(CHEMIN_ICONS)]
    return "", "", CHEMIN_ICONS[0]


def label(term: Term) -> str:
    """In the reader's language."""
    return term.labels.get(get_lang()) or term.labels["fr"]


def offer_line(reading: Reading) -> OfferLine | None:
    """The newer edition that a learner may accept."""
    if reading.offer is None:
        return None
    return OfferLine(reading.lang, reading.title, reading.offer.published_at, f"{pathway_url(reading.slug)}/edition")


class Lines:
    """Turns the rows of one pathway into lines: formats, modules, steps."""

    def __init__(
        self, reading: Reading, rows: tuple[StepRow, ...], formats: tuple[EditionFormat, ...] | None = None
    ) -> None:
        self.reading = reading
        self.rows = rows
        self.formats = formats = formats or _formats(reading, rows)
        self.chosen = reading.format_minutes or _shortest(formats)
        self.progress = Progress(rows, self.chosen)
        self._ranks = {format.minutes: rank for rank, format in enumerate(formats, 1)}

    def rank(self, format_minutes: int) -> int:
        return self._ranks.get(format_minutes, len(self._ranks))

    def step(self, row: StepRow, current: str = "") -> StepLine:
        kind = KINDS[row.kind]
        return StepLine(
            uid=row.uid,
            lang=row.lang,
            title=row.title,
            kind=row.kind,
            kind_label=kind.label(),
            icon=kind.icon,
            minutes=row.minutes,
            format_label=minutes(row.format_minutes),
            rank=self.rank(row.format_minutes),
            number=self.progress.number(row.uid),
            optional=row.optional,
            ready=row.ready,
            done=row.done,
            changed=row.changed,
            inside=row.format_minutes <= self.chosen,
            current=row.uid == current,
            url=step_url(self.reading.slug, row.uid),
        )

    def modules(self, current: str = "") -> tuple[ModuleLine, ...]:
        numbers = sorted({row.module for row in self.rows})
        return tuple(self._module(number, rank, current) for rank, number in enumerate(numbers, 1))

    def module(self, uid: str) -> ModuleLine:
        """The one that holds that step."""
        numbers = sorted({row.module for row in self.rows})
        number = next(row.module for row in self.rows if row.uid == uid)
        return self._module(number, numbers.index(number) + 1, uid)

    def _module(self, position: int, number: int, current: str) -> ModuleLine:
        rows = [row for row in self.rows if row.module == position]
        inside = [row for row in rows if row.format_minutes <= self.chosen and not row.optional]
        return ModuleLine(
            number=number,
            lang=rows[0].module_lang,
            title=rows[0].module_title,
            summary=rows[0].module_summary,
            steps=tuple(self.step(row, current) for row in rows),
            minutes=tuple((minutes(f.minutes), _sum(rows, f.minutes)) for f in self.formats),
            done=bool(inside) and all(row.done for row in inside),
            current=any(row.uid == current for row in rows),
        )

    def options(self) -> tuple[FormatOption, ...]:
        found = []
        before: EditionFormat | None = None
        for rank, format in enumerate(self.formats, 1):
            new = [row for row in self.rows if row.format_minutes == format.minutes and not row.optional]
            found.append(
                FormatOption(
                    name=format.name,
                    label=minutes(format.minutes),
                    minutes=format.minutes,
                    rank=rank,
                    steps=format.steps,
                    adds_minutes=format.minutes - (before.minutes if before else 0),
                    adds_steps=format.steps - (before.steps if before else 0),
                    adds=tuple((row.title, row.lang) for row in new[:3]),
                    offered=format.offered,
                    chosen=format.minutes == self.chosen,
                )
            )
            before = format
        return tuple(found)

    def side(self, format: EditionFormat, suite: str = "") -> FormatSide:
        """That format as it would be had the learner chosen it."""
        progress = Progress(self.rows, format.minutes)
        return FormatSide(
            label=minutes(format.minutes),
            minutes=format.minutes,
            rank=self.rank(format.minutes),
            offered=format.offered,
            done=progress.done,
            total=progress.total,
            done_minutes=progress.total_minutes - progress.left_minutes,
            total_minutes=progress.total_minutes,
            left_minutes=progress.left_minutes,
            finished=progress.finished,
            url=format_url(self.reading.slug, format.minutes, suite),
        )

    def others(self) -> tuple[FormatSide, ...]:
        """The formats of the edition, the learner's own left out."""
        return tuple(self.side(format) for format in self.formats if format.minutes != self.chosen)

    def longer(self, than: int | None = None, suite: str = "") -> FormatSide | None:
        """The shortest open format longer than the learner's own, or of `than` minutes at least."""
        least = than or self.chosen + 1
        found = next((f for f in self.formats if f.offered and f.minutes >= least and f.minutes > self.chosen), None)
        return self.side(found, suite) if found else None

    def issued(self, format_minutes: int, at: datetime) -> Issued:
        """A bilan issued for that format, whatever the format followed now."""
        url = f"{summary_url(self.reading.slug)}?format={format_minutes}"
        return Issued(
            self.reading.lang, self.reading.title, minutes(format_minutes), self.rank(format_minutes), at, url
        )

    def resume(self) -> Resume | None:
        if self.reading.enrolment_id is None:
            return None
        row = self.progress.next
        slug = self.reading.slug
        return Resume(
            lang=self.reading.lang,
            pathway=self.reading.title,
            pathway_url=pathway_url(slug),
            format_label=minutes(self.chosen),
            rank=self.rank(self.chosen),
            done=self.progress.done,
            total=self.progress.total,
            left_minutes=self.progress.left_minutes,
            step=self.step(row) if row else None,
            url=step_url(slug, row.uid) if row else summary_url(slug),
            finished=self.progress.finished,
            times=tuple(TimeChoice(each, stint_url(each, slug), False) for each in AT_HAND) if row else (),
            others=self.others(),
            longer=self.longer(),
            asked=tuple(self._asked(each) for each in self.reading.asked),
        )

    def _asked(self, each: Asked) -> AskedLine:
        other = each.format_minutes != self.chosen
        done = Progress(self.rows, each.format_minutes).finished
        return AskedLine(each.by, each.cohort, minutes(each.format_minutes) if other else "", each.due_on, done)


def _formats(reading: Reading, rows: tuple[StepRow, ...]) -> tuple[EditionFormat, ...]:
    """The formats of an edition, told by its steps: no statement is needed."""
    found = []
    for format in reading.doc.formats:
        inside = [row for row in rows if row.format_minutes <= format.minutes and not row.optional]
        found.append(
            EditionFormat(
                name=format.name,
                minutes=format.minutes,
                sum_minutes=sum(row.minutes for row in inside),
                steps=len(inside),
                unready_steps=sum(not row.ready for row in inside),
            )
        )
    return tuple(found)


def _shortest(formats: tuple[EditionFormat, ...]) -> int:
    """The shortest format on offer, else the shortest announced."""
    return next((format.minutes for format in formats if format.offered), formats[0].minutes)


def _sum(rows: Sequence[StepRow], format_minutes: int) -> int:
    return sum(row.minutes for row in rows if row.format_minutes <= format_minutes and not row.optional)


def kit_card(kit: Published, paths: Sequence[Term] = ()) -> KitCard:
    return KitCard(
        slug=kit.slug,
        lang=kit.lang,
        title=kit.title,
        summary=kit.kit.summary,
        sheets=sheet_lines(kit),
        url=f"/kits/{quote(kit.slug)}",
        hue=chemin_look(paths, kit.kit.chemin)[1],
    )


def sheet_lines(kit: Published) -> tuple[SheetLine, ...]:
    """Of a kit, in order."""
    base = f"/kits/{quote(kit.slug)}"
    return tuple(
        SheetLine(
            doc.uid,
            doc.code,
            sheet.get("lang", ORIGINAL),
            doc.title,
            f"{base}/{quote(str(sheet['slug']))}",
            doc.ready,
        )
        for sheet, doc in zip(kit.content["sheets"], kit.sheets, strict=True)
    )


def tool_lines(kit: Published) -> tuple[ToolLine, ...]:
    """Of a kit, in order."""
    base = f"/kits/{quote(kit.slug)}/outils"
    return tuple(
        ToolLine(doc.uid, tool.get("lang", ORIGINAL), doc.title, f"{base}/{quote(str(tool['slug']))}", doc.sheet)
        for tool, doc in zip(kit.content.get("tools", ()), kit.tools, strict=True)
    )


def pathway_card(
    reading: Reading,
    formats: tuple[EditionFormat, ...],
    kits: dict[str, Published],
    paths: Sequence[Term],
    done: int | None,
) -> PathwayCard:
    chemin, hue, icon = chemin_look(paths, reading.doc.chemin)
    kit = kits.get(reading.doc.kit)
    return PathwayCard(
        slug=reading.slug,
        lang=reading.lang,
        title=reading.title,
        summary=reading.summary,
        chemin=chemin,
        hue=hue,
        icon=icon,
        formats=one_of([minutes(format.minutes) for format in formats if format.offered]),
        relief=relief(reading.slug, tuple((minutes(format.minutes), format.minutes) for format in formats)),
        soon=tuple(minutes(format.minutes) for format in formats if not format.offered),
        steps=written_steps(formats),
        sheets=sum(sheet.ready for sheet in kit.sheets) if kit else 0,
        done=done,
        url=pathway_url(reading.slug),
    )


def written_steps(formats: Sequence[EditionFormat]) -> int:
    """Steps of the longest format on offer, else of the longest announced."""
    return next((format.steps for format in reversed(formats) if format.offered), formats[-1].steps)


def one_of(words: Sequence[str]) -> str:
    """« 2 h, 4 h ou 12 h »."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s ou %(last)s", first=", ".join(words[:-1]), last=words[-1])


def circle_line(circle: Circle) -> CircleLine:
    return CircleLine(
        cohort_id=circle.cohort_id,
        cohort=circle.name,
        leaders=all_of(circle.leaders),
        shown=bool(circle.shown - {Shared.AVERAGE}),
        averaged=Shared.AVERAGE in circle.shown,
        words=len(circle.words),
        last=circle.words[-1] if circle.words else None,
        url=f"/mes-cohortes/{circle.cohort_id}/partages",
    )
