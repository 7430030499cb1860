from datetime import date
from typing import Annotated

from fastapi import Path
from sqlmodel import Session

from app import clock
from app.calendar.queries import calendar
from app.db import Reading, Writing
from app.errors import CodeTaken
from app.movements import actions, queries
from app.movements.rules import days_to, where
from app.movements.schemas import (
    AdoptionIn,
    AdoptionOut,
    ClusterIn,
    ClusterOut,
    MilestoneIn,
    MilestoneOut,
    MovementFields,
    MovementIn,
    MovementOut,
    RegistrationIn,
    RegistrationOut,
    StateIn,
    TimelineOut,
)
from app.plans.queries import PlanClosed
from app.policy import Actor
from app.web.page import Cursor, Limit, Listed, after, sliced
from app.web.preconditions import ExpectedVersion
from app.web.problems import documented
from app.web.refusals import READ, TRANSITION, WRITE
from app.web.route import router
from app.wire import Code

routes = router("movements")
MovementPath = Annotated[Code, Path(description="Mã phong trào / movement code", examples=["cau-giay-25"])]


@routes.get("/movements", operation_id="movements_list", summary="Các phong trào thi đua", responses=documented(*READ))
def movements(db: Reading, actor: Actor) -> Listed[MovementOut]:
    return Listed(items=[_shown(seen) for seen in queries.shown_table(db, actor)])


@routes.post(
    "/movements",
    operation_id="movements_draft",
    status_code=201,
    summary="Soạn một phong trào",
    responses=documented(*WRITE, CodeTaken, PlanClosed, actions.DemoClock),
)
def draft(db: Writing, actor: Actor, sent: MovementIn) -> MovementOut:
    return _shown(actions.draft(db, actor, code=sent.code, plan=sent.plan, kind=sent.kind, fields=sent, synthetic=sent.synthetic))


@routes.get("/movements/{movement}", operation_id="movements_show", summary="Một phong trào", responses=documented(*READ))
def movement(db: Reading, actor: Actor, movement: MovementPath) -> MovementOut:
    return _shown(queries.open_shown(db, actor, movement))


@routes.put(
    "/movements/{movement}", operation_id="movements_amend", summary="Sửa ngày, tên, mức công khai", responses=documented(*TRANSITION)
)
def amend(db: Writing, actor: Actor, movement: MovementPath, expected: ExpectedVersion, sent: MovementFields) -> MovementOut:
    return _shown(actions.amend(db, actor, code=movement, expected=expected, fields=sent))


@routes.post(
    "/movements/{movement}/state",
    operation_id="movements_advance",
    summary="Chuyển phong trào sang trạng thái kế tiếp",
    responses=documented(*TRANSITION, actions.WrongState),
)
def advance(db: Writing, actor: Actor, movement: MovementPath, expected: ExpectedVersion, sent: StateIn) -> MovementOut:
    return _shown(actions.advance(db, actor, code=movement, expected=expected, state=sent.state))


@routes.get(
    "/movements/{movement}/clusters", operation_id="movements_clusters", summary="Các cụm, khối thi đua", responses=documented(*READ)
)
def clusters(db: Reading, actor: Actor, movement: MovementPath) -> Listed[ClusterOut]:
    queries.open_shown(db, actor, movement)
    return Listed(items=[ClusterOut.model_validate(row) for row in queries.clusters(db, movement)])


@routes.post(
    "/movements/{movement}/clusters",
    operation_id="movements_form_cluster",
    status_code=201,
    summary="Lập một cụm, khối",
    responses=documented(*WRITE, CodeTaken),
)
def form_cluster(db: Writing, actor: Actor, movement: MovementPath, sent: ClusterIn) -> ClusterOut:
    row = actions.form_cluster(db, actor, movement=movement, code=sent.code, name=sent.name, ordinal=sent.ordinal, synthetic=sent.synthetic)
    return ClusterOut.model_validate(row)


