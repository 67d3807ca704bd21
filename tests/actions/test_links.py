"""A one-time link opens its door once, in time, for its purpose; only the digest of its secret is kept."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import links
from app.db import Engines
from app.models import OneTimeLink, Purpose, token_hash
from app.reads.links import LinkState, link_state
from tests.cast import Cast, make_cast

HOUR = timedelta(hours=1)


@pytest.fixture
def cast(engines: Engines, noon: object) -> Cast:
    with Session(engines.write) as db:
        found = make_cast(db)
        db.commit()
    return found


def test_a_link_is_used_once(db: Session, cast: Cast) -> None:
    token = links.issue(db, Purpose.RESET, cast.lea, HOUR)
    assert link_state(db, [Purpose.RESET], token) is LinkState.OPEN
    assert links.use(db, Purpose.RESET, token) == cast.lea
    assert links.use(db, Purpose.RESET, token) is None
    assert link_state(db, [Purpose.RESET], token) is LinkState.USED


def test_a_link_is_over_at_its_hour(db: Session, cast: Cast) -> None:
    token = links.issue(db, Purpose.RESET, cast.lea, HOUR)
    clock.freeze(clock.now() + HOUR)
    assert link_state(db, [Purpose.RESET], token) is LinkState.OVER
    assert links.use(db, Purpose.RESET, token) is None


def test_a_link_opens_no_other_door(db: Session, cast: Cast) -> None:
    token = links.issue(db, Purpose.CONTINUE, cast.gus, HOUR)
    assert links.use(db, Purpose.RESET, token) is None
    assert link_state(db, [Purpose.RESET], token) is LinkState.UNKNOWN
    assert links.use(db, Purpose.CONTINUE, token) == cast.gus


def test_what_is_no_link_opens_nothing(db: Session, cast: Cast) -> None:
    assert links.use(db, Purpose.RESET, "x" * 22) is None
    assert link_state(db, [Purpose.RESET], "") is LinkState.UNKNOWN


def test_a_new_link_closes_the_one_before_and_nobody_else_s(db: Session, cast: Cast) -> None:
    first, hers = links.issue(db, Purpose.RESET, cast.lea, HOUR), links.issue(db, Purpose.RESET, cast.noe, HOUR)
    other = links.issue(db, Purpose.CONTINUE, cast.lea, HOUR)
    second = links.issue(db, Purpose.RESET, cast.lea, HOUR)
    assert links.use(db, Purpose.RESET, first) is None
    assert links.use(db, Purpose.RESET, second) == cast.lea
    assert links.use(db, Purpose.RESET, hers) == cast.noe
    assert links.use(db, Purpose.CONTINUE, other) == cast.lea


def test_only_the_digest_of_128_random_bits_is_kept(db: Session, cast: Cast) -> None:
    token = links.issue(db, Purpose.RESET, cast.lea, HOUR)
    row = db.scalars(select(OneTimeLink)).one()
    assert row.token_hash == token_hash(token)
    assert len(token) == 22  # six bits each
    assert token not in (row.token_hash, row.address)


def test_twenty_who_use_it_at_once_are_one(engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        token = links.issue(db, Purpose.RESET, cast.lea, HOUR)
        db.commit()

    def use(_number: int) -> int | None:
        with Session(engines.write) as db:
            found = links.use(db, Purpose.RESET, token)
            db.commit()
            return found

    assert sorted(map(str, at_once(use))) == sorted([str(cast.lea), *["None"] * 19])


def at_once(verb: Callable[[int], int | None]) -> list[int | None]:
    """Twenty times at the same moment, each in its own transaction."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(verb, range(20)))
