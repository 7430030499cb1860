from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from app.awards.rules import DecisionState, LineKind
from app.awards.schemas import EXAMPLE_ID, CheckOut, Id
from app.nominations.schemas import NominationLineOut
from app.progress.rules import Capacity
from app.progress.schemas import MoveOut
from app.wire import Day, Digest, In, Instant, Out, Source, Text, example

DocumentNumber = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]


class DecisionLineIn(In):
    """`reason` where it is not what the council advised, where it did not vote, or with `separate`."""

    nomination: Id
    granted: bool
    separate: bool = Field(
        default=False, description="Đã xác minh là người khác trùng tên hoặc tập thể khác, không phải một thành tích hai hình thức"
    )
    reason: Text | None = None


class AwardDecisionIn(In):
    """Lines that are not told follow the council; who was not voted on is not granted."""

    model_config = example(
        lines=[{"nomination": EXAMPLE_ID, "granted": True, "reason": "Chủ tịch quyết định khác ý kiến Hội đồng vì lập công đột xuất."}]
    )

    lines: Annotated[list[DecisionLineIn], Field(max_length=1000)] = []
    supersedes: Id | None = Field(default=None, description="Quyết định bị thay thế")


class SignatureIn(In):
    """As the document system has it."""

    model_config = example(
        number="2468/QĐ-UBND",
        signed_on="2022-08-19",
        capacity="head",
        signatory="Chủ tịch UBND quận",
        file_sha256="0" * 64,
        signature_stated="Chữ ký số của UBND quận",
    )

    number: DocumentNumber
    signed_on: Day
    capacity: Annotated[Capacity, Field(strict=False)]
    signatory: Source = Field(description="Chức vụ người ký")
    file_sha256: Digest
    signature_stated: Source = Field(description="Chữ ký của tệp, ghi theo khai báo, không kiểm tra")


class AnnulmentIn(In):
    model_config = example(document="2600/QĐ-UBND ngày 30/8/2022", reason="Khai báo thành tích không đúng.")

    document: Source
    reason: Text


class FinalDraftIn(In):
    """`reason` where a final publication is corrected."""

    model_config = example(reason=None)

    reason: Text | None = None


class SignatureOut(Out):
    number: str
    signed_on: date
    capacity: Capacity
    signatory: str
    file_sha256: str
    signature_stated: str


class DecisionLineOut(Out):
    nomination: NominationLineOut
    granted: bool
    advised: bool | None = Field(description="Ý kiến Hội đồng; trống là không biểu quyết")
    separate: bool
    reason: str | None
    money: int | None = Field(description="Tiền thưởng, đồng")


class AwardDecisionOut(Out):
    id: UUID
    movement: str
    proposal: UUID
    state: DecisionState
    supersedes: UUID | None
    superseded_by: UUID | None
    drafted_at: Instant
    signature: SignatureOut | None
    annulled_by: str | None
    annulled_because: str | None
    publication: int | None = Field(description="Lần công bố chính thức")
    base_salary: int | None = Field(description="Mức lương cơ sở dùng để tính tiền thưởng, đồng")
    base_salary_source: str | None
    total_money: int | None
    over_quota: list[str] = Field(description="Hình thức có số được khen vượt hạn mức")
    lines: list[DecisionLineOut]
    moves: list[MoveOut]


class DecisionListOut(Out):
    id: UUID
    state: DecisionState
    number: str | None
    signed_on: date | None
    drafted_at: Instant
    granted: int


class VotesOut(Out):
    votes_for: int
    votes_against: int
    abstained: int
    needed: int
    adopted: bool
    held_on: date


class RecipientOut(Out):
    """Why somebody was, or was not, awarded."""

    decision: UUID
    number: str | None
    signed_on: date | None
    state: DecisionState
    line: DecisionLineOut
    kind: LineKind
    checks: list[CheckOut]
    votes: VotesOut | None
    publication: int
    digest: str
    place: int | None
    points: str | None
    rating: str | None
    sheet: str | None = Field(description="Đường dẫn bảng chấm điểm đã công bố, có đường dẫn băm để tự kiểm")


class AwardHeldOut(Out):
    """By a decision in force that is recorded here."""

    movement: str
    award: str
    award_name: str
    number: str
    signed_on: date
    decision: UUID


class PublicRecipientOut(Out):
    award: str
    award_name: str
    unit: str | None
    name: str | None = Field(description="Trống nếu dữ liệu cá nhân đã xóa")
    post: str | None
    place: int | None


class PublicDecisionOut(Out):
    """As it stands in a publication; names of people are kept apart and can be erased."""

    movement: str
    publication: int
    state: DecisionState = Field(description="Hiện nay: còn hiệu lực (published), đã bị hủy bỏ hoặc đã được thay thế")
    number: str
    signed_on: date
    signatory: str
    file_sha256: str
    recipients: list[PublicRecipientOut]
    synthetic: bool = Field(description="Dữ liệu mẫu, không có thật")
