"""The one place where time is read, and where it can be stopped or moved."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock(Protocol):
    def now(self) -> datetime: ...


@dataclass(frozen=True)
class Running:
    """The real clock, moved by a fixed `offset` (zero outside the demo)."""

    offset: timedelta = timedelta(0)

    def now(self) -> datetime:
        return real_now() + self.offset


@dataclass(frozen=True)
class Stopped:
    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Admission:
    """The instant at which a request was complete; everything that it decides is decided as of then."""

    at: datetime
    clock: Clock


class Carrier(Protocol):
    """A database session: it carries the admission it works under."""

    @property
    def info(self) -> dict[Any, Any]: ...


def real_now() -> datetime:
    """For keys and sessions, which expire by the real clock even in a demo."""
    return datetime.now(UTC)


def at(session: Carrier) -> datetime:
    """The admission instant of this session's request, in UTC."""
    return _admission(session).at


def now(session: Carrier) -> datetime:
    """The present of this session's clock, in UTC; for the trail alone, which is written after admission."""
    return _admission(session).clock.now()


def today(session: Carrier) -> date:
    return local_date(at(session))


def local_date(instant: datetime) -> date:
    """The date of an instant in Asia/Ho_Chi_Minh."""
    return instant.astimezone(ZONE).date()


def _admission(session: Carrier) -> Admission:
    admission = session.info["admission"]
    assert isinstance(admission, Admission)
    return admission
