"""What a learner says of a step to those who write it."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "20261128_0800"
down_revision = "20261127_0315"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "step_voice",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("step_uid", sa.String(32), nullable=False),
        sa.Column(
            "opinion",
            sa.Enum("helped", "unclear", name="opinion", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("revision_id", ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_step_voice_person_id_person")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_step_voice_revision_id_revision")),
        sa.PrimaryKeyConstraint("person_id", "step_uid", name=op.f("pk_step_voice")),
    )
    op.create_index(op.f("ix_step_voice_revision_id"), "step_voice", ["revision_id"])
    op.create_index(op.f("ix_step_voice_step_uid"), "step_voice", ["step_uid"])


def downgrade() -> None:
    op.drop_table("step_voice")
