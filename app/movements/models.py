from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.calendar.rules import Roll
from app.movements.rules import MovementKind, MovementState, Phase
from app.tables import Table, choice, entry_key


class Movement(Table, table=True):
    """Phong trào thi đua. What may change stands in its versions."""

    code: str = Field(primary_key=True, max_length=64)
    plan_code: str = Field(foreign_key="plan.code", max_length=64)
    kind: MovementKind = Field(sa_type=choice(MovementKind))
    is_synthetic: bool = False
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (sa.UniqueConstraint("code", "plan_code"),)


class MovementVersion(Table, table=True):
    __tablename__ = "movement_version"

    movement_code: str = Field(primary_key=True, foreign_key="movement.code", max_length=64)
    version: int = Field(primary_key=True)
    name: str = Field(max_length=300)
    state: MovementState = Field(sa_type=choice(MovementState))
    phase: Phase = Field(sa_type=choice(Phase))
    window_from: date
    window_to: date
    """The last day, inclusive."""
    launched_on: date
    goal_on: date
    ceremony_on: date | None = None
    closes_on: date
    """The last day on which a report still counts here."""
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.CheckConstraint("window_to >= window_from", name="window"),
        sa.CheckConstraint("goal_on >= launched_on", name="goal_after_launch"),
    )


class Cluster(Table, table=True):
    """Cụm / khối thi đua: units are compared only inside one."""

    movement_code: str = Field(primary_key=True, foreign_key="movement.code", max_length=64)
    code: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=300)
    ordinal: int = 0
    """Where it stands among the clusters on a page."""
    is_synthetic: bool = False
    entry_id: UUID = Field(sa_column=entry_key())


class Registration(Table, table=True):
    """A unit's place in a cluster, and its entry (đăng ký) once it has one. Append-only, by version."""

    movement_code: str = Field(primary_key=True, max_length=64)
    unit_code: str = Field(primary_key=True, foreign_key="unit.code", max_length=64)
    version: int = Field(primary_key=True)
    cluster_code: str = Field(max_length=64)
    registered_on: date | None = None
    """None: not registered, hence excluded (không xét)."""
    is_synthetic: bool = False
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (sa.ForeignKeyConstraint(["movement_code", "cluster_code"], ["cluster.movement_code", "cluster.code"]),)


class Milestone(Table, table=True):
    """Mốc. Append-only, by version."""

    movement_code: str = Field(primary_key=True, foreign_key="movement.code", max_length=64)
    code: str = Field(primary_key=True, max_length=64)
    version: int = Field(primary_key=True)
    name: str = Field(max_length=300)
    due_on: date
    roll: Roll = Field(sa_type=choice(Roll))
    is_synthetic: bool = False
    entry_id: UUID = Field(sa_column=entry_key())


class AdoptedIndicator(Table, table=True):
    """The movement takes this indicator's figures, in its own window where it has one."""

    __tablename__ = "adopted_indicator"

    movement_code: str = Field(primary_key=True, max_length=64)
    indicator_code: str = Field(primary_key=True, max_length=64)
    plan_code: str = Field(max_length=64)
    window_from: date | None = None
    window_to: date | None = None
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(["movement_code", "plan_code"], ["movement.code", "movement.plan_code"]),
        sa.ForeignKeyConstraint(["plan_code", "indicator_code"], ["indicator.plan_code", "indicator.code"]),
    )


class AdoptedTask(Table, table=True):
    __tablename__ = "adopted_task"

    movement_code: str = Field(primary_key=True, max_length=64)
    task_code: str = Field(primary_key=True, max_length=64)
    plan_code: str = Field(max_length=64)
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(["movement_code", "plan_code"], ["movement.code", "movement.plan_code"]),
        sa.ForeignKeyConstraint(["plan_code", "task_code"], ["task.plan_code", "task.code"]),
    )
