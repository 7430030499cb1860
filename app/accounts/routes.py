from typing import Annotated
from uuid import UUID

from fastapi import Path, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts import actions, passwords, queries, signing
from app.accounts.models import ApiKey, Person
from app.accounts.rules import LIFETIMES, TokenKind
from app.accounts.schemas import (
    ApiKeyIn,
    ApiKeyOut,
    DeviceRotationIn,
    GrantOut,
    LinkOut,
    LinkSignInIn,
    MeOut,
    NewApiKeyOut,
    PasswordIn,
    PasswordSignInIn,
    PersonIn,
    PersonOut,
    PersonShownOut,
    RoleGrantIn,
    RoleOut,
    SignedInOut,
    SignInOut,
)
from app.audit.queries import text
from app.db import Reading, Writing
from app.errors import Busy, CodeTaken, Invalid
from app.policy import Action, Actor
from app.web import guard
from app.web.body import NotJson, TooLarge, TooSlow
from app.web.page import Cursor, Limit, Listed, after, page
from app.web.problems import documented
from app.web.refusals import READ, WRITE
from app.web.route import prepared_by, router

routes = router("accounts")
PersonPath = Annotated[UUID, Path(description="Mã cán bộ / person id")]
_SIGN_IN = documented(
    Invalid, Busy, TooLarge, TooSlow, NotJson, signing.WrongPassword, signing.WrongToken, signing.TooManyAttempts, guard.InsecureSignIn
)


@routes.get("/me", operation_id="accounts_me", summary="Tài khoản đang dùng, vai trò và phạm vi", responses=documented(*READ))
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


@routes.get("/people", operation_id="accounts_people", summary="Cán bộ và vai trò", responses=documented(*READ))
def people(db: Reading, actor: Actor, cursor: Cursor = None, limit: Limit = 50) -> Listed[PersonShownOut]:
    start = after(cursor, 1)
    return page(queries.people(db, actor, start[0] if start else None, limit), limit, lambda row: _person(db, row), lambda row: [row.code])


@routes.post("/people", operation_id="accounts_enrol", status_code=201, summary="Thêm cán bộ", responses=documented(*WRITE, CodeTaken))
def enrol(db: Writing, actor: Actor, sent: PersonIn) -> PersonOut:
    return PersonOut.model_validate(actions.enrol(db, actor, code=sent.code, name=sent.name, synthetic=sent.synthetic))


@routes.post(
    "/people/{person_id}/roles",
    operation_id="accounts_grant_role",
    status_code=201,
    summary="Giao vai trò cho cán bộ",
    responses=documented(*WRITE),
)
def grant_role(db: Writing, actor: Actor, person_id: PersonPath, sent: RoleGrantIn) -> RoleOut:
    return RoleOut.model_validate(actions.grant_role(db, actor, person_id=person_id, role=sent.role, reach=sent.reach, unit=sent.unit))


@routes.post(
    "/people/{person_id}/roles/{role_id}/end",
    operation_id="accounts_end_role",
    status_code=204,
    summary="Thôi vai trò của cán bộ",
    responses=documented(*WRITE, actions.AlreadyRevoked),
)
def end_role(db: Writing, actor: Actor, person_id: PersonPath, role_id: Annotated[UUID, Path()]) -> None:
    actions.end_role(db, actor, person_id=person_id, grant_id=role_id)


@routes.post(
    "/people/{person_id}/links",
    operation_id="accounts_make_link",
    status_code=201,
    summary="Tạo liên kết đăng nhập một lần",
    responses=documented(*WRITE),
)
def make_link(db: Writing, actor: Actor, person_id: PersonPath) -> LinkOut:
    token = signing.make_link(db, actor, person_id=person_id)
    return LinkOut(token=token, path=f"/sign-in#{token}")


def _checked(db: Session, sent: PasswordSignInIn, request: Request) -> bool:
    """Argon2 takes its time, so it comes before the transaction; an account out of budget is not even checked."""
    signing.check_budget(db, sent.code, guard.address_of(request))
    return passwords.is_right(sent.password, queries.password_hash(db, sent.code))


