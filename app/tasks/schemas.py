from datetime import date
from typing import Annotated

from pydantic import Discriminator, Field, StringConstraints, Tag

from app.calendar.rules import PeriodScheme, Roll
from app.tasks.rules import Unread
from app.wire import Code, Day, In, Out, PeriodCode, Source, Title, example

LongTitle = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]
Deliverable = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
Number = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True), Field(examples=["53/KH-UBND"])]


TASKS_LIMIT = 1000
TEXT_LIMIT = 200_000


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
    signatory: Title | None = None
    """Người ký. Kept where it can be erased."""
    synthetic: bool = False


class SourceDocumentOut(Out):
    code: str
    number: str | None
    issued_on: date
    issuer: str
    abstract: str
    signatory: str | None = None
    synthetic: bool = Field(validation_alias="is_synthetic")


class TaskMilestoneIn(In):
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
    weight: Annotated[int, Field(ge=1, le=100)] | None = None
    milestones: Annotated[list[TaskMilestoneIn], Field(max_length=50)] = []
    synthetic: bool = False


class RecurrenceIn(In):
    """Each occurrence is a task of its own, under `code`-`period`. Its `due_on` and status are its own."""

    model_config = example(scheme="month", first="2022-02", last="2022-12", day=5, months_after=1)

    scheme: Annotated[PeriodScheme, Field(strict=False)]
    first: PeriodCode
    last: PeriodCode
    day: Annotated[int, Field(ge=1, le=31)] | None = None
    """Of the month in which an occurrence falls due; none is its last day."""
    months_after: Annotated[int, Field(ge=0, le=12)] = 0
    """From the last month of the period to the one in which the occurrence falls due."""


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
    point: Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True), Field(examples=["II.3.a"])] | None = None
    recurrence: RecurrenceIn | None = None


class TaskMilestoneOut(Out):
    number: int
    title: str
    due_on: date


class ReadingIn(In):
    model_config = example(text="1. Giao Phòng Nội vụ chủ trì tham mưu kế hoạch, xong trước ngày 15/8/2022.")

    text: Annotated[str, StringConstraints(min_length=1, max_length=TEXT_LIMIT)]


class ReadDeadlineOut(Out):
    due_on: date | None
    roll: Roll
    scheme: PeriodScheme | None
    day: int | None


class ReadTaskOut(Out):
    """What a point of a document seems to say; a person looks through it and assigns."""

    point: str | None
    title: str
    lead: str | None
    coordinators: list[str]
    deadline_phrase: str | None
    deadline: ReadDeadlineOut | None
    unread: list[Unread] = Field(description="Phần chưa đọc được, cần người xem")


def _one_or_many(sent: object) -> str:
    return "many" if isinstance(sent, list) else "one"


SentTasks = Annotated[
    Annotated[TaskIn, Tag("one")] | Annotated[list[TaskIn], Field(min_length=1, max_length=TASKS_LIMIT), Tag("many")],
    Discriminator(_one_or_many),
]
