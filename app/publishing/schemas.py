from typing import Annotated

from pydantic import Field

from app.movements.rules import MovementState
from app.publishing.rules import BlockerKind
from app.wire import Code, In, Instant, Out, Text, example

Subject = Annotated[str, Field(min_length=1, max_length=200)]


class OverrideOut(Out):
    """Who answers for it."""

    reason: str | None
    by: str = Field(description="Mã cán bộ, hoặc nhãn của khóa API")
    at: Instant


class BlockerOut(Out):
    kind: BlockerKind
    subject: str = Field(description="Mã của việc còn vướng, dùng khi ghi nhận chấp thuận")
    unit: str | None
    detail: str
    link: str = Field(description="Đường dẫn xem việc này trong API")
    override: OverrideOut | None = Field(description="Người chịu trách nhiệm cho công bố dù còn việc này")


class FinalisationOut(Out):
    """What stands between a movement and its publication."""

    movement: str
    name: str
    state: MovementState
    ready: bool = Field(description="Không còn việc nào vướng mà chưa có người chịu trách nhiệm")
    counts: dict[BlockerKind, int] = Field(description="Số việc còn vướng chưa được chấp thuận, theo loại")
    blockers: list[BlockerOut] = Field(description="Tối đa 1.000 việc đầu tiên")
    synthetic: bool


class OverrideIn(In):
    """The blockers of one kind that the sender answers for, each by its subject."""

    model_config = example(kind="sheet_not_posted", subjects=["quan-hoa"], reason="Phường sáp nhập trong kỳ, Hội đồng đã xem bảng chấm.")

    kind: Annotated[BlockerKind, Field(strict=False)]
    subjects: Annotated[list[Subject], Field(min_length=1, max_length=1000)]
    reason: Text


class OverridesOut(Out):
    movement: Code
    kind: BlockerKind
    overridden: int
