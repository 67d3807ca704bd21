"""What a database error means: away, busy, or a fault of ours."""

import sqlite3
from collections.abc import Iterator

import psycopg
from sqlalchemy import (
    Engine,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout


def reachable(engine: Engine) -> bool:
    """Whether the database answers now."""
    try:
        with engine.connect() as connection:
            connection.execute(text("select 1"))
    except Exception as error:
        if is_away(error) or is_busy(error):
            return False
        raise
    return True


def is_away(error: BaseException) -> bool:
    """The database cannot be reached or has no room: the door says 503, and to come back."""
    for cause in _causes(error):
        if isinstance(cause, PoolTimeout) or (isinstance(cause, DBAPIError) and cause.connection_invalidated):
            return True
        if isinstance(cause, psycopg.Error):
            state = cause.sqlstate
            if state is None and isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
                return True
            if state and (state[:2] in ("08", "53") or state in ("57P01", "57P02", "57P03", "57P05", "25P03")):
                return True
        if isinstance(cause, sqlite3.Error) and sqlite_code(cause) in _SQLITE_AWAY:
            return True
    return False


def is_busy(error: BaseException) -> bool:
    """Another writer held the lock too long, or the statement took too long: the same request may pass later."""
    for cause in _causes(error):
        if isinstance(cause, psycopg.Error) and cause.sqlstate in ("55P03", "40001", "40P01", "57014"):
            return True
        if isinstance(cause, sqlite3.Error) and sqlite_code(cause) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return True
    return False


_SQLITE_AWAY = (
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL),
    *(sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_PERM),
)


def sqlite_code(error: sqlite3.Error) -> int:
    """The primary code; 0 for what Python itself raised."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        if isinstance(error, DBAPIError) and error.orig is not None:
            yield error.orig
        error = error.__cause__
