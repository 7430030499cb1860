"""What is sent about reports that are there: decisions and signatures."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.progress.rules import Capacity, Outcome
from app.progress.schemas import LINES_LIMIT
from app.tasks.schemas import Number
from app.wire import Day, Digest, FigureText, In, Source, Text, example


class AcceptIn(In):
    """Nothing, to accept what was claimed; or another figure, with the reason."""

    model_config = example(figure="61.05", reason="Trừ 0,3 tỷ ghi trùng với tháng 4.")

    figure: FigureText | None = None
    reason: Text | None = None


class ReturnIn(In):
    model_config = example(reason="Số liệu lớn gấp mười lần kỳ trước, đề nghị kiểm tra đơn vị tính.", supplement_by="2022-07-08")

    reason: Text
    supplement_by: Day | None = None
    """The last day on which the report may be sent anew as if it had come the first time."""


class ObjectionIn(In):
    model_config = example(reason="Số của đơn vị là 62,4 tỷ theo đối chiếu ngày 05/7 với Kho bạc.")

    reason: Text


class DecidedIn(In):
    id: UUID = Field(strict=False)
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    figure: FigureText | None = None
    """Accepted instead of what was claimed."""


class DecisionsIn(In):
    """One decision, with one reason, on many reports; each as it was read. All or none."""

    model_config = example(
        outcome="accepted",
        reason="Làm tròn theo số liệu của Chi cục Thuế.",
        submissions=[{"id": "0190a1b2-0000-7000-8000-000000000001", "version": 1, "figure": "61.05"}],
    )

    outcome: Annotated[Outcome, Field(strict=False)]
    reason: Text | None = None
    supplement_by: Day | None = None
    submissions: Annotated[list[DecidedIn], Field(min_length=1, max_length=LINES_LIMIT)]


class PaperIn(In):
    """The document as it was signed on paper, and its scan."""

    document_number: Number
    document_date: Day
    signatory: Source
    """Name and office, as printed."""
    file: Digest


class SignOffIn(In):
    """One signature for many reports of the caller's unit. All or none."""

    model_config = example(
        capacity="deputy",
        submissions=["0190a1b2-0000-7000-8000-000000000001"],
        paper={
            "document_number": "45/BC-UBND",
            "document_date": "2022-06-02",
            "signatory": "Phó Chủ tịch UBND phường",
            "file": "0" * 64,
        },
    )

    capacity: Annotated[Capacity, Field(strict=False)]
    submissions: Annotated[list[Annotated[UUID, Field(strict=False)]], Field(min_length=1, max_length=LINES_LIMIT)]
    paper: PaperIn | None = Field(default=None, description="Khi văn bản đã ký trên giấy; bỏ trống khi ký ngay trên hệ thống")
