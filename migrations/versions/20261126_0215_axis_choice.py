"""Of the close axes of a result, the one that its learner begins with."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "20261126_0215"
down_revision = "20261125_1930"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "axis_choice",
        sa.Column("result_id", ID, nullable=False),
        sa.Column("axis", sa.String(length=8), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["result_id"], ["result.id"], name=op.f("fk_axis_choice_result_id")),
        sa.PrimaryKeyConstraint("result_id", name=op.f("pk_axis_choice")),
    )


def downgrade() -> None:
    op.drop_table("axis_choice")
