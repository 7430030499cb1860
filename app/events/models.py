from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.policy import ActorKind
from app.progress.rules import Outcome
from app.tables import Table, UtcDateTime, choice, entry_key, new_id


class EventKind(Table, table=True):
    """Loại sự việc: what is counted under a plan, and who appraises it. Append-only, by version; the newest counts."""

    __tablename__ = "event_kind"

    plan_code: str = Field(primary_key=True, foreign_key="plan.code", max_length=64)
    code: str = Field(primary_key=True, max_length=64)
    version: int = Field(primary_key=True)
    name: str = Field(max_length=300)
    appraiser_code: str = Field(foreign_key="unit.code", max_length=64)
    alternate_appraiser_code: str = Field(foreign_key="unit.code", max_length=64)
    is_synthetic: bool = False
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (sa.CheckConstraint("alternate_appraiser_code <> appraiser_code", name="own_alternate"),)


class Event(Table, table=True):
    """Sự việc: something that happened to a unit and is counted. What it is worth, its standings say."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    plan_code: str = Field(max_length=64)
    kind_code: str = Field(max_length=64)
    kind_version: int
    """Of the kind that chose the appraiser."""
    unit_code: str = Field(foreign_key="unit.code", max_length=64)
    appraiser_code: str = Field(foreign_key="unit.code", max_length=64, index=True)
    happened_on: date
    due_on: date | None = None
    is_verified: bool
    """As whoever recorded it says; a standing says otherwise."""
    document_number: str = Field(max_length=100)
    document_date: date
    issuer: str = Field(max_length=200)
    file_hash: str | None = Field(default=None, foreign_key="evidence_file.hash", max_length=64, index=True)
    note_commitment: str | None = Field(default=None, max_length=64)
    received_at: datetime = Field(sa_type=UtcDateTime)
    sender_kind: ActorKind = Field(sa_type=choice(ActorKind))
    sender_id: UUID
    is_synthetic: bool = False
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["plan_code", "kind_code", "kind_version"], ["event_kind.plan_code", "event_kind.code", "event_kind.version"]
        ),
        sa.UniqueConstraint("id", "unit_code", "appraiser_code"),
        sa.CheckConstraint("appraiser_code <> unit_code", name="own_appraiser"),
        sa.Index(None, "unit_code", "plan_code", "kind_code"),
    )


class EventStanding(Table, table=True):
    """Acceptance, verification, return or withdrawal of an event: the newest counts."""

    __tablename__ = "event_standing"

    event_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    outcome: Outcome = Field(sa_type=choice(Outcome))
    is_verified: bool
    unit_code: str = Field(max_length=64)
    """The event's unit, held to it by the foreign key."""
    appraiser_code: str = Field(max_length=64)
    by_unit_code: str = Field(foreign_key="unit.code", max_length=64)
    decider_kind: ActorKind = Field(sa_type=choice(ActorKind))
    decider_id: UUID
    reason_commitment: str | None = Field(default=None, max_length=64)
    decided_at: datetime = Field(sa_type=UtcDateTime)
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(["event_id", "unit_code", "appraiser_code"], ["event.id", "event.unit_code", "event.appraiser_code"]),
        sa.CheckConstraint(
            "(outcome = 'withdrawn' AND by_unit_code = unit_code)"
            " OR (outcome <> 'withdrawn' AND by_unit_code = appraiser_code AND by_unit_code <> unit_code)",
            name="own_work",
        ),
        sa.CheckConstraint("outcome <> 'returned' OR reason_commitment IS NOT NULL", name="return_needs_reason"),
    )
