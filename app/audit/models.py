"""The trail and its head. Both are written by `audit.actions.seal` alone."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.policy import ActorKind
from app.tables import Table, UtcDateTime, choice


class Entry(Table, table=True):
    """One thing that happened. Ids, codes and digests only: no free text, no personal data. Append-only."""

    id: UUID = Field(primary_key=True)
    seq: int = Field(sa_type=sa.BigInteger, unique=True)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_kind: ActorKind = Field(sa_type=choice(ActorKind))
    actor_id: UUID
    verb: str = Field(max_length=64)
    subject_kind: str = Field(max_length=32)
    subject_id: str = Field(max_length=160)
    scope: str
    """Whom it touches: `unit:…`, `movement:…`, `person:…` or `all`, sorted, one space between."""
    digest: str = Field(max_length=64)
    leaf: bytes = Field(max_length=32)

    __table_args__ = (
        sa.Index(None, "subject_kind", "subject_id", "seq"),
        sa.Index(None, "at", "seq"),
    )


class TrailHead(Table, table=True):
    """The one row behind which all writers queue, last before commit."""

    __tablename__ = "trail_head"

    id: int = Field(primary_key=True)
    size: int = Field(sa_type=sa.BigInteger)
    at: datetime = Field(sa_type=UtcDateTime)
    frontier: str
    """Hexadecimal roots of the perfect subtrees, largest first, one space between."""
    clock_offset_seconds: int = Field(default=0, sa_type=sa.BigInteger)
    """How far a demo's clock stands from the real one; zero elsewhere."""

    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)


class ErasableText(Table, table=True):
    """Free text and names. The append-only row keeps only the salted commitment, so a person can be forgotten."""

    __tablename__ = "erasable_text"

    commitment: str = Field(primary_key=True, max_length=64)
    salt: bytes = Field(max_length=32)
    text: str
