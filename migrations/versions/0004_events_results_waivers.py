"""Counted events; results of other assessments; waivers."""

import sqlalchemy as sa
from alembic import op

from migrations.kit import FIGURE, append_only

revision = "0004"
down_revision = "0003"

APPEND_ONLY = (
    "event_kind",
    "event",
    "result",
    "waiver",
    "event_standing",
)


def upgrade() -> None:
    op.create_table(
        "event_kind",
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("appraiser_code", sa.String(length=64), nullable=False),
        sa.Column("alternate_appraiser_code", sa.String(length=64), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("alternate_appraiser_code <> appraiser_code", name=op.f("ck_event_kind_own_alternate")),
        sa.ForeignKeyConstraint(["alternate_appraiser_code"], ["unit.code"], name=op.f("fk_event_kind_alternate_appraiser_code")),
        sa.ForeignKeyConstraint(["appraiser_code"], ["unit.code"], name=op.f("fk_event_kind_appraiser_code")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_event_kind_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["plan_code"], ["plan.code"], name=op.f("fk_event_kind_plan_code")),
        sa.PrimaryKeyConstraint("plan_code", "code", "version", name=op.f("pk_event_kind")),
    )
    op.create_index(op.f("ix_event_kind_entry_id"), "event_kind", ["entry_id"])
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column("kind_code", sa.String(length=64), nullable=False),
        sa.Column("kind_version", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("appraiser_code", sa.String(length=64), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("document_number", sa.String(length=100), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=True),
        sa.Column("note_commitment", sa.String(length=64), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "sender_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("appraiser_code <> unit_code", name=op.f("ck_event_own_appraiser")),
        sa.ForeignKeyConstraint(["appraiser_code"], ["unit.code"], name=op.f("fk_event_appraiser_code")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_event_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["file_hash"], ["evidence_file.hash"], name=op.f("fk_event_file_hash")),
        sa.ForeignKeyConstraint(
            ["plan_code", "kind_code", "kind_version"],
            ["event_kind.plan_code", "event_kind.code", "event_kind.version"],
            name=op.f("fk_event_plan_code_kind_code_kind_version"),
        ),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_event_unit_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("id", "unit_code", "appraiser_code", name=op.f("uq_event_id_unit_code_appraiser_code")),
    )
    op.create_index(op.f("ix_event_appraiser_code"), "event", ["appraiser_code"])
    op.create_index(op.f("ix_event_entry_id"), "event", ["entry_id"])
    op.create_index(op.f("ix_event_unit_code_plan_code_kind_code"), "event", ["unit_code", "plan_code", "kind_code"])
    op.create_table(
        "result",
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("assessment_code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", FIGURE, nullable=True),
        sa.Column("grade", sa.String(length=32), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_result_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["movement_code"], ["movement.code"], name=op.f("fk_result_movement_code")),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_result_unit_code")),
        sa.PrimaryKeyConstraint("movement_code", "unit_code", "assessment_code", "version", name=op.f("pk_result")),
    )
    op.create_index(op.f("ix_result_entry_id"), "result", ["entry_id"])
    op.create_index(op.f("ix_result_unit_code_movement_code"), "result", ["unit_code", "movement_code"])
    op.create_table(
        "waiver",
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("node_code", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("occurrences", sa.Integer(), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("reason_commitment", sa.String(length=64), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("occurrences >= 0", name=op.f("ck_waiver_occurrences")),
        sa.CheckConstraint("reason_commitment IS NOT NULL", name=op.f("ck_waiver_waiver_reason")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_waiver_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["movement_code"], ["movement.code"], name=op.f("fk_waiver_movement_code")),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_waiver_unit_code")),
        sa.PrimaryKeyConstraint("movement_code", "unit_code", "node_code", "version", name=op.f("pk_waiver")),
    )
    op.create_index(op.f("ix_waiver_entry_id"), "waiver", ["entry_id"])
    op.create_index(op.f("ix_waiver_unit_code_movement_code"), "waiver", ["unit_code", "movement_code"])
    op.create_table(
        "event_standing",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("accepted", "returned", "withdrawn", name="outcome", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("appraiser_code", sa.String(length=64), nullable=False),
        sa.Column("by_unit_code", sa.String(length=64), nullable=False),
        sa.Column(
            "decider_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("decider_id", sa.Uuid(), nullable=False),
        sa.Column("reason_commitment", sa.String(length=64), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'withdrawn' AND by_unit_code = unit_code)"
            " OR (outcome <> 'withdrawn' AND by_unit_code = appraiser_code AND by_unit_code <> unit_code)",
            name=op.f("ck_event_standing_own_work"),
        ),
        sa.CheckConstraint("outcome <> 'returned' OR reason_commitment IS NOT NULL", name=op.f("ck_event_standing_return_needs_reason")),
        sa.ForeignKeyConstraint(["by_unit_code"], ["unit.code"], name=op.f("fk_event_standing_by_unit_code")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_event_standing_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["event_id", "unit_code", "appraiser_code"],
            ["event.id", "event.unit_code", "event.appraiser_code"],
            name=op.f("fk_event_standing_event_id_unit_code_appraiser_code"),
        ),
        sa.PrimaryKeyConstraint("event_id", "version", name=op.f("pk_event_standing")),
    )
    op.create_index(op.f("ix_event_standing_entry_id"), "event_standing", ["entry_id"])
    append_only(*APPEND_ONLY)


def downgrade() -> None:
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)
