"""Publications: drafts, and those that a second person approved."""

import sqlalchemy as sa
from alembic import op

from migrations.kit import append_only

revision = "0020"
down_revision = "0019"

APPEND_ONLY = (
    "publication_draft",
    "publication",
)


def _by() -> list[sa.Column[object]]:
    kind = sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32)
    return [
        sa.Column("by_kind", kind, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
    ]


def _recorded(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f(f"fk_{table}_entry_id"), initially="DEFERRED", deferrable=True)


def upgrade() -> None:
    op.create_table(
        "publication_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum("council", "posted", "final", name="stage", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reason_commitment", sa.String(length=64), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("public_digest", sa.String(length=64), nullable=True),
        sa.Column("public_file_hash", sa.String(length=64), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        *_by(),
        _recorded("publication_draft"),
        sa.ForeignKeyConstraint(["movement_code"], ["movement.code"], name=op.f("fk_publication_draft_movement_code")),
        sa.CheckConstraint("(stage = 'council') = (public_digest IS NULL)", name=op.f("ck_publication_draft_public_edition")),
        sa.CheckConstraint("(public_digest IS NULL) = (public_file_hash IS NULL)", name=op.f("ck_publication_draft_public_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_draft")),
        sa.UniqueConstraint("id", "movement_code", "number", "by_id", name="uq_publication_draft_by"),
    )
    op.create_index(op.f("ix_publication_draft_entry_id"), "publication_draft", ["entry_id"])
    op.create_index(op.f("ix_publication_draft_movement_code"), "publication_draft", ["movement_code"])
    op.create_table(
        "publication",
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("drafter_id", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        *_by(),
        _recorded("publication"),
        sa.ForeignKeyConstraint(["movement_code"], ["movement.code"], name=op.f("fk_publication_movement_code")),
        sa.ForeignKeyConstraint(
            ["draft_id", "movement_code", "number", "drafter_id"],
            ["publication_draft.id", "publication_draft.movement_code", "publication_draft.number", "publication_draft.by_id"],
            name="fk_publication_of_its_draft",
        ),
        sa.CheckConstraint("by_id <> drafter_id", name=op.f("ck_publication_two_people")),
        sa.PrimaryKeyConstraint("movement_code", "number", name=op.f("pk_publication")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_publication_draft_id")),
    )
    op.create_index(op.f("ix_publication_entry_id"), "publication", ["entry_id"])
    append_only(*APPEND_ONLY)


def downgrade() -> None:
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)
