from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.calendar.rules import Roll
from app.followup.rules import Part, ReminderLevel, RequestKind, RequestOutcome
from app.progress.schemas import MoveOut
from app.tasks.rules import Lacking, TaskProgress, TaskStanding, TaskTiming
from app.tasks.schemas import SourceDocumentOut, TaskMilestoneOut
from app.wire import Code, Day, FigureOut, In, Instant, Out, Text, example


class ReasonIn(In):
    model_config = example(reason="Chờ hướng dẫn của thành phố.")

    reason: Text


class RenewalIn(In):
    """For resuming a task and for having it done anew."""

    model_config = example(reason="Kết quả chưa đủ danh sách kèm theo.", due_on="2022-06-30")

    reason: Text
    due_on: Day | None = None
    """None keeps the deadline."""


class UpdateIn(In):
    model_config = example(unit="dich-vong", percent=60, note="Đã rà soát xong 5/8 tổ dân phố.")

    unit: Code
    percent: Annotated[int, Field(ge=0, le=100)] | None = None
    note: Text | None = None


class UpdateOut(Out):
    id: UUID
    unit: str = Field(validation_alias="unit_code")
    percent: int | None
    note: str | None = None
    round: int
    at: Instant = Field(validation_alias="said_at")


class RequestIn(In):
    model_config = example(kind="extension", reason="Chờ số liệu của Chi cục Thuế.", due_on="2022-07-15")

    kind: Annotated[RequestKind, Field(strict=False)]
    reason: Text
    due_on: Day | None = None
    """Of an extension."""
    lead: Code | None = None
    """Of a request for another lead, and of a task sent back: who should do it, if one knows."""


class RequestGrantIn(In):
    """Where a field is empty, what was asked for is granted. A task that is sent back and given to nobody is recalled."""

    model_config = example(due_on="2022-07-10", reason="Đồng ý, đến 10/7.")

    due_on: Day | None = None
    lead: Code | None = None
    reason: Text | None = None


class RequestDecisionOut(Out):
    outcome: RequestOutcome
    reason: str | None = None
    at: Instant = Field(validation_alias="decided_at")
    task_version: int | None


class RequestOut(Out):
    number: int
    kind: RequestKind
    unit: str = Field(validation_alias="unit_code")
    due_on: date | None
    lead: str | None = Field(validation_alias="lead_code")
    late: bool = Field(validation_alias="is_late", description="Đề nghị sau khi đã quá hạn")
    reason: str | None = None
    at: Instant = Field(validation_alias="asked_at")
    decision: RequestDecisionOut | None = None


class OfficerIn(In):
    model_config = example(unit="dich-vong", person="cb-dich-vong-1")

    unit: Code
    person: Code
    reason: Text | None = None
    """Needed where somebody else was in charge before."""


class InheritanceIn(In):
    """Of a unit that was merged or split; `tasks` where several stand for it and each takes its own."""

    model_config = example(unit="dich-vong", into="cau-giay-moi", reason="Nghị quyết số 1656/NQ-UBTVQH15")

    unit: Code
    into: Code
    reason: Text
    tasks: Annotated[list[Code], Field(min_length=1, max_length=1000)] | None = None
    """None is all that are not done."""


class RemindersIn(In):
    model_config = example(unit="dich-vong", tasks=["trong-tam-1"])

    unit: Code
    tasks: Annotated[list[Code], Field(min_length=1, max_length=200)]


class ReminderOut(Out):
    task: str
    number: int = Field(description="Lần đôn đốc thứ mấy")
    level: ReminderLevel


class RemindersOut(Out):
    unit: str
    items: list[ReminderOut]
    text: str = Field(description="Lời đôn đốc để dán vào nhóm trao đổi, kèm liên kết tới từng nhiệm vụ")


class PartOut(Out):
    unit: str
    part: Part
    progress: TaskProgress
    timing: TaskTiming | None
    due_on: date | None = Field(description="Hạn đang có hiệu lực, sau khi dời theo lịch; đã hoàn thành thì là hạn lúc báo cáo")
    first_due_on: date | None = Field(description="Hạn giao lần đầu")
    completed_on: date | None
    awaiting_since: Instant | None
    active_at: Instant | None = Field(description="Lần cập nhật gần nhất")
    officer: str | None = None
    reminders: int


class TaskOut(Out):
    plan: str
    code: str
    title: str
    lead: str
    coordinators: list[str]
    appraiser: str
    document: SourceDocumentOut | None
    point: str | None
    series: str | None
    period: str | None
    deadline_phrase: str | None
    due_on: date | None
    roll: Roll
    deliverable: str | None
    weight: int | None
    milestones: list[TaskMilestoneOut]
    standing: TaskStanding
    standing_reason: str | None
    round: int
    parts: list[PartOut]
    lacking: list[Lacking] = Field(description="Nội dung nên có mà chưa ghi; chỉ nhắc, không chặn")
    version: int
    moves: list[MoveOut]
    synthetic: bool


class TaskStatusOut(Out):
    """One part of one task, for lists."""

    task: str
    title: str
    lead: str
    unit: str
    part: Part
    progress: TaskProgress
    timing: TaskTiming | None
    deadline_phrase: str | None
    due_on: date | None = Field(description="Hạn đang có hiệu lực, sau khi dời theo lịch; đã hoàn thành thì là hạn lúc báo cáo")
    original_due_on: date | None = Field(description="Hạn giao lần đầu")
    completed_on: date | None
    awaiting_since: Instant | None
    active_at: Instant | None
    reminders: int
    synthetic: bool


class ShareOut(Out):
    """A count, of what it is counted, and its share in per cent, rounded half up to two decimals; none of nothing."""

    count: int
    of: int
    percent: FigureOut | None


class StateCountOut(Out):
    progress: TaskProgress
    timing: TaskTiming | None
    count: int


class BacklogOut(Out):
    year: int
    count: int


class TallyOut(Out):
    """Over tasks, each counted once, by its lead. What was suspended or recalled is in `all` alone."""

    all: int
    wanted: int = Field(description="Không kể nhiệm vụ tạm dừng, thu hồi")
    with_deadline: int
    states: list[StateCountOut]
    overdue_of_wanted: ShareOut = Field(description="Quá hạn, trên mọi nhiệm vụ")
    overdue_of_dated: ShareOut = Field(description="Quá hạn, trên nhiệm vụ có hạn")
    not_updated: ShareOut = Field(description="Chưa hoàn thành mà không cập nhật trong số ngày đã nêu, trên nhiệm vụ chưa hoàn thành")
    on_time: ShareOut = Field(description="Hoàn thành đúng hạn, trên nhiệm vụ đã hoàn thành; theo hạn đang có hiệu lực khi báo cáo")
    on_time_at_first: ShareOut = Field(description="Như trên, theo hạn giao lần đầu")
    awaiting: ShareOut = Field(description="Chờ xác nhận, trên nhiệm vụ còn hiệu lực")
    backlog: list[BacklogOut] = Field(description="Chưa hoàn thành, theo năm giao")


class UnitTallyOut(TallyOut):
    unit: str


class StatisticsOut(Out):
    quiet_days: int
    total: TallyOut
    units: list[UnitTallyOut]
