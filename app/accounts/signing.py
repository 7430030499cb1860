"""Signing in: passwords, one-use links, sessions and devices. Sessions expire by the real clock, even in a demo."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.models import Password, Person, SignIn, SignInCount, SignInSuccessor
from app.accounts.rules import LIFETIMES, TokenKind, new_token, token_hash
from app.audit import actions as audit
from app.audit.rules import Subject, person_scope
from app.clock import real_now
from app.errors import NotFound, Problem
from app.policy import Action, Actor, ActorKind
from app.tables import add, new_id

BUDGET = {"account": 10, "address": 100}
"""Failed sign-ins in one window."""
WINDOW = timedelta(minutes=15)


class WrongPassword(Problem):
    """No such person, or not that password: which of the two is not told."""

    status, slug = 401, "wrong-password"
    leaves_a_mark = True


class WrongToken(Problem):
    """A link or device token that is unknown, used or expired."""

    status, slug = 401, "wrong-token"


class PeopleOnly(Problem):
    """A key has no password."""

    status, slug = 409, "people-only"


class TooManyAttempts(Problem):
    status, slug = 429, "too-many-attempts"
    leaves_a_mark = True

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(int(WINDOW.total_seconds()))}


def check_budget(session: Session, code: str, address: str) -> None:
    """Raise `TooManyAttempts` where the account or the address has used up its window."""
    for kind, subject in (("account", code), ("address", address)):
        counted = session.get(SignInCount, _counted(kind, subject))
        if counted and counted.window_ends_at > real_now() and counted.failures >= BUDGET[kind]:
            raise TooManyAttempts


@dataclass(frozen=True)
class Attempt:
    """Who wants in, from where, and whether the password was right."""

    code: str
    address: str
    is_right: bool


def sign_in(session: Session, attempt: Attempt, *, kind: TokenKind, label: str) -> str:
    """A session's or device's token for a person whose password was checked; a failure is counted and kept."""
    check_budget(session, attempt.code, attempt.address)
    if not attempt.is_right:
        for subject in (_counted("account", attempt.code), _counted("address", attempt.address)):
            _count(session, subject)
        raise WrongPassword
    person = session.exec(select(Person).where(Person.code == attempt.code)).one()
    return _started(session, person.id, kind, label)


def use_link(session: Session, *, token: str, label: str) -> str:
    """A session for whoever brings a one-use link, once."""
    used = sa.update(SignIn).where(_live(token, TokenKind.LINK)).values(ended=True).returning(col(SignIn.person_id))
    person_id = session.connection().execute(used).scalar_one_or_none()
    if person_id is None:
        raise WrongToken
    return _started(session, person_id, TokenKind.SESSION, label)


def rotate(session: Session, *, token: str) -> tuple[str, str]:
    """For a device token: its successor and a new session.

    The old token stays good until a successor is first used, so a reply lost on a bad network locks nobody out,
    and of two calls at once both successors are good until then.
    """
    device = _device_of(session, token_hash(token))
    following, now = new_token(TokenKind.DEVICE), real_now()
    _forget_successors(session, device.id, keep=PENDING_LIMIT - 1)
    session.add(SignInSuccessor(token_hash=token_hash(following), sign_in_id=device.id, made_at=now))
    device.expires_at = now + LIFETIMES[TokenKind.DEVICE]
    session.add(device)
    return following, _started(session, device.person_id, TokenKind.SESSION, device.label)


PENDING_LIMIT = 8
"""Successors that wait for their first use; the newest ones stay."""


def _device_of(session: Session, hashed: str) -> SignIn:
    """The device behind a token, locked; a successor's first use makes it the device's token."""
    heir_of = session.exec(select(SignInSuccessor.sign_in_id).where(SignInSuccessor.token_hash == hashed)).one_or_none()
    asked = select(SignIn).where((col(SignIn.token_hash) == hashed) | (col(SignIn.id) == heir_of))
    live = (col(SignIn.kind) == TokenKind.DEVICE, col(SignIn.expires_at) > real_now(), ~col(SignIn.ended))
    device = session.exec(asked.where(*live).with_for_update()).one_or_none()
    if device is None:
        raise WrongToken
    if device.token_hash != hashed:
        still = select(SignInSuccessor).where(SignInSuccessor.token_hash == hashed)
        if session.exec(still).one_or_none() is None:
            raise WrongToken
        _forget_successors(session, device.id, keep=0)
        device.token_hash = hashed
    return device


def _forget_successors(session: Session, device_id: UUID, *, keep: int) -> None:
    newest_first = select(SignInSuccessor).where(SignInSuccessor.sign_in_id == device_id).order_by(sa.desc("made_at"))
    for row in session.exec(newest_first).all()[keep:]:
        session.delete(row)
    session.flush()


def end_sign_in(session: Session, actor: Actor, *, sign_in_id: UUID) -> SignIn:
    """Sign out a session or revoke a device of one's own. Effective on the next request of any process."""
    actor.require(Action.SELF_MANAGE)
    found = session.exec(select(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == actor.id).with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    found.ended = True
    session.add(found)
    if found.kind is TokenKind.DEVICE:
        theirs = (col(SignIn.person_id) == actor.id, col(SignIn.kind) == TokenKind.SESSION, col(SignIn.label) == found.label)
        session.connection().execute(sa.update(SignIn).where(*theirs).values(ended=True))
    audit.record(session, actor, "sign_in.ended", Subject("person", str(actor.id)), [person_scope(actor.id)], {"id": str(sign_in_id)})
    return found


def sign_out(session: Session, actor: Actor, *, token: str) -> None:
    """End the session that this token opened; an API key has none and is left as it is."""
    actor.require(Action.SELF_MANAGE)
    ended = sa.update(SignIn).where(_live(token, TokenKind.SESSION)).values(ended=True)
    session.connection().execute(ended)
    audit.record(
        session, actor, "sign_in.ended", Subject("person", str(actor.id)), [person_scope(actor.id)], {"token_hash": token_hash(token)}
    )


def make_link(session: Session, actor: Actor, *, person_id: UUID) -> str:
    """A one-use sign-in link's token."""
    actor.require_everywhere(Action.ACCOUNT_MANAGE)
    if session.get(Person, person_id) is None:
        raise NotFound
    token = _kept(session, person_id, TokenKind.LINK, "link")
    audit.record(
        session, actor, "link.made", Subject("person", str(person_id)), [person_scope(person_id)], {"token_hash": token_hash(token)}
    )
    return token


def set_password(session: Session, actor: Actor, *, hashed: str, token: str) -> None:
    """And end this person's other sessions and devices, for the old password may be known. `token` is the session to keep."""
    actor.require(Action.SELF_MANAGE)
    if actor.kind is not ActorKind.PERSON:
        raise PeopleOnly
    held = session.get(Password, actor.id)
    session.add(Password(person_id=actor.id, hash=hashed) if held is None else held.sqlmodel_update({"hash": hashed}))
    others = sa.update(SignIn).where(col(SignIn.person_id) == actor.id, col(SignIn.token_hash) != token_hash(token))
    session.connection().execute(others.values(ended=True))
    audit.record(session, actor, "password.set", Subject("person", str(actor.id)), [person_scope(actor.id)], {})


def _started(session: Session, person_id: UUID, kind: TokenKind, label: str) -> str:
    token = _kept(session, person_id, kind, label)
    whoever = Actor(ActorKind.PERSON, person_id, ())
    content = {"kind": kind, "token_hash": token_hash(token)}
    audit.record(session, whoever, "sign_in.started", Subject("person", str(person_id)), [person_scope(person_id)], content)
    return token


def _kept(session: Session, person_id: UUID, kind: TokenKind, label: str) -> str:
    token, now = new_token(kind), real_now()
    row = SignIn(
        id=new_id(),
        person_id=person_id,
        kind=kind,
        token_hash=token_hash(token),
        label=label,
        started_at=now,
        expires_at=now + LIFETIMES[kind],
    )
    add(session, row)
    return token


def _live(token: str, kind: TokenKind) -> sa.ColumnElement[bool]:
    hashed = token_hash(token)
    return sa.and_(col(SignIn.token_hash) == hashed, col(SignIn.kind) == kind, col(SignIn.expires_at) > real_now(), ~col(SignIn.ended))


def _counted(kind: str, subject: str) -> str:
    """Codes and addresses are personal: only their hash is kept."""
    return token_hash(f"{kind}:{subject}")


def _count(session: Session, subject: str) -> None:
    now = real_now()
    held = session.exec(select(SignInCount).where(SignInCount.subject == subject).with_for_update()).one_or_none()
    if held is None:
        held = SignInCount(subject=subject, failures=0, window_ends_at=now + WINDOW)
    elif held.window_ends_at <= now:
        held.failures, held.window_ends_at = 0, now + WINDOW
    held.failures += 1
    session.add(held)
