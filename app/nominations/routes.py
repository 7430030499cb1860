from typing import Annotated
from uuid import UUID

from fastapi import Query

from app.db import Reading, Writing
from app.movements.queries import open_shown
from app.movements.routes import MovementPath
from app.nominations import actions, checks, queries, shown
from app.nominations.rules import NominationState
from app.nominations.schemas import DossierIn, DossierReturnIn, NominationLineOut, NominationOut, NominationsIn, NominationsOut
from app.policy import Actor
from app.progress.reviewing import OwnWork
from app.web.page import Cursor, Limit, Listed, last_id, page
from app.web.preconditions import ExpectedVersion
from app.web.problems import documented
from app.web.refusals import READ, TRANSITION, WRITE
from app.web.route import router
from app.wire import Code

routes = router("nominations")


@routes.get(
    "/movements/{movement}/nominations",
    operation_id="nominations_list",
    summary="Hồ sơ đề nghị khen thưởng trong phạm vi của tôi, mới nộp trước",
    responses=documented(*READ),
)
def nominations(
    db: Reading,
    actor: Actor,
    movement: MovementPath,
    award: Annotated[Code | None, Query()] = None,
    state: Annotated[NominationState | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[NominationLineOut]:
    open_shown(db, actor, movement)
    found = queries.table(db, actor, movement, (award, state), last_id(cursor), limit)
    told = dict(zip((one.row.id for one in found), shown.lines(db, found), strict=True))
    return page(found, limit, lambda one: told[one.row.id], lambda one: [str(one.row.id)])


@routes.post(
    "/movements/{movement}/nominations",
    operation_id="nominations_send",
    status_code=201,
    summary="Đề nghị khen thưởng tập thể, cá nhân; tất cả hoặc không",
    responses=documented(*WRITE, checks.NoScheme, actions.AlreadyNominated),
)
def nominate(db: Writing, actor: Actor, movement: MovementPath, sent: NominationsIn) -> NominationsOut:
    """Hồ sơ nộp sau hạn vẫn được nhận và ghi là nộp muộn."""
    under = checks.intake(db, actor, movement, {one.unit for one in sent.nominations})
    made = actions.nominate(db, actor, under=under, sent=sent.nominations)
    return NominationsOut(nominations=shown.lines(db, made))


@routes.get(
    "/nominations/{nomination_id}",
    operation_id="nominations_show",
    summary="Một hồ sơ đề nghị khen thưởng và quá trình xử lý",
    responses=documented(*READ),
)
def nomination(db: Reading, actor: Actor, nomination_id: UUID) -> NominationOut:
    return shown.whole(db, actor, queries.open_nomination(db, actor, nomination_id))


@routes.post(
    "/nominations/{nomination_id}/supplement",
    operation_id="nominations_supplement",
    summary="Gửi lại hồ sơ đã bổ sung, thay cho bản trước",
    responses=documented(*TRANSITION, actions.WrongDossierState),
)
def supplement(db: Writing, actor: Actor, nomination_id: UUID, expected: ExpectedVersion, sent: DossierIn) -> NominationOut:
    return shown.whole(db, actor, actions.supplement(db, actor, identifier=nomination_id, expected=expected, dossier=sent))


@routes.post(
    "/nominations/{nomination_id}/withdrawal",
    operation_id="nominations_withdraw",
    summary="Rút hồ sơ đề nghị khen thưởng",
    responses=documented(*TRANSITION, actions.WrongDossierState),
)
def withdraw(db: Writing, actor: Actor, nomination_id: UUID, expected: ExpectedVersion) -> NominationOut:
    return shown.whole(db, actor, actions.withdraw(db, actor, identifier=nomination_id, expected=expected))


@routes.post(
    "/nominations/{nomination_id}/completion",
    operation_id="nominations_confirm",
    summary="Xác nhận hồ sơ đầy đủ",
    responses=documented(*TRANSITION, actions.WrongDossierState, actions.DossierLacking, OwnWork),
)
def confirm_complete(db: Writing, actor: Actor, nomination_id: UUID, expected: ExpectedVersion) -> NominationOut:
    return shown.whole(db, actor, actions.confirm_complete(db, actor, identifier=nomination_id, expected=expected))


@routes.post(
    "/nominations/{nomination_id}/return",
    operation_id="nominations_return",
    summary="Trả hồ sơ để bổ sung, trong số ngày làm việc của quy định khen thưởng",
    responses=documented(*TRANSITION, actions.WrongDossierState, OwnWork),
)
def return_for_supplement(
    db: Writing, actor: Actor, nomination_id: UUID, expected: ExpectedVersion, sent: DossierReturnIn
) -> NominationOut:
    made = actions.return_for_supplement(db, actor, identifier=nomination_id, expected=expected, reason=sent.reason)
    return shown.whole(db, actor, made)
