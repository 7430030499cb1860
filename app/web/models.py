from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.tables import Table, UtcDateTime


class IdempotentAnswer(Table, table=True):
    """The answer to a write that bore an Idempotency-Key, stored with its effect. Swept after a set number of days."""

    __tablename__ = "idempotent_answer"

    actor_id: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True, max_length=128)
    request_digest: str = Field(max_length=64)
    status: int = Field(default=0)
    etag: str | None = Field(default=None, max_length=160)
    receipt: str | None = Field(default=None, max_length=96)
    body: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    """None where the answer showed a secret: it is not kept."""
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class WorkerLease(Table, table=True):
    """Which `thidua worker` leads, and until when; the others wait."""

    __tablename__ = "worker_lease"

    name: str = Field(primary_key=True, max_length=32)
    holder: UUID
    until: datetime = Field(sa_type=UtcDateTime)
