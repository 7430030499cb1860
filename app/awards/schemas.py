from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.awards.rules import Criterion, LineKind
from app.council.rules import MotionState
from app.nominations.schemas import NominationLineOut
from app.ranking.rules import Unranked
from app.schemes.rules import PlanStep
from app.wire import In, Instant, Out, Text, example

EXAMPLE_ID = "0190a1b2-0000-7000-8000-000000000001"
Id = Annotated[UUID, Field(strict=False)]


class CheckOut(Out):
    criterion: Criterion
    met: bool
    sentence: str
    found: str | None
    wanted: str | None


class CandidateOut(Out):
    """Somebody the rules looked at for one award."""

    nomination: UUID | None = Field(description="Trống: tập thể chưa được đề nghị")
    award: str
    unit: str
    name: str | None
    place: int | None
    points: str | None
    rating: str | None
    state: Unranked | None
    checks: list[CheckOut]


class AllotmentOut(Out):
    award: str
    name: str
    cluster: str | None
    base: int | None = Field(description="Mẫu số của hạn mức")
    places: int | None = Field(description="Số suất; trống là không hạn mức")
    recipients: list[CandidateOut]
    sharing: list[CandidateOut] = Field(description="Đồng hạng tại suất cuối: Hội đồng quyết định")
    next_in_line: list[CandidateOut]
    near_misses: list[CandidateOut] = Field(description="Chỉ thiếu một điều kiện")
    others: list[CandidateOut]


class SolvedOut(Out):
    """What the scheme makes of a publication. People decide."""

    movement: str
    publication: int
    digest: str
    scheme: int
    allotments: list[AllotmentOut]
    synthetic: bool


class DepartureIn(In):
    """Who is taken although the rules do not propose them, or left out although they do."""

    nomination: Id
    take: bool
    reason: Text


class AwardProposalIn(In):
    model_config = example(publication=1, departures=[{"nomination": EXAMPLE_ID, "take": False, "reason": "Đang xác minh đơn thư."}])

    publication: Annotated[int, Field(ge=1, le=100_000)] = Field(description="Lần công bố làm căn cứ")
    departures: Annotated[list[DepartureIn], Field(max_length=500)] = []


class AgainIn(In):
    """What the council voted on, and is to vote on once more."""

    nomination: Id
    reason: Text


class MotionsIn(In):
    model_config = example(meeting=EXAMPLE_ID)

    meeting: Id
    again: Annotated[list[AgainIn], Field(max_length=500, description="Xét lại: nêu lý do; lần biểu quyết trước vẫn giữ nguyên")] = []


class CaseVoteOut(Out):
    """A motion on a dossier."""

    motion: UUID
    proposal: UUID
    publication: int
    state: MotionState


class ProposalLineOut(Out):
    nomination: NominationLineOut
    kind: LineKind
    reason: str | None
    checks: list[CheckOut]
    motion: UUID | None = Field(description="Lần biểu quyết mới nhất theo lần công bố của phương án")
    motion_state: MotionState | None
    votes: list[CaseVoteOut] = Field(description="Mọi lần Hội đồng biểu quyết hồ sơ này, cũ trước")


class AwardProposalOut(Out):
    id: UUID
    movement: str
    publication: int
    scheme: int
    made_at: Instant
    lines: list[ProposalLineOut]


class AwardProposalLineOut(Out):
    """In a list."""

    id: UUID
    publication: int
    scheme: int
    made_at: Instant


class PlannedOut(Out):
    step: PlanStep
    name: str
    latest: date
    on: date | None = Field(description="Ngày đã hoặc sẽ thực hiện")
    fits: bool
    days: int | None = Field(description="Số ngày tối thiểu đến bước sau")
    working: bool | None
    source: str | None


class AwardPlanOut(Out):
    """Backwards from the ceremony."""

    movement: str
    ceremony_on: date
    today: date
    fits: bool
    steps: list[PlannedOut]
