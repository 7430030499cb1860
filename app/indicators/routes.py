from typing import Annotated

from fastapi import Path

from app.db import Reading, Writing
from app.errors import CodeTaken
from app.indicators import actions, queries
from app.indicators.schemas import IndicatorFields, IndicatorIn, IndicatorOut, TargetIn, TargetOut
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
        synthetic=sent.synthetic,
    )
    return TargetOut.model_validate(row)
