from uuid import UUID

from sqlmodel import Field

from app.tables import Table, entry_key


class EvidenceFile(Table, table=True):
    """The metadata of one file; its bytes lie outside the database under their SHA-256. Append-only."""

    __tablename__ = "evidence_file"

    hash: str = Field(primary_key=True, max_length=64)
    size: int
    media_type: str = Field(max_length=100)
    entry_id: UUID = Field(sa_column=entry_key())


class EvidenceHolding(Table, table=True):
    """Which unit uploaded a file: only its holder may cite it, so knowing a hash grants nothing."""

    __tablename__ = "evidence_holding"

    hash: str = Field(primary_key=True, foreign_key="evidence_file.hash", max_length=64)
    unit_code: str = Field(primary_key=True, foreign_key="unit.code", max_length=64)
    sent_hash: str | None = Field(default=None, max_length=64, index=True)
    """Of the bytes as the unit sent them first, where other bytes were kept: a picture is made anew."""
    entry_id: UUID = Field(sa_column=entry_key())
