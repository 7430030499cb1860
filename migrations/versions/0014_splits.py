"""Targets divided among the units below; why a target was revised."""

import sqlalchemy as sa
from alembic import op

from migrations.kit import FIGURE, append_only

revision = "0014"
down_revision = "0013"

APPEND_ONLY = ("target_split",)


def upgrade() -> None:
    op.add_column("target", sa.Column("reason_commitment", sa.String(length=64), nullable=True))
    op.create_table(
        "target_split",
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column("indicator_code", sa.String(length=64), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("assigned_target", "stretch_target", name="target_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("whole", FIGURE, nullable=False),
        sa.Column("parts", FIGURE, nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("reason_commitment", sa.String(length=64), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("is_whole OR reason_commitment IS NOT NULL", name=op.f("ck_target_split_a_difference_needs_a_reason")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_target_split_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["plan_code", "indicator_code"],
            ["indicator.plan_code", "indicator.code"],
            name=op.f("fk_target_split_plan_code_indicator_code"),
        ),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_target_split_unit_code")),
        sa.PrimaryKeyConstraint("plan_code", "indicator_code", "unit_code", "kind", "version", name=op.f("pk_target_split")),
    )
    op.create_index(op.f("ix_target_split_entry_id"), "target_split", ["entry_id"])
    append_only(*APPEND_ONLY)


def downgrade() -> None:
    op.drop_table("target_split")
    op.execute("ALTER TABLE target DROP COLUMN reason_commitment")
