from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.movements.rules import MovementState
from app.publishing.rules import BlockerKind, Edition, Stage
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


class PublicationDraftIn(In):
    """`reason` where a publication of this stage is corrected."""

    model_config = example(stage="posted")

    stage: Annotated[Stage, Field(strict=False)]
    reason: Text | None = None


class PublicationDraftOut(Out):
    """A publication that waits for its second person."""

    id: UUID
    movement: str = Field(validation_alias="movement_code")
    number: int = Field(description="Số thứ tự sẽ mang khi được duyệt")
    stage: Stage
    digest: str = Field(description="Mã kiểm của bản đầy đủ: gốc cây băm RFC 6962 trên các tài liệu của nó")
    public_digest: str | None = Field(description="Mã kiểm của bản công khai")
    position: int = Field(description="Vị trí nhật ký mà bản này được tính đến")
    drafted_at: Instant


class PublicationOut(Out):
    movement: str
    number: int
    stage: Stage
    published_at: Instant
    public_digest: str | None = Field(description="Mã kiểm của bản công khai")
    reason: str | None = Field(description="Lý do đính chính")
    digest: str | None = Field(description="Mã kiểm của bản đầy đủ, cho người được xem toàn phong trào")
    position: int | None = None
    drafted_by: str | None = None
    approved_by: str | None = None


class PublishedResultOut(Out):
    """The result as it was frozen: standings, calendar and terms. `points` are the total and the nodes that break ties."""

    format: str
    movement: str
    name: str
    plan: str
    edition: Edition
    stage: Stage
    number: int
    previous: dict[str, Any] | None
    reason: str | None = Field(description="Cam kết băm của lý do đính chính")
    synthetic: bool
    instant: str
    day: str = Field(description="Ngày xét đơn vị có mặt và đã đăng ký")
    calendar: dict[str, Any]
    indicators: dict[str, Any]
    clusters: list[dict[str, Any]]
    changed: list[str] = Field(description="Đơn vị có hạng, điểm hoặc trạng thái khác lần công bố trước")
    position: int | None = None


class ProvenOut(Out):
    """One unit's document with the path that leads from it to the signed digest (RFC 6962)."""

    document: dict[str, Any]
    leaf: int
    size: int
    path: list[str]
    note: str = Field(description="Bản ghi có chữ ký Ed25519 (C2SP signed note)")
