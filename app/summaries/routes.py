from datetime import date
from typing import Annotated

from fastapi import Query

from app import clock
from app.db import Reading
from app.plans.queries import open_plan
from app.plans.routes import PlanPath
from app.policy import Actor
from app.summaries import queries
from app.summaries.figures import table
from app.summaries.rules import ReportState
from app.summaries.schemas import ExpectedOut, FiguresTableOut, MondayOut, ReportStatisticsOut
from app.summaries.shown import line_shown, monday, statistics_shown
from app.units.routes import UnitPath
from app.web.page import Cursor, Limit, Listed, after, sliced
from app.web.problems import documented
from app.web.refusals import READ
from app.web.route import router
from app.wire import EARLIEST, LATEST, Code, PeriodCode

routes = router("summaries")
UntilQuery = Annotated[date | None, Query(ge=EARLIEST, le=LATEST, description="Tính đến hết ngày này; mặc định là hôm nay")]
BranchQuery = Annotated[bool, Query(description="Cộng các đơn vị bên dưới, thay cho số của chính đơn vị")]


@routes.get(
    "/plans/{plan}/expected-reports",
    operation_id="summaries_expected",
    summary="Báo cáo phải gửi trong phạm vi của tôi: đúng hạn, chậm, quá hạn, chưa đến hạn",
    responses=documented(*READ),
)
def expected(
    db: Reading,
    actor: Actor,
    plan: PlanPath,
    unit: Annotated[Code | None, Query()] = None,
    indicator: Annotated[Code | None, Query()] = None,
    period: Annotated[PeriodCode | None, Query()] = None,
    state: ReportState | None = None,
    not_updated: Annotated[bool, Query(description="Chỉ kỳ gần nhất đã kết thúc mà chưa có số")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[ExpectedOut]:
    wanted = {"unit": unit, "indicator": indicator, "period": period, "state": state}
    found = [
        one
        for one in queries.expected(db, actor, open_plan(db, plan))
        if all(value in {None, getattr(one, name)} for name, value in wanted.items()) and (not not_updated or one.is_missing_now)
    ]
    return sliced(found, limit, ExpectedOut.model_validate, lambda one: [one.unit, one.indicator, one.period], after(cursor, 3))


@routes.get(
    "/plans/{plan}/report-statistics",
    operation_id="summaries_statistics",
    summary="Thống kê báo cáo theo đơn vị: đúng hạn, chậm, quá hạn, chưa cập nhật; nêu rõ mẫu số",
    responses=documented(*READ),
)
def statistics(db: Reading, actor: Actor, plan: PlanPath) -> ReportStatisticsOut:
    return statistics_shown(queries.expected(db, actor, open_plan(db, plan)))


@routes.get(
    "/plans/{plan}/units/{code}/figures",
    operation_id="summaries_figures",
    summary="Biểu kinh tế - xã hội của một đơn vị: trong kỳ, lũy kế, % kế hoạch, % cùng kỳ, trong đó",
    responses=documented(*READ),
)
def figures(
    db: Reading, actor: Actor, plan: PlanPath, code: UnitPath, until: UntilQuery = None, branch: BranchQuery = False
) -> FiguresTableOut:
    day = until or clock.today(db)
    lines = table(db, actor, open_plan(db, plan), code, day, is_branch=branch)
    return FiguresTableOut(plan=plan, unit=code, until=day, branch=branch, lines=list(map(line_shown, lines)))


@routes.get(
    "/plans/{plan}/monday-report",
    operation_id="summaries_monday",
    summary="Báo cáo giao ban thứ Hai: việc quá hạn, việc chưa cập nhật, việc sắp đến hạn, báo cáo còn thiếu, theo đơn vị",
    responses=documented(*READ),
)
def monday_report(
    db: Reading,
    actor: Actor,
    plan: PlanPath,
    quiet_days: Annotated[int, Query(ge=1, le=366, description="Coi là chưa cập nhật sau ngần ấy ngày")] = 30,
    due_within_days: Annotated[int, Query(ge=0, le=366, description="Sắp đến hạn: trong ngần ấy ngày")] = 7,
) -> MondayOut:
    return monday(db, actor, open_plan(db, plan), quiet_days, due_within_days)
