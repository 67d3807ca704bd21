"""One session, to change."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import i18n
from app.errors import Missing
from app.policy import Me
from app.reads import sessions as reads
from app.reads import teaching


@dataclass(frozen=True)
class SessionPage:
    cohort: int
    name: str
    city: str
    archived: bool
    number: int
    title: str
    on: str  # on the cohort's clocks, as a form holds them
    at: str
    minutes: int
    place: str
    link: str
    replay: str
    step: str  # uid of the live step that it dates, « » when it dates none
    steps: tuple[tuple[str, str], ...]


def session(db: Session, me: Me, cohort_id: int, number: int) -> SessionPage:
    """Raises Missing, for another cohort's and for one that is removed."""
    cohort = teaching.led_cohort(db, me.id, cohort_id)
    event = reads.session(db, cohort_id, number)
    if event.removed_at is not None:
        raise Missing
    local = i18n.in_zone(event.starts_at, cohort.zone)
    return SessionPage(
        cohort=cohort.id,
        name=cohort.name,
        city=i18n.city(cohort.zone),
        archived=cohort.archived_at is not None,
        number=event.id,
        title=event.title,
        on=f"{local:%Y-%m-%d}",
        at=f"{local:%H:%M}",
        minutes=event.minutes,
        place=event.place,
        link=event.link,
        replay=event.replay,
        step=event.step_uid or "",
        steps=tuple((step.uid, step.title) for step in reads.live_steps(db, cohort_id)),
    )
