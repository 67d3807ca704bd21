"""What is said without anybody asking: a due date that comes near, a commitment to ask after. Each once, in SQL."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.actions import messages
from app.i18n import DEFAULT, LANGUAGES, in_zone
from app.models import (
    Assignment,
    DocumentText,
    Edition,
    Enrolment,
    Horizon,
    MailKind,
    Membership,
    Message,
    Person,
    PlanItem,
    reached,
)
from app.models.plan import SETTLED, asked_day
from app.models.reminders import DAYS, LATE, WEEK, said_on
from app.models.reminders import cause as cause_of
from app.reads import due as reads
from app.reads import plans
from app.reads.due import Due

MORNING = time(8)
"""Nobody is reminded at night."""
ASKED_WITHIN = timedelta(days=7)
"""« Est-ce arrivé ? » is asked by mail in that week, or never."""


def announce(db: Session, given: Assignment, who: ColumnElement[bool]) -> None:
    """Say to those who receive an assignment what is asked of them: once each, in its transaction."""
    found, cause = reads.due(db, Assignment.id == given.id, who), f"assignment:{given.id}"
    said = select(Message.address).where(Message.kind == MailKind.ASSIGNMENT, Message.cause == cause)
    knows = set(db.scalars(said))
    for lang in LANGUAGES:
        mails = [
            (cause, each.email, _data(each) | {"format": each.format_minutes})
            for each in found
            if (each.lang or DEFAULT) == lang and not each.finished and each.email not in knows
        ]
        reply_to = found[0].reply_to if found else None
        messages.post_all(db, MailKind.ASSIGNMENT, mails, lang=lang, reply_to=reply_to, by=None)


def remind(db: Session) -> int:
    """Seven days before the effective due date, on its eve, and once when it is past; how many."""
    today = clock.now().date()
    found = reads.due(
        db, first=today + timedelta(days=DAYS[LATE][0] - 1), last=today + timedelta(days=DAYS[WEEK][-1] + 1)
    )
    lately = Message.created_at > clock.now() - timedelta(days=30)
    said = set(db.scalars(select(Message.cause).where(Message.kind == MailKind.REMINDER, lately)))
    return sum(_remind(db, each, said) for each in found if not each.finished)


def _remind(db: Session, each: Due, said: set[str]) -> int:
    today = in_zone(clock.now(), each.zone).date()
    when = said_on(each.due, today)
    if when is None or in_zone(each.since, each.zone).date() >= today:
        return 0
    if (cause := cause_of(each.assignment_id, each.person_id, when, each.due)) in said:
        return 0
    data = _data(each) | {"days": (each.due - today).days, "when": when}
    at = datetime.combine(today, MORNING, ZoneInfo(each.zone)).astimezone(UTC)
    return int(
        messages.post(
            db,
            MailKind.REMINDER,
            cause=cause,
            address=each.email,
            lang=each.lang,
            data=data,
            person_id=each.person_id,
            reply_to=each.reply_to,
            due_at=max(at, clock.now()),
        )
    )


def still_due(db: Session, message: Message) -> bool:
    """A reminder that waited: not finished, withdrawn, archived nor moved meanwhile."""
    _kind, assignment, person, *_rest = message.cause.split(":")
    where = Assignment.id == int(assignment), Membership.person_id == int(person)
    found = reads.due(db, *where)
    return any(not each.finished and each.due.isoformat() == message.data.get("due") for each in found)


def _data(each: Due) -> dict[str, object]:
    return {"cohort": each.cohort, "pathway": each.pathway, "due": each.due.isoformat(), "trainer": each.trainer}


def ask_plans(db: Session) -> int:
    """« Est-ce arrivé ? » by mail, on the day when the home page begins to ask; how many."""
    query = (
        select(*plans.COLUMNS, Person.id, Person.email, Person.lang, Person.zone, Enrolment.edition_id)
        .join(Enrolment, Enrolment.id == PlanItem.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(PlanItem.horizon == Horizon.DAYS_15, Enrolment.closed_at.is_(None), reached())
        .where(or_(PlanItem.outcome.is_(None), PlanItem.outcome.not_in(SETTLED)), _about_now())
    )
    asked = 0
    for row in db.execute(query).all():
        line, (person_id, email, lang, zone, edition) = plans.planned(row[:-5]), row[-5:]
        today = in_zone(clock.now(), zone).date()
        day = asked_day(line, today, zone)
        if day is not None and day > today - ASKED_WITHIN:
            data: dict[str, object] = {"pathway": _title(db, edition, lang or DEFAULT)}
            cause = f"plan:{line.enrolment_id}:{day}"
            asked += messages.post(
                db, MailKind.PLAN, cause=cause, address=email, lang=lang, data=data, person_id=person_id
            )
    return asked


def _about_now() -> ColumnElement[bool]:
    """The days around those on which something is asked, so that old plans are not read again and again."""
    now, today = clock.now(), clock.now().date()
    spans: Sequence[tuple[int, int]] = ((14, 24), (88, 102))
    begun = [PlanItem.begun_at.between(now - timedelta(days=far), now - timedelta(days=near)) for near, far in spans]
    return or_(PlanItem.due_on.between(today - timedelta(days=9), today + timedelta(days=1)), *begun)


def _title(db: Session, edition: int, lang: str) -> str:
    query = select(DocumentText.lang, DocumentText.title).join(
        Edition, and_(Edition.front_revision_id == DocumentText.revision_id, Edition.id == edition)
    )
    titles: dict[str, str] = {row.lang: row.title for row in db.execute(query)}
    return titles.get(lang) or titles.get(DEFAULT, "")


def still_asked(db: Session, message: Message) -> bool:
    """« Est-ce arrivé ? » that waited: not answered meanwhile."""
    _kind, enrolment, day = message.cause.split(":")
    zone = db.scalar(
        select(Person.zone).join(Enrolment, Enrolment.person_id == Person.id).where(Enrolment.id == int(enrolment))
    )
    if zone is None:
        return False
    today = in_zone(clock.now(), zone).date()
    return any(asked_day(line, today, zone) == date.fromisoformat(day) for line in plans.plan(db, int(enrolment)))
