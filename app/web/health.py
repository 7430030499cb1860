from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel

from app.audit.queries import clock_offset
from app.web.house import of

routes = APIRouter(tags=["health"])


class HealthOut(BaseModel):
    status: Literal["ok"]
    now: datetime
    clock_offset_seconds: int
    """Not zero only in a demo, whose clock runs from another day."""


@routes.get("/health", operation_id="health", summary="Tình trạng hoạt động của dịch vụ")
async def health(request: Request) -> HealthOut:
    """Outside the gate, so that a full house is still seen to be alive."""
    offset = await run_in_threadpool(_ask, request)
    return HealthOut(status="ok", now=of(request).clock.now(), clock_offset_seconds=offset)


def _ask(request: Request) -> int:
    house = of(request)
    with house.database.reading(house.admission()) as session:
        return int(clock_offset(session).total_seconds())
