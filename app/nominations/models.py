from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.nominations.rules import NominationState
from app.policy import ActorKind
from app.tables import Table, UtcDateTime, choice, entry_key, new_id


class Nomination(Table, table=True):
    """Hồ sơ đề nghị khen thưởng, of a collective or an individual. What it says and what became of it stand in its steps."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    movement_code: str = Field(max_length=64)
    scheme_version: int
    award_code: str = Field(max_length=64)
    unit_code: str = Field(foreign_key="unit.code", max_length=64, index=True)
    """Who nominates."""
    collective_code: str | None = Field(default=None, foreign_key="unit.code", max_length=64)
    name_commitment: str | None = Field(default=None, max_length=64)
    """Of an individual: name and post are personal data."""
    post_commitment: str | None = Field(default=None, max_length=64)
    is_synthetic: bool = False
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(["movement_code", "scheme_version"], ["award_scheme.movement_code", "award_scheme.version"]),
        sa.CheckConstraint("(collective_code IS NULL) = (name_commitment IS NOT NULL)", name="of_somebody"),
        sa.UniqueConstraint("movement_code", "award_code", "collective_code", name="uq_nomination_of_a_collective"),
        sa.UniqueConstraint("id", "movement_code", "award_code", name="uq_nomination_award"),
    )


class NominationStep(Table, table=True):
    """What happened to a dossier: the newest counts. `content` is what was sent, in canonical JSON."""

    __tablename__ = "nomination_step"

    nomination_id: UUID = Field(primary_key=True, foreign_key="nomination.id")
    version: int = Field(primary_key=True)
    state: NominationState = Field(sa_type=choice(NominationState))
    content: str = Field(sa_type=sa.Text)
    """Of a step that sends nothing anew, what was sent before."""
    is_late: bool
    """What counts of it came after its last day."""
    due_on: date | None = None
    reason_commitment: str | None = Field(default=None, max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    by_kind: ActorKind = Field(sa_type=choice(ActorKind))
    by_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.CheckConstraint(
            "(state = 'returned') = (due_on IS NOT NULL) AND (state <> 'returned' OR reason_commitment IS NOT NULL)",
            name="return_needs_a_day_and_a_reason",
        ),
    )
