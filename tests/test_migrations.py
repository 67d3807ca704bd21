"""Migrations, on both databases: up, down, up; killed and started again; and what the schema refuses by itself."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Enum, Table, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import app.models  # noqa: F401  fills the metadata
from app import schema
from app.config import ROOT, Settings
from app.db import Base, Engines, UtcDateTime, erasure, open_engines

FILLED_ONCE = {
    "edition": ["withdrawn_at"],
    "summary": ["replaced_at", "replaced_by_id", "revoked_at", "revoked_by", "reason", "withdrawn_at"],
}
WRITE_ONCE = [
    *("revision", "document_text", "step", "step_text", "objective"),
    *("edition", "edition_module", "edition_document", "edition_format"),
    *("step_event", "attempt", "attempt_answer", "result", "result_axis", "result_answer", "summary", "audit_event"),
    "site_version",
]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path, environ: Callable[[str], dict[str, str]]) -> Settings:
    """A database with nothing in it."""
    if request.param == "sqlite":
        return Settings.from_env(environ(f"sqlite:///{tmp_path}/empty.db"))
    return Settings.from_env(environ(request.getfixturevalue("postgresql_database")("empty")))


def test_migrations_go_up_down_and_up_again(empty: Settings) -> None:
    schema.upgrade(empty)
    with _open(empty) as engines:
        first = _shape(engines)
    schema.downgrade(empty, "base")
    with _open(empty) as engines:
        assert inspect(engines.read).get_table_names() == ["alembic_version"]
    schema.upgrade(empty)
    with _open(empty) as engines:
        assert _shape(engines) == first
        schema.check(engines.read)


def test_the_migrated_schema_is_the_one_of_the_models(engines: Engines) -> None:
    with engines.read.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_make_the_checks_that_the_models_ask_for(engines: Engines) -> None:
    """Alembic does not compare checks."""
    wanted = {
        table.name: {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)}
        for table in Base.metadata.sorted_tables
    }
    assert {name: wanted[name] for name in wanted if wanted[name]} == {
        name: checks for name, checks in _checks(engines).items() if checks
    }


def test_a_migration_killed_in_the_middle_is_started_again(empty: Settings) -> None:
    code = _killed_at_statement(60)
    killed = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | _environ(empty), capture_output=True, text=True
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with _open(empty) as engines:
        assert inspect(engines.read).get_table_names() == []
        with pytest.raises(schema.WrongSchema, match="empty"):
            schema.check(engines.read)
    schema.upgrade(empty)
    with _open(empty) as engines:
        schema.check(engines.read)


def test_two_migrations_at_once_are_one(empty: Settings) -> None:
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _: _upgrade_elsewhere(empty), range(2)))
    with _open(empty) as engines:
        schema.check(engines.read)


def test_an_empty_database_is_told_the_command(empty: Settings) -> None:
    with (
        _open(empty) as engines,
        pytest.raises(schema.WrongSchema, match=r"empty.*flask --app app.wsgi schema upgrade"),
    ):
        schema.check(engines.read)


def test_an_older_database_is_told_the_command(empty: Settings) -> None:
    schema.upgrade(empty)
    schema.downgrade(empty, "-1")
    with (
        _open(empty) as engines,
        pytest.raises(schema.WrongSchema, match=r"older than .*flask --app app.wsgi schema upgrade"),
    ):
        schema.check(engines.read)


def test_a_database_of_tomorrow_stops_today(empty: Settings) -> None:
    schema.upgrade(empty)
    with _open(empty) as engines:
        with engines.write.begin() as connection:
            connection.execute(text("update alembic_version set version_num = '20991231_2359'"))
        with pytest.raises(schema.WrongSchema, match=r"20991231_2359.*newer.*schema upgrade"):
            schema.check(engines.read)
    with pytest.raises(schema.WrongSchema, match="20991231_2359"):
        schema.upgrade(empty)


@pytest.mark.parametrize("name", WRITE_ONCE)
def test_what_is_written_once_stays(db: Session, name: str) -> None:
    table = Base.metadata.tables[name]
    _insert_a_row(db, table)
    column = next(column.name for column in table.columns if column.name not in FILLED_ONCE.get(name, ()))
    for act in (f"update {name} set {column} = {column}", f"delete from {name}"):
        with pytest.raises(IntegrityError, match=f"{name} is write-once"), db.begin_nested():
            db.execute(text(act))
    assert _count(db, name) == 1
    with erasure(db):
        db.execute(text(f"update {name} set {column} = {column}"))
        db.execute(text(f"delete from {name}"))
    assert _count(db, name) == 0


@pytest.mark.parametrize(("name", "column"), [(name, column) for name in FILLED_ONCE for column in FILLED_ONCE[name]])
def test_what_may_be_filled_is_filled_once(db: Session, name: str, column: str) -> None:
    table = Base.metadata.tables[name]
    _insert_a_row(db, table)
    value = _value(table, column)
    db.execute(table.update().values({column: value}))
    db.execute(table.update().values({column: value}))  # twice the same is once
    with pytest.raises(IntegrityError, match="write-once"), db.begin_nested():
        db.execute(table.update().values({column: None}))


def test_an_erasure_is_over_with_its_block(db: Session) -> None:
    _insert_a_row(db, Base.metadata.tables["objective"])
    with erasure(db):
        pass
    with pytest.raises(IntegrityError, match="write-once"):
        db.execute(text("delete from objective"))


class _open:
    """Engines, given back."""

    def __init__(self, settings: Settings) -> None:
        self.engines = open_engines(settings)

    def __enter__(self) -> Engines:
        return self.engines

    def __exit__(self, *_: object) -> None:
        self.engines.dispose()


def _shape(engines: Engines) -> dict[str, object]:
    """Everything that the database says of itself, triggers included."""
    with engines.read.connect() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.execute(text("select type || ' ' || name, sql from sqlite_master"))
        else:
            rows = connection.execute(
                text(
                    "select table_name || '.' || column_name, data_type || is_nullable from information_schema.columns"
                    " where table_schema = 'public'"
                    " union select 'index ' || indexname, indexdef from pg_indexes where schemaname = 'public'"
                    " union select 'trigger ' || tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal"
                    " union select 'check ' || conname, pg_get_constraintdef(oid) from pg_constraint"
                )
            )
        return {str(name): sql for name, sql in rows}


def _checks(engines: Engines) -> dict[str, set[str]]:
    seen = inspect(engines.read)
    return {name: {str(check["name"]) for check in seen.get_check_constraints(name)} for name in seen.get_table_names()}


def _killed_at_statement(number: int) -> str:
    """A process that upgrades and dies at its n-th statement, as if the power went out."""
    return f"""
