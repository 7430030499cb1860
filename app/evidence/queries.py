from sqlmodel import Session

from app.errors import Invalid
from app.evidence.models import EvidenceHolding


def check_held(session: Session, file_hash: str, unit: str, pointer: str) -> None:
    """`Invalid` unless the unit itself uploaded this file; whether another unit holds it is not told."""
    if session.get(EvidenceHolding, (file_hash, unit)) is None:
        raise Invalid(pointer, "no-such-file")
