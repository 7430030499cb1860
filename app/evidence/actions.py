from sqlmodel import Session

from app.audit import actions as audit
from app.audit.rules import Subject, unit_scope
from app.evidence.models import EvidenceFile, EvidenceHolding
from app.policy import Action, Actor
from app.tables import add


def hold(session: Session, actor: Actor, *, unit: str, file_hash: str, size: int, media_type: str) -> None:
    """Enter that a unit holds a file whose bytes are kept. Holding it twice changes nothing."""
    actor.require(Action.EVIDENCE_UPLOAD, unit)
    if session.get(EvidenceHolding, (file_hash, unit)) is not None:
        return
    content = {"unit": unit, "hash": file_hash, "size": size, "media_type": media_type}
    entry_id = audit.record(session, actor, "evidence.held", Subject("evidence", file_hash), [unit_scope(unit)], content)
    if session.get(EvidenceFile, file_hash) is None:
        add(session, EvidenceFile(hash=file_hash, size=size, media_type=media_type, entry_id=entry_id))
    add(session, EvidenceHolding(hash=file_hash, unit_code=unit, entry_id=entry_id))
