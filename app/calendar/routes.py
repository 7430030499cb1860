from datetime import date
from typing import Annotated

from fastapi import Path, Query
from sqlmodel import Session

from app.audit.queries import text
from app.calendar import actions, queries
from app.calendar.models import DeclaredOutage
from app.calendar.schemas import CalendarDayIn, CalendarDayOut, OutageIn, OutageOut, YearIn
from app.db import Reading, Writing
from app.errors import Stale
from app.policy import Actor
from app.web.page import Listed
from app.web.preconditions import ExpectedVersion
from app.web.problems import documented
from app.web.refusals import READ, TRANSITION, WRITE
from app.web.route import router
from app.wire import Code

routes = router("calendar")


@routes.get("/calendar/days", operation_id="calendar_days", summary="Ngày nghỉ và ngày làm bù đã khai báo", responses=documented(*READ))
def days(db: Reading, actor: Actor, year: Annotated[int, Query(ge=1990, le=2100)]) -> Listed[CalendarDayOut]:
    found = queries.days(db, date(year, 1, 1), date(year + 1, 1, 1))
    return Listed(items=[CalendarDayOut.model_validate(row) for row in found], next=None)


@routes.post(
    "/calendar/days",
    operation_id="calendar_set_day",
    status_code=201,
    summary="Khai báo một ngày nghỉ hoặc ngày làm bù",
    responses=documented(*WRITE, Stale),
)
def set_day(db: Writing, actor: Actor, sent: CalendarDayIn) -> CalendarDayOut:
    row = actions.set_day(db, actor, day=sent.day, is_working=sent.is_working, name=sent.name, source=sent.source)
    return CalendarDayOut.model_validate(row)


@routes.post(
    "/calendar/years",
    operation_id="calendar_propose_year",
    status_code=201,
    summary="Khai báo ngày nghỉ của một năm theo quy tắc",
    responses=documented(*WRITE, Stale),
)
def propose_year(db: Writing, actor: Actor, sent: YearIn) -> Listed[CalendarDayOut]:
    return Listed(items=[CalendarDayOut.model_validate(row) for row in actions.propose_year(db, actor, year=sent.year)])


@routes.get("/calendar/outages", operation_id="calendar_outages", summary="Sự cố đã ghi nhận và hạn được dời", responses=documented(*READ))
def outages(db: Reading, actor: Actor) -> Listed[OutageOut]:
    return Listed(items=[_shown(db, row) for row in queries.outages(db)])


@routes.put(
    "/calendar/outages/{code}",
    operation_id="calendar_declare_outage",
    summary="Ghi nhận sự cố: dời mọi hạn rơi vào những ngày đó; If-Match là phiên bản đã đọc, 0 khi chưa có",
    responses=documented(*TRANSITION),
)
def declare_outage(
    db: Writing,
    actor: Actor,
    code: Annotated[Code, Path(description="Mã sự cố / outage code", examples=["su-co-2022-06"])],
    expected: ExpectedVersion,
    sent: OutageIn,
) -> OutageOut:
    return _shown(db, actions.declare_outage(db, actor, code=code, expected=expected, sent=sent))


def _shown(db: Session, row: DeclaredOutage) -> OutageOut:
    return OutageOut.model_validate(row).model_copy(update={"reason": text(db, row.reason_commitment)})
