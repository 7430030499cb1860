from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.policy import ActorKind
from app.progress.rules import Capacity, Doubt, Outcome
from app.tables import Figure, Table, UtcDateTime, choice, entry_key, new_id


class Submission(Table, table=True):
    """Báo cáo: a claim of a unit about an indicator in a period, or about a task. Superseded, never edited."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    plan_code: str = Field(max_length=64)
    unit_code: str = Field(foreign_key="unit.code", max_length=64)
    indicator_code: str | None = Field(default=None, max_length=64)
    period_code: str | None = Field(default=None, max_length=16)
    task_code: str | None = Field(default=None, max_length=64)
    version: int
    """Of the claim: 1 for the first about this subject, then without gaps."""
    appraiser_code: str = Field(foreign_key="unit.code", max_length=64, index=True)
    """Who answers it; chosen when it came in, the alternate where the appraiser is the sender."""
    supplier_code: str | None = Field(default=None, foreign_key="unit.code", max_length=64, index=True)
    """Who entered it for the unit, where the indicator names a data supplier."""
    objection_until: date | None = None
    """Of a supplied figure: the last day on which the unit may object; before it is over, or the unit has, it is not accepted."""
    figure: Decimal | None = Field(default=None, sa_type=Figure)
    completed_on: date | None = None
    task_round: int | None = None
    """Of a task's completion: which time it was to be done; None is the first."""
    as_coordinator: bool | None = None
    """Of a task's completion: whether the unit reported the part of a coordinator; None is the lead's."""
    due_on: date | None = None
    """Of a task, the deadline of the work; else the last day on which the report is not late. As it stood when it came, after the roll."""
    note_commitment: str | None = Field(default=None, max_length=64)
    received_at: datetime = Field(sa_type=UtcDateTime)
    prepared_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the officer's draft, sent as it stood by whoever signs, was last changed: by this it is judged whether it is late."""
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it was sent by the sender's own clock: a claim, by which nothing is judged."""
    is_late: bool
    doubt: Doubt | None = Field(default=None, sa_type=choice(Doubt))
    """Why the sender was asked to confirm the figure, and did."""
    is_estimate: bool = False
    """Ước thực hiện: counts until the outturn is reported in its place."""
    is_outside_window: bool = False
    """Some evidence is dated outside the period."""
    sender_kind: ActorKind = Field(sa_type=choice(ActorKind))
    sender_id: UUID
    is_synthetic: bool = False
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(["plan_code", "indicator_code"], ["indicator.plan_code", "indicator.code"]),
        sa.ForeignKeyConstraint(["plan_code", "task_code"], ["task.plan_code", "task.code"]),
        sa.UniqueConstraint("plan_code", "unit_code", "indicator_code", "period_code", "version"),
        sa.UniqueConstraint("plan_code", "unit_code", "task_code", "version"),
        sa.UniqueConstraint("id", "unit_code", "appraiser_code"),
        sa.CheckConstraint(
            "(indicator_code IS NOT NULL AND period_code IS NOT NULL AND figure IS NOT NULL"
            " AND task_code IS NULL AND completed_on IS NULL)"
            " OR (task_code IS NOT NULL AND completed_on IS NOT NULL"
            " AND indicator_code IS NULL AND period_code IS NULL AND figure IS NULL)",
            name="one_subject",
        ),
        sa.CheckConstraint("appraiser_code <> unit_code", name="own_appraiser"),
        sa.CheckConstraint("supplier_code <> appraiser_code AND supplier_code <> unit_code", name="supplied"),
    )


class SubmissionEvidence(Table, table=True):
    """Minh chứng: the document that stands behind a claim, and its file where there is one."""

    __tablename__ = "submission_evidence"

    submission_id: UUID = Field(primary_key=True, foreign_key="submission.id")
    number: int = Field(primary_key=True)
    document_number: str = Field(max_length=100)
    document_date: date
    issuer: str = Field(max_length=200)
    file_hash: str | None = Field(default=None, foreign_key="evidence_file.hash", max_length=64, index=True)


