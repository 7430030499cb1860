from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session

from app.audit import actions as audit
from app.audit.queries import clock_offset
from app.audit.rules import Subject, movement_scope
from app.calendar.rules import Roll
from app.errors import CodeTaken, Invalid, Problem, Stale
from app.indicators.models import Indicator
from app.movements import queries
from app.movements.models import AdoptedIndicator, AdoptedTask, Cluster, Milestone, Movement, MovementVersion, Registration
from app.movements.rules import NEXT, MovementKind, MovementState
from app.movements.schemas import MovementFields
from app.plans.queries import open_to_record
from app.policy import Action, Actor
from app.tables import add
from app.tasks.models import Task
from app.units.queries import check_known


class WrongState(Problem):
    """A movement goes from state to state in order, one at a time."""

    status, slug = 409, "wrong-state"


class DemoClock(Problem):
    """The clock of this installation is moved for a demo: only synthetic movements live by it."""

    status, slug = 409, "demo-clock"


def draft(
    session: Session, actor: Actor, *, code: str, plan: str, kind: MovementKind, fields: MovementFields, synthetic: bool = False
) -> queries.Seen:
    actor.require_everywhere(Action.MOVEMENT_MANAGE)
    if not synthetic and clock_offset(session):
        raise DemoClock("#/synthetic")
    open_to_record(session, plan)
    content = {"plan": plan, "kind": kind, "synthetic": synthetic, **fields.model_dump(mode="json")}
    entry_id = _record(session, actor, "movement.drafted", code, content)
    row = Movement(code=code, plan_code=plan, kind=kind, is_synthetic=synthetic, entry_id=entry_id)
    add(session, row, {name: CodeTaken("#/code") for name in ("pk_movement", "uq_movement_code_plan_code")})
    return queries.Seen(row, _insert(session, code, 1, MovementState.DRAFT, fields, entry_id))


def amend(session: Session, actor: Actor, *, code: str, expected: int, fields: MovementFields) -> queries.Seen:
    """Change dates, name or phase of visibility by a new version."""
    actor.require_everywhere(Action.MOVEMENT_MANAGE)
    known = queries.open_movement(session, actor, code)
    if known.version.version != expected:
        raise Stale
    for adopted in queries.adopted_indicators(session, code).values():
        if _is_empty(fields, adopted.window_from, adopted.window_to):
            raise Invalid("#/window_to", "empties-a-window", indicator=adopted.indicator_code)
    entry_id = _record(session, actor, "movement.amended", code, fields.model_dump(mode="json"))
    return queries.Seen(known.movement, _insert(session, code, expected + 1, known.version.state, fields, entry_id))


def advance(session: Session, actor: Actor, *, code: str, expected: int, state: MovementState) -> queries.Seen:
    """Phát động, khóa báo cáo, …: to the next state, never past one."""
    actor.require_everywhere(Action.MOVEMENT_MANAGE)
    known = queries.open_movement(session, actor, code)
    if known.version.version != expected:
        raise Stale
    if NEXT[known.version.state] is not state:
        raise WrongState
    entry_id = _record(session, actor, f"movement.{state.value}", code, {"state": state})
    fields = known.version.model_dump(include=set(MovementFields.model_fields))
    row = MovementVersion(movement_code=code, version=expected + 1, state=state, entry_id=entry_id, **fields)
    return queries.Seen(known.movement, add(session, row))


def form_cluster(
    session: Session, actor: Actor, *, movement: str, code: str, name: str, ordinal: int = 0, synthetic: bool = False
) -> Cluster:
    actor.require_everywhere(Action.MOVEMENT_MANAGE)
    queries.open_movement(session, actor, movement)
    entry_id = _record(session, actor, "cluster.formed", movement, {"cluster": code, "name": name})
    row = Cluster(movement_code=movement, code=code, name=name, ordinal=ordinal, is_synthetic=synthetic, entry_id=entry_id)
    return add(session, row, {"pk_cluster": CodeTaken("#/code")})


