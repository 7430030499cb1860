from typing import Annotated
from uuid import UUID

from fastapi import Path
from sqlmodel import Session

from app.audit.queries import texts
from app.council import actions, queries, shown
from app.council.models import Meeting
from app.council.schemas import (
    CouncilIn,
    CouncilOut,
    MeetingIn,
    MeetingLineOut,
    MemberEndIn,
    MemberIn,
    RegulationIn,
    RegulationOut,
)
from app.db import Reading, Writing
from app.errors import CodeTaken, NotFound
from app.policy import Actor
from app.web.page import Cursor, Limit, Listed, last_id, page
from app.web.preconditions import ExpectedVersion
from app.web.problems import documented
from app.web.refusals import READ, TRANSITION, WRITE
from app.web.route import router
from app.wire import Code

routes = router("council")
CouncilPath = Annotated[Code, Path(description="Mã Hội đồng", examples=["hd-quan-2022"])]


@routes.get("/councils", operation_id="council_list", summary="Các Hội đồng thi đua - khen thưởng", responses=documented(*READ))
def councils(db: Reading, actor: Actor) -> Listed[CouncilOut]:
    return Listed(items=[shown.council(db, row) for row in queries.councils(db, actor)])


@routes.post(
    "/councils",
    operation_id="council_found",
    status_code=201,
    summary="Lập Hội đồng theo quyết định thành lập",
    responses=documented(*WRITE, CodeTaken),
)
def found(db: Writing, actor: Actor, sent: CouncilIn) -> CouncilOut:
    return shown.council(db, actions.found(db, actor, sent=sent))


@routes.get("/councils/{council}", operation_id="council_show", summary="Một Hội đồng và thành viên", responses=documented(*READ))
def council(db: Reading, actor: Actor, council: CouncilPath) -> CouncilOut:
    return shown.council(db, queries.open_council(db, actor, council))


@routes.get(
    "/councils/{council}/regulation",
    operation_id="council_regulation",
    summary="Quy chế đang áp dụng: số người phải có mặt, hạn gửi tài liệu, ngưỡng biểu quyết",
    responses=documented(*READ),
)
def regulation(db: Reading, actor: Actor, council: CouncilPath) -> RegulationOut:
    queries.open_council(db, actor, council)
    row = queries.regulation(db, council)
    if row is None:
        raise NotFound
    return shown.regulation(row)


@routes.put(
    "/councils/{council}/regulation",
    operation_id="council_regulate",
    summary="Ban hành hoặc sửa quy chế; If-Match là phiên bản đã đọc, 0 khi chưa có",
    responses=documented(*TRANSITION),
)
def regulate(db: Writing, actor: Actor, council: CouncilPath, expected: ExpectedVersion, sent: RegulationIn) -> RegulationOut:
    """Phiên họp đã triệu tập giữ quy chế cũ."""
    return shown.regulation(actions.regulate(db, actor, council=council, expected=expected, sent=sent))


@routes.post(
    "/councils/{council}/members",
    operation_id="council_seat",
    status_code=201,
    summary="Thêm một thành viên Hội đồng",
    responses=documented(*WRITE, actions.SeatTaken),
)
def seat(db: Writing, actor: Actor, council: CouncilPath, sent: MemberIn) -> CouncilOut:
    actions.seat(db, actor, council=council, sent=sent)
    return shown.council(db, queries.open_council(db, actor, council))


@routes.post(
    "/councils/{council}/members/{member_id}/end",
    operation_id="council_unseat",
    summary="Ghi ngày cuối của một thành viên Hội đồng",
    responses=documented(*WRITE, actions.SeatVacated),
)
def unseat(db: Writing, actor: Actor, council: CouncilPath, member_id: UUID, sent: MemberEndIn) -> CouncilOut:
    actions.unseat(db, actor, council=council, member=member_id, until=sent.until)
    return shown.council(db, queries.open_council(db, actor, council))


@routes.get(
    "/councils/{council}/meetings",
    operation_id="council_meetings",
    summary="Các phiên họp của Hội đồng, mới triệu tập trước",
    responses=documented(*READ),
)
def meetings(db: Reading, actor: Actor, council: CouncilPath, cursor: Cursor = None, limit: Limit = 50) -> Listed[MeetingLineOut]:
    rows = queries.meetings(db, actor, council, last_id(cursor), limit)
    said = texts(db, [row.late_reason_commitment for row in rows])
    return page(rows, limit, lambda row: shown.meeting_line(row, said), lambda row: [str(row.id)])


@routes.post(
    "/councils/{council}/meetings",
    operation_id="council_call",
    status_code=201,
    summary="Triệu tập một phiên họp",
    responses=documented(*WRITE, actions.NoRegulation),
)
def call(db: Writing, actor: Actor, council: CouncilPath, sent: MeetingIn) -> MeetingLineOut:
    return _line(db, actions.call(db, actor, council=council, sent=sent))


def _line(db: Session, row: Meeting) -> MeetingLineOut:
    return shown.meeting_line(row, texts(db, [row.late_reason_commitment]))
