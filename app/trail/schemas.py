from typing import Any

from pydantic import Field

from app.wire import Instant, Out


class EntryOut(Out):
    seq: int
    at: Instant
    verb: str = Field(examples=["progress.accepted"])
    actor_kind: str
    actor_id: str
    subject_kind: str
    subject_id: str
    scope: list[str]
    digest: str
    leaf: str


def shown(row: Any) -> EntryOut:
    return EntryOut(
        seq=row.seq,
        at=row.at,
        verb=row.verb,
        actor_kind=row.actor_kind,
        actor_id=str(row.actor_id),
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        scope=row.scope.split(),
        digest=row.digest,
        leaf=row.leaf.hex(),
    )
