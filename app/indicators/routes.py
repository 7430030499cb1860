from typing import Annotated

from fastapi import Path

from app.db import Reading, Writing
from app.errors import CodeTaken
from app.indicators import actions, queries, splitting
from app.indicators.rules import TargetKind
from app.indicators.schemas import (
    IndicatorFields,
    IndicatorIn,
    IndicatorOut,
    SplitIn,
    SplitOut,
    TargetIn,
    TargetOut,
    TargetVersionOut,
)
from app.plans.queries import PlanClosed, open_plan
from app.plans.routes import PlanPath
from app.policy import Actor
from app.web.page import Cursor, Limit, Listed, after, sliced
from app.web.preconditions import ExpectedVersion
from app.web.problems import documented
from app.web.refusals import READ, TRANSITION, WRITE
from app.web.route import router
from app.wire import Code

routes = router("indicators")
IndicatorPath = Annotated[Code, Path(description="Mã chỉ tiêu / indicator code", examples=["thu-nsnn"])]


@routes.get("/plans/{plan}/indicators", operation_id="indicators_list", summary="Các chỉ tiêu của kế hoạch", responses=documented(*READ))
def indicators(db: Reading, actor: Actor, plan: PlanPath, cursor: Cursor = None, limit: Limit = 50) -> Listed[IndicatorOut]:
    open_plan(db, plan)
    rows = queries.table(db, actor, plan)
    return sliced(rows, limit, IndicatorOut.model_validate, lambda row: [row.indicator_code], after(cursor, 1))


@routes.post(
    "/plans/{plan}/indicators",
    operation_id="indicators_define",
    status_code=201,
    summary="Thêm một chỉ tiêu",
    responses=documented(*WRITE, CodeTaken, PlanClosed),
)
def define(db: Writing, actor: Actor, plan: PlanPath, sent: IndicatorIn) -> IndicatorOut:
    return IndicatorOut.model_validate(actions.define(db, actor, plan=plan, code=sent.code, fields=sent))


@routes.get("/plans/{plan}/indicators/{code}", operation_id="indicators_show", summary="Một chỉ tiêu", responses=documented(*READ))
def indicator(db: Reading, actor: Actor, plan: PlanPath, code: IndicatorPath) -> IndicatorOut:
    return IndicatorOut.model_validate(queries.open_indicator(db, plan, code))


@routes.put(
    "/plans/{plan}/indicators/{code}",
    operation_id="indicators_amend",
    summary="Sửa một chỉ tiêu",
    responses=documented(*TRANSITION, PlanClosed),
)
def amend(db: Writing, actor: Actor, plan: PlanPath, code: IndicatorPath, expected: ExpectedVersion, sent: IndicatorFields) -> IndicatorOut:
    return IndicatorOut.model_validate(actions.amend(db, actor, plan=plan, code=code, expected=expected, fields=sent))


@routes.get(
    "/plans/{plan}/indicators/{code}/targets",
    operation_id="indicators_targets",
    summary="Mức giao cho các đơn vị",
    responses=documented(*READ),
)
def targets(db: Reading, actor: Actor, plan: PlanPath, code: IndicatorPath, cursor: Cursor = None, limit: Limit = 50) -> Listed[TargetOut]:
    queries.open_indicator(db, plan, code)
    rows = queries.targets_within(db, actor, plan, code)
    return sliced(rows, limit, TargetOut.model_validate, lambda row: [row.unit_code, row.kind], after(cursor, 2))


@routes.post(
    "/plans/{plan}/indicators/{code}/targets",
    operation_id="indicators_assign_target",
    status_code=201,
    summary="Giao hoặc điều chỉnh mức chỉ tiêu của một đơn vị",
    responses=documented(*WRITE, PlanClosed),
)
def assign_target(db: Writing, actor: Actor, plan: PlanPath, code: IndicatorPath, sent: TargetIn) -> TargetOut:
    row = actions.assign_target(
        db,
        actor,
        plan=plan,
        code=code,
        unit=sent.unit,
        kind=sent.kind,
        source=sent.source,
        figure=sent.figure,
        last_year=sent.last_year,
        reported_from=sent.reported_from,
        reason=sent.reason,
        synthetic=sent.synthetic,
    )
    return TargetOut.model_validate(row)


@routes.get(
    "/plans/{plan}/indicators/{code}/targets/{unit}/versions",
    operation_id="indicators_target_versions",
    summary="Các lần giao và điều chỉnh mức chỉ tiêu của một đơn vị, mới nhất trước",
    responses=documented(*READ),
)
def target_versions(
    db: Reading,
    actor: Actor,
    plan: PlanPath,
    code: IndicatorPath,
    unit: Annotated[Code, Path(description="Mã đơn vị / unit code", examples=["dich-vong"])],
    kind: TargetKind = TargetKind.ASSIGNED,
) -> Listed[TargetVersionOut]:
    found = queries.target_versions(db, actor, plan, code, unit, kind)
    return Listed(items=[TargetVersionOut.model_validate({**vars(row), "at": at, "reason": said}) for row, at, said in found])


@routes.get(
    "/plans/{plan}/indicators/{code}/splits",
    operation_id="indicators_splits",
    summary="Mức giao cho một đơn vị và tổng mức giao cho các đơn vị trực thuộc: khớp, hoặc chênh vì sao",
    responses=documented(*READ),
)
def splits(db: Reading, actor: Actor, plan: PlanPath, code: IndicatorPath, cursor: Cursor = None, limit: Limit = 50) -> Listed[SplitOut]:
    queries.open_indicator(db, plan, code)
    return sliced(queries.splits(db, actor, plan, code), limit, lambda one: one, lambda one: [one.unit, one.kind], after(cursor, 2))


@routes.post(
    "/plans/{plan}/indicators/{code}/splits",
    operation_id="indicators_split",
    status_code=201,
    summary="Phân bổ mức giao cho các đơn vị trực thuộc; tổng phải khớp, hoặc nêu lý do",
    responses=documented(*WRITE, PlanClosed, splitting.NotTheWhole),
)
def split(db: Writing, actor: Actor, plan: PlanPath, code: IndicatorPath, sent: SplitIn) -> SplitOut:
    splitting.split(db, actor, plan=plan, code=code, sent=sent)
    return next(one for one in queries.splits(db, actor, plan, code) if (one.unit, one.kind) == (sent.unit, sent.kind))
