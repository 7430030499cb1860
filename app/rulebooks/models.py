from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.tables import Table, entry_key, new_id


class RulebookVersion(Table, table=True):
    """Bảng tiêu chí: one version of one rulebook, as its canonical JSON. Append-only."""

    __tablename__ = "rulebook_version"

    code: str = Field(primary_key=True, max_length=64)
    version: int = Field(primary_key=True)
    digest: str = Field(unique=True, max_length=64)
    document: str = Field(sa_type=sa.Text)
    is_synthetic: bool
    author_id: UUID
    """Who wrote it; somebody else adopts it."""
    entry_id: UUID = Field(sa_column=entry_key())


class RulebookAdoption(Table, table=True):
    """From `effective_from` on, this version scores the movement, or one cluster of it. Append-only."""

    __tablename__ = "rulebook_adoption"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    movement_code: str = Field(foreign_key="movement.code", max_length=64, index=True)
    cluster_code: str | None = Field(default=None, max_length=64)
    rulebook_code: str = Field(max_length=64)
    rulebook_version: int
    effective_from: date
    acknowledged: str = Field(default="", sa_type=sa.Text, sa_column_kwargs={"server_default": ""})
    """Slugs of the warnings that were read, by name."""
    adopter_id: UUID
    author_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(["rulebook_code", "rulebook_version"], ["rulebook_version.code", "rulebook_version.version"]),
        sa.ForeignKeyConstraint(["movement_code", "cluster_code"], ["cluster.movement_code", "cluster.code"]),
        sa.CheckConstraint("adopter_id <> author_id", name="own_rulebook"),
    )
