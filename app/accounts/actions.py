from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries
from app.accounts.models import ApiKey, ApiKeyRevocation, Person, RoleGrant, RoleGrantEnd
from app.accounts.rules import KEY_LIFETIME_LIMIT, TokenKind, new_token, token_hash
from app.audit import actions as audit
from app.audit.rules import Subject, person_scope
from app.clock import real_now
from app.errors import CodeTaken, Invalid, NotFound, Problem
from app.policy import Action, Actor, Reach, Role
from app.tables import add, new_id
from app.units.queries import check_known


class AlreadyRevoked(Problem):
    status, slug = 409, "already-revoked"


def issue_key(
    session: Session,
    actor: Actor,
    *,
    label: str,
    role: Role,
    reach: Reach,
    unit: str | None,
    scopes: list[Action] | None,
    expires_at: datetime,
    synthetic: bool = False,
) -> tuple[ApiKey, str]:
    """A new key and its token, which is shown once. Nobody can hand out a reach wider than the own."""
    if reach is Reach.EVERYWHERE or unit is None:
        actor.require_everywhere(Action.ACCOUNT_MANAGE)
    else:
        actor.require(Action.ACCOUNT_MANAGE, unit)
    _check_reach(session, reach, unit)
    if not real_now() < expires_at <= real_now() + KEY_LIFETIME_LIMIT:
        raise Invalid("#/expires_at", "key-lifetime", days=KEY_LIFETIME_LIMIT.days)
    token, key_id = new_token(TokenKind.API_KEY), new_id()
    content = {
        "role": role,
        "reach": reach,
        "unit": unit,
        "scopes": None if scopes is None else sorted(scopes),
        "token_hash": token_hash(token),
    }
    entry_id = audit.record(session, actor, "key.issued", Subject("api_key", str(key_id)), [person_scope(key_id)], content)
    row = ApiKey(
        id=key_id,
        token_hash=token_hash(token),
        label=label,
        role=role,
        reach=reach,
        unit_code=unit,
        scopes=None if scopes is None else " ".join(sorted(scopes)),
        expires_at=expires_at,
        is_synthetic=synthetic,
        entry_id=entry_id,
    )
    return add(session, row), token


def revoke_key(session: Session, actor: Actor, *, key_id: UUID) -> ApiKey:
    """Effective on the next request of any process."""
    actor.require(Action.ACCOUNT_MANAGE)
    key = queries.open_key(session, actor, key_id)
    entry_id = audit.record(session, actor, "key.revoked", Subject("api_key", str(key_id)), [person_scope(key_id)], {"key": str(key_id)})
    add(session, ApiKeyRevocation(key_id=key_id, entry_id=entry_id), {"pk_api_key_revocation": AlreadyRevoked()})
    return key


def enrol(session: Session, actor: Actor, *, code: str, name: str | None, synthetic: bool = False) -> Person:
    """Enter a person, by an official's code; the name can be erased later."""
    actor.require_everywhere(Action.ACCOUNT_MANAGE)
    person_id, commitment = new_id(), audit.keep_text(session, name)
    subject = Subject("person", str(person_id))
    entry_id = audit.record(session, actor, "person.enrolled", subject, [person_scope(person_id)], {"code": code, "name": commitment})
    row = Person(id=person_id, code=code, name_commitment=commitment, is_synthetic=synthetic, entry_id=entry_id)
    return add(session, row, {"uq_person_code": CodeTaken("#/code")})


def grant_role(session: Session, actor: Actor, *, person_id: UUID, role: Role, reach: Reach, unit: str | None) -> RoleGrant:
    actor.require_everywhere(Action.ACCOUNT_MANAGE)
    _check_reach(session, reach, unit)
    if session.get(Person, person_id) is None:
        raise NotFound
    content = {"role": role, "reach": reach, "unit": unit}
    subject = Subject("person", str(person_id))
    entry_id = audit.record(session, actor, "role.granted", subject, [person_scope(person_id)], content)
    return add(session, RoleGrant(person_id=person_id, role=role, reach=reach, unit_code=unit, entry_id=entry_id))


def end_role(session: Session, actor: Actor, *, person_id: UUID, grant_id: UUID) -> None:
    """Take a role back. Effective on the next request of any process."""
    actor.require_everywhere(Action.ACCOUNT_MANAGE)
    grant = session.get(RoleGrant, grant_id)
    if grant is None or grant.person_id != person_id:
        raise NotFound
    subject = Subject("person", str(person_id))
    entry_id = audit.record(session, actor, "role.ended", subject, [person_scope(person_id)], {"grant": str(grant_id)})
    add(session, RoleGrantEnd(grant_id=grant_id, entry_id=entry_id), {"pk_role_grant_end": AlreadyRevoked()})


def _check_reach(session: Session, reach: Reach, unit: str | None) -> None:
    if reach is not Reach.EVERYWHERE and unit is None:
        raise Invalid("#/unit", "missing")
    check_known(session, [("#/unit", unit)])
