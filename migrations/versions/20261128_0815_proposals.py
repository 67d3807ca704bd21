"""Drafts that their authors ask to publish, where only administrators do."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "20261128_0815"
down_revision = "20261128_0800"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", ID, nullable=False),
        sa.Column("document_id", ID, nullable=False),
        sa.Column("seen", sa.String(64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("correctif", sa.Boolean(), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", ID, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_proposal_by_id_person")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_proposal_document_id_document")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_proposal_ended_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    for column in ("by_id", "document_id", "ended_by"):
        op.create_index(op.f(f"ix_proposal_{column}"), "proposal", [column])
    waiting = sa.text("ended_at is null")
    op.create_index(
        "uq_proposal_open", "proposal", ["document_id"], unique=True, sqlite_where=waiting, postgresql_where=waiting
    )


def downgrade() -> None:
    op.drop_table("proposal")
