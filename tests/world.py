"""A small district for route tests: two wards, two departments, one indicator, one task, one movement. All synthetic."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from starlette.routing import BaseRoute

from app import clock
from app.accounts import actions as accounts
from app.calendar.rules import PeriodScheme
from app.clock import Admission, Clock
from app.db import Database
from app.indicators import actions as indicators
from app.indicators.rules import Accumulation, TargetKind, TargetSource
from app.indicators.schemas import IndicatorFields
from app.main import create_app
from app.movements import actions as movements
from app.movements.rules import MovementKind, Phase
from app.movements.schemas import MovementFields
from app.plans import actions as plans
from app.policy import SYSTEM, Reach, Role
from app.rulebooks import actions as rulebooks
from app.rulebooks.queries import opened_from
from app.settings import Settings
from app.tables import new_id
from app.tasks import actions as tasks
from app.tasks.schemas import TaskIn
from app.units import actions as units
from app.units.rules import UnitKind
from app.units.schemas import UnitFields

PLAN, MOVEMENT = "kt-xh-2022", "cau-giay-25"
RULEBOOK: dict[str, Any] = {
    "rulebook": "thu",
    "version": 1,
    "title": {"vi": "Bảng tiêu chí thử", "en": "Test rulebook"},
    "source": "tests",
    "synthetic": True,
    "rounding": {"decimals": 2, "mode": "half_up"},
    "missing": "zero",
    "items": [
        {
            "code": "A",
            "title": {"vi": "Thu ngân sách", "en": "Revenue"},
            "clause": "Tỷ lệ hoàn thành chỉ tiêu thu × 60 điểm, tối đa 110 %.",
            "standard": "60",
            "measure": {"kind": "percent_of_target", "indicator": "thu-nsnn"},
            "award": {"shape": "proportional", "full_at": "100", "ceiling": "110"},
        },
        {
            "code": "B",
            "title": {"vi": "Nhiệm vụ", "en": "Tasks"},
            "clause": "Mỗi nhiệm vụ hoàn thành đúng hạn 40 điểm.",
            "standard": "40",
            "measure": {"kind": "tasks_on_time"},
            "award": {"shape": "each", "points": "40", "limit": "40"},
            "waivable": True,
        },
    ],
}
UNITS = [
    ("cau-giay", "Quận Cầu Giấy", UnitKind.DISTRICT, None),
    ("dich-vong", "Phường Dịch Vọng", UnitKind.WARD, "cau-giay"),
    ("nghia-do", "Phường Nghĩa Đô", UnitKind.WARD, "cau-giay"),
    ("quan-hoa", "Phường Quan Hoa", UnitKind.WARD, "cau-giay"),
    ("tai-chinh", "Phòng Tài chính - Kế hoạch", UnitKind.DEPARTMENT, "cau-giay"),
    ("noi-vu", "Phòng Nội vụ", UnitKind.DEPARTMENT, "cau-giay"),
]
KEYS = {
    "administrator": (Role.ADMINISTRATOR, Reach.EVERYWHERE, "cau-giay"),
    "secretary": (Role.COUNCIL_SECRETARY, Reach.EVERYWHERE, "noi-vu"),
    "appraiser": (Role.APPRAISER, Reach.OWN_UNIT, "tai-chinh"),
    "alternate": (Role.APPRAISER, Reach.OWN_UNIT, "noi-vu"),
    "dich-vong": (Role.UNIT_OFFICER, Reach.OWN_UNIT, "dich-vong"),
    "nghia-do": (Role.UNIT_OFFICER, Reach.OWN_UNIT, "nghia-do"),
    "head": (Role.UNIT_HEAD, Reach.OWN_UNIT, "nghia-do"),
    "viewer": (Role.VIEWER, Reach.OWN_UNIT, "dich-vong"),
}


@dataclass
class World:
    """The running service in this process, called over ASGI, and a key for each role."""

    app: FastAPI
    database: Database
    clock: Clock
    portal: BlockingPortal
    """One event loop for all calls, from whichever thread they come."""
    keys: dict[str, str] = field(default_factory=dict)

    def call(self, who: str | None, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {**({"Authorization": f"Bearer {self.keys[who]}"} if who else {}), **options.pop("headers", {})}
        url = path if path.startswith(("/health", "/openapi", "/t/")) else f"/api/v1{path}"

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.request(method, url, headers=headers, **options)

        return self.portal.call(send)

    def get(self, who: str | None, path: str, **options: Any) -> httpx.Response:
        return self.call(who, "GET", path, **options)

    def post(self, who: str | None, path: str, sent: Any = None, **options: Any) -> httpx.Response:
        return self.call(who, "POST", path, **({"json": sent} if sent is not None else {}), **options)

    def report(self, who: str = "dich-vong", figure: str = "9", period: str = "2022-05", **fields: Any) -> httpx.Response:
        """A figure that is taken even where it is out of the ordinary."""
        unit = {"head": "nghia-do"}.get(who, who)
        sent = {"plan": PLAN, "unit": unit, "indicator": "thu-nsnn", "period": period, "figure": figure, "confirmed": True, **fields}
        return self.post(who, "/submissions", sent)

    def accept(self, submission: str, who: str = "appraiser", version: int = 1) -> httpx.Response:
        return self.post(who, f"/submissions/{submission}/acceptance", headers={"If-Match": f'"{version}"'})

    def standings(self, who: str = "secretary", **asked: str) -> dict[str, tuple[int | None, str | None]]:
        """Place and points by unit, in the order of the answer."""
        answer = self.get(who, f"/movements/{MOVEMENT}/ranking", params=asked)
        assert answer.status_code == 200, answer.text
        return {row["unit"]: (row["place"], row["points"]) for table in answer.json()["clusters"] for row in table["standings"]}


_compiled: list[BaseRoute] = []


def app_of(settings: Settings, clock: Clock) -> FastAPI:
    """FastAPI compiles routes at an application's first request, in a tenth of a second: here once for all tests of a process."""
    app = create_app(settings, clock)
    _compiled[:] = app.router.routes = _compiled or app.router.routes
    return app


