from datetime import datetime

from pydantic import Field

from app.ranking.rules import Unranked
from app.wire import Instant, Out


class StandingOut(Out):
    place: int | None
    unit: str
    name: str
    points: str | None = Field(examples=["87.25"])
    place_last_week: int | None = Field(description="Hạng vào 24:00 Chủ nhật tuần trước")
    state: Unranked | None = None
    reason: str | None = None
    synthetic: bool


class RulebookRefOut(Out):
    code: str
    version: int
    digest: str


class ClusterStandingsOut(Out):
    cluster: str
    name: str
    rulebook: RulebookRefOut | None
    standings: list[StandingOut]


class RankingOut(Out):
    movement: str
    name: str
    position: int = Field(description="Vị trí nhật ký mà bảng này được tính đến")
    as_of: datetime | None
    until: str | None
    changed_at: Instant
    valid_until: Instant | None
    synthetic: bool
    clusters: list[ClusterStandingsOut]
