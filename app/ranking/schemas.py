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


class OutcomeOut(Out):
    points: str | None
    place: int | None
    rating: str | None


class ChangeOut(Out):
    """What one unit has now, and would have."""

    unit: str
    name: str
    now: OutcomeOut
    proposed: OutcomeOut
    difference: str | None = Field(description="Điểm thêm (hoặc bớt) theo bảng tiêu chí đề xuất", examples=["-1.25"])


class ProposalOut(Out):
    movement: str
    cluster: str
    in_force: RulebookRefOut | None
    proposed: RulebookRefOut
    changes: list[ChangeOut]
    synthetic: bool


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
