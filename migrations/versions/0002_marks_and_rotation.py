"""Hand marks; the parts of shares; several pending successors of a device's token."""

import sqlalchemy as sa
from alembic import op

from migrations.kit import append_only

revision = "0002"
down_revision = "0001"

APPEND_ONLY = ("mark",)


def upgrade() -> None:
    for name in ("numerator_code", "denominator_code"):
        op.add_column("indicator_version", sa.Column(name, sa.String(length=64), nullable=True))
    op.create_table(
        "mark",
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("node_code", sa.String(length=32), nullable=False),
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
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("by_unit_code", sa.String(length=64), nullable=True),
        sa.Column("reason_commitment", sa.String(length=64), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("stage = 'claimed' OR by_unit_code IS NULL OR by_unit_code <> unit_code", name=op.f("ck_mark_own_mark")),
        sa.CheckConstraint("stage = 'claimed' OR reason_commitment IS NOT NULL", name=op.f("ck_mark_mark_reason")),
        sa.ForeignKeyConstraint(["by_unit_code"], ["unit.code"], name=op.f("fk_mark_by_unit_code")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_mark_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["movement_code"], ["movement.code"], name=op.f("fk_mark_movement_code")),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_mark_unit_code")),
        sa.PrimaryKeyConstraint("movement_code", "unit_code", "node_code", "stage", "version", name=op.f("pk_mark")),
    )
    op.create_index(op.f("ix_mark_entry_id"), "mark", ["entry_id"])
    op.create_index(op.f("ix_mark_unit_code_movement_code"), "mark", ["unit_code", "movement_code"])
    op.create_table(
        "sign_in_successor",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("sign_in_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["sign_in_id"], ["sign_in.id"], name=op.f("fk_sign_in_successor_sign_in_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_successor")),
    )
    op.create_index(op.f("ix_sign_in_successor_sign_in_id"), "sign_in_successor", ["sign_in_id"])
    op.execute(
        "INSERT INTO sign_in_successor (token_hash, sign_in_id, made_at) "
        "SELECT next_hash, id, started_at FROM sign_in WHERE next_hash IS NOT NULL"
    )
    with op.batch_alter_table("sign_in") as batch:
        batch.drop_constraint(op.f("uq_sign_in_next_hash"), type_="unique")
        batch.drop_column("next_hash")
    append_only(*APPEND_ONLY)


def downgrade() -> None:
    with op.batch_alter_table("sign_in") as batch:
        batch.add_column(sa.Column("next_hash", sa.String(length=64), nullable=True))
        batch.create_unique_constraint(op.f("uq_sign_in_next_hash"), ["next_hash"])
    op.drop_table("sign_in_successor")
    op.drop_table("mark")
    for name in ("numerator_code", "denominator_code"):
        op.drop_column("indicator_version", name)
