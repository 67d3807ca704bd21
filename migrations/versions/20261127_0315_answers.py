"""Who leads a cohort may be told of each answer at once: a kind of mail, and since when they want it."""

import re

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "20261127_0315"
down_revision = "20261126_1650"
branch_labels = None
depends_on = None

KINDS = (
    *("invitation", "assignment", "reminder", "digest", "trainer", "comment", "plan"),
    *("reset", "set_up", "confirm", "sign_in", "test"),
)


def upgrade() -> None:
    op.add_column("person", sa.Column("wants_answers_at", UtcDateTime(), nullable=True))
    _allow((*KINDS, "answer"))


def downgrade() -> None:
    for table in ("message", "mail_stop"):
        op.execute(sa.text(f"delete from {table} where kind = 'answer'"))
    _allow(KINDS)
    op.execute(sa.text("alter table person drop column wants_answers_at"))


def _allow(kinds: tuple[str, ...]) -> None:
    words = ", ".join(f"'{kind}'" for kind in kinds)
    for table in ("message", "mail_stop"):
        if op.get_bind().dialect.name == "sqlite":
            _make_again(table, f"CHECK (kind IN ({words}))")
        else:
            name = op.f(f"ck_{table}_mailkind")
            op.drop_constraint(name, table, type_="check")
            op.create_check_constraint(name, table, f"kind IN ({words})")


def _make_again(table: str, check: str) -> None:
    """SQLite changes no check: the same table with another one, and its rows."""
    connection = op.get_bind()
    whole = "select type, name, sql from sqlite_master where tbl_name = :name and sql is not null order by name"
    rows = connection.execute(sa.text(whole), {"name": table}).all()
    made = next(row.sql for row in rows if row.type == "table")
    columns = made.partition("(")[2]
    op.execute(sa.text(f"alter table {table} rename to old_{table}"))
    for row in rows:
        if row.type == "index":
            op.execute(sa.text(f"drop index {row.name}"))
    changed = re.sub(r"CHECK \(kind IN \([^)]*\)\)", check, columns)
    connection.exec_driver_sql(f"CREATE TABLE {table} ({changed}")
    op.execute(sa.text(f"insert into {table} select * from old_{table}"))
    op.execute(sa.text(f"drop table old_{table}"))
    for row in rows:
        if row.type == "index":
            connection.exec_driver_sql(row.sql)
