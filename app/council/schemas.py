from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.council.rules import Base, CouncilPosition, Presence, Share, Threshold
from app.wire import Code, Day, In, Out, Source, Text, Title, example

_Part = Annotated[int, Field(ge=1, le=1000)]


class ShareIn(In):
    """`numerator`/`denominator` of a whole: with equality, or above it where `strict`."""

    model_config = example(numerator=2, denominator=3)

    numerator: _Part
    denominator: _Part
    strict: bool = False

    def share(self) -> Share:
        return Share(self.numerator, self.denominator, self.strict)


class ThresholdIn(In):
    """How many votes for a motion are enough. Whoever is recused is not counted in `of`."""

    model_config = example(
        code="giay-khen", name="Giấy khen", share={"numerator": 70, "denominator": 100}, of="members", secret=True, source="Quy chế"
    )

    code: Code
    name: Title
    share: ShareIn
    of: Annotated[Base, Field(strict=False)]
    secret: bool = Field(description="Bỏ phiếu kín trên giấy, nhập số liệu của ban kiểm phiếu")
    chair_breaks_ties: bool = Field(default=False, description="Số phiếu ngang nhau thì theo bên có ý kiến của Chủ tịch Hội đồng")
    source: Source

    def threshold(self) -> Threshold:
        return Threshold(self.share.share(), self.of, self.chair_breaks_ties)


_EXAMPLE = {
    "quorum": {"numerator": 2, "denominator": 3},
    "papers_days": 3,
    "substitutes_vote": False,
    "written_opinions_count": True,
    "source": "Quy chế hoạt động của Hội đồng",
    "thresholds": [
        {
            "code": "danh-hieu-cao",
            "name": "Danh hiệu cao nhất",
            "share": {"numerator": 90, "denominator": 100},
            "of": "members",
            "secret": True,
            "source": "Quy chế",
        },
        {
            "code": "giay-khen",
            "name": "Giấy khen",
            "share": {"numerator": 70, "denominator": 100},
            "of": "members",
            "secret": False,
            "source": "Quy chế",
        },
    ],
}


class RegulationIn(In):
    """Quy chế hoạt động của Hội đồng as data."""

    model_config = example(**_EXAMPLE)

    quorum: ShareIn = Field(description="Phần tổng số thành viên phải có mặt")
    papers_days: Annotated[int, Field(ge=0, le=60)]
    """Working days from the day on which papers are sent up to the meeting's."""
    substitutes_vote: bool
    written_opinions_count: bool
    thresholds: Annotated[list[ThresholdIn], Field(min_length=1, max_length=50)]
    source: Source

    def named(self, code: str) -> ThresholdIn | None:
        return next((one for one in self.thresholds if one.code == code), None)


class RegulationOut(Out):
    council: str
    version: int
    regulation: RegulationIn


class CouncilIn(In):
    model_config = example(code="hd-quan-2022", name="Hội đồng Thi đua - Khen thưởng quận", decision="Quyết định của UBND quận")

    code: Code
    name: Title
    decision: Source = Field(description="Số, ngày, cơ quan ban hành quyết định thành lập")
    synthetic: bool = False


class MemberIn(In):
    model_config = example(person="thanh-vien-1", position="member", since="2022-01-01")

    person: Code = Field(description="Mã cán bộ")
    position: Annotated[CouncilPosition, Field(strict=False)]
    since: Day


class MemberEndIn(In):
    model_config = example(until="2022-06-30")

    until: Day = Field(description="Ngày cuối còn là thành viên")


class MemberOut(Out):
    id: UUID
    person: str = Field(description="Mã cán bộ")
    position: CouncilPosition
    since: date
    until: date | None


class CouncilOut(Out):
    code: str
    name: str
    decision: str
    synthetic: bool
    members: list[MemberOut]


class MeetingIn(In):
    """`late_reason` where the papers were sent later than the regulation says."""

    model_config = example(movement="cau-giay-25", held_on="2022-08-15", papers_sent_on="2022-08-09", publication=1)

    movement: Code
    held_on: Day
    papers_sent_on: Day
    publication: Annotated[int, Field(ge=1, le=100_000)] | None = Field(default=None, description="Lần công bố gửi thành viên xem")
    late_reason: Text | None = None


class AttendanceLineIn(In):
    member: Annotated[UUID, Field(strict=False)]
    presence: Annotated[Presence, Field(strict=False)]
    substitute: Code | None = Field(default=None, description="Mã cán bộ đi thay, không phải thành viên")


class AttendanceIn(In):
    """The whole list; members who are not on it are absent."""

    model_config = example(members=[{"member": "0190a1b2-0000-7000-8000-000000000001", "presence": "present"}])

    members: Annotated[list[AttendanceLineIn], Field(max_length=200)]


class AttendanceLineOut(Out):
    member: UUID
    person: str = Field(description="Mã cán bộ")
    name: str | None = Field(description="null khi chưa ghi hoặc đã xóa")
    position: CouncilPosition
    presence: Presence
    substitute: str | None = Field(description="Mã cán bộ dự thay")
    substitute_name: str | None


class MeetingLineOut(Out):
    id: UUID
    council: str
    movement: str
    held_on: date
    papers_sent_on: date
    publication: int | None
    late_reason: str | None = Field(description="Lý do gửi tài liệu muộn hơn quy chế")
    regulation: int = Field(description="Phiên bản quy chế áp dụng")
