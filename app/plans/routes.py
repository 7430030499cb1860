from typing import Annotated

from fastapi import Path

from app.db import Reading, Writing
from app.errors import CodeTaken
from app.plans import actions, queries
from app.plans.models import Plan
from app.plans.schemas import PlanIn, PlanOut
from app.policy import Actor
from app.web.page import Listed
from app.web.problems import documented
from app.web.refusals import READ, WRITE
from app.web.route import router
from app.wire import Code

routes = router("plans")
PlanPath = Annotated[Code, Path(description="Mã kế hoạch / plan code", examples=["kt-xh-2022"])]


@routes.get("/plans", operation_id="plans_list", summary="Các kế hoạch", responses=documented(*READ))
def plans(db: Reading, actor: Actor) -> Listed[PlanOut]:
    return Listed(items=[_shown(plan, closed) for plan, closed in queries.table(db, actor)])


@routes.post("/plans", operation_id="plans_issue", status_code=201, summary="Giao một kế hoạch", responses=documented(*WRITE, CodeTaken))
def issue(db: Writing, actor: Actor, sent: PlanIn) -> PlanOut:
    row = actions.issue(db, actor, code=sent.code, year=sent.year, name=sent.name, issuer=sent.issuer, synthetic=sent.synthetic)
    return _shown(row, False)


@routes.post("/plans/{plan}/closing", operation_id="plans_close", summary="Đóng kế hoạch", responses=documented(*WRITE, queries.PlanClosed))
def close(db: Writing, actor: Actor, plan: PlanPath) -> PlanOut:
    return _shown(actions.close(db, actor, code=plan), True)


def _shown(row: Plan, closed: bool) -> PlanOut:
    return PlanOut.model_validate(row).model_copy(update={"closed": closed})
