from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.followup.rules import ReminderLevel, RequestKind, RequestOutcome
from app.policy import ActorKind
from app.tables import Table, UtcDateTime, choice, entry_key, new_id


class TaskOfficer(Table, table=True):
    """Cán bộ phụ trách of a task inside a unit. The newest version counts; handing over needs a reason."""

    __tablename__ = "task_officer"

    plan_code: str = Field(primary_key=True, max_length=64)
    task_code: str = Field(primary_key=True, max_length=64)
    unit_code: str = Field(primary_key=True, foreign_key="unit.code", max_length=64)
    version: int = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    reason_commitment: str | None = Field(default=None, max_length=64)
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(["plan_code", "task_code"], ["task.plan_code", "task.code"]),
        sa.CheckConstraint("version = 1 OR reason_commitment IS NOT NULL", name="hand_over_needs_reason"),
    )


class TaskUpdate(Table, table=True):
    """Cập nhật tiến độ: what a unit says of its part on the way; the report of completion is a submission."""

    __tablename__ = "task_update"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    plan_code: str = Field(max_length=64)
    task_code: str = Field(max_length=64)
    unit_code: str = Field(foreign_key="unit.code", max_length=64)
    round: int
    """Of the task, when it was said."""
    percent: int | None = None
    note_commitment: str | None = Field(default=None, max_length=64)
    said_at: datetime = Field(sa_type=UtcDateTime)
    sender_kind: ActorKind = Field(sa_type=choice(ActorKind))
    sender_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(["plan_code", "task_code"], ["task.plan_code", "task.code"]),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        sa.CheckConstraint("percent IS NOT NULL OR note_commitment IS NOT NULL", name="says_something"),
        sa.Index(None, "plan_code", "task_code", "unit_code"),
    )


class TaskRequest(Table, table=True):
    """What the lead asks of whoever assigned the task. One at a time: the next may follow when it is decided."""

    __tablename__ = "task_request"

    plan_code: str = Field(primary_key=True, max_length=64)
    task_code: str = Field(primary_key=True, max_length=64)
    number: int = Field(primary_key=True)
    kind: RequestKind = Field(sa_type=choice(RequestKind))
    unit_code: str = Field(foreign_key="unit.code", max_length=64)
    """The lead then."""
    task_version: int
    """What was asked about."""
    due_on: date | None = None
    """Of an extension: the day asked for."""
    lead_code: str | None = Field(default=None, foreign_key="unit.code", max_length=64)
    """The lead that is proposed instead, if any."""
    is_late: bool
    """Asked after the deadline had passed."""
    reason_commitment: str = Field(max_length=64)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    sender_kind: ActorKind = Field(sa_type=choice(ActorKind))
    sender_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["plan_code", "task_code", "task_version"], ["task_version.plan_code", "task_version.task_code", "task_version.version"]
        ),
        sa.CheckConstraint("(kind = 'extension') = (due_on IS NOT NULL)", name="extension_names_a_day"),
        sa.CheckConstraint("kind <> 'extension' OR lead_code IS NULL", name="extension_keeps_the_lead"),
        sa.CheckConstraint("lead_code <> unit_code", name="another_lead"),
    )


class TaskRequestDecision(Table, table=True):
    """Granted, refused or withdrawn: the primary key lets one of them happen, once."""

    __tablename__ = "task_request_decision"

    plan_code: str = Field(primary_key=True, max_length=64)
    task_code: str = Field(primary_key=True, max_length=64)
    number: int = Field(primary_key=True)
    outcome: RequestOutcome = Field(sa_type=choice(RequestOutcome))
    task_version: int | None = None
    """What a grant made of the task."""
    reason_commitment: str | None = Field(default=None, max_length=64)
    decided_at: datetime = Field(sa_type=UtcDateTime)
    decider_kind: ActorKind = Field(sa_type=choice(ActorKind))
    decider_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["plan_code", "task_code", "number"], ["task_request.plan_code", "task_request.task_code", "task_request.number"]
        ),
        sa.ForeignKeyConstraint(
            ["plan_code", "task_code", "task_version"], ["task_version.plan_code", "task_version.task_code", "task_version.version"]
        ),
        sa.CheckConstraint("(outcome = 'granted') = (task_version IS NOT NULL)", name="a_grant_changes_the_task"),
        sa.CheckConstraint("outcome <> 'refused' OR reason_commitment IS NOT NULL", name="refusal_needs_reason"),
    )


class TaskReminder(Table, table=True):
    """Đôn đốc, counted for each unit and task."""

    __tablename__ = "task_reminder"

    plan_code: str = Field(primary_key=True, max_length=64)
    task_code: str = Field(primary_key=True, max_length=64)
    unit_code: str = Field(primary_key=True, foreign_key="unit.code", max_length=64)
    number: int = Field(primary_key=True)
    level: ReminderLevel = Field(sa_type=choice(ReminderLevel))
    reminded_at: datetime = Field(sa_type=UtcDateTime)
    by_kind: ActorKind = Field(sa_type=choice(ActorKind))
    by_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (sa.ForeignKeyConstraint(["plan_code", "task_code"], ["task.plan_code", "task.code"]),)
