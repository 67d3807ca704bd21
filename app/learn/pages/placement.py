"""« Mes repères »: where a learner places themself on each objective of their format, one minute, optional."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.errors import Missing
from app.i18n import _, minutes
from app.learn.pages.parts import Lines, pathway_url, step_url, summary_url
from app.learn.pages.pieces import Choice, PlacementLine, Placing
from app.learn.pages.shapes import PlacementPage
from app.models import Mastery, Moment
from app.models.placing import WITHDRAWN, asked, moment_of
from app.policy import Me
from app.reads import bilan, courses, learning
from app.reads.learning import Placements

MOMENTS = {"entree": Moment.ENTRY, "sortie": Moment.EXIT}
"""As the address says it."""


def placement(
    db: Session, me: Me, slug: str, moment: str, *, posted: Mapping[str, str] | None = None, refused: str = ""
) -> PlacementPage:
    """`moment`: a word of the address, « » for the one that it is time for.

    `posted`, `refused`: of a form just refused. Raises Missing.
    """
    reading = courses.pathway(db, slug, me.id)
    if reading.enrolment_id is None:
        raise Missing
    lines = Lines(reading, courses.steps(db, reading.edition_id, reading.enrolment_id))
    mine = bilan.own_objectives(reading.doc, lines.chosen)
    if not mine:
        raise Missing
    when = MOMENTS.get(moment) or moment_of(lines.progress)
    placed = learning.placements(db, reading.enrolment_id)
    stored = {uid: found.level.value for (uid, at), found in placed.items() if at is when}
    chosen = stored | dict(posted or {})
    following = lines.progress.next
    return PlacementPage(
        slug=slug,
        pathway=reading.title,
        pathway_url=pathway_url(slug),
        lang=reading.lang,
        format_label=minutes(lines.chosen),
        moment=next(word for word, each in MOMENTS.items() if each is when),
        entry=when is Moment.ENTRY,
        objectives=tuple(
            Placing(each.uid, each.text, _levels(chosen.get(each.uid, ""), each.uid in stored)) for each in mine
        ),
        skip_url=step_url(slug, following.uid) if when is Moment.ENTRY and following else summary_url(slug),
        refused=refused,
    )


def _levels(chosen: str, said: bool) -> tuple[Choice, ...]:
    """The four levels, and taking back what was said."""
    words = {level.value: level_words(level) for level in Mastery}
    if said:
        words[WITHDRAWN] = _("Retirer ma réponse")
    return tuple(Choice(value, label, value == chosen) for value, label in words.items())


def level_words(level: Mastery) -> str:
    """As a learner says it."""
    return {
        Mastery.NOT_YET: _("pas encore"),
        Mastery.WITH_HELP: _("avec de l’aide"),
        Mastery.ALONE: _("sans aide"),
        Mastery.CAN_EXPLAIN: _("je peux l’expliquer"),
    }[level]


def placement_line(lines: Lines, placed: Placements, *, midway: bool = False) -> PlacementLine | None:
    """The quiet line that asks for it. `midway`: the exit is offered before the end too."""
    if not bilan.own_objectives(lines.reading.doc, lines.chosen):
        return None
    said = {moment for _uid, moment in placed}
    moment = asked(lines.progress, said)
    if moment is None and midway and moment_of(lines.progress) not in said:
        moment = moment_of(lines.progress)
    if moment is None:
        return None
    word = next(word for word, each in MOMENTS.items() if each is moment)
    return PlacementLine(moment is Moment.ENTRY, f"{pathway_url(lines.reading.slug)}/reperes?moment={word}")
