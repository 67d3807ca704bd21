"""What an edition asks, or a draft would: a correctif leaves all of it alone, and what it does not is said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.content.course import Unit
from app.content.documents import ModuleDoc, PathwayDoc, StepDoc
from app.content.parsed import Parsed, Part
from app.i18n import ORIGINAL, _, get_lang, minutes
from app.models.comparison import Difference, What, differences
from app.models.progress import StepRow
from app.reads import frozen
from app.steps import task_digest


@dataclass(frozen=True)
class State:
    """A pathway as it asks: its steps in order, their tasks by (uid, language), its formats and objectives."""

    steps: tuple[StepRow, ...]
    tasks: Mapping[tuple[str, str], str]
    formats: tuple[tuple[str, int], ...]
    objectives: tuple[tuple[str, int, tuple[str, ...]], ...]
    """But for their words: uid, minutes of the format, evidence."""


def of_edition(db: Session, edition_id: int, front_revision_id: int) -> State:
    """What was published."""
    told = frozen.told(db, [edition_id])[edition_id]
    return _state(told.rows, told.tasks, frozen.texts(db, [front_revision_id])[front_revision_id].pathway)


def of_draft(unit: Unit) -> State:
    """What would be, of a pathway without problems."""
    front, *modules = unit.documents
    if not isinstance(front.doc, PathwayDoc):
        raise TypeError(unit.name)
    rows = tuple(row for position, module in enumerate(modules, 1) for row in _rows(position, module))
    tasks = {key: digest for module in modules for part in module.parts for key, digest in _tasks(module, part)}
    return _state(rows, tasks, front.doc)


def _state(rows: tuple[StepRow, ...], tasks: Mapping[tuple[str, str], str], doc: PathwayDoc) -> State:
    nominal = {format.name: format.minutes for format in doc.formats}
    return State(
        rows,
        tasks,
        tuple(sorted(nominal.items(), key=lambda pair: pair[1])),
        tuple((o.uid, nominal[o.format], tuple(o.evidence)) for o in doc.objectives),
    )


def _rows(position: int, module: Parsed) -> Iterator[StepRow]:
    for part in module.parts:
        lang = get_lang() if part.said(get_lang()) is not None else ORIGINAL
        step, said = part.doc, part.said(lang)
        if not isinstance(step, StepDoc) or not isinstance(said, StepDoc):
            raise TypeError(part.path)
        yield StepRow(
            module=position,
            module_slug=module.source.slug,
            module_title=module.doc.title if isinstance(module.doc, ModuleDoc) else "",
            module_summary="",
            uid=step.uid,
            kind=step.kind,
            title=said.title,
            minutes=step.minutes,
            format_minutes=module.formats[step.format],
            optional=step.optional,
            ready=step.ready,
            task_digest=task_digest(said, module.uses(said, lang)),
            lang=lang,
        )


def _tasks(module: Parsed, part: Part) -> Iterator[tuple[tuple[str, str], str]]:
    for lang in module.languages:
        said = part.said(lang)
        if isinstance(said, StepDoc):
            yield (said.uid, lang), task_digest(said, module.uses(said, lang))


def why_no_correctif(title: str, before: State, after: State) -> str:
    """Which step a change would touch, and how; nothing when it changes no step, task, answer nor minute."""
    found = differences(before.steps, after.steps)
    if found:
        return _refusal(title, found[0].row.title, _why(found[0].what))
    titles = {row.uid: row.title for row in after.steps}
    for key, digest in before.tasks.items():
        if after.tasks.get(key) != digest:
            return _refusal(title, titles[key[0]], _why(What.TASK))
    if (before.formats, before.objectives) != (after.formats, after.objectives):
        return _("« %(title)s » : ce n’est pas un correctif. Ses formats ou ses objectifs changent.", title=title)
    return ""


def _refusal(title: str, step: str, why: str) -> str:
    return _(
        "« %(title)s » : ce n’est pas un correctif. L’étape « %(step)s » %(why)s.", title=title, step=step, why=why
    )


def _why(what: What) -> str:
    return {
        What.ADDED: _("s’ajoute"),
        What.REMOVED: _("disparaît"),
        What.TASK: _("change de consigne ou de réponses"),
        What.MINUTES: _("change de durée"),
        What.FORMAT: _("change de format"),
        What.OPTIONAL: _("devient facultative, ou cesse de l’être"),
        What.READY: _("n’est plus dans le même état d’écriture"),
        What.MOVED: _("change de place"),
    }[what]


def in_words(found: Difference) -> str:
    """What changed of a step, as its reader is told."""
    before, after = found.before, found.after
    if before is None or after is None:
        return _("nouvelle étape") if before is None else _("étape retirée")
    match found.what:
        case What.TASK:
            return _("la consigne a changé")
        case What.MINUTES:
            return _("de %(before)s à %(after)s", before=minutes(before.minutes), after=minutes(after.minutes))
        case What.FORMAT:
            was, now = minutes(before.format_minutes), minutes(after.format_minutes)
            return _("passe du format %(before)s au format %(after)s", before=was, after=now)
        case What.OPTIONAL:
            return _("devient facultative") if after.optional else _("devient obligatoire")
        case What.READY:
            return _("est écrite") if after.ready else _("est de nouveau en cours d’écriture")
        case _:
            return _("change de place")
