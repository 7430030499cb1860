from datetime import date
from uuid import UUID

from pydantic import Field

from app.events.rules import CitedBy
from app.progress.rules import SubmissionState
from app.progress.schemas import DecisionOut, EvidenceIn, MoveOut
from app.wire import Code, Day, In, Instant, Out, Text, Title, example


class EventKindIn(In):
    model_config = example(name="Bài viết được đăng báo", appraiser="van-hoa-thong-tin", alternate_appraiser="noi-vu")

    name: Title
    appraiser: Code
    alternate_appraiser: Code
    synthetic: bool = False


class EventKindOut(Out):
    code: str
    name: str
    appraiser: str = Field(validation_alias="appraiser_code")
    alternate_appraiser: str = Field(validation_alias="alternate_appraiser_code")
    version: int
    synthetic: bool = Field(validation_alias="is_synthetic")


class EventIn(In):
    """From the unit itself it waits to be appraised; from its appraiser it counts at once."""

    model_config = example(
        plan="kt-xh-2022",
        kind="bai-bao",
        unit="dich-vong",
        on="2022-05-12",
        document={"document_number": "số 132", "document_date": "2022-05-12", "issuer": "Báo Hànộimới"},
    )

    plan: Code
    kind: Code
    unit: Code
    on: Day
    due_on: Day | None = None
    verified: bool = True
    document: EvidenceIn
    note: Text | None = None
    synthetic: bool = False


class AcceptEventIn(In):
    model_config = example(verified=True)

    verified: bool = Field(default=True, description="Đã xác minh; chưa xác minh thì vẫn ghi nhận")


class EventDocumentOut(Out):
    document_number: str
    document_date: date
    issuer: str
    file: str | None = Field(validation_alias="file_hash")


class FileUseOut(Out):
    """One citation of a file."""

    by: CitedBy
    id: UUID = Field(description="Mã của báo cáo hoặc sự việc")
    number: int = Field(description="Thứ tự của minh chứng trong báo cáo, từ 1; 0 với bản ký giấy")
    plan: str
    unit: str
    indicator: str | None = None
    period: str | None = None
    task: str | None = None
    kind: str | None = Field(default=None, description="Loại sự việc")
    received_at: Instant


class EventOut(Out):
    id: UUID
    plan: str = Field(validation_alias="plan_code")
    kind: str = Field(validation_alias="kind_code")
    unit: str = Field(validation_alias="unit_code")
    on: date = Field(validation_alias="happened_on")
    due_on: date | None
    verified: bool
    document: EventDocumentOut
    note: str | None
    appraiser: str = Field(validation_alias="appraiser_code")
    state: SubmissionState
    version: int
    received_at: Instant
    decision: DecisionOut | None
    moves: list[MoveOut]
    synthetic: bool = Field(validation_alias="is_synthetic")
