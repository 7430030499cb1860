from typing import Annotated

from fastapi import Path, Query, Request

from app.db import Reading, Writing
from app.errors import CodeTaken
from app.followup import actions, queries, recorded
from app.followup.schemas import (
    InheritanceIn,
    OfficerIn,
    ReasonIn,
    ReminderOut,
    RemindersIn,
    RemindersOut,
    RenewalIn,
    StatisticsOut,
    TaskOut,
    TaskStatusOut,
    UpdateIn,
    UpdateOut,
)
from app.followup.shown import reminder_text, statistics_shown, status_shown, task_shower, task_shown, update_shown
from app.plans.queries import PlanClosed, open_plan
from app.plans.routes import PlanPath
from app.policy import Actor
from app.tasks import actions as tasks
from app.tasks.rules import TaskDeed, TaskProgress, TaskTiming
from app.tasks.schemas import SentTasks, TaskFields
from app.web.page import Cursor, Limit, Listed, after, last_id, page, sliced
from app.web.preconditions import ExpectedVersion
from app.web.problems import documented
from app.web.refusals import READ, TRANSITION, WRITE
from app.web.route import router
from app.web.texts import Language
from app.wire import Code

routes = router("tasks")
TaskPath = Annotated[Code, Path(description="Mã nhiệm vụ / task code", examples=["trong-tam-1"])]
_MOVE = documented(*TRANSITION, PlanClosed, tasks.NotNow)


@routes.get("/plans/{plan}/tasks", operation_id="tasks_list", summary="Các nhiệm vụ trong phạm vi của tôi", responses=documented(*READ))
def listed(db: Reading, actor: Actor, plan: PlanPath, cursor: Cursor = None, limit: Limit = 50) -> Listed[TaskOut]:
    open_plan(db, plan)
    start, by_task = after(cursor, 1), queries.by_task(queries.parts(db, actor, plan))
    found = [parts for code, parts in sorted(by_task.items()) if start is None or [code] > start][: limit + 1]
    return page(found, limit, task_shower(db, actor, found), lambda parts: [parts[0].task.task_code])


@routes.post(
    "/plans/{plan}/tasks",
    operation_id="tasks_assign",
    status_code=201,
    summary="Giao nhiệm vụ, một hoặc nhiều; nhiệm vụ định kỳ thành từng lần",
    responses=documented(*WRITE, CodeTaken, PlanClosed),
)
def assign(db: Writing, actor: Actor, plan: PlanPath, sent: SentTasks) -> TaskOut | list[TaskOut]:
    many = sent if isinstance(sent, list) else [sent]
    made = [row.task_code for row in tasks.assign(db, actor, plan=plan, sent=many, at_root=not isinstance(sent, list))]
    by_task = queries.by_task(queries.parts(db, actor, plan, made[0] if len(made) == 1 else None))
    parts = [by_task[code] for code in made]
    found = list(map(task_shower(db, actor, parts), parts))
    return found[0] if not isinstance(sent, list) and sent.recurrence is None else found


@routes.get("/plans/{plan}/tasks/{code}", operation_id="tasks_show", summary="Một nhiệm vụ", responses=documented(*READ))
def task(db: Reading, actor: Actor, plan: PlanPath, code: TaskPath) -> TaskOut:
    return task_shown(db, actor, queries.open_parts(db, actor, plan, code))


@routes.put(
    "/plans/{plan}/tasks/{code}",
    operation_id="tasks_amend",
    summary="Điều chỉnh một nhiệm vụ",
    responses=documented(*TRANSITION, PlanClosed, tasks.NotNow, queries.RequestOpen),
)
def amend(db: Writing, actor: Actor, plan: PlanPath, code: TaskPath, expected: ExpectedVersion, sent: TaskFields) -> TaskOut:
    actions.amend(db, actor, plan=plan, code=code, expected=expected, fields=sent)
    return task(db, actor, plan, code)


@routes.post("/plans/{plan}/tasks/{code}/suspension", operation_id="tasks_suspend", summary="Tạm dừng một nhiệm vụ", responses=_MOVE)
def suspend(db: Writing, actor: Actor, plan: PlanPath, code: TaskPath, expected: ExpectedVersion, sent: ReasonIn) -> TaskOut:
    actions.stand(db, actor, plan=plan, code=code, expected=expected, deed=TaskDeed.SUSPENDED, reason=sent.reason)
    return task(db, actor, plan, code)


@routes.post(
    "/plans/{plan}/tasks/{code}/resumption", operation_id="tasks_resume", summary="Tiếp tục một nhiệm vụ đã tạm dừng", responses=_MOVE
)
def resume(db: Writing, actor: Actor, plan: PlanPath, code: TaskPath, expected: ExpectedVersion, sent: RenewalIn) -> TaskOut:
    actions.stand(db, actor, plan=plan, code=code, expected=expected, deed=TaskDeed.RESUMED, reason=sent.reason, due_on=sent.due_on)
    return task(db, actor, plan, code)


@routes.post("/plans/{plan}/tasks/{code}/recall", operation_id="tasks_recall", summary="Thu hồi một nhiệm vụ", responses=_MOVE)
def recall(db: Writing, actor: Actor, plan: PlanPath, code: TaskPath, expected: ExpectedVersion, sent: ReasonIn) -> TaskOut:
    actions.stand(db, actor, plan=plan, code=code, expected=expected, deed=TaskDeed.RECALLED, reason=sent.reason)
    return task(db, actor, plan, code)


