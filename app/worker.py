"""What happens without anybody asking: short jobs, each one harmless when done twice or stopped in the middle."""

import itertools
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock, trials
from app.actions import cohort_erasure, delivery, digests, erasure, reminding, reviews, sealing
from app.config import Settings, WrongSetting
from app.db import Engines, open_engines
from app.faults import is_away, is_busy
from app.models import Message, SignIn
from app.outside import waiting
from app.outside.mail import CannotSend, Mail, Postman, Unreachable

log = logging.getLogger("balises.worker")
EVERY_SECONDS = 60
MAIL_SECONDS = 2
"""Who asks for a link waits for it."""
BATCH = 500


def work(engines: Engines, settings: Settings, stop: threading.Event, every: float = EVERY_SECONDS) -> None:
    """Do every job, again and again, until told to stop. A database that is away is waited for."""
    rounds = max(1, round(every / MAIL_SECONDS))
    for turn in itertools.count():
        if turn % rounds == 0:
            for job in (*JOBS, *(SELDOM_JOBS if turn % (rounds * SELDOM) == 0 else ())):
                _run(job.__name__, lambda job=job: job(engines))  # type: ignore[misc]
            _run("forget_trials", lambda: trials.forget(settings))
            _run("forget_archives", lambda: waiting.forget(settings.temporary_dir))
        _run("deliver", lambda: deliver(engines, settings))
        if stop.wait(min(every, MAIL_SECONDS)):
            return


def deliver(engines: Engines, settings: Settings) -> int:
    """Send what is due, one mail at a time: claimed, sent outside any transaction, marked. How many left."""
    postman, left = Postman(settings), 0
    try:
        while settings.sends_mail and left < BATCH and _something_waits(engines):
            try:
                left += _deliver_one(engines, settings, postman)
            except Unreachable:
                log.warning("the mail server does not answer, trying again later")
                break
    finally:
        postman.close()
    return left


def _something_waits(engines: Engines) -> bool:
    with Session(engines.read) as db:
        return delivery.waiting(db)


def _deliver_one(engines: Engines, settings: Settings, postman: Postman) -> int:
    with Session(engines.write, expire_on_commit=False) as db, db.begin():
        message = delivery.claim(db)
    if message is None or message.dropped_at is not None:  # another worker has it, or it has nothing to say any more
        return 0
    try:
        postman.send(_written(message, settings))
    except CannotSend as why:
        with Session(engines.write) as db, db.begin():
            delivery.failed(db, message.id, why)
        if isinstance(why, Unreachable):
            raise
        return 0
    with Session(engines.write) as db, db.begin():
        delivery.sent(db, message.id)
    return 1


def _written(message: Message, settings: Settings) -> Mail:
    """A mail that cannot be written must not stop the others."""
    try:
        return delivery.mail(message, settings)
    except Exception as error:
        log.exception("mail %d cannot be written", message.id)
        raise CannotSend(f"{type(error).__name__}: {error}", final=True) from error


def close_expired_sign_ins(engines: Engines) -> int:
    """A sign-in past its date ends at that date."""
    now = clock.now()
    expired = select(SignIn.id).where(SignIn.ended_at.is_(None), SignIn.expires_at <= now).limit(BATCH)
    with Session(engines.read) as db:
        ids = list(db.scalars(expired))
    if ids:
        with Session(engines.write) as db, db.begin():
            still = (SignIn.id.in_(ids), SignIn.ended_at.is_(None), SignIn.expires_at <= now)
            db.execute(update(SignIn).where(*still).values(ended_at=SignIn.expires_at))
    return len(ids)


def forget_idle_guests(engines: Engines) -> int:
    """Guests who did not come back in time are erased."""
    with Session(engines.write) as db, db.begin():
        return erasure.erase_idle_guests(db, BATCH)


def forget_security(engines: Engines) -> int:
    """Counts of tries, old sign-ins and old links, when their time is over."""
    with Session(engines.write) as db, db.begin():
        return erasure.forget_tries(db) + erasure.forget_security(db, BATCH)


def forget_mail(engines: Engines) -> int:
    """Mails of long ago."""
    with Session(engines.write) as db, db.begin():
        return delivery.forget_mail(db, BATCH)


def seal_trace(engines: Engines) -> int:
    """What was done to others since the last time cannot be changed unseen any more."""
    with Session(engines.write) as db, db.begin():
        return sealing.seal(db, BATCH)


def forget_cohorts(engines: Engines) -> int:
    """What cohorts archived 24 months ago held of people."""
    with Session(engines.write) as db, db.begin():
        return cohort_erasure.forget_cohorts(db, BATCH)


def forget_reviews(engines: Engines) -> int:
    """Readings-over whose link expired 24 months ago."""
    with Session(engines.write) as db, db.begin():
        return reviews.forget_reviews(db, BATCH)


def remind(engines: Engines) -> int:
    """Due dates that come near or are past, commitments to ask after, the week of trainers."""
    with Session(engines.write) as db, db.begin():
        return reminding.remind(db) + reminding.ask_plans(db) + digests.digest(db)


SELDOM = 15
"""Rounds between two looks at what the calendar brings."""
SELDOM_JOBS: tuple[Callable[[Engines], int], ...] = (remind,)
JOBS: tuple[Callable[[Engines], int], ...] = (
    close_expired_sign_ins,
    forget_idle_guests,
    forget_security,
    forget_mail,
    forget_cohorts,
    forget_reviews,
    seal_trace,
)


def _run(name: str, job: Callable[[], int]) -> None:
    try:
        done = job()
    except Exception as error:
        if is_away(error) or is_busy(error):
            log.warning("%s: the database is away or busy, trying again later", name)
        else:
            log.exception("%s failed, trying again later", name)
    else:
        if done:
            log.info("%s: %d", name, done)


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="[worker] %(message)s")
    try:
        settings = Settings.from_env(os.environ)
        engines = open_engines(settings)
    except WrongSetting as error:
        log.error("%s", error)
        return 1
    stop = threading.Event()

    def leave(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    log.info("ready")
    work(engines, settings, stop)
    engines.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
