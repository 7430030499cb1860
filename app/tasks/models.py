from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.calendar.rules import Roll
from app.tables import Table, choice, entry_key
from app.tasks.rules import TaskStanding


class SourceDocument(Table, table=True):
    """Văn bản giao việc: what the tasks come out of."""

    __tablename__ = "source_document"

    plan_code: str = Field(primary_key=True, foreign_key="plan.code", max_length=64)
    code: str = Field(primary_key=True, max_length=64)
    number: str | None = Field(default=None, max_length=100)
    """Số, ký hiệu; None where the source prints none."""
    issued_on: date
    issuer: str = Field(max_length=200)
    abstract: str = Field(max_length=1000)
    signatory_commitment: str | None = Field(default=None, max_length=64)
    """Who signed it: a name, so it stands in an erasable text."""
    is_synthetic: bool = False
    entry_id: UUID = Field(sa_column=entry_key())


class Task(Table, table=True):
    """Nhiệm vụ. What may change stands in its versions."""

    plan_code: str = Field(primary_key=True, foreign_key="plan.code", max_length=64)
    code: str = Field(primary_key=True, max_length=64)
    document_code: str | None = Field(default=None, max_length=64)
    point: str | None = Field(default=None, max_length=100)
    """Where the document says it: "II.3.a"."""
    series_code: str | None = Field(default=None, max_length=64)
    """Of a recurring task: what its occurrences share; each is a task of its own."""
    period_code: str | None = Field(default=None, max_length=16)
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (sa.ForeignKeyConstraint(["plan_code", "document_code"], ["source_document.plan_code", "source_document.code"]),)


class TaskVersion(Table, table=True):
    """A task as it stands from an entry on: amended, suspended, recalled, to be done anew. The newest counts."""

    __tablename__ = "task_version"

    plan_code: str = Field(primary_key=True, max_length=64)
    task_code: str = Field(primary_key=True, max_length=64)
    version: int = Field(primary_key=True)
    title: str = Field(max_length=1000)
    lead_code: str = Field(foreign_key="unit.code", max_length=64, index=True)
    """Chủ trì: exactly one."""
    appraiser_code: str = Field(foreign_key="unit.code", max_length=64)
    """Who confirms completion."""
    deadline_phrase: str | None = Field(default=None, max_length=200)
    due_on: date | None = None
    roll: Roll = Field(sa_type=choice(Roll))
    deliverable: str | None = Field(default=None, max_length=500)
    weight: int | None = None
    """1 to 100, as whoever assigned it weighs it."""
    standing: TaskStanding = Field(default=TaskStanding.ACTIVE, sa_type=choice(TaskStanding))
    round: int = 1
    """How often it was to be done: only what was reported in this round counts."""
    reason_commitment: str | None = Field(default=None, max_length=64)
    """Why this version, where a reason is asked."""
    is_synthetic: bool = False
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(["plan_code", "task_code"], ["task.plan_code", "task.code"]),
        sa.CheckConstraint("appraiser_code <> lead_code", name="own_appraiser"),
        sa.CheckConstraint("weight BETWEEN 1 AND 100", name="weight"),
        sa.CheckConstraint("standing = 'active' OR reason_commitment IS NOT NULL", name="standing_needs_reason"),
    )


class TaskCoordinator(Table, table=True):
    """Phối hợp, of one version of a task."""

    __tablename__ = "task_coordinator"

    plan_code: str = Field(primary_key=True, max_length=64)
    task_code: str = Field(primary_key=True, max_length=64)
    version: int = Field(primary_key=True)
    unit_code: str = Field(primary_key=True, foreign_key="unit.code", max_length=64)

    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["plan_code", "task_code", "version"], ["task_version.plan_code", "task_version.task_code", "task_version.version"]
        ),
    )


class TaskMilestone(Table, table=True):
    """A step on the way, of one version of a task."""

    __tablename__ = "task_milestone"

    plan_code: str = Field(primary_key=True, max_length=64)
    task_code: str = Field(primary_key=True, max_length=64)
    version: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    title: str = Field(max_length=300)
    due_on: date

    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["plan_code", "task_code", "version"], ["task_version.plan_code", "task_version.task_code", "task_version.version"]
        ),
    )