def register(
    session: Session, actor: Actor, *, movement: str, unit: str, cluster: str, registered_on: date | None, synthetic: bool = False
) -> Registration:
    """Place a unit in its cluster and enter its registration; doing it again is a new version."""
    actor.require_everywhere(Action.MOVEMENT_MANAGE)
    queries.open_movement(session, actor, movement)
    check_known(session, [("#/unit", unit)])
    if session.get(Cluster, (movement, cluster)) is None:
        raise Invalid("#/cluster", "no-such-cluster")
    known = queries.registrations(session, movement).get(unit)
    content = {"unit": unit, "cluster": cluster, "registered_on": None if registered_on is None else registered_on.isoformat()}
    entry_id = _record(session, actor, "unit.registered", movement, content)
    row = Registration(
        movement_code=movement,
        unit_code=unit,
        version=known.version + 1 if known else 1,
        cluster_code=cluster,
        registered_on=registered_on,
        is_synthetic=synthetic,
        entry_id=entry_id,
    )
    return add(session, row)


def set_milestone(
    session: Session, actor: Actor, *, movement: str, code: str, name: str, due_on: date, roll: Roll, synthetic: bool = False
) -> Milestone:
    actor.require_everywhere(Action.MOVEMENT_MANAGE)
    queries.open_movement(session, actor, movement)
    known = next((row for row in queries.milestones(session, movement) if row.code == code), None)
    entry_id = _record(
        session, actor, "milestone.set", movement, {"milestone": code, "name": name, "due_on": due_on.isoformat(), "roll": roll}
    )
    row = Milestone(
        movement_code=movement,
        code=code,
        version=known.version + 1 if known else 1,
        name=name,
        due_on=due_on,
        roll=roll,
        is_synthetic=synthetic,
        entry_id=entry_id,
    )
    return add(session, row)


def adopt(
    session: Session,
    actor: Actor,
    *,
    movement: str,
    indicators: Sequence[str],
    tasks: Sequence[str],
    window_from: date | None = None,
    window_to: date | None = None,
) -> None:
    """Take indicators and tasks of the plan, the indicators in a window of their own where one is said.

    What the movement already has stays as it is; another window for it is refused.
    """
    actor.require_everywhere(Action.MOVEMENT_MANAGE)
    known = queries.open_movement(session, actor, movement)
    if _is_empty(known.version, window_from, window_to):
        raise Invalid("#/window_to", "before-its-start")
    said = {name: day.isoformat() for name, day in (("window_from", window_from), ("window_to", window_to)) if day is not None}
    content = {"indicators": sorted(indicators), "tasks": sorted(tasks), **said}
    plan = known.movement.plan_code
    entry_id = _record(session, actor, "facts.adopted", movement, content)
    _check_known(session, Indicator, plan, indicators, "indicator")
    _check_known(session, Task, plan, tasks, "task")
    held = queries.adopted_indicators(session, movement)
    for number, code in enumerate(indicators):
        if code not in held:
            window = {"window_from": window_from, "window_to": window_to}
            session.merge(AdoptedIndicator(movement_code=movement, indicator_code=code, plan_code=plan, entry_id=entry_id, **window))
        elif said and (held[code].window_from, held[code].window_to) != (window_from, window_to):
            raise Invalid(f"#/indicators/{number}", "has-another-window")
    for code in set(tasks) - queries.adopted_tasks(session, movement).keys():
        session.add(AdoptedTask(movement_code=movement, task_code=code, plan_code=plan, entry_id=entry_id))
    session.flush()


def _check_known(session: Session, kind: type[Indicator | Task], plan: str, codes: Sequence[str], name: str) -> None:
    for number, code in enumerate(codes):
        if session.get(kind, (plan, code)) is None:
            raise Invalid(f"#/{name}s/{number}", f"no-such-{name}")


def _is_empty(fields: MovementVersion | MovementFields, window_from: date | None, window_to: date | None) -> bool:
    """Whether no day is left in a window, each end of which is the movement's where it is not said."""
    return (window_to or fields.window_to) < (window_from or fields.window_from)


def _record(session: Session, actor: Actor, verb: str, code: str, content: Mapping[str, object]) -> UUID:
    return audit.record(session, actor, verb, Subject("movement", code), [movement_scope(code)], dict(content))


def _insert(session: Session, code: str, version: int, state: MovementState, fields: MovementFields, entry_id: UUID) -> MovementVersion:
    if _is_empty(fields, None, None):
        raise Invalid("#/window_to", "before-its-start")
    if fields.goal_on < fields.launched_on:
        raise Invalid("#/goal_on", "before-its-start")
    dates = fields.model_dump(include=set(MovementFields.model_fields))
    return add(session, MovementVersion(movement_code=code, version=version, state=state, entry_id=entry_id, **dates))
