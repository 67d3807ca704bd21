"""A count of tries says when its window ends, so that it can be forgotten."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "20261126_0240"
down_revision = "20261126_0215"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.text("delete from rate_count"))  # the longest window is a day: nobody is locked out for longer
    with op.batch_alter_table("rate_count") as table:
        table.add_column(sa.Column("ends_at", UtcDateTime(), nullable=False))
    op.create_index(op.f("ix_rate_count_ends_at"), "rate_count", ["ends_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_rate_count_ends_at"), "rate_count")
    with op.batch_alter_table("rate_count") as table:
        table.drop_column("ends_at")
