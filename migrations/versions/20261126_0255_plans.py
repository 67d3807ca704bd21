"""The action plan of a bilan: what one will do, with whom, by when, and whether it happened."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "20261126_0255"
down_revision = "20261126_0240"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _closed(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "plan_item",
        sa.Column("id", ID, nullable=False),
        sa.Column("enrolment_id", ID, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("horizon", _closed("horizon", "15_days", "18_months", "7_years", "28_years"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("with_whom", sa.Text(), nullable=False),
        sa.Column("board", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("outcome", _closed("outcome", "done", "postponed", "dropped", "talking"), nullable=True),
        sa.Column("outcome_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_plan_item_enrolment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_item")),
        sa.UniqueConstraint("enrolment_id", "key", name=op.f("uq_plan_item_enrolment_id_key")),
    )


def downgrade() -> None:
    op.drop_table("plan_item")