@routes.post(
    "/plans/{plan}/tasks/{code}/redo", operation_id="tasks_redo", summary="Yêu cầu làm lại một nhiệm vụ đã hoàn thành", responses=_MOVE
)
def redo(db: Writing, actor: Actor, plan: PlanPath, code: TaskPath, expected: ExpectedVersion, sent: RenewalIn) -> TaskOut:
    actions.stand(db, actor, plan=plan, code=code, expected=expected, deed=TaskDeed.REDONE, reason=sent.reason, due_on=sent.due_on)
    return task(db, actor, plan, code)


@routes.get(
    "/plans/{plan}/tasks/{code}/updates",
    operation_id="tasks_updates",
    summary="Các lần cập nhật tiến độ, mới nhất trước",
    responses=documented(*READ),
)
def updates(db: Reading, actor: Actor, plan: PlanPath, code: TaskPath, cursor: Cursor = None, limit: Limit = 50) -> Listed[UpdateOut]:
    queries.open_parts(db, actor, plan, code)
    rows = recorded.updates(db, plan, code, last_id(cursor), limit)
    return page(rows, limit, lambda row: update_shown(db, row), lambda row: [str(row.id)])


@routes.post(
    "/plans/{plan}/tasks/{code}/updates",
    operation_id="tasks_update",
    status_code=201,
    summary="Cập nhật tiến độ phần việc của đơn vị",
    responses=documented(*WRITE, PlanClosed, tasks.NotNow),
)
def update(db: Writing, actor: Actor, plan: PlanPath, code: TaskPath, sent: UpdateIn) -> UpdateOut:
    return update_shown(db, actions.update(db, actor, plan=plan, code=code, sent=sent))


@routes.post(
    "/plans/{plan}/tasks/{code}/officers",
    operation_id="tasks_put_in_charge",
    summary="Phân công hoặc bàn giao cán bộ phụ trách",
    responses=documented(*WRITE, PlanClosed, tasks.NotNow),
)
def put_in_charge(db: Writing, actor: Actor, plan: PlanPath, code: TaskPath, sent: OfficerIn) -> TaskOut:
    actions.put_in_charge(db, actor, plan=plan, code=code, sent=sent)
    return task(db, actor, plan, code)


@routes.post(
    "/plans/{plan}/task-inheritances",
    operation_id="tasks_inherit",
    status_code=201,
    summary="Chuyển giao nhiệm vụ chưa hoàn thành của đơn vị đã sáp nhập, chia, tách cho đơn vị kế thừa",
    responses=documented(*WRITE, PlanClosed, tasks.NotNow, queries.RequestOpen),
)
def inherit(db: Writing, actor: Actor, plan: PlanPath, sent: InheritanceIn) -> list[TaskOut]:
    made = [row.task_code for row in actions.inherit(db, actor, plan=plan, sent=sent)]
    by_task = queries.by_task(queries.parts(db, actor, plan))
    parts = [by_task[code] for code in made]
    return list(map(task_shower(db, actor, parts), parts))


@routes.post(
    "/plans/{plan}/reminders",
    operation_id="tasks_remind",
    status_code=201,
    summary="Đôn đốc một đơn vị về các nhiệm vụ chưa hoàn thành; trả về lời đôn đốc soạn sẵn",
    responses=documented(*WRITE, PlanClosed),
)
def remind(request: Request, db: Writing, actor: Actor, plan: PlanPath, language: Language, sent: RemindersIn) -> RemindersOut:
    made = actions.remind(db, actor, plan=plan, sent=sent)
    text = reminder_text(db, sent.unit, made, str(request.base_url).rstrip("/"), language)
    items = [ReminderOut(task=row.task_code, number=row.number, level=row.level) for _, row in made]
    return RemindersOut(unit=sent.unit, items=items, text=text)


@routes.get(
    "/plans/{plan}/task-statuses",
    operation_id="progress_task_statuses",
    summary="Tình trạng từng phần việc trong phạm vi của tôi",
    responses=documented(*READ),
)
def statuses(
    db: Reading,
    actor: Actor,
    plan: PlanPath,
    unit: Annotated[Code | None, Query(description="Phần việc của một đơn vị")] = None,
    progress: TaskProgress | None = None,
    timing: TaskTiming | None = None,
    quiet_days: Annotated[int | None, Query(ge=1, le=366, description="Chưa hoàn thành và không cập nhật từ ngần ấy ngày")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[TaskStatusOut]:
    open_plan(db, plan)
    found = queries.narrowed(db, queries.parts(db, actor, plan), queries.Wanted(unit, progress, timing, quiet_days))
    return sliced(found, limit, status_shown, lambda part: [part.task.task_code, part.unit], after(cursor, 2))


@routes.get(
    "/plans/{plan}/task-statistics",
    operation_id="tasks_statistics",
    summary="Thống kê nhiệm vụ theo đơn vị chủ trì: quá hạn, chưa cập nhật, tồn đọng; nêu rõ mẫu số",
    responses=documented(*READ),
)
def statistics(
    db: Reading,
    actor: Actor,
    plan: PlanPath,
    quiet_days: Annotated[int, Query(ge=1, le=366, description="Coi là chưa cập nhật sau ngần ấy ngày")] = 30,
) -> StatisticsOut:
    open_plan(db, plan)
    return statistics_shown(quiet_days, queries.counted(db, actor, plan, quiet_days))
