from typing import Annotated
from uuid import UUID

from fastapi import Path

from app.accounts import actions, queries
from app.accounts.models import ApiKey, Person
from app.accounts.schemas import ApiKeyIn, ApiKeyOut, GrantOut, MeOut, NewApiKeyOut
from app.audit.queries import text
from app.db import Reading, Writing
from app.policy import Action, Actor
from app.web.page import Listed
from app.web.problems import documented
from app.web.refusals import READ, WRITE
from app.web.route import router

routes = router("accounts")


@routes.get("/me", operation_id="accounts_me", summary="Tôi là ai, giữ vai trò gì, ở phạm vi nào", responses=documented(*READ))
def me(db: Reading, actor: Actor) -> MeOut:
    person = db.get(Person, actor.id)
    covered = {action: actor.units_for(action) for action in Action if actor.may(action)}
    return MeOut(
        kind=actor.kind,
        id=actor.id,
        code=person.code if person else None,
        name=text(db, person.name_commitment) if person else None,
        roles=[GrantOut(role=grant.role, reach=grant.reach, unit=grant.unit) for grant in actor.grants],
        actions={action: None if units is None else sorted(units) for action, units in covered.items()},
    )


@routes.get("/keys", operation_id="accounts_keys", summary="Khóa API đã cấp", responses=documented(*READ))
def keys(db: Reading, actor: Actor) -> Listed[ApiKeyOut]:
    return Listed(items=[_shown(key, revoked) for key, revoked in queries.keys(db, actor)])


@routes.post(
    "/keys", operation_id="accounts_issue_key", status_code=201, summary="Cấp một khóa API, chỉ hiện một lần", responses=documented(*WRITE)
)
def issue_key(db: Writing, actor: Actor, sent: ApiKeyIn) -> NewApiKeyOut:
    row, token = actions.issue_key(
        db, actor, label=sent.label, role=sent.role, reach=sent.reach, unit=sent.unit, scopes=sent.scopes, expires_at=sent.expires_at
    )
    return NewApiKeyOut.model_construct(**dict(_shown(row, False)), key=token)


@routes.post(
    "/keys/{key_id}/revocation",
    operation_id="accounts_revoke_key",
    summary="Thu hồi một khóa API",
    responses=documented(*WRITE, actions.AlreadyRevoked),
)
def revoke_key(db: Writing, actor: Actor, key_id: Annotated[UUID, Path()]) -> ApiKeyOut:
    return _shown(actions.revoke_key(db, actor, key_id=key_id), True)


def _shown(row: ApiKey, revoked: bool) -> ApiKeyOut:
    return ApiKeyOut.model_validate(row).model_copy(update={"revoked": revoked})
