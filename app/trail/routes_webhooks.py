from typing import Annotated
from uuid import UUID

from fastapi import Path, Request

from app.db import Reading, Writing
from app.policy import Actor
from app.trail import actions, queries
from app.trail.schemas import NewWebhookOut, ReplayIn, WebhookIn, WebhookOut, webhook_shown
from app.trail.sending import secret_of
from app.web.house import of
from app.web.page import Cursor, Limit, Listed, after, sliced
from app.web.problems import documented
from app.web.refusals import READ, WRITE
from app.web.route import router

routes = router("trail")
WebhookPath = Annotated[UUID, Path(description="Mã webhook / webhook id")]
_CHANGE = documented(*WRITE, actions.WebhookEnded)


@routes.get("/webhooks", operation_id="webhooks_list", summary="Các webhook và tình trạng gửi", responses=documented(*READ))
def listed(db: Reading, actor: Actor, cursor: Cursor = None, limit: Limit = 50) -> Listed[WebhookOut]:
    rows = queries.webhooks(db, actor)
    return sliced(rows, limit, lambda row: webhook_shown(*row), lambda row: [str(row[0].id)], after(cursor, 1))


@routes.post(
    "/webhooks",
    operation_id="webhooks_register",
    status_code=201,
    summary="Đăng ký webhook (Standard Webhooks); mã bí mật chỉ hiện một lần",
    responses=documented(*WRITE),
)
def register(request: Request, db: Writing, actor: Actor, sent: WebhookIn) -> NewWebhookOut:
    settings = of(request).settings
    made = actions.register(db, actor, sent=sent, networks=settings.webhook_networks)
    told = webhook_shown(*queries.open_webhook(db, actor, made.id))
    return NewWebhookOut(**vars(told), secret=secret_of(settings.data_dir, made.id))


@routes.post("/webhooks/{webhook_id}/end", operation_id="webhooks_end", summary="Chấm dứt một webhook", responses=_CHANGE)
def end(db: Writing, actor: Actor, webhook_id: WebhookPath) -> WebhookOut:
    actions.end(db, actor, webhook_id=webhook_id)
    return webhook_shown(*queries.open_webhook(db, actor, webhook_id))


@routes.post(
    "/webhooks/{webhook_id}/replay",
    operation_id="webhooks_replay",
    summary="Gửi lại mọi mục sau một vị trí; webhook đã ngừng thì chạy tiếp",
    responses=_CHANGE,
)
def replay(db: Writing, actor: Actor, webhook_id: WebhookPath, sent: ReplayIn) -> WebhookOut:
    actions.replay(db, actor, webhook_id=webhook_id, since=sent.since)
    return webhook_shown(*queries.open_webhook(db, actor, webhook_id))
