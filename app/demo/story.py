"""What the demo's units report and when: made by a fixed rule from codes and months, and synthetic throughout.

The rule has no meaning beyond giving every state to look at: accepted, returned and sent again, late, waiting, withdrawn.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal

from app.clock import ZONE

Deed = Literal["accept", "return", "withdraw", "wait"]


@dataclass(frozen=True)
class Report:
    """One report and what becomes of it."""

    at: datetime
    unit: str
    fields: dict[str, Any] = field(hash=False)
    deed: Deed
    reviewed_at: datetime | None


NOW = datetime(2022, 6, 15, 9, tzinfo=ZONE)
AFTER_TET = date(2022, 2, 7)
_MONTHS = range(1, 6)


def reports(targets: dict[str, dict[str, str]], tasks: list[dict[str, Any]]) -> Iterator[Report]:
    """Unordered in time. `tasks` bear code, lead and due_on."""
    for place, (unit, target) in enumerate(targets["thu-nsnn"].items()):
        for month in _MONTHS:
            yield from _monthly(place, unit, month, "thu-nsnn", _revenue(Decimal(target), place, month))
    for place, unit in enumerate(targets["ho-so-dung-han"]):
        for month in _MONTHS:
            yield from _monthly(place + 3, unit, month, "ho-so-dung-han", Decimal("96.4") + Decimal((place * 13 + month * 7) % 36) / 10)
    for code, shift in (("gia-dinh-van-hoa", 0), ("to-dan-pho-van-hoa", 1)):
        for place, (unit, target) in enumerate(targets[code].items()):
            figure = Decimal(target) + Decimal((place * 5 + shift * 3) % 9 - 3) / 2
            yield _report(place, unit, date(2022, 4, 4), {"indicator": code, "period": "2022-Q1", "figure": figure})
    for place, task in enumerate(tasks):
        yield from _task(place, task)


def _monthly(place: int, unit: str, month: int, indicator: str, figure: Decimal) -> Iterator[Report]:
    """In time for most, ten days late for some; now and then returned once and sent again."""
    sent_on = date(2022, month + 1, 2 + (place + month) % 3) + timedelta(days=10 if (place * 2 + month) % 9 == 0 else 0)
    if month == 1:
        sent_on = max(sent_on, AFTER_TET)
    fields = {"indicator": indicator, "period": f"2022-{month:02d}", "figure": figure}
    if (place + 2 * month) % 8 == 0:
        yield _report(place, unit, sent_on, {**fields, "figure": figure * 10}, "return")
        yield _report(place, unit, sent_on + timedelta(days=3), fields)
    elif place == 4 and month == 3:  # noqa: PLR2004 - one is withdrawn
        yield _report(place, unit, sent_on, fields, "withdraw")
        yield _report(place, unit, sent_on + timedelta(days=1), fields)
    else:
        yield _report(place, unit, sent_on, fields, "wait" if month == _MONTHS[-1] and place % 3 == 0 else "accept")


def _task(place: int, task: dict[str, Any]) -> Iterator[Report]:
    if place % 7 == 3 or task["due_on"] > NOW.date() + timedelta(days=20):  # noqa: PLR2004 - some are not done
        return
    completed_on = min(task["due_on"] + timedelta(days=4 if place % 6 == 1 else -2), NOW.date() - timedelta(days=2))
    yield _report(place, task["lead"], completed_on + timedelta(days=1), {"task": task["code"], "completed_on": completed_on})


def _revenue(target: Decimal, place: int, month: int) -> Decimal:
    """Cumulative, rising month by month to somewhere between a third and a half of the year's target."""
    share = Decimal(month) * (Decimal(78) + Decimal((place * 11) % 19)) / 1000
    return (target * share).quantize(Decimal("0.01"))


def _report(place: int, unit: str, sent_on: date, fields: dict[str, Any], deed: Deed = "accept") -> Report:
    at = min(datetime.combine(sent_on, time(8, 5 + place % 50), ZONE), NOW - timedelta(hours=20, minutes=place))
    reviewed_at = None if deed == "wait" else min(at + timedelta(days=1, hours=2), NOW - timedelta(minutes=30 + place))
    return Report(at, unit, fields, deed, reviewed_at)


def evidence(number: int, report: Report, kind: str, name: str) -> dict[str, Any]:
    """The cited document: a unit numbers its reports through the year."""
    symbol = "UBND" if kind == "ward" else "".join(word[0].upper() for word in report.unit.split("-"))
    return {"document_number": f"{number}/BC-{symbol}", "document_date": report.at.date(), "issuer": f"{name} (dữ liệu mẫu)"}
