"""Appraised marks are drafts until they are released; a return may name a day for the supplement."""

import sqlalchemy as sa
from alembic import op

from migrations.kit import append_only

revision = "0007"
down_revision = "0006"

APPEND_ONLY = (
    "appraisal_notice",
    "mark_release",
)
_DAY = "DATE CONSTRAINT ck_submission_decision_supplement_of_a_return CHECK (supplement_due_on IS NULL OR outcome = 'returned')"


def upgrade() -> None:
    op.create_table(
        "appraisal_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("by_unit_code", sa.String(length=64), nullable=False),
        sa.Column("note_commitment", sa.String(length=64), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "by_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_unit_code"], ["unit.code"], name=op.f("fk_appraisal_notice_by_unit_code")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_appraisal_notice_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["movement_code"], ["movement.code"], name=op.f("fk_appraisal_notice_movement_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal_notice")),
    )
    op.create_index(op.f("ix_appraisal_notice_entry_id"), "appraisal_notice", ["entry_id"])
    op.create_index(op.f("ix_appraisal_notice_movement_code"), "appraisal_notice", ["movement_code"])
    op.create_table(
        "mark_release",
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("node_code", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "claimed",
                "appraised",
                "council_proposed",
                "decided",
                name="mark_stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("stage = 'appraised'", name=op.f("ck_mark_release_only_what_is_appraised")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_mark_release_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["movement_code", "unit_code", "node_code", "stage", "version"],
            ["mark.movement_code", "mark.unit_code", "mark.node_code", "mark.stage", "mark.version"],
            name=op.f("fk_mark_release_movement_code_unit_code_node_code_stage_version"),
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["appraisal_notice.id"], name=op.f("fk_mark_release_notice_id")),
        sa.PrimaryKeyConstraint("movement_code", "unit_code", "node_code", "version", name=op.f("pk_mark_release")),
    )
    op.create_index(op.f("ix_mark_release_entry_id"), "mark_release", ["entry_id"])
    op.create_index(op.f("ix_mark_release_notice_id"), "mark_release", ["notice_id"])
    op.create_index(op.f("ix_mark_release_unit_code_movement_code"), "mark_release", ["unit_code", "movement_code"])
    append_only(*APPEND_ONLY)
    op.execute(f"ALTER TABLE submission_decision ADD COLUMN supplement_due_on {_DAY}")
    # Marks of before counted from their own entry on, and go on doing so.
    op.execute(
        "INSERT INTO mark_release (movement_code, unit_code, node_code, version, stage, notice_id, entry_id)"
        " SELECT movement_code, unit_code, node_code, version, stage, NULL, entry_id FROM mark WHERE stage = 'appraised'"
    )


def downgrade() -> None:
    op.drop_column("submission_decision", "supplement_due_on")
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)
