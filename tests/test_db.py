"""What the two engines promise, on both databases."""

import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Timer

import psycopg
import pytest
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from app import clock
from app.config import Settings, WrongSetting
from app.db import Engines, insert_if_absent, make_file, open_engines, upsert
from app.faults import is_away, is_busy, reachable
from app.models import Person, RateCount

KEY = "k" * 32


def test_the_read_engine_refuses_to_write(engines: Engines) -> None:
    with engines.read.connect() as connection, pytest.raises(Exception, match=r"read.?only") as refusal:
        connection.execute(text("delete from person"))
    assert not is_away(refusal.value)
    assert not is_busy(refusal.value)


def test_sqlite_keeps_its_promises(sqlite_engines: Engines) -> None:
    for engine, query_only in ((sqlite_engines.write, 0), (sqlite_engines.read, 1)):
        with engine.connect() as connection:
            found = {
                name: connection.exec_driver_sql(f"pragma {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "query_only")
            }
            assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "query_only": query_only}
            assert connection.exec_driver_sql("pragma busy_timeout").scalar() >= 5000


def test_a_sqlite_writer_locks_from_its_first_word(sqlite_settings: Settings, sqlite_engines: Engines) -> None:
    other = sqlite3.connect(str(sqlite_engines.write.url.database), timeout=0, isolation_level=None)
    with sqlite_engines.read.begin(), sqlite_engines.write.begin():
        with pytest.raises(sqlite3.OperationalError, match="locked") as refusal:
            other.execute("begin immediate")
        assert is_busy(refusal.value)
        assert not is_away(refusal.value)
    other.execute("begin immediate")
    other.close()


