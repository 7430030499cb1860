"""Tasks: points, series, standing, rounds, weights; and what happens to them: officers, updates, requests, reminders."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.kit import append_only

revision = "0005"
down_revision = "0004"

APPEND_ONLY = (
    "task_officer",
    "task_reminder",
    "task_update",
    "task_request",
    "task_request_decision",
)
_ADDED: dict[str, list[tuple[str, sa.types.TypeEngine[Any]]]] = {
    "source_document": [("signatory_commitment", sa.String(length=64))],
    "task": [("point", sa.String(length=100)), ("series_code", sa.String(length=64)), ("period_code", sa.String(length=16))],
    "task_version": [("reason_commitment", sa.String(length=64))],
    "submission": [("task_round", sa.Integer()), ("as_coordinator", sa.Boolean())],
}
_CHECKED = {
    "standing": "VARCHAR(32) DEFAULT 'active' NOT NULL"
    " CONSTRAINT ck_task_version_task_standing CHECK (standing IN ('active', 'suspended', 'recalled'))"
    " CONSTRAINT ck_task_version_standing_needs_reason CHECK (standing = 'active' OR reason_commitment IS NOT NULL)",
    "round": "INTEGER DEFAULT 1 NOT NULL",
    "weight": "INTEGER CONSTRAINT ck_task_version_weight CHECK (weight BETWEEN 1 AND 100)",
}
"""Added with their CHECKs in one statement: SQLite adds none later, but by rebuilding the table, which drops its triggers."""


def upgrade() -> None:
    for table, columns in _ADDED.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    for name, definition in _CHECKED.items():
        op.execute(f"ALTER TABLE task_version ADD COLUMN {name} {definition}")
    op.create_table(
        "task_officer",
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column("task_code", sa.String(length=64), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reason_commitment", sa.String(length=64), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("version = 1 OR reason_commitment IS NOT NULL", name=op.f("ck_task_officer_hand_over_needs_reason")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_task_officer_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_task_officer_person_id")),
        sa.ForeignKeyConstraint(
            ["plan_code", "task_code"], ["task.plan_code", "task.code"], name=op.f("fk_task_officer_plan_code_task_code")
        ),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_task_officer_unit_code")),
        sa.PrimaryKeyConstraint("plan_code", "task_code", "unit_code", "version", name=op.f("pk_task_officer")),
    )
    op.create_index(op.f("ix_task_officer_entry_id"), "task_officer", ["entry_id"])
    op.create_index(op.f("ix_task_officer_person_id"), "task_officer", ["person_id"])
    op.create_table(
        "task_reminder",
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column("task_code", sa.String(length=64), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("officer", "unit_head", name="reminder_level", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "by_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_task_reminder_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["plan_code", "task_code"], ["task.plan_code", "task.code"], name=op.f("fk_task_reminder_plan_code_task_code")
        ),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_task_reminder_unit_code")),
        sa.PrimaryKeyConstraint("plan_code", "task_code", "unit_code", "number", name=op.f("pk_task_reminder")),
    )
    op.create_index(op.f("ix_task_reminder_entry_id"), "task_reminder", ["entry_id"])
    op.create_table(
        "task_update",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column("task_code", sa.String(length=64), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("note_commitment", sa.String(length=64), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "sender_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_task_update_percent")),
        sa.CheckConstraint("percent IS NOT NULL OR note_commitment IS NOT NULL", name=op.f("ck_task_update_says_something")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_task_update_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["plan_code", "task_code"], ["task.plan_code", "task.code"], name=op.f("fk_task_update_plan_code_task_code")
        ),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_task_update_unit_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_update")),
    )
    op.create_index(op.f("ix_task_update_entry_id"), "task_update", ["entry_id"])
    op.create_index(op.f("ix_task_update_plan_code_task_code_unit_code"), "task_update", ["plan_code", "task_code", "unit_code"])
    op.create_table(
        "task_request",
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column("task_code", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("extension", "new_lead", "sent_back", name="request_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("task_version", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("lead_code", sa.String(length=64), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("reason_commitment", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "sender_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(kind = 'extension') = (due_on IS NOT NULL)", name=op.f("ck_task_request_extension_names_a_day")),
        sa.CheckConstraint("kind <> 'extension' OR lead_code IS NULL", name=op.f("ck_task_request_extension_keeps_the_lead")),
        sa.CheckConstraint("lead_code <> unit_code", name=op.f("ck_task_request_another_lead")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_task_request_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["lead_code"], ["unit.code"], name=op.f("fk_task_request_lead_code")),
        sa.ForeignKeyConstraint(
            ["plan_code", "task_code", "task_version"],
            ["task_version.plan_code", "task_version.task_code", "task_version.version"],
            name=op.f("fk_task_request_plan_code_task_code_task_version"),
        ),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_task_request_unit_code")),
        sa.PrimaryKeyConstraint("plan_code", "task_code", "number", name=op.f("pk_task_request")),
    )
    op.create_index(op.f("ix_task_request_entry_id"), "task_request", ["entry_id"])
    op.create_table(
        "task_request_decision",
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column("task_code", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("granted", "refused", "withdrawn", name="request_outcome", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("task_version", sa.Integer(), nullable=True),
        sa.Column("reason_commitment", sa.String(length=64), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "decider_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("decider_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'granted') = (task_version IS NOT NULL)", name=op.f("ck_task_request_decision_a_grant_changes_the_task")
        ),
        sa.CheckConstraint(
            "outcome <> 'refused' OR reason_commitment IS NOT NULL", name=op.f("ck_task_request_decision_refusal_needs_reason")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_task_request_decision_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["plan_code", "task_code", "number"],
            ["task_request.plan_code", "task_request.task_code", "task_request.number"],
            name=op.f("fk_task_request_decision_plan_code_task_code_number"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_code", "task_code", "task_version"],
            ["task_version.plan_code", "task_version.task_code", "task_version.version"],
            name=op.f("fk_task_request_decision_plan_code_task_code_task_version"),
        ),
        sa.PrimaryKeyConstraint("plan_code", "task_code", "number", name=op.f("pk_task_request_decision")),
    )
    op.create_index(op.f("ix_task_request_decision_entry_id"), "task_request_decision", ["entry_id"])
    append_only(*APPEND_ONLY)


def downgrade() -> None:
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)
    for name in reversed(_CHECKED):
        op.drop_column("task_version", name)
    for table, columns in _ADDED.items():
        for name, _ in columns:
            op.drop_column(table, name)
