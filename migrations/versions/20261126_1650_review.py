"""Drafts read over: links, remarks, agreements."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "20261126_1650"
down_revision = "20261126_1540"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "review_link",
        sa.Column("id", ID, nullable=False),
        sa.Column("pathway_id", ID, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("made_for", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_review_link_made_by_person")),
        sa.ForeignKeyConstraint(["pathway_id"], ["document.id"], name=op.f("fk_review_link_pathway_id_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_review_link_token_hash")),
    )
    op.create_index(op.f("ix_review_link_made_by"), "review_link", ["made_by"])
    op.create_index(op.f("ix_review_link_pathway_id"), "review_link", ["pathway_id"])
    op.create_table(
        "remark",
        sa.Column("id", ID, nullable=False),
        sa.Column("link_id", ID, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("draft_id", ID, nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("passage", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answered_by", ID, nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", ID, nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_remark_answered_by_person")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_remark_closed_by_person")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_remark_draft_id_draft")),
        sa.ForeignKeyConstraint(["link_id"], ["review_link.id"], name=op.f("fk_remark_link_id_review_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    for column in ("answered_by", "closed_by", "draft_id"):
        op.create_index(op.f(f"ix_remark_{column}"), "remark", [column])
    op.create_index("uq_remark_link_id_key", "remark", ["link_id", "key"], unique=True)
    op.create_table(
        "agreement",
        sa.Column("id", ID, nullable=False),
        sa.Column("link_id", ID, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["review_link.id"], name=op.f("fk_agreement_link_id_review_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    op.create_index("uq_agreement_said_once", "agreement", ["link_id", "name", "digest"], unique=True)


def downgrade() -> None:
    for table in ("agreement", "remark", "review_link"):
        op.drop_table(table)
