from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.models import ApiKey, ApiKeyRevocation, Password, Person, RoleGrant, RoleGrantEnd, SignIn
from app.accounts.rules import TokenKind, kind_of, token_hash
from app.audit.queries import texts
from app.clock import real_now
from app.errors import NotFound
from app.policy import Action, Actor, ActorKind, Grant, Reach, Role
from app.units.models import UnitSuccession
from app.units.queries import branch, formerly


def actor_of(session: Session, token: str) -> Actor | None:
    """Whoever holds this token, with every reach resolved; None when it is unknown, expired, ended or revoked."""
    kind = kind_of(token)
    if kind is TokenKind.API_KEY:
        return _actor_of_key(session, _BY_TOKEN, token_hash(token))
    if kind is TokenKind.SESSION:
        return _actor_of_session(session, token_hash(token))
    return None


def actor_of_key(session: Session, key_id: UUID) -> Actor | None:
    """Whom a key stands for, by its id; None when it is unknown, expired or revoked."""
    return _actor_of_key(session, _BY_ID, key_id)


def _asking_key(column: Any) -> Any:
    """Made once: nearly every call asks it."""
    revoked = sa.exists().where(col(ApiKeyRevocation.key_id) == ApiKey.id)
    table = sa.inspect(ApiKey).local_table
    asked = sa.select(table, _stands_for_others(ApiKey.unit_code).label("stands_for_others"))
    return asked.where(column == sa.bindparam("named"), ApiKey.expires_at > sa.bindparam("now"), ~revoked)


def _actor_of_key(session: Session, asked: Any, named: object) -> Actor | None:
    key = session.connection().execute(asked, {"named": named, "now": real_now()}).one_or_none()
    if key is None:
        return None
    scopes = None if key.scopes is None else frozenset(Action(scope) for scope in key.scopes.split())
    return Actor(
        ActorKind.KEY,
        key.id,
        (_grant(session, key.role, key.unit_code, key.reach, stands_for_others=key.stands_for_others),),
        scopes,
        key.expires_at,
    )


def _actor_of_session(session: Session, hashed: str) -> Actor | None:
    live = (SignIn.token_hash == hashed, SignIn.kind == TokenKind.SESSION, SignIn.expires_at > real_now(), ~col(SignIn.ended))
    found = session.exec(select(SignIn).where(*live)).one_or_none()
    return None if found is None else replace(actor_of_person(session, found.person_id), expires_at=found.expires_at)


def actor_of_person(session: Session, person_id: UUID) -> Actor:
    others = set(session.exec(_live_grants(select(RoleGrant.unit_code), person_id).where(_stands_for_others(RoleGrant.unit_code))).all())
    grants = [
        _grant(session, row.role, row.unit_code, row.reach, stands_for_others=row.unit_code in others)
        for row in grants_of(session, person_id)
    ]
    return Actor(ActorKind.PERSON, person_id, tuple(grants))


def grants_of(session: Session, person_id: UUID) -> Sequence[RoleGrant]:
    found: Sequence[RoleGrant] = session.exec(_live_grants(select(RoleGrant), person_id).order_by(sa.asc("id"))).all()
    return found


def _live_grants(asked: Any, person_id: UUID) -> Any:
    ended = sa.exists().where(col(RoleGrantEnd.grant_id) == RoleGrant.id)
    return asked.where(RoleGrant.person_id == person_id, ~ended)


def _stands_for_others(unit: Any) -> Any:
    """Whether the unit is anybody's successor: most are not, and need no second question."""
    return sa.exists().where(col(UnitSuccession.to_code) == unit)


_BY_TOKEN, _BY_ID = _asking_key(ApiKey.token_hash), _asking_key(ApiKey.id)


def people(session: Session, actor: Actor, after: str | None, limit: int) -> Sequence[Person]:
    """By code, one more than `limit`."""
    actor.require_everywhere(Action.ACCOUNT_MANAGE)
    asked = select(Person) if after is None else select(Person).where(Person.code > after)
    return session.exec(asked.order_by(sa.asc("code")).limit(limit + 1)).all()


def _grant(session: Session, role: Role, unit: str | None, reach: Reach, *, stands_for_others: bool) -> Grant:
    if reach is Reach.EVERYWHERE:
        return Grant(role, unit, reach, None, formerly(session, [unit]) if unit and stands_for_others else frozenset())
    assert unit is not None
    own = formerly(session, [unit]) if stands_for_others else frozenset()
    if reach is Reach.OWN_UNIT:
        return Grant(role, unit, reach, own | {unit}, own)
    below = branch(session, unit)
    return Grant(role, unit, reach, below | formerly(session, below), own)


def keys(session: Session, actor: Actor) -> Sequence[tuple[ApiKey, bool]]:
    """API keys within reach, newest first, and whether each is revoked."""
    actor.require(Action.ACCOUNT_MANAGE)
    revoked = sa.exists().where(col(ApiKeyRevocation.key_id) == ApiKey.id)
    asked = select(ApiKey, revoked).order_by(sa.desc("id"))
    units = actor.units_for(Action.ACCOUNT_MANAGE)
    if units is not None:
        asked = asked.where(col(ApiKey.unit_code).in_(units))
    return session.exec(asked).all()


def open_key(session: Session, actor: Actor, key_id: UUID) -> ApiKey:
    found = session.exec(select(ApiKey).where(ApiKey.id == key_id).with_for_update()).one_or_none()
    if found is None or not actor.may(Action.ACCOUNT_MANAGE, found.unit_code):
        raise NotFound
    return found


def live_keys_labelled(session: Session, prefix: str, now: datetime) -> Sequence[ApiKey]:
    revoked = sa.exists().where(col(ApiKeyRevocation.key_id) == ApiKey.id)
    labelled = col(ApiKey.label).startswith(prefix, autoescape=True)
    return session.exec(select(ApiKey).where(labelled, ApiKey.expires_at > now, ~revoked)).all()


def person_coded(session: Session, code: str) -> Person | None:
    return session.exec(select(Person).where(Person.code == code)).one_or_none()


def person_codes(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    return {row.id: row.code for row in session.exec(select(Person).where(col(Person.id).in_(ids))).all()}


def person_names(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """Of those whose name was recorded and not erased."""
    rows = session.exec(select(Person).where(col(Person.id).in_(ids))).all()
    said = texts(session, [row.name_commitment for row in rows])
    return {row.id: said[row.name_commitment] for row in rows if row.name_commitment in said}


def labels(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """What names an actor to colleagues: an official's code, or the label of a key."""
    held = session.exec(select(ApiKey).where(col(ApiKey.id).in_(ids))).all()
    return {row.id: row.label for row in held} | person_codes(session, ids)


def password_hash(session: Session, code: str) -> str | None:
    asked = select(Password.hash).join(Person, col(Person.id) == Password.person_id).where(Person.code == code)
    return session.exec(asked).one_or_none()


def sign_ins(session: Session, actor: Actor) -> Sequence[SignIn]:
    """One's own live sessions and devices, newest first."""
    live = (SignIn.person_id == actor.id, SignIn.expires_at > real_now(), ~col(SignIn.ended), SignIn.kind != TokenKind.LINK)
    return session.exec(select(SignIn).where(*live).order_by(sa.desc("started_at"))).all()
