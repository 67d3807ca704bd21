"""What a draft said before it was changed, to compare and to come back to."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "20261126_1540"
down_revision = "20261126_0810"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("draft", sa.Column("removed_here", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "draft_version",
        sa.Column("id", ID, nullable=False),
        sa.Column("draft_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("written_by", ID, nullable=True),
        sa.Column("replaced_at", UtcDateTime(), nullable=False),
        sa.Column("replaced_by", ID, nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_version_draft_id_draft")),
        sa.ForeignKeyConstraint(["replaced_by"], ["person.id"], name=op.f("fk_draft_version_replaced_by_person")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_draft_version_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_version")),
    )
    for column in ("draft_id", "replaced_by", "written_by"):
        op.create_index(op.f(f"ix_draft_version_{column}"), "draft_version", [column])


def downgrade() -> None:
    op.drop_table("draft_version")
    op.execute("alter table draft drop column removed_here")  # as it is, not copied: its constraints keep their order
