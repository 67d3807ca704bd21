"""The shape of the database: where it stands, how it moves, and what it refuses by itself."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from alembic import command, op
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from app import clock
from app.config import ROOT, Settings
from app.db import BrokenPromise, make_file, open_engines, sqlite_file

COMMAND = "flask --app app.wsgi schema upgrade"
PATIENCE = 60
"""Seconds that a migration waits for another one, or for the writers, to end."""
LOCK = 6_240_118_237
"""Any number, the same for every process that migrates a PostgreSQL database."""


class WrongSchema(Exception):
    """A sentence for the operator; it names the command to run."""


@dataclass(frozen=True)
class Schema:
    current: str | None
    """Null: an empty database."""
    head: str
    known: tuple[str, ...]

    @property
    def ready(self) -> bool:
        return self.current == self.head


def state(engine: Engine) -> Schema:
    """Where the database stands and where this code wants it."""
    if (path := sqlite_file(engine.url)) is not None and not path.exists():
        return _scripts(None)
    with engine.connect() as connection:
        return _state(connection)


def _state(connection: Connection) -> Schema:
    return _scripts(MigrationContext.configure(connection).get_current_revision())


def _scripts(current: str | None) -> Schema:
    scripts = ScriptDirectory.from_config(_config())
    known = tuple(script.revision for script in scripts.walk_revisions())
    return Schema(current, known[0] if known else "", known)


def check(engine: Engine) -> None:
    """Raises WrongSchema unless the database is exactly where this code wants it."""
    schema = state(engine)
    _refuse_unknown(schema)
    if schema.current is None:
        raise WrongSchema(f"The database is empty. Run: {COMMAND}")
    if not schema.ready:
        raise WrongSchema(f"The database is at version {schema.current}, older than {schema.head}. Run: {COMMAND}")


def _refuse_unknown(schema: Schema) -> None:
    if schema.current is not None and schema.current not in schema.known:
        raise WrongSchema(
            f"The database is at version {schema.current}, which this code does not know: it was made by a newer one. "
            f"Install that newer version, then run: {COMMAND}"
        )


def upgrade(settings: Settings, revision: str = "head") -> None:
    """Move up to `revision`, all or nothing; a second run waits for the first one and finds nothing to do."""
    with _moving(settings) as connection:
        _refuse_unknown(_state(connection))
        command.upgrade(_config(connection), revision)


def downgrade(settings: Settings, revision: str) -> None:
    with _moving(settings) as connection:
        command.downgrade(_config(connection), revision)


def draft(settings: Settings, subject: str) -> None:
    """Write the migration from the database to the models, to be read and completed by a human."""
    with _moving(settings) as connection:
        command.revision(_config(connection), subject, autogenerate=True, rev_id=clock.now().strftime("%Y%m%d_%H%M"))


@contextmanager
def _moving(settings: Settings) -> Iterator[Connection]:
    """One transaction under a lock: killed anywhere inside, it leaves the database as it was."""
    patient = replace(settings, database_lock_seconds=PATIENCE, database_statement_seconds=0)
    make_file(patient)
    engines = open_engines(patient)
    try:
        if engines.write.dialect.name == "sqlite":
            with engines.write.connect() as connection:
                # Rebuilding a table drops it: its references are checked at the end instead. Only settable outside
                # a transaction; BEGIN IMMEDIATE, said by the engine, is the lock.
                connection.connection.cursor().execute("PRAGMA foreign_keys = 0")
                with connection.begin():
                    yield connection
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                    if broken:
                        raise BrokenPromise(f"The migration leaves a row of {broken[0]} without the row it refers to.")
        else:
            with engines.write.begin() as connection:
                connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                yield connection
    finally:
        engines.dispose()


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def write_once(table: str, once: Collection[str] = ()) -> None:
    """In a migration: make the database refuse UPDATE and DELETE on `table`, except under `app.db.erasure`.

    `once`: columns that may be filled, once. A batch that rebuilds the table in SQLite drops the triggers: call again.
    """
    columns = [column["name"] for column in inspect(op.get_bind()).get_columns(table)]
    frozen = [name for name in columns if name not in once]
    filled = " or ".join(f"(old.{name} is not null and {_differs(name)})" for name in once)
    _refuse(table, "delete", "delete", "")
    _refuse(table, "update", f"update of {', '.join(frozen)}" if once else "update", "")
    if once:
        _refuse(table, "refill", f"update of {', '.join(once)}", filled)


def write_again(table: str) -> None:
    """In a migration: undo `write_once`."""
    for name in ("delete", "update", "refill"):
        on = "" if _sqlite() else f" on {table}"
        op.execute(f"drop trigger if exists {table}_{name}_refused{on}")


def teach_refusal() -> None:
    """In the first migration: the function that PostgreSQL's triggers call."""
    if not _sqlite():
        op.execute(_FUNCTION)


def forget_refusal() -> None:
    if not _sqlite():
        op.execute("drop function write_once()")


_FUNCTION = """
create function write_once() returns trigger language plpgsql as $$
begin
    if exists (select 1 from erasing) then
        return case when tg_op = 'DELETE' then old else new end;
    end if;
    raise exception '% is write-once', tg_table_name using errcode = 'integrity_constraint_violation';
end
$$
"""


def _refuse(table: str, name: str, act: str, when: str) -> None:
    start = f"create trigger {table}_{name}_refused before {act} on {table} for each row"
    if _sqlite():
        when = f"({when}) and " if when else ""
        op.execute(
            f"{start} when {when}not exists (select 1 from erasing)"
            f" begin select raise(abort, '{table} is write-once'); end"
        )
    else:
        op.execute(f"{start} {f'when ({when})' if when else ''} execute function write_once()")


def _differs(column: str) -> str:
    return f"old.{column} is {'not' if _sqlite() else 'distinct from'} new.{column}"


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