@contextmanager
def served(settings: Settings, database: Database, hand: Clock) -> Iterator[World]:
    """A service in this process over a database that is there already."""
    with start_blocking_portal() as portal:
        world = World(app_of(settings, hand), database, hand, portal)
        yield world
        world.app.state.house.close()


@contextmanager
def build(settings: Settings, database: Database, hand: Clock) -> Iterator[World]:
    """Units, plan, indicator, task and movement through the same actions that the routes call."""
    with served(settings, database, hand) as world:
        database.write(Admission(hand.now(), hand), lambda session: _fill(session, world))
        yield world


@contextmanager
def build_on(settings: Settings, hand: Clock) -> Iterator[World]:
    """A service over a district that is there already."""
    with start_blocking_portal() as portal:
        app = app_of(settings, hand)
        yield World(app, app.state.house.database, hand, portal)
        app.state.house.close()


def _fill(session: Any, world: World) -> None:
    for code, name, kind, parent in UNITS:
        fields = UnitFields(name=name, kind=kind, parent=parent, opens_on=date(1997, 9, 1), synthetic=True)
        units.establish(session, SYSTEM, code=code, fields=fields)
    for name, (role, reach, unit) in KEYS.items():
        _, world.keys[name] = accounts.issue_key(
            session,
            SYSTEM,
            label=name,
            role=role,
            reach=reach,
            unit=unit,
            scopes=None,
            expires_at=clock.real_now() + timedelta(days=1),
            synthetic=True,
        )
    plans.issue(session, SYSTEM, code=PLAN, year=2022, name="Kế hoạch 2022", issuer="cau-giay", synthetic=True)
    indicators.define(session, SYSTEM, plan=PLAN, code="thu-nsnn", fields=INDICATOR)
    for unit in ("dich-vong", "nghia-do"):
        indicators.assign_target(
            session,
            SYSTEM,
            plan=PLAN,
            code="thu-nsnn",
            unit=unit,
            kind=TargetKind.ASSIGNED,
            source=TargetSource.DISTRICT,
            figure=Decimal(10),
            last_year=Decimal(8),
        )
    tasks.assign(session, SYSTEM, plan=PLAN, sent=[TASK])
    movements.draft(session, SYSTEM, code=MOVEMENT, plan=PLAN, kind=MovementKind.THEMATIC, fields=MOVEMENT_FIELDS, synthetic=True)
    movements.form_cluster(session, SYSTEM, movement=MOVEMENT, code="phuong", name="Khối phường", synthetic=True)
    for unit, registered_on in (("dich-vong", date(2022, 1, 5)), ("nghia-do", date(2022, 1, 6)), ("quan-hoa", None)):
        movements.register(session, SYSTEM, movement=MOVEMENT, unit=unit, cluster="phuong", registered_on=registered_on, synthetic=True)
    movements.adopt(session, SYSTEM, movement=MOVEMENT, indicators=["thu-nsnn"], tasks=["tet"])
    author = session.info.setdefault("author", _author())
    rulebooks.write(session, author, document=opened_from(RULEBOOK))
    rulebooks.adopt(session, SYSTEM, movement=MOVEMENT, cluster=None, code="thu", version=1, effective_from=date(2021, 12, 21))


def _author() -> Any:
    return replace(SYSTEM, id=new_id())


INDICATOR = IndicatorFields(
    name="Thu ngân sách nhà nước",
    unit_of_measure="tỷ đồng",
    accumulation=Accumulation.CUMULATIVE,
    owner="tai-chinh",
    appraiser="tai-chinh",
    alternate_appraiser="noi-vu",
    period_scheme=PeriodScheme.MONTH,
    synthetic=True,
)
TASK = TaskIn(code="tet", title="Chuẩn bị Tết Nhâm Dần", lead="dich-vong", appraiser="noi-vu", due_on=date(2022, 1, 28), synthetic=True)
MOVEMENT_FIELDS = MovementFields(
    name="Thi đua kỷ niệm 25 năm",
    phase=Phase.OWN,
    window_from=date(2021, 12, 21),
    window_to=date(2022, 9, 1),
    launched_on=date(2021, 12, 21),
    goal_on=date(2022, 9, 1),
    ceremony_on=date(2022, 8, 25),
    closes_on=date(2022, 8, 5),
)