def test_postgresql_keeps_its_promises(postgresql_engines: tuple[Settings, Engines]) -> None:
    settings, engines = postgresql_engines
    names = ("synchronous_commit", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    for engine, read_only in ((engines.write, "off"), (engines.read, "on")):
        with engine.connect() as connection:
            found = [connection.execute(text(f"show {name}")).scalar() for name in names]
            assert found == ["on", "15s", "5s", "30s"]
            assert connection.execute(text("show default_transaction_read_only")).scalar() == read_only
            assert connection.execute(text("show timezone")).scalar() == "UTC"
        assert engine.pool.size() == settings.database_pool_size


def test_a_statement_that_never_ends_is_ended(postgresql_engines: tuple[Settings, Engines]) -> None:
    _, engines = postgresql_engines
    with engines.write.connect() as connection:
        connection.execute(text("set local statement_timeout = 50"))
        with pytest.raises(OperationalError) as refusal:
            connection.execute(text("select pg_sleep(20)"))
    assert is_busy(refusal.value)


def test_a_database_that_is_away_is_said_so_at_once() -> None:
    settings = Settings.from_env({"SECRET_KEY": KEY, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"})
    engines = open_engines(settings)
    with pytest.raises(OperationalError) as refusal:
        engines.read.connect()
    assert is_away(refusal.value)
    assert not reachable(engines.read)


def test_a_connection_that_the_server_cut_is_replaced(postgresql_engines: tuple[Settings, Engines]) -> None:
    _, engines = postgresql_engines
    with engines.read.connect() as connection:
        number = _backend(connection)
    with engines.write.connect() as connection:
        connection.execute(text("select pg_terminate_backend(:number)"), {"number": number})
    assert reachable(engines.read)


def test_a_connection_cut_in_the_middle_is_a_database_away(postgresql_engines: tuple[Settings, Engines]) -> None:
    _, engines = postgresql_engines
    with engines.read.connect() as cut:
        number = _backend(cut)
        with engines.write.connect() as connection:
            connection.execute(text("select pg_terminate_backend(:number)"), {"number": number})
        with pytest.raises(OperationalError) as refusal:
            cut.execute(text("select 1"))
    assert is_away(refusal.value)


def test_a_pool_that_is_used_up_is_a_database_away() -> None:
    assert is_away(PoolTimeout("QueuePool limit"))
    assert is_away(psycopg.errors.TooManyConnections("sorry, too many clients"))
    assert not is_away(psycopg.errors.UndefinedTable("no such table"))


def test_a_sqlite_file_in_a_folder_that_went_away_is_a_database_away(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "balises.db"
    engines = open_engines(Settings.from_env({"SECRET_KEY": KEY, "DATABASE_URL": f"sqlite:///{path}"}))
    assert not reachable(engines.write)
    assert not path.parent.exists()


def test_a_sqlite_file_that_went_away_is_a_database_away_until_it_is_back(
    sqlite_settings: Settings, sqlite_engines: Engines, tmp_path: Path
) -> None:
    path, aside = Path(sqlite_settings.database_url.removeprefix("sqlite:///")), tmp_path / "aside.db"
    both = (sqlite_engines.read, sqlite_engines.write)
    assert all(map(reachable, both))
    path.rename(aside)
    assert not any(map(reachable, both))
    assert not path.exists()
    aside.rename(path)
    assert all(map(reachable, both))


def test_a_sqlite_file_put_in_the_place_of_another_is_the_one_that_is_read(
    sqlite_settings: Settings, sqlite_engines: Engines, sqlite_template: Path, tmp_path: Path
) -> None:
    with sqlite_engines.write.begin() as connection:
        connection.execute(insert(RateCount).values(bucket="x", window=1, count=1, ends_at=clock.now()))
    path = Path(sqlite_settings.database_url.removeprefix("sqlite:///"))
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        name.unlink(missing_ok=True)
    shutil.copyfile(sqlite_template, path)
    with sqlite_engines.read.connect() as connection:
        assert connection.execute(text("select count(*) from rate_count")).scalar() == 0


def test_a_sqlite_file_that_became_read_only_is_a_database_away(sqlite_engines: Engines) -> None:
    with sqlite_engines.write.connect() as connection:
        connection.execute(text("pragma query_only = 1"))  # what the disk would say, also to who may do anything
        with pytest.raises(OperationalError) as refusal:
            connection.execute(text("delete from person"))
        assert is_away(refusal.value)
        connection.execute(text("pragma query_only = 0"))
    assert reachable(sqlite_engines.write)


def test_a_moment_comes_back_aware_and_in_utc(db: Session, noon: datetime) -> None:
    in_paris = datetime(2026, 11, 25, 12, 30, tzinfo=timezone(timedelta(hours=1)))
    db.add(Person(id=1, created_at=in_paris, claimed_at=noon))
    db.commit()
    person = db.get_one(Person, 1)
    assert person.created_at == in_paris
    assert person.created_at.tzinfo == UTC
    assert db.query(Person).filter(Person.created_at > noon).one() is person


def test_moments_sort_in_sqlite_as_they_happened(sqlite_engines: Engines) -> None:
    moments = [datetime(2026, 1, 1, 9, 0, 0, micro, tzinfo=UTC) for micro in (0, 1, 10, 100_000)]
    with Session(sqlite_engines.write) as db:
        db.add_all(Person(created_at=moment) for moment in reversed(moments))
        db.commit()
        assert [person.created_at for person in db.query(Person).order_by(Person.created_at)] == moments


def test_a_naive_moment_is_refused(db: Session) -> None:
    db.add(Person(created_at=datetime(2026, 11, 25)))  # noqa: DTZ001  that is the point
    with pytest.raises(StatementError, match="without a time zone"):
        db.flush()


def test_a_missing_reference_is_refused(db: Session, noon: datetime) -> None:
    db.add(Person(created_at=noon, merged_into_id=999_999_999))
    with pytest.raises(IntegrityError):
        db.flush()


def test_a_row_is_inserted_once(db: Session, noon: datetime) -> None:
    values = {"email": "lea@asso.example", "created_at": noon}
    assert insert_if_absent(db, Person, values, ["email"])
    assert not insert_if_absent(db, Person, values, ["email"])
    assert not insert_if_absent(db, Person, values)
    assert db.query(Person).one().zone == "Europe/Paris"


def test_a_clash_on_another_key_is_still_an_error(db: Session, noon: datetime) -> None:
    insert_if_absent(db, Person, {"id": 7, "email": "lea@asso.example", "created_at": noon})
    with pytest.raises(IntegrityError):
        insert_if_absent(db, Person, {"id": 7, "email": "noe@asso.example", "created_at": noon}, ["email"])


def test_a_row_is_changed_where_it_exists(db: Session) -> None:
    for _ in range(3):
        first = {"bucket": "b", "window": 1, "count": 1, "ends_at": clock.now()}
        upsert(db, RateCount, first, ["bucket", "window"], {"count": RateCount.count + 1})
    assert db.query(RateCount).one().count == 3
    upsert(db, RateCount, {**first, "count": 9}, ["bucket", "window"], ["count"])
    db.expire_all()
    assert db.query(RateCount).one().count == 9


@pytest.mark.parametrize(
    ("given", "becomes"),
    [
        ("postgres://a:b@h/n", "postgresql+psycopg://a:b@h/n"),
        ("postgresql://a@h:5433/n?sslmode=require", "postgresql+psycopg://a@h:5433/n?sslmode=require"),
        ("sqlite:////srv/balises.db", "sqlite:////srv/balises.db"),
    ],
)
def test_the_address_of_the_database_alone_chooses_it(given: str, becomes: str) -> None:
    settings = Settings.from_env({"SECRET_KEY": KEY, "DATABASE_URL": given})
    assert settings.database_url == becomes


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY_FILE", "/nowhere/key"),
        ("DATABASE_URL", "mysql://a:hunter2@h/n"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("BALISES_ENV", "prod"),
        ("PORT", "80a"),
        ("PORT", "0"),
        ("PORT", "²"),
        ("TRUSTED_HOSTS", "https://balises.example"),
        ("PUBLIC_URL", "balises.example"),
        ("HTTPS_ONLY", "true"),
        ("GUEST_DAYS", "-1"),
        ("OPERATOR_NAME", "two\nlines"),
        ("SMTP_SECURITY", "ssl"),
        ("SMTP_PORT", "0"),
        ("SMTP_PASSWORD_FILE", "/nowhere/password"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "a@x.example, b@x.example"),
    ],
)
def test_a_wrong_setting_is_a_sentence_with_its_name(name: str, value: str) -> None:
    environ = {name: value} if name.startswith("SECRET") else {"SECRET_KEY": KEY, name: value}
    with pytest.raises(WrongSetting, match=rf"^{name} .*\.$|{name} gives.*") as refusal:
        Settings.from_env(environ)
    assert "hunter2" not in str(refusal.value)


def test_without_a_key_the_sentence_says_how_to_make_one() -> None:
    with pytest.raises(WrongSetting, match=r"token_urlsafe\(48\)"):
        Settings.from_env({})


def test_every_setting_is_documented() -> None:
    documented = (Path(__file__).parent.parent / "docs" / "configuration.md").read_text("utf-8")
    names = {line.split("`")[1] for line in documented.splitlines() if line.startswith("| `")}
    assert names == {name.upper() for name in Settings.__dataclass_fields__}


def test_the_clock_refuses_a_naive_moment() -> None:
    with pytest.raises(ValueError, match="time zone"):
        clock.freeze(datetime(2026, 11, 25))  # noqa: DTZ001  that is the point


def _backend(connection: Connection) -> int:
    server = connection.connection.driver_connection
    assert isinstance(server, psycopg.Connection)
    return server.info.backend_pid


def test_a_file_that_is_not_wal_yet_is_waited_for(tmp_path: Path, environ: Callable[[str], dict[str, str]]) -> None:
    """SQLite says at once that it is locked, whatever its time-out, to who would make it WAL while another writes."""
    settings = Settings.from_env(environ(f"sqlite:///{tmp_path}/new.db"))
    make_file(settings)
    other = sqlite3.connect(tmp_path / "new.db", isolation_level=None, check_same_thread=False)
    other.execute("begin immediate")
    other.execute("create table seen (x)")
    Timer(0.3, lambda: other.execute("commit")).start()
    engines = open_engines(settings)
    with engines.read.connect() as connection:
        assert connection.exec_driver_sql("pragma journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("select count(*) from seen").scalar() == 0
    engines.dispose()
    other.close()
