"""What one process holds, made once by create_app and found by every request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from sqlmodel import Session
from starlette.requests import Request

from app.clock import Admission, Clock
from app.db import Database
from app.policy import Actor
from app.settings import Settings
from app.web.gate import Gate
from app.web.head import Head


@dataclass(frozen=True)
class House:
    settings: Settings
    database: Database
    clock: Clock
    gate: Gate
    head: Head
    look_up: Callable[[Session, str], Actor | None]
    """From a bearer token to whoever holds it; handed in by accounts, which stands above."""

    def admission(self) -> Admission:
        return Admission(self.clock.now(), self.clock)

    def close(self) -> None:
        self.head.close()
        self.database.dispose()


def of(request: Request) -> House:
    return cast("House", request.app.state.house)
