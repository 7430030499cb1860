from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from app.calendar.rules import Roll
from app.wire import Code, Day, In, Out, Source, Title, example

LongTitle = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]
Deliverable = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
Number = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True), Field(examples=["53/KH-UBND"])]


class SourceDocumentIn(In):
    model_config = example(
        code="tb-17",
        number="17/TB-UBND",
        issued_on="2022-01-04",
        issuer="UBND quận Cầu Giấy",
        abstract="Thông báo kết luận giao ban",
        synthetic=True,
    )

    code: Code
    number: Number | None = None
    issued_on: Day
    issuer: Source
    abstract: LongTitle
    synthetic: bool = False


class SourceDocumentOut(Out):
    code: str
    number: str | None
    issued_on: date
    issuer: str
    abstract: str
    synthetic: bool = Field(validation_alias="is_synthetic")


class MilestoneIn(In):
    model_config = example(title="Phê duyệt danh sách", due_on="2022-01-15")

    title: Title
    due_on: Day


class TaskFields(In):
    model_config = example(
        title="Chuẩn bị Tết Nhâm Dần",
        lead="dich-vong",
        coordinators=["nghia-do"],
        appraiser="lao-dong-tbxh",
        deadline_phrase="trước ngày 29/01/2022",
        due_on="2022-01-28",
        deliverable="Báo cáo kết quả",
        synthetic=True,
    )

    title: LongTitle
    lead: Code
    coordinators: Annotated[list[Code], Field(max_length=100)] = []
    appraiser: Code
    deadline_phrase: Annotated[Title, Field(examples=["trước ngày 15/8"])] | None = None
    due_on: Day | None = None
    """The last day, inclusive; none where the task has no deadline."""
    roll: Annotated[Roll, Field(strict=False)] = Roll.NONE
    deliverable: Deliverable | None = None
    milestones: Annotated[list[MilestoneIn], Field(max_length=50)] = []
    synthetic: bool = False


class TaskIn(TaskFields):
    model_config = example(
        code="tet",
        document="tb-17",
        title="Chuẩn bị Tết Nhâm Dần",
        lead="dich-vong",
        coordinators=["nghia-do"],
        appraiser="lao-dong-tbxh",
        deadline_phrase="trước ngày 29/01/2022",
        due_on="2022-01-28",
        deliverable="Báo cáo kết quả",
        synthetic=True,
    )

    code: Code
    document: Code | None = None


class MilestoneOut(Out):
    number: int
    title: str
    due_on: date


class TaskOut(Out):
    plan: str = Field(validation_alias="plan_code")
    code: str = Field(validation_alias="task_code")
    title: str
    lead: str = Field(validation_alias="lead_code")
    appraiser: str = Field(validation_alias="appraiser_code")
    deadline_phrase: str | None
    due_on: date | None
    roll: Roll
    deliverable: str | None
    synthetic: bool = Field(validation_alias="is_synthetic")
    version: int
    coordinators: list[str] = []
    milestones: list[MilestoneOut] = []
    document: SourceDocumentOut | None = None
