from sqlmodel import Session

from app.audit import actions as audit
from app.audit.rules import Subject, unit_scope
from app.evidence.models import EvidenceFile, EvidenceHolding
from app.evidence.rules import Secrecy
from app.evidence.schemas import EvidenceFileOut
from app.policy import Action, Actor
from app.tables import add


def hold(session: Session, actor: Actor, *, unit: str, kept: EvidenceFileOut) -> None:
    """Enter that a unit holds a file whose bytes are kept, declared to bear no state secret. Holding it twice changes nothing."""
    actor.require(Action.EVIDENCE_UPLOAD, unit)
    if session.get(EvidenceHolding, (kept.file, unit)) is not None:
        return
    sent = None if kept.sent == kept.file else kept.sent
    content = {"unit": unit, "hash": kept.file, "size": kept.size, "media_type": kept.media_type, "secrecy": Secrecy.NONE}
    content |= {} if sent is None else {"sent": sent}
    entry_id = audit.record(session, actor, "evidence.held", Subject("evidence", kept.file), [unit_scope(unit)], content)
    if session.get(EvidenceFile, kept.file) is None:
        add(session, EvidenceFile(hash=kept.file, size=kept.size, media_type=kept.media_type, entry_id=entry_id))
    add(session, EvidenceHolding(hash=kept.file, unit_code=unit, sent_hash=sent, entry_id=entry_id))
