"""Attestations: the signature of a bilan, the public keys, what a person agreed to."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime
from app.schema import write_again, write_once

revision = "20261125_1930"
down_revision = "20261125_1730"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FATE = ("replaced_at", "replaced_by_id", "revoked_at", "revoked_by", "reason", "withdrawn_at")


def upgrade() -> None:
    op.create_table(
        "signing_key",
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("public_key", sa.String(length=44), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_signing_key")),
    )
    agreed = sa.Enum("name_on_verification", name="agreed", native_enum=False, create_constraint=True, length=24)
    op.create_table(
        "consent",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("what", agreed, nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_person_id"), "consent", ["person_id"])
    still = sa.text("ended_at is null")
    op.create_index(
        "uq_consent_open", "consent", ["person_id", "what"], unique=True, sqlite_where=still, postgresql_where=still
    )
    write_again("summary")
    # In words: SQLite adds a column that refers to a table only when both are said at once.
    op.execute("alter table summary add column signature varchar(88)")
    op.execute(
        "alter table summary add column key_id varchar(16) constraint fk_summary_key_id references signing_key (key_id)"
    )
    op.create_index(op.f("ix_summary_key_id"), "summary", ["key_id"])
    write_once("summary", FATE)


def downgrade() -> None:
    write_again("summary")
    op.drop_index(op.f("ix_summary_key_id"), "summary")
    op.execute("alter table summary drop column key_id")
    op.execute("alter table summary drop column signature")
    write_once("summary", FATE)
    op.drop_table("consent")
    op.drop_table("signing_key")
