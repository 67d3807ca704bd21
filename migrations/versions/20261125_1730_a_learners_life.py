"""A learner's life: one-time links, measured time, self-placement."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "20261125_1730"
down_revision = "20261125_1500"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _closed(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "one_time_link",
        sa.Column("id", ID, nullable=False),
        sa.Column("purpose", _closed("purpose", "reset", "set_up", "confirm", "sign_in", "continue"), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_one_time_link_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    op.create_index(op.f("ix_one_time_link_person_id"), "one_time_link", ["person_id"])
    op.create_table(
        "time_interval",
        sa.Column("id", ID, nullable=False),
        sa.Column("enrolment_id", ID, nullable=False),
        sa.Column("step_uid", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("from_at", UtcDateTime(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_time_interval_seconds_positive")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_time_interval_enrolment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_interval")),
        sa.UniqueConstraint("enrolment_id", "key", name=op.f("uq_time_interval_enrolment_id_key")),
    )
    op.create_index("ix_time_interval_step", "time_interval", ["enrolment_id", "step_uid"])
    op.create_table(
        "placement",
        sa.Column("enrolment_id", ID, nullable=False),
        sa.Column("objective_uid", sa.String(length=32), nullable=False),
        sa.Column("moment", _closed("moment", "entry", "exit"), nullable=False),
        sa.Column("level", _closed("mastery", "not_yet", "with_help", "alone", "can_explain"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_placement_enrolment_id")),
        sa.PrimaryKeyConstraint("enrolment_id", "objective_uid", "moment", name=op.f("pk_placement")),
    )


def downgrade() -> None:
    op.drop_table("placement")
    op.drop_table("time_interval")
    op.drop_table("one_time_link")
