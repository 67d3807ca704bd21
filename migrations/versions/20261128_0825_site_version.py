"""What the site says of itself, as who administers saved it: write-once, the newest holds."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime
from app.schema import write_once

revision = "20261128_0825"
down_revision = "20261128_0815"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "site_version",
        sa.Column("id", ID, nullable=False),
        sa.Column("follows", ID, nullable=False),
        sa.Column("organisation", sa.String(120), nullable=False),
        sa.Column("signatory", sa.String(120), nullable=False),
        sa.Column("contact", sa.String(200), nullable=False),
        sa.Column("sign_up", _words("signup", "open", "invited"), nullable=False),
        sa.Column("legal", sa.Text(), nullable=False),
        sa.Column("privacy", sa.Text(), nullable=False),
        sa.Column("conformity", _words("conformity", "not_conforming", "partly", "conforming"), nullable=False),
        sa.Column("audited_on", sa.Date(), nullable=True),
        sa.Column("accessibility", sa.Text(), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "conformity = 'not_conforming' or audited_on is not null", name=op.f("ck_site_version_conforming_audited")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_site_version_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_version")),
        sa.UniqueConstraint("follows", name=op.f("uq_site_version_follows")),
    )
    op.create_index(op.f("ix_site_version_by_id"), "site_version", ["by_id"])
    write_once("site_version")


def downgrade() -> None:
    op.drop_table("site_version")


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)
