"""Cohorts, what is asked of them, what is seen of their members; the outbox of mails; the seal of the trail."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "20261126_0720"
down_revision = "20261126_0255"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _closed(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "mail_stop",
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column(
            "kind",
            _closed(
                "mailkind",
                "invitation",
                "assignment",
                "reminder",
                "digest",
                "trainer",
                "comment",
                "plan",
                "reset",
                "set_up",
                "confirm",
                "sign_in",
                "test",
            ),
            nullable=False,
        ),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("address", "kind", name=op.f("pk_mail_stop")),
    )
    op.create_table(
        "cohort",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", ID, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("archived_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "ends_on is null or starts_on is null or ends_on >= starts_on", name=op.f("ck_cohort_ends_after_start")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_cohort_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("created_by", "key", name=op.f("uq_cohort_created_by_key")),
    )
    op.create_table(
        "message",
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "kind",
            _closed(
                "mailkind",
                "invitation",
                "assignment",
                "reminder",
                "digest",
                "trainer",
                "comment",
                "plan",
                "reset",
                "set_up",
                "confirm",
                "sign_in",
                "test",
            ),
            nullable=False,
        ),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("reply_to", sa.String(length=254), nullable=True),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("gave_up_at", UtcDateTime(), nullable=True),
        sa.Column("dropped_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_message_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("kind", "cause", "address", name=op.f("uq_message_kind_cause_address")),
        sa.UniqueConstraint("message_id", name=op.f("uq_message_message_id")),
    )
    op.create_index(op.f("ix_message_by_id"), "message", ["by_id"], unique=False)
    op.create_index(
        "ix_message_due",
        "message",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("sent_at is null and gave_up_at is null and dropped_at is null"),
        postgresql_where=sa.text("sent_at is null and gave_up_at is null and dropped_at is null"),
    )
    op.create_index(op.f("ix_message_person_id"), "message", ["person_id"], unique=False)
    op.create_table(
        "audit_seal",
        sa.Column("event_id", ID, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_audit_seal_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("digest", name=op.f("uq_audit_seal_digest")),
    )
    op.create_table(
        "cohort_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("cohort_id", ID, nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("replay", sa.String(length=500), nullable=False),
        sa.Column("step_uid", sa.String(length=32), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", ID, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_cohort_event_minutes_positive")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_event_cohort_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_cohort_event_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_event")),
        sa.UniqueConstraint("cohort_id", "key", name=op.f("uq_cohort_event_cohort_id_key")),
    )
    op.create_index(op.f("ix_cohort_event_cohort_id"), "cohort_event", ["cohort_id"], unique=False)
    op.create_index(op.f("ix_cohort_event_created_by"), "cohort_event", ["created_by"], unique=False)
    op.create_table(
        "cohort_link",
        sa.Column("id", ID, nullable=False),
        sa.Column("cohort_id", ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", ID, nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("uses_left >= 0", name=op.f("ck_cohort_link_uses_left_positive")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_link_cohort_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_cohort_link_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_link")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_cohort_link_code_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_cohort_link_token_hash")),
    )
    op.create_index(op.f("ix_cohort_link_cohort_id"), "cohort_link", ["cohort_id"], unique=False)
    op.create_index(op.f("ix_cohort_link_created_by"), "cohort_link", ["created_by"], unique=False)
    op.create_table(
        "cohort_message",
        sa.Column("id", ID, nullable=False),
        sa.Column("cohort_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("offset_days", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_message_cohort_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_message")),
        sa.UniqueConstraint("cohort_id", "key", name=op.f("uq_cohort_message_cohort_id_key")),
    )
    op.create_index(op.f("ix_cohort_message_cohort_id"), "cohort_message", ["cohort_id"], unique=False)
    op.create_table(
        "cohort_trainer",
        sa.Column("id", ID, nullable=False),
        sa.Column("cohort_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_trainer_cohort_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_cohort_trainer_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_trainer")),
    )
    op.create_index(op.f("ix_cohort_trainer_person_id"), "cohort_trainer", ["person_id"], unique=False)
    op.create_index(
        "uq_cohort_trainer_open",
        "cohort_trainer",
        ["cohort_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("until is null"),
        postgresql_where=sa.text("until is null"),
    )
    op.create_table(
        "comment",
        sa.Column("id", ID, nullable=False),
        sa.Column("cohort_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("verdict", _closed("verdict", "again", "valid"), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_comment_by_id")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_comment_cohort_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_comment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sa.UniqueConstraint("by_id", "key", name=op.f("uq_comment_by_id_key")),
    )
    op.create_index(op.f("ix_comment_by_id"), "comment", ["by_id"], unique=False)
    op.create_index(op.f("ix_comment_person_id"), "comment", ["person_id"], unique=False)
    op.create_index("ix_comment_thread", "comment", ["cohort_id", "person_id", "uid"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", ID, nullable=False),
        sa.Column("cohort_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("structure", sa.String(length=120), nullable=False),
        sa.Column("statut", sa.String(length=60), nullable=False),
        sa.Column("external_id", sa.String(length=60), nullable=True),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.Column("removed_by", ID, nullable=True),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_membership_cohort_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.ForeignKeyConstraint(["removed_by"], ["person.id"], name=op.f("fk_membership_removed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index("ix_membership_cohort", "membership", ["cohort_id", "left_at"], unique=False)
    op.create_index(op.f("ix_membership_person_id"), "membership", ["person_id"], unique=False)
    op.create_index(op.f("ix_membership_removed_by"), "membership", ["removed_by"], unique=False)
    op.create_index(
        "uq_membership_open",
        "membership",
        ["cohort_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("left_at is null"),
        postgresql_where=sa.text("left_at is null"),
    )
    op.create_table(
        "sharing",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("cohort_id", ID, nullable=False),
        sa.Column("what", _closed("shared", "notes", "result", "average"), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_sharing_cohort_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sharing_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing")),
    )
    op.create_index(op.f("ix_sharing_cohort_id"), "sharing", ["cohort_id"], unique=False)
    op.create_index(op.f("ix_sharing_person_id"), "sharing", ["person_id"], unique=False)
    op.create_index(
        "uq_sharing_open",
        "sharing",
        ["person_id", "cohort_id", "what", "uid"],
        unique=True,
        sqlite_where=sa.text("ended_at is null"),
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "assignment",
        sa.Column("id", ID, nullable=False),
        sa.Column("cohort_id", ID, nullable=False),
        sa.Column("pathway_id", ID, nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("format_minutes", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_days", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", ID, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(due_on is null) <> (due_days is null)", name=op.f("ck_assignment_due_once")),
        sa.CheckConstraint("due_days is null or due_days > 0", name=op.f("ck_assignment_due_days_positive")),
        sa.CheckConstraint("due_on is null or due_on >= starts_on", name=op.f("ck_assignment_due_after_start")),
        sa.CheckConstraint("format_minutes > 0", name=op.f("ck_assignment_format_positive")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_assignment_cohort_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_assignment_created_by")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_assignment_edition_id")),
        sa.ForeignKeyConstraint(["pathway_id"], ["document.id"], name=op.f("fk_assignment_pathway_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("cohort_id", "key", name=op.f("uq_assignment_cohort_id_key")),
    )
    op.create_index(op.f("ix_assignment_created_by"), "assignment", ["created_by"], unique=False)
    op.create_index(op.f("ix_assignment_edition_id"), "assignment", ["edition_id"], unique=False)
    op.create_index(op.f("ix_assignment_pathway_id"), "assignment", ["pathway_id"], unique=False)
    op.create_index(
        "uq_assignment_running",
        "assignment",
        ["cohort_id", "pathway_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at is null"),
        postgresql_where=sa.text("withdrawn_at is null"),
    )
    op.create_table(
        "cohort_average",
        sa.Column("id", ID, nullable=False),
        sa.Column("cohort_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("diagnostic_uid", sa.String(length=32), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("axes", sa.JSON(), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("people >= 8", name=op.f("ck_cohort_average_people_enough")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_average_cohort_id")),
        sa.ForeignKeyConstraint(["event_id"], ["cohort_event.id"], name=op.f("fk_cohort_average_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_average")),
        sa.UniqueConstraint(
            "cohort_id", "event_id", "diagnostic_uid", name=op.f("uq_cohort_average_cohort_id_event_id_diagnostic_uid")
        ),
    )
    op.create_index(op.f("ix_cohort_average_event_id"), "cohort_average", ["event_id"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", ID, nullable=False),
        sa.Column("cohort_id", ID, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("structure", sa.String(length=120), nullable=False),
        sa.Column("statut", sa.String(length=60), nullable=False),
        sa.Column("external_id", sa.String(length=60), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", ID, nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.Column("accepted_at", UtcDateTime(), nullable=True),
        sa.Column("membership_id", ID, nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("email is null or email = lower(email)", name=op.f("ck_invitation_email_lower")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_invitation_cohort_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_invitation_created_by")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_invitation_membership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index(op.f("ix_invitation_cohort_id"), "invitation", ["cohort_id"], unique=False)
    op.create_index(op.f("ix_invitation_created_by"), "invitation", ["created_by"], unique=False)
    op.create_index(op.f("ix_invitation_membership_id"), "invitation", ["membership_id"], unique=False)
    op.create_index(
        "uq_invitation_email",
        "invitation",
        ["cohort_id", "email"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at is null"),
        postgresql_where=sa.text("withdrawn_at is null"),
    )
    op.create_index(
        "uq_invitation_external",
        "invitation",
        ["cohort_id", "external_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at is null and external_id is not null"),
        postgresql_where=sa.text("withdrawn_at is null and external_id is not null"),
    )
    op.create_table(
        "resume_card",
        sa.Column("id", ID, nullable=False),
        sa.Column("membership_id", ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_resume_card_membership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resume_card")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_resume_card_token_hash")),
    )
    op.create_index(op.f("ix_resume_card_membership_id"), "resume_card", ["membership_id"], unique=False)
    op.create_table(
        "extension",
        sa.Column("assignment_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_extension_assignment_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_extension_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_extension_person_id")),
        sa.PrimaryKeyConstraint("assignment_id", "person_id", name=op.f("pk_extension")),
    )
    op.create_index(op.f("ix_extension_by_id"), "extension", ["by_id"], unique=False)
    op.create_index(op.f("ix_extension_person_id"), "extension", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_extension_person_id"), table_name="extension")
    op.drop_index(op.f("ix_extension_by_id"), table_name="extension")
    op.drop_table("extension")
    op.drop_index(op.f("ix_resume_card_membership_id"), table_name="resume_card")
    op.drop_table("resume_card")
    op.drop_index(
        "uq_invitation_external",
        table_name="invitation",
        sqlite_where=sa.text("withdrawn_at is null and external_id is not null"),
        postgresql_where=sa.text("withdrawn_at is null and external_id is not null"),
    )
    op.drop_index(
        "uq_invitation_email",
        table_name="invitation",
        sqlite_where=sa.text("withdrawn_at is null"),
        postgresql_where=sa.text("withdrawn_at is null"),
    )
    op.drop_index(op.f("ix_invitation_membership_id"), table_name="invitation")
    op.drop_index(op.f("ix_invitation_created_by"), table_name="invitation")
    op.drop_index(op.f("ix_invitation_cohort_id"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_index(op.f("ix_cohort_average_event_id"), table_name="cohort_average")
    op.drop_table("cohort_average")
    op.drop_index(
        "uq_assignment_running",
        table_name="assignment",
        sqlite_where=sa.text("withdrawn_at is null"),
        postgresql_where=sa.text("withdrawn_at is null"),
    )
    op.drop_index(op.f("ix_assignment_pathway_id"), table_name="assignment")
    op.drop_index(op.f("ix_assignment_edition_id"), table_name="assignment")
    op.drop_index(op.f("ix_assignment_created_by"), table_name="assignment")
    op.drop_table("assignment")
    op.drop_index(
        "uq_sharing_open",
        table_name="sharing",
        sqlite_where=sa.text("ended_at is null"),
        postgresql_where=sa.text("ended_at is null"),
    )
    op.drop_index(op.f("ix_sharing_person_id"), table_name="sharing")
    op.drop_index(op.f("ix_sharing_cohort_id"), table_name="sharing")
    op.drop_table("sharing")
    op.drop_index(
        "uq_membership_open",
        table_name="membership",
        sqlite_where=sa.text("left_at is null"),
        postgresql_where=sa.text("left_at is null"),
    )
    op.drop_index(op.f("ix_membership_removed_by"), table_name="membership")
    op.drop_index(op.f("ix_membership_person_id"), table_name="membership")
    op.drop_index("ix_membership_cohort", table_name="membership")
    op.drop_table("membership")
    op.drop_index("ix_comment_thread", table_name="comment")
    op.drop_index(op.f("ix_comment_person_id"), table_name="comment")
    op.drop_index(op.f("ix_comment_by_id"), table_name="comment")
    op.drop_table("comment")
    op.drop_index(
        "uq_cohort_trainer_open",
        table_name="cohort_trainer",
        sqlite_where=sa.text("until is null"),
        postgresql_where=sa.text("until is null"),
    )
    op.drop_index(op.f("ix_cohort_trainer_person_id"), table_name="cohort_trainer")
    op.drop_table("cohort_trainer")
    op.drop_index(op.f("ix_cohort_message_cohort_id"), table_name="cohort_message")
    op.drop_table("cohort_message")
    op.drop_index(op.f("ix_cohort_link_created_by"), table_name="cohort_link")
    op.drop_index(op.f("ix_cohort_link_cohort_id"), table_name="cohort_link")
    op.drop_table("cohort_link")
    op.drop_index(op.f("ix_cohort_event_created_by"), table_name="cohort_event")
    op.drop_index(op.f("ix_cohort_event_cohort_id"), table_name="cohort_event")
    op.drop_table("cohort_event")
    op.drop_table("audit_seal")
    op.drop_index(op.f("ix_message_person_id"), table_name="message")
    op.drop_index(
        "ix_message_due",
        table_name="message",
        sqlite_where=sa.text("sent_at is null and gave_up_at is null and dropped_at is null"),
        postgresql_where=sa.text("sent_at is null and gave_up_at is null and dropped_at is null"),
    )
    op.drop_index(op.f("ix_message_by_id"), table_name="message")
    op.drop_table("message")
    op.drop_table("cohort")
    op.drop_table("mail_stop")
