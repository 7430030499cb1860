"""Files behind reports: which one a citation means, and where else the same file is cited."""

import functools
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.evidence.models import EvidenceFile, EvidenceHolding
from app.policy import Actor
from app.progress.models import SignOff, Submission, SubmissionEvidence
from app.progress.queries import is_within, open_submission, sign_offs, within

Citation = tuple[UUID, int]
"""A report, and which of its documents."""
Holding = tuple[str, str]
"""A file, and a unit that may hold it."""
Subjects = dict[str, set[str]]
"""By file, what reports that cite it are about: of more than two, the first and the last."""
_SUBJECT = ("plan_code", "unit_code", "indicator_code", "period_code", "task_code")
_PARTS: list[Any] = [col(Submission.plan_code), *(sa.func.coalesce(getattr(Submission, name), "") for name in _SUBJECT[1:])]
"""Nothing at all where there is no report."""
_TEXT = functools.reduce(lambda text, part: text + "/" + part, _PARTS)
_ENDS = (sa.func.min(_TEXT), sa.func.max(_TEXT))
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


def cited(session: Session, actor: Actor, hashes: Collection[str]) -> Subjects:
    """What each of these files stands behind, within reach."""
    if not hashes:
        return {}
    asked: Any = select(SubmissionEvidence.file_hash, *_ENDS).join(Submission, col(Submission.id) == SubmissionEvidence.submission_id)
    asked = within(asked.where(col(SubmissionEvidence.file_hash).in_(hashes)), actor).group_by(SubmissionEvidence.file_hash)
    return {file: {first, last} for file, first, last in session.exec(asked).all()}


def held(session: Session, actor: Actor, wanted: Collection[Holding]) -> tuple[set[Holding], Subjects]:
    """Which of these files the unit itself uploaded, and what each stands behind, within reach. What another unit holds is not told."""
    if not wanted:
        return set(), {}
    keys, behind = (EvidenceHolding.hash, EvidenceHolding.unit_code), col(Submission.id) == SubmissionEvidence.submission_id
    asked: Any = select(*keys, *_ENDS).outerjoin(SubmissionEvidence, col(SubmissionEvidence.file_hash) == EvidenceHolding.hash)
    asked = asked.outerjoin(Submission, behind & is_within(actor)).group_by(*keys)
    files, units = (set(some) for some in zip(*wanted, strict=True))
    rows = session.exec(asked.where(col(EvidenceHolding.hash).in_(files), col(EvidenceHolding.unit_code).in_(units))).all()
    return {(file, unit) for file, unit, _, _ in rows}, {file: {first, last} - {None} for file, _, first, last in rows}


def elsewhere(row: Submission, evidence: Collection[SubmissionEvidence], subjects: Subjects) -> set[Citation]:
    """Of what a report cites, that whose file also stands behind a report about something else, or of another unit."""
    own = {subject_text(row)}
    return {(one.submission_id, one.number) for one in evidence if one.file_hash and subjects.get(one.file_hash, own) - own}


def subject_text(row: Any) -> str:
    return "/".join(getattr(row, name) or "" for name in _SUBJECT)


def citing(session: Session, actor: Actor, file_hash: str) -> Sequence[tuple[Submission, int]]:
    """Every report within reach that cites a file, oldest first, at most 1,000."""
    asked: Any = select(Submission, SubmissionEvidence.number)
    asked = asked.join(SubmissionEvidence, col(SubmissionEvidence.submission_id) == Submission.id)
    asked = within(asked.where(SubmissionEvidence.file_hash == file_hash), actor)
    rows: Sequence[tuple[Submission, int]] = session.exec(asked.order_by(col(Submission.id)).limit(_CITING_LIMIT)).all()
    return rows


def shared(session: Session, plan: str) -> dict[str, list[str]]:
    """The units whose reports cite each file that stands behind reports of several; for those who see every unit."""
    joined = col(Submission.id) == SubmissionEvidence.submission_id
    asked: Any = select(SubmissionEvidence.file_hash, Submission.unit_code).join(Submission, joined).distinct()
    asked = asked.where(Submission.plan_code == plan, col(SubmissionEvidence.file_hash).is_not(None))
    found: dict[str, list[str]] = {}
    for file, unit in session.exec(asked).all():
        found.setdefault(file, []).append(unit)
    return {file: sorted(units) for file, units in sorted(found.items()) if len(units) > 1}