class SubmissionObjection(Table, table=True):
    """Ý kiến: that a unit does not agree with a figure that was supplied for it. Once; the appraiser answers in deciding. Append-only."""

    __tablename__ = "submission_objection"

    submission_id: UUID = Field(primary_key=True, foreign_key="submission.id")
    reason_commitment: str = Field(max_length=64)
    objector_kind: ActorKind = Field(sa_type=choice(ActorKind))
    objector_id: UUID
    objected_at: datetime = Field(sa_type=UtcDateTime)
    entry_id: UUID = Field(sa_column=entry_key())


class SignOff(Table, table=True):
    """Ký duyệt: that somebody signed a report for the unit, here or on paper. Recorded beside it; nothing is judged by it."""

    __tablename__ = "sign_off"

    submission_id: UUID = Field(primary_key=True, foreign_key="submission.id")
    version: int = Field(primary_key=True)
    """What was signed on paper may be attached anew, or signed here after all; the newest stands."""
    capacity: Capacity = Field(sa_type=choice(Capacity))
    document_number: str | None = Field(default=None, max_length=100)
    """Of the document signed on paper; None where it was signed here."""
    document_date: date | None = None
    signatory_commitment: str | None = Field(default=None, max_length=64)
    file_hash: str | None = Field(default=None, foreign_key="evidence_file.hash", max_length=64, index=True)
    signer_kind: ActorKind = Field(sa_type=choice(ActorKind))
    """Who signed here, or who attached the paper."""
    signer_id: UUID
    signed_at: datetime = Field(sa_type=UtcDateTime)
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.CheckConstraint(
            "(document_number IS NULL AND document_date IS NULL AND signatory_commitment IS NULL AND file_hash IS NULL)"
            " OR (document_number IS NOT NULL AND document_date IS NOT NULL"
            " AND signatory_commitment IS NOT NULL AND file_hash IS NOT NULL)",
            name="here_or_on_paper",
        ),
    )


class Decision(Table, table=True):
    """Acceptance, return or withdrawal. The primary key lets one of them happen, once."""

    __tablename__ = "submission_decision"

    submission_id: UUID = Field(primary_key=True)
    outcome: Outcome = Field(sa_type=choice(Outcome))
    unit_code: str = Field(max_length=64)
    """The sender's unit, held to the submission's by the foreign key."""
    appraiser_code: str = Field(max_length=64)
    by_unit_code: str = Field(foreign_key="unit.code", max_length=64)
    """For which unit the decider acted."""
    figure: Decimal | None = Field(default=None, sa_type=Figure)
    """What was accepted instead of the figure that was claimed."""
    decider_kind: ActorKind = Field(sa_type=choice(ActorKind))
    decider_id: UUID
    supplement_due_on: date | None = None
    """Of what was returned: the last day on which it may be sent anew as if it had come the first time."""
    reason_commitment: str | None = Field(default=None, max_length=64)
    decided_at: datetime = Field(sa_type=UtcDateTime)
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["submission_id", "unit_code", "appraiser_code"], ["submission.id", "submission.unit_code", "submission.appraiser_code"]
        ),
        sa.CheckConstraint(
            "(outcome = 'withdrawn' AND by_unit_code = unit_code)"
            " OR (outcome <> 'withdrawn' AND by_unit_code = appraiser_code AND by_unit_code <> unit_code)",
            name="own_work",
        ),
        sa.CheckConstraint("outcome <> 'returned' OR reason_commitment IS NOT NULL", name="return_needs_reason"),
        sa.CheckConstraint("supplement_due_on IS NULL OR outcome = 'returned'", name="supplement_of_a_return"),
        sa.CheckConstraint("figure IS NULL OR (outcome = 'accepted' AND reason_commitment IS NOT NULL)", name="corrected_with_reason"),
    )
