from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.tables import Table, UtcDateTime, entry_key, new_id


class Webhook(Table, table=True):
    """Another system that is told of entries as they are sealed, within the reach of its key. Append-only."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    key_id: UUID = Field(foreign_key="api_key.id", index=True)
    """Whose reach decides what is told; revoked, nothing is told any more."""
    url: str = Field(max_length=500)
    kinds: str | None = Field(default=None, max_length=1000)
    """Kinds of subjects, one space between; None is all."""
    entry_id: UUID = Field(sa_column=entry_key())


class WebhookEnd(Table, table=True):
    __tablename__ = "webhook_end"

    webhook_id: UUID = Field(primary_key=True, foreign_key="webhook.id")
    entry_id: UUID = Field(sa_column=entry_key())


class WebhookDelivery(Table, table=True):
    """How far a webhook has come. Moved by the worker, and back by who asks for a replay."""

    __tablename__ = "webhook_delivery"

    webhook_id: UUID = Field(primary_key=True, foreign_key="webhook.id")
    position: int = Field(sa_type=sa.BigInteger)
    """The trail was told up to here."""
    failures: int = 0
    """In a row, of the entry that comes next."""
    next_try_at: datetime = Field(sa_type=UtcDateTime)
    is_stopped: bool = False
    """After too many failures, or because the receiver said that it is gone."""
    last_outcome: str | None = Field(default=None, max_length=64)
    replays: int = 0
    """How often it was set back: what the worker sent before does not move it on."""
