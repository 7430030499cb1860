"""First schema."""

import sqlalchemy as sa
from alembic import op

from migrations.kit import FIGURE, append_only

revision = "0001"
down_revision = None

APPEND_ONLY = (
    "adopted_indicator",
    "adopted_task",
    "api_key",
    "api_key_revocation",
    "calendar_day",
    "cluster",
    "entry",
    "evidence_file",
    "evidence_holding",
    "indicator",
    "indicator_version",
    "milestone",
    "movement",
    "movement_version",
    "person",
    "plan",
    "plan_closing",
    "registration",
    "role_grant",
    "role_grant_end",
    "rulebook_adoption",
    "rulebook_version",
    "source_document",
    "submission",
    "submission_decision",
    "submission_evidence",
    "target",
    "task",
    "task_coordinator",
    "task_milestone",
    "task_version",
    "unit",
    "unit_version",
)


def upgrade() -> None:
    op.create_table(
        "entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "actor_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.String(length=64), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.String(length=160), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("seq", name=op.f("uq_entry_seq")),
    )
    op.create_index(op.f("ix_entry_at_seq"), "entry", ["at", "seq"], unique=False)
    op.create_index(op.f("ix_entry_subject_kind_subject_id_seq"), "entry", ["subject_kind", "subject_id", "seq"], unique=False)
    op.create_table(
        "erasable_text",
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("commitment", name=op.f("pk_erasable_text")),
    )
    op.create_table(
        "idempotent_answer",
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("etag", sa.String(length=160), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "key", name=op.f("pk_idempotent_answer")),
    )
    op.create_index(op.f("ix_idempotent_answer_at"), "idempotent_answer", ["at"], unique=False)
    op.create_table(
        "sign_in_count",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("window_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_sign_in_count")),
    )
    op.create_index(op.f("ix_sign_in_count_window_ends_at"), "sign_in_count", ["window_ends_at"], unique=False)
    op.create_table(
        "trail_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frontier", sa.String(), nullable=False),
        sa.Column("clock_offset_seconds", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_trail_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_head")),
    )
    op.create_table(
        "worker_lease",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_lease")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_calendar_day_entry_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("day", "version", name=op.f("pk_calendar_day")),
    )
    op.create_index(op.f("ix_calendar_day_entry_id"), "calendar_day", ["entry_id"], unique=False)
    op.create_table(
        "evidence_file",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_evidence_file_entry_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_evidence_file")),
    )
    op.create_index(op.f("ix_evidence_file_entry_id"), "evidence_file", ["entry_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name_commitment", sa.String(length=64), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_person_entry_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("code", name=op.f("uq_person_code")),
    )
    op.create_index(op.f("ix_person_entry_id"), "person", ["entry_id"], unique=False)
    op.create_table(
        "rulebook_version",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_rulebook_version_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_rulebook_version")),
        sa.UniqueConstraint("digest", name=op.f("uq_rulebook_version_digest")),
    )
    op.create_index(op.f("ix_rulebook_version_entry_id"), "rulebook_version", ["entry_id"], unique=False)
    op.create_table(
        "unit",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("code = lower(code) AND length(code) > 0", name=op.f("ck_unit_canonical_code")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_unit_entry_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_unit")),
    )
    op.create_index(op.f("ix_unit_entry_id"), "unit", ["entry_id"], unique=False)
    op.create_table(
        "api_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "administrator",
                "council_secretary",
                "appraiser",
                "unit_officer",
                "unit_head",
                "council_member",
                "viewer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "reach",
            sa.Enum("own_unit", "own_branch", "everywhere", name="reach", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("unit_code", sa.String(length=64), nullable=True),
        sa.Column("scopes", sa.String(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("reach = 'everywhere' OR unit_code IS NOT NULL", name=op.f("ck_api_key_reach_needs_unit")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_api_key_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_api_key_unit_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_key_token_hash")),
    )
    op.create_index(op.f("ix_api_key_entry_id"), "api_key", ["entry_id"], unique=False)
    op.create_table(
        "evidence_holding",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_evidence_holding_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["hash"], ["evidence_file.hash"], name=op.f("fk_evidence_holding_hash")),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_evidence_holding_unit_code")),
        sa.PrimaryKeyConstraint("hash", "unit_code", name=op.f("pk_evidence_holding")),
    )
    op.create_index(op.f("ix_evidence_holding_entry_id"), "evidence_holding", ["entry_id"], unique=False)
    op.create_table(
        "password",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_password_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_password")),
    )
    op.create_table(
        "plan",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("issuer_code", sa.String(length=64), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_plan_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["issuer_code"], ["unit.code"], name=op.f("fk_plan_issuer_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_plan")),
    )
    op.create_index(op.f("ix_plan_entry_id"), "plan", ["entry_id"], unique=False)
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "administrator",
                "council_secretary",
                "appraiser",
                "unit_officer",
                "unit_head",
                "council_member",
                "viewer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "reach",
            sa.Enum("own_unit", "own_branch", "everywhere", name="reach", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("unit_code", sa.String(length=64), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("reach = 'everywhere' OR unit_code IS NOT NULL", name=op.f("ck_role_grant_reach_needs_unit")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_role_grant_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id")),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_role_grant_unit_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(op.f("ix_role_grant_entry_id"), "role_grant", ["entry_id"], unique=False)
    op.create_index(op.f("ix_role_grant_person_id"), "role_grant", ["person_id"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind", sa.Enum("k", "s", "d", "l", name="token_kind", native_enum=False, create_constraint=True, length=32), nullable=False
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("next_hash", sa.String(length=64), nullable=True),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("next_hash", name=op.f("uq_sign_in_next_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_expires_at"), "sign_in", ["expires_at"], unique=False)
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"], unique=False)
    op.create_table(
        "unit_version",
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("folded", sa.String(length=300), nullable=False),
        sa.Column("order_key", sa.String(length=1000), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "city",
                "district",
                "ward",
                "commune",
                "department",
                "vertical_agency",
                "armed_force",
                "party_body",
                "mass_organisation",
                "public_service_unit",
                "school",
                "enterprise",
                name="unit_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("parent_code", sa.String(length=64), nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("official_identifier", sa.String(length=64), nullable=True),
        sa.Column("administrative_code", sa.String(length=16), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("closes_on IS NULL OR closes_on > opens_on", name=op.f("ck_unit_version_closes_after_opening")),
        sa.CheckConstraint("parent_code IS NULL OR parent_code <> unit_code", name=op.f("ck_unit_version_own_parent")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_unit_version_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["parent_code"], ["unit.code"], name=op.f("fk_unit_version_parent_code")),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_unit_version_unit_code")),
        sa.PrimaryKeyConstraint("unit_code", "version", name=op.f("pk_unit_version")),
    )
    op.create_index(op.f("ix_unit_version_entry_id"), "unit_version", ["entry_id"], unique=False)
    op.create_index(op.f("ix_unit_version_order_key"), "unit_version", ["order_key"], unique=False)
    op.create_index(op.f("ix_unit_version_parent_code"), "unit_version", ["parent_code"], unique=False)
    op.create_table(
        "api_key_revocation",
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_api_key_revocation_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_api_key_revocation_key_id")),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_api_key_revocation")),
    )
    op.create_index(op.f("ix_api_key_revocation_entry_id"), "api_key_revocation", ["entry_id"], unique=False)
    op.create_table(
        "indicator",
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_indicator_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["plan_code"], ["plan.code"], name=op.f("fk_indicator_plan_code")),
        sa.PrimaryKeyConstraint("plan_code", "code", name=op.f("pk_indicator")),
    )
    op.create_index(op.f("ix_indicator_entry_id"), "indicator", ["entry_id"], unique=False)
    op.create_table(
        "movement",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("yearly", "thematic", name="movement_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_movement_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["plan_code"], ["plan.code"], name=op.f("fk_movement_plan_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_movement")),
        sa.UniqueConstraint("code", "plan_code", name=op.f("uq_movement_code_plan_code")),
    )
    op.create_index(op.f("ix_movement_entry_id"), "movement", ["entry_id"], unique=False)
    op.create_table(
        "plan_closing",
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_plan_closing_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["plan_code"], ["plan.code"], name=op.f("fk_plan_closing_plan_code")),
        sa.PrimaryKeyConstraint("plan_code", name=op.f("pk_plan_closing")),
    )
    op.create_index(op.f("ix_plan_closing_entry_id"), "plan_closing", ["entry_id"], unique=False)
    op.create_table(
        "role_grant_end",
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_role_grant_end_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["grant_id"], ["role_grant.id"], name=op.f("fk_role_grant_end_grant_id")),
        sa.PrimaryKeyConstraint("grant_id", name=op.f("pk_role_grant_end")),
    )
    op.create_index(op.f("ix_role_grant_end_entry_id"), "role_grant_end", ["entry_id"], unique=False)
    op.create_table(
        "source_document",
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("abstract", sa.String(length=1000), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_source_document_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["plan_code"], ["plan.code"], name=op.f("fk_source_document_plan_code")),
        sa.PrimaryKeyConstraint("plan_code", "code", name=op.f("pk_source_document")),
    )
    op.create_index(op.f("ix_source_document_entry_id"), "source_document", ["entry_id"], unique=False)
    op.create_table(
        "adopted_indicator",
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("indicator_code", sa.String(length=64), nullable=False),
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column("window_from", sa.Date(), nullable=True),
        sa.Column("window_to", sa.Date(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_adopted_indicator_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["movement_code", "plan_code"],
            ["movement.code", "movement.plan_code"],
            name=op.f("fk_adopted_indicator_movement_code_plan_code"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_code", "indicator_code"],
            ["indicator.plan_code", "indicator.code"],
            name=op.f("fk_adopted_indicator_plan_code_indicator_code"),
        ),
        sa.PrimaryKeyConstraint("movement_code", "indicator_code", name=op.f("pk_adopted_indicator")),
    )
    op.create_index(op.f("ix_adopted_indicator_entry_id"), "adopted_indicator", ["entry_id"], unique=False)
    op.create_table(
        "cluster",
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_cluster_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["movement_code"], ["movement.code"], name=op.f("fk_cluster_movement_code")),
        sa.PrimaryKeyConstraint("movement_code", "code", name=op.f("pk_cluster")),
    )
    op.create_index(op.f("ix_cluster_entry_id"), "cluster", ["entry_id"], unique=False)
    op.create_table(
        "indicator_version",
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column("indicator_code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("unit_of_measure", sa.String(length=60), nullable=False),
        sa.Column(
            "scale",
            sa.Enum("one", "thousand", "million", "billion", name="scale", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "accumulation",
            sa.Enum(
                "period_value", "cumulative", "point_in_time", name="accumulation", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "comparator",
            sa.Enum("at_least", "at_most", "achieved", name="comparator", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "aggregation",
            sa.Enum("sum", "ratio_of_sums", "mean_of_ratios", name="aggregation", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("owner_code", sa.String(length=64), nullable=False),
        sa.Column("appraiser_code", sa.String(length=64), nullable=False),
        sa.Column("alternate_appraiser_code", sa.String(length=64), nullable=False),
        sa.Column(
            "period_scheme",
            sa.Enum(
                "month",
                "month_15_14",
                "quarter",
                "half_year",
                "year",
                "year_15_12",
                "year_16_11",
                "school_year",
                name="period_scheme",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("report_days", sa.Integer(), nullable=False),
        sa.Column("evaluated_on", sa.Date(), nullable=True),
        sa.Column("of_which_code", sa.String(length=64), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("alternate_appraiser_code <> appraiser_code", name=op.f("ck_indicator_version_own_alternate")),
        sa.CheckConstraint("report_days BETWEEN 0 AND 366", name=op.f("ck_indicator_version_report_days")),
        sa.ForeignKeyConstraint(["alternate_appraiser_code"], ["unit.code"], name=op.f("fk_indicator_version_alternate_appraiser_code")),
        sa.ForeignKeyConstraint(["appraiser_code"], ["unit.code"], name=op.f("fk_indicator_version_appraiser_code")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_indicator_version_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["owner_code"], ["unit.code"], name=op.f("fk_indicator_version_owner_code")),
        sa.ForeignKeyConstraint(
            ["plan_code", "indicator_code"],
            ["indicator.plan_code", "indicator.code"],
            name=op.f("fk_indicator_version_plan_code_indicator_code"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_code", "of_which_code"],
            ["indicator.plan_code", "indicator.code"],
            name=op.f("fk_indicator_version_plan_code_of_which_code"),
        ),
        sa.PrimaryKeyConstraint("plan_code", "indicator_code", "version", name=op.f("pk_indicator_version")),
    )
    op.create_index(op.f("ix_indicator_version_entry_id"), "indicator_version", ["entry_id"], unique=False)
    op.create_table(
        "milestone",
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "roll",
            sa.Enum("none", "forward", "backward", name="roll", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_milestone_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["movement_code"], ["movement.code"], name=op.f("fk_milestone_movement_code")),
        sa.PrimaryKeyConstraint("movement_code", "code", "version", name=op.f("pk_milestone")),
    )
    op.create_index(op.f("ix_milestone_entry_id"), "milestone", ["entry_id"], unique=False)
    op.create_table(
        "movement_version",
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "launched",
                "reporting_closed",
                "under_review",
                "decided",
                "published",
                "archived",
                name="movement_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "phase",
            sa.Enum("own", "cluster", "all_units", "public", name="phase", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("window_from", sa.Date(), nullable=False),
        sa.Column("window_to", sa.Date(), nullable=False),
        sa.Column("launched_on", sa.Date(), nullable=False),
        sa.Column("goal_on", sa.Date(), nullable=False),
        sa.Column("ceremony_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("goal_on >= launched_on", name=op.f("ck_movement_version_goal_after_launch")),
        sa.CheckConstraint("window_to >= window_from", name=op.f("ck_movement_version_window")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_movement_version_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["movement_code"], ["movement.code"], name=op.f("fk_movement_version_movement_code")),
        sa.PrimaryKeyConstraint("movement_code", "version", name=op.f("pk_movement_version")),
    )
    op.create_index(op.f("ix_movement_version_entry_id"), "movement_version", ["entry_id"], unique=False)
    op.create_table(
        "target",
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column("indicator_code", sa.String(length=64), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("assigned_target", "stretch_target", name="target_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("figure", FIGURE, nullable=False),
        sa.Column(
            "source",
            sa.Enum("city", "district", "own", name="target_source", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("last_year", FIGURE, nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_target_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["plan_code", "indicator_code"], ["indicator.plan_code", "indicator.code"], name=op.f("fk_target_plan_code_indicator_code")
        ),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_target_unit_code")),
        sa.PrimaryKeyConstraint("plan_code", "indicator_code", "unit_code", "kind", "version", name=op.f("pk_target")),
    )
    op.create_index(op.f("ix_target_entry_id"), "target", ["entry_id"], unique=False)
    op.create_index(op.f("ix_target_unit_code_plan_code"), "target", ["unit_code", "plan_code"], unique=False)
    op.create_table(
        "task",
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("document_code", sa.String(length=64), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_task_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["plan_code", "document_code"],
            ["source_document.plan_code", "source_document.code"],
            name=op.f("fk_task_plan_code_document_code"),
        ),
        sa.ForeignKeyConstraint(["plan_code"], ["plan.code"], name=op.f("fk_task_plan_code")),
        sa.PrimaryKeyConstraint("plan_code", "code", name=op.f("pk_task")),
    )
    op.create_index(op.f("ix_task_entry_id"), "task", ["entry_id"], unique=False)
    op.create_table(
        "adopted_task",
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("task_code", sa.String(length=64), nullable=False),
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_adopted_task_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["movement_code", "plan_code"], ["movement.code", "movement.plan_code"], name=op.f("fk_adopted_task_movement_code_plan_code")
        ),
        sa.ForeignKeyConstraint(
            ["plan_code", "task_code"], ["task.plan_code", "task.code"], name=op.f("fk_adopted_task_plan_code_task_code")
        ),
        sa.PrimaryKeyConstraint("movement_code", "task_code", name=op.f("pk_adopted_task")),
    )
    op.create_index(op.f("ix_adopted_task_entry_id"), "adopted_task", ["entry_id"], unique=False)
    op.create_table(
        "registration",
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cluster_code", sa.String(length=64), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_registration_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["movement_code", "cluster_code"],
            ["cluster.movement_code", "cluster.code"],
            name=op.f("fk_registration_movement_code_cluster_code"),
        ),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_registration_unit_code")),
        sa.PrimaryKeyConstraint("movement_code", "unit_code", "version", name=op.f("pk_registration")),
    )
    op.create_index(op.f("ix_registration_entry_id"), "registration", ["entry_id"], unique=False)
    op.create_table(
        "rulebook_adoption",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("cluster_code", sa.String(length=64), nullable=True),
        sa.Column("rulebook_code", sa.String(length=64), nullable=False),
        sa.Column("rulebook_version", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("adopter_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("adopter_id <> author_id", name=op.f("ck_rulebook_adoption_own_rulebook")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_rulebook_adoption_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["movement_code", "cluster_code"],
            ["cluster.movement_code", "cluster.code"],
            name=op.f("fk_rulebook_adoption_movement_code_cluster_code"),
        ),
        sa.ForeignKeyConstraint(["movement_code"], ["movement.code"], name=op.f("fk_rulebook_adoption_movement_code")),
        sa.ForeignKeyConstraint(
            ["rulebook_code", "rulebook_version"],
            ["rulebook_version.code", "rulebook_version.version"],
            name=op.f("fk_rulebook_adoption_rulebook_code_rulebook_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulebook_adoption")),
    )
    op.create_index(op.f("ix_rulebook_adoption_entry_id"), "rulebook_adoption", ["entry_id"], unique=False)
    op.create_index(op.f("ix_rulebook_adoption_movement_code"), "rulebook_adoption", ["movement_code"], unique=False)
    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("indicator_code", sa.String(length=64), nullable=True),
        sa.Column("period_code", sa.String(length=16), nullable=True),
        sa.Column("task_code", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("appraiser_code", sa.String(length=64), nullable=False),
        sa.Column("figure", FIGURE, nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("note_commitment", sa.String(length=64), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("is_outside_window", sa.Boolean(), nullable=False),
        sa.Column(
            "sender_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(indicator_code IS NOT NULL AND period_code IS NOT NULL AND figure IS NOT NULL AND task_code IS NULL AND completed_on IS NULL) OR (task_code IS NOT NULL AND completed_on IS NOT NULL AND indicator_code IS NULL AND period_code IS NULL AND figure IS NULL)",
            name=op.f("ck_submission_one_subject"),
        ),
        sa.CheckConstraint("appraiser_code <> unit_code", name=op.f("ck_submission_own_appraiser")),
        sa.ForeignKeyConstraint(["appraiser_code"], ["unit.code"], name=op.f("fk_submission_appraiser_code")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_submission_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["plan_code", "indicator_code"], ["indicator.plan_code", "indicator.code"], name=op.f("fk_submission_plan_code_indicator_code")
        ),
        sa.ForeignKeyConstraint(
            ["plan_code", "task_code"], ["task.plan_code", "task.code"], name=op.f("fk_submission_plan_code_task_code")
        ),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_submission_unit_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("id", "unit_code", "appraiser_code", name=op.f("uq_submission_id_unit_code_appraiser_code")),
        sa.UniqueConstraint(
            "plan_code",
            "unit_code",
            "indicator_code",
            "period_code",
            "version",
            name=op.f("uq_submission_plan_code_unit_code_indicator_code_period_code_version"),
        ),
        sa.UniqueConstraint(
            "plan_code", "unit_code", "task_code", "version", name=op.f("uq_submission_plan_code_unit_code_task_code_version")
        ),
    )
    op.create_index(op.f("ix_submission_appraiser_code"), "submission", ["appraiser_code"], unique=False)
    op.create_index(op.f("ix_submission_entry_id"), "submission", ["entry_id"], unique=False)
    op.create_table(
        "task_version",
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column("task_code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=1000), nullable=False),
        sa.Column("lead_code", sa.String(length=64), nullable=False),
        sa.Column("appraiser_code", sa.String(length=64), nullable=False),
        sa.Column("deadline_phrase", sa.String(length=200), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "roll",
            sa.Enum("none", "forward", "backward", name="roll", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("deliverable", sa.String(length=500), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("appraiser_code <> lead_code", name=op.f("ck_task_version_own_appraiser")),
        sa.ForeignKeyConstraint(["appraiser_code"], ["unit.code"], name=op.f("fk_task_version_appraiser_code")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_task_version_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["lead_code"], ["unit.code"], name=op.f("fk_task_version_lead_code")),
        sa.ForeignKeyConstraint(
            ["plan_code", "task_code"], ["task.plan_code", "task.code"], name=op.f("fk_task_version_plan_code_task_code")
        ),
        sa.PrimaryKeyConstraint("plan_code", "task_code", "version", name=op.f("pk_task_version")),
    )
    op.create_index(op.f("ix_task_version_entry_id"), "task_version", ["entry_id"], unique=False)
    op.create_index(op.f("ix_task_version_lead_code"), "task_version", ["lead_code"], unique=False)
    op.create_table(
        "submission_decision",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("accepted", "returned", "withdrawn", name="outcome", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
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
            "(outcome = 'withdrawn' AND by_unit_code = unit_code) OR (outcome <> 'withdrawn' AND by_unit_code = appraiser_code AND by_unit_code <> unit_code)",
            name=op.f("ck_submission_decision_own_work"),
        ),
        sa.CheckConstraint(
            "outcome <> 'returned' OR reason_commitment IS NOT NULL", name=op.f("ck_submission_decision_return_needs_reason")
        ),
        sa.ForeignKeyConstraint(["by_unit_code"], ["unit.code"], name=op.f("fk_submission_decision_by_unit_code")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_submission_decision_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["submission_id", "unit_code", "appraiser_code"],
            ["submission.id", "submission.unit_code", "submission.appraiser_code"],
            name=op.f("fk_submission_decision_submission_id_unit_code_appraiser_code"),
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_submission_decision")),
    )
    op.create_index(op.f("ix_submission_decision_entry_id"), "submission_decision", ["entry_id"], unique=False)
    op.create_table(
        "submission_evidence",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document_number", sa.String(length=100), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["file_hash"], ["evidence_file.hash"], name=op.f("fk_submission_evidence_file_hash")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_submission_evidence_submission_id")),
        sa.PrimaryKeyConstraint("submission_id", "number", name=op.f("pk_submission_evidence")),
    )
    op.create_table(
        "task_coordinator",
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column("task_code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_code", "task_code", "version"],
            ["task_version.plan_code", "task_version.task_code", "task_version.version"],
            name=op.f("fk_task_coordinator_plan_code_task_code_version"),
        ),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_task_coordinator_unit_code")),
        sa.PrimaryKeyConstraint("plan_code", "task_code", "version", "unit_code", name=op.f("pk_task_coordinator")),
    )
    op.create_table(
        "task_milestone",
        sa.Column("plan_code", sa.String(length=64), nullable=False),
        sa.Column("task_code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_code", "task_code", "version"],
            ["task_version.plan_code", "task_version.task_code", "task_version.version"],
            name=op.f("fk_task_milestone_plan_code_task_code_version"),
        ),
        sa.PrimaryKeyConstraint("plan_code", "task_code", "version", "number", name=op.f("pk_task_milestone")),
    )
    append_only(*APPEND_ONLY)
    op.execute("INSERT INTO trail_head (id, size, at, frontier, clock_offset_seconds) VALUES (1, 0, '1970-01-01 00:00:00+00:00', '', 0)")


def downgrade() -> None:
    op.drop_table("task_milestone")
    op.drop_table("task_coordinator")
    op.drop_table("submission_evidence")
    op.drop_index(op.f("ix_submission_decision_entry_id"), table_name="submission_decision")
    op.drop_table("submission_decision")
    op.drop_index(op.f("ix_task_version_lead_code"), table_name="task_version")
    op.drop_index(op.f("ix_task_version_entry_id"), table_name="task_version")
    op.drop_table("task_version")
    op.drop_index(op.f("ix_submission_entry_id"), table_name="submission")
    op.drop_index(op.f("ix_submission_appraiser_code"), table_name="submission")
    op.drop_table("submission")
    op.drop_index(op.f("ix_rulebook_adoption_movement_code"), table_name="rulebook_adoption")
    op.drop_index(op.f("ix_rulebook_adoption_entry_id"), table_name="rulebook_adoption")
    op.drop_table("rulebook_adoption")
    op.drop_index(op.f("ix_registration_entry_id"), table_name="registration")
    op.drop_table("registration")
    op.drop_index(op.f("ix_adopted_task_entry_id"), table_name="adopted_task")
    op.drop_table("adopted_task")
    op.drop_index(op.f("ix_task_entry_id"), table_name="task")
    op.drop_table("task")
    op.drop_index(op.f("ix_target_unit_code_plan_code"), table_name="target")
    op.drop_index(op.f("ix_target_entry_id"), table_name="target")
    op.drop_table("target")
    op.drop_index(op.f("ix_movement_version_entry_id"), table_name="movement_version")
    op.drop_table("movement_version")
    op.drop_index(op.f("ix_milestone_entry_id"), table_name="milestone")
    op.drop_table("milestone")
    op.drop_index(op.f("ix_indicator_version_entry_id"), table_name="indicator_version")
    op.drop_table("indicator_version")
    op.drop_index(op.f("ix_cluster_entry_id"), table_name="cluster")
    op.drop_table("cluster")
    op.drop_index(op.f("ix_adopted_indicator_entry_id"), table_name="adopted_indicator")
    op.drop_table("adopted_indicator")
    op.drop_index(op.f("ix_source_document_entry_id"), table_name="source_document")
    op.drop_table("source_document")
    op.drop_index(op.f("ix_role_grant_end_entry_id"), table_name="role_grant_end")
    op.drop_table("role_grant_end")
    op.drop_index(op.f("ix_plan_closing_entry_id"), table_name="plan_closing")
    op.drop_table("plan_closing")
    op.drop_index(op.f("ix_movement_entry_id"), table_name="movement")
    op.drop_table("movement")
    op.drop_index(op.f("ix_indicator_entry_id"), table_name="indicator")
    op.drop_table("indicator")
    op.drop_index(op.f("ix_api_key_revocation_entry_id"), table_name="api_key_revocation")
    op.drop_table("api_key_revocation")
    op.drop_index(op.f("ix_unit_version_parent_code"), table_name="unit_version")
    op.drop_index(op.f("ix_unit_version_order_key"), table_name="unit_version")
    op.drop_index(op.f("ix_unit_version_entry_id"), table_name="unit_version")
    op.drop_table("unit_version")
    op.drop_index(op.f("ix_sign_in_person_id"), table_name="sign_in")
    op.drop_index(op.f("ix_sign_in_expires_at"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index(op.f("ix_role_grant_person_id"), table_name="role_grant")
    op.drop_index(op.f("ix_role_grant_entry_id"), table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_index(op.f("ix_plan_entry_id"), table_name="plan")
    op.drop_table("plan")
    op.drop_table("password")
    op.drop_index(op.f("ix_evidence_holding_entry_id"), table_name="evidence_holding")
    op.drop_table("evidence_holding")
    op.drop_index(op.f("ix_api_key_entry_id"), table_name="api_key")
    op.drop_table("api_key")
    op.drop_index(op.f("ix_unit_entry_id"), table_name="unit")
    op.drop_table("unit")
    op.drop_index(op.f("ix_rulebook_version_entry_id"), table_name="rulebook_version")
    op.drop_table("rulebook_version")
    op.drop_index(op.f("ix_person_entry_id"), table_name="person")
    op.drop_table("person")
    op.drop_index(op.f("ix_evidence_file_entry_id"), table_name="evidence_file")
    op.drop_table("evidence_file")
    op.drop_index(op.f("ix_calendar_day_entry_id"), table_name="calendar_day")
    op.drop_table("calendar_day")
    op.drop_table("worker_lease")
    op.drop_table("trail_head")
    op.drop_index(op.f("ix_sign_in_count_window_ends_at"), table_name="sign_in_count")
    op.drop_table("sign_in_count")
    op.drop_index(op.f("ix_idempotent_answer_at"), table_name="idempotent_answer")
    op.drop_table("idempotent_answer")
    op.drop_table("erasable_text")
    op.drop_index(op.f("ix_entry_subject_kind_subject_id_seq"), table_name="entry")
    op.drop_index(op.f("ix_entry_at_seq"), table_name="entry")
    op.drop_table("entry")
