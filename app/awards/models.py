from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.awards.rules import LineKind
from app.policy import ActorKind
from app.progress.rules import Capacity
from app.tables import Table, UtcDateTime, choice, entry_key, new_id


class AwardProposal(Table, table=True):
    """Phương án khen thưởng: what the rules make of a publication, and where people depart from it. Append-only, like all tables here."""

    __tablename__ = "award_proposal"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    movement_code: str = Field(max_length=64, index=True)
    publication: int
    scheme_version: int
    content: str = Field(sa_type=sa.Text)
    """Canonical JSON of what was solved: allotments, and each check of each candidate."""
    made_at: datetime = Field(sa_type=UtcDateTime)
    by_kind: ActorKind = Field(sa_type=choice(ActorKind))
    by_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(["movement_code", "publication"], ["publication.movement_code", "publication.number"]),
        sa.ForeignKeyConstraint(["movement_code", "scheme_version"], ["award_scheme.movement_code", "award_scheme.version"]),
        sa.UniqueConstraint("id", "movement_code", name="uq_award_proposal_movement"),
    )


class AwardProposalLine(Table, table=True):
    """One dossier in a proposal, or one that the rules put there and people left out."""

    __tablename__ = "award_proposal_line"

    proposal_id: UUID = Field(primary_key=True)
    nomination_id: UUID = Field(primary_key=True)
    movement_code: str = Field(max_length=64)
    award_code: str = Field(max_length=64)
    kind: LineKind = Field(sa_type=choice(LineKind))
    reason_commitment: str | None = Field(default=None, max_length=64)
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(["proposal_id", "movement_code"], ["award_proposal.id", "award_proposal.movement_code"]),
        sa.ForeignKeyConstraint(
            ["nomination_id", "movement_code", "award_code"], ["nomination.id", "nomination.movement_code", "nomination.award_code"]
        ),
        sa.CheckConstraint("(kind IN ('added', 'left_out')) = (reason_commitment IS NOT NULL)", name="departure_needs_reason"),
    )


class AwardMotion(Table, table=True):
    """What the council votes on one line of a proposal."""

    __tablename__ = "award_motion"

    motion_id: UUID = Field(primary_key=True, foreign_key="motion.id")
    proposal_id: UUID
    nomination_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(["proposal_id", "nomination_id"], ["award_proposal_line.proposal_id", "award_proposal_line.nomination_id"]),
        sa.UniqueConstraint("proposal_id", "nomination_id", name="uq_award_motion_of_a_line"),
    )


class AwardDecision(Table, table=True):
    """Quyết định khen thưởng, drafted here and signed elsewhere."""

    __tablename__ = "award_decision"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    movement_code: str = Field(max_length=64, index=True)
    proposal_id: UUID
    supersedes_id: UUID | None = Field(default=None, foreign_key="award_decision.id", index=True)
    drafted_at: datetime = Field(sa_type=UtcDateTime)
    by_kind: ActorKind = Field(sa_type=choice(ActorKind))
    by_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (sa.ForeignKeyConstraint(["proposal_id", "movement_code"], ["award_proposal.id", "award_proposal.movement_code"]),)


class AwardDecisionLine(Table, table=True):
    """Granted or not; a departure from what the council advised has a reason."""

    __tablename__ = "award_decision_line"

    decision_id: UUID = Field(primary_key=True, foreign_key="award_decision.id")
    nomination_id: UUID = Field(primary_key=True, foreign_key="nomination.id")
    is_granted: bool
    is_advised: bool | None = None
    """What the council's motion came to; None where there was no vote."""
    motion_id: UUID | None = Field(default=None, foreign_key="motion.id")
    """That motion."""
    is_separate: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    """Not the same person, or collective, as another with an exclusive award, although they look it."""
    reason_commitment: str | None = Field(default=None, max_length=64)
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.CheckConstraint(
            "reason_commitment IS NOT NULL OR is_granted = COALESCE(is_advised, false)",
            name="departure_needs_reason",
        ),
        sa.CheckConstraint("NOT is_separate OR (is_granted AND reason_commitment IS NOT NULL)", name="separate_needs_reason"),
    )


class AwardSignature(Table, table=True):
    """Number, date and the signed file, as they came from the document system; the file's own signature is recorded as it was stated."""

    __tablename__ = "award_signature"

    decision_id: UUID = Field(primary_key=True, foreign_key="award_decision.id")
    number: str = Field(max_length=100)
    signed_on: date
    capacity: Capacity = Field(sa_type=choice(Capacity))
    signatory: str = Field(max_length=200)
    """The office, not the name."""
    file_sha256: str = Field(max_length=64)
    signature_stated: str = Field(max_length=200)
    base_salary: int | None = None
    """In đồng, of the day of signing, by which the money was reckoned."""
    base_salary_source: str | None = Field(default=None, max_length=200)
    by_kind: ActorKind = Field(sa_type=choice(ActorKind))
    by_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (sa.UniqueConstraint("number", "signed_on", name="uq_award_signature_number"),)


class AwardAnnulment(Table, table=True):
    """Hủy bỏ, thu hồi quyết định; it stays readable."""

    __tablename__ = "award_annulment"

    decision_id: UUID = Field(primary_key=True, foreign_key="award_signature.decision_id")
    document: str = Field(max_length=200)
    """Number and date of what annuls it."""
    reason_commitment: str = Field(max_length=64)
    annulled_at: datetime = Field(sa_type=UtcDateTime)
    by_kind: ActorKind = Field(sa_type=choice(ActorKind))
    by_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())


class AwardPublication(Table, table=True):
    """The final publication that was drafted with a decision."""

    __tablename__ = "award_publication"

    draft_id: UUID = Field(primary_key=True, foreign_key="publication_draft.id")
    decision_id: UUID = Field(foreign_key="award_signature.decision_id", index=True)
    entry_id: UUID = Field(sa_column=entry_key())