@routes.post("/session", operation_id="accounts_sign_in", summary="Đăng nhập bằng mật khẩu", response_model=SignedInOut, responses=_SIGN_IN)
@prepared_by(_checked)
def sign_in(db: Writing, request: Request, sent: PasswordSignInIn, prepared: bool) -> Response:
    attempt = signing.Attempt(sent.code, guard.address_of(request), prepared)
    token = signing.sign_in(db, attempt, kind=TokenKind.SESSION, label=sent.device or "password")
    device = signing.sign_in(db, attempt, kind=TokenKind.DEVICE, label=sent.device) if sent.device else None
    return _signed_in(request, token, device, as_cookie=sent.as_cookie)


@routes.post(
    "/session/link",
    operation_id="accounts_use_link",
    summary="Đăng nhập bằng liên kết một lần",
    response_model=SignedInOut,
    responses=_SIGN_IN,
)
def use_link(db: Writing, request: Request, sent: LinkSignInIn) -> Response:
    return _signed_in(request, signing.use_link(db, token=sent.token, label="link"), as_cookie=sent.as_cookie)


@routes.post(
    "/session/rotation",
    operation_id="accounts_rotate_device",
    summary="Đổi mã thiết bị lấy phiên mới",
    response_model=SignedInOut,
    responses=_SIGN_IN,
)
def rotate(db: Writing, request: Request, sent: DeviceRotationIn) -> Response:
    device, token = signing.rotate(db, token=sent.device_token)
    return _signed_in(request, token, device)


@routes.post("/session/end", operation_id="accounts_sign_out", status_code=204, summary="Đăng xuất phiên này", responses=documented(*WRITE))
def sign_out(db: Writing, actor: Actor, request: Request) -> Response:
    signing.sign_out(db, actor, token=guard.token(request) or "")
    return guard.without_cookie()


@routes.get("/me/sign-ins", operation_id="accounts_sign_ins", summary="Các phiên và thiết bị của tôi", responses=documented(*READ))
def sign_ins(db: Reading, actor: Actor) -> Listed[SignInOut]:
    return Listed(items=[SignInOut.model_validate(row) for row in queries.sign_ins(db, actor)])


@routes.post(
    "/me/sign-ins/{sign_in_id}/end",
    operation_id="accounts_end_sign_in",
    summary="Đăng xuất một phiên, gỡ một thiết bị",
    responses=documented(*WRITE),
)
def end_sign_in(db: Writing, actor: Actor, sign_in_id: Annotated[UUID, Path()]) -> SignInOut:
    return SignInOut.model_validate(signing.end_sign_in(db, actor, sign_in_id=sign_in_id))


def _hashed(_db: Session, sent: PasswordIn) -> str:
    return passwords.hashed(sent.password)


@routes.put(
    "/me/password",
    operation_id="accounts_set_password",
    status_code=204,
    summary="Đặt mật khẩu; các phiên và thiết bị khác bị đăng xuất",
    responses=documented(*WRITE, signing.PeopleOnly),
)
@prepared_by(_hashed)
def set_password(db: Writing, actor: Actor, request: Request, sent: PasswordIn, prepared: str) -> None:
    signing.set_password(db, actor, hashed=prepared, token=guard.token(request) or "")


def _signed_in(request: Request, token: str, device: str | None = None, *, as_cookie: bool = False) -> Response:
    lifetime = int(LIFETIMES[TokenKind.SESSION].total_seconds())
    guard.check_transport(request)
    answer = SignedInOut(token=None if as_cookie else token, expires_in_seconds=lifetime, device_token=device)
    response = Response(answer.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})
    if as_cookie:
        guard.set_cookie(request, response, token, lifetime)
    return response


def _person(db: Session, row: Person) -> PersonShownOut:
    return PersonShownOut(
        id=row.id,
        code=row.code,
        is_synthetic=row.is_synthetic,
        name=text(db, row.name_commitment),
        roles=[RoleOut.model_validate(grant) for grant in queries.grants_of(db, row.id)],
    )


def _shown(row: ApiKey, revoked: bool) -> ApiKeyOut:
    return ApiKeyOut.model_validate(row).model_copy(update={"revoked": revoked})
