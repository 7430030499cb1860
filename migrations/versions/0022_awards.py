"""Award schemes, dossiers, proposals and decisions."""

import sqlalchemy as sa
from alembic import op

from migrations.kit import append_only

revision = "0022"
down_revision = "0021"

APPEND_ONLY = (
    "award_scheme",
    "nomination",
    "award_proposal",
    "nomination_step",
    "award_decision",
    "award_proposal_line",
    "award_decision_line",
    "award_motion",
    "award_signature",
    "award_annulment",
    "award_publication",
)


def upgrade() -> None:
    op.create_table(
        "award_scheme",
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column(
            "by_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_award_scheme_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["movement_code"], ["movement.code"], name=op.f("fk_award_scheme_movement_code")),
        sa.PrimaryKeyConstraint("movement_code", "version", name=op.f("pk_award_scheme")),
    )
    op.create_index(op.f("ix_award_scheme_entry_id"), "award_scheme", ["entry_id"])
    op.create_table(
        "nomination",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("scheme_version", sa.Integer(), nullable=False),
        sa.Column("award_code", sa.String(length=64), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("collective_code", sa.String(length=64), nullable=True),
        sa.Column("name_commitment", sa.String(length=64), nullable=True),
        sa.Column("post_commitment", sa.String(length=64), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(collective_code IS NULL) = (name_commitment IS NOT NULL)", name=op.f("ck_nomination_of_somebody")),
        sa.ForeignKeyConstraint(["collective_code"], ["unit.code"], name=op.f("fk_nomination_collective_code")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_nomination_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["movement_code", "scheme_version"],
            ["award_scheme.movement_code", "award_scheme.version"],
            name=op.f("fk_nomination_movement_code_scheme_version"),
        ),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_nomination_unit_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination")),
        sa.UniqueConstraint("id", "movement_code", "award_code", name="uq_nomination_award"),
        sa.UniqueConstraint("movement_code", "award_code", "collective_code", name="uq_nomination_of_a_collective"),
    )
    op.create_index(op.f("ix_nomination_entry_id"), "nomination", ["entry_id"])
    op.create_index(op.f("ix_nomination_unit_code"), "nomination", ["unit_code"])
    op.create_table(
        "award_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("publication", sa.Integer(), nullable=False),
        sa.Column("scheme_version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "by_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_award_proposal_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["movement_code", "publication"],
            ["publication.movement_code", "publication.number"],
            name=op.f("fk_award_proposal_movement_code_publication"),
        ),
        sa.ForeignKeyConstraint(
            ["movement_code", "scheme_version"],
            ["award_scheme.movement_code", "award_scheme.version"],
            name=op.f("fk_award_proposal_movement_code_scheme_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_proposal")),
        sa.UniqueConstraint("id", "movement_code", name="uq_award_proposal_movement"),
    )
    op.create_index(op.f("ix_award_proposal_entry_id"), "award_proposal", ["entry_id"])
    op.create_index(op.f("ix_award_proposal_movement_code"), "award_proposal", ["movement_code"])
    op.create_table(
        "nomination_step",
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "complete",
                "returned",
                "withdrawn",
                name="nomination_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reason_commitment", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "by_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'returned') = (due_on IS NOT NULL) AND (state <> 'returned' OR reason_commitment IS NOT NULL)",
            name=op.f("ck_nomination_step_return_needs_a_day_and_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_nomination_step_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["nomination_id"], ["nomination.id"], name=op.f("fk_nomination_step_nomination_id")),
        sa.PrimaryKeyConstraint("nomination_id", "version", name=op.f("pk_nomination_step")),
    )
    op.create_index(op.f("ix_nomination_step_entry_id"), "nomination_step", ["entry_id"])
    op.create_table(
        "award_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "by_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_award_decision_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["proposal_id", "movement_code"],
            ["award_proposal.id", "award_proposal.movement_code"],
            name=op.f("fk_award_decision_proposal_id_movement_code"),
        ),
        sa.ForeignKeyConstraint(["supersedes_id"], ["award_decision.id"], name=op.f("fk_award_decision_supersedes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_decision")),
    )
    op.create_index(op.f("ix_award_decision_entry_id"), "award_decision", ["entry_id"])
    op.create_index(op.f("ix_award_decision_movement_code"), "award_decision", ["movement_code"])
    op.create_index(op.f("ix_award_decision_supersedes_id"), "award_decision", ["supersedes_id"])
    op.create_table(
        "award_proposal_line",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("award_code", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("proposed", "at_the_cut", "added", "left_out", name="line_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reason_commitment", sa.String(length=64), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind IN ('added', 'left_out')) = (reason_commitment IS NOT NULL)", name=op.f("ck_award_proposal_line_departure_needs_reason")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_award_proposal_line_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["nomination_id", "movement_code", "award_code"],
            ["nomination.id", "nomination.movement_code", "nomination.award_code"],
            name=op.f("fk_award_proposal_line_nomination_id_movement_code_award_code"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id", "movement_code"],
            ["award_proposal.id", "award_proposal.movement_code"],
            name=op.f("fk_award_proposal_line_proposal_id_movement_code"),
        ),
        sa.PrimaryKeyConstraint("proposal_id", "nomination_id", name=op.f("pk_award_proposal_line")),
    )
    op.create_index(op.f("ix_award_proposal_line_entry_id"), "award_proposal_line", ["entry_id"])
    op.create_table(
        "award_decision_line",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("is_granted", sa.Boolean(), nullable=False),
        sa.Column("is_advised", sa.Boolean(), nullable=True),
        sa.Column("reason_commitment", sa.String(length=64), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "reason_commitment IS NOT NULL OR is_granted = COALESCE(is_advised, false)",
            name=op.f("ck_award_decision_line_departure_needs_reason"),
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["award_decision.id"], name=op.f("fk_award_decision_line_decision_id")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_award_decision_line_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["nomination_id"], ["nomination.id"], name=op.f("fk_award_decision_line_nomination_id")),
        sa.PrimaryKeyConstraint("decision_id", "nomination_id", name=op.f("pk_award_decision_line")),
    )
    op.create_index(op.f("ix_award_decision_line_entry_id"), "award_decision_line", ["entry_id"])
    op.create_table(
        "award_motion",
        sa.Column("motion_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_award_motion_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["motion_id"], ["motion.id"], name=op.f("fk_award_motion_motion_id")),
        sa.ForeignKeyConstraint(
            ["proposal_id", "nomination_id"],
            ["award_proposal_line.proposal_id", "award_proposal_line.nomination_id"],
            name=op.f("fk_award_motion_proposal_id_nomination_id"),
        ),
        sa.PrimaryKeyConstraint("motion_id", name=op.f("pk_award_motion")),
        sa.UniqueConstraint("proposal_id", "nomination_id", name="uq_award_motion_of_a_line"),
    )
    op.create_index(op.f("ix_award_motion_entry_id"), "award_motion", ["entry_id"])
    op.create_table(
        "award_signature",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column(
            "capacity",
            sa.Enum("head", "deputy", "by_order", "delegate", name="capacity", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("signatory", sa.String(length=200), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("signature_stated", sa.String(length=200), nullable=False),
        sa.Column("base_salary", sa.Integer(), nullable=True),
        sa.Column("base_salary_source", sa.String(length=200), nullable=True),
        sa.Column(
            "by_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["award_decision.id"], name=op.f("fk_award_signature_decision_id")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_award_signature_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_award_signature")),
        sa.UniqueConstraint("number", "signed_on", name="uq_award_signature_number"),
    )
    op.create_index(op.f("ix_award_signature_entry_id"), "award_signature", ["entry_id"])
    op.create_table(
        "award_annulment",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("reason_commitment", sa.String(length=64), nullable=False),
        sa.Column("annulled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "by_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["award_signature.decision_id"], name=op.f("fk_award_annulment_decision_id")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_award_annulment_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_award_annulment")),
    )
    op.create_index(op.f("ix_award_annulment_entry_id"), "award_annulment", ["entry_id"])
    op.create_table(
        "award_publication",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["award_signature.decision_id"], name=op.f("fk_award_publication_decision_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["publication_draft.id"], name=op.f("fk_award_publication_draft_id")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_award_publication_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_award_publication")),
    )
    op.create_index(op.f("ix_award_publication_decision_id"), "award_publication", ["decision_id"])
    op.create_index(op.f("ix_award_publication_entry_id"), "award_publication", ["entry_id"])
    append_only(*APPEND_ONLY)


def downgrade() -> None:
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)