import itertools, os, signal
from sqlalchemy import Engine, event
from app import schema
from app.config import Settings
count = itertools.count()
@event.listens_for(Engine, "after_cursor_execute")
def die(*_):
    if next(count) == {number}:
        os.kill(os.getpid(), signal.SIGKILL)
schema.upgrade(Settings.from_env(os.environ))
"""


def _upgrade_elsewhere(settings: Settings) -> None:
    code = "import os; from app import schema; from app.config import Settings;"
    code += "schema.upgrade(Settings.from_env(os.environ))"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=os.environ | _environ(settings), check=True)


def _environ(settings: Settings) -> dict[str, str]:
    return {"SECRET_KEY": settings.secret_key, "DATABASE_URL": settings.database_url, "BALISES_ENV": "test"}


def _insert_a_row(db: Session, table: Table) -> None:
    """Any row, after those that it refers to."""
    for key in table.foreign_keys:
        parent = key.column.table
        if not key.parent.nullable and not _count(db, parent.name):
            _insert_a_row(db, parent)
    db.execute(table.insert().values(_row(table)))


def _row(table: Table) -> dict[str, object]:
    return {column.name: _value(table, column.name) for column in table.columns if not column.nullable}


def _value(table: Table, name: str) -> object:
    column = table.columns[name]
    if isinstance(column.type, Enum):
        return column.type.enums[0]
    if isinstance(column.type, UtcDateTime):
        return datetime(2026, 11, 25, tzinfo=UTC)
    return {int: 1, str: "x", bool: True}.get(column.type.python_type, {})


def _count(db: Session, name: str) -> int:
    return int(db.execute(text(f"select count(*) from {name}")).scalar_one())
