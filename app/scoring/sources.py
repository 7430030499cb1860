"""What a line of a sheet rests on, by the ids that the engine hands back: reports, events, results, waivers."""

from collections.abc import Callable, Collection, Iterator
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.audit import queries as audit
from app.audit.models import Entry
from app.events.models import Event, EventStanding
from app.marks.models import Result, Waiver
from app.progress.models import Decision, Submission
from app.progress.queries import evidence_of
from app.progress.rules import Outcome
from app.scoring.rules import SourceKind
from app.scoring.schemas import SourceOut
from app.web.numbers import worded_day

Found = tuple[str, SourceOut]
"""Whose it is, and what it is."""


def sources(session: Session, ids: Collection[UUID], seq: int | None, sees: Callable[[str], bool]) -> dict[UUID, SourceOut]:
    """As known at a trail position; of the units that the reader sees."""
    if not ids:
        return {}
    found = (*_submissions(session, ids, seq), *_events(session, ids, seq), *_granted(session, ids))
    return {one.id: one for unit, one in found if sees(unit)}


def _submissions(session: Session, ids: Collection[UUID], seq: int | None) -> Iterator[Found]:
    joined = select(Submission, Decision).outerjoin(Decision, col(Decision.submission_id) == Submission.id)
    evidence = evidence_of(session, ids)
    for row, decision in session.exec(joined.where(col(Submission.id).in_(ids))).all():
        held = evidence.get(row.id, [])
        yield (
            row.unit_code,
            SourceOut(
                kind=SourceKind.SUBMISSION,
                id=row.id,
                submission=row.id,
                period=row.period_code,
                evidence=[one.file_hash for one in held if one.file_hash is not None],
                documents=[f"{one.document_number} ({worded_day(one.document_date)})" for one in held],
                reviewer=decision.by_unit_code if decision is not None and _accepts(session, decision, seq) else None,
                reason=_why_corrected(session, decision, seq),
                received_at=row.received_at,
            ),
        )


def _why_corrected(session: Session, decision: Decision | None, seq: int | None) -> str | None:
    """Why another figure was accepted than the one sent."""
    if decision is None or decision.figure is None or not _accepts(session, decision, seq):
        return None
    return audit.text(session, decision.reason_commitment)


def _events(session: Session, ids: Collection[UUID], seq: int | None) -> Iterator[Found]:
    asked = select(EventStanding).where(col(EventStanding.event_id).in_(ids)).order_by(col(EventStanding.version))
    standing = {row.event_id: row for row in session.exec(asked).all() if _is_known(session, row, seq)}
    for row in session.exec(select(Event).where(col(Event.id).in_(ids))).all():
        newest = standing.get(row.id)
        yield (
            row.unit_code,
            SourceOut(
                kind=SourceKind.EVENT,
                id=row.id,
                evidence=[] if row.file_hash is None else [row.file_hash],
                documents=[f"{row.document_number} ({worded_day(row.document_date)})"],
                reviewer=newest.by_unit_code if newest is not None and newest.outcome is Outcome.ACCEPTED else None,
                received_at=row.received_at,
            ),
        )


def _granted(session: Session, ids: Collection[UUID]) -> Iterator[Found]:
    """Their id is that of the trail's entry."""
    for kind, table in ((SourceKind.RESULT, Result), (SourceKind.WAIVER, Waiver)):
        asked: Any = select(table, Entry.at).join(Entry, col(Entry.id) == table.entry_id)
        for row, at in session.exec(asked.where(col(table.entry_id).in_(ids))).all():
            reason = audit.text(session, row.reason_commitment) if isinstance(row, Waiver) else None
            yield row.unit_code, SourceOut(kind=kind, id=row.entry_id, documents=[row.document], reason=reason, received_at=at)


def _accepts(session: Session, decision: Decision | None, seq: int | None) -> bool:
    return decision is not None and decision.outcome is Outcome.ACCEPTED and _is_known(session, decision, seq)


def _is_known(session: Session, row: Decision | EventStanding, seq: int | None) -> bool:
    return seq is None or audit.place_of(session, row.entry_id) <= seq
