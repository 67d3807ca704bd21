"""Which results are counted in the averages of cohorts: each in one only."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_0810"
down_revision = "20261126_0720"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "average_part",
        sa.Column("result_id", ID, nullable=False),
        sa.Column("average_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["average_id"], ["cohort_average.id"], name=op.f("fk_average_part_average_id_cohort_average")
        ),
        sa.ForeignKeyConstraint(["result_id"], ["result.id"], name=op.f("fk_average_part_result_id_result")),
        sa.PrimaryKeyConstraint("result_id", name=op.f("pk_average_part")),
    )
    op.create_index(op.f("ix_average_part_average_id"), "average_part", ["average_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_average_part_average_id"), table_name="average_part")
    op.drop_table("average_part")
