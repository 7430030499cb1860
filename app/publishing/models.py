from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from app.policy import ActorKind
from app.publishing.rules import BlockerKind
from app.tables import Table, UtcDateTime, choice, entry_key


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
