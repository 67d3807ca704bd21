"""The house: people, content, learning, audit."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime
from app.schema import forget_refusal, teach_refusal, write_once

revision = "20261125_1500"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

WRITE_ONCE: dict[str, tuple[str, ...]] = {
    "revision": (),
    "document_text": (),
    "step": (),
    "step_text": (),
    "objective": (),
    "edition": ("withdrawn_at",),
    "edition_module": (),
    "edition_document": (),
    "edition_format": (),
    "step_event": (),
    "attempt": (),
    "attempt_answer": (),
    "result": (),
    "result_axis": (),
    "result_answer": (),
    "summary": ("replaced_at", "replaced_by_id", "revoked_at", "revoked_by", "reason", "withdrawn_at"),
    "audit_event": (),
}
"""Table -> the columns that may be filled, once."""


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pathway",
                "module",
                "diagnostic",
                "kit",
                "case",
                "resource",
                "event",
                "taxonomy",
                name="documentkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("home_id", ID, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("archived_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(kind = 'module') = (home_id is not null)", name=op.f("ck_document_home_of_modules")),
        sa.ForeignKeyConstraint(["home_id"], ["document.id"], name=op.f("fk_document_home_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index(op.f("ix_document_home_id"), "document", ["home_id"], unique=False)
    op.create_index(
        "uq_document_home",
        "document",
        ["home_id", "kind", "slug"],
        unique=True,
        sqlite_where=sa.text("home_id is not null"),
        postgresql_where=sa.text("home_id is not null"),
    )
    op.create_index(
        "uq_document_root",
        "document",
        ["kind", "slug"],
        unique=True,
        sqlite_where=sa.text("home_id is null"),
        postgresql_where=sa.text("home_id is null"),
    )
    op.create_table(
        "erasing",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_erasing")),
    )
    op.create_table(
        "media",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("mime", sa.String(length=40), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_media")),
    )
    op.create_table(
        "person",
        sa.Column("id", ID, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.Column("lang", sa.String(length=2), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.Column("merged_into_id", ID, nullable=True),
        sa.CheckConstraint("lang in ('fr', 'en')", name=op.f("ck_person_lang_known")),
        sa.CheckConstraint("email is null or email = lower(email)", name=op.f("ck_person_email_lower")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["person.id"], name=op.f("fk_person_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_index(op.f("ix_person_merged_into_id"), "person", ["merged_into_id"], unique=False)
    op.create_table(
        "rate_count",
        sa.Column("bucket", sa.String(length=120), nullable=False),
        sa.Column("window", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "window", name=op.f("pk_rate_count")),
    )
    op.create_table(
        "term",
        sa.Column("id", ID, nullable=False),
        sa.Column("list", sa.String(length=40), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint("list", "slug", name=op.f("uq_term_list_slug")),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("object", sa.String(length=120), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_audit_event_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index(op.f("ix_audit_event_by_id"), "audit_event", ["by_id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("id", ID, nullable=False),
        sa.Column("document_id", ID, nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by", ID, nullable=True),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.Column("loaded_digest", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_draft_document_id")),
        sa.ForeignKeyConstraint(["updated_by"], ["person.id"], name=op.f("fk_draft_updated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("document_id", "path", name=op.f("uq_draft_document_id_path")),
    )
    op.create_index(op.f("ix_draft_updated_by"), "draft", ["updated_by"], unique=False)
    op.create_table(
        "note",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("superseded_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_note_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index(op.f("ix_note_person_id"), "note", ["person_id"], unique=False)
    op.create_index(
        "uq_note_current",
        "note",
        ["person_id", "uid", "field"],
        unique=True,
        sqlite_where=sa.text("superseded_at is null"),
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.create_table(
        "profile",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=True),
        sa.Column("size", sa.String(length=60), nullable=True),
        sa.Column("role", sa.String(length=60), nullable=True),
        sa.Column("domain", sa.String(length=60), nullable=True),
        sa.Column("level", sa.String(length=60), nullable=True),
        sa.Column("region", sa.String(length=60), nullable=True),
        sa.Column("chemin", sa.String(length=60), nullable=True),
        sa.Column("time", sa.String(length=60), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_profile_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_profile")),
    )
    op.create_table(
        "revision",
        sa.Column("id", ID, nullable=False),
        sa.Column("document_id", ID, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_revision_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("document_id", "digest", name=op.f("uq_revision_document_id_digest")),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column(
            "role",
            sa.Enum("trainer", "author", "admin", name="role", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("granted_at", UtcDateTime(), nullable=False),
        sa.Column("granted_by", ID, nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["granted_by"], ["person.id"], name=op.f("fk_role_grant_granted_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(op.f("ix_role_grant_granted_by"), "role_grant", ["granted_by"], unique=False)
    op.create_index(
        "uq_role_grant_open",
        "role_grant",
        ["person_id", "role"],
        unique=True,
        sqlite_where=sa.text("ended_at is null"),
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"], unique=False)
    op.create_table(
        "document_text",
        sa.Column("revision_id", ID, nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_document_text_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "lang", name=op.f("pk_document_text")),
    )
    op.create_table(
        "edition",
        sa.Column("id", ID, nullable=False),
        sa.Column("pathway_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("corrects_id", ID, nullable=True),
        sa.Column("front_revision_id", ID, nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("published_by", ID, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["corrects_id"], ["edition.id"], name=op.f("fk_edition_corrects_id")),
        sa.ForeignKeyConstraint(["front_revision_id"], ["revision.id"], name=op.f("fk_edition_front_revision_id")),
        sa.ForeignKeyConstraint(["pathway_id"], ["document.id"], name=op.f("fk_edition_pathway_id")),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_edition_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_edition_corrects_id")),
        sa.UniqueConstraint("pathway_id", "number", name=op.f("uq_edition_pathway_id_number")),
    )
    op.create_index(op.f("ix_edition_front_revision_id"), "edition", ["front_revision_id"], unique=False)
    op.create_index(op.f("ix_edition_published_by"), "edition", ["published_by"], unique=False)
    op.create_table(
        "objective",
        sa.Column("id", ID, nullable=False),
        sa.Column("revision_id", ID, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("format_minutes", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_objective_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objective")),
        sa.UniqueConstraint("revision_id", "uid", name=op.f("uq_objective_revision_id_uid")),
    )
    op.create_table(
        "publication",
        sa.Column("id", ID, nullable=False),
        sa.Column("document_id", ID, nullable=False),
        sa.Column("revision_id", ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_publication_by_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_publication_document_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_publication_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    op.create_index(op.f("ix_publication_by_id"), "publication", ["by_id"], unique=False)
    op.create_index(op.f("ix_publication_document_id"), "publication", ["document_id"], unique=False)
    op.create_index(op.f("ix_publication_revision_id"), "publication", ["revision_id"], unique=False)
    op.create_table(
        "step",
        sa.Column("id", ID, nullable=False),
        sa.Column("revision_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reading",
                "video",
                "quiz",
                "diagnostic",
                "exercise",
                "case",
                "resource",
                "live",
                "milestone",
                name="stepkindname",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("format_minutes", sa.Integer(), nullable=False),
        sa.Column("optional", sa.Boolean(), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.CheckConstraint("format_minutes > 0", name=op.f("ck_step_format_positive")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_step_minutes_positive")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_step_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
        sa.UniqueConstraint("revision_id", "position", name=op.f("uq_step_revision_id_position")),
        sa.UniqueConstraint("revision_id", "uid", name=op.f("uq_step_revision_id_uid")),
    )
    op.create_index(op.f("ix_step_uid"), "step", ["uid"], unique=False)
    op.create_table(
        "edition_document",
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("document_id", ID, nullable=False),
        sa.Column("revision_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_edition_document_document_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_document_edition_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_edition_document_revision_id")),
        sa.PrimaryKeyConstraint("edition_id", "document_id", name=op.f("pk_edition_document")),
    )
    op.create_index(op.f("ix_edition_document_revision_id"), "edition_document", ["revision_id"], unique=False)
    op.create_table(
        "edition_format",
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("minutes", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=8), nullable=False),
        sa.Column("sum_minutes", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("unready_steps", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_edition_format_minutes_positive")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_format_edition_id")),
        sa.PrimaryKeyConstraint("edition_id", "minutes", name=op.f("pk_edition_format")),
    )
    op.create_table(
        "edition_module",
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("revision_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_module_edition_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_edition_module_revision_id")),
        sa.PrimaryKeyConstraint("edition_id", "position", name=op.f("pk_edition_module")),
    )
    op.create_index(op.f("ix_edition_module_revision_id"), "edition_module", ["revision_id"], unique=False)
    op.create_table(
        "enrolment",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("pathway_id", ID, nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("format_minutes", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("merged_into_id", ID, nullable=True),
        sa.CheckConstraint("format_minutes > 0", name=op.f("ck_enrolment_format_positive")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_enrolment_edition_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["enrolment.id"], name=op.f("fk_enrolment_merged_into_id")),
        sa.ForeignKeyConstraint(["pathway_id"], ["document.id"], name=op.f("fk_enrolment_pathway_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_enrolment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
    )
    op.create_index(op.f("ix_enrolment_edition_id"), "enrolment", ["edition_id"], unique=False)
    op.create_index(op.f("ix_enrolment_merged_into_id"), "enrolment", ["merged_into_id"], unique=False)
    op.create_index(op.f("ix_enrolment_pathway_id"), "enrolment", ["pathway_id"], unique=False)
    op.create_index(op.f("ix_enrolment_person_id"), "enrolment", ["person_id"], unique=False)
    op.create_index(
        "uq_enrolment_open",
        "enrolment",
        ["person_id", "pathway_id"],
        unique=True,
        sqlite_where=sa.text("closed_at is null"),
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_table(
        "step_text",
        sa.Column("step_id", ID, nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("task_digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_step_text_step_id")),
        sa.PrimaryKeyConstraint("step_id", "lang", name=op.f("pk_step_text")),
    )
    op.create_table(
        "attempt",
        sa.Column("id", ID, nullable=False),
        sa.Column("enrolment_id", ID, nullable=False),
        sa.Column("step_uid", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_attempt_enrolment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("enrolment_id", "key", name=op.f("uq_attempt_enrolment_id_key")),
    )
    op.create_index("ix_attempt_step", "attempt", ["enrolment_id", "step_uid"], unique=False)
    op.create_table(
        "result",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("enrolment_id", ID, nullable=True),
        sa.Column("step_uid", sa.String(length=32), nullable=True),
        sa.Column("diagnostic_uid", sa.String(length=32), nullable=False),
        sa.Column("revision_id", ID, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("out_of", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=60), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_result_enrolment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_result_person_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_result_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_result_person_id_key")),
    )
    op.create_index("ix_result_diagnostic", "result", ["person_id", "diagnostic_uid"], unique=False)
    op.create_index(op.f("ix_result_enrolment_id"), "result", ["enrolment_id"], unique=False)
    op.create_index(op.f("ix_result_revision_id"), "result", ["revision_id"], unique=False)
    op.create_table(
        "step_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("enrolment_id", ID, nullable=False),
        sa.Column("step_uid", sa.String(length=32), nullable=True),
        sa.Column(
            "verb",
            sa.Enum(
                "completed",
                "redone",
                "credited",
                "completed_by_trainer",
                "format_changed",
                "edition_moved",
                "merged",
                name="verb",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("origin_id", ID, nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_step_event_by_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_step_event_enrolment_id")),
        sa.ForeignKeyConstraint(["origin_id"], ["step_event.id"], name=op.f("fk_step_event_origin_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_event")),
        sa.UniqueConstraint("enrolment_id", "key", name=op.f("uq_step_event_enrolment_id_key")),
        sa.UniqueConstraint("enrolment_id", "origin_id", name=op.f("uq_step_event_enrolment_id_origin_id")),
    )
    op.create_index(op.f("ix_step_event_by_id"), "step_event", ["by_id"], unique=False)
    op.create_index(op.f("ix_step_event_origin_id"), "step_event", ["origin_id"], unique=False)
    op.create_index(
        "uq_step_event_completed",
        "step_event",
        ["enrolment_id", "step_uid"],
        unique=True,
        sqlite_where=sa.text("verb = 'completed'"),
        postgresql_where=sa.text("verb = 'completed'"),
    )
    op.create_table(
        "step_progress",
        sa.Column("enrolment_id", ID, nullable=False),
        sa.Column("step_uid", sa.String(length=32), nullable=False),
        sa.Column("completed_at", UtcDateTime(), nullable=False),
        sa.Column("minutes_credited", sa.Integer(), nullable=False),
        sa.Column("task_digest", sa.String(length=64), nullable=False),
        sa.Column("best_score", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_step_progress_enrolment_id")),
        sa.PrimaryKeyConstraint("enrolment_id", "step_uid", name=op.f("pk_step_progress")),
    )
    op.create_table(
        "summary",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("enrolment_id", ID, nullable=False),
        sa.Column("format_minutes", sa.Integer(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("annex", sa.JSON(), nullable=False),
        sa.Column("replaced_at", UtcDateTime(), nullable=True),
        sa.Column("replaced_by_id", ID, nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_by", ID, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_summary_enrolment_id")),
        sa.ForeignKeyConstraint(["replaced_by_id"], ["summary.id"], name=op.f("fk_summary_replaced_by_id")),
        sa.ForeignKeyConstraint(["revoked_by"], ["person.id"], name=op.f("fk_summary_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary")),
        sa.UniqueConstraint("code", name=op.f("uq_summary_code")),
    )
    op.create_index(op.f("ix_summary_replaced_by_id"), "summary", ["replaced_by_id"], unique=False)
    op.create_index(op.f("ix_summary_revoked_by"), "summary", ["revoked_by"], unique=False)
    op.create_index(
        "uq_summary_current",
        "summary",
        ["enrolment_id", "format_minutes"],
        unique=True,
        sqlite_where=sa.text("replaced_at is null"),
        postgresql_where=sa.text("replaced_at is null"),
    )
    op.create_table(
        "attempt_answer",
        sa.Column("attempt_id", ID, nullable=False),
        sa.Column("question_uid", sa.String(length=32), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("correct", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_answer_attempt_id")),
        sa.PrimaryKeyConstraint("attempt_id", "question_uid", name=op.f("pk_attempt_answer")),
    )
    op.create_table(
        "result_answer",
        sa.Column("result_id", ID, nullable=False),
        sa.Column("question_uid", sa.String(length=32), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["result_id"], ["result.id"], name=op.f("fk_result_answer_result_id")),
        sa.PrimaryKeyConstraint("result_id", "question_uid", name=op.f("pk_result_answer")),
    )
    op.create_table(
        "result_axis",
        sa.Column("result_id", ID, nullable=False),
        sa.Column("axis", sa.String(length=8), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("out_of", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["result_id"], ["result.id"], name=op.f("fk_result_axis_result_id")),
        sa.PrimaryKeyConstraint("result_id", "axis", name=op.f("pk_result_axis")),
    )

    teach_refusal()
    for table, once in WRITE_ONCE.items():
        write_once(table, once)


def downgrade() -> None:
    op.drop_table("result_axis")
    op.drop_table("result_answer")
    op.drop_table("attempt_answer")
    op.drop_table("summary")
    op.drop_table("step_progress")
    op.drop_table("step_event")
    op.drop_table("result")
    op.drop_table("attempt")
    op.drop_table("step_text")
    op.drop_table("enrolment")
    op.drop_table("edition_module")
    op.drop_table("edition_format")
    op.drop_table("edition_document")
    op.drop_table("step")
    op.drop_table("publication")
    op.drop_table("objective")
    op.drop_table("edition")
    op.drop_table("document_text")
    op.drop_table("sign_in")
    op.drop_table("role_grant")
    op.drop_table("revision")
    op.drop_table("profile")
    op.drop_table("note")
    op.drop_table("draft")
    op.drop_table("audit_event")
    op.drop_table("term")
    op.drop_table("rate_count")
    op.drop_table("person")
    op.drop_table("media")
    op.drop_table("erasing")
    op.drop_table("document")
    forget_refusal()
