from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.audit.queries import ENTRIES
from app.errors import Invalid, NotFound
from app.evidence.models import EvidenceFile, EvidenceHolding
from app.policy import Action, Actor

Held = tuple[EvidenceHolding, EvidenceFile, datetime]


def check_held(session: Session, file_hash: str, unit: str, pointer: str) -> None:
    """`Invalid` unless the unit itself uploaded this file; whether another unit holds it is not told."""
    if session.get(EvidenceHolding, (file_hash, unit)) is None:
        raise Invalid(pointer, "no-such-file")


def open_held(session: Session, file_hash: str) -> EvidenceFile:
    """A file whose holding was checked before."""
    return session.exec(select(EvidenceFile).where(EvidenceFile.hash == file_hash)).one()


def referred_to(session: Session, hashes: Collection[str]) -> set[str]:
    """Those of these that are files of ours."""
    return set(session.exec(select(EvidenceFile.hash).where(col(EvidenceFile.hash).in_(hashes))).all())


def kept_of(session: Session, unit: str, sent: str) -> EvidenceFile | None:
    """The picture that was made of these bytes when the unit sent them before, or that they are."""
    asked = select(EvidenceFile).join(EvidenceHolding, col(EvidenceHolding.hash) == EvidenceFile.hash)
    is_it = (col(EvidenceHolding.sent_hash) == sent) | (col(EvidenceHolding.hash) == sent)
    asked = asked.where(EvidenceHolding.unit_code == unit, is_it, col(EvidenceFile.media_type).startswith("image/"))
    return session.exec(asked.limit(1)).one_or_none()


def table(session: Session, actor: Actor, unit: str, sent: str | None, after: UUID | None, limit: int) -> Sequence[Held]:
    """What a unit holds, newest first, one more than `limit`; `sent` is the hash of one file, as it was sent or as it was kept."""
    if not actor.may(Action.FACT_READ, unit):
        raise NotFound
    asked: Any = select(EvidenceHolding, EvidenceFile, ENTRIES.c.at).where(EvidenceHolding.unit_code == unit)
    asked = asked.join(EvidenceFile, col(EvidenceFile.hash) == EvidenceHolding.hash)
    asked = asked.join(ENTRIES, ENTRIES.c.id == EvidenceHolding.entry_id)
    if sent is not None:
        asked = asked.where((col(EvidenceHolding.sent_hash) == sent) | (col(EvidenceHolding.hash) == sent))
    if after is not None:
        asked = asked.where(col(EvidenceHolding.entry_id) < after)
    rows: Sequence[Held] = session.exec(asked.order_by(sa.desc(col(EvidenceHolding.entry_id))).limit(limit + 1)).all()
    return rows
