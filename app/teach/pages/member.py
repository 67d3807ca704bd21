"""One member, for who leads the cohort: steps done, the day of last activity, what they show; nothing else."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.errors import Missing
from app.i18n import in_zone, minutes
from app.models import Cohort, Shared
from app.models.progress import Progress, StepRow
from app.policy import Me
from app.reads import courses, members, shown
from app.reads.courses import Reading
from app.reads.sharing import Mark
from app.reads.shown import Item
from app.steps import KINDS
from app.teach.pages.message import silent_label

Marks = dict[tuple[int, str], Mark]


@dataclass(frozen=True)
class StepDone:
    uid: str
    title: str
    lang: str
    kind_label: str
    done: bool
    mark: Mark | None
    markable: bool  # not done, and can be: the trainer may say it done


@dataclass(frozen=True)
class ModuleDone:
    title: str
    lang: str
    done: int
    total: int
    steps: tuple[StepDone, ...]


@dataclass(frozen=True)
class PathwayDone:
    """A pathway that is asked of the cohort, as that person follows it."""

    slug: str
    title: str
    lang: str
    format_label: str
    begun: bool
    done: int
    total: int
    modules: tuple[ModuleDone, ...]


@dataclass(frozen=True)
class MemberPage:
    number: int
    cohort: str
    archived: bool
    membership: int
    name: str
    structure: str
    statut: str
    last_on: date | None  # the day of last activity, in the cohort's zone
    pathways: tuple[PathwayDone, ...]
    items: tuple[Item, ...]  # what they show
    silent: str  # why a mail does not reach them; "": it does
    error: str
    about: str  # the uid that the error is about
    text: str  # what was typed


def member(
    db: Session, me: Me, number: int, membership: int, *, error: str = "", about: str = "", text: str = ""
) -> MemberPage:
    """Raises Missing, whoever else leads the cohort."""
    found, asked = members.member_and_asked(db, me.id, number, membership)
    readings = [each for each in courses.pathways(db, found.person_id) if each.pathway_id in asked]
    begun = [reading for reading in readings if reading.enrolment_id is not None]
    rows = courses.open_steps(db, found.person_id, begun)
    items, marks = shown.shown(db, number, found.person_id)
    seen = [row for reading in begun for row in rows[reading.enrolment_id or 0] if row.done]
    return MemberPage(
        number=number,
        cohort=found.cohort.name,
        archived=found.cohort.archived_at is not None,
        membership=membership,
        name=found.membership.name,
        structure=found.membership.structure,
        statut=found.membership.statut,
        last_on=_last(seen, found.cohort),
        pathways=tuple(
            _pathway(reading, rows.get(reading.enrolment_id or 0, ()), asked[reading.pathway_id], marks)
            for reading in readings
        ),
        items=tuple(item for item in items if item.title and item.what is not Shared.AVERAGE),
        silent=silent_label(found.silent),
        error=error,
        about=about,
        text=text,
    )


def _last(done: list[StepRow], cohort: Cohort) -> date | None:
    at = max((row.completed_at for row in done if row.completed_at is not None), default=None)
    return in_zone(at, cohort.zone).date() if at else None


def _pathway(reading: Reading, rows: tuple[StepRow, ...], asked: int, marks: Marks) -> PathwayDone:
    """In the format that they follow: what they do beyond what is asked counts for them, and is theirs."""
    progress = Progress(rows, reading.format_minutes or asked)
    numbers = sorted({row.module for row in progress.required})
    return PathwayDone(
        slug=reading.slug,
        title=reading.title,
        lang=reading.lang,
        format_label=minutes(progress.format_minutes),
        begun=reading.enrolment_id is not None,
        done=progress.done,
        total=progress.total,
        modules=tuple(
            _module([row for row in progress.required if row.module == number], reading.pathway_id, marks)
            for number in numbers
        ),
    )


def _module(rows: list[StepRow], pathway: int, marks: Marks) -> ModuleDone:
    return ModuleDone(
        title=rows[0].module_title,
        lang=rows[0].module_lang,
        done=sum(row.done for row in rows),
        total=len(rows),
        steps=tuple(
            StepDone(
                uid=row.uid,
                title=row.title,
                lang=row.lang,
                kind_label=KINDS[row.kind].label(),
                done=row.done,
                mark=marks.get((pathway, row.uid)) if row.done else None,
                markable=row.ready and not row.done,
            )
            for row in rows
        ),
    )


@dataclass(frozen=True)
class MarkingPage:
    """A step about to be said done."""

    number: int
    cohort: str
    membership: int
    name: str
    slug: str
    uid: str
    title: str
    lang: str
    pathway: str
    minutes: int
    done: bool
    last: bool  # saying it done finishes the format
    error: str
    text: str


def marking(
    db: Session, me: Me, number: int, membership: int, slug: str, uid: str, *, error: str = "", text: str = ""
) -> MarkingPage:
    """Raises Missing, for a step that is not asked of them or not of their format."""
    found = members.led_member(db, me.id, number, membership)
    reading = courses.pathway(db, slug, found.person_id)
    if reading.enrolment_id is None or reading.pathway_id not in members.assigned(db, number):
        raise Missing
    progress = Progress(courses.steps(db, reading.edition_id, reading.enrolment_id), reading.format_minutes or 0)
    row = next((row for row in progress.rows if row.uid == uid), None)
    if row is None or not row.ready or row.format_minutes > progress.format_minutes:
        raise Missing
    return MarkingPage(
        number=number,
        cohort=found.cohort.name,
        membership=membership,
        name=found.membership.name,
        slug=slug,
        uid=uid,
        title=row.title,
        lang=row.lang,
        pathway=reading.title,
        minutes=row.minutes,
        done=row.done,
        last=[left.uid for left in progress.missing] == [uid],
        error=error,
        text=text,
    )
