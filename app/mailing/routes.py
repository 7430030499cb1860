from app.db import Reading, Writing
from app.mailing import actions, queries
from app.mailing.schemas import MailboxIn, MailboxOut
from app.policy import Actor
from app.units.routes import UnitPath
from app.web.preconditions import ExpectedVersion
from app.web.problems import documented
from app.web.refusals import READ, TRANSITION
from app.web.route import router

routes = router("mailing")


@routes.get(
    "/units/{code}/mailbox", operation_id="mailing_mailbox", summary="Hộp thư nhận nhắc việc của đơn vị", responses=documented(*READ)
)
def mailbox(db: Reading, actor: Actor, code: UnitPath) -> MailboxOut:
    row = queries.open_mailbox(db, actor, code)
    return MailboxOut(unit_code=code, address=None, version=0) if row is None else MailboxOut.model_validate(row)


@routes.put(
    "/units/{code}/mailbox",
    operation_id="mailing_keep_mailbox",
    summary="Đặt hoặc bỏ hộp thư nhận nhắc việc; If-Match là phiên bản đã đọc, 0 khi chưa có",
    responses=documented(*TRANSITION),
)
def keep_mailbox(db: Writing, actor: Actor, code: UnitPath, expected: ExpectedVersion, sent: MailboxIn) -> MailboxOut:
    return MailboxOut.model_validate(actions.keep_mailbox(db, actor, unit=code, expected=expected, address=sent.address))
