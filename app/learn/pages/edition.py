"""A newer edition of a pathway: what it changes and what it does to progress, before one accepts it or not."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from app.i18n import _, minutes
from app.learn.pages.parts import Lines, pathway_url, person_id
from app.learn.pages.pieces import EditionChange
from app.learn.pages.shapes import EditionPage
from app.models import Edition, EditionFormat
from app.models.comparison import Difference, What, differences
from app.models.progress import Progress
from app.policy import Me
from app.reads import courses, editions
from app.reads.courses import Reading
from app.reads.editions import Correction
from app.reads.states import in_words


def edition(db: Session, me: Me | None, slug: str, *, refused: str = "") -> EditionPage | None:
    """The newest edition beside one's own; None when there is none to offer. Raises Missing.

    `refused`: why it was just refused.
    """
    reading = courses.pathway(db, slug, person_id(me))
    if reading.offer is None or reading.format_minutes is None:
        return None
    offer, chosen = reading.offer, reading.format_minutes
    lines = Lines(reading, courses.steps(db, reading.edition_id, reading.enrolment_id))
    rows = courses.steps(db, offer.edition_id, reading.enrolment_id)
    formats = courses.formats(db, [offer.edition_id])[offer.edition_id]
    since = editions.between(db, reading.pathway_id, reading.edition, offer.number)
    after = Lines(reading, rows, formats)
    asked = _asked(reading, lines.formats, formats)
    then = Progress(rows, asked or chosen)
    return EditionPage(
        slug=slug,
        pathway=reading.title,
        pathway_url=pathway_url(slug),
        lang=reading.lang,
        number=offer.number,
        at=offer.published_at,
        notes=_notes(since),
        changes=tuple(_changes(lines, after, differences(lines.rows, rows))),
        format_label=minutes(chosen),
        done=lines.progress.done,
        total=lines.progress.total,
        done_after=then.done,
        total_after=then.total,
        left_after=then.left_minutes,
        back=pathway_url(slug),
        refused=refused or ("" if asked else _refused(formats, chosen)),
        asked_minutes=asked,
        asked_label=minutes(asked) if asked else "",
    )


def _asked(reading: Reading, before: tuple[EditionFormat, ...], after: tuple[EditionFormat, ...]) -> int | None:
    """The format that a cohort asks, longer than one's own, that the new edition opens and one's own does not."""
    now, then = ({f.minutes for f in formats if f.offered} for formats in (before, after))
    wanted = {each.format_minutes for each in reading.asked if each.format_minutes > (reading.format_minutes or 0)}
    return max(wanted & (then - now), default=None)


def _notes(since: list[Edition]) -> tuple[Correction, ...]:
    """What the authors say of the editions that came since."""
    return tuple(Correction(each.published_at, each.note) for each in since if each.note)


def _refused(formats: tuple[EditionFormat, ...], chosen: int) -> str:
    if any(format.offered and format.minutes == chosen for format in formats):
        return ""
    return _("Cette édition n’ouvre pas votre format %(format)s : restez sur la vôtre.", format=minutes(chosen))


def _changes(before: Lines, after: Lines, found: tuple[Difference, ...]) -> Iterator[EditionChange]:
    """Step by step, everything that changed of it."""
    for uid in dict.fromkeys(each.row.uid for each in found):
        mine = [each for each in found if each.row.uid == uid]
        gone = mine[0].what is What.REMOVED
        step = (before if gone else after).step(mine[0].row)
        yield EditionChange(step, gone, tuple(said for each in mine if (said := in_words(each))))
