"""The two engines, one that reads and one that writes, and what both databases must promise before they serve."""

import secrets
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import psycopg
from sqlalchemy import (
    URL,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Engine,
    Executable,
    MetaData,
    Row,
    String,
    Table,
    create_engine,
    delete,
    event,
    insert,
    literal_column,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor, Dialect, ExceptionContext
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.config import Issuer, Settings
from app.dialects import lend
from app.faults import is_away, sqlite_code
from app.shelf import Shelf

OLDEST_SQLITE = (3, 37, 0)
OLDEST_POSTGRESQL = 130000


class Base(DeclarativeBase):
    """Every constraint has a name, the same on both databases, so that a migration can find it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment. In SQLite, a text of fixed width, so that the order of texts is the order of time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(27) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone is never stored: use clock.now()")
        utc = value.astimezone(UTC)
        return utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ").zfill(27) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return (datetime.fromisoformat(value) if isinstance(value, str) else cast(datetime, value)).astimezone(UTC)


erasing = Table("erasing", Base.metadata, Column("key", String(32), primary_key=True))
"""Empty for everyone but a transaction that erases: the write-once triggers let that one pass."""


@contextmanager
def erasure(db: Session) -> Iterator[None]:
    """Inside, and in this transaction only, write-once rows may be changed and deleted: a person asked to be erased."""
    key = secrets.token_hex(16)
    db.execute(insert(erasing).values(key=key))
    yield
    db.flush()
    db.execute(delete(erasing).where(erasing.c.key == key))


class BrokenPromise(Exception):
    """A sentence for the operator: the database does not keep a promise that the platform relies on."""


@dataclass(frozen=True)
class Engines:
    """`read` cannot write, whatever the code above does; `write` begins as a writer."""

    read: Engine
    write: Engine

    def dispose(self) -> None:
        self.read.dispose()
        self.write.dispose()


SHELF, READS = "shelf", "reads"
"""Options of both engines of a database: the shelf that they share, and whether this one fills it."""


def open_engines(settings: Settings) -> Engines:
    """Both engines of `DATABASE_URL`. Nothing is connected yet: a database that is away does not stop the start."""
    url = make_url(settings.database_url)
    make = _sqlite if url.get_backend_name() == "sqlite" else _postgresql
    engines = Engines(read=make(url, settings, writes=False), write=make(url, settings, writes=True))
    shelf = Shelf()
    engines.read.update_execution_options(**{SHELF: shelf, READS: True})
    engines.write.update_execution_options(**{SHELF: shelf, READS: False})
    return engines


def _sqlite(url: URL, settings: Settings, *, writes: bool) -> Engine:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        raise BrokenPromise(f"SQLite {sqlite3.sqlite_version} is too old: {oldest} or later is needed.")
    path = Path(str(url.database))
    wait = settings.database_lock_seconds * 1000
    engine = create_engine(
        url,
        # « rw »: a file that went away is a database away, not the beginning of an empty one.
        creator=lambda: sqlite3.connect(
            f"file:{quote(str(path))}?mode=rw",
            uri=True,
            timeout=settings.database_lock_seconds,
            check_same_thread=False,
        ),
        pool_size=settings.database_pool_size,
        max_overflow=0,
        pool_timeout=settings.database_pool_seconds,
        execution_options={"issuer": settings.issuer},
    )
    pragmas = {"busy_timeout": wait, "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    if not writes:
        pragmas["query_only"] = 1

    @event.listens_for(engine, "connect")
    def promise(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        record.info["file"] = _identity(path)
        own = cast(sqlite3.Connection, connection)
        own.isolation_level = None  # we say BEGIN ourselves
        lend(own)
        cursor = connection.cursor()
        for name, value in pragmas.items():
            _set(cursor, f"PRAGMA {name} = {value}", wait)
            cursor.execute(f"PRAGMA {name}")
            row = cursor.fetchone()
            if row is None or row[0] != value:
                raise BrokenPromise(f"SQLite refuses {name} = {value} on {url.database}: it answers {row and row[0]}.")
        cursor.close()

    @event.listens_for(engine, "checkout")
    def still_there(_connection: object, record: ConnectionPoolEntry, _: object) -> None:
        if record.info["file"] != _identity(path):  # what would be written would be lost
            raise DisconnectionError(f"{path} was moved or replaced")

    @event.listens_for(engine, "handle_error")
    def read_only(context: ExceptionContext) -> None:
        """A writer that may not write, because the disk or the file became read-only: `is_away` must know it."""
        error, said = context.original_exception, context.sqlalchemy_exception
        unwritable = isinstance(error, sqlite3.Error) and sqlite_code(error) == sqlite3.SQLITE_READONLY
        if writes and unwritable and isinstance(said, DBAPIError):
            said.connection_invalidated = True

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _set(cursor: DBAPICursor, pragma: str, wait: int) -> None:
    """Two that open a new file at once both make it WAL: SQLite tells the second at once that it is locked.

    `wait`: milliseconds.
    """
    for left in range(wait // PAUSE_MS, -1, -1):
        try:
            cursor.execute(pragma)
        except sqlite3.OperationalError as error:
            if not left or sqlite_code(error) != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(PAUSE_MS / 1000)
        else:
            return


PAUSE_MS = 50


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file stands there, if any."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino


def make_file(settings: Settings) -> None:
    """The file that SQLite keeps everything in, made empty where there is none."""
    if (path := sqlite_file(settings.database_url)) is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def sqlite_file(address: URL | str) -> Path | None:
    url = make_url(address)
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


def _postgresql(url: URL, settings: Settings, *, writes: bool) -> Engine:
    promises = {
        "statement_timeout": f"{settings.database_statement_seconds * 1000}",
        "lock_timeout": f"{settings.database_lock_seconds * 1000}",
        "idle_in_transaction_session_timeout": f"{settings.database_idle_seconds * 1000}",
        "default_transaction_read_only": "off" if writes else "on",
        "timezone": "UTC",
    }
    given = url.query.get("options", "")
    options = [given if isinstance(given, str) else " ".join(given), *(f"-c {k}={v}" for k, v in promises.items())]
    engine = create_engine(
        url.difference_update_query(["options"]),
        pool_size=settings.database_pool_size,
        max_overflow=0,
        pool_timeout=settings.database_pool_seconds,
        pool_pre_ping=True,
        pool_use_lifo=True,
        execution_options={"issuer": settings.issuer},
        connect_args={
            "connect_timeout": settings.database_connect_seconds,
            "options": " ".join(options).strip(),
            "application_name": "balises" if writes else "balises (read)",
            "keepalives": 1,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": (settings.database_statement_seconds + 5) * 1000,
        },
    )

    @event.listens_for(engine, "connect")
    def promise(connection: DBAPIConnection, _: object) -> None:
        server = cast("psycopg.Connection[tuple[str]]", connection)
        if server.info.server_version < OLDEST_POSTGRESQL:
            raise BrokenPromise(f"PostgreSQL {server.info.server_version // 10000} is too old: 13 or later is needed.")
        with server.cursor() as cursor:
            # Asked here and not in the options: a server set to lose the last commits must not serve.
            cursor.execute("select current_setting('synchronous_commit'), current_setting('fsync')")
            answer = cursor.fetchone()
        server.rollback()
        if answer is None or answer[0] not in ("on", "remote_apply") or answer[1] != "on":  # type: ignore[misc]
            raise BrokenPromise(f"PostgreSQL must run with synchronous_commit=on and fsync=on: it answers {answer}.")

    return engine


def give_back(db: Session) -> None:
    """Close the session. A connection that is lost has nothing left to undo: that changes no answer."""
    try:
        db.close()
    except DBAPIError as error:
        if not is_away(error):
            raise
        db.invalidate()


def issuer(db: Session) -> Issuer:
    """Who signs what this session issues: said once, to the engine, so that every verb that may finish need not."""
    return cast(Issuer, cast(Engine, db.get_bind()).get_execution_options()["issuer"])


def fetch(db: Session, query: Executable, values: Mapping[str, object]) -> Sequence[Row[Any]]:
    """Columns, asked by a statement that was built once: what every page asks spares the work made for objects."""
    db.flush()
    return db.connection().execute(query, values).all()


def insert_if_absent(
    db: Session,
    model: type[Base],
    values: Mapping[str, object],
    keys: Sequence[str] = (),
    where: ColumnElement[bool] | None = None,
) -> bool:
    """Insert the row and say True, or leave the one that is there and say False; never an error between two.

    `keys`: the unique columns that may clash, any of the table's when left out; `where`: of a partial index.
    """
    db.flush()
    make = _absent if where is None else _absent.__wrapped__  # built once, but for an expression
    statement = make(model, db.get_bind().dialect.name, tuple(keys), where)
    return db.connection().execute(statement, dict(values)).first() is not None


@lru_cache(200)
def _absent(model: type[Base], dialect: str, keys: tuple[str, ...], where: ColumnElement[bool] | None) -> Executable:
    row = _insert(model, dialect).on_conflict_do_nothing(index_elements=keys or None, index_where=where)
    return row.returning(literal_column("1"))


def insert_all_if_absent(db: Session, model: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """The same for many rows, in their order; those that are there already stay as they are."""
    db.flush()
    for first in range(0, len(rows), _AT_ONCE):
        statement = _insert(model, db.get_bind().dialect.name).values(
            [dict(row) for row in rows[first : first + _AT_ONCE]]
        )
        db.connection().execute(statement.on_conflict_do_nothing())


_AT_ONCE = 1000
"""Rows in one statement: both databases bound how many values it may carry."""


def upsert(
    db: Session,
    model: type[Base],
    values: Mapping[str, object],
    keys: Sequence[str],
    update: Sequence[str] | Mapping[str, object],
    where: ColumnElement[bool] | None = None,
) -> None:
    """Insert the row, or change the one that has the same `keys`, in one statement.

    `update`: the columns that take the new values, or column -> expression (`{"count": RateCount.count + 1}`).
    """
    db.flush()
    kept = where is None and not isinstance(update, Mapping)
    make, changed = (_present, tuple(update)) if kept else (_present.__wrapped__, update)
    statement = make(model, db.get_bind().dialect.name, tuple(keys), changed, where)
    db.connection().execute(statement, dict(values))


@lru_cache(200)
def _present(
    model: type[Base],
    dialect: str,
    keys: tuple[str, ...],
    update: tuple[str, ...] | Mapping[str, object],
    where: ColumnElement[bool] | None,
) -> Executable:
    row = _insert(model, dialect)
    changes = dict(update) if isinstance(update, Mapping) else {name: row.excluded[name] for name in update}
    return row.on_conflict_do_update(index_elements=keys, index_where=where, set_=changes)


def _insert(model: type[Base], dialect: str) -> "sqlite.Insert | postgresql.Insert":
    table = cast(Table, model.__table__)
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
