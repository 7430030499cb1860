"""Which reports are expected, what became of them, and what their figures come to by a day. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from enum import StrEnum

from app.calendar.rules import DAY, Calendar, Period, PeriodScheme, Roll, period, periods_ending_within
from app.followup.tally import Share
from app.indicators.rules import DIGITS, Accumulation, accumulated


class ReportState(StrEnum):
    """Of a report that is expected: its period is over."""

    ON_TIME = "on_time"
    LATE = "late"
    OVERDUE = "overdue"
    AWAITED = "awaited"
    """Not here, and not yet due."""


RECEIVED = frozenset({ReportState.ON_TIME, ReportState.LATE})


@dataclass(frozen=True)
class Expected:
    unit: str
    indicator: str
    period: str
    due_on: date
    state: ReportState
    is_due: bool
    """Its last day is over, whether it is here or not."""
    is_newest: bool
    """Of the newest period that is over."""
    is_back: bool
    """It came, was returned, and has not come again."""
    by: str
    """Who is to send it: the unit, or who supplies its figures."""
    is_synthetic: bool = False
    """The target, or some report of the series."""

    @property
    def is_missing_now(self) -> bool:
        """The newest period is over and its report is not here: not updated, whether it is due or not."""
        return self.is_newest and self.state not in RECEIVED


@dataclass(frozen=True)
class Tally:
    expected: int
    received: Share
    on_time: Share
    late: Share
    overdue: Share
    not_updated: Share


def over_by(scheme: PeriodScheme, year: int, day: date) -> list[Period]:
    """The periods that end within a year and are over when `day` begins, oldest first."""
    return [one for one in periods_ending_within(scheme, date(year, 1, 1), date(year + 1, 1, 1)) if one.ends <= day]


def due_on(found: Period, report_days: int, calendar: Calendar) -> date:
    """The last day, after the roll and after outages."""
    return calendar.moved(calendar.rolled(found.ends - DAY + timedelta(days=report_days), Roll.FORWARD))


def tally(expected: Collection[Expected]) -> Tally:
    """On time, late and overdue of those that are due; not updated: the newest period is over and its report is not here, of all series."""
    due, newest = [one for one in expected if one.is_due], [one for one in expected if one.is_newest]

    def of_due(state: ReportState) -> Share:
        return Share(sum(one.state is state for one in due), len(due))

    return Tally(
        expected=len(expected),
        received=Share(sum(one.state in RECEIVED for one in expected), len(expected)),
        on_time=of_due(ReportState.ON_TIME),
        late=of_due(ReportState.LATE),
        overdue=of_due(ReportState.OVERDUE),
        not_updated=Share(sum(one.is_missing_now for one in newest), len(newest)),
    )


@dataclass(frozen=True)
class Standing:
    """What a series of one unit comes to with a period."""

    in_period: Decimal | None
    to_date: Decimal | None
    missing: tuple[str, ...] = ()
    """Periods without which the figure to date cannot be told, or is not whole."""


def standing(accumulation: Accumulation, figures: Mapping[str, Decimal], periods: Sequence[Period]) -> Standing:
    """`periods` are those of the year up to the one that is asked for, oldest first; figures by period."""
    if not periods:
        return Standing(None, None)
    now, before = periods[-1].code, periods[-2].code if len(periods) > 1 else None
    if accumulation is Accumulation.PERIOD_VALUE:
        given = [one.code for one in periods if one.code in figures]
        lacking = tuple(one.code for one in periods if one.code not in figures)
        return Standing(figures.get(now), accumulated(accumulation, [figures[code] for code in given]), lacking)
    to_date, lacking = figures.get(now), () if now in figures else (now,)
    if accumulation is Accumulation.POINT_IN_TIME or to_date is None:
        return Standing(None, to_date, lacking)
    if before is None:
        return Standing(to_date, to_date)
    with localcontext(prec=DIGITS):
        return Standing(to_date - figures[before] if before in figures else None, to_date)


def summed(standings: Collection[Standing]) -> Standing:
    """Of several units: of what each gave; None where none gave anything. In the period only where all who gave one to date did."""
    given = [one for one in standings if one.to_date is not None]
    of_period = [one.in_period for one in given if one.in_period is not None]
    return Standing(
        in_period=accumulated(Accumulation.PERIOD_VALUE, of_period) if len(of_period) == len(given) else None,
        to_date=accumulated(Accumulation.PERIOD_VALUE, [one.to_date for one in given if one.to_date is not None]),
        missing=tuple(sorted({code for one in given for code in one.missing})),
    )


def year_before(scheme: PeriodScheme, found: Period) -> Period | None:
    """The same period of the year before."""
    year = str(int(found.code[:4]) - 1) + found.code[4:]
    if scheme is PeriodScheme.SCHOOL_YEAR:
        year = f"{int(found.code[:4]) - 1}-{found.code[:4]}"
    return period(scheme, year)
