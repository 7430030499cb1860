from typing import Annotated
from uuid import UUID

from fastapi import Path

from app.council import actions, moving, shown, voting
from app.council.schemas import AttendanceIn
from app.council.schemas_voting import ClosingIn, MeetingOut, MotionIn, MotionOut, RecusalIn, VoteIn, VoteOut
from app.db import Reading, Writing
from app.policy import Actor
from app.web.preconditions import ExpectedVersion
from app.web.problems import documented
from app.web.refusals import READ, TRANSITION, WRITE
from app.web.route import router

routes = router("council")
MemberPath = Annotated[UUID, Path(description="Thành viên Hội đồng, không phải mã cán bộ")]


@routes.get(
    "/meetings/{meeting_id}",
    operation_id="council_meeting",
    summary="Một phiên họp: ai dự, đủ số người chưa, các nội dung biểu quyết",
    responses=documented(*READ),
)
def meeting(db: Reading, actor: Actor, meeting_id: UUID) -> MeetingOut:
    return shown.meeting(db, actor, meeting_id)


@routes.put(
    "/meetings/{meeting_id}/attendance",
    operation_id="council_attend",
    summary="Ghi thành viên dự họp; If-Match là phiên bản danh sách đã đọc, 0 khi chưa có",
    responses=documented(*TRANSITION),
)
def attend(db: Writing, actor: Actor, meeting_id: UUID, expected: ExpectedVersion, sent: AttendanceIn) -> MeetingOut:
    """Nội dung đang biểu quyết giữ danh sách lúc mở."""
    actions.list_attendance(db, actor, meeting=meeting_id, expected=expected, sent=sent.members)
    return shown.meeting(db, actor, meeting_id)


@routes.post(
    "/meetings/{meeting_id}/motions",
    operation_id="council_table",
    status_code=201,
    summary="Đưa một nội dung ra biểu quyết",
    responses=documented(*WRITE),
)
def table(db: Writing, actor: Actor, meeting_id: UUID, sent: MotionIn) -> MotionOut:
    row = moving.table(db, actor, meeting=meeting_id, text=sent.text, threshold=sent.threshold)
    return shown.motion(db, actor, row.id)


@routes.get("/motions/{motion_id}", operation_id="council_motion", summary="Một nội dung biểu quyết", responses=documented(*READ))
def motion(db: Reading, actor: Actor, motion_id: UUID) -> MotionOut:
    return shown.motion(db, actor, motion_id)


@routes.post(
    "/motions/{motion_id}/recusals",
    operation_id="council_recuse",
    status_code=201,
    summary="Ghi thành viên không tham gia biểu quyết một nội dung",
    responses=documented(*WRITE, moving.VotingBegan),
)
def recuse(db: Writing, actor: Actor, motion_id: UUID, sent: RecusalIn) -> MotionOut:
    moving.recuse(db, actor, motion=motion_id, member=sent.member, reason=sent.reason)
    return shown.motion(db, actor, motion_id)


@routes.post(
    "/motions/{motion_id}/opening",
    operation_id="council_open",
    summary="Mở biểu quyết với những người đang dự họp",
    responses=documented(*WRITE, moving.VotingBegan, moving.BeforeTheMeeting, moving.NoQuorum),
)
def open_vote(db: Writing, actor: Actor, motion_id: UUID) -> MotionOut:
    moving.open_vote(db, actor, motion=motion_id)
    return shown.motion(db, actor, motion_id)


@routes.put(
    "/motions/{motion_id}/votes/{member_id}",
    operation_id="council_vote",
    summary="Biểu quyết hoặc đổi ý khi chưa kết thúc; If-Match là phiên bản phiếu đã đọc, 0 khi chưa có",
    responses=documented(*TRANSITION, voting.OnPaper, voting.VotingClosed, voting.NotYourVote),
)
def vote(db: Writing, actor: Actor, motion_id: UUID, member_id: MemberPath, expected: ExpectedVersion, sent: VoteIn) -> VoteOut:
    """Ý kiến bằng văn bản của người vắng mặt do thư ký nhập, kèm số văn bản."""
    return shown.vote(voting.vote(db, actor, motion=motion_id, member=member_id, expected=expected, sent=sent))


@routes.post(
    "/motions/{motion_id}/closing",
    operation_id="council_close",
    summary="Kết thúc biểu quyết: đếm phiếu, hoặc nhập số liệu của ban kiểm phiếu",
    responses=documented(*WRITE, voting.VotingClosed),
)
def close(db: Writing, actor: Actor, motion_id: UUID, sent: ClosingIn) -> MotionOut:
    voting.close(db, actor, motion=motion_id, ballots=sent.ballots)
    return shown.motion(db, actor, motion_id)
