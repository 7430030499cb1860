from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, Discriminator, Field, Tag

from app.progress.rules import Capacity, Flag, Outcome, Silence, SubmissionState
from app.tasks.schemas import Number
from app.web.problems import LineProblem
from app.wire import (
    FIRST_INSTANT,
    LAST_INSTANT,
    Code,
    Day,
    Digest,
    FigureOut,
    FigureText,
    In,
    Instant,
    Out,
    PeriodCode,
    Source,
    Text,
)

LINES_LIMIT = 1000


SentAt = Annotated[AwareDatetime, Field(strict=False, ge=FIRST_INSTANT, le=LAST_INSTANT, examples=["2022-06-05T21:40:00+07:00"])]


class EvidenceIn(In):
    document_number: Number
    document_date: Day
    issuer: Source
    file: Digest | None = None
    """SHA-256 of a file that the unit uploaded before."""


class SubmissionIn(In):
    """Either `indicator`, `period` and `figure`, or `task` and `completed_on`."""

    plan: Code
    unit: Code
    indicator: Code | None = None
    period: PeriodCode | None = None
    figure: FigureText | None = None
    task: Code | None = None
    completed_on: Day | None = None
    estimate: bool = Field(default=False, description="Số ước thực hiện; được tính cho đến khi báo cáo số thực hiện thay vào")
    confirmed: bool = Field(default=False, description="Đã kiểm tra: số đúng như vậy, dù khác thường")
    note: Text | None = None
    evidence: Annotated[list[EvidenceIn], Field(max_length=20)] = []
    sent_at: SentAt | None = None
    """By the sender's own clock, from a phone that was without a network: kept as a claim."""
    synthetic: bool = False

    model_config = In.model_config | {
        "json_schema_extra": {
            "examples": [
                {
                    "plan": "kt-xh-2022",
                    "unit": "dich-vong",
                    "indicator": "thu-nsnn",
                    "period": "2022-05",
                    "figure": "61.35",
                    "evidence": [{"document_number": "45/BC-UBND", "document_date": "2022-06-02", "issuer": "UBND phường Dịch Vọng"}],
                }
            ]
        }
    }


def _one_or_many(sent: object) -> str:
    return "many" if isinstance(sent, list) else "one"


Sent = Annotated[
    Annotated[SubmissionIn, Tag("one")] | Annotated[list[SubmissionIn], Field(min_length=1, max_length=LINES_LIMIT), Tag("many")],
    Discriminator(_one_or_many),
]


SentLines = Annotated[list[Any], Field(min_length=1, max_length=LINES_LIMIT)]
"""Each line is read by itself, so that one that is malformed is refused alone."""
LINES_SCHEMA = {
    "type": "array",
    "minItems": 1,
    "maxItems": LINES_LIMIT,
    "items": {"$ref": "#/components/schemas/SubmissionIn"},
}


class SignOffOut(Out):
    capacity: Capacity
    on_paper: bool
    document_number: str | None
    document_date: date | None
    signatory: str | None
    file: str | None = Field(validation_alias="file_hash")
    at: Instant = Field(validation_alias="signed_at")


class MoveOut(Out):
    """What this caller may do next."""

    name: str
    method: str
    url: str
    needs: list[str]


class EvidenceOut(Out):
    number: int
    document_number: str
    document_date: date
    issuer: str
    file: str | None = Field(validation_alias="file_hash")
    used_elsewhere: bool = Field(default=False, description="Tệp này còn đứng sau báo cáo khác trong phạm vi của tôi")


class DecisionOut(Out):
    outcome: Outcome
    by_unit: str = Field(validation_alias="by_unit_code")
    at: Instant = Field(validation_alias="decided_at")
    figure: FigureOut | None = Field(default=None, description="Số được chấp nhận thay cho số đã báo cáo")
    supplement_by: date | None = Field(
        default=None, validation_alias="supplement_due_on", description="Gửi lại đến hết ngày này thì như gửi lần đầu"
    )
    silence: Silence | None = Field(default=None, description="Bị trả lại mà không gửi lại thì số nào được tính")
    reason: str | None = None


class ObjectionOut(Out):
    at: Instant = Field(validation_alias="objected_at")
    reason: str | None = None


class SubmissionOut(Out):
    id: UUID
    plan: str = Field(validation_alias="plan_code")
    unit: str = Field(validation_alias="unit_code")
    indicator: str | None = Field(validation_alias="indicator_code")
    period: str | None = Field(validation_alias="period_code")
    figure: FigureOut | None
    task: str | None = Field(validation_alias="task_code")
    completed_on: date | None
    claim: int = Field(validation_alias="claim", description="Lần báo cáo thứ mấy về cùng nội dung")
    state: SubmissionState
    superseded: bool
    version: int
    flags: list[Flag]
    appraiser: str = Field(validation_alias="appraiser_code")
    supplier: str | None = Field(validation_alias="supplier_code", description="Đơn vị cung cấp số liệu thay cho đơn vị")
    objection_until: date | None = Field(description="Đơn vị được nêu ý kiến đến hết ngày này; trước đó chưa chấp nhận")
    objection: ObjectionOut | None = Field(description="Ý kiến của đơn vị về số được cung cấp")
    due_on: date | None = Field(description="Ngày cuối để không bị chậm, như khi nhận; sự cố ghi nhận sau có thể dời")
    received_at: Instant
    prepared_at: Instant | None = Field(description="Lúc bản soạn xong, khi lãnh đạo ký gửi bản soạn: xét chậm theo giờ này")
    sent_at: Instant | None = Field(description="Giờ gửi theo máy của người gửi: chỉ là lời khai, không xét theo")
    note: str | None
    evidence: list[EvidenceOut]
    decision: DecisionOut | None
    sign_off: SignOffOut | None = Field(description="Ai ký duyệt cho đơn vị; chưa ký không phải là chậm")
    moves: list[MoveOut]
    synthetic: bool = Field(validation_alias="is_synthetic")


class ReceiptOut(Out):
    """What the trail holds of a report. `digest` is SHA-256 over the canonical JSON (RFC 8785) of `content`, `leaf` that of `entry` after
    a zero byte (RFC 6962); every larger trail contains the leaf.
    """

    content: dict[str, Any]
    digest: str
    entry: dict[str, Any]
    leaf: str


class ReportLineOut(Out):
    """What became of one line: one of the two is there."""

    line: int = Field(description="Thứ tự trong danh sách đã gửi, từ 0")
    submission: SubmissionOut | None
    problem: LineProblem | None


class LinesOut(Out):
    taken: int
    refused: int
    lines: list[ReportLineOut]
