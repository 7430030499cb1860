"""Figures that were confirmed although they are out of the ordinary; signatures, and drafts that wait for one."""

import sqlalchemy as sa
from alembic import op

from migrations.kit import append_only

revision = "0012"
down_revision = "0011"

APPEND_ONLY = ("sign_off",)

_DOUBTS = "('figure_departs', 'cumulative_falls')"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE indicator_version ADD COLUMN doubt_factor INTEGER NOT NULL DEFAULT 100"
        " CONSTRAINT ck_indicator_version_doubt_factor CHECK (doubt_factor BETWEEN 2 AND 1000000)"
    )
    op.execute(f"ALTER TABLE submission ADD COLUMN doubt VARCHAR(32) CONSTRAINT ck_submission_doubt CHECK (doubt IN {_DOUBTS})")
    op.add_column("submission", sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "report_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "author_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_report_draft_unit_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_draft")),
    )
    op.create_index(op.f("ix_report_draft_unit_code"), "report_draft", ["unit_code"])
    op.create_table(
        "sign_off",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "capacity",
            sa.Enum("head", "deputy", "by_order", "delegate", name="capacity", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("document_number", sa.String(length=100), nullable=True),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("signatory_commitment", sa.String(length=64), nullable=True),
        sa.Column("file_hash", sa.String(length=64), nullable=True),
        sa.Column(
            "signer_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("signer_id", sa.Uuid(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(document_number IS NULL AND document_date IS NULL AND signatory_commitment IS NULL AND file_hash IS NULL) OR (document_number IS NOT NULL AND document_date IS NOT NULL AND signatory_commitment IS NOT NULL AND file_hash IS NOT NULL)",
            name=op.f("ck_sign_off_here_or_on_paper"),
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_sign_off_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["file_hash"], ["evidence_file.hash"], name=op.f("fk_sign_off_file_hash")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_sign_off_submission_id")),
        sa.PrimaryKeyConstraint("submission_id", "version", name=op.f("pk_sign_off")),
    )
    op.create_index(op.f("ix_sign_off_entry_id"), "sign_off", ["entry_id"])
    op.create_index(op.f("ix_sign_off_file_hash"), "sign_off", ["file_hash"])
    append_only(*APPEND_ONLY)


def downgrade() -> None:
    op.drop_table("sign_off")
    op.drop_table("report_draft")
    op.execute("ALTER TABLE submission DROP COLUMN prepared_at")
    op.execute("ALTER TABLE submission DROP COLUMN doubt")
    op.execute("ALTER TABLE indicator_version DROP COLUMN doubt_factor")
