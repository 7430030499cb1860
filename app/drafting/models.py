from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from app.policy import ActorKind
from app.tables import Table, UtcDateTime, choice, new_id


class ReportDraft(Table, table=True):
    """Bản soạn: a report that is kept ready until somebody signs and sends it. It may change and go; the trail tells of it."""

    __tablename__ = "report_draft"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    unit_code: str = Field(foreign_key="unit.code", max_length=64, index=True)
    version: int
    body: str
    """JSON, as it was sent."""
    author_kind: ActorKind = Field(sa_type=choice(ActorKind))
    """Who changed it last."""
    author_id: UUID
    kept_at: datetime = Field(sa_type=UtcDateTime)
    """When it was changed last: by this instant it is judged whether the report is late."""
