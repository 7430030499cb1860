"""A synthetic district of any size, put in by bulk: u units in clusters of 20, i indicators, one accepted report for each pair."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from app.accounts import actions as accounts
from app.audit import actions as audit
from app.audit.rules import EVERYTHING, Subject
from app.calendar.rules import PeriodScheme
from app.clock import Admission, Running, real_now
from app.db import Database
from app.indicators import actions as indicators
from app.indicators.models import Target
from app.indicators.rules import Accumulation, TargetKind, TargetSource
from app.indicators.schemas import IndicatorFields
from app.movements import actions as movements
from app.movements.models import Registration
from app.movements.rules import MovementKind, Phase
from app.movements.schemas import MovementFields
from app.plans import actions as plans
from app.policy import SYSTEM, ActorKind, Reach, Role
from app.progress.models import Decision, Submission
from app.progress.rules import Outcome
from app.rulebooks import actions as rulebooks
from app.rulebooks.queries import opened_from
from app.tables import new_id
from app.units import actions as units
from app.units.models import Unit, UnitVersion
from app.units.rules import UnitKind, fold, order_key
from app.units.schemas import UnitFields

PLAN, MOVEMENT, PERIOD = "bench", "bench", "2026-01"
CLUSTER = 20
CHUNK = 20_000


@dataclass
class District:
    units: int
    items: int
    keys: dict[str, str]


def unit_code(number: int) -> str:
    return f"u{number:05d}"


def fill(database: Database, *, size: int, items: int) -> District:
    clock = Running()
    keys: dict[str, str] = {}
    database.write(Admission(clock.now(), clock), lambda session: _fill(session, size, items, keys))
    _settle(database)
    return District(size, items, keys)


def _settle(database: Database) -> None:
    """What an hour of rest does: the write-ahead log is folded in and the planner knows its tables."""
    with database.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        for order in ["PRAGMA wal_checkpoint(TRUNCATE)"] if database.is_sqlite else ["ANALYZE"]:
            raw.execute(order)
        if not database.is_sqlite:
            raw.commit()


def _fill(session: Any, size: int, items: int, keys: dict[str, str]) -> None:
    top = UnitFields(name="Quận", kind=UnitKind.DISTRICT, opens_on=date(1997, 9, 1), synthetic=True)
    for code in ("quan", "tham-dinh", "thay-the"):
        units.establish(session, SYSTEM, code=code, fields=top)
    entry_id = audit.record(session, SYSTEM, "bench.filled", Subject("bench", "bench"), [EVERYTHING], {})
    session.flush()
    _insert(session, Unit, ({"code": unit_code(n), "entry_id": entry_id} for n in range(size)))
    _insert(session, UnitVersion, (_unit(n, entry_id) for n in range(size)))
    plans.issue(session, SYSTEM, code=PLAN, year=2026, name="Bench", issuer="quan", synthetic=True)
    for n in range(items):
        indicators.define(session, SYSTEM, plan=PLAN, code=f"i{n:03d}", fields=_indicator(n))
    session.flush()
    pairs = [(unit_code(u), f"i{i:03d}") for u in range(size) for i in range(items)]
    _insert(session, Target, (_target(u, i, entry_id) for u, i in pairs))
    ids = [new_id() for _ in pairs]
    _insert(session, Submission, (_submission(key, n, pair, entry_id) for n, (key, pair) in enumerate(zip(ids, pairs, strict=True))))
    _insert(session, Decision, (_decision(key, unit, entry_id) for key, (unit, _) in zip(ids, pairs, strict=True)))
    _movement(session, size, items, entry_id)
    _keys(session, keys)


def _insert(session: Any, model: type[SQLModel], rows: Iterator[dict[str, Any]]) -> None:
    table, chunk = sa.inspect(model).local_table, []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            session.connection().execute(sa.insert(table), chunk)
            chunk = []
    if chunk:
        session.connection().execute(sa.insert(table), chunk)


def _unit(number: int, entry_id: UUID) -> dict[str, Any]:
    name = f"Phường mẫu {number}"
    return {
        "unit_code": unit_code(number),
        "version": 1,
        "name": name,
        "folded": fold(name),
        "order_key": order_key(name),
        "kind": UnitKind.WARD,
        "parent_code": "quan",
        "opens_on": date(1997, 9, 1),
        "is_synthetic": True,
        "entry_id": entry_id,
    }


def _indicator(number: int) -> IndicatorFields:
    return IndicatorFields(
        name=f"Chỉ tiêu {number}",
        unit_of_measure="%",
        accumulation=Accumulation.CUMULATIVE,
        owner="tham-dinh",
        appraiser="tham-dinh",
        alternate_appraiser="thay-the",
        period_scheme=PeriodScheme.MONTH,
        synthetic=True,
    )


def _target(unit: str, indicator: str, entry_id: UUID) -> dict[str, Any]:
    key = {"plan_code": PLAN, "indicator_code": indicator, "unit_code": unit, "kind": TargetKind.ASSIGNED, "version": 1}
    return {**key, "figure": Decimal(100), "source": TargetSource.DISTRICT, "is_synthetic": True, "entry_id": entry_id}


def _submission(key: UUID, number: int, pair: tuple[str, str], entry_id: UUID) -> dict[str, Any]:
    return {
        "id": key,
        "plan_code": PLAN,
        "unit_code": pair[0],
        "indicator_code": pair[1],
        "period_code": PERIOD,
        "version": 1,
        "appraiser_code": "tham-dinh",
        "figure": Decimal(40 + number * 7919 % 6000) / 100,
        "received_at": datetime(2026, 2, 1, tzinfo=UTC),
        "is_late": False,
        "is_outside_window": False,
        "sender_kind": ActorKind.SYSTEM,
        "sender_id": UUID(int=0),
        "is_synthetic": True,
        "entry_id": entry_id,
    }


def _decision(key: UUID, unit: str, entry_id: UUID) -> dict[str, Any]:
    return {
        "submission_id": key,
        "outcome": Outcome.ACCEPTED,
        "unit_code": unit,
        "appraiser_code": "tham-dinh",
        "by_unit_code": "tham-dinh",
        "decider_kind": ActorKind.SYSTEM,
        "decider_id": UUID(int=0),
        "decided_at": datetime(2026, 2, 2, tzinfo=UTC),
        "entry_id": entry_id,
    }


def _movement(session: Any, size: int, items: int, entry_id: UUID) -> None:
    fields = MovementFields(
        name="Bench",
        phase=Phase.ALL_UNITS,
        window_from=date(2026, 1, 1),
        window_to=date(2027, 12, 31),
        launched_on=date(2026, 1, 1),
        goal_on=date(2027, 12, 31),
        closes_on=date(2027, 12, 31),
    )
    movements.draft(session, SYSTEM, code=MOVEMENT, plan=PLAN, kind=MovementKind.YEARLY, fields=fields, synthetic=True)
    for n in range(-(-size // CLUSTER)):
        movements.form_cluster(session, SYSTEM, movement=MOVEMENT, code=f"c{n:03d}", name=f"Cụm {n}", ordinal=n, synthetic=True)
    session.flush()
    _insert(session, Registration, (_registration(n, entry_id) for n in range(size)))
    movements.adopt(session, SYSTEM, movement=MOVEMENT, indicators=[f"i{n:03d}" for n in range(items)], tasks=[])
    rulebooks.write(session, replace(SYSTEM, id=new_id()), document=opened_from(_rulebook(items)))
    rulebooks.adopt(session, SYSTEM, movement=MOVEMENT, cluster=None, code="bench", version=1, effective_from=date(2026, 1, 1))


def _registration(number: int, entry_id: UUID) -> dict[str, Any]:
    key = {"movement_code": MOVEMENT, "unit_code": unit_code(number), "version": 1, "cluster_code": f"c{number // CLUSTER:03d}"}
    return {**key, "registered_on": date(2026, 1, 2), "is_synthetic": True, "entry_id": entry_id}


def _rulebook(items: int) -> dict[str, Any]:
    def item(n: int) -> dict[str, Any]:
        measure = {"kind": "percent_of_target", "indicator": f"i{n:03d}"}
        award = {"shape": "proportional", "full_at": "100", "ceiling": "100"}
        return {"code": f"I{n:03d}", "title": {"vi": f"Mục {n}"}, "clause": "mẫu", "standard": "1", "measure": measure, "award": award}

    head = {"rulebook": "bench", "version": 1, "title": {"vi": "Bench"}, "source": "bench", "synthetic": True}
    return head | {"rounding": {"decimals": 2, "mode": "half_up"}, "missing": "zero", "items": [item(n) for n in range(items)]}


def _keys(session: Any, keys: dict[str, str]) -> None:
    wanted = {
        "secretary": (Role.COUNCIL_SECRETARY, Reach.EVERYWHERE, "quan"),
        "second": (Role.COUNCIL_SECRETARY, Reach.EVERYWHERE, "quan"),
        "appraiser": (Role.APPRAISER, Reach.OWN_UNIT, "tham-dinh"),
        "officer": (Role.UNIT_OFFICER, Reach.EVERYWHERE, "quan"),
    }
    for name, (role, reach, unit) in wanted.items():
        expires_at = real_now() + timedelta(days=1)
        _, keys[name] = accounts.issue_key(
            session, SYSTEM, label=name, role=role, reach=reach, unit=unit, scopes=None, expires_at=expires_at, synthetic=True
        )
