"""A change of format, seen before it is made: what it adds, what would leave the count, how much is left."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.i18n import _, minutes
from app.learn.pages.parts import Lines, pathway_url, person_id
from app.learn.pages.pieces import ModuleChange, StepLine
from app.learn.pages.shapes import FormatPage
from app.models import EditionFormat
from app.models.progress import Progress, StepRow
from app.policy import Me
from app.reads import courses


def format(
    db: Session, me: Me | None, slug: str, wanted: int | None, *, suite: str = "", refused: str = ""
) -> FormatPage | None:
    """To `wanted` minutes, else to the next format that is open. None for who has not begun. Raises Missing.

    `suite`: where to go afterwards; `refused`: why the change was just refused.
    """
    reading = courses.pathway(db, slug, person_id(me))
    if reading.enrolment_id is None:
        return None
    lines = Lines(reading, courses.steps(db, reading.edition_id, reading.enrolment_id))
    here = next((f for f in lines.formats if f.minutes == lines.chosen), lines.formats[0])
    open_ones = [f for f in lines.formats if f.offered and f.minutes != lines.chosen]
    there = _target(lines, open_ones, wanted)
    after = Progress(lines.rows, there.minutes if there else lines.chosen)
    adds = [row for row in after.required if row not in lines.progress.required]
    leaving = [row for row in lines.progress.required if row not in after.required]
    return FormatPage(
        slug=slug,
        pathway=reading.title,
        pathway_url=pathway_url(slug),
        lang=reading.lang,
        here=lines.side(here),
        there=lines.side(there) if there else None,
        others=tuple(lines.side(f, suite) for f in open_ones),
        soon=tuple(minutes(f.minutes) for f in lines.formats if not f.offered and f.minutes != lines.chosen),
        adds=_changes(lines, adds),
        drops=_changes(lines, [row for row in leaving if not row.done]),
        kept=tuple(lines.step(row) for row in leaving if row.done),
        back=suite or pathway_url(slug),
        next=suite,
        refused=refused or _refused(lines, wanted),
    )


def _target(lines: Lines, open_ones: list[EditionFormat], wanted: int | None) -> EditionFormat | None:
    """The format asked for when it is open, else the next longer one, else the longest shorter one."""
    longer = [f for f in open_ones if f.minutes > lines.chosen]
    asked = [f for f in open_ones if f.minutes == wanted]
    return next(iter([*asked, *longer, *reversed(open_ones)]), None)


def _refused(lines: Lines, wanted: int | None) -> str:
    """Why the format of an address cannot be taken, « » when it can."""
    found = next((f for f in lines.formats if f.minutes == wanted), None)
    if wanted is None or wanted == lines.chosen or (found and found.offered):
        return ""
    if found is None:
        return _("Votre édition de ce parcours n’a pas ce format. Choisissez-en un autre.")
    label = minutes(found.minutes)
    return _("Le format %(format)s arrive bientôt : il ne peut pas encore être choisi.", format=label)


def _changes(lines: Lines, rows: Iterable[StepRow]) -> tuple[ModuleChange, ...]:
    """Steps by module, in order, with their minutes."""
    titles = {row.module: (row.module_lang, row.module_title) for row in lines.rows}
    order = sorted(titles)
    groups: dict[int, list[StepRow]] = {}
    for row in rows:
        groups.setdefault(row.module, []).append(row)
    return tuple(
        ModuleChange(order.index(module) + 1, *titles[module], sum(r.minutes for r in group), _lines(lines, group))
        for module, group in groups.items()
    )


def _lines(lines: Lines, rows: Iterable[StepRow]) -> tuple[StepLine, ...]:
    return tuple(lines.step(row) for row in rows)
