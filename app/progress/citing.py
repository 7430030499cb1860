"""Files behind reports: which one a citation means, and where else the same file is cited."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.evidence.models import EvidenceFile
from app.policy import Actor
from app.progress.models import SignOff, Submission, SubmissionEvidence
from app.progress.queries import open_submission, sign_offs, within

Citation = tuple[UUID, int]
"""A report, and which of its documents."""
_SUBJECT = ("plan_code", "unit_code", "indicator_code", "period_code", "task_code")
_CITING_LIMIT = 1_000


def open_evidence(session: Session, actor: Actor, submission_id: UUID, number: int) -> EvidenceFile:
    """The file that a visible report cites; `NotFound` where the citation bears none."""
    open_submission(session, actor, submission_id)
    cited = session.get(SubmissionEvidence, (submission_id, number))
    file = session.get(EvidenceFile, cited.file_hash) if cited and cited.file_hash else None
    if file is None:
        raise NotFound
    return file


def open_scan(session: Session, actor: Actor, submission_id: UUID) -> EvidenceFile:
    """The scan of what was signed on paper for a visible report; `NotFound` where there is none."""
    open_submission(session, actor, submission_id)
    signed = sign_offs(session, [submission_id]).get(submission_id)
    file = session.get(EvidenceFile, signed.file_hash) if signed and signed.file_hash else None
    if file is None:
        raise NotFound
    return file


def signed_by(session: Session, actor: Actor, file_hash: str) -> Sequence[Submission]:
    """Every report within reach that was signed on the paper of this scan, oldest first, at most 1,000."""
    asked: Any = select(Submission).join(SignOff, col(SignOff.submission_id) == Submission.id).distinct()
    asked = within(asked.where(SignOff.file_hash == file_hash), actor)
    rows: Sequence[Submission] = session.exec(asked.order_by(col(Submission.id)).limit(_CITING_LIMIT)).all()
    return rows


def used_elsewhere(session: Session, actor: Actor, evidence: Collection[SubmissionEvidence]) -> set[Citation]:
    """Those whose file also stands behind a report about something else, or of another unit, within reach."""
    ids = {one.submission_id for one in evidence if one.file_hash is not None}
    if not ids:
        return set()
    other_cited, other = aliased(SubmissionEvidence), aliased(Submission)
    differs = sa.or_(*(getattr(other, name).is_distinct_from(getattr(Submission, name)) for name in _SUBJECT))
    asked: Any = select(SubmissionEvidence.submission_id, SubmissionEvidence.number).distinct()
    asked = asked.join(Submission, col(Submission.id) == SubmissionEvidence.submission_id)
    asked = asked.join(other_cited, col(other_cited.file_hash) == SubmissionEvidence.file_hash)
    asked = asked.join(other, col(other.id) == other_cited.submission_id).where(col(Submission.id).in_(ids), differs)
    return set(map(tuple, session.exec(within(asked, actor, other)).all()))


def citing(session: Session, actor: Actor, file_hash: str) -> Sequence[tuple[Submission, int]]:
    """Every report within reach that cites a file, oldest first, at most 1,000."""
    asked: Any = select(Submission, SubmissionEvidence.number)
    asked = asked.join(SubmissionEvidence, col(SubmissionEvidence.submission_id) == Submission.id)
    asked = within(asked.where(SubmissionEvidence.file_hash == file_hash), actor)
    rows: Sequence[tuple[Submission, int]] = session.exec(asked.order_by(col(Submission.id)).limit(_CITING_LIMIT)).all()
    return rows
