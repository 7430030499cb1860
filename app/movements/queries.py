from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.audit.queries import instant_of, known_at
from app.calendar.rules import end_of
from app.errors import NotFound
from app.movements.models import AdoptedIndicator, AdoptedTask, Cluster, Milestone, Movement, MovementVersion, Registration
from app.movements.rules import MovementState, Sight, sight
from app.policy import Action, Actor


@dataclass(frozen=True)
class Seen:
    movement: Movement
    version: MovementVersion


def newest(session: Session, code: str, seq: int | None = None) -> Seen:
    """A movement as known at a trail position; `NotFound` when there was none."""
    asked = known_at(select(MovementVersion), MovementVersion.entry_id, seq).where(MovementVersion.movement_code == code)
    found = session.exec(asked.order_by(sa.desc("version")).limit(1)).one_or_none()
    movement = session.get(Movement, code)
    if found is None or movement is None:
        raise NotFound
    return Seen(movement, found)


def open_movement(session: Session, actor: Actor, code: str) -> Seen:
    """For whoever changes it: locked."""
    actor.require_everywhere(Action.MOVEMENT_MANAGE)
    return lock_movement(session, code)


def lock_movement(session: Session, code: str) -> Seen:
    """For actions that have asked the policy already."""
    session.exec(select(Movement.code).where(Movement.code == code).with_for_update()).one_or_none()
    return newest(session, code)


def open_shown(session: Session, actor: Actor, code: str) -> Seen:
    """For whoever reads: a draft is seen by those who manage it."""
    found = newest(session, code)
    if found.version.state is MovementState.DRAFT and not actor.may(Action.MOVEMENT_MANAGE):
        raise NotFound
    return found


def closes_at(session: Session, seen: Seen, seq: int | None = None) -> datetime:
    """The first instant whose reports the movement no longer takes: its closing day is over, or reporting was closed before."""
    closed = (MovementVersion.movement_code == seen.movement.code, MovementVersion.state == MovementState.REPORTING_CLOSED)
    asked = known_at(select(MovementVersion.entry_id).where(*closed), MovementVersion.entry_id, seq)
    entry_id = session.exec(asked.order_by(MovementVersion.version).limit(1)).one_or_none()
    day_over = end_of(seen.version.closes_on)
    return day_over if entry_id is None else min(day_over, instant_of(session, entry_id))


def table(session: Session) -> list[Seen]:
    """Every movement, by code. That a movement exists, its dates and milestones are public once it is launched."""
    codes = session.exec(select(Movement.code).order_by(sa.asc("code"))).all()
    return [newest(session, code) for code in codes]


def draft_codes(session: Session) -> frozenset[str]:
    """Movements that are for those who manage them alone, so far."""
    launched = sa.exists().where(col(MovementVersion.movement_code) == Movement.code, col(MovementVersion.state) != MovementState.DRAFT)
    return frozenset(session.exec(select(Movement.code).where(~launched)).all())


def shown_table(session: Session, actor: Actor) -> list[Seen]:
    manages = actor.may(Action.MOVEMENT_MANAGE)
    return [seen for seen in table(session) if manages or seen.version.state is not MovementState.DRAFT]


def clusters(session: Session, code: str, seq: int | None = None) -> Sequence[Cluster]:
    asked = known_at(select(Cluster), Cluster.entry_id, seq).where(Cluster.movement_code == code)
    return list(session.exec(asked.order_by(Cluster.ordinal, Cluster.code)).all())


def registrations(session: Session, code: str, seq: int | None = None) -> dict[str, Registration]:
    """The newest registration of each unit, by unit code."""
    asked = known_at(select(Registration), Registration.entry_id, seq).where(Registration.movement_code == code)
    found = session.exec(asked.order_by(Registration.unit_code, Registration.version)).all()
    return {row.unit_code: row for row in found}


def milestones(session: Session, code: str) -> list[Milestone]:
    """The newest version of each, by date."""
    found = session.exec(select(Milestone).where(Milestone.movement_code == code).order_by(sa.asc("version"))).all()
    return sorted({row.code: row for row in found}.values(), key=lambda row: (row.due_on, row.code))


def adopted_indicators(session: Session, code: str, seq: int | None = None) -> dict[str, AdoptedIndicator]:
    asked = known_at(select(AdoptedIndicator), AdoptedIndicator.entry_id, seq).where(AdoptedIndicator.movement_code == code)
    return {row.indicator_code: row for row in session.exec(asked.order_by(AdoptedIndicator.indicator_code)).all()}


def adopted_tasks(session: Session, code: str, seq: int | None = None) -> dict[str, AdoptedTask]:
    asked = known_at(select(AdoptedTask), AdoptedTask.entry_id, seq).where(AdoptedTask.movement_code == code)
    return {row.task_code: row for row in session.exec(asked.order_by(AdoptedTask.task_code)).all()}


def sight_of(session: Session, actor: Actor, code: str) -> Sight:
    """Whose points this reader may see in this movement, in its present phase."""
    return sight_in(actor, newest(session, code), {unit: row.cluster_code for unit, row in registrations(session, code).items()})


def sight_in(actor: Actor, seen: Seen, cluster_of: dict[str, str]) -> Sight:
    """The same for a movement that is at hand."""
    return sight(seen.version.phase, cluster_of, actor.units_for(Action.FACT_READ), sees_all=actor.may(Action.MOVEMENT_SEE_ALL))
