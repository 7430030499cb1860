from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.policy import ActorKind
from app.publishing.rules import BlockerKind, Stage
from app.tables import Table, UtcDateTime, choice, entry_key, new_id


class BlockerOverride(Table, table=True):
    """One blocker that somebody answers for, by name and with a reason. Append-only."""

    __tablename__ = "blocker_override"

    movement_code: str = Field(primary_key=True, foreign_key="movement.code", max_length=64)
    kind: BlockerKind = Field(primary_key=True, sa_type=choice(BlockerKind))
    subject: str = Field(primary_key=True, max_length=200)
    reason_commitment: str = Field(max_length=64)
    overridden_at: datetime = Field(sa_type=UtcDateTime)
    by_kind: ActorKind = Field(sa_type=choice(ActorKind))
    by_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())


class PublicationDraft(Table, table=True):
    """A result as it would be published, computed and signed; somebody else approves it. Append-only; the newest may be approved."""

    __tablename__ = "publication_draft"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    movement_code: str = Field(foreign_key="movement.code", max_length=64, index=True)
    number: int
    """Which publication of the movement it would be."""
    stage: Stage = Field(sa_type=choice(Stage))
    reason_commitment: str | None = Field(default=None, max_length=64)
    """Why an earlier one of the stage is corrected."""
    position: int = Field(sa_type=sa.BigInteger)
    """Of the trail, of which it was made."""
    digest: str = Field(max_length=64)
    file_hash: str = Field(max_length=64)
    public_digest: str | None = Field(default=None, max_length=64)
    public_file_hash: str | None = Field(default=None, max_length=64)
    drafted_at: datetime = Field(sa_type=UtcDateTime)
    by_kind: ActorKind = Field(sa_type=choice(ActorKind))
    by_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.UniqueConstraint("id", "movement_code", "number", "by_id", name="uq_publication_draft_by"),
        sa.CheckConstraint("(stage = 'council') = (public_digest IS NULL)", name="public_edition"),
        sa.CheckConstraint("(public_digest IS NULL) = (public_file_hash IS NULL)", name="public_file"),
    )


class PublicationDraftWithdrawal(Table, table=True):
    """What a draft was made with is void: nobody approves it any more. Append-only."""

    __tablename__ = "publication_draft_withdrawal"

    draft_id: UUID = Field(primary_key=True, foreign_key="publication_draft.id")
    entry_id: UUID = Field(sa_column=entry_key())


class Publication(Table, table=True):
    """Công bố kết quả: a draft that a second person approved. Numbers of a movement have no gaps. Append-only."""

    movement_code: str = Field(primary_key=True, foreign_key="movement.code", max_length=64)
    number: int = Field(primary_key=True)
    draft_id: UUID = Field(unique=True)
    drafter_id: UUID
    published_at: datetime = Field(sa_type=UtcDateTime)
    by_kind: ActorKind = Field(sa_type=choice(ActorKind))
    by_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["draft_id", "movement_code", "number", "drafter_id"],
            ["publication_draft.id", "publication_draft.movement_code", "publication_draft.number", "publication_draft.by_id"],
            name="fk_publication_of_its_draft",
        ),
        sa.CheckConstraint("by_id <> drafter_id", name="two_people"),
    )
