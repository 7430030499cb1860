"""Figures that another unit supplies, and what the unit says against them."""

import sqlalchemy as sa
from alembic import op

from migrations.kit import append_only

revision = "0017"
down_revision = "0016"

APPEND_ONLY = ("submission_objection",)


def upgrade() -> None:
    op.execute(
        "ALTER TABLE indicator_version ADD COLUMN supplier_code VARCHAR(64)"
        " CONSTRAINT fk_indicator_version_supplier_code REFERENCES unit (code)"
        " CONSTRAINT ck_indicator_version_own_supplier CHECK (supplier_code <> appraiser_code AND supplier_code <> alternate_appraiser_code)"
    )
    op.execute(
        "ALTER TABLE indicator_version ADD COLUMN objection_days INTEGER NOT NULL DEFAULT 5"
        " CONSTRAINT ck_indicator_version_objection_days CHECK (objection_days BETWEEN 0 AND 60)"
    )
    op.execute(
        "ALTER TABLE submission ADD COLUMN supplier_code VARCHAR(64)"
        " CONSTRAINT fk_submission_supplier_code REFERENCES unit (code)"
        " CONSTRAINT ck_submission_supplied CHECK (supplier_code <> appraiser_code AND supplier_code <> unit_code)"
    )
    op.execute("ALTER TABLE submission ADD COLUMN objection_until DATE")
    op.create_index(op.f("ix_submission_supplier_code"), "submission", ["supplier_code"])
    op.create_table(
        "submission_objection",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("reason_commitment", sa.String(length=64), nullable=False),
        sa.Column(
            "objector_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("objector_id", sa.Uuid(), nullable=False),
        sa.Column("objected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_submission_objection_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_submission_objection_submission_id")),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_submission_objection")),
    )
    op.create_index(op.f("ix_submission_objection_entry_id"), "submission_objection", ["entry_id"])
    append_only(*APPEND_ONLY)


def downgrade() -> None:
    op.drop_table("submission_objection")
    op.drop_index(op.f("ix_submission_supplier_code"), "submission")
    for table, columns in (
        ("submission", ("objection_until", "supplier_code")),
        ("indicator_version", ("objection_days", "supplier_code")),
    ):
        for column in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
