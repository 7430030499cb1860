from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.council.rules import Choice, MotionState
from app.council.schemas import AttendanceLineOut, MeetingLineOut, ThresholdIn
from app.wire import Code, In, Instant, Out, Source, Text, example

Ballots = Annotated[int, Field(ge=0, le=1000)]


class MotionIn(In):
    model_config = example(text="Đề nghị tặng Giấy khen theo danh sách", threshold="giay-khen")

    text: Text
    threshold: Code = Field(description="Mã ngưỡng biểu quyết trong quy chế")


class RecusalIn(In):
    model_config = example(member="0190a1b2-0000-7000-8000-000000000001", reason="Là người đứng đầu đơn vị được xét")

    member: Annotated[UUID, Field(strict=False)]
    reason: Text


class VoteIn(In):
    """`document` names the opinion in writing of an absent member."""

    model_config = example(choice="for")

    choice: Annotated[Choice, Field(strict=False)]
    document: Source | None = None


class BallotsIn(In):
    """What the counting board found; ballots returned that are none of the three are not valid."""

    model_config = example(issued=11, returned=11, votes_for=10, votes_against=1, abstained=0, protocol="Biên bản kiểm phiếu 01, 15/8/2022")

    issued: Ballots
    returned: Ballots
    votes_for: Ballots
    votes_against: Ballots
    abstained: Ballots = 0
    protocol: Source


class ClosingIn(In):
    """`ballots` for a secret motion, and only for one."""

    model_config = example()

    ballots: BallotsIn | None = None


class VoteOut(Out):
    member: UUID
    choice: Choice
    document: str | None
    version: int
    cast_at: Instant


class RecusalOut(Out):
    member: UUID
    reason: str | None


class MotionResultOut(Out):
    """What was counted, and why it was or was not enough."""

    votes_for: int
    votes_against: int
    abstained: int
    whole: int = Field(description="Số mà tỷ lệ được tính trên đó, không kể người không tham gia biểu quyết")
    needed: int = Field(description="Số phiếu tán thành tối thiểu")
    adopted: bool = Field(validation_alias="is_adopted")
    by_the_chair: bool = Field(description="Ngang phiếu, theo bên có ý kiến của Chủ tịch Hội đồng")
    issued: int | None
    returned: int | None
    protocol: str | None
    closed_at: Instant


class MotionOut(Out):
    id: UUID
    meeting: UUID
    number: int
    text: str | None
    threshold: ThresholdIn
    state: MotionState
    members: int | None = Field(description="Số thành viên khi mở biểu quyết, không kể người không tham gia")
    voters: list[UUID] = Field(description="Thành viên được biểu quyết, kể cả qua người đi thay hoặc bằng văn bản")
    recused: list[RecusalOut]
    mine: VoteOut | None = Field(description="Phiếu của người đang xem")
    votes: list[VoteOut] = Field(description="Chỉ sau khi kết thúc biểu quyết")
    result: MotionResultOut | None


class MeetingOut(MeetingLineOut):
    version: int = Field(description="Phiên bản danh sách dự họp")
    attendance: list[AttendanceLineOut]
    members: int
    present: int
    quorum: int = Field(description="Số thành viên phải có mặt")
    quorate: bool
    motions: list[MotionOut]