@routes.get(
    "/movements/{movement}/registrations", operation_id="movements_registrations", summary="Đăng ký thi đua", responses=documented(*READ)
)
def registrations(db: Reading, actor: Actor, movement: MovementPath, cursor: Cursor = None, limit: Limit = 50) -> Listed[RegistrationOut]:
    queries.open_shown(db, actor, movement)
    rows = list(queries.registrations(db, movement).values())
    return sliced(rows, limit, RegistrationOut.model_validate, lambda row: [row.unit_code], after(cursor, 1))


@routes.post(
    "/movements/{movement}/registrations",
    operation_id="movements_register",
    status_code=201,
    summary="Xếp đơn vị vào cụm và ghi đăng ký",
    responses=documented(*WRITE),
)
def register(db: Writing, actor: Actor, movement: MovementPath, sent: RegistrationIn) -> RegistrationOut:
    row = actions.register(
        db, actor, movement=movement, unit=sent.unit, cluster=sent.cluster, registered_on=sent.registered_on, synthetic=sent.synthetic
    )
    return RegistrationOut.model_validate(row)


@routes.post(
    "/movements/{movement}/milestones",
    operation_id="movements_set_milestone",
    status_code=201,
    summary="Đặt một mốc",
    responses=documented(*WRITE),
)
def set_milestone(db: Writing, actor: Actor, movement: MovementPath, sent: MilestoneIn) -> TimelineOut:
    actions.set_milestone(
        db, actor, movement=movement, code=sent.code, name=sent.name, due_on=sent.due_on, roll=sent.roll, synthetic=sent.synthetic
    )
    return timeline_of(db, movement, clock.today(db))


@routes.post(
    "/movements/{movement}/adoptions",
    operation_id="movements_adopt",
    status_code=201,
    summary="Lấy chỉ tiêu, nhiệm vụ vào phong trào",
    responses=documented(*WRITE),
)
def adopt(db: Writing, actor: Actor, movement: MovementPath, sent: AdoptionIn) -> AdoptionOut:
    window = {"window_from": sent.window_from, "window_to": sent.window_to}
    actions.adopt(db, actor, movement=movement, indicators=sent.indicators, tasks=sent.tasks, **window)
    return AdoptionOut(indicators=list(queries.adopted_indicators(db, movement)), tasks=list(queries.adopted_tasks(db, movement)))


@routes.get(
    "/movements/{movement}/timeline",
    operation_id="movements_timeline",
    summary="Phong trào đang ở đâu so với các mốc",
    responses=documented(*READ),
)
def timeline(db: Reading, actor: Actor, movement: MovementPath) -> TimelineOut:
    queries.open_shown(db, actor, movement)
    return timeline_of(db, movement, clock.today(db))


def timeline_of(db: Session, code: str, today: date) -> TimelineOut:
    seen, working = queries.newest(db, code), calendar(db)
    marks = []
    for row in queries.milestones(db, code):
        due = working.rolled(row.due_on, row.roll)
        timing, days = where(due, today), days_to(due, today)
        marks.append(
            MilestoneOut(
                code=row.code, name=row.name, due_on=due, original_due_on=row.due_on, timing=timing, days=days, synthetic=row.is_synthetic
            )
        )
    marks.sort(key=lambda mark: (mark.due_on, mark.code))
    ahead = next((mark.code for mark in marks if mark.days >= 0), None)
    version = seen.version
    return TimelineOut(
        movement=code,
        name=version.name,
        state=version.state,
        today=today,
        goal_on=version.goal_on,
        days_to_goal=days_to(version.goal_on, today),
        ceremony_on=version.ceremony_on,
        milestones=marks,
        next_milestone=ahead,
        synthetic=seen.movement.is_synthetic,
    )


def _shown(seen: queries.Seen) -> MovementOut:
    movement = {
        "code": seen.movement.code,
        "plan": seen.movement.plan_code,
        "kind": seen.movement.kind,
        "synthetic": seen.movement.is_synthetic,
    }
    return MovementOut.model_validate({**seen.version.model_dump(exclude={"movement_code", "entry_id"}), **movement})
