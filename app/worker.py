"""What happens without anybody asking: short jobs, each one harmless when done twice or stopped in the middle."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.actions import erasure
from app.config import Settings, WrongSetting
from app.db import Engines, open_engines
from app.faults import is_away, is_busy
from app.models import SignIn

log = logging.getLogger("balises.worker")
EVERY_SECONDS = 60
BATCH = 500


def work(engines: Engines, stop: threading.Event, every: float = EVERY_SECONDS) -> None:
    """Do every job, again and again, until told to stop. A database that is away is waited for."""
    while not stop.is_set():
        for job in JOBS:
            _run(job, engines)
        stop.wait(every)


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


JOBS: tuple[Callable[[Engines], int], ...] = (close_expired_sign_ins, forget_idle_guests, forget_security)


def _run(job: Callable[[Engines], int], engines: Engines) -> None:
    try:
        done = job(engines)
    except Exception as error:
        if is_away(error) or is_busy(error):
            log.warning("%s: the database is away or busy, trying again later", job.__name__)
        else:
            log.exception("%s failed, trying again later", job.__name__)
    else:
        if done:
            log.info("%s: %d", job.__name__, done)


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="[worker] %(message)s")
    try:
        engines = open_engines(Settings.from_env(os.environ))
    except WrongSetting as error:
        log.error("%s", error)
        return 1
    stop = threading.Event()

    def leave(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    log.info("ready")
    work(engines, stop)
    engines.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
