"""Units that stand for others since a merger or a split."""

import sqlalchemy as sa
from alembic import op

from migrations.kit import append_only

revision = "0009"
down_revision = "0008"

APPEND_ONLY = ("unit_succession",)


def upgrade() -> None:
    op.create_table(
        "unit_succession",
        sa.Column("from_code", sa.String(length=64), nullable=False),
        sa.Column("to_code", sa.String(length=64), nullable=False),
        sa.Column(
            "kind", sa.Enum("merged", "split", name="succession_kind", native_enum=False, create_constraint=True, length=32), nullable=False
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("from_code <> to_code", name=op.f("ck_unit_succession_another_unit")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_unit_succession_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["from_code"], ["unit.code"], name=op.f("fk_unit_succession_from_code")),
        sa.ForeignKeyConstraint(["to_code"], ["unit.code"], name=op.f("fk_unit_succession_to_code")),
        sa.PrimaryKeyConstraint("from_code", "to_code", name=op.f("pk_unit_succession")),
    )
    op.create_index(op.f("ix_unit_succession_entry_id"), "unit_succession", ["entry_id"])
    op.create_index(op.f("ix_unit_succession_to_code"), "unit_succession", ["to_code"])
    append_only(*APPEND_ONLY)


def downgrade() -> None:
    op.drop_table("unit_succession")
