from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.policy import ActorKind
from app.tables import Table, choice, entry_key


class AwardScheme(Table, table=True):
    """Quy định khen thưởng của một phong trào, as data. Append-only, by version; the newest counts."""

    __tablename__ = "award_scheme"

    movement_code: str = Field(primary_key=True, foreign_key="movement.code", max_length=64)
    version: int = Field(primary_key=True)
    content: str = Field(sa_type=sa.Text)
    """Canonical JSON of `AwardSchemeIn`."""
    by_kind: ActorKind = Field(sa_type=choice(ActorKind))
    by_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())
