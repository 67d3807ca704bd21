"""What SQLite and PostgreSQL say differently: days between two, the day in a zone, names put in order."""

import sqlite3
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Integer, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

ACCENTED, PLAIN = "àâäáãåçéèêëíìîïñóòôöõúùûüýÿ", "aaaaaaceeeeiiiinooooouuuuyy"
_TABLE = str.maketrans(ACCENTED + ACCENTED.upper(), PLAIN * 2)


class days_between(FunctionElement[int]):
    """From the second day to the first."""

    type = Integer()
    inherit_cache = True


class local_day(FunctionElement[Any]):
    """The day of a moment in a zone."""

    type = Date()
    inherit_cache = True


class unaccented(FunctionElement[str]):
    """Small letters without accents."""

    type = String()
    inherit_cache = True


def lend(connection: sqlite3.Connection) -> None:
    """To SQLite, which knows neither zones nor accents."""
    connection.create_function("local_day", 2, _local_day, deterministic=True)
    connection.create_function("unaccented", 1, _unaccented, deterministic=True)


@lru_cache(16384)
def _local_day(moment: str | None, zone: str) -> str | None:
    return moment and datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)).date().isoformat()


@lru_cache(16384)
def _unaccented(words: str | None) -> str | None:
    return words and words.translate(_TABLE).lower()


@compiles(days_between, "sqlite")
def _days_sqlite(element: days_between, compiler: SQLCompiler, **kw: Any) -> str:
    to, since = _said(element, compiler, kw)
    return f"cast(julianday({to}) - julianday({since}) as integer)"


@compiles(days_between, "postgresql")
def _days_postgresql(element: days_between, compiler: SQLCompiler, **kw: Any) -> str:
    to, since = _said(element, compiler, kw)
    return f"(({to}) - ({since}))"


@compiles(local_day, "sqlite")
def _day_sqlite(element: local_day, compiler: SQLCompiler, **kw: Any) -> str:
    return f"local_day({', '.join(_said(element, compiler, kw))})"


@compiles(local_day, "postgresql")
def _day_postgresql(element: local_day, compiler: SQLCompiler, **kw: Any) -> str:
    moment, zone = _said(element, compiler, kw)
    return f"cast((({moment}) at time zone {zone}) as date)"


@compiles(unaccented, "sqlite")
def _plain_sqlite(element: unaccented, compiler: SQLCompiler, **kw: Any) -> str:
    return f"unaccented({', '.join(_said(element, compiler, kw))})"


@compiles(unaccented, "postgresql")
def _plain_postgresql(element: unaccented, compiler: SQLCompiler, **kw: Any) -> str:
    return (
        f"lower(translate({', '.join(_said(element, compiler, kw))}, '{ACCENTED + ACCENTED.upper()}', '{PLAIN * 2}'))"
    )


def _said(element: FunctionElement[Any], compiler: SQLCompiler, kw: dict[str, Any]) -> list[str]:
    return [compiler.process(clause, **kw) for clause in element.clauses]
